//! What would go on the wire: the preview, and the automatic header fields below the user's own; twin
//! of [`crate::app::panel::wire`].

use ratatui::{
    Frame,
    text::{Line, Span},
};

use crate::{
    app::{State, command::Context, layout::Area},
    text,
    ui::{
        theme::Theme,
        widget::{frame as border, lines},
    },
};

/// Draws the preview into a zone's area, within its border.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, area: Area) {
    let (inner, wire) = (area.inner(), &state.wire);
    lines::draw(frame, theme, inner, &wire.lines, wire.scroll);
    border::scroll_bar(
        frame,
        theme,
        area,
        wire.lines.len(),
        wire.scroll,
        inner.height,
    );
}

/// Draws the preview in the place of the response, while the draft is edited.
pub fn draw_beside(frame: &mut Frame, state: &State, theme: Theme, area: Area) {
    let key = state.key_name(Context::Anywhere, "preview-beside");
    let title = Line::from(vec![
        Span::styled(" Preview ", theme.strong()),
        Span::styled(format!("─ what would go out · {key} "), theme.dim()),
    ]);
    border::title(frame, area, &title);
    draw(frame, state, theme, area);
}

/// Draws the automatic fields, a row each, in the columns of the table above them.
pub fn draw_automatic(
    frame: &mut Frame,
    state: &State,
    theme: Theme,
    area: Area,
    name_columns: u16,
) {
    let rows = state
        .wire
        .automatic
        .iter()
        .zip(area.y..area.y + area.height);
    for (automatic, y) in rows {
        let name = text::display(&automatic.header.name).into_owned();
        let name = text::truncate(&name, usize::from(name_columns)).into_owned();
        let value = automatic.header.text();
        let value = if automatic.replaced {
            "not sent: your row above takes the place of the jar's cookies".to_owned()
        } else if automatic.suppressed {
            "not sent: its row above is off".to_owned()
        } else {
            format!("{}   automatic", text::display(&value))
        };
        let value_x = area.x + 4 + name_columns + 2;
        let room = usize::from((area.x + area.width).saturating_sub(value_x));
        let value = text::truncate(&value, room).into_owned();
        let buffer = frame.buffer_mut();
        buffer.set_string(area.x + 4, y, name, theme.dim());
        buffer.set_string(value_x, y, value, theme.dim());
    }
}
