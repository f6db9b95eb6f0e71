//! Commands of the preview.

use crate::app::{
    State,
    command::{
        Command,
        Context::{Anywhere, Preview},
    },
    effect::Effect,
    layout::Mode,
    message::Notice,
};
use crate::model::RequestTab;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "preview-beside",
        context: Anywhere,
        hint: "",
        help: "Show what would go out beside the draft while it is edited, in the place of the response, or no more",
        run: turn_beside,
    },
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

/// Where only one zone is shown, the tab is the place for it.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every deed has the type that the command table asks for"
)]
fn turn_beside(state: &mut State) -> Option<Vec<Effect>> {
    if state.layout().mode != Mode::Wide {
        return Some(state.go_tab(RequestTab::Preview));
    }
    let wire = &mut state.wire;
    wire.show_beside(!wire.beside);
    let text = if state.wire.beside {
        "What would go out is shown while you type; the same key hides it."
    } else {
        "The preview has its tab again."
    };
    state.notice = Some(Notice::info(text));
    Some(Vec::new())
}

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
    let what = if state.preview_is_open() {
        "the request, in which ‹…› stands for what is filled in when it is sent,"
    } else {
        "the request"
    };
    Some(vec![Effect::Copy { text, what }])
}
