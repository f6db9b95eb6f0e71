//! Commands of what lies over the zones: lists, questions, help.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every deed has the type that the command table asks for"
)]

use super::{body, cookies, environment};
use crate::{
    app::{
        Popup, State, collection,
        command::{
            Command, Context,
            Context::{Help, List, Question},
        },
        departure,
        effect::Effect,
        message::Notice,
        panel::confirm,
        tidy::Tidy,
        viewer::BodyDeed,
    },
    model::Focus,
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "pick",
        context: List,
        hint: "take it",
        help: "Take the chosen one",
        run: pick,
    },
    Command {
        name: "down",
        context: List,
        hint: "",
        help: "The one below",
        run: |state| walk(state, true),
    },
    Command {
        name: "up",
        context: List,
        hint: "",
        help: "The one above",
        run: |state| walk(state, false),
    },
    Command {
        name: "folder-up",
        context: List,
        hint: "",
        help: "Among files, with nothing typed: the folder above",
        run: body::folder_up,
    },
    Command {
        name: "close",
        context: List,
        hint: "close",
        help: "Close the list",
        run: close,
    },
    Command {
        name: "yes",
        context: Question,
        hint: "yes",
        help: "Do it",
        run: yes,
    },
    Command {
        name: "no",
        context: Question,
        hint: "no",
        help: "Do not",
        run: close,
    },
    Command {
        name: "down",
        context: Help,
        hint: "",
        help: "A row down",
        run: |state| scroll(state, 1),
    },
    Command {
        name: "up",
        context: Help,
        hint: "",
        help: "A row up",
        run: |state| scroll(state, -1),
    },
    Command {
        name: "page-down",
        context: Help,
        hint: "",
        help: "A page down",
        run: |state| {
            let rows = page(state);
            scroll(state, rows)
        },
    },
    Command {
        name: "page-up",
        context: Help,
        hint: "",
        help: "A page up",
        run: |state| {
            let rows = page(state);
            scroll(state, -rows)
        },
    },
    Command {
        name: "start",
        context: Help,
        hint: "",
        help: "To the start",
        run: |state| scroll(state, isize::MIN),
    },
    Command {
        name: "end",
        context: Help,
        hint: "",
        help: "To the end",
        run: |state| scroll(state, isize::MAX),
    },
    Command {
        name: "close",
        context: Help,
        hint: "close",
        help: "Close the help",
        run: close,
    },
];

fn close(state: &mut State) -> Option<Vec<Effect>> {
    state.close_popup();
    Some(Vec::new())
}

fn walk(state: &mut State, down: bool) -> Option<Vec<Effect>> {
    match state.popup.as_mut()? {
        Popup::Method(picker) => picker.walk(down),
        Popup::Kind(picker) => picker.walk(down),
        Popup::Files(picker) => picker.walk(down),
        Popup::Palette(palette) => palette.walk(down),
        Popup::Name(_)
        | Popup::Question(_)
        | Popup::Help(_)
        | Popup::Rows(_)
        | Popup::Cookies(_)
        | Popup::Cookie(_)
        | Popup::Environments(_)
        | Popup::Environment(_)
        | Popup::Compare(_)
        | Popup::Timeline(_)
        | Popup::Examples(_)
        | Popup::Options(_)
        | Popup::Prompt(_) => return None,
    }
    Some(Vec::new())
}

fn pick(state: &mut State) -> Option<Vec<Effect>> {
    match state.popup.take()? {
        Popup::Method(picker) => {
            if let Some(method) = picker.picked() {
                state.builder.method = method;
            }
            Some(Vec::new())
        }
        Popup::Kind(picker) => {
            let Some(kind) = picker.picked() else {
                return Some(Vec::new());
            };
            state.builder.set_body_kind(kind);
            Some(state.go(Focus::Request))
        }
        Popup::Files(picker) => Some(body::pick_file(state, picker)),
        Popup::Palette(palette) => Some(run_picked(state, palette.picked())),
        other => {
            state.popup = Some(other);
            None
        }
    }
}

fn run_picked(state: &mut State, command: Option<&'static Command>) -> Vec<Effect> {
    let Some(command) = command else {
        return Vec::new();
    };
    let mut effects = go_where_it_runs(state, command.context);
    match (command.run)(state) {
        Some(done) => effects.extend(done),
        None => {
            state.notice = Some(Notice::info(format!(
                "“{}” has nothing to do here.",
                command.name
            )));
        }
    }
    effects
}

/// A command of another zone is run there.
fn go_where_it_runs(state: &mut State, context: Context) -> Vec<Effect> {
    let zone = match context {
        Context::History => Focus::History,
        Context::Response => Focus::Response,
        Context::Collection => Focus::Collection,
        _ => return Vec::new(),
    };
    if state.contexts().contains(&context) {
        return Vec::new();
    }
    state.go(zone)
}

fn yes(state: &mut State) -> Option<Vec<Effect>> {
    let Some(Popup::Question(question)) = state.popup.take() else {
        return None;
    };
    Some(match question {
        agreed @ (confirm::Question::SendTwice | confirm::Question::Production { .. }) => {
            departure::agreed(state, agreed)
        }
        confirm::Question::DeleteEnvironment { name } => environment::deleted(state, name),
        confirm::Question::Overtaken(overtaken) => environment::over(*overtaken),
        confirm::Question::ClearCookies { .. } => cookies::cleared(state),
        confirm::Question::QuitInFlight { .. } => state.quit(),
        confirm::Question::Replace { body, path } => vec![Effect::Body(BodyDeed::Save {
            body,
            path,
            replace: true,
        })],
        confirm::Question::RemoveFound { filter, .. } => {
            vec![Effect::Tidy(Tidy::RemoveFound(filter))]
        }
        confirm::Question::Collection(asked) => collection::confirmed(*asked),
    })
}

fn page(state: &State) -> isize {
    isize::from(state.popup_inner().height.saturating_sub(1).cast_signed())
}

fn scroll(state: &mut State, rows: isize) -> Option<Vec<Effect>> {
    let height = state.popup_inner().height;
    let Some(Popup::Help(help)) = state.popup.as_mut() else {
        return None;
    };
    help.scroll_by(rows, height);
    Some(Vec::new())
}
