//! Commands that hand a request on to other programs.

use crate::app::{
    command::{
        Command,
        Context::{Anywhere, History, Preview, Response},
    },
    curl,
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "copy-curl",
        context: Anywhere,
        hint: "",
        help: "Copy the request as a curl command (of the exchange, where one is looked at)",
        run: |state| Some(curl::copy(state)),
    },
    Command {
        name: "copy-curl",
        context: Preview,
        hint: "as curl",
        help: "Copy the request as a curl command",
        run: |state| Some(curl::copy(state)),
    },
    Command {
        name: "copy-curl",
        context: Response,
        hint: "as curl",
        help: "Copy the exchange's request as a curl command",
        run: |state| Some(curl::copy(state)),
    },
    Command {
        name: "copy-curl",
        context: History,
        hint: "as curl",
        help: "Copy the exchange's request as a curl command",
        run: |state| {
            if state.shows_row() {
                Some(curl::copy(state))
            } else {
                Some(Vec::new())
            }
        },
    },
];
