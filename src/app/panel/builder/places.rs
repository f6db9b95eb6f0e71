//! Where the cursor is in the builder, and the ways it takes: rows, cells, tabs.

use crate::{
    app::panel::turn,
    model::{Cell, RequestTab},
};

use super::Builder;

impl Builder {
    /// The row and cell of the open tab's table that the cursor is in.
    pub fn tab_place(&self) -> Option<(usize, Cell)> {
        match self.settings() {
            Some(settings) => Some((settings.row(), Cell::Value)),
            None => self.shown_table().map(|table| (table.row(), table.cell())),
        }
    }

    /// Puts the cursor back to where it was in the open tab, as far as the rows reach.
    pub fn to_place(&mut self, row: usize, cell: Cell) {
        if let Some(settings) = self.settings_mut() {
            settings.to_row(row);
        } else if let Some(table) = self.table() {
            table.to_place(row, cell);
        }
    }

    /// To the first row of the open tab.
    pub fn to_start(&mut self) {
        if let Some(settings) = self.settings_mut() {
            settings.to_start();
        } else if let Some(table) = self.table() {
            table.to_start();
        }
    }

    /// To the last row of the open tab.
    pub fn to_end(&mut self) {
        if let Some(settings) = self.settings_mut() {
            settings.to_end();
        } else if let Some(table) = self.table() {
            table.to_end();
        }
    }

    /// To the next or the previous cell of the open tab; false where its rows end.
    pub fn step_cell(&mut self, forward: bool) -> bool {
        if let Some(settings) = self.settings_mut() {
            return if forward {
                settings.down()
            } else {
                settings.up()
            };
        }
        self.table().is_some_and(|table| {
            if forward {
                table.next_cell()
            } else {
                table.previous_cell()
            }
        })
    }

    /// Goes to another tab, its content under the cursor.
    pub fn open_tab(&mut self, tab: RequestTab) {
        (self.tab, self.on_tabs) = (tab, false);
    }

    /// The tab to the right, or to the left, round and round.
    pub fn turn_tab(&mut self, forward: bool) {
        let tabs: Vec<RequestTab> = self.tabs().collect();
        self.tab = turn(&tabs, self.tab, forward);
    }
}
