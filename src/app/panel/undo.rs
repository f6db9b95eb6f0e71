//! Taking edits of the draft back.

use std::sync::Arc;

use crate::model::{BodySpot, Cell, Origin, Request};

/// How many steps are kept.
const STEPS: usize = 500;

/// A draft, and the saved request that it belonged to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub request: Request,
    pub origin: Option<Arc<Origin>>,
}

/// The drafts before and after the present one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undo {
    before: Vec<Draft>,
    after: Vec<Draft>,
    /// What the last step was: steps of one kind that follow each other are one.
    group: Option<Group>,
}

/// Edits that are taken back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Typing into one place.
    Typing(Place),
    /// Anything else is a step of its own.
    Single,
}

/// Where something is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Url,
    Body(Option<BodySpot>),
    /// The rows of a tab as one text.
    Rows,
    Cell {
        tab: crate::model::RequestTab,
        row: usize,
        cell: Cell,
    },
}

impl Undo {
    /// Remembers the draft as it was before an edit.
    pub fn record(&mut self, before: impl FnOnce() -> Draft, group: Group) {
        self.after.clear();
        if group != Group::Single && self.group == Some(group) {
            return;
        }
        self.group = Some(group);
        self.before.push(before());
        if self.before.len() > STEPS {
            self.before.remove(0);
        }
    }

    /// Every draft that is remembered.
    pub fn drafts_mut(&mut self) -> impl Iterator<Item = &mut Draft> {
        self.before.iter_mut().chain(&mut self.after)
    }

    /// The next edit is a step of its own.
    pub fn separate(&mut self) {
        self.group = None;
    }

    /// How many steps can be taken back and done again.
    pub fn steps(&self) -> (usize, usize) {
        (self.before.len(), self.after.len())
    }

    /// The draft before the last step; `present` is kept for [`Self::redo`].
    pub fn undo(&mut self, present: Draft) -> Option<Draft> {
        let earlier = self.before.pop()?;
        self.after.push(present);
        self.group = None;
        Some(earlier)
    }

    /// The draft that was taken back last.
    pub fn redo(&mut self, present: Draft) -> Option<Draft> {
        let later = self.after.pop()?;
        self.before.push(present);
        self.group = None;
        Some(later)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(url: &str) -> Draft {
        let request = Request {
            url: url.to_owned(),
            ..Request::default()
        };
        Draft {
            request,
            origin: None,
        }
    }

    #[test]
    fn typing_is_taken_back_as_one_step() {
        let mut undo = Undo::default();
        undo.record(|| draft(""), Group::Typing(Place::Url));
        undo.record(|| draft("a"), Group::Typing(Place::Url));
        undo.record(|| draft("ab"), Group::Single);
        assert_eq!(undo.undo(draft("loaded")).unwrap().request.url, "ab");
        assert_eq!(undo.undo(draft("ab")).unwrap().request.url, "");
        assert_eq!(undo.undo(draft("")), None);
        assert_eq!(undo.redo(draft("")).unwrap().request.url, "ab");
        assert_eq!(undo.redo(draft("ab")).unwrap().request.url, "loaded");
        assert_eq!(undo.redo(draft("loaded")), None);
    }

    #[test]
    fn a_new_edit_ends_what_could_be_done_again() {
        let mut undo = Undo::default();
        undo.record(|| draft(""), Group::Single);
        assert!(undo.undo(draft("a")).is_some());
        undo.record(|| draft(""), Group::Single);
        assert_eq!(undo.redo(draft("b")), None);
    }
}
