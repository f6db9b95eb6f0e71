//! The steps that a response offers: the first one has a letter, and on the page that lists them each
//! has its number.

use crate::{
    app::{
        State,
        command::{Command, Context::Response},
        effect::Effect,
        message::Notice,
        steps,
    },
    model::ResponseTab,
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "step-here",
        context: Response,
        hint: "",
        help: "Take the first step that the response offers",
        run: take_first,
    },
    numbered("step-1", "On Meaning: take step 1", |state| take(state, 0)),
    numbered("step-2", "On Meaning: take step 2", |state| take(state, 1)),
    numbered("step-3", "On Meaning: take step 3", |state| take(state, 2)),
    numbered("step-4", "On Meaning: take step 4", |state| take(state, 3)),
    numbered("step-5", "On Meaning: take step 5", |state| take(state, 4)),
    numbered("step-6", "On Meaning: take step 6", |state| take(state, 5)),
    numbered("step-7", "On Meaning: take step 7", |state| take(state, 6)),
    numbered("step-8", "On Meaning: take step 8", |state| take(state, 7)),
    numbered("step-9", "On Meaning: take step 9", |state| take(state, 8)),
];

const fn numbered(
    name: &'static str,
    help: &'static str,
    run: fn(&mut State) -> Option<Vec<Effect>>,
) -> Command {
    Command {
        name,
        context: Response,
        hint: "",
        help,
        run,
    }
}

pub fn take_first(state: &mut State) -> Option<Vec<Effect>> {
    let taken = steps::take(state, 0);
    if taken.is_none() {
        state.notice = Some(Notice::info("What is shown offers no step."));
    }
    taken
}

fn take(state: &mut State, index: usize) -> Option<Vec<Effect>> {
    (state.response.tab == ResponseTab::Meaning)
        .then(|| steps::take(state, index))
        .flatten()
}
