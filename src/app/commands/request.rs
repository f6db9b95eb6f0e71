//! Commands of the request zone: the URL, the rows, the body text, the tab titles.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every deed has the type that the command table asks for"
)]

use crate::{
    app::{
        State,
        command::{
            Command,
            Context::{BodyText, Fields, Row, Tabs, Url},
        },
        commands::anywhere::choose_body_kind,
        effect::Effect,
        panel::{completion, table::Table},
        send,
    },
    model::{Focus, RequestTab},
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "send-form",
        context: Url,
        hint: "",
        help: "Send the request",
        run: |state| Some(send::send(state)),
    },
    Command {
        name: "down",
        context: Url,
        hint: "",
        help: "To the request below",
        run: |state| Some(state.go(Focus::Request)),
    },
    Command {
        name: "send-form",
        context: Fields,
        hint: "",
        help: "Send the request",
        run: |state| Some(send::send(state)),
    },
    Command {
        name: "up",
        context: Fields,
        hint: "",
        help: "To the row above; from the first one to the tab titles",
        run: up,
    },
    Command {
        name: "down",
        context: Fields,
        hint: "",
        help: "To the row below",
        run: |state| rows(state, |table| _ = table.down()),
    },
    Command {
        name: "cell-left",
        context: Fields,
        hint: "",
        help: "At the start of a text: to the cell at the left",
        run: cell_left,
    },
    Command {
        name: "cell-right",
        context: Fields,
        hint: "",
        help: "At the end of a text: takes the suggestion, else to the cell at the right",
        run: cell_right,
    },
    Command {
        name: "choose-row",
        context: Fields,
        hint: "",
        help: "To the row as a whole",
        run: choose_row,
    },
    Command {
        name: "toggle",
        context: Fields,
        hint: "row on/off",
        help: "Switch the row off or on",
        run: |state| rows(state, Table::toggle),
    },
    Command {
        name: "add",
        context: Fields,
        hint: "",
        help: "A new row below",
        run: |state| rows(state, Table::add),
    },
    Command {
        name: "duplicate",
        context: Fields,
        hint: "duplicate",
        help: "The same row once more",
        run: |state| rows(state, Table::duplicate),
    },
    Command {
        name: "remove",
        context: Fields,
        hint: "remove",
        help: "Remove the row (undo brings it back)",
        run: |state| rows(state, Table::remove),
    },
    Command {
        name: "move-up",
        context: Fields,
        hint: "move",
        help: "Move the row up",
        run: |state| rows(state, |table| table.shift(false)),
    },
    Command {
        name: "move-down",
        context: Fields,
        hint: "",
        help: "Move the row down",
        run: |state| rows(state, |table| table.shift(true)),
    },
    Command {
        name: "send-form",
        context: Row,
        hint: "",
        help: "Send the request",
        run: |state| Some(send::send(state)),
    },
    Command {
        name: "toggle",
        context: Row,
        hint: "on/off",
        help: "Switch the row off or on",
        run: |state| rows(state, Table::toggle),
    },
    Command {
        name: "edit",
        context: Row,
        hint: "edit",
        help: "Back into the row's texts",
        run: |state| rows(state, Table::enter_row),
    },
    Command {
        name: "up",
        context: Row,
        hint: "",
        help: "To the row above; from the first one to the tab titles",
        run: up,
    },
    Command {
        name: "down",
        context: Row,
        hint: "",
        help: "To the row below",
        run: |state| rows(state, |table| _ = table.down()),
    },
    Command {
        name: "add",
        context: Row,
        hint: "add",
        help: "A new row below",
        run: |state| rows(state, Table::add),
    },
    Command {
        name: "duplicate",
        context: Row,
        hint: "duplicate",
        help: "The same row once more",
        run: |state| rows(state, Table::duplicate),
    },
    Command {
        name: "remove",
        context: Row,
        hint: "remove",
        help: "Remove the row (undo brings it back)",
        run: |state| rows(state, Table::remove),
    },
    Command {
        name: "move-up",
        context: Row,
        hint: "move",
        help: "Move the row up",
        run: |state| rows(state, |table| table.shift(false)),
    },
    Command {
        name: "move-down",
        context: Row,
        hint: "",
        help: "Move the row down",
        run: |state| rows(state, |table| table.shift(true)),
    },
    Command {
        name: "newline",
        context: BodyText,
        hint: "",
        help: "A new line",
        run: newline,
    },
    Command {
        name: "up",
        context: BodyText,
        hint: "",
        help: "A line up; from the first one to the tab titles",
        run: line_up,
    },
    Command {
        name: "down",
        context: BodyText,
        hint: "",
        help: "A line down",
        run: line_down,
    },
    Command {
        name: "next-tab",
        context: Tabs,
        hint: "tab",
        help: "The tab to the right",
        run: |state| turn_tab(state, true),
    },
    Command {
        name: "previous-tab",
        context: Tabs,
        hint: "",
        help: "The tab to the left",
        run: |state| turn_tab(state, false),
    },
    Command {
        name: "open",
        context: Tabs,
        hint: "open",
        help: "Into the tab",
        run: open_tab,
    },
    Command {
        name: "kind",
        context: Tabs,
        hint: "kind of body",
        help: "On Body: choose the kind of body",
        run: choose_kind,
    },
    Command {
        name: "url",
        context: Tabs,
        hint: "",
        help: "Up to the URL",
        run: |state| Some(state.go(Focus::Url)),
    },
];

