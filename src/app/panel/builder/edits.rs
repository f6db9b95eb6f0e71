//! What follows from an edit of the draft, and taking edits back.

use crate::{
    app::panel::undo::{Draft, Group, Place},
    model::{Cell, Focus},
};

use super::Builder;

impl Builder {
    /// To be called after any edit that was not itself an undo: `before` is the draft as it was.
    pub fn edited(&mut self, before: impl FnOnce() -> Draft, typed: bool, focus: Focus) {
        for table in [
            &mut self.form,
            &mut self.multipart,
            &mut self.headers,
            &mut self.query,
            &mut self.rules,
        ] {
            table.end_blank();
        }
        self.problem = None;
        let single = std::mem::take(&mut self.single);
        // A letter that is a command for a whole row, or turns a choice, is not typed.
        let in_text = self.as_text || self.editor(focus).is_some();
        let group = if typed && in_text && !single {
            self.typing_group(focus)
        } else {
            Group::Single
        };
        self.undo.record(before, group);
    }

    fn typing_group(&self, focus: Focus) -> Group {
        if self.as_text {
            return Group::Typing(Place::Rows);
        }
        Group::Typing(match (focus, self.shown_table()) {
            (Focus::Url, _) => Place::Url,
            (_, Some(table)) => Place::Cell {
                tab: self.tab,
                row: table.row(),
                cell: table.cell(),
            },
            (_, None) => match self.settings() {
                Some(settings) => Place::Cell {
                    tab: self.tab,
                    row: settings.row(),
                    cell: Cell::Value,
                },
                None => Place::Body(self.spot()),
            },
        })
    }

    /// What is edited from now on is a step of its own, whatever was edited before.
    pub fn separate_edits(&mut self) {
        self.undo.separate();
    }

    /// The edit under way is taken back by itself, whatever is typed before and after it.
    pub fn edit_is_a_step(&mut self) {
        self.single = true;
    }

    /// How many steps can be taken back and done again: tells an undo from an edit.
    pub fn undo_steps(&self) -> (usize, usize) {
        self.undo.steps()
    }

    /// Takes the last edit back; false when there is none.
    pub fn undo(&mut self) -> bool {
        let present = self.draft();
        let earlier = self.undo.undo(present);
        self.restore(earlier)
    }

    /// Does the edit taken back last again; false when there is none.
    pub fn redo(&mut self) -> bool {
        let present = self.draft();
        let later = self.undo.redo(present);
        self.restore(later)
    }

    fn restore(&mut self, draft: Option<Draft>) -> bool {
        let Some(draft) = draft else { return false };
        let places = (self.tab_place(), self.tab);
        let spot = self.spot;
        self.load(&draft.request);
        self.spot = spot;
        self.origin = draft.origin;
        if let (Some((row, cell)), _) = places {
            self.to_place(row, cell);
        }
        true
    }
}
