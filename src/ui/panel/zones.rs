//! The names of the zones, where only one of them is shown.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use crate::{app::State, app::command::Context, model::Focus, ui::theme::Theme};

/// Draws the line into `area`.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, area: Rect) {
    let zones = [
        (
            "Request",
            "go-body",
            matches!(state.focus, Focus::Url | Focus::Request),
        ),
        ("Response", "go-response", state.focus == Focus::Response),
        ("History", "go-history", state.focus == Focus::History),
        (
            "Collection",
            "go-collection",
            state.focus == Focus::Collection,
        ),
    ];
    let mut spans = Vec::new();
    for (name, command, open) in zones {
        let key = state.key_name(Context::Anywhere, command);
        let style = if open { theme.chosen() } else { theme.dim() };
        spans.push(Span::styled(format!(" {name} "), style));
        spans.push(Span::styled(format!(" {key}   "), theme.dim()));
    }
    frame.render_widget(Line::from(spans), area);
}
