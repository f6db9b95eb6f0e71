//! Commands of the list of examples, and those that make and open it.

use crate::{
    app::{
        Popup, State,
        command::{
            Command,
            Context::{Collection, Examples, History, Response},
        },
        effect::Effect,
        examples,
        panel::examples::ExamplesPanel,
    },
    model::{EntryKind, ExamplesOf},
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "example",
        context: History,
        hint: "",
        help: "Name the answer as an example of its saved request: it is kept, and shown in the collection",
        run: |state| {
            let Some(id) = state.chosen_row() else {
                return Some(Vec::new());
            };
            Some(examples::ask_name(state, Some(id)))
        },
    },
    Command {
        name: "example",
        context: Response,
        hint: "",
        help: "Name the answer as an example of its saved request: it is kept, and shown in the collection",
        run: |state| {
            let id = state.response.id();
            Some(examples::ask_name(state, id))
        },
    },
    Command {
        name: "examples",
        context: Response,
        hint: "",
        help: "The examples of the saved request, to compare this answer with one",
        run: |state| Some(examples::open_for_shown(state)),
    },
    Command {
        name: "examples",
        context: Collection,
        hint: "",
        help: "The examples of the request: its named answers",
        run: open_chosen,
    },
    Command {
        name: "down",
        context: Examples,
        hint: "",
        help: "To the next example",
        run: |state| with(state, |panel| panel.walk(true)),
    },
    Command {
        name: "up",
        context: Examples,
        hint: "",
        help: "To the example before",
        run: |state| with(state, |panel| panel.walk(false)),
    },
    Command {
        name: "show",
        context: Examples,
        hint: "show",
        help: "Show the example, request and answer, as it was",
        run: |state| Some(examples::show(state)),
    },
    Command {
        name: "compare",
        context: Examples,
        hint: "compare",
        help: "Compare the example with the answer that is shown, or with the newest one of the request",
        run: |state| Some(examples::compare_fresh(state)),
    },
    Command {
        name: "drop",
        context: Examples,
        hint: "no example",
        help: "Make it an exchange like any other again",
        run: |state| Some(examples::drop_chosen(state)),
    },
    Command {
        name: "close",
        context: Examples,
        hint: "close",
        help: "Close the list",
        run: |state| {
            state.close_popup();
            Some(Vec::new())
        },
    },
];

fn open_chosen(state: &mut State) -> Option<Vec<Effect>> {
    let entry = state.collection.selected()?;
    if entry.kind == EntryKind::Folder {
        return None;
    }
    let path = entry.path.clone();
    let origin = state.origin(&path)?;
    Some(examples::open(state, ExamplesOf::Saved(origin)))
}

fn with(state: &mut State, change: impl FnOnce(&mut ExamplesPanel)) -> Option<Vec<Effect>> {
    let Some(Popup::Examples(panel)) = &mut state.popup else {
        return None;
    };
    change(panel);
    Some(Vec::new())
}
