//! Templates within texts that are already drawn.

use ratatui::{Frame, layout::Rect, style::Style};

/// Gives every `{{ … }}` that can be seen whole in a row of `area` its style.
pub fn highlight(frame: &mut Frame, area: Rect, style: Style) {
    let area = area.intersection(frame.area());
    for y in area.top()..area.bottom() {
        let is = |frame: &mut Frame, x: u16, sign: &str| {
            let buffer = frame.buffer_mut();
            let cell = |x| buffer.cell((x, y)).map(ratatui::buffer::Cell::symbol);
            x + 1 < area.right() && cell(x) == Some(sign) && cell(x + 1) == Some(sign)
        };
        let mut start = None;
        let mut x = area.left();
        while x < area.right() {
            if start.is_none() && is(frame, x, "{") {
                start = Some(x);
                x += 1;
            } else if let Some(first) = start.filter(|_| is(frame, x, "}")) {
                let place = Rect::new(first, y, x + 2 - first, 1);
                frame.buffer_mut().set_style(place, style);
                start = None;
                x += 1;
            }
            x += 1;
        }
    }
}
