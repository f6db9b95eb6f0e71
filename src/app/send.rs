//! Sending: from the draft to what is in flight to its outcome.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    format::curl::is_command,
    model::{
        Again, Exchange, ExchangeId, Fork, Origin, Outcome, Phase, PreparedRequest, Request,
        Standing, Summary,
    },
    prepare::{Place, PrepareError, complete_text},
    status::{catalogue, diagnosis::diagnose, failure},
    template::has_template,
    units::counted,
};

use super::{
    State, curl,
    departure::{self, Departure},
    effect::Effect,
    followup, fork,
    layout::Mode,
    message::{Level, Notice, SendEvent, SendId},
    panel::response::Shown,
    replay,
    transfer::Transfer,
};
use crate::model::Focus;

/// One send in flight.
#[derive(Debug, Clone, PartialEq)]
pub struct InFlight {
    pub send: SendId,
    /// Its number in the history, once its row is written.
    pub exchange: Option<ExchangeId>,
    /// As it was built.
    pub request: Request,
    /// Without its secrets.
    pub prepared: PreparedRequest,
    pub started_at: Timestamp,
    pub phase: Phase,
    /// The hop under way, from 1; further ones are redirects.
    pub hop: usize,
    /// The request's body on its way out, and the response's on its way in.
    pub upload: Option<Transfer>,
    pub download: Option<Transfer>,
    pub cancelling: bool,
    /// The send that waits for its answer.
    pub waiting: Option<Box<Departure>>,
    /// The page that the user has to log in on.
    pub consent: Option<String>,
    /// The redirect that the user has to decide upon.
    pub fork: Option<Fork>,
    /// The attempt under way or waited for, where it is not the first, and when it begins.
    pub again: Option<(Again, Timestamp)>,
}

impl InFlight {
    /// `attempt 2 of 3, in 1.5 s, after 503`.
    pub fn attempt_words(&self, now: Timestamp) -> Option<String> {
        let (again, begins) = self.again.as_ref()?;
        let left = begins.duration_since(now);
        let wait = if left.is_positive() {
            format!(", in {:.1} s", left.as_secs_f64())
        } else {
            String::new()
        };
        let Again {
            attempt, of, after, ..
        } = again;
        Some(format!("attempt {attempt} of {of}{wait}, after {after}"))
    }

    /// Whether it waits for its next attempt.
    pub fn is_waiting(&self, now: Timestamp) -> bool {
        let begins = self.again.as_ref().map(|(_, begins)| *begins);
        begins.is_some_and(|begins| begins > now)
    }
}

/// Everything in flight, oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sends {
    in_flight: Vec<InFlight>,
    last: u64,
}

impl Sends {
    pub fn count(&self) -> usize {
        self.in_flight.len()
    }

    pub fn get(&self, send: SendId) -> Option<&InFlight> {
        self.in_flight.iter().find(|it| it.send == send)
    }

    /// The send that an exchange of the history belongs to.
    pub fn of_exchange(&self, id: ExchangeId) -> Option<&InFlight> {
        self.in_flight.iter().find(|it| it.exchange == Some(id))
    }

    pub fn all(&self) -> impl Iterator<Item = &InFlight> {
        self.in_flight.iter()
    }

    /// What Esc cancels: the shown send, else the newest one that is not being cancelled.
    pub fn to_cancel(&self, shown: &Shown) -> Option<SendId> {
        let open = || self.in_flight.iter().filter(|it| !it.cancelling);
        match shown {
            Shown::InFlight(send) if open().any(|it| it.send == *send) => Some(*send),
            _ => open().next_back().map(|it| it.send),
        }
    }

    pub(super) fn get_mut(&mut self, send: SendId) -> Option<&mut InFlight> {
        self.in_flight.iter_mut().find(|it| it.send == send)
    }

    fn start(
        &mut self,
        request: Request,
        prepared: PreparedRequest,
        started_at: Timestamp,
        waiting: Option<Box<Departure>>,
    ) -> SendId {
        self.last += 1;
        let send = SendId(self.last);
        self.in_flight.push(InFlight {
            send,
            exchange: None,
            request,
            prepared,
            started_at,
            phase: Phase::Resolve,
            hop: 1,
            upload: None,
            download: None,
            cancelling: false,
            waiting,
            consent: None,
            fork: None,
            again: None,
        });
        send
    }
}

