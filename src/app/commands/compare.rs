//! Commands of a comparison, and those that open one.

use crate::app::{
    Popup, State,
    command::{
        Command,
        Context::{Compare, History, Response},
    },
    compare,
    effect::Effect,
    panel::compare::ComparePanel,
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "mark",
        context: History,
        hint: "mark",
        help: "Mark the exchange, or take its mark away: to compare it, or to do something with several",
        run: |state| {
            let Some(id) = state.chosen_row() else {
                return Some(Vec::new());
            };
            state.history.toggle_mark(id);
            Some(state.walk_history(1))
        },
    },
    Command {
        name: "unmark",
        context: History,
        hint: "",
        help: "Take away every mark",
        run: |state| {
            state.history.unmark();
            Some(Vec::new())
        },
    },
    Command {
        name: "compare",
        context: History,
        hint: "compare",
        help: "Compare the exchange with the marked one, or the two that are marked; without a mark: what changed since it last worked",
        run: |state| Some(compare::compare_chosen(state)),
    },
    Command {
        name: "since-worked",
        context: History,
        hint: "",
        help: "What changed since this request last worked: compare with its last 2xx",
        run: |state| {
            let Some(id) = state.chosen_row() else {
                return Some(Vec::new());
            };
            Some(compare::compare_with_last_worked(state, Some(id)))
        },
    },
    Command {
        name: "since-worked",
        context: Response,
        hint: "",
        help: "What changed since this request last worked: compare with its last 2xx",
        run: |state| {
            let id = state.response.id();
            Some(compare::compare_with_last_worked(state, id))
        },
    },
    Command {
        name: "next-difference",
        context: Compare,
        hint: "next",
        help: "To the next difference",
        run: |state| with(state, |panel| panel.step(true)),
    },
    Command {
        name: "previous-difference",
        context: Compare,
        hint: "previous",
        help: "To the difference before",
        run: |state| with(state, |panel| panel.step(false)),
    },
    Command {
        name: "fold",
        context: Compare,
        hint: "equal parts",
        help: "Show what is the same, too, or fold it",
        run: |state| {
            with(state, |panel| {
                panel.change_form(|form| form.unfolded = !form.unfolded);
            })
        },
    },
    Command {
        name: "side-by-side",
        context: Compare,
        hint: "side by side",
        help: "Side by side, or one below the other",
        run: |state| {
            with(state, |panel| {
                panel.change_form(|form| form.side_by_side = !form.side_by_side);
            })
        },
    },
    Command {
        name: "ignore",
        context: Compare,
        hint: "ignore it",
        help: "Leave the header or the JSON value under the cursor out of all comparisons",
        run: |state| Some(compare::ignore_chosen(state)),
    },
    Command {
        name: "ignore-as-usual",
        context: Compare,
        hint: "",
        help: "Leave out what is usually left out, and nothing else",
        run: |state| Some(compare::ignore_as_usual(state)),
    },
    Command {
        name: "copy",
        context: Compare,
        hint: "copy",
        help: "Copy the differences as text",
        run: |state| Some(compare::copy(state)),
    },
    Command {
        name: "down",
        context: Compare,
        hint: "",
        help: "A row down",
        run: |state| with(state, |panel| panel.scroll_by(1)),
    },
    Command {
        name: "up",
        context: Compare,
        hint: "",
        help: "A row up",
        run: |state| with(state, |panel| panel.scroll_by(-1)),
    },
    Command {
        name: "page-down",
        context: Compare,
        hint: "",
        help: "A page down",
        run: |state| with(state, |panel| panel.scroll_by(page(panel))),
    },
    Command {
        name: "page-up",
        context: Compare,
        hint: "",
        help: "A page up",
        run: |state| with(state, |panel| panel.scroll_by(-page(panel))),
    },
    Command {
        name: "start",
        context: Compare,
        hint: "",
        help: "To the start",
        run: |state| with(state, |panel| panel.scroll_by(isize::MIN)),
    },
    Command {
        name: "end",
        context: Compare,
        hint: "",
        help: "To the end",
        run: |state| with(state, |panel| panel.scroll_by(isize::MAX)),
    },
    Command {
        name: "close",
        context: Compare,
        hint: "close",
        help: "Close the comparison",
        run: |state| {
            state.close_popup();
            Some(Vec::new())
        },
    },
];

fn page(panel: &ComparePanel) -> isize {
    panel.page_height().saturating_sub(1).max(1).cast_signed()
}

fn with(state: &mut State, work: impl FnOnce(&mut ComparePanel)) -> Option<Vec<Effect>> {
    let Some(Popup::Compare(panel)) = &mut state.popup else {
        return None;
    };
    work(panel);
    Some(Vec::new())
}
