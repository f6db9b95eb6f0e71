//! The picture of the state: [`view`] reads, never writes. One file a zone, twins of
//! [`crate::app::panel`].

pub mod panel;
pub mod theme;
pub mod widget;

use ratatui::{Frame, layout::Rect};

use crate::app::{
    State,
    layout::{Area, Layout, Mode, SMALLEST},
};
use crate::model::{Focus, Left};

use theme::Theme;
use widget::frame as border;

/// Draws the whole screen.
pub fn view(frame: &mut Frame, state: &State, theme: Theme) {
    let theme = theme.in_production(state.is_production());
    let layout = state.layout();
    if layout.mode == Mode::TooSmall {
        let (columns, rows) = SMALLEST;
        let text = format!("posttui needs {columns}x{rows} cells");
        frame.render_widget(text, frame.area());
        return;
    }
    panel::bar::draw(frame, state, theme, rect(layout.bar));
    if layout.mode == Mode::Narrow {
        panel::zones::draw(frame, state, theme, rect(layout.zones));
    }
    draw_zones(frame, state, theme, &layout);
    panel::hints::draw(frame, state, theme, rect(layout.hints));
    panel::popup::draw(frame, state, theme);
}

/// Draws the borders, the focused zone's last, since neighbours share theirs; then what is in them.
fn draw_zones(frame: &mut Frame, state: &State, theme: Theme, layout: &Layout) {
    let left = match state.left {
        Left::History => Focus::History,
        Left::Collection => Focus::Collection,
    };
    let zones = [
        (left, layout.history),
        (Focus::Request, layout.request),
        (Focus::Response, layout.response),
    ];
    let has_focus = |zone| zone == state.focus && state.popup.is_none();
    for focused in [false, true] {
        for (zone, area) in zones {
            if let Some(area) = area.filter(|_| has_focus(zone) == focused) {
                border::zone(frame, theme, area, focused);
            }
        }
    }
    if let Some(area) = layout.history {
        panel::left::draw(frame, state, theme, area);
    }
    if let Some(area) = layout.request {
        panel::request::draw(frame, state, theme, area);
    }
    if let Some(area) = layout.response {
        if state.has_preview_beside() {
            panel::wire::draw_beside(frame, state, theme, area);
        } else {
            panel::response::draw(frame, state, theme, area);
        }
    }
}

/// The area as ratatui calls it.
pub(crate) fn rect(area: Area) -> Rect {
    Rect::new(area.x, area.y, area.width, area.height)
}
