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
    let line = |with_keys: bool| {
        let mut spans = Vec::new();
        for (name, command, open) in zones {
            let style = if open { theme.chosen() } else { theme.dim() };
            spans.push(Span::styled(format!(" {name} "), style));
            if with_keys {
                let key = state.key_name(Context::Anywhere, command);
                spans.push(Span::styled(format!(" {key}   "), theme.dim()));
            }
        }
        Line::from(spans)
    };
    let explained = line(true);
    let fits = explained.width() <= usize::from(area.width);
    frame.render_widget(if fits { explained } else { line(false) }, area);
}
