//! The places of the zones and windows on the screen, and what each zone makes of its size.

use crate::model::RequestTab;

use super::{
    Popup, State, collection,
    effect::Effect,
    layout::{self, Area, Layout},
    panel::{self, response::Shown},
};

impl State {
    pub fn layout(&self) -> Layout {
        layout::layout(self.size, self.focus)
    }

    /// The area of a popup that fills most of the screen, within its border.
    pub fn popup_inner(&self) -> Area {
        self.popup_area().inner()
    }

    /// The area of a popup that fills most of the screen.
    pub fn popup_area(&self) -> Area {
        let (columns, rows) = self.size;
        let width = columns.saturating_sub(4).min(100);
        let height = rows.saturating_sub(2).min(40);
        Area {
            x: (columns - width) / 2,
            y: (rows - height) / 2,
            width,
            height,
        }
    }

    /// What may have changed while the user was elsewhere is read anew.
    pub(super) fn look_around(&mut self) -> Vec<Effect> {
        let mut effects = self.query_history();
        effects.push(Effect::ReadEnvironments);
        effects.push(self.read_jar());
        effects.push(Effect::Collection(collection::Deed::Scan));
        effects
    }

    /// When another posttui has written the history: its rows come in, and an exchange of its own that is shown
    /// gets its outcome.
    pub(super) fn look_beside(&mut self) -> Vec<Effect> {
        let mut effects = self.query_history();
        if let Shown::Exchange(exchange) = self.response.shown()
            && exchange.outcome.is_none()
        {
            effects.push(Effect::Load(exchange.id));
        }
        effects
    }

    /// Gives every zone its size.
    pub(super) fn arrange(&mut self) -> Vec<Effect> {
        let layout = self.layout();
        let mut effects = Vec::new();
        if let Some(area) = layout.response {
            let inner = area.inner();
            effects = self
                .response
                .resize(inner.width, inner.height, &mut self.jobs);
        }
        if let Some(area) = layout.history {
            self.history
                .resize(area.inner().below(panel::history::HEAD_ROWS).height);
            self.collection
                .resize(area.inner().below(panel::collection::HEAD_ROWS).height);
        }
        self.show_options();
        effects.extend(self.preview(&layout));
        if self.shown_builder().tab == RequestTab::Rules {
            let mut problems = std::mem::take(&mut self.rule_problems);
            problems.refresh(&self.shown_builder().rules);
            self.rule_problems = problems;
        }
        let window = self.compare_area().inner();
        if let Some(Popup::Compare(panel)) = &mut self.popup {
            panel.resize(window.width, window.height);
        }
        let height = self.popup_inner().height;
        if let Some(Popup::Help(help)) = &mut self.popup {
            help.scroll_by(0, height);
        }
        effects
    }
}
