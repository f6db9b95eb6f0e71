//! Commands that edit the rows of a table as one text, here or in the user's own editor.

use crate::app::{
    Popup, State,
    command::{
        Command,
        Context::{BodyText, Fields, Row, RowsText},
    },
    effect::Effect,
    outside,
    panel::rows,
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "as-text",
        context: Fields,
        hint: "as text",
        help: "Edit all rows as one text",
        run: open,
    },
    Command {
        name: "edit-outside",
        context: Fields,
        hint: "",
        help: "Edit all rows in your own editor ($VISUAL, $EDITOR)",
        run: outside::give,
    },
    Command {
        name: "as-text",
        context: Row,
        hint: "as text",
        help: "Edit all rows as one text",
        run: open,
    },
    Command {
        name: "edit-outside",
        context: Row,
        hint: "",
        help: "Edit all rows in your own editor ($VISUAL, $EDITOR)",
        run: outside::give,
    },
    Command {
        name: "edit-outside",
        context: BodyText,
        hint: "$EDITOR",
        help: "Edit the body in your own editor ($VISUAL, $EDITOR)",
        run: outside::give,
    },
    Command {
        name: "newline",
        context: RowsText,
        hint: "",
        help: "A new line, which is a new row",
        run: newline,
    },
    Command {
        name: "up",
        context: RowsText,
        hint: "",
        help: "A line up",
        run: |state| walk(state, false),
    },
    Command {
        name: "down",
        context: RowsText,
        hint: "",
        help: "A line down",
        run: |state| walk(state, true),
    },
    Command {
        name: "edit-outside",
        context: RowsText,
        hint: "$EDITOR",
        help: "Edit the text in your own editor ($VISUAL, $EDITOR)",
        run: outside::give,
    },
    Command {
        name: "close",
        context: RowsText,
        hint: "done",
        help: "Back to the rows, with what was typed",
        run: |state| close(state, true),
    },
    Command {
        name: "discard",
        context: RowsText,
        hint: "discard",
        help: "Back to the rows as they were before",
        run: |state| close(state, false),
    },
];

fn open(state: &mut State) -> Option<Vec<Effect>> {
    let rows = rows::RowsText::open(&mut state.builder)?;
    state.popup = Some(Popup::Rows(rows));
    Some(Vec::new())
}

fn newline(state: &mut State) -> Option<Vec<Effect>> {
    state.editor()?.insert("\n");
    Some(state.text_changed())
}

fn walk(state: &mut State, down: bool) -> Option<Vec<Effect>> {
    let editor = state.editor()?;
    let _ = if down { editor.down() } else { editor.up() };
    Some(Vec::new())
}

fn close(state: &mut State, keep: bool) -> Option<Vec<Effect>> {
    match state.popup.take()? {
        Popup::Rows(rows) => rows.close(&mut state.builder, keep),
        other => state.popup = Some(other),
    }
    Some(Vec::new())
}
