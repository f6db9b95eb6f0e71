//! Sends exchanges of the history again as they were, one after the other.
//!
//! ```text
//! key ─► Replay ─ next ─► load ─► departure (secrets of now) ─► send ─► its outcome ─┐
//!                   └────────────────────────────────────────────────────────────────┘
//! ```

use std::{collections::VecDeque, sync::Arc};

use crate::{
    model::{Exchange, ExchangeId},
    prepare::PrepareError,
};

use super::{
    State,
    command::Context,
    departure,
    effect::Effect,
    message::{Notice, SendId},
};

/// Those that are still to be sent, and the one under way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replay {
    waiting: VecDeque<ExchangeId>,
    /// How many there were at the start.
    all: usize,
    loading: Option<ExchangeId>,
    under_way: Option<SendId>,
}

impl Replay {
    /// Whether this exchange is being loaded in order to be sent again.
    pub fn wants(&self, id: ExchangeId) -> bool {
        self.loading == Some(id)
    }

    /// Whether anything is still to be sent.
    pub fn is_running(&self) -> bool {
        self.loading.is_some() || self.under_way.is_some()
    }

    /// Sends no more.
    pub fn give_up(&mut self) {
        *self = Self::default();
    }
}

/// Sends the marked exchanges again, the oldest first; without marks the chosen one.
pub(super) fn begin(state: &mut State) -> Vec<Effect> {
    let mut ids = state.history.marked().to_vec();
    if ids.is_empty() {
        ids.extend(state.chosen_row());
    }
    ids.sort_unstable();
    begin_with(state, ids)
}

/// Sends these again.
pub(super) fn begin_with(state: &mut State, ids: Vec<ExchangeId>) -> Vec<Effect> {
    if ids.is_empty() {
        return Vec::new();
    }
    if state.replay.is_running() {
        state.notice = Some(Notice::info(
            "Exchanges are being sent again already; cancelling one ends that.",
        ));
        return Vec::new();
    }
    state.replay = Replay {
        all: ids.len(),
        waiting: ids.into(),
        ..Replay::default()
    };
    state.history.unmark();
    next(state)
}

fn next(state: &mut State) -> Vec<Effect> {
    let replay = &mut state.replay;
    replay.under_way = None;
    replay.loading = replay.waiting.pop_front();
    if let Some(id) = replay.loading {
        return vec![Effect::Load(id)];
    }
    if replay.all > 1 {
        let words = format!("All {} were sent again.", replay.all);
        state.notice = Some(Notice::info(words));
    }
    state.replay.give_up();
    Vec::new()
}

/// Takes the exchange that was loaded, and sends it.
pub(super) fn loaded(
    state: &mut State,
    id: ExchangeId,
    exchange: Option<Arc<Exchange>>,
) -> Vec<Effect> {
    state.replay.loading = None;
    match exchange {
        Some(exchange) => departure::begin_again(state, exchange),
        None => stopped(state, &format!("#{id} is not in the history any more")),
    }
}

/// The exchange that was to be loaded cannot be read.
pub(super) fn unreadable(state: &mut State, id: ExchangeId, reason: &str) -> Vec<Effect> {
    state.replay.loading = None;
    stopped(state, &format!("#{id} cannot be read: {reason}"))
}

/// One could not be made again with what there is now, which is told of it alone: the draft in the builder has
/// nothing to do with it.
pub(super) fn wrong(
    state: &mut State,
    exchange: &Exchange,
    environment: Option<&str>,
    problems: &[PrepareError],
) -> Vec<Effect> {
    let reasons = problems
        .iter()
        .map(|problem| problem.reason.trim_end_matches('.'));
    let reasons: Vec<&str> = reasons.collect();
    let before = exchange.prepared.lineage.environment.as_deref();
    let place = match before {
        before if before == environment => String::new(),
        Some(before) => format!("; it was sent in the environment {before}"),
        None => "; it was sent without an environment".to_owned(),
    };
    let load = state.key_name(Context::History, "load");
    let reason = format!(
        "#{}: {}{place}; {load} loads it into the builder, where that can be mended",
        exchange.id,
        reasons.join("; ")
    );
    stopped(state, &reason)
}

/// One could not be sent: those after it are not sent either.
pub(super) fn stopped(state: &mut State, reason: &str) -> Vec<Effect> {
    let left = state.replay.waiting.len();
    state.replay.give_up();
    let rest = match left {
        0 => String::new(),
        1 => " The one after it was not sent either.".to_owned(),
        more => format!(" The {more} after it were not sent either."),
    };
    state.notice = Some(Notice::error(format!("Not sent: {reason}.{rest}")));
    Vec::new()
}

/// The exchange is on its way.
pub(super) fn departed(state: &mut State, send: SendId) {
    if state.replay.all > 0 {
        state.replay.under_way = Some(send);
    }
}

/// A send has ended: the next one follows, unless the user has cancelled this one.
pub(super) fn finished(state: &mut State, send: SendId, was_cancelled: bool) -> Vec<Effect> {
    if state.replay.under_way != Some(send) {
        return Vec::new();
    }
    if was_cancelled {
        state.replay.give_up();
        return Vec::new();
    }
    next(state)
}
