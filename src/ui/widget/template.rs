//! Templates within texts that are already drawn.

use ratatui::{Frame, buffer::Cell, layout::Rect, style::Style};

/// Gives every `{{ … }}` that can be seen whole in a row of `area` its style.
pub fn highlight(frame: &mut Frame, area: Rect, style: Style) {
    let area = area.intersection(frame.area());
    if area.is_empty() {
        return;
    }
    let buffer = frame.buffer_mut();
    for y in area.top()..area.bottom() {
        let start = buffer.index_of(area.left(), y);
        let cells = buffer
            .content
            .get_mut(start..start + usize::from(area.width));
        if let Some(cells) = cells {
            highlight_row(cells, style);
        }
    }
}

fn highlight_row(cells: &mut [Cell], style: Style) {
    let find = |cells: &[Cell], sign: &str| {
        cells
            .windows(2)
            .position(|pair| pair.iter().all(|cell| cell.symbol() == sign))
    };
    let mut rest = cells;
    while let Some(start) = find(rest, "{") {
        let (_, from) = rest.split_at_mut(start);
        let Some(end) = find(from.get(2..).unwrap_or_default(), "}") else {
            return;
        };
        let (template, after) = from.split_at_mut(end + 4);
        for cell in template {
            cell.set_style(style);
        }
        rest = after;
    }
}
