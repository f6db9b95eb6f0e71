//! Commands in rows with fixed labels: the auth tab.

use crate::app::{
    State,
    command::{
        Command,
        Context::{Choice, Setting},
    },
    effect::Effect,
    message::Notice,
    send,
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "send-form",
        context: Setting,
        hint: "",
        help: "Send the request",
        run: |state| Some(send::send(state)),
    },
    Command {
        name: "up",
        context: Setting,
        hint: "",
        help: "To the row above; from the first one to the tab titles",
        run: up,
    },
    Command {
        name: "down",
        context: Setting,
        hint: "",
        help: "To the row below",
        run: down,
    },
    Command {
        name: "reveal",
        context: Setting,
        hint: "show secrets",
        help: "Show or hide the secrets",
        run: reveal,
    },
    Command {
        name: "send-form",
        context: Choice,
        hint: "",
        help: "Send the request",
        run: |state| Some(send::send(state)),
    },
    Command {
        name: "next",
        context: Choice,
        hint: "choose",
        help: "The next one to choose",
        run: |state| turn(state, true),
    },
    Command {
        name: "previous",
        context: Choice,
        hint: "",
        help: "The one before",
        run: |state| turn(state, false),
    },
    Command {
        name: "up",
        context: Choice,
        hint: "",
        help: "To the row above; from the first one to the tab titles",
        run: up,
    },
    Command {
        name: "down",
        context: Choice,
        hint: "",
        help: "To the row below",
        run: down,
    },
    Command {
        name: "reveal",
        context: Choice,
        hint: "show secrets",
        help: "Show or hide the secrets",
        run: reveal,
    },
];

fn up(state: &mut State) -> Option<Vec<Effect>> {
    if !state.settings_mut()?.up() && state.popup.is_none() {
        state.builder.on_tabs = true;
    }
    Some(Vec::new())
}

fn down(state: &mut State) -> Option<Vec<Effect>> {
    state.settings_mut()?.down();
    Some(Vec::new())
}

fn turn(state: &mut State, forward: bool) -> Option<Vec<Effect>> {
    state.turn_choice(forward).then(Vec::new)
}

fn reveal(state: &mut State) -> Option<Vec<Effect>> {
    let settings = state.settings_mut()?;
    settings.revealed = !settings.revealed;
    let text = if settings.revealed {
        "Secrets are shown; the same key hides them."
    } else {
        "Secrets are hidden."
    };
    state.notice = Some(Notice::info(text));
    Some(Vec::new())
}
