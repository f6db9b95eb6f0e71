//! Texts into the cells of the screen. Most of a screen is letters that stand alone in a cell each: they are
//! set without looking for clusters and widths, which is most of what a frame costs.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{narrow_run, width};

/// Prints `text` into the first row of `area`, as much as fits; answers with the columns it took.
pub fn text(buffer: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return 0;
    }
    let (mut x, mut rest) = (area.x, text);
    while x < area.right() && !rest.is_empty() {
        let left = usize::from(area.right() - x);
        let (bytes, letters) = narrow_run(rest, left);
        let (plain, other) = rest.split_at(bytes);
        let start = buffer.index_of(x, area.y);
        let cells = buffer.content.get_mut(start..start + letters);
        for (cell, char) in cells.into_iter().flatten().zip(plain.chars()) {
            cell.set_char(char).set_style(style);
        }
        x += letters as u16;
        let Some(cluster) = other.graphemes(true).next() else {
            break;
        };
        rest = other.get(cluster.len()..).unwrap_or_default();
        if x == area.right() {
            break;
        }
        let before = x;
        let left = usize::from(area.right() - x);
        x = buffer.set_stringn(x, area.y, cluster, left, style).0;
        if x == before && width(cluster) > 0 {
            break;
        }
    }
    x - area.x
}

/// Prints the pieces of a line one after the other into the first row of `area`.
pub fn line(buffer: &mut Buffer, area: Rect, line: &Line) {
    let spans = line.spans.iter();
    spans_of(
        buffer,
        area,
        spans.map(|span| (span.content.as_ref(), span.style)),
    );
}

/// Prints one styled piece into the first row of `area`.
pub fn span(buffer: &mut Buffer, area: Rect, span: &Span) {
    text(buffer, area, &span.content, span.style);
}

/// Prints styled pieces one after the other into the first row of `area`, up to the first that does not
/// fit.
pub fn spans_of<'a>(
    buffer: &mut Buffer,
    area: Rect,
    pieces: impl IntoIterator<Item = (&'a str, Style)>,
) {
    let mut left = area;
    for (piece, style) in pieces {
        if left.is_empty() {
            return;
        }
        let used = text(buffer, left, piece, style).min(left.width);
        if !piece.is_ascii() && width(piece) > usize::from(used) {
            return;
        }
        left.x += used;
        left.width -= used;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn printed(print: impl Fn(&mut Buffer, Rect)) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(2, 1, 12, 3));
        print(&mut buffer, Rect::new(4, 2, 7, 1));
        buffer
    }

    proptest! {
        /// What ratatui itself would print is the measure.
        #[test]
        fn it_prints_what_ratatui_would(
            pieces in proptest::collection::vec("([a-z ]|é|e\u{301}|漢|👩\u{200d}🚀){0,6}", 0..4),
        ) {
            let style = Style::new().bold();
            let whole: Line = pieces.iter().map(|piece| Span::styled(piece.as_str(), style)).collect();
            let ours = printed(|buffer, area| line(buffer, area, &whole));
            let theirs = printed(|buffer, area| {
                ratatui::widgets::Widget::render(&whole, area, buffer);
            });
            prop_assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn nothing_is_printed_outside() {
        let style = Style::new();
        for area in [
            Rect::new(0, 0, 2, 1),
            Rect::new(100, 1, 5, 1),
            Rect::new(4, 2, 0, 1),
        ] {
            let buffer = printed(|buffer, _| assert_eq!(text(buffer, area, "abc", style), 0));
            assert_eq!(buffer, printed(|_, _| {}));
        }
    }
}
