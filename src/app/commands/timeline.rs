//! Commands of the timeline of an endpoint, and those that open it.

use crate::app::{
    Popup, State,
    command::{
        Command,
        Context::{History, Response, Timeline},
    },
    effect::Effect,
    panel::timeline::TimelinePanel,
};
use crate::model::ExchangeId;

pub const COMMANDS: &[Command] = &[
    Command {
        name: "timeline",
        context: History,
        hint: "",
        help: "This endpoint over time: what its sends came to, how long they took, day by day",
        run: |state| {
            let id = state.history.selected();
            open(state, id)
        },
    },
    Command {
        name: "timeline",
        context: Response,
        hint: "",
        help: "This endpoint over time: what its sends came to, how long they took, day by day",
        run: |state| {
            let id = state.response.id();
            open(state, id)
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

fn open(state: &mut State, id: Option<ExchangeId>) -> Option<Vec<Effect>> {
    let id = id.filter(|id| id.0 > 0)?;
    let (panel, effect) = TimelinePanel::open(id, &mut state.jobs);
    state.popup = Some(Popup::Timeline(Box::new(panel)));
    Some(vec![effect])
}

fn scroll(state: &mut State, rows: isize) -> Option<Vec<Effect>> {
    let Some(Popup::Timeline(panel)) = &mut state.popup else {
        return None;
    };
    panel.scroll_by(rows);
    Some(Vec::new())
}
