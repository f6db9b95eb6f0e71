//! Commands of the body of a response, and of the line typed below it.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every deed has the type that the command table asks for"
)]

use crate::{
    app::{
        State,
        command::{
            Command,
            Context::{BodyEntry, ResponseBody},
        },
        effect::{Effect, Program},
        message::Notice,
        panel::response::body::Entry,
        viewer,
    },
    inspect::{Jump, Way},
    model::{Outcome, Response},
    units::counted,
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "search",
        context: ResponseBody,
        hint: "search",
        help: "Search the body: a text, or an expression between slashes",
        run: |state| open(state, Entry::Search),
    },
    Command {
        name: "next-match",
        context: ResponseBody,
        hint: "",
        help: "To the next place found",
        run: |state| go_on(state, true),
    },
    Command {
        name: "previous-match",
        context: ResponseBody,
        hint: "",
        help: "To the previous place found",
        run: |state| go_on(state, false),
    },
    Command {
        name: "filter",
        context: ResponseBody,
        hint: "jq",
        help: "Filter the body with jq, applied while it is typed",
        run: |state| open(state, Entry::Filter),
    },
    Command {
        name: "fold",
        context: ResponseBody,
        hint: "fold",
        help: "Fold or unfold the object or array of this row",
        run: |state| {
            if !state.response.body_page.can_fold() {
                return None;
            }
            done(state.response.body_page.turn_fold(&mut state.jobs))
        },
    },
    Command {
        name: "fold-all",
        context: ResponseBody,
        hint: "",
        help: "Fold everything but the outermost level",
        run: |state| {
            let page = &mut state.response.body_page;
            done(page.fold_from(Some(1), &mut state.jobs))
        },
    },
    Command {
        name: "unfold-all",
        context: ResponseBody,
        hint: "",
        help: "Unfold everything",
        run: |state| {
            let page = &mut state.response.body_page;
            done(page.fold_from(None, &mut state.jobs))
        },
    },
    Command {
        name: "deeper",
        context: ResponseBody,
        hint: "",
        help: "Show one level more; in a table, move on by a column",
        run: |state| done(state.response.body_page.deeper(true, &mut state.jobs)),
    },
    Command {
        name: "shallower",
        context: ResponseBody,
        hint: "",
        help: "Show one level less; in a table, move back by a column",
        run: |state| done(state.response.body_page.deeper(false, &mut state.jobs)),
    },
    Command {
        name: "next-sibling",
        context: ResponseBody,
        hint: "",
        help: "To the next value beside this one",
        run: |state| jump(state, Jump::Next, "There is no value behind this one."),
    },
    Command {
        name: "previous-sibling",
        context: ResponseBody,
        hint: "",
        help: "To the previous value beside this one",
        run: |state| {
            jump(
                state,
                Jump::Previous,
                "There is no value in front of this one.",
            )
        },
    },
    Command {
        name: "parent",
        context: ResponseBody,
        hint: "",
        help: "To the object or array that this value lies in",
        run: |state| jump(state, Jump::Parent, "This is the whole value."),
    },
    Command {
        name: "raw",
        context: ResponseBody,
        hint: "raw",
        help: "Show the text as received, or laid out again",
        run: |state| done(state.response.body_page.turn_way(Way::Raw, &mut state.jobs)),
    },
    Command {
        name: "hex",
        context: ResponseBody,
        hint: "",
        help: "Show the bytes in hexadecimal, or the text again",
        run: |state| done(state.response.body_page.turn_way(Way::Hex, &mut state.jobs)),
    },
    Command {
        name: "select",
        context: ResponseBody,
        hint: "",
        help: "Select rows from here on; copy then takes them",
        run: |state| {
            state.response.body_page.turn_selection();
            Some(Vec::new())
        },
    },
    Command {
        name: "copy",
        context: ResponseBody,
        hint: "",
        help: "Copy the selected rows, else the body",
        run: copy,
    },
    Command {
        name: "copy-value",
        context: ResponseBody,
        hint: "",
        help: "Copy the value of this row as received, or the line",
        run: copy_value,
    },
    Command {
        name: "copy-path",
        context: ResponseBody,
        hint: "",
        help: "Copy the path of this row: .items[3].price",
        run: copy_path,
    },
    Command {
        name: "save",
        context: ResponseBody,
        hint: "save",
        help: "Save the body into a file, byte for byte as received",
        run: open_save,
    },
    Command {
        name: "pager",
        context: ResponseBody,
        hint: "",
        help: "Open the body in $PAGER",
        run: |state| show(state, Program::Pager),
    },
    Command {
        name: "editor",
        context: ResponseBody,
        hint: "",
        help: "Open the body in $VISUAL or $EDITOR, to look at it",
        run: |state| show(state, Program::Editor),
    },
    Command {
        name: "leave",
        context: ResponseBody,
        hint: "",
        help: "End the selection, the search or the filter",
        run: |state| {
            if state.sends.to_cancel(state.response.shown()).is_some() {
                return None;
            }
            state.response.body_page.step_back(&mut state.jobs)
        },
    },
    Command {
        name: "done",
        context: BodyEntry,
        hint: "keep",
        help: "Keep what was found; save the file",
        run: finish,
    },
    Command {
        name: "leave",
        context: BodyEntry,
        hint: "leave",
        help: "Leave the search, the filter or the file name",
        run: |state| Some(state.response.body_page.leave(&mut state.jobs)),
    },
    Command {
        name: "earlier",
        context: BodyEntry,
        hint: "",
        help: "The filter used before this one",
        run: |state| state.response.body_page.recall(true, &mut state.jobs),
    },
    Command {
        name: "later",
        context: BodyEntry,
        hint: "",
        help: "The filter used after this one",
        run: |state| state.response.body_page.recall(false, &mut state.jobs),
    },
];

