//! Taking edits back in what lies over the zones: a name, an environment, a cookie, rows as text.

use super::{Popup, State, effect::Effect};

/// How many steps are kept.
const STEPS: usize = 200;

/// The popup as it was before and after its present state; it begins anew with each popup.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PopupUndo {
    before: Vec<Popup>,
    after: Vec<Popup>,
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

/// Runs what may change the popup, and remembers it as it was before.
pub(super) fn watch(
    state: &mut State,
    typed: bool,
    run: impl FnOnce(&mut State) -> Vec<Effect>,
) -> Vec<Effect> {
    let typed_in = state
        .popup
        .as_ref()
        .filter(|popup| content(popup).is_some());
    let before = typed_in.cloned();
    let steps = state.popup_undo.steps();
    let effects = run(state);
    let (Some(before), Some(present)) = (before, &state.popup) else {
        state.popup_undo = PopupUndo::default();
        return effects;
    };
    if std::mem::discriminant(&before) != std::mem::discriminant(present) {
        state.popup_undo = PopupUndo::default();
    } else if steps == state.popup_undo.steps() && content(&before) != content(present) {
        state.popup_undo.record(before, typed);
    }
    effects
}

impl PopupUndo {
    fn steps(&self) -> (usize, usize) {
        (self.before.len(), self.after.len())
    }

    fn record(&mut self, before: Popup, typed: bool) {
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

/// Takes the last edit of the popup back, or does it again; `None` where there is no popup with texts.
pub(super) fn turn(state: &mut State, back: bool) -> Option<Vec<Effect>> {
    let present = state.popup.clone()?;
    content(&present)?;
    let undo = &mut state.popup_undo;
    undo.typing = false;
    let (from, to) = if back {
        (&mut undo.before, &mut undo.after)
    } else {
        (&mut undo.after, &mut undo.before)
    };
    if let Some(earlier) = from.pop() {
        to.push(present);
        state.popup = Some(earlier);
        return Some(state.text_changed());
    }
    Some(Vec::new())
}
