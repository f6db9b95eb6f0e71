//! Other ways to show the same body: folded, by another column, raw, as bytes.

use super::BodyPage;
use crate::{
    app::{effect::Effect, message::JobId},
    inspect::{Folds, Layout, View, Way},
};

impl BodyPage {
    pub fn can_fold(&self) -> bool {
        self.layout().is_some_and(Layout::can_fold)
    }

    /// Folds or unfolds what the cursor is on, or lies in.
    pub fn turn_fold(&mut self, jobs: &mut JobId) -> Option<Effect> {
        let layout = self.layout()?;
        let (folds, start) = layout.turned(self.cursor)?;
        let view = View {
            folds,
            ..layout.view().clone()
        };
        self.goal = Some((start, self.cursor.saturating_sub(self.scroll)));
        self.look(view, jobs)
    }

    /// Folds everything from a level on.
    pub fn fold_from(&mut self, level: Option<u32>, jobs: &mut JobId) -> Option<Effect> {
        let view = View {
            folds: Folds::from_level(level),
            ..self.layout()?.view().clone()
        };
        self.look(view, jobs)
    }

    /// One level more or less of what is shown; in a table, one column further.
    pub fn deeper(&mut self, more: bool, jobs: &mut JobId) -> Option<Effect> {
        let layout = self.layout()?;
        let mut view = layout.view().clone();
        if let Some(fields) = layout.fields() {
            view.column = if more {
                (view.column + 1).min(fields.saturating_sub(1))
            } else {
                view.column.saturating_sub(1)
            };
            return self.look(view, jobs);
        }
        let level = match (view.folds.level(), more) {
            (None, true) => return None,
            (None, false) => Some(2),
            (Some(level), true) => Some(level + 1),
            (Some(level), false) => Some(level.saturating_sub(1).max(1)),
        };
        self.fold_from(level, jobs)
    }

    /// Shows the body in this way, or by its structure again.
    pub fn turn_way(&mut self, way: Way, jobs: &mut JobId) -> Option<Effect> {
        let mut view = self.layout()?.view().clone();
        view.way = if view.way == way { Way::Laid } else { way };
        // Offsets count from other bytes there.
        (self.goal, self.wants_end) = (None, false);
        (self.cursor, self.scroll, self.anchor) = (0, 0, None);
        self.ask(self.source()?, view, jobs)
    }
}
