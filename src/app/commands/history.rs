//! Commands of the history zone and its filter.

use crate::app::{
    Popup, State,
    command::{
        Command,
        Context::{Filter, History},
    },
    effect::Effect,
    panel::help::Help,
};

/// Types what is offered. Where nothing is, an empty line is left as with the key elsewhere; out of a begun one it
/// would not lead: the next letters are meant for it.
fn complete(state: &mut State) -> Vec<Effect> {
    if state.history.complete() {
        state.query_history()
    } else if state.history.filter.is_empty() {
        state.end_filter(true)
    } else {
        Vec::new()
    }
}

pub const COMMANDS: &[Command] = &[
    Command {
        name: "down",
        context: History,
        hint: "",
        help: "To the exchange before this one",
        run: |state| Some(state.walk_history(1)),
    },
    Command {
        name: "up",
        context: History,
        hint: "",
        help: "To the exchange after this one",
        run: |state| Some(state.walk_history(-1)),
    },
    Command {
        name: "page-down",
        context: History,
        hint: "",
        help: "A page down",
        run: |state| {
            let rows = state.history.page();
            Some(state.walk_history(rows))
        },
    },
    Command {
        name: "page-up",
        context: History,
        hint: "",
        help: "A page up",
        run: |state| {
            let rows = state.history.page();
            Some(state.walk_history(-rows))
        },
    },
    Command {
        name: "newest",
        context: History,
        hint: "",
        help: "To the newest exchange",
        run: |state| Some(state.walk_history(isize::MIN)),
    },
    Command {
        name: "oldest",
        context: History,
        hint: "",
        help: "To the oldest exchange loaded",
        run: |state| Some(state.walk_history(isize::MAX)),
    },
    Command {
        name: "load",
        context: History,
        hint: "edit & resend",
        help: "Load the exchange's request into the builder, to edit and send again",
        run: |state| {
            if state.shows_row() {
                state.load_shown()
            } else {
                Some(Vec::new())
            }
        },
    },
    Command {
        name: "replay",
        context: History,
        hint: "send again",
        help: "Send the exchange, or all that are marked, again as it was, byte for byte; secrets come from the environment",
        run: |state| Some(crate::app::replay::begin(state)),
    },
    Command {
        name: "save",
        context: History,
        hint: "save",
        help: "Save the exchange's request to the collection",
        run: |state| {
            if state.shows_row() {
                super::collection::save_exchange(state)
            } else {
                Some(Vec::new())
            }
        },
    },
    Command {
        name: "by-day",
        context: History,
        hint: "",
        help: "Group the list by day: a heading with its sends and errors, or none again",
        run: |state| {
            state.history.toggle_days();
            Some(Vec::new())
        },
    },
    Command {
        name: "filter-history",
        context: History,
        hint: "filter",
        help: "Filter the history",
        run: |state| Some(state.start_filter()),
    },
    Command {
        name: "help-here",
        context: History,
        hint: "",
        help: "Show this help",
        run: |state| super::anywhere::open_help(state),
    },
    Command {
        name: "quit-here",
        context: History,
        hint: "",
        help: "Quit",
        run: |state| super::anywhere::quit(state),
    },
    Command {
        name: "complete",
        context: Filter,
        hint: "complete",
        help: "Take the key or value that is offered; without one, back to the rows",
        run: |state| Some(complete(state)),
    },
    Command {
        name: "done",
        context: Filter,
        hint: "done",
        help: "Back to the rows, keeping the filter",
        run: |state| Some(state.end_filter(true)),
    },
    Command {
        name: "clear",
        context: Filter,
        hint: "clear",
        help: "Clear the filter; when it is empty, back to the rows",
        run: |state| Some(state.end_filter(false)),
    },
    Command {
        name: "help-filter",
        context: Filter,
        hint: "all terms",
        help: "What can be typed here: every key, with an example",
        run: |state| {
            let columns = state.popup_inner().width;
            let page = Help::filter(&state.keymap, columns);
            state.popup = Some(Popup::Help(page));
            Some(Vec::new())
        },
    },
    Command {
        name: "rows",
        context: Filter,
        hint: "",
        help: "Back to the rows, keeping the filter",
        run: |state| Some(state.end_filter(true)),
    },
];
