//! Commands that hold in any text being typed.

use crate::app::{
    State,
    command::{Command, Context::Text},
    editor::Editor,
    effect::Effect,
    popup_undo,
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "undo-here",
        context: Text,
        hint: "",
        help: "In a window, a filter or a search: take the last edit back",
        run: |state| popup_undo::turn(state, true),
    },
    Command {
        name: "redo-here",
        context: Text,
        hint: "",
        help: "In a window, a filter or a search: do it again",
        run: |state| popup_undo::turn(state, false),
    },
    Command {
        name: "left",
        context: Text,
        hint: "",
        help: "One character to the left",
        run: left,
    },
    Command {
        name: "right",
        context: Text,
        hint: "",
        help: "One character to the right",
        run: right,
    },
    Command {
        name: "word-left",
        context: Text,
        hint: "",
        help: "One word to the left",
        run: |state| edit(state, Editor::word_left),
    },
    Command {
        name: "word-right",
        context: Text,
        hint: "",
        help: "One word to the right",
        run: |state| edit(state, Editor::word_right),
    },
    Command {
        name: "line-start",
        context: Text,
        hint: "",
        help: "To the start of the line",
        run: |state| edit(state, Editor::home),
    },
    Command {
        name: "line-end",
        context: Text,
        hint: "",
        help: "To the end of the line",
        run: |state| edit(state, Editor::end),
    },
    Command {
        name: "delete-before",
        context: Text,
        hint: "",
        help: "Delete the character before the cursor",
        run: |state| edit(state, Editor::backspace),
    },
    Command {
        name: "delete-after",
        context: Text,
        hint: "",
        help: "Delete the character after the cursor",
        run: |state| edit(state, Editor::delete),
    },
    Command {
        name: "delete-word-before",
        context: Text,
        hint: "",
        help: "Delete the word before the cursor",
        run: |state| edit(state, Editor::delete_word_before),
    },
    Command {
        name: "delete-word-after",
        context: Text,
        hint: "",
        help: "Delete the word after the cursor",
        run: |state| edit(state, Editor::delete_word_after),
    },
    Command {
        name: "delete-to-start",
        context: Text,
        hint: "",
        help: "Delete to the start of the line",
        run: |state| edit(state, Editor::delete_to_line_start),
    },
    Command {
        name: "delete-to-end",
        context: Text,
        hint: "",
        help: "Delete to the end of the line",
        run: |state| edit(state, Editor::delete_to_line_end),
    },
];

fn edit(state: &mut State, change: fn(&mut Editor)) -> Option<Vec<Effect>> {
    let editor = state.editor()?;
    let before = editor.text().to_owned();
    change(editor);
    let changed = editor.text() != before;
    Some(if changed {
        state.text_changed()
    } else {
        Vec::new()
    })
}

fn left(state: &mut State) -> Option<Vec<Effect>> {
    state.editor()?.left().then(Vec::new)
}

fn right(state: &mut State) -> Option<Vec<Effect>> {
    state.editor()?.right().then(Vec::new)
}
