//! Commands of the collection zone, its filter, and the name that is typed for something in it.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every deed has the type that the command table asks for"
)]

use super::environment;
use crate::{
    app::{
        Popup, State,
        collection::{self, Asked, Deed},
        command::{
            Command,
            Context::{Collection, CollectionFilter, Name},
        },
        editor::Editor,
        effect::Effect,
        message::Notice,
        panel::name::{NamePrompt, Purpose, suggestion},
        trust,
    },
    model::{
        EntryKind, Request,
        collection::{join, next_name},
    },
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "down",
        context: Collection,
        hint: "",
        help: "A row down",
        run: |state| walk(state, 1),
    },
    Command {
        name: "up",
        context: Collection,
        hint: "",
        help: "A row up",
        run: |state| walk(state, -1),
    },
    Command {
        name: "page-down",
        context: Collection,
        hint: "",
        help: "A page down",
        run: |state| {
            let rows = state.collection.page();
            walk(state, rows)
        },
    },
    Command {
        name: "page-up",
        context: Collection,
        hint: "",
        help: "A page up",
        run: |state| {
            let rows = state.collection.page();
            walk(state, -rows)
        },
    },
    Command {
        name: "first",
        context: Collection,
        hint: "",
        help: "To the first row",
        run: |state| walk(state, isize::MIN),
    },
    Command {
        name: "last",
        context: Collection,
        hint: "",
        help: "To the last row",
        run: |state| walk(state, isize::MAX),
    },
    Command {
        name: "load",
        context: Collection,
        hint: "load",
        help: "Load the request into the builder; a folder is opened or closed",
        run: load,
    },
    Command {
        name: "open",
        context: Collection,
        hint: "",
        help: "Open the folder; in an open one, a row down",
        run: open,
    },
    Command {
        name: "close",
        context: Collection,
        hint: "",
        help: "Close the folder; else up to the folder that it is in",
        run: |state| {
            state.collection.close_folder();
            Some(Vec::new())
        },
    },
    Command {
        name: "filter-collection",
        context: Collection,
        hint: "filter",
        help: "Find saved requests by words of their path, or by their method",
        run: filter,
    },
    Command {
        name: "create",
        context: Collection,
        hint: "new",
        help: "A new request here",
        run: |state| ask_name(state, Purpose::Create),
    },
    Command {
        name: "create-folder",
        context: Collection,
        hint: "",
        help: "A new folder here",
        run: |state| ask_name(state, Purpose::MakeFolder),
    },
    Command {
        name: "save-here",
        context: Collection,
        hint: "save draft here",
        help: "Save the draft here under a name",
        run: |state| ask_name(state, Purpose::SaveDraft),
    },
    Command {
        name: "rename",
        context: Collection,
        hint: "rename",
        help: "Rename it, or move it: a / in the name names folders",
        run: rename,
    },
    Command {
        name: "duplicate",
        context: Collection,
        hint: "",
        help: "The same request once more, with a number behind its name",
        run: duplicate,
    },
    Command {
        name: "delete",
        context: Collection,
        hint: "delete",
        help: "Move it to the trash folder, after a question",
        run: delete,
    },
    Command {
        name: "move-up",
        context: Collection,
        hint: "",
        help: "Move it up among its neighbours",
        run: |state| shift(state, false),
    },
    Command {
        name: "move-down",
        context: Collection,
        hint: "",
        help: "Move it down among its neighbours",
        run: |state| shift(state, true),
    },
    Command {
        name: "reread",
        context: Collection,
        hint: "",
        help: "List the collection anew",
        run: |_| Some(vec![Effect::Collection(Deed::Scan)]),
    },
    Command {
        name: "trust",
        context: Collection,
        hint: "",
        help: "Say whether you trust a collection from elsewhere",
        run: trust,
    },
    Command {
        name: "help-here",
        context: Collection,
        hint: "",
        help: "Show this help",
        run: |state| super::anywhere::open_help(state),
    },
    Command {
        name: "quit-here",
        context: Collection,
        hint: "",
        help: "Quit",
        run: |state| super::anywhere::quit(state),
    },
    Command {
        name: "done",
        context: CollectionFilter,
        hint: "load",
        help: "Load the chosen request, and clear the filter",
        run: load_found,
    },
    Command {
        name: "clear",
        context: CollectionFilter,
        hint: "clear",
        help: "Clear the filter, back to the tree",
        run: clear_filter,
    },
    Command {
        name: "down",
        context: CollectionFilter,
        hint: "",
        help: "The request below",
        run: |state| walk(state, 1),
    },
    Command {
        name: "up",
        context: CollectionFilter,
        hint: "",
        help: "The request above",
        run: |state| walk(state, -1),
    },
    Command {
        name: "rows",
        context: CollectionFilter,
        hint: "",
        help: "To the rows, keeping the filter",
        run: |state| {
            state.collection.filtering = false;
            Some(Vec::new())
        },
    },
    Command {
        name: "take",
        context: Name,
        hint: "take it",
        help: "Take the name",
        run: take_name,
    },
    Command {
        name: "close",
        context: Name,
        hint: "close",
        help: "Leave it",
        run: |state| {
            state.popup = None;
            Some(Vec::new())
        },
    },
];

