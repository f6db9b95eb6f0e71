//! Commands of the preview.

use crate::app::{
    State,
    command::{Command, Context::Preview},
    effect::Effect,
    message::Notice,
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "down",
        context: Preview,
        hint: "",
        help: "A row down",
        run: |state| scroll(state, 1),
    },
    Command {
        name: "up",
        context: Preview,
        hint: "",
        help: "A row up; from the first one to the tab titles",
        run: up,
    },
    Command {
        name: "page-down",
        context: Preview,
        hint: "",
        help: "A page down",
        run: |state| {
            let rows = page(state);
            scroll(state, rows)
        },
    },
    Command {
        name: "page-up",
        context: Preview,
        hint: "",
        help: "A page up",
        run: |state| {
            let rows = page(state);
            scroll(state, -rows)
        },
    },
    Command {
        name: "start",
        context: Preview,
        hint: "",
        help: "To the start",
        run: |state| scroll(state, isize::MIN),
    },
    Command {
        name: "end",
        context: Preview,
        hint: "",
        help: "To the end",
        run: |state| scroll(state, isize::MAX),
    },
    Command {
        name: "copy",
        context: Preview,
        hint: "copy",
        help: "Copy the head and the body as they would go out",
        run: copy,
    },
];

#[expect(
    clippy::unnecessary_wraps,
    reason = "every deed has the type that the command table asks for"
)]
fn scroll(state: &mut State, rows: isize) -> Option<Vec<Effect>> {
    state.wire.scroll_by(rows);
    Some(Vec::new())
}

fn page(state: &State) -> isize {
    isize::from(state.wire.height.saturating_sub(1).max(1).cast_signed())
}

fn up(state: &mut State) -> Option<Vec<Effect>> {
    if state.wire.scroll == 0 {
        state.builder.on_tabs = true;
    }
    scroll(state, -1)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "every deed has the type that the command table asks for"
)]
fn copy(state: &mut State) -> Option<Vec<Effect>> {
    let Some(text) = state.preview_text() else {
        state.notice = Some(Notice::info("There is nothing to copy: it cannot be sent."));
        return Some(Vec::new());
    };
    let what = "the request";
    Some(vec![Effect::Copy { text, what }])
}