/// Changes the table under the cursor.
fn rows(state: &mut State, change: fn(&mut Table)) -> Option<Vec<Effect>> {
    change(state.builder.table()?);
    Some(Vec::new())
}

fn up(state: &mut State) -> Option<Vec<Effect>> {
    if !state.builder.table()?.up() {
        state.builder.on_tabs = true;
    }
    Some(Vec::new())
}

fn cell_left(state: &mut State) -> Option<Vec<Effect>> {
    let table = state.builder.table()?;
    let at_start = table.editor().is_none_or(|editor| editor.cursor() == 0);
    (at_start && table.cell_left()).then(Vec::new)
}

fn cell_right(state: &mut State) -> Option<Vec<Effect>> {
    if completion::take(&mut state.builder, &state.names) {
        return Some(Vec::new());
    }
    let table = state.builder.table()?;
    let at_end = table
        .editor()
        .is_none_or(|editor| editor.cursor() == editor.text().len());
    (at_end && table.cell_right()).then(Vec::new)
}

/// Esc: what is in flight comes first, so that Esc always cancels.
fn choose_row(state: &mut State) -> Option<Vec<Effect>> {
    if state.sends.to_cancel(state.response.shown()).is_some() {
        return None;
    }
    state.builder.table()?.choose_row().then(Vec::new)
}

fn newline(state: &mut State) -> Option<Vec<Effect>> {
    state.editor()?.insert("\n");
    Some(Vec::new())
}

pub fn line_up(state: &mut State) -> Option<Vec<Effect>> {
    if !state.editor()?.up() && !state.builder.turn_spot(false) {
        state.builder.on_tabs = true;
    }
    Some(Vec::new())
}

pub fn line_down(state: &mut State) -> Option<Vec<Effect>> {
    if !state.editor()?.down() {
        state.builder.turn_spot(true);
    }
    Some(Vec::new())
}

fn turn_tab(state: &mut State, forward: bool) -> Option<Vec<Effect>> {
    state.builder.turn_tab(forward);
    Some(Vec::new())
}

fn open_tab(state: &mut State) -> Option<Vec<Effect>> {
    state.builder.on_tabs = false;
    state.builder.to_start();
    Some(Vec::new())
}

fn choose_kind(state: &mut State) -> Option<Vec<Effect>> {
    if state.builder.tab != RequestTab::Body {
        return None;
    }
    choose_body_kind(state)
}
