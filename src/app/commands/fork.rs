//! Commands at a redirect that waits for a decision.

use crate::{
    app::{
        command::{Command, Context::Fork},
        fork::decide,
    },
    model::Turn,
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "follow",
        context: Fork,
        hint: "follow",
        help: "Follow the redirect as browsers do",
        run: |state| decide(state, Turn::Follow),
    },
    Command {
        name: "keep-method",
        context: Fork,
        hint: "keep the method",
        help: "Follow it with the method and the body as they are",
        run: |state| decide(state, Turn::KeepMethod),
    },
    Command {
        name: "stop",
        context: Fork,
        hint: "stop",
        help: "Do not follow it: the 3xx is the answer",
        run: |state| decide(state, Turn::Stop),
    },
];
