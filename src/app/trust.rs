//! What comes from a collection that is not trusted: it reads nothing of this machine, and does not choose
//! the way to the server, until the user says so.

use std::path::PathBuf;

use crate::{
    model::{Choices, Origin, Request, Scope},
    options,
    template::{self, Facts},
};

use super::{
    State,
    collection::{Asked, ask},
    message::Notice,
};

/// What a request is held back for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wish {
    /// It reads files or the environment of this machine.
    Machine,
    /// This environment does so for it.
    Environment(String),
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
    let Some(root) = untrusted_root(state, origin) else {
        return false;
    };
    hold_back(state, root, &Wish::Machine);
    true
}

/// As [`reads_unasked`], for what the environment beside such a collection reads.
pub fn environment_reads_unasked(
    state: &mut State,
    request: &Request,
    scope: &Scope,
    facts: &Facts,
) -> bool {
    let root = untrusted_beside(state, scope)
        .filter(|_| template::environment_reads(request, scope, facts));
    let Some(root) = root else {
        return false;
    };
    let name = scope.name.clone().unwrap_or_default();
    hold_back(state, root, &Wish::Environment(name));
    true
}

/// As [`reads_unasked`], for the way to the server: whom the request reaches, and who may read it.
pub fn chooses_unasked(
    state: &mut State,
    origin: Option<&Origin>,
    own: &Choices,
    scope: &Scope,
) -> bool {
    let chosen = untrusted_root(state, origin).map(|root| (root, options::guarded(own)));
    let beside =
        untrusted_beside(state, scope).map(|root| (root, options::guarded_beside(own, scope)));
    let mut held: Option<(PathBuf, Vec<&str>)> = None;
    for (root, rows) in chosen.into_iter().chain(beside) {
        if rows.is_empty() {
            continue;
        }
        // One folder is asked about at a time.
        let (asked, labels) = held.get_or_insert_with(|| (root.clone(), Vec::new()));
        if *asked == root {
            labels.extend(rows.iter().map(|row| row.label));
        }
    }
    let Some((root, labels)) = held else {
        return false;
    };
    hold_back(state, root, &Wish::Way(labels));
    true
}

/// The folder of the collection that a request, else the draft, came from, where it is not trusted: a
/// draft is kept from one run to the next, whatever folder posttui is started in.
fn untrusted_root(state: &State, origin: Option<&Origin>) -> Option<PathBuf> {
    let origin = origin.or(state.builder.origin.as_deref())?;
    Some(origin.root.clone()).filter(|root| !state.collection.trusts(root))
}

fn untrusted_beside(state: &State, scope: &Scope) -> Option<PathBuf> {
    let root = scope.beside.clone();
    root.filter(|root| !state.collection.trusts(root))
}

fn hold_back(state: &mut State, root: PathBuf, wish: &Wish) {
    ask(state, Asked::Trust(root));
    let what = match wish {
        Wish::Machine => "it reads files or the environment of this machine".to_owned(),
        Wish::Environment(name) => {
            format!("the environment “{name}” reads files or the environment of this machine")
        }
        Wish::Way(labels) => format!("options are chosen for it ({})", labels.join(", ")),
    };
    state.notice = Some(Notice::warning(format!(
        "Not sent: {what}, and its collection is not trusted."
    )));
}
