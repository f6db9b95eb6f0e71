//! What goes on after a step that sends a request: asking again until a job is done, and setting the
//! `ETag` that a GET brings.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{
    model::{Exchange, Header, Outcome, Request, Retry, find_header},
    status::{
        diagnosis::{diagnose, spoken_seconds},
        job::{self, JobState},
        retry,
    },
};

use super::{State, effect::Effect, message::Notice, send};

/// How long is waited where the server does not say for how long; doubled while it is busy or away.
const USUAL_WAIT: Duration = Duration::from_secs(2);

/// Once in so long at the most, whatever the server says.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_millis(500);

/// As often is asked at the most: a job that takes longer is asked for by hand.
const MOST_TIMES: u32 = 500;

/// As many askings in a row may bring no answer about the job.
const MOST_LOST: u32 = 5;

/// What is to follow.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Followups {
    poll: Option<Poll>,
    /// The address whose answer's `ETag` goes into the draft.
    tag_of: Option<String>,
}

/// Asking how a job gets on.
#[derive(Debug, Clone, PartialEq)]
struct Poll {
    request: Request,
    /// When it is asked next; `None` while it is being asked.
    next: Option<Timestamp>,
    times: u32,
    /// Askings since the last one that brought an answer about the job.
    troubles: u32,
}

impl Followups {
    /// Whether something happens by itself soon.
    pub fn is_waiting(&self) -> bool {
        self.poll.as_ref().is_some_and(|poll| poll.next.is_some())
    }

    /// Whether it is being asked how a job gets on.
    pub fn is_polling(&self) -> bool {
        self.poll.is_some()
    }

    /// What the screen says of it: `asking again in 3 s (2 so far)`.
    pub fn words(&self, now: Timestamp) -> Option<String> {
        let poll = self.poll.as_ref()?;
        let next = poll.next?;
        let left = next.duration_since(now).as_millis().max(0);
        let left = spoken_seconds(left.unsigned_abs().div_ceil(1000) as u64);
        Some(format!("asking again in {left} ({} so far)", poll.times))
    }
}

/// Begins to ask how a job gets on, the first time at `from`.
pub fn poll(state: &mut State, request: Request, from: Option<Timestamp>) -> Vec<Effect> {
    state.followups.poll = Some(Poll {
        request,
        next: Some(from.unwrap_or(state.now).max(state.now)),
        times: 0,
        troubles: 0,
    });
    tick(state)
}

/// Stops asking; says whether there was anything to stop.
pub fn stop(state: &mut State) -> bool {
    let was_polling = state.followups.poll.take().is_some();
    if was_polling {
        state.notice = Some(Notice::info("It is not asked for any more."));
    }
    was_polling
}

/// Fetches the `ETag` that there is now; it goes into the draft's `If-Match`.
pub fn fetch_tag(state: &mut State, request: Request) -> Vec<Effect> {
    state.followups.tag_of = Some(request.url.clone());
    send::send_beside(state, request)
}

/// Asks again when the time has come.
pub fn tick(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    let Some(poll) = &mut state.followups.poll else {
        return Vec::new();
    };
    if poll.next.is_none_or(|next| next > now) {
        return Vec::new();
    }
    (poll.next, poll.times) = (None, poll.times + 1);
    let request = poll.request.clone();
    send::send_beside(state, request)
}

/// Takes the outcome of a send that may be one of these.
pub(super) fn finished(state: &mut State, exchange: &Exchange) {
    let url = exchange.request.url.as_str();
    let is_get = exchange.request.method == "GET";
    if is_get && state.followups.tag_of.as_deref() == Some(url) {
        state.followups.tag_of = None;
        take_tag(state, exchange);
    }
    let now = state.now;
    let Some(poll) = &mut state.followups.poll else {
        return;
    };
    let is_answer = is_get && poll.next.is_none() && poll.request.url == url;
    let Some(outcome) = exchange.outcome.as_ref().filter(|_| is_answer) else {
        return;
    };
    let found = job::state(outcome);
    if poll.goes_on(&found) {
        poll.next = Some(next_time(exchange, outcome, poll.troubles, now));
        return;
    }
    let title = diagnose(exchange).map(|it| it.title).unwrap_or_default();
    let asked = match poll.times {
        1 => "Asked once".to_owned(),
        times => format!("Asked {times} times"),
    };
    state.followups.poll = None;
    state.notice = Some(match found {
        JobState::Done => Notice::info(format!("{asked}: {title}")),
        JobState::Failed(word) => {
            Notice::warning(format!("{asked}: the job came to nothing, it says {word}"))
        }
        JobState::Lost => Notice::warning(format!(
            "{asked}, the last {MOST_LOST} without an answer about the job: {title}"
        )),
        JobState::Unfinished | JobState::Busy => {
            Notice::warning(format!("{asked}, and the job is not done: {title}"))
        }
        JobState::Refused => Notice::warning(format!("{asked}: {title}")),
    });
}

impl Poll {
    /// Whether it is asked once more after this.
    fn goes_on(&mut self, found: &JobState) -> bool {
        self.troubles = match found {
            JobState::Busy | JobState::Lost => self.troubles + 1,
            _ => 0,
        };
        let is_open = match found {
            JobState::Unfinished | JobState::Busy => true,
            JobState::Lost => self.troubles < MOST_LOST,
            JobState::Done | JobState::Failed(_) | JobState::Refused => false,
        };
        is_open && self.times < MOST_TIMES
    }
}

/// At the pace of `Retry-After`.
fn next_time(exchange: &Exchange, outcome: &Outcome, troubles: u32, now: Timestamp) -> Timestamp {
    let asked = diagnose(exchange)
        .and_then(|found| found.findings.iter().find_map(|it| it.not_before))
        .unwrap_or_else(|| {
            let pace = Retry {
                wait: USUAL_WAIT,
                ..Retry::default()
            };
            let wait = retry::wait(&pace, troubles.max(1), outcome, now);
            now.checked_add(wait).unwrap_or(now)
        });
    asked.max(now.checked_add(SHORTEST_WAIT).unwrap_or(now))
}

fn take_tag(state: &mut State, exchange: &Exchange) {
    let head = exchange.outcome.as_ref().and_then(Outcome::received);
    let tag = head.and_then(|it| find_header(&it.head.headers, "etag"));
    let Some(tag) = tag.map(Header::text) else {
        let text = "The answer has no ETag: there is nothing that If-Match could hold.";
        state.notice = Some(Notice::warning(text));
        return;
    };
    state.builder.headers.set("if-match", &tag);
    state.notice = Some(Notice::info(format!(
        "If-Match: {tag} is among the draft's headers; send it again."
    )));
}
