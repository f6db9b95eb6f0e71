//! What comes from a collection that is not trusted: it reads nothing of this machine, and does not choose
//! the way to the server, until the user says so.

use crate::{
    model::{Choices, Origin, Scope},
    options::{self, Row},
};

use super::{
    State,
    collection::{Asked, ask},
    message::Notice,
};

/// What a request is held back for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// It reads files or the environment of this machine.
    Machine,
    /// It, or the environment beside it, chooses these options.
    Way(Vec<&'static str>),
}

/// Asks whether the open collection is trusted; `false` when there is nothing to ask.
pub fn ask_for_trust(state: &mut State) -> bool {
    let Some(collection) = state.collection.open() else {
        return false;
    };
    if collection.trusted {
        return false;
    }
    ask(state, Asked::Trust(collection.root.clone()));
    true
}

/// Asks before what a collection that is not trusted wants of this machine is sent; `true` when the
/// send has to wait for it.
pub fn reads_unasked(state: &mut State, origin: Option<&Origin>) -> bool {
    is_from_open(state, origin) && hold_back(state, &Wish::Machine)
}

/// As [`reads_unasked`], for the way to the server: whom the request reaches, and who may read it.
pub fn chooses_unasked(
    state: &mut State,
    origin: Option<&Origin>,
    own: &Choices,
    scope: &Scope,
) -> bool {
    let mut rows: Vec<&Row> = Vec::new();
    if is_from_open(state, origin) {
        rows.extend(options::guarded(own));
    }
    let open = state.collection.open().map(|open| &open.root);
    if scope.beside.is_some() && scope.beside.as_ref() == open {
        rows.extend(options::guarded_beside(own, scope));
    }
    if rows.is_empty() {
        return false;
    }
    let labels = rows.iter().map(|row| row.label).collect();
    hold_back(state, &Wish::Way(labels))
}

/// Whether a request, else the draft, belongs to the open collection.
fn is_from_open(state: &State, origin: Option<&Origin>) -> bool {
    let root = state.collection.open().map(|open| &open.root);
    origin
        .or(state.builder.origin.as_deref())
        .is_some_and(|origin| Some(&origin.root) == root)
}

fn hold_back(state: &mut State, wish: &Wish) -> bool {
    let held_back = ask_for_trust(state);
    if held_back {
        let what = match wish {
            Wish::Machine => "it reads files or the environment of this machine".to_owned(),
            Wish::Way(labels) => format!("options are chosen for it ({})", labels.join(", ")),
        };
        state.notice = Some(Notice::warning(format!(
            "Not sent: {what}, and its collection is not trusted."
        )));
    }
    held_back
}