fn walk(state: &mut State, by: isize) -> Option<Vec<Effect>> {
    state.collection.walk(by);
    Some(Vec::new())
}

fn load(state: &mut State) -> Option<Vec<Effect>> {
    let entry = state.collection.selected()?.clone();
    match entry.kind {
        EntryKind::Request => Some(collection::load(state, &entry.path)),
        EntryKind::Folder => {
            if !state.collection.open_folder() {
                state.collection.close_folder();
            }
            Some(Vec::new())
        }
    }
}

fn load_found(state: &mut State) -> Option<Vec<Effect>> {
    if state.collection.selected().is_none() {
        state.collection.walk(0);
    }
    let effects = load(state);
    if effects.is_some() {
        clear_filter(state);
        let key = state
            .collection
            .selected()
            .map(crate::model::collection::Entry::key);
        state.collection.select(&key.unwrap_or_default());
    }
    effects.or(Some(Vec::new()))
}

fn open(state: &mut State) -> Option<Vec<Effect>> {
    let is_folder = state.collection.selected()?.kind == EntryKind::Folder;
    if is_folder && !state.collection.open_folder() {
        state.collection.walk(1);
    }
    Some(Vec::new())
}

fn filter(state: &mut State) -> Option<Vec<Effect>> {
    state.collection.filtering = true;
    Some(Vec::new())
}

fn clear_filter(state: &mut State) -> Option<Vec<Effect>> {
    let panel = &mut state.collection;
    panel.filter.set("");
    panel.filtering = false;
    panel.arrange();
    Some(Vec::new())
}

/// Saves the draft where it belongs, or asks for a name.
pub fn save(state: &mut State) -> Option<Vec<Effect>> {
    collection::save(state).or_else(|| ask_name(state, Purpose::SaveDraft))
}

/// Asks for a name; what is likely stands there already.
pub fn ask_name(state: &mut State, purpose: Purpose) -> Option<Vec<Effect>> {
    if state.collection.open().is_none() {
        state.notice = Some(Notice::info("The collection is still being listed."));
        return Some(Vec::new());
    }
    let name = match &purpose {
        Purpose::SaveDraft => suggestion(&state.builder.request()),
        Purpose::SaveOther(request) => suggestion(request),
        Purpose::Create
        | Purpose::MakeFolder
        | Purpose::Rename { .. }
        | Purpose::RenameEnvironment { .. }
        | Purpose::Example(_)
        | Purpose::Label { .. } => String::new(),
    };
    let typed = match &purpose {
        Purpose::Rename { from, .. } => Editor::new(from.clone()),
        _ if name.is_empty() => Editor::new(join(state.collection.folder(), &name)),
        _ => suggested(state, &name),
    };
    state.popup = Some(Popup::Name(NamePrompt {
        typed,
        ..NamePrompt::new(purpose, "")
    }));
    Some(Vec::new())
}

/// A name in the folder, which typing takes the place of.
fn suggested(state: &State, name: &str) -> Editor {
    let folder = join(state.collection.folder(), "");
    let path = free_path(state, join(state.collection.folder(), name));
    match path.strip_prefix(&folder) {
        Some(name) => Editor::suggesting(&folder, name),
        None => Editor::suggesting("", &path),
    }
}

