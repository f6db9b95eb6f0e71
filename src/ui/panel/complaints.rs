//! What the server said of single fields, beside them; twin of [`crate::app::panel::pins`].

use ratatui::{Frame, layout::Rect};

use crate::{
    app::{State, editor::Editor, message::Level, panel::table::Row},
    model::RequestTab,
    text,
    ui::{theme::Theme, widget::input},
};

/// What was said of a row, until it is edited.
pub fn of_row(state: &State, tab: RequestTab, row: &Row) -> Option<String> {
    let found = state.pins()?.of_row(tab, &row.field())?;
    Some(text::display(found).into_owned())
}

/// Draws what was said of members of a JSON body behind the lines that their values begin in.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, area: Rect, editor: &Editor) {
    let json = editor.text();
    let first = input::first_line(editor, usize::from(area.height));
    let found = state.pins().map(|pins| pins.of_lines(json));
    for (line, message) in found.unwrap_or_default() {
        let offset = line.checked_sub(first);
        let Some(offset) = offset.filter(|it| *it < usize::from(area.height)) else {
            continue;
        };
        let text = json.split('\n').nth(line).unwrap_or_default();
        let used = (text::width(&text::display(text)) + 2).min(usize::from(area.width));
        let room = usize::from(area.width) - used;
        if room > 10 {
            let message = text::display(&message);
            let shown = text::truncate(&message, room - 2);
            let (x, y) = (area.x + used as u16, area.y + offset as u16);
            let style = theme.level(Level::Error);
            frame
                .buffer_mut()
                .set_string(x, y, format!("! {shown}"), style);
        }
    }
}
