//! Rich lines onto the screen.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    app::{layout::Area, rich},
    ui::{rect, theme::Theme},
};

use super::print;

/// One rich line in the theme's colours.
pub fn styled(theme: Theme, line: &rich::Line) -> Line<'_> {
    line.0
        .iter()
        .map(|piece| Span::styled(piece.text.as_str(), theme.tone(piece.tone)))
        .collect()
}

/// Draws lines from `first` on, as many as fit.
pub fn draw(frame: &mut Frame, theme: Theme, area: Area, lines: &[rich::Line], first: usize) {
    let area = rect(area);
    for (row, line) in lines
        .iter()
        .skip(first)
        .take(usize::from(area.height))
        .enumerate()
    {
        let place = Rect {
            y: area.y + row as u16,
            height: 1,
            ..area
        };
        let pieces = line.0.iter();
        let pieces = pieces.map(|piece| (piece.text.as_str(), theme.tone(piece.tone)));
        print::spans_of(frame.buffer_mut(), place, pieces);
    }
}
