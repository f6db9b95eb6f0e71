//! What has to be answered before a request can be sent: `response("login")`.
//!
//! ```text
//! needs an answer ─► edge: history ─┬─ there, young enough ──────────────────► goes on
//!                                   └─ the saved request ─► sent first ─ its answer ─► goes on
//!                                                                 └─ failed, 4xx, 5xx ─► nothing is sent
//! ```
//!
//! What is sent first may need an answer itself; those that wait are held one within the other, so that a
//! circle is seen.

use crate::{
    model::{Exchange, Origin, Outcome, Request, Standing},
    status::{catalogue, failure},
    template::{Answer, AnswerNeed, Facts, Found, Need, Recalled},
};

use super::{Departure, State, advance};
use crate::app::{effect::Effect, message::JobId};

/// How many requests may wait for each other.
const DEEPEST: usize = 8;

/// Asks the edge for the answer.
pub(super) fn ask(state: &mut State, mut departure: Departure, need: AnswerNeed) -> Vec<Effect> {
    let root = match (&departure.origin, state.collection.open()) {
        (Some(origin), _) => origin.root.clone(),
        (None, Some(open)) => open.root.clone(),
        (None, None) => {
            let reason = "no collection is open yet".to_owned();
            return learn(state, departure, need, Err(reason));
        }
    };
    state.jobs.0 += 1;
    departure.job = state.jobs;
    let job = departure.job;
    state.departure = Some(departure);
    vec![Effect::Recall { job, root, need }]
}

/// Takes what the edge found; what belongs to a send given up meanwhile is dropped.
pub fn recalled(
    state: &mut State,
    job: JobId,
    need: AnswerNeed,
    recalled: Result<Recalled, String>,
) -> Vec<Effect> {
    let Some(departure) = state.departure.take_if(|departure| departure.job == job) else {
        return Vec::new();
    };
    match recalled {
        Ok(Recalled::Answer(found)) => learn(state, departure, need, Ok(found)),
        Ok(Recalled::Send { origin, request }) => {
            send_first(state, departure, need, origin, *request)
        }
        Err(reason) => learn(state, departure, need, Err(reason)),
    }
}

fn learn(
    state: &mut State,
    mut departure: Departure,
    need: AnswerNeed,
    found: Found,
) -> Vec<Effect> {
    departure.facts.learn(Need::Response(need), found);
    advance(state, departure)
}

fn send_first(
    state: &mut State,
    mut departure: Departure,
    need: AnswerNeed,
    origin: Origin,
    request: Request,
) -> Vec<Effect> {
    if let Some(circle) = circle(&departure, &origin) {
        let reason = format!("they wait for each other in a circle: {circle}");
        return learn(state, departure, need, Err(reason));
    }
    departure.awaited = Some(need);
    let first = Departure {
        job: state.jobs,
        request: Box::new(request),
        beside: true,
        scope: departure.scope.clone(),
        facts: Facts::at(state.now),
        given: None,
        waits_for_jar: false,
        agreed: Vec::new(),
        origin: Some(origin),
        awaited: None,
        parent: Some(Box::new(departure)),
    };
    advance(state, first)
}

/// The requests that wait for each other, where a further one is among them.
fn circle(departure: &Departure, further: &Origin) -> Option<String> {
    let mut waiting = Vec::new();
    let mut next = Some(departure);
    while let Some(present) = next {
        waiting.push(present);
        next = present.parent.as_deref();
    }
    let is_circle = waiting.iter().any(|it| it.origin.as_ref() == Some(further));
    if !is_circle && waiting.len() < DEEPEST {
        return None;
    }
    let names = waiting.iter().rev().map(|it| it.name());
    let mut names: Vec<&str> = names.collect();
    names.push(&further.path);
    Some(names.join(" → "))
}

/// What was sent first has its outcome: what waited for it goes on, or stops with the reason.
pub fn answered(state: &mut State, mut waiting: Departure, exchange: &Exchange) -> Vec<Effect> {
    let Some(need) = waiting.awaited.take() else {
        return Vec::new();
    };
    let found =
        found(exchange).map_err(|reason| format!("“{}” was sent first, and {reason}", need.name));
    learn(state, waiting, need, found)
}

fn found(exchange: &Exchange) -> Found {
    match &exchange.outcome {
        Some(Outcome::Response(response)) if response.head.status < 400 => {
            Answer::of(response)?.found()
        }
        Some(outcome) => Err(match outcome.standing() {
            Standing::Answered(status) => {
                format!("was answered {status} {}", catalogue::phrase(status))
            }
            Standing::Failed(kind) => format!("failed: {}", failure::describe(kind).name),
            Standing::InFlight => "has no answer".to_owned(),
        }),
        None => Err("has no answer".to_owned()),
    }
}

/// What was to be sent first cannot be sent: what waits for it stops with the reason.
pub(super) fn refused(state: &mut State, first: Departure, reason: &str) -> Vec<Effect> {
    let name = first.name().to_owned();
    let Some(mut waiting) = first.parent else {
        return Vec::new();
    };
    let Some(need) = waiting.awaited.take() else {
        return Vec::new();
    };
    let reason = format!("“{name}” has to be sent first, and cannot be: {reason}");
    learn(state, *waiting, need, Err(reason))
}
