//! The options of an environment, or of every send, in a window; twin of
//! [`crate::app::panel::shared_options`].

use ratatui::Frame;

use crate::{
    app::{State, command::Context, layout::Area, panel::shared_options::SharedOptions},
    options::OPTIONS,
    text,
    ui::{
        panel::{
            settings::{self, Remarks},
            window::{centred, foot, window},
        },
        theme::Theme,
    },
};

/// Draws the window.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, editor: &SharedOptions) {
    let area = centred(state, 96, OPTIONS.len() as u16 + 6);
    let title = match &editor.environment {
        Some(name) => format!("Options of {}", text::display(name)),
        None => "Options of every send".to_owned(),
    };
    window(frame, theme, area, &title);
    let inner = area.inner();
    let list = Area {
        height: inner.height.saturating_sub(2),
        ..inner
    };
    let remarks = Remarks {
        problems: editor.options.problems(),
        note: None,
    };
    settings::draw(frame, theme, list, &editor.options.settings, &remarks, true);
    let keys = [
        (Context::Shared, "save", "keep"),
        (Context::Choice, "next", "choose"),
        (Context::Shared, "clear", "choose nothing"),
        (Context::Shared, "close", "discard"),
    ];
    foot(frame, state, theme, inner, editor.problem.as_ref(), &keys);
}
