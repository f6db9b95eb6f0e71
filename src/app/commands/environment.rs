//! Commands of the environments: their list, the editing of one, and what is asked before a send.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every deed has the type that the command table asks for"
)]

use crate::app::{
    Popup, State,
    command::{
        Command,
        Context::{Anywhere, Environments, Prompt, Variables},
    },
    departure,
    effect::Effect,
    message::Notice,
    panel::{
        confirm::Question,
        environment::EnvironmentEditor,
        environments::EnvironmentPicker,
        name::{NamePrompt, Purpose},
        table::Table,
    },
};
use crate::model::{Environment, EnvironmentSave, Overtaken, UsualSave};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "environments",
        context: Anywhere,
        hint: "",
        help: "Choose the environment: what {{ names }} in the request stand for",
        run: open_list,
    },
    Command {
        name: "pick",
        context: Environments,
        hint: "take it",
        help: "Take the chosen one",
        run: pick,
    },
    Command {
        name: "edit",
        context: Environments,
        hint: "edit",
        help: "Edit its variables",
        run: edit,
    },
    Command {
        name: "new",
        context: Environments,
        hint: "new",
        help: "Make a new one",
        run: |state| open(state, EnvironmentEditor::create()),
    },
    Command {
        name: "rename",
        context: Environments,
        hint: "rename",
        help: "Give it another name; its secrets and cookies go along",
        run: rename,
    },
    Command {
        name: "duplicate",
        context: Environments,
        hint: "copy",
        help: "Make a new one of its variables",
        run: duplicate,
    },
    Command {
        name: "delete",
        context: Environments,
        hint: "delete",
        help: "Delete it: the file goes to the trash, its secrets and cookies are forgotten",
        run: delete,
    },
    Command {
        name: "down",
        context: Environments,
        hint: "",
        help: "The one below",
        run: |state| walk(state, true),
    },
    Command {
        name: "up",
        context: Environments,
        hint: "",
        help: "The one above",
        run: |state| walk(state, false),
    },
    Command {
        name: "close",
        context: Environments,
        hint: "close",
        help: "Close the list",
        run: close,
    },
    Command {
        name: "save",
        context: Variables,
        hint: "save",
        help: "Keep the environment",
        run: save,
    },
    Command {
        name: "close",
        context: Variables,
        hint: "discard",
        help: "Close it; asks once more where something was changed",
        run: leave,
    },
    Command {
        name: "toggle",
        context: Variables,
        hint: "secret, production",
        help: "Make the variable secret or plain; on its line, switch production on or off",
        run: |state| change(state, EnvironmentEditor::toggle),
    },
    Command {
        name: "next",
        context: Variables,
        hint: "",
        help: "Go on to the next place",
        run: |state| change(state, |editor| editor.go_on(true)),
    },
    Command {
        name: "previous",
        context: Variables,
        hint: "",
        help: "Go back to the place before",
        run: |state| change(state, |editor| editor.go_on(false)),
    },
    Command {
        name: "down",
        context: Variables,
        hint: "",
        help: "To the line below",
        run: |state| change(state, EnvironmentEditor::down),
    },
    Command {
        name: "up",
        context: Variables,
        hint: "",
        help: "To the line above",
        run: |state| change(state, EnvironmentEditor::up),
    },
    Command {
        name: "add",
        context: Variables,
        hint: "",
        help: "A new variable below",
        run: |state| change(state, |editor| editor.change_rows(Table::add)),
    },
    Command {
        name: "remove",
        context: Variables,
        hint: "remove",
        help: "Remove the variable",
        run: |state| change(state, |editor| editor.change_rows(Table::remove)),
    },
    Command {
        name: "move-up",
        context: Variables,
        hint: "",
        help: "Move the variable up",
        run: |state| change(state, |editor| editor.change_rows(|rows| rows.shift(false))),
    },
    Command {
        name: "move-down",
        context: Variables,
        hint: "",
        help: "Move the variable down",
        run: |state| change(state, |editor| editor.change_rows(|rows| rows.shift(true))),
    },
    Command {
        name: "answer",
        context: Prompt,
        hint: "send",
        help: "Send with this answer",
        run: answer,
    },
    Command {
        name: "close",
        context: Prompt,
        hint: "do not send",
        help: "Do not send",
        run: close,
    },
];

/// Opens the list, and reads the files anew: they may have been changed by another program.
fn open_list(state: &mut State) -> Option<Vec<Effect>> {
    let picker = EnvironmentPicker::at(&state.environments, state.environment.as_deref());
    state.popup = Some(Popup::Environments(picker));
    Some(vec![Effect::ReadEnvironments])
}

fn pick(state: &mut State) -> Option<Vec<Effect>> {
    let Some(Popup::Environments(picker)) = state.popup.take() else {
        return None;
    };
    state.environment = picker.picked(&state.environments).map(str::to_owned);
    // What was undefined may have a value in this one; the next send tells what is still wrong.
    state.builder.problem = None;
    if let Err(error) = state.scope() {
        state.notice = Some(Notice::warning(format!("{error}.")));
    }
    Some(Vec::new())
}

fn walk(state: &mut State, down: bool) -> Option<Vec<Effect>> {
    let Some(Popup::Environments(picker)) = state.popup.as_mut() else {
        return None;
    };
    picker.walk(&state.environments, down);
    Some(Vec::new())
}

fn edit(state: &mut State) -> Option<Vec<Effect>> {
    let Some(Popup::Environments(picker)) = &state.popup else {
        return None;
    };
    let name = picker.picked(&state.environments);
    let Some(environment) = name.and_then(|name| state.environments.get(name)) else {
        state.notice = Some(Notice::info("There is nothing to edit in no environment."));
        return Some(Vec::new());
    };
    let editor = EnvironmentEditor::edit(environment);
    open(state, editor)
}

