//! Commands of the options that requests share: those of an environment, and those of every send.

use crate::app::{
    Popup, State,
    command::{
        Command,
        Context::{Anywhere, Environments, Shared},
    },
    effect::Effect,
    message::Notice,
    panel::{environments::EnvironmentPicker, shared_options::SharedOptions},
};
use crate::model::{Environment, EnvironmentSave, UsualSave};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "default-options",
        context: Anywhere,
        hint: "",
        help: "Options of every send: what holds where neither the request nor its environment chooses",
        run: |state| {
            let editor = SharedOptions::edit(&state.environments, None).alone();
            open(state, editor)
        },
    },
    Command {
        name: "options",
        context: Environments,
        hint: "options",
        help: "Its options: time limits, redirects, proxy …; on the row none those of every send",
        run: open_picked,
    },
    Command {
        name: "save",
        context: Shared,
        hint: "keep",
        help: "Keep the options",
        run: save,
    },
    Command {
        name: "close",
        context: Shared,
        hint: "discard",
        help: "Close them; asks once more where something was changed",
        run: leave,
    },
    Command {
        name: "down",
        context: Shared,
        hint: "",
        help: "To the option below",
        run: |state| walk(state, true),
    },
    Command {
        name: "up",
        context: Shared,
        hint: "",
        help: "To the option above",
        run: |state| walk(state, false),
    },
    Command {
        name: "clear",
        context: Shared,
        hint: "choose nothing",
        help: "Choose nothing here: what holds below holds again",
        run: clear,
    },
];

fn editor(state: &mut State) -> Option<&mut SharedOptions> {
    match state.popup.as_mut()? {
        Popup::Options(editor) => Some(editor),
        _ => None,
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "every deed has the type that the command table asks for"
)]
fn open(state: &mut State, editor: SharedOptions) -> Option<Vec<Effect>> {
    state.popup = Some(Popup::Options(Box::new(editor)));
    Some(Vec::new())
}

fn open_picked(state: &mut State) -> Option<Vec<Effect>> {
    let Some(Popup::Environments(picker)) = &state.popup else {
        return None;
    };
    let name = picker.picked(&state.environments);
    let editor = SharedOptions::edit(&state.environments, name);
    open(state, editor)
}

fn walk(state: &mut State, down: bool) -> Option<Vec<Effect>> {
    let settings = &mut editor(state)?.options.settings;
    if down {
        settings.down();
    } else {
        settings.up();
    }
    Some(Vec::new())
}

fn clear(state: &mut State) -> Option<Vec<Effect>> {
    let editor = editor(state)?;
    editor.options.settings.clear();
    editor.edited();
    Some(Vec::new())
}

fn save(state: &mut State) -> Option<Vec<Effect>> {
    let editor = editor(state)?;
    if let Some(problem) = editor.check() {
        state.notice = Some(Notice::error(format!("Not kept: {problem}.")));
        return Some(Vec::new());
    }
    let (choices, is_changed) = (editor.choices(), editor.is_changed());
    let loaded = editor.loaded().clone();
    let environment = editor.environment.clone();
    close(state);
    if !is_changed {
        return Some(Vec::new());
    }
    // What was typed holds at once; the disk's answer brings what is there.
    let Some(name) = environment else {
        state.environments.usual = choices.clone();
        return Some(vec![Effect::SaveUsual(UsualSave { choices, loaded })]);
    };
    let mut all = state.environments.all.iter_mut();
    let Some(environment) = all.find(|it| it.name == name) else {
        let text = format!("Not kept: there is no environment “{name}” any more.");
        state.notice = Some(Notice::error(text));
        return Some(Vec::new());
    };
    environment.options = choices;
    let save = EnvironmentSave {
        environment: environment.clone(),
        loaded: Some(Environment {
            options: loaded,
            ..environment.clone()
        }),
    };
    Some(vec![Effect::SaveEnvironment(Box::new(save))])
}

fn leave(state: &mut State) -> Option<Vec<Effect>> {
    let editor = editor(state)?;
    if editor.is_changed() && !editor.warned {
        editor.warned = true;
        state.notice = Some(Notice::warning(
            "Not kept yet: Enter keeps it; Esc once more throws the changes away.",
        ));
    } else {
        close(state);
    }
    Some(Vec::new())
}

/// Back to where it was opened.
fn close(state: &mut State) {
    let Some(Popup::Options(editor)) = state.popup.take() else {
        return;
    };
    if editor.from_list {
        let name = editor.environment.as_deref();
        let picker = EnvironmentPicker::at(&state.environments, name);
        state.popup = Some(Popup::Environments(picker));
    }
}