/// The path, or the next one that is free: a name that is taken would only be refused.
fn free_path(state: &State, mut path: String) -> String {
    while state.collection.contains(&path) {
        path = next_name(&path);
    }
    path
}

/// Saves the request of the exchange being looked at.
pub fn save_exchange(state: &mut State) -> Option<Vec<Effect>> {
    let request = state.response.exchange()?.request.clone();
    ask_name(state, Purpose::SaveOther(Box::new(request)))
}

fn take_name(state: &mut State) -> Option<Vec<Effect>> {
    let Some(Popup::Name(mut prompt)) = state.popup.take() else {
        return None;
    };
    match check(state, &prompt) {
        Ok(path) => Some(use_name(state, prompt.purpose, path)),
        Err(problem) => {
            prompt.problem = Some(problem);
            state.popup = Some(Popup::Name(prompt));
            Some(Vec::new())
        }
    }
}

fn check(state: &State, prompt: &NamePrompt) -> Result<String, String> {
    let path = prompt.path()?;
    if let Purpose::Label { .. } | Purpose::Example(_) = &prompt.purpose {
        return Ok(path);
    }
    if let Purpose::RenameEnvironment { from } = &prompt.purpose {
        let is_free = *from == path || state.environments.get(&path).is_none();
        let taken = || format!("there is an environment “{path}” already");
        return is_free.then_some(path.clone()).ok_or_else(taken);
    }
    let is_same = matches!(&prompt.purpose, Purpose::Rename { from, .. } if *from == path);
    if state.collection.contains(&prompt.key(&path)) && !is_same {
        return Err(format!("“{path}” exists already: choose another name"));
    }
    Ok(path)
}

fn use_name(state: &mut State, purpose: Purpose, path: String) -> Vec<Effect> {
    match purpose {
        Purpose::SaveDraft => {
            let request = state.builder.request();
            collection::save_as(state, &path, request, true)
        }
        Purpose::SaveOther(request) => collection::save_as(state, &path, *request, false),
        Purpose::Create => {
            let mut effects = collection::save_as(state, &path, Request::default(), false);
            effects.extend(collection::load(state, &path));
            effects
        }
        Purpose::MakeFolder => vec![Effect::Collection(Deed::MakeFolder(path))],
        Purpose::RenameEnvironment { from } => environment::renamed(state, from, path),
        Purpose::Example(id) => crate::app::examples::named(state, id, path),
        Purpose::Label { ids, kind } => crate::app::tidy::labelled(state, ids, kind, &path),
        Purpose::Rename { from, .. } if from == path => Vec::new(),
        Purpose::Rename { kind, from } => vec![Effect::Collection(Deed::Rename {
            kind,
            from,
            to: path,
        })],
    }
}

fn rename(state: &mut State) -> Option<Vec<Effect>> {
    let entry = state.collection.selected()?;
    let purpose = Purpose::Rename {
        kind: entry.kind,
        from: entry.path.clone(),
    };
    ask_name(state, purpose)
}

fn duplicate(state: &mut State) -> Option<Vec<Effect>> {
    let entry = state.collection.selected()?;
    if entry.kind == EntryKind::Folder {
        state.notice = Some(Notice::info("Only requests are duplicated, one at a time."));
        return Some(Vec::new());
    }
    let path = entry.path.clone();
    Some(vec![Effect::Collection(Deed::Duplicate(path))])
}

fn delete(state: &mut State) -> Option<Vec<Effect>> {
    let entry = state.collection.selected()?;
    let (kind, path) = (entry.kind, entry.path.clone());
    collection::ask(state, Asked::Delete { kind, path });
    Some(Vec::new())
}

fn shift(state: &mut State, down: bool) -> Option<Vec<Effect>> {
    let (folder, members) = state.collection.shifted(down)?;
    Some(vec![Effect::Collection(Deed::Reorder { folder, members })])
}

fn trust(state: &mut State) -> Option<Vec<Effect>> {
    if !trust::ask_for_trust(state) {
        state.notice = Some(Notice::info("This collection is trusted already."));
    }
    Some(Vec::new())
}