/// The environment under the cursor.
fn picked(state: &State) -> Option<&Environment> {
    let Some(Popup::Environments(picker)) = &state.popup else {
        return None;
    };
    let name = picker.picked(&state.environments)?;
    state.environments.get(name)
}

fn rename(state: &mut State) -> Option<Vec<Effect>> {
    let from = picked(state)?.name.clone();
    let prompt = NamePrompt::new(Purpose::RenameEnvironment { from: from.clone() }, &from);
    state.popup = Some(Popup::Name(prompt));
    Some(Vec::new())
}

/// Renames it here at once; the disk's answer brings the list as it is there.
pub fn renamed(state: &mut State, from: String, to: String) -> Vec<Effect> {
    for environment in &mut state.environments.all {
        if environment.name == from {
            environment.name.clone_from(&to);
        }
        if environment.extends.as_ref() == Some(&from) {
            environment.extends = Some(to.clone());
        }
    }
    state
        .environments
        .all
        .sort_by(|one, other| one.name.cmp(&other.name));
    if state.environment.as_ref() == Some(&from) {
        state.environment = Some(to.clone());
    }
    let picker = EnvironmentPicker::at(&state.environments, Some(&to));
    state.popup = Some(Popup::Environments(picker));
    vec![Effect::RenameEnvironment { from, to }]
}

fn duplicate(state: &mut State) -> Option<Vec<Effect>> {
    let environment = picked(state)?.clone();
    open(state, EnvironmentEditor::duplicate(&environment))
}

fn delete(state: &mut State) -> Option<Vec<Effect>> {
    let name = picked(state)?.name.clone();
    let all = state.environments.all.iter();
    let heirs = all.filter(|it| it.extends.as_ref() == Some(&name));
    let heirs: Vec<&str> = heirs.map(|it| it.name.as_str()).collect();
    if heirs.is_empty() {
        state.popup = Some(Popup::Question(Question::DeleteEnvironment { name }));
    } else {
        state.notice = Some(Notice::warning(format!(
            "“{name}” stays: {} extends it. Change that first.",
            heirs.join(", ")
        )));
    }
    Some(Vec::new())
}

/// After the question.
pub fn deleted(state: &mut State, name: String) -> Vec<Effect> {
    state.environments.all.retain(|it| it.name != name);
    if state.environment.as_ref() == Some(&name) {
        state.environment = None;
    }
    let picker = EnvironmentPicker::at(&state.environments, state.environment.as_deref());
    state.popup = Some(Popup::Environments(picker));
    vec![Effect::DeleteEnvironment(name)]
}

/// Keeps what was typed over what the file says now, after the question.
pub fn over(overtaken: Overtaken) -> Vec<Effect> {
    vec![match overtaken {
        Overtaken::Environment { save, now } => Effect::SaveEnvironment(Box::new(save.over(now))),
        Overtaken::Usual { save, now } => Effect::SaveUsual(UsualSave {
            loaded: now,
            ..save
        }),
    }]
}

fn open(state: &mut State, editor: EnvironmentEditor) -> Option<Vec<Effect>> {
    state.popup = Some(Popup::Environment(Box::new(editor)));
    Some(Vec::new())
}

fn close(state: &mut State) -> Option<Vec<Effect>> {
    state.close_popup();
    Some(Vec::new())
}

fn change(state: &mut State, change: fn(&mut EnvironmentEditor)) -> Option<Vec<Effect>> {
    let Some(Popup::Environment(editor)) = state.popup.as_mut() else {
        return None;
    };
    change(editor);
    Some(Vec::new())
}

fn save(state: &mut State) -> Option<Vec<Effect>> {
    let Some(Popup::Environment(editor)) = state.popup.as_mut() else {
        return None;
    };
    if let Some(problem) = editor.check(&state.environments) {
        state.notice = Some(Notice::error(format!("Not kept: {problem}.")));
        return Some(Vec::new());
    }
    let environment = editor.environment();
    let mut effects = Vec::new();
    if editor.is_new || editor.is_changed() {
        let save = EnvironmentSave {
            environment: environment.clone(),
            loaded: editor.loaded().cloned(),
        };
        effects.push(Effect::SaveEnvironment(Box::new(save)));
    }
    // What was typed is in the list at once; the disk's answer brings the list as it is there.
    state
        .environments
        .all
        .retain(|it| it.name != environment.name);
    let name = environment.name.clone();
    state.environments.all.push(environment);
    state
        .environments
        .all
        .sort_by(|one, other| one.name.cmp(&other.name));
    let picker = EnvironmentPicker::at(&state.environments, Some(&name));
    state.popup = Some(Popup::Environments(picker));
    Some(effects)
}

fn leave(state: &mut State) -> Option<Vec<Effect>> {
    let Some(Popup::Environment(editor)) = state.popup.as_mut() else {
        return None;
    };
    if editor.is_changed() && !editor.warned {
        editor.warned = true;
        state.notice = Some(Notice::warning(
            "Not kept yet: Enter keeps it; Esc once more throws the changes away.",
        ));
        return Some(Vec::new());
    }
    let name = editor.name.text().to_owned();
    let picker = EnvironmentPicker::at(&state.environments, Some(&name));
    state.popup = Some(Popup::Environments(picker));
    Some(Vec::new())
}

fn answer(state: &mut State) -> Option<Vec<Effect>> {
    let Some(Popup::Prompt(prompt)) = state.popup.take() else {
        return None;
    };
    Some(departure::answered(state, prompt))
}
