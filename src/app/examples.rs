//! Examples: answers named as those that a saved request is remembered by.

use std::path::PathBuf;

use crate::{
    compare::Pair,
    model::{EntryKind, ExampleName, Examples, ExamplesOf, ExchangeId, Focus, Origin},
};

use super::{
    Popup, State,
    command::Context,
    compare,
    effect::Effect,
    message::{JobId, Notice},
    panel::{
        examples::ExamplesPanel,
        name::{NamePrompt, Purpose},
    },
};

/// What is asked of the edge.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// All examples of the requests in a folder.
    Names(PathBuf),
    List {
        job: JobId,
        of: ExamplesOf,
    },
    /// Make an exchange an example of the saved request that it was sent from, or else of this one.
    Name {
        id: ExchangeId,
        name: String,
        of: Option<Origin>,
    },
    Drop(ExchangeId),
    /// A saved request, or a folder of them, has another path.
    Rename {
        root: PathBuf,
        kind: EntryKind,
        from: String,
        to: String,
    },
}

/// What the edge answers.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    Names(Vec<ExampleName>),
    Listed {
        job: JobId,
        found: Result<Examples, String>,
    },
    Named {
        name: String,
        of: Origin,
    },
    Dropped,
    Failed(String),
}

fn deed(deed: Deed) -> Vec<Effect> {
    vec![Effect::Examples(deed)]
}

/// Asks for the names of all examples of the open collection.
pub(super) fn read_names(state: &State) -> Vec<Effect> {
    let open = state.collection.open();
    open.map_or_else(Vec::new, |open| deed(Deed::Names(open.root.clone())))
}

/// Asks what an exchange is to be called as an example.
pub(super) fn ask_name(state: &mut State, id: Option<ExchangeId>) -> Vec<Effect> {
    let Some(id) = id.filter(|id| id.0 > 0) else {
        state.notice = Some(Notice::info(
            "Only an exchange that is in the history can be an example.",
        ));
        return Vec::new();
    };
    let row = state.history.rows().iter().find(|row| row.id == id);
    if state.builder.origin.is_none() && row.is_some_and(|row| !row.is_saved) {
        state.notice = Some(Notice::info(format!(
            "#{id} belongs to no saved request, which an example is of: load it ({}), save it ({}), then name the answer.",
            state.key_name(Context::History, "load"),
            state.key_name(Context::Anywhere, "save"),
        )));
        return Vec::new();
    }
    let present = row.and_then(|row| row.label.name.clone());
    let prompt = NamePrompt::new(Purpose::Example(id), &present.unwrap_or_default());
    state.popup = Some(Popup::Name(prompt));
    Vec::new()
}

/// Takes the typed name.
pub(super) fn named(state: &State, id: ExchangeId, name: String) -> Vec<Effect> {
    let of = state.builder.origin.as_deref().cloned();
    deed(Deed::Name { id, name, of })
}

/// Opens the list of the examples of a saved request.
pub(super) fn open(state: &mut State, of: ExamplesOf) -> Vec<Effect> {
    state.jobs.0 += 1;
    let job = state.jobs;
    state.popup = Some(Popup::Examples(Box::new(ExamplesPanel::new(job))));
    deed(Deed::List { job, of })
}

/// Opens the list of those that the shown answer can be compared with.
pub(super) fn open_for_shown(state: &mut State) -> Vec<Effect> {
    let origin = state.builder.origin.as_deref().cloned();
    match (state.response.id().filter(|id| id.0 > 0), origin) {
        (Some(id), origin) => open(state, ExamplesOf::Exchange(id, origin)),
        (None, Some(origin)) => open(state, ExamplesOf::Saved(origin)),
        (None, None) => {
            state.notice = Some(Notice::info(
                "Examples belong to a saved request: save this one first.",
            ));
            Vec::new()
        }
    }
}

/// Shows the chosen example in the zones.
pub(super) fn show(state: &mut State) -> Vec<Effect> {
    let Some(id) = chosen(state) else {
        return Vec::new();
    };
    state.close_popup();
    state.viewing = true;
    state.history.select(Some(id));
    state.focus = Focus::Response;
    state.show_exchange(id)
}

/// Compares the chosen example with the fresh answer.
pub(super) fn compare_fresh(state: &mut State) -> Vec<Effect> {
    let fresh = match &state.popup {
        Some(Popup::Examples(panel)) => panel.fresh(),
        _ => None,
    };
    match (chosen(state), fresh) {
        (Some(example), Some(fresh)) if example != fresh => {
            compare::open(state, Pair::Of(example, fresh))
        }
        (Some(_), _) => {
            let send = state.key_name(Context::Anywhere, "send");
            state.notice = Some(Notice::info(format!(
                "There is no other answer to compare it with yet: {send} sends the request."
            )));
            Vec::new()
        }
        (None, _) => Vec::new(),
    }
}

/// The chosen one is an example no more.
pub(super) fn drop_chosen(state: &mut State) -> Vec<Effect> {
    let Some(id) = chosen(state) else {
        return Vec::new();
    };
    if let Some(Popup::Examples(panel)) = &mut state.popup {
        panel.leave(id);
    }
    deed(Deed::Drop(id))
}

fn chosen(state: &State) -> Option<ExchangeId> {
    match &state.popup {
        Some(Popup::Examples(panel)) => panel.chosen_row().map(|row| row.id),
        _ => None,
    }
}

/// Takes what the edge answers.
pub(super) fn happened(state: &mut State, news: News) -> Vec<Effect> {
    match news {
        News::Names(names) => state.collection.take_examples(names),
        News::Listed { job, found } => {
            if let Some(Popup::Examples(panel)) = &mut state.popup {
                panel.take(job, found);
            }
        }
        News::Named { name, of } => {
            state.notice = Some(Notice::info(format!(
                "“{name}” is an example of “{}” now, and is kept when others are forgotten.",
                of.path
            )));
            return changed(state);
        }
        News::Dropped => {
            state.notice = Some(Notice::info(
                "It is an example no more; it stays in the history until it is forgotten.",
            ));
            return changed(state);
        }
        News::Failed(reason) => state.notice = Some(Notice::error(format!("{reason}."))),
    }
    Vec::new()
}

fn changed(state: &mut State) -> Vec<Effect> {
    let mut effects = read_names(state);
    effects.extend(state.query_history());
    effects
}
