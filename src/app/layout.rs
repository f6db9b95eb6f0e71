//! Where the zones are, as plain integers: the view draws there, and scrolling is clamped by it.
//!
//! ```text
//! wide (100x18 and up)                      narrow: one zone at a time
//! POST ▾ http://…                  env      POST ▾ http://…
//! ┌ History ─┬ Request ───────────────┐     Request · Response · History
//! │          │                        │     ┌ Response ─────────────────┐
//! │          ├ Response ──────────────┤     │                           │
//! │          │                        │     │                           │
//! └──────────┴────────────────────────┘     └───────────────────────────┘
//! keys                                      keys
//! ```

use crate::model::Focus;

/// The smallest terminal that the zones fit in.
pub const SMALLEST: (u16, u16) = (40, 10);

/// From here on all zones are side by side.
const WIDE: (u16, u16) = (100, 18);

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Area {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

impl Area {
    /// The area within a border, with one blank column on either side.
    #[must_use]
    pub fn inner(self) -> Self {
        Self {
            x: self.x + 2,
            y: self.y + 1,
            width: self.width.saturating_sub(4),
            height: self.height.saturating_sub(2),
        }
    }

    /// The area without its first `rows` rows.
    #[must_use]
    pub fn below(self, rows: u16) -> Self {
        let rows = rows.min(self.height);
        Self {
            y: self.y + rows,
            height: self.height - rows,
            ..self
        }
    }
}

/// How the zones share the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Wide,
    Narrow,
    TooSmall,
}

/// The areas of the zones, borders included; a zone that is not shown has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    pub mode: Mode,
    pub bar: Area,
    /// The names of the zones, where only one is shown.
    pub zones: Area,
    pub request: Option<Area>,
    pub response: Option<Area>,
    pub history: Option<Area>,
    pub hints: Area,
}

/// Shares the screen out.
pub fn layout((columns, rows): (u16, u16), focus: Focus) -> Layout {
    if columns < SMALLEST.0 || rows < SMALLEST.1 {
        return empty(Mode::TooSmall, columns, rows);
    }
    if columns < WIDE.0 || rows < WIDE.1 {
        narrow(columns, rows, focus)
    } else {
        wide(columns, rows)
    }
}

fn empty(mode: Mode, columns: u16, rows: u16) -> Layout {
    Layout {
        mode,
        bar: Area {
            x: 0,
            y: 0,
            width: columns,
            height: 1,
        },
        zones: Area::default(),
        request: None,
        response: None,
        history: None,
        hints: Area {
            x: 0,
            y: rows.saturating_sub(1),
            width: columns,
            height: 1,
        },
    }
}

fn narrow(columns: u16, rows: u16, focus: Focus) -> Layout {
    let zone = Some(Area {
        x: 0,
        y: 2,
        width: columns,
        height: rows - 3,
    });
    let mut layout = empty(Mode::Narrow, columns, rows);
    layout.zones = Area {
        x: 0,
        y: 1,
        width: columns,
        height: 1,
    };
    match focus {
        Focus::Url | Focus::Request => layout.request = zone,
        Focus::Response => layout.response = zone,
        Focus::History => layout.history = zone,
    }
    layout
}

/// Neighbours share a border, so that the areas overlap by one cell.
fn wide(columns: u16, rows: u16) -> Layout {
    let mut layout = empty(Mode::Wide, columns, rows);
    let left = (columns * 19 / 50).clamp(38, 64);
    let height = rows - 2;
    let request_height = (height * 2 / 5).clamp(8, 16);
    let right = Area {
        x: left - 1,
        y: 1,
        width: columns - left + 1,
        height,
    };
    layout.history = Some(Area {
        x: 0,
        y: 1,
        width: left,
        height,
    });
    layout.request = Some(Area {
        height: request_height,
        ..right
    });
    layout.response = Some(right.below(request_height - 1));
    layout
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zones_fill_every_size_without_gaps() {
        for columns in 40..260 {
            for rows in 10..90 {
                let layout = layout((columns, rows), Focus::Response);
                let zones = [layout.request, layout.response, layout.history];
                for area in zones.into_iter().flatten() {
                    assert!(area.x + area.width <= columns && area.y + area.height < rows);
                    assert!(
                        area.inner().width >= 20 && area.inner().height >= 4,
                        "{columns}x{rows}"
                    );
                }
                if layout.mode == Mode::Wide {
                    let (request, response) = (layout.request.unwrap(), layout.response.unwrap());
                    assert_eq!(request.y + request.height - 1, response.y);
                    assert_eq!(response.y + response.height, rows - 1);
                    assert_eq!(request.x + request.width, columns);
                }
            }
        }
    }

    #[test]
    fn below_the_smallest_size_nothing_is_laid_out() {
        assert_eq!(layout((39, 40), Focus::Url).mode, Mode::TooSmall);
        assert_eq!(layout((200, 9), Focus::Url).mode, Mode::TooSmall);
        assert_eq!(layout((99, 40), Focus::Url).mode, Mode::Narrow);
        assert_eq!(layout((100, 18), Focus::Url).mode, Mode::Wide);
    }
}
