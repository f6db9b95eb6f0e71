//! What a row of a multipart body shows behind its value: the content type, and the file name where
//! another one is given.

use ratatui::{Frame, layout::Rect, style::Style};

use crate::{
    app::panel::table::Row,
    model::Cell,
    prepare::{part_file_name, part_type},
    text,
    ui::{theme::Theme, widget::input},
};

/// Stands between the name and a value that is the path of a file.
pub const FILE_MARK: &str = "@";

/// Shares the place behind the name out: the value, and what is said of the part.
pub fn split(area: Rect) -> (Rect, Rect) {
    let width = (area.width * 12 / 25).clamp(12, 34).min(area.width / 2);
    let value = Rect {
        width: area.width.saturating_sub(width + 1),
        ..area
    };
    let detail = Rect {
        x: value.right() + 1,
        width,
        ..area
    };
    (value, detail)
}

/// Draws what is said of the part, or the text under the cursor.
pub fn draw(
    frame: &mut Frame,
    theme: Theme,
    area: Rect,
    row: &Row,
    cell: Option<Cell>,
    has_problem: bool,
) {
    if area.is_empty() {
        return;
    }
    let field = row.field();
    let edited = match cell {
        Some(Cell::Type) => Some((&row.content_type, part_type(&field).unwrap_or_default())),
        Some(Cell::FileName) => Some((&row.file_name, part_file_name(&field))),
        _ => None,
    };
    let columns = usize::from(area.width);
    let mut write = |shown: &str, style: Style, shift: u16| {
        let shown = text::display(shown).into_owned();
        let shown = text::truncate(&shown, columns.saturating_sub(usize::from(shift)));
        frame
            .buffer_mut()
            .set_string(area.x + shift, area.y, shown, style);
    };
    if let Some((editor, usual)) = edited {
        if editor.is_empty() {
            let usual = match cell {
                Some(Cell::FileName) => format!("file name: {usual}"),
                _ => format!("content type: {usual}"),
            };
            write(&usual, theme.dim(), 1);
        }
        input::line(frame, area, editor, Style::new(), true);
        return;
    }
    // What is wrong with the row stands behind its value, in place of this.
    if !has_problem {
        write(&words(row), theme.dim(), 0);
    }
}

fn words(row: &Row) -> String {
    if row.is_file && row.value.is_empty() && row.file_name.is_empty() {
        return "no file yet".to_owned();
    }
    let content_type = part_type(&row.field()).unwrap_or_default();
    if row.is_file && !row.file_name.is_empty() {
        return format!("{content_type} as {}", row.file_name.text());
    }
    content_type
}
