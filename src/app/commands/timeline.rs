//! Commands of the timeline of an endpoint, and those that open it.

use crate::app::{
    Popup, State,
    command::{
        Command,
        Context::{History, Response, Timeline},
    },
    effect::Effect,
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "timeline",
        context: History,
        hint: "",
        help: "This endpoint over time: what its sends came to, how long they took, day by day",
        run: |state| {
            let Some(id) = state.chosen_row() else {
                return Some(Vec::new());
            };
            state.show_timeline(Some(id))
        },
    },
    Command {
        name: "timeline",
        context: Response,
        hint: "",
        help: "This endpoint over time: what its sends came to, how long they took, day by day",
        run: |state| {
            let id = state.response.id();
            state.show_timeline(id)
        },
    },
    Command {
        name: "down",
        context: Timeline,
        hint: "",
        help: "To earlier days",
        run: |state| scroll(state, 1),
    },
    Command {
        name: "up",
        context: Timeline,
        hint: "",
        help: "To later days",
        run: |state| scroll(state, -1),
    },
    Command {
        name: "close",
        context: Timeline,
        hint: "close",
        help: "Close the timeline",
        run: |state| {
            state.close_popup();
            Some(Vec::new())
        },
    },
];

fn scroll(state: &mut State, rows: isize) -> Option<Vec<Effect>> {
    let Some(Popup::Timeline(panel)) = &mut state.popup else {
        return None;
    };
    panel.scroll_by(rows);
    Some(Vec::new())
}