/// Sends the draft, or says what is wrong with it; asks first where that is dangerous.
pub fn send(state: &mut State) -> Vec<Effect> {
    if is_command(state.builder.url.text()) {
        return curl::read_url(state);
    }
    complete_url(state);
    departure::begin(state)
}

/// Sends a request that is not the draft, which stays as it is; where it cannot be sent, it becomes the
/// draft, with what is wrong in it marked.
pub fn send_beside(state: &mut State, request: Request) -> Vec<Effect> {
    departure::begin_beside(state, request)
}

/// Cancels a send; its outcome comes as of any other.
pub fn cancel(state: &mut State, send: SendId) -> Vec<Effect> {
    let Some(in_flight) = state.sends.get_mut(send) else {
        return Vec::new();
    };
    in_flight.cancelling = true;
    vec![Effect::Cancel(send)]
}

/// Methods that change nothing on the server (RFC 9110, Section 9.2.1).
pub fn is_safe(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY")
}

/// The URL field shows the completed URL from now on; one with templates stays as it was typed.
pub fn complete_url(state: &mut State) {
    if has_template(state.builder.url.text()) {
        return;
    }
    if let Ok(completed) = complete_text(state.builder.url.text())
        && completed != state.builder.url.text()
    {
        state.builder.url.set(completed);
    }
}

/// Marks the URL as what keeps the draft from being sent.
pub(super) fn refuse_url(state: &mut State, reason: String) {
    let place = Place::Url;
    show_problem(state, PrepareError { place, reason });
}

/// Marks all that keeps the draft from being sent, and goes to the first of it.
pub(super) fn show_problems(state: &mut State, problem: PrepareError, further: Vec<PrepareError>) {
    show_problem(state, problem);
    if !further.is_empty()
        && let Some(notice) = &mut state.notice
    {
        let others = counted(further.len() as u64, "other place");
        notice.text = format!("{} {others} marked.", notice.text);
    }
    state.builder.further = further;
}

pub(super) fn show_problem(state: &mut State, problem: PrepareError) {
    state.builder.further.clear();
    state.replay.give_up();
    state.viewing = false;
    departure::go_to(state, problem.place);
    state.notice = Some(Notice::error(format!("Not sent: {}.", problem.reason)));
    state.builder.problem = Some(problem);
}

/// Puts a request on its way: as it was built, and as it will go on the wire.
pub(super) fn start(
    state: &mut State,
    request: Request,
    prepared: PreparedRequest,
    origin: Option<Origin>,
    waiting: Option<Box<Departure>>,
) -> Vec<Effect> {
    let now = state.now;
    let sends = &mut state.sends;
    let send = sends.start(request.clone(), prepared.masked(), now, waiting);
    state.viewing = false;
    state.history.select(None);
    if state.layout().mode == Mode::Narrow {
        state.focus = Focus::Response;
    }
    let mut effects = vec![Effect::Send {
        send,
        request: Box::new(request),
        prepared: Box::new(prepared),
        origin,
    }];
    effects.extend(state.response.show(Shown::InFlight(send), &mut state.jobs));
    effects
}

/// Takes what a send reports; reports of one that is gone are dropped.
pub fn report(state: &mut State, send: SendId, event: SendEvent) -> Vec<Effect> {
    let now = state.now;
    let Some(in_flight) = state.sends.get_mut(send) else {
        return Vec::new();
    };
    match event {
        SendEvent::Phase(phase) => in_flight.phase = phase,
        SendEvent::Hop { number, .. } => {
            (in_flight.hop, in_flight.upload) = (number, None);
            (in_flight.consent, in_flight.fork) = (None, None);
            if let Some((_, begins)) = &mut in_flight.again {
                *begins = (*begins).min(now);
            }
        }
        SendEvent::Retry(again) => {
            let begins = now.checked_add(again.wait).unwrap_or(now);
            (in_flight.again, in_flight.download) = (Some((again, begins)), None);
        }
        SendEvent::Fork(fork) => return fork::asked(state, send, fork),
        SendEvent::Consent { url } => {
            in_flight.consent = Some(url.clone());
            return vec![Effect::OpenPage(url)];
        }
        SendEvent::Sent { bytes, total } => {
            let told = Transfer::told(in_flight.upload, bytes, Some(total), now);
            in_flight.upload = Some(told);
        }
        SendEvent::Received { bytes, total } => {
            in_flight.download = Some(Transfer::told(in_flight.download, bytes, total, now));
        }
        SendEvent::Arriving(response) => {
            if *state.response.shown() == Shown::InFlight(send) {
                let effect = state.response.arriving(&response, &mut state.jobs);
                return effect.into_iter().collect();
            }
        }
        SendEvent::Recorded(recorded) => return recorded_row(state, send, recorded),
        SendEvent::Finished { exchange, unsaved } => {
            return finish(state, send, &exchange, unsaved);
        }
    }
    Vec::new()
}

