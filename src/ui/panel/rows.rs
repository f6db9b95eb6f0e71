//! The rows of a table as one text, in a window; twin of [`crate::app::panel::rows`].

use ratatui::{Frame, layout::Rect, text::Span};

use crate::{
    app::{State, layout::Area, panel::rows::RowsText},
    model::RequestTab,
    text,
    ui::{rect, theme::Theme, widget::input},
};

/// Draws the window over the middle of the screen.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, rows: &RowsText) {
    let title = match rows.tab {
        RequestTab::Headers => "Headers as text",
        RequestTab::Query => "Query as text",
        RequestTab::Path => "Path parameters as text",
        RequestTab::Rules => "Rules as text",
        RequestTab::Body | RequestTab::Auth | RequestTab::Options | RequestTab::Preview => {
            "Fields as text"
        }
    };
    let area = state.popup_area();
    super::window::window(frame, theme, area, title);
    let inner = area.inner();
    let height = inner.height.saturating_sub(1);
    let lines = rect(Area { height, ..inner });
    input::lines(frame, lines, &rows.editor, true, |_, _, _, _| {});
    let hint =
        "name=value a line · # before a row switches it off · \\n is a line end, \\\\ a backslash";
    let hint = text::truncate(hint, usize::from(inner.width)).into_owned();
    let place = Rect {
        y: inner.y + height,
        height: 1,
        ..rect(inner)
    };
    frame.render_widget(Span::styled(hint, theme.dim()), place);
}
