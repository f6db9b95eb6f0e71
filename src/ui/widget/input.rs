//! A text being typed: the part around the cursor that fits, with controls made visible.

use ratatui::{
    Frame,
    layout::{Position, Rect},
    style::{Modifier, Style},
    text::Span,
};
use unicode_segmentation::UnicodeSegmentation;

use crate::{app::editor::Editor, text, ui::theme::Theme};

use super::print;

/// Draws one line of `editor` into the first row of `area`, and puts the terminal's cursor there
/// when it has it. Without the cursor a text that does not fit ends in `…`.
pub fn line(frame: &mut Frame, area: Rect, editor: &Editor, style: Style, has_cursor: bool) {
    if area.is_empty() {
        return;
    }
    let columns = usize::from(area.width);
    if !has_cursor {
        let shown = text::display(editor.text());
        let shown = text::truncate(&shown, columns).into_owned();
        print::text(frame.buffer_mut(), area, &shown, style);
        return;
    }
    let (before, after) = editor.split();
    let (before, after) = (text::display(before), text::display(after));
    let tail = tail_that_fits(&before, columns.saturating_sub(1));
    let column = text::width(tail);
    let head = head_that_fits(&after, columns - column);
    print::text(frame.buffer_mut(), area, &format!("{tail}{head}"), style);
    select(frame, area, column, &text::display(editor.suggestion()));
    frame.set_cursor_position(Position::new(area.x + column as u16, area.y));
}

/// Shows a suggestion before the cursor as what typing takes the place of.
fn select(frame: &mut Frame, area: Rect, cursor: usize, suggestion: &str) {
    let columns = text::width(suggestion).min(cursor);
    let place = Rect {
        x: area.x + (cursor - columns) as u16,
        width: columns as u16,
        height: 1,
        ..area
    };
    let style = Style::new().add_modifier(Modifier::REVERSED);
    frame.buffer_mut().set_style(place, style);
}

/// Likewise; an empty text has a hint in its place, behind the cursor.
pub fn line_or_hint(
    frame: &mut Frame,
    theme: Theme,
    area: Rect,
    editor: &Editor,
    hint: &str,
    has_cursor: bool,
) {
    if editor.is_empty() {
        let shift = u16::from(has_cursor);
        let place = Rect {
            x: area.x + shift,
            width: area.width.saturating_sub(shift),
            ..area
        };
        frame.render_widget(Span::styled(hint, theme.dim()), place);
    }
    line(frame, area, editor, theme.strong(), has_cursor);
}

/// Draws one line of `editor` without the cursor; of one that does not fit, the end: of a path, it says
/// the most.
pub fn line_end(frame: &mut Frame, area: Rect, editor: &Editor, style: Style) {
    let columns = usize::from(area.width);
    let shown = text::display(editor.text());
    let shown = if text::width(&shown) > columns {
        format!("…{}", tail_that_fits(&shown, columns.saturating_sub(1)))
    } else {
        shown.into_owned()
    };
    frame
        .buffer_mut()
        .set_stringn(area.x, area.y, shown, columns, style);
}

/// How many columns of a line that has the cursor are out of sight at the left.
pub fn hidden_columns(editor: &Editor, columns: usize) -> usize {
    let before = text::display(editor.split().0);
    let tail = tail_that_fits(&before, columns.saturating_sub(1));
    text::width(&before) - text::width(tail)
}

/// The end of a text, at most `columns` wide.
fn tail_that_fits(text: &str, columns: usize) -> &str {
    let mut start = text.len();
    let mut used = 0;
    for (index, grapheme) in text.grapheme_indices(true).rev() {
        used += text::width(grapheme);
        if used > columns {
            break;
        }
        start = index;
    }
    text.get(start..).unwrap_or_default()
}

/// The start of a text, at most `columns` wide.
fn head_that_fits(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (index, grapheme) in text.grapheme_indices(true) {
        used += text::width(grapheme);
        if used > columns {
            return text.get(..index).unwrap_or_default();
        }
    }
    text
}

/// The first line of a body text that is shown in `height` rows.
pub fn first_line(editor: &Editor, height: usize) -> usize {
    (editor.line() + 1).saturating_sub(height)
}

/// Draws the lines of a body text around the cursor's line. Each of them is then handed to `paint` with
/// its place and how many of its columns are out of sight at the left.
pub fn lines(
    frame: &mut Frame,
    area: Rect,
    editor: &Editor,
    has_cursor: bool,
    paint: impl Fn(&mut Frame, Rect, &str, usize),
) {
    let height = usize::from(area.height);
    let cursor_line = editor.line();
    let first = first_line(editor, height);
    for (row, text) in editor
        .text()
        .split('\n')
        .enumerate()
        .skip(first)
        .take(height)
    {
        let row_area = Rect {
            y: area.y + (row - first) as u16,
            height: 1,
            ..area
        };
        if row == cursor_line {
            let mut current = Editor::new(text);
            let column = editor
                .split()
                .0
                .rsplit('\n')
                .next()
                .unwrap_or_default()
                .len();
            current.move_to(column);
            line(frame, row_area, &current, Style::new(), has_cursor);
            let first = if has_cursor {
                hidden_columns(&current, usize::from(area.width))
            } else {
                0
            };
            paint(frame, row_area, text, first);
        } else {
            line(frame, row_area, &Editor::new(text), Style::new(), false);
            paint(frame, row_area, text, 0);
        }
    }
}
