//! What goes on after a step that sends a request: asking again until a job is done, and setting the
//! `ETag` that a GET brings.

use jiff::Timestamp;

use crate::{
    model::{Exchange, Header, Outcome, Request, find_header},
    status::{
        diagnosis::{diagnose, spoken_seconds},
        job,
        pace::Pace,
    },
};

use super::{State, effect::Effect, message::Notice, send};

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
    pace: Pace,
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
        Some(format!(
            "asking again in {left} ({} so far)",
            poll.pace.times
        ))
    }
}

/// Begins to ask how a job gets on, the first time at `from`.
pub fn poll(state: &mut State, request: Request, from: Option<Timestamp>) -> Vec<Effect> {
    state.followups.poll = Some(Poll {
        request,
        next: Some(from.unwrap_or(state.now).max(state.now)),
        pace: Pace::default(),
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
    poll.next = None;
    poll.pace.times += 1;
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
    if poll.pace.goes_on(&found) {
        poll.next = Some(poll.pace.next(exchange, outcome, now));
        return;
    }
    let title = diagnose(exchange).map(|it| it.title).unwrap_or_default();
    let ended = poll.pace.ended(&found, &title);
    state.followups.poll = None;
    state.notice = Some(if ended.is_well {
        Notice::info(ended.words)
    } else {
        Notice::warning(ended.words)
    });
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
