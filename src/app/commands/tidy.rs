//! Commands that put something on exchanges, or remove them.

use crate::app::{
    command::{Command, Context::History},
    tidy::{self, LabelKind},
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "pin",
        context: History,
        hint: "",
        help: "Pin the exchange, or all that are marked: they are kept whatever the limits say; once more takes the pins out",
        run: |state| Some(tidy::pin(state)),
    },
    Command {
        name: "note",
        context: History,
        hint: "",
        help: "Write a note on the exchange, or on all that are marked",
        run: |state| Some(tidy::ask(state, LabelKind::Note)),
    },
    Command {
        name: "tag",
        context: History,
        hint: "",
        help: "Tag the exchange, or all that are marked",
        run: |state| Some(tidy::ask(state, LabelKind::Tags)),
    },
    Command {
        name: "name",
        context: History,
        hint: "",
        help: "Name the exchange, or all that are marked",
        run: |state| Some(tidy::ask(state, LabelKind::Name)),
    },
    Command {
        name: "remove",
        context: History,
        hint: "",
        help: "Remove the exchange, or all that are marked",
        run: |state| Some(tidy::remove(state)),
    },
    Command {
        name: "remove-found",
        context: History,
        hint: "",
        help: "Remove everything that the filter finds, but for what is pinned; asks first",
        run: |state| Some(tidy::ask_remove_found(state)),
    },
    Command {
        name: "undo-remove",
        context: History,
        hint: "",
        help: "Bring back what was removed last, until posttui ends",
        run: |state| Some(tidy::undo(state)),
    },
];
