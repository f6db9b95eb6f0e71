//! Rows with fixed labels on the screen; twin of [`crate::app::panel::settings`].
//!
//! ```text
//! kind            ‹ Basic — user name and password, with every request ›
//! user name       ann
//! password        ••••••••            ! the password is missing
//!
//! who you are                                          (help of the row with the cursor, or a note)
//! ```

use ratatui::{Frame, layout::Rect, style::Style, text::Span};

use crate::{
    app::{
        editor::Editor,
        layout::Area,
        message::Level,
        panel::settings::{Setting, Settings, Value},
        rich::{Line, Tone, wrap},
    },
    model::REDACTED,
    text,
    ui::{
        rect,
        theme::Theme,
        widget::{frame as border, input},
    },
};

/// What stands in the place of a secret, however long it is.
const DOTS: &str = "••••••••";

/// What a screen has to say of the rows beside what is in them.
pub struct Remarks {
    /// The rows that cannot be sent, and why.
    pub problems: Vec<(&'static str, String)>,
    /// A sentence that matters for all of them.
    pub note: Option<String>,
}

/// Lines that the foot has at the most.
const MOST_FOOT_ROWS: usize = 3;

/// Draws the rows into `area`, the last lines being for the note or the help.
pub fn draw(
    frame: &mut Frame,
    theme: Theme,
    area: Area,
    settings: &Settings,
    remarks: &Remarks,
    has_cursor: bool,
) {
    let (said, style) = foot(theme, area, settings, remarks, has_cursor);
    let footed = area.height > 3;
    // The foot has a line also where nothing is said, so that the rows stand still.
    let foot_rows = if footed { said.len().max(1) as u16 } else { 0 };
    let list = Area {
        height: area.height - foot_rows,
        ..area
    };
    let height = usize::from(list.height);
    let first = (settings.row() + 1).saturating_sub(height);
    let labels = label_columns(settings, area.width);
    let shown = settings.rows().iter().enumerate().skip(first).take(height);
    for (index, row) in shown {
        let place = Rect {
            y: list.y + (index - first) as u16,
            height: 1,
            ..rect(list)
        };
        let look = Look {
            theme,
            cursor: has_cursor && index == settings.row(),
            revealed: settings.revealed,
        };
        draw_row(frame, place, labels, row, look, remarks);
    }
    if footed {
        draw_foot(frame, area, &said, style);
    }
    let around = Area {
        x: area.x - 2,
        y: area.y - 1,
        width: area.width + 4,
        height: area.height + 2,
    };
    border::scroll_bar(
        frame,
        theme,
        around,
        settings.rows().len(),
        first,
        list.height,
    );
}

#[derive(Clone, Copy)]
struct Look {
    theme: Theme,
    cursor: bool,
    revealed: bool,
}

fn label_columns(settings: &Settings, width: u16) -> u16 {
    let longest = settings.rows().iter().map(|row| text::width(row.label));
    (longest.max().unwrap_or(0) as u16 + 2).clamp(16, (width * 2 / 5).max(16))
}

fn draw_row(
    frame: &mut Frame,
    area: Rect,
    labels: u16,
    row: &Setting,
    look: Look,
    remarks: &Remarks,
) {
    let wrong = remarks.problems.iter().find(|(name, _)| *name == row.name);
    let error = look.theme.level(Level::Error);
    let label_style = if wrong.is_some() {
        error
    } else {
        look.theme.name()
    };
    frame
        .buffer_mut()
        .set_stringn(area.x, area.y, row.label, usize::from(labels), label_style);
    let value = Rect {
        x: area.x + labels,
        width: area.width.saturating_sub(labels),
        ..area
    };
    let used = draw_value(frame, value, row, look);
    match wrong {
        Some((_, reason)) => draw_reason(frame, value, used, reason, error),
        None => draw_origin(frame, value, used, row, look.theme.dim()),
    }
}

/// Columns of a reason that are shown at the least; the whole of it stands at the foot.
const REASON_COLUMNS: u16 = 24;

/// The reason stands behind the value, or over its end where there is no room.
fn draw_reason(frame: &mut Frame, value: Rect, used: u16, reason: &str, style: Style) {
    let reason = format!(" ! {}", text::display(reason));
    let wanted = (text::width(&reason) as u16).min(REASON_COLUMNS);
    let start = used.min(value.width.saturating_sub(wanted));
    let shown = text::truncate(&reason, usize::from(value.width - start)).into_owned();
    frame
        .buffer_mut()
        .set_string(value.x + start, value.y, shown, style);
}

/// Where the value belongs to, behind it where there is room.
fn draw_origin(frame: &mut Frame, value: Rect, used: u16, row: &Setting, style: Style) {
    if row.origin.is_empty() || row.text().is_empty() {
        return;
    }
    let origin = format!(" · {}", text::display(&row.origin));
    if used + text::width(&origin) as u16 <= value.width {
        frame
            .buffer_mut()
            .set_string(value.x + used, value.y, origin, style);
    }
}

/// Draws the value; answers with the columns that it takes.
fn draw_value(frame: &mut Frame, area: Rect, row: &Setting, look: Look) -> u16 {
    match &row.value {
        Value::Choice(choice) => {
            let label = text::display(choice.label());
            let shown = format!("‹ {label} ›");
            let shown = text::truncate(&shown, usize::from(area.width)).into_owned();
            let style = if look.cursor {
                look.theme.chosen()
            } else {
                Style::new()
            };
            let columns = text::width(&shown) as u16;
            frame.buffer_mut().set_string(area.x, area.y, shown, style);
            columns
        }
        Value::Text(editor) => draw_text(frame, area, row, editor, look),
        Value::Secret(editor) => {
            let hidden =
                !look.revealed && !look.cursor && !editor.is_empty() && editor.text() != REDACTED;
            if !hidden {
                return draw_text(frame, area, row, editor, look);
            }
            frame.buffer_mut().set_stringn(
                area.x,
                area.y,
                DOTS,
                usize::from(area.width),
                Style::new(),
            );
            text::width(DOTS) as u16
        }
    }
}

fn draw_text(frame: &mut Frame, area: Rect, row: &Setting, editor: &Editor, look: Look) -> u16 {
    if editor.is_empty() && !row.default.is_empty() {
        let shift = u16::from(look.cursor);
        let room = usize::from(area.width.saturating_sub(shift));
        let dim = look.theme.dim();
        frame
            .buffer_mut()
            .set_stringn(area.x + shift, area.y, &row.default, room, dim);
    }
    input::line(frame, area, editor, Style::new(), look.cursor);
    let typed = text::width(&text::display(editor.text()));
    let default = if editor.is_empty() {
        text::width(&row.default)
    } else {
        0
    };
    (typed.max(default) as u16 + u16::from(look.cursor)).min(area.width)
}

/// What is said at the foot: why the row under the cursor cannot be sent, else a note, else what the row means;
/// whole, in a few lines.
fn foot(
    theme: Theme,
    area: Area,
    settings: &Settings,
    remarks: &Remarks,
    has_cursor: bool,
) -> (Vec<Line>, Style) {
    let current = settings.current().filter(|_| has_cursor);
    let wrong = current.and_then(|row| {
        let mut problems = remarks.problems.iter();
        problems.find(|(name, _)| *name == row.name)
    });
    let (said, style) = match (wrong, &remarks.note, current) {
        (Some((_, reason)), ..) => (reason.as_str(), theme.level(Level::Error)),
        (None, Some(note), _) => (note.as_str(), theme.level(Level::Warning)),
        (None, None, Some(row)) => (row.help, theme.dim()),
        (None, None, None) => ("", theme.dim()),
    };
    let mut lines = wrap(Tone::Plain, said, area.width, 2);
    lines.truncate(usize::from(area.height / 3).min(MOST_FOOT_ROWS));
    (lines, style)
}

fn draw_foot(frame: &mut Frame, area: Area, lines: &[Line], style: Style) {
    for (offset, line) in lines.iter().enumerate() {
        let place = Area {
            y: area.y + area.height - (lines.len() - offset) as u16,
            height: 1,
            ..area
        };
        frame.render_widget(Span::styled(line.text(), style), rect(place));
    }
}
