//! A name being typed, over the zones: the line, and what will come of it or what is wrong with it.

use ratatui::Frame;

use crate::{
    app::{
        State,
        panel::name::{NamePrompt, Purpose},
        rich::{self, Tone},
    },
    ui::{theme::Theme, widget::lines},
};

use super::window::{centred, typed_line, window};

/// Draws the popup.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, prompt: &NamePrompt) {
    let area = centred(state, 72, 7);
    window(frame, theme, area, prompt.title());
    let inner = area.inner();
    typed_line(frame, theme, inner, &prompt.typed);
    let shown = match (&prompt.problem, prompt.path()) {
        (Some(problem), _) => rich::wrap(Tone::Warning, &format!("! {problem}"), inner.width, 2),
        (None, Err(hint)) => rich::wrap(Tone::Dim, &hint, inner.width, 0),
        (None, Ok(name)) if matches!(prompt.purpose, Purpose::RenameEnvironment { .. }) => {
            let place = format!("→ environments/{name}.toml");
            rich::wrap(Tone::Dim, &place, inner.width, 2)
        }
        (None, Ok(_)) if let Purpose::Label { ids, .. } = &prompt.purpose => {
            let whose = match ids.as_slice() {
                [id] => format!("of #{id}; an empty line takes it away"),
                all => format!("of {} exchanges", all.len()),
            };
            rich::wrap(Tone::Dim, &whose, inner.width, 0)
        }
        (None, Ok(_)) if let Purpose::Example(id) = &prompt.purpose => {
            let whose =
                format!("#{id} becomes an example of the saved request that it belongs to.");
            rich::wrap(Tone::Dim, &whose, inner.width, 0)
        }
        (None, Ok(path)) => rich::wrap(Tone::Dim, &place(state, &path), inner.width, 2),
    };
    lines::draw(frame, theme, inner.below(2), &shown, 0);
}

/// Where it will be, a / at the end of folders.
fn place(state: &State, path: &str) -> String {
    let name = state
        .collection
        .open()
        .map_or("", |open| open.name.as_str());
    format!("→ {path} in {name}. A / names folders; missing ones are made.")
}
