//! Taking edits back outside of the draft: in what lies over the zones (a name, an environment, a cookie,
//! rows as text), in filters and in searches.

use crate::model::Focus;

use super::{Popup, State, editor::Editor, effect::Effect, panel::response::body::Entry};

/// How many steps are kept.
const STEPS: usize = 200;

/// What is typed into as it was before and after its present state; it begins anew with each popup or line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PopupUndo {
    before: Vec<Typed>,
    after: Vec<Typed>,
    /// Whether the last step was typing: what is typed on is one step.
    typing: bool,
}

/// What is typed in a popup; `None` in one that only chooses or asks.
fn content(popup: &Popup) -> Option<Vec<String>> {
    let texts = match popup {
        Popup::Name(prompt) => vec![prompt.typed.text().to_owned()],
        Popup::Rows(rows) => vec![rows.editor.text().to_owned()],
        Popup::Environment(editor) => {
            let head = [editor.name.text(), editor.extends.text()].map(str::to_owned);
            let mut texts = head.to_vec();
            texts.push(editor.production.to_string());
            let rows = editor.variables.fields().into_iter();
            texts.extend(rows.flat_map(|row| [row.enabled.to_string(), row.name, row.value]));
            texts
        }
        Popup::Options(editor) => {
            let rows = editor.options.settings.rows().iter();
            rows.map(|row| row.text().to_owned()).collect()
        }
        Popup::Cookie(editor) => {
            let lines = [
                &editor.name,
                &editor.value,
                &editor.domain,
                &editor.path,
                &editor.expires,
            ];
            let mut texts = lines.map(|line| line.text().to_owned()).to_vec();
            texts.extend([editor.secure, editor.http_only].map(|on| on.to_string()));
            texts
        }
        _ => return None,
    };
    Some(texts)
}

/// What is typed into outside of the draft: a popup, or the line of a filter, a search or a file's name.
#[derive(Debug, Clone, PartialEq)]
enum Typed {
    Popup(Popup),
    Line(Place, Editor),
}

/// A line to type into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    History,
    Collection,
    Body(Entry),
}

impl Typed {
    fn of(state: &State) -> Option<Self> {
        if let Some(popup) = &state.popup {
            return content(popup).is_some().then(|| Self::Popup(popup.clone()));
        }
        let (place, line) = match state.focus {
            Focus::History if state.history.filtering => (Place::History, &state.history.filter),
            Focus::Collection if state.collection.filtering => {
                (Place::Collection, &state.collection.filter)
            }
            Focus::Response => {
                let (entry, line) = state.response.body_page.typed_line()?;
                (Place::Body(entry), line)
            }
            _ => return None,
        };
        Some(Self::Line(place, line.clone()))
    }

    /// Whether the same thing is typed into.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Popup(one), Self::Popup(other)) => {
                std::mem::discriminant(one) == std::mem::discriminant(other)
            }
            (Self::Line(one, _), Self::Line(other, _)) => one == other,
            _ => false,
        }
    }

    fn content(&self) -> Option<Vec<String>> {
        match self {
            Self::Popup(popup) => content(popup),
            Self::Line(_, line) => Some(vec![line.text().to_owned()]),
        }
    }

    /// Brings it back as it is here.
    fn restore(self, state: &mut State) -> Vec<Effect> {
        match self {
            Self::Popup(popup) => state.popup = Some(popup),
            Self::Line(_, line) => {
                if let Some(present) = state.editor() {
                    *present = line;
                }
            }
        }
        state.text_changed()
    }
}

/// Runs what may change what is typed into, and remembers it as it was before.
pub(super) fn watch(
    state: &mut State,
    typed: bool,
    run: impl FnOnce(&mut State) -> Vec<Effect>,
) -> Vec<Effect> {
    let before = Typed::of(state);
    let steps = state.popup_undo.steps();
    let effects = run(state);
    let present = Typed::of(state);
    let (Some(before), Some(present)) = (before, present) else {
        state.popup_undo = PopupUndo::default();
        return effects;
    };
    if !before.is_same(&present) {
        state.popup_undo = PopupUndo::default();
    } else if steps == state.popup_undo.steps() && before.content() != present.content() {
        state.popup_undo.record(before, typed);
    }
    effects
}

impl PopupUndo {
    fn steps(&self) -> (usize, usize) {
        (self.before.len(), self.after.len())
    }

    fn record(&mut self, before: Typed, typed: bool) {
        self.after.clear();
        let goes_on = typed && self.typing && !self.before.is_empty();
        self.typing = typed;
        if goes_on {
            return;
        }
        self.before.push(before);
        if self.before.len() > STEPS {
            self.before.remove(0);
        }
    }
}

/// Takes the last edit back, or does it again; `None` where only the draft is typed into.
pub(super) fn turn(state: &mut State, back: bool) -> Option<Vec<Effect>> {
    let present = Typed::of(state)?;
    let undo = &mut state.popup_undo;
    undo.typing = false;
    let (from, to) = if back {
        (&mut undo.before, &mut undo.after)
    } else {
        (&mut undo.after, &mut undo.before)
    };
    match from.pop() {
        Some(earlier) => {
            to.push(present);
            Some(earlier.restore(state))
        }
        None => Some(Vec::new()),
    }
}
