//! Comparing exchanges of the history: which ones, and the window that shows it.

use std::sync::Arc;

use crate::{
    compare::{Comparison, Pair, unified},
    model::{ExchangeId, Summary},
};

use super::{
    Popup, State,
    command::Context,
    effect::Effect,
    layout::Area,
    message::{JobId, Notice},
    panel::compare::{ComparePanel, page::Form, usually_ignored},
};

/// Where two values fit side by side.
const WIDE: u16 = 100;

impl State {
    /// What is left out of comparisons.
    pub fn ignored(&self) -> Vec<String> {
        self.ignored.clone().unwrap_or_else(usually_ignored)
    }

    /// The area of the window of a comparison: all but the top and the bottom line.
    pub fn compare_area(&self) -> Area {
        let (columns, rows) = self.size;
        Area {
            x: 0,
            y: 1,
            width: columns,
            height: rows.saturating_sub(2),
        }
    }
}

/// Compares the chosen exchange with the marked one, or the two that are marked; with none marked, with
/// the last one that worked.
pub(super) fn compare_chosen(state: &mut State) -> Vec<Effect> {
    let marked = state.history.marked();
    let pair = match (marked, state.history.chosen()) {
        ([one, other], _) => Pair::Of(*one, *other),
        ([one], Some(chosen)) if *one != chosen => Pair::Of(*one, chosen),
        ([] | [_], Some(chosen)) => Pair::LastWorked(chosen),
        ([] | [_], None) => {
            state.chosen_row();
            return Vec::new();
        }
        _ => {
            let mark = state.key_name(Context::History, "mark");
            state.notice = Some(Notice::warning(format!(
                "Two exchanges can be compared: {mark} takes a mark away again."
            )));
            return Vec::new();
        }
    };
    open(state, in_order(pair))
}

/// What changed since the request of the chosen or shown exchange last worked.
pub(super) fn compare_with_last_worked(state: &mut State, id: Option<ExchangeId>) -> Vec<Effect> {
    let Some(id) = id.filter(|id| id.0 > 0) else {
        state.notice = Some(Notice::info(
            "Only an exchange that is in the history can be compared.",
        ));
        return Vec::new();
    };
    open(state, Pair::LastWorked(id))
}

/// The older one first, whichever was marked first.
fn in_order(pair: Pair) -> Pair {
    match pair {
        Pair::Of(one, other) => Pair::Of(one.min(other), one.max(other)),
        Pair::LastWorked(id) => Pair::LastWorked(id),
    }
}

/// Opens the window of a comparison.
pub(super) fn open(state: &mut State, pair: Pair) -> Vec<Effect> {
    let form = Form {
        side_by_side: state.size.0 >= WIDE,
        unfolded: false,
    };
    let ignored = state.ignored();
    let (panel, effect) = ComparePanel::open(pair, form, &ignored, &mut state.jobs);
    state.popup = Some(Popup::Compare(Box::new(panel)));
    vec![effect]
}

/// Takes what came of it; a window that was closed meanwhile has no use for it.
pub(super) fn compared(
    state: &mut State,
    job: JobId,
    found: Result<Arc<Comparison>, String>,
) -> Vec<Effect> {
    if let Some(Popup::Compare(panel)) = &mut state.popup {
        panel.take(job, found);
    }
    Vec::new()
}

/// Takes the sends to one place; likewise.
pub(super) fn timeline(
    state: &mut State,
    job: JobId,
    rows: Result<Vec<Summary>, String>,
) -> Vec<Effect> {
    if let Some(Popup::Timeline(panel)) = &mut state.popup {
        panel.take(job, rows, &state.time_zone);
    }
    Vec::new()
}

/// Leaves out of this comparison and all later ones what the cursor is on.
pub(super) fn ignore_chosen(state: &mut State) -> Vec<Effect> {
    let Some(Popup::Compare(panel)) = &state.popup else {
        return Vec::new();
    };
    let name = panel.chosen_row().map(|row| row.name.clone());
    let Some(entry) = name.filter(|name| can_be_ignored(name)) else {
        state.notice = Some(Notice::info(
            "A header, a field or a JSON value can be left out; a line of a text cannot.",
        ));
        return Vec::new();
    };
    let mut list = state.ignored();
    list.push(entry.clone());
    state.notice = Some(Notice::info(format!(
        "{entry} is left out of comparisons from now on."
    )));
    ask_again(state, Some(list))
}

/// Back to the usual list.
pub(super) fn ignore_as_usual(state: &mut State) -> Vec<Effect> {
    state.notice = Some(Notice::info(format!(
        "Left out of comparisons: {}.",
        usually_ignored().join(", ")
    )));
    ask_again(state, None)
}

fn ask_again(state: &mut State, list: Option<Vec<String>>) -> Vec<Effect> {
    state.ignored = list;
    let ignored = state.ignored();
    let Some(Popup::Compare(panel)) = &mut state.popup else {
        return Vec::new();
    };
    vec![panel.ask(&ignored, &mut state.jobs)]
}

/// What the list understands; of the request line and the answer nothing can be left out.
fn can_be_ignored(name: &str) -> bool {
    !name.is_empty() && name != "." && crate::compare::Ignored::parse([name]).is_ok()
}

/// The differences as text.
pub(super) fn copy(state: &State) -> Vec<Effect> {
    let Some(Popup::Compare(panel)) = &state.popup else {
        return Vec::new();
    };
    let text = panel.comparison().map(unified);
    let copied = text.map(|text| Effect::Copy {
        text,
        what: "the differences",
    });
    copied.into_iter().collect()
}
