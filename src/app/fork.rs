//! A redirect that the user has to decide upon. The send waits; whatever is being typed goes on.

use crate::model::{Focus, Fork, Turn};

use super::{
    State,
    command::Context,
    effect::Effect,
    message::{Notice, SendId},
    panel::response::Shown,
};

/// Takes the question.
pub(super) fn asked(state: &mut State, send: SendId, fork: Fork) -> Vec<Effect> {
    let words = fork.words();
    if let Some(in_flight) = state.sends.get_mut(send) {
        in_flight.fork = Some(fork);
    }
    let is_seen = state.focus == Focus::Response && waiting(state) == Some(send);
    if !is_seen {
        let go = state.key_name(Context::Anywhere, "go-response");
        state.notice = Some(Notice::warning(format!(
            "A redirect waits for you ({words}): {go} goes there."
        )));
    }
    Vec::new()
}

/// The shown send, where it waits for a decision.
pub(super) fn waiting(state: &State) -> Option<SendId> {
    let Shown::InFlight(send) = *state.response.shown() else {
        return None;
    };
    let in_flight = state.sends.get(send)?;
    (in_flight.fork.is_some() && !in_flight.cancelling).then_some(send)
}

/// Decides for the shown send; `None` where nothing waits.
pub(super) fn decide(state: &mut State, turn: Turn) -> Option<Vec<Effect>> {
    let send = waiting(state)?;
    state.sends.get_mut(send)?.fork = None;
    Some(vec![Effect::Turn(send, turn)])
}