fn recorded_row(
    state: &mut State,
    send: SendId,
    recorded: Result<ExchangeId, String>,
) -> Vec<Effect> {
    match recorded {
        Ok(id) => {
            if let Some(in_flight) = state.sends.get_mut(send) {
                in_flight.exchange = Some(id);
            }
            if *state.response.shown() == Shown::InFlight(send) {
                state.history.select(Some(id));
            }
            state.query_history()
        }
        Err(reason) => {
            let reason = reason.trim_end_matches('.');
            state.notice = Some(Notice::error(format!(
                "This send cannot be written to the history: {reason}. It goes on all the same."
            )));
            Vec::new()
        }
    }
}

fn finish(
    state: &mut State,
    send: SendId,
    exchange: &Arc<Exchange>,
    unsaved: Option<String>,
) -> Vec<Effect> {
    let was_cancelled = state.sends.get(send).is_some_and(|it| it.cancelling);
    let mut waiting = None;
    state.sends.in_flight.retain_mut(|it| {
        if it.send == send {
            waiting = it.waiting.take();
        }
        it.send != send
    });
    let shown = *state.response.shown() == Shown::InFlight(send)
        || state.response.id() == Some(exchange.id);
    if let Some(reason) = unsaved {
        let reason = reason.trim_end_matches('.');
        state.notice = Some(Notice::error(format!(
            "The outcome could not be written to the history: {reason}. It is shown, but will be gone when posttui ends."
        )));
    } else if !shown {
        state.notice = Some(outcome_notice(exchange));
    } else if exchange.id.0 < 0 {
        let text = "As its options say, the history does not keep this exchange: it is gone when another one is shown.";
        state.notice = Some(Notice::info(text));
    }
    let mut effects = Vec::new();
    if shown {
        state.history.select(Some(exchange.id));
        effects = state
            .response
            .show(Shown::Exchange(Arc::clone(exchange)), &mut state.jobs);
        effects.extend(state.compare_paths());
    }
    followup::finished(state, exchange);
    effects.extend(state.query_history());
    effects.extend(replay::finished(state, send, was_cancelled));
    if let Some(waiting) = waiting {
        effects.extend(departure::answered_first(state, *waiting, exchange));
    }
    effects
}

/// Tells the outcome of a send that is not the one shown.
fn outcome_notice(exchange: &Exchange) -> Notice {
    let (symbol, title) = diagnose(exchange).map_or(("…", String::new()), |diagnosis| {
        (diagnosis.mark.symbol(), diagnosis.title)
    });
    let text = format!(
        "{symbol} {title} — {} {}",
        exchange.prepared.method, exchange.prepared.url
    );
    let failed = matches!(exchange.outcome, Some(Outcome::Failure(_)));
    Notice {
        level: if failed { Level::Warning } else { Level::Info },
        text,
    }
}

/// What a history row says behind its words where the user has no message of their own.
pub fn standing_meaning(standing: Standing) -> &'static str {
    match standing {
        Standing::InFlight => "",
        Standing::Answered(status) => catalogue::meaning(status),
        Standing::Failed(kind) => failure::describe(kind).meaning,
    }
}

/// What a history row says in words, behind the sign of the user's rule where that has a level. One that is damaged
/// says that first.
pub fn row_words(row: &Summary) -> String {
    if let Some(damage) = &row.damage {
        return format!("#{} is damaged: {damage}", row.id);
    }
    let words = standing_words(row.standing, row.message.as_deref());
    match row.level {
        Some(level) => format!("{} {words}", level.symbol()),
        None => words,
    }
}

/// What a history row says in words: the user's message, else the phrase or the failure's name.
pub fn standing_words(standing: Standing, message: Option<&str>) -> String {
    match (standing, message) {
        (_, Some(message)) => message.to_owned(),
        (Standing::InFlight, None) => "in flight".to_owned(),
        (Standing::Answered(status), None) => catalogue::phrase(status).to_owned(),
        (Standing::Failed(kind), None) => failure::describe(kind).name.to_owned(),
    }
}
