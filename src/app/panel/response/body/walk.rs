//! Where one is in the body: the cursor, the rows that are shown, the rows that are selected.

use super::BodyPage;
use crate::inspect::{Jump, Layout};

/// Rows that can be copied at once.
const MOST_SELECTED: usize = 100_000;

impl BodyPage {
    /// Moves the cursor by rows.
    pub fn move_by(&mut self, rows: isize) {
        self.cursor = self.step(self.cursor, rows);
        self.moved();
    }

    pub fn move_page(&mut self, forward: bool) {
        let rows = self.height.saturating_sub(1).max(1).cast_signed();
        let rows = if forward { rows } else { -rows };
        self.scroll = self.step(self.scroll, rows);
        self.move_by(rows);
    }

    pub fn to_start(&mut self) {
        self.cursor = 0;
        self.moved();
    }

    pub fn to_end(&mut self) {
        self.cursor = self.layout().map_or(0, Layout::last);
        self.moved();
    }

    /// Goes to a byte; a place outside the page comes to its middle, so that what is around it is seen too and
    /// what goes on in the row below is never cut off.
    pub(super) fn go_to(&mut self, offset: usize) {
        let Some(row) = self.layout().map(|layout| layout.row_at(offset)) else {
            return;
        };
        let height = self.height.max(1).cast_signed();
        let last_inside = self.step(self.scroll, height - 2);
        if !(self.scroll..=last_inside).contains(&row) {
            self.scroll = self.step(row, -(height / 2));
        }
        self.cursor = row;
        self.moved();
    }

    /// What follows from another place of the cursor.
    pub(super) fn moved(&mut self) {
        self.follow_cursor();
        let path = self
            .layout()
            .and_then(|layout| layout.path(self.cursor, false));
        self.path = path;
    }

    /// Scrolls as far as the cursor asks for.
    pub(super) fn follow_cursor(&mut self) {
        let Some(layout) = self.layout() else {
            return;
        };
        let height = self.height.max(1);
        let cursor = self.cursor.min(layout.last());
        let lowest = layout.step(cursor, -(height.cast_signed() - 1));
        // The page is full as far as there is something to fill it.
        let last = layout.step(layout.last(), -(height.cast_signed() - 1));
        let scroll = self
            .scroll
            .clamp(lowest.min(cursor), cursor)
            .min(last.max(lowest));
        (self.cursor, self.scroll) = (cursor, scroll);
    }

    /// To the value beside this one or to the one that it lies in.
    pub fn jump(&mut self, to: Jump) -> bool {
        let row = self
            .layout()
            .and_then(|layout| layout.row_of(self.cursor, to));
        if let Some(row) = row {
            self.cursor = row;
            self.moved();
        }
        row.is_some()
    }

    pub fn turn_selection(&mut self) {
        self.anchor = match self.anchor {
            None => Some(self.cursor),
            Some(_) => None,
        };
    }

    pub fn end_selection(&mut self) -> bool {
        self.anchor.take().is_some()
    }

    /// The text of the selected rows, as received; `None` without a selection.
    pub fn selected_text(&self) -> Option<String> {
        let (first, last) = self.selection()?;
        let layout = self.layout()?;
        let rows = layout.page(first, MOST_SELECTED);
        let lines = rows
            .into_iter()
            .take_while(|(row, _)| *row <= last)
            .map(|(_, pieces)| pieces.into_iter().map(|(_, text)| text).collect::<String>());
        Some(lines.collect::<Vec<_>>().join("\n"))
    }
}
