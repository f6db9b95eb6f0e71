//! Where the cursor is among the cells of a table, and the ways it takes.

use crate::model::Cell;

use super::Table;

impl Table {
    /// The next cell; false where the zone ends. A blank last row is passed over.
    pub fn next_cell(&mut self) -> bool {
        match self.cell {
            Cell::Toggle => self.cell = self.first_cell(),
            Cell::Name if self.on_blank_end() => return false,
            Cell::Name => self.cell = Cell::Value,
            Cell::Value | Cell::Type | Cell::FileName if self.row + 1 < self.rows.len() => {
                (self.row, self.cell) = (self.row + 1, self.first_cell());
            }
            Cell::Value | Cell::Type | Cell::FileName => return false,
        }
        true
    }

    /// The cell before; false where the zone begins.
    pub fn previous_cell(&mut self) -> bool {
        match self.cell {
            Cell::FileName => self.cell = Cell::Type,
            Cell::Type => self.cell = Cell::Value,
            Cell::Value if !self.has_given_names => self.cell = Cell::Name,
            Cell::Toggle | Cell::Name | Cell::Value if self.row > 0 => {
                (self.row, self.cell) = (self.row - 1, Cell::Value);
            }
            Cell::Toggle | Cell::Name | Cell::Value => return false,
        }
        true
    }

    /// Where the typing into a row begins.
    fn first_cell(&self) -> Cell {
        if self.has_given_names {
            Cell::Value
        } else {
            Cell::Name
        }
    }

    pub fn to_start(&mut self) {
        (self.row, self.cell) = (0, self.first_cell());
    }

    pub fn to_end(&mut self) {
        (self.row, self.cell) = (self.rows.len().saturating_sub(1), self.first_cell());
    }

    /// Puts the cursor back where it was, as far as the rows reach.
    pub fn to_place(&mut self, row: usize, cell: Cell) {
        let cell = match cell {
            Cell::Name => self.first_cell(),
            cell => cell,
        };
        (self.row, self.cell) = (row.min(self.rows.len().saturating_sub(1)), cell);
    }

    pub fn up(&mut self) -> bool {
        let moved = self.row > 0;
        self.row = self.row.saturating_sub(1);
        moved
    }

    pub fn down(&mut self) -> bool {
        let moved = self.row + 1 < self.rows.len();
        self.row = (self.row + 1).min(self.rows.len().saturating_sub(1));
        moved
    }

    /// From a text to the row as a whole; false when it is chosen already.
    pub fn choose_row(&mut self) -> bool {
        let moved = self.cell != Cell::Toggle;
        self.cell = Cell::Toggle;
        moved
    }

    /// From the row as a whole back into its texts.
    pub fn enter_row(&mut self) {
        self.cell = self.first_cell();
    }

    /// One cell to the left of the start of a text; false at the check box.
    pub fn cell_left(&mut self) -> bool {
        match self.cell {
            Cell::Toggle => return false,
            Cell::Name => self.cell = Cell::Toggle,
            Cell::Value if self.has_given_names => self.cell = Cell::Toggle,
            Cell::Value => self.cell = Cell::Name,
            Cell::Type => self.cell = Cell::Value,
            Cell::FileName => self.cell = Cell::Type,
        }
        if let Some(editor) = self.editor() {
            editor.move_to(usize::MAX);
        }
        true
    }

    /// One cell to the right of the end of a text; false at the end of the row.
    pub fn cell_right(&mut self) -> bool {
        match self.cell {
            Cell::Toggle => self.cell = self.first_cell(),
            Cell::Name => self.cell = Cell::Value,
            Cell::Value if self.has_parts && !self.on_blank_end() => self.cell = Cell::Type,
            Cell::Type if self.current().is_some_and(|row| row.is_file) => {
                self.cell = Cell::FileName;
            }
            Cell::Value | Cell::Type | Cell::FileName => return false,
        }
        if let Some(editor) = self.editor() {
            editor.move_to(0);
        }
        true
    }
}