fn done(effect: Option<Effect>) -> Option<Vec<Effect>> {
    Some(effect.into_iter().collect())
}

fn tell(state: &mut State, text: &str) -> Option<Vec<Effect>> {
    state.notice = Some(Notice::info(text));
    Some(Vec::new())
}

fn open(state: &mut State, entry: Entry) -> Option<Vec<Effect>> {
    let page = &mut state.response.body_page;
    let has_text = page
        .whole()
        .is_some_and(|it| it.document().text().is_some());
    if entry == Entry::Filter && !has_text {
        return tell(state, "A jq filter takes JSON; this body is not even text.");
    }
    page.open(entry);
    Some(Vec::new())
}

fn go_on(state: &mut State, forward: bool) -> Option<Vec<Effect>> {
    let page = &mut state.response.body_page;
    if let Some(effects) = page.go_on(forward, &mut state.jobs) {
        return Some(effects);
    }
    if page.find.is_searching() {
        return tell(
            state,
            "The search still goes on; the first place found is shown as soon as it is known.",
        );
    }
    let search = state.key_name(ResponseBody, "search");
    tell(state, &format!("Nothing was found; {search} searches."))
}

fn jump(state: &mut State, to: Jump, otherwise: &str) -> Option<Vec<Effect>> {
    if state.response.body_page.jump(to) {
        return Some(Vec::new());
    }
    let is_json = state.response.body_page.path().is_some();
    tell(
        state,
        if is_json {
            otherwise
        } else {
            "Only values of JSON lie beside and in one another."
        },
    )
}

fn copy(state: &mut State) -> Option<Vec<Effect>> {
    // Without a selection it is the page, as everywhere in this zone.
    let text = state.response.body_page.selected_text()?;
    state.response.body_page.end_selection();
    Some(vec![Effect::Copy {
        text,
        what: "the selected rows",
    }])
}

fn copy_value(state: &mut State) -> Option<Vec<Effect>> {
    let page = &state.response.body_page;
    let value = page.layout().and_then(|layout| layout.value(page.cursor()));
    let text = value.and_then(|value| String::from_utf8(value.to_vec()).ok());
    match text {
        Some(text) => Some(vec![Effect::Copy {
            text,
            what: "the value",
        }]),
        None => tell(state, "There is no value here."),
    }
}

fn copy_path(state: &mut State) -> Option<Vec<Effect>> {
    let page = &state.response.body_page;
    match page.layout().and_then(|it| it.path(page.cursor(), true)) {
        Some(text) => Some(vec![Effect::Copy {
            text,
            what: "the path",
        }]),
        None => tell(state, "Only values of JSON have a path."),
    }
}

fn open_save(state: &mut State) -> Option<Vec<Effect>> {
    let Some(name) = viewer::offered_name(state) else {
        return tell(state, "The body can be saved when it is here.");
    };
    state.response.body_page.save.set(name);
    let outcome = state.response.exchange().and_then(|it| it.outcome.as_ref());
    let masked = outcome
        .and_then(Outcome::received)
        .map_or(0, Response::masked);
    if masked > 0 {
        let are = if masked == 1 {
            "is a mark"
        } else {
            "are marks"
        };
        state.notice = Some(Notice::warning(format!(
            "These are not the exact bytes: {} of the body {are}, since the history keeps no secrets.",
            counted(masked, "value")
        )));
    }
    open(state, Entry::Save)
}

fn show(state: &mut State, program: Program) -> Option<Vec<Effect>> {
    match viewer::show_outside(state, program) {
        Some(effect) => Some(vec![effect]),
        None => tell(state, "The body can be opened when it is here."),
    }
}

fn finish(state: &mut State) -> Option<Vec<Effect>> {
    let is_save = state.response.body_page.entry == Some(Entry::Save);
    let effect = if is_save { viewer::save(state) } else { None };
    state.response.body_page.keep();
    done(effect)
}
