//! Looking back: the rows of the history are filtered and walked, and what they were is shown or loaded into the
//! builder.

use std::sync::Arc;

use crate::model::{Exchange, ExchangeId, Focus, Met, Request, RequestTab};

use super::{
    Popup, State,
    command::Context,
    effect::Effect,
    message::Notice,
    panel::{builder::Builder, response::Shown, timeline::TimelinePanel},
    replay,
};

impl State {
    pub(super) fn start_filter(&mut self) -> Vec<Effect> {
        let mut effects = self.go(Focus::History);
        self.history.filtering = true;
        effects.push(Effect::ReadMet);
        effects
    }

    /// Takes what the filter can offer.
    pub(super) fn meet(&mut self, met: Met) -> Vec<Effect> {
        self.history.meet(met);
        Vec::new()
    }

    /// Leaves the filter line; without `keep` it is emptied first, when it is not empty already.
    pub(super) fn end_filter(&mut self, keep: bool) -> Vec<Effect> {
        if keep || self.history.filter.is_empty() {
            self.history.filtering = false;
            return self.settle_history();
        }
        self.history.filter.set("");
        self.query_history()
    }

    /// The cursor of the list is on a row of what the filter finds, and that row is what is shown.
    pub(super) fn settle_history(&mut self) -> Vec<Effect> {
        if self.focus != Focus::History {
            return Vec::new();
        }
        let Some(id) = self.history.settle() else {
            return Vec::new();
        };
        self.viewing = true;
        self.show_exchange(id)
    }

    /// The chosen row of the list; says so where there is none.
    pub(super) fn chosen_row(&mut self) -> Option<ExchangeId> {
        let chosen = self.history.chosen();
        if chosen.is_none() {
            self.say_astray();
        }
        chosen
    }

    fn say_astray(&mut self) {
        self.notice = Some(Notice::info(if self.history.rows().is_empty() {
            "No exchange is listed, so that there is none to do this with."
        } else {
            "What is shown is not in the list: choose a row with the arrows."
        }));
    }

    /// Whether what is shown may be taken for the chosen row; says so where it is not.
    pub(super) fn shows_row(&mut self) -> bool {
        let shown = self.response.id().filter(|id| id.0 > 0);
        let is_astray = shown.is_some() && self.history.chosen().is_none();
        if is_astray {
            self.say_astray();
        }
        !is_astray
    }

    /// Asks for the rows of the history anew.
    pub fn query_history(&mut self) -> Vec<Effect> {
        let now = self.local_now();
        self.history.query(&now, &mut self.jobs)
    }

    /// What the sends to the place of this one came to, day by day; `None` for what the history does not have.
    pub(super) fn show_timeline(&mut self, id: Option<ExchangeId>) -> Option<Vec<Effect>> {
        let id = id.filter(|id| id.0 > 0)?;
        let (panel, effect) = TimelinePanel::open(id, &mut self.jobs);
        self.popup = Some(Popup::Timeline(Box::new(panel)));
        Some(vec![effect])
    }

    pub(super) fn walk_history(&mut self, by: isize) -> Vec<Effect> {
        let now = self.local_now();
        let Some((id, mut effects)) = self.history.walk(by, &now, &mut self.jobs) else {
            return Vec::new();
        };
        self.viewing = true;
        effects.extend(self.show_exchange(id));
        effects
    }

    /// On entering the history: the chosen row is looked at.
    pub(super) fn view_selected(&mut self) -> Vec<Effect> {
        if let Some(id) = self.history.settle() {
            self.viewing = true;
            return self.show_exchange(id);
        }
        match self.history.selected() {
            Some(id) => {
                self.viewing = true;
                self.show_exchange(id)
            }
            None => self.walk_history(0),
        }
    }

    /// Shows an exchange of the history, or the send in flight that it is.
    pub(super) fn show_exchange(&mut self, id: ExchangeId) -> Vec<Effect> {
        if let Some(in_flight) = self.sends.of_exchange(id) {
            let shown = Shown::InFlight(in_flight.send);
            self.viewed = None;
            return self.response.show(shown, &mut self.jobs);
        }
        if let Some(exchange) = self.response.exchange()
            && exchange.id == id
        {
            self.viewed = Some(viewed(&exchange.request, self.builder.tab));
            return Vec::new();
        }
        self.viewed = None;
        let mut effects = self.response.show(Shown::Loading(id), &mut self.jobs);
        effects.push(Effect::Load(id));
        effects
    }

    pub(super) fn loaded(
        &mut self,
        id: ExchangeId,
        exchange: Option<Arc<Exchange>>,
    ) -> Vec<Effect> {
        if self.replay.wants(id) {
            return replay::loaded(self, id, exchange);
        }
        if *self.response.shown() != Shown::Loading(id) {
            return Vec::new();
        }
        let Some(exchange) = exchange else {
            let reason = "it is not in the history any more".to_owned();
            return self
                .response
                .show(Shown::Missing(id, reason), &mut self.jobs);
        };
        self.viewed = Some(viewed(&exchange.request, self.builder.tab));
        let mut effects = self
            .response
            .show(Shown::Exchange(exchange), &mut self.jobs);
        effects.extend(self.compare_paths());
        effects
    }

    /// Says why an exchange that was asked for cannot be had.
    pub(super) fn load_failed(&mut self, id: ExchangeId, reason: String) -> Vec<Effect> {
        if self.replay.wants(id) {
            return replay::unreadable(self, id, &reason);
        }
        if *self.response.shown() != Shown::Loading(id) {
            return Vec::new();
        }
        self.response
            .show(Shown::Missing(id, reason), &mut self.jobs)
    }

    /// Loads the shown exchange's request into the builder; undo brings the draft back.
    pub(super) fn load_shown(&mut self) -> Option<Vec<Effect>> {
        let (request, id) = match self.response.shown() {
            Shown::Exchange(exchange) => (exchange.request.clone(), exchange.id),
            _ => return None,
        };
        self.builder.load(&request);
        self.builder.on_tabs = false;
        self.notice = Some(Notice::info(format!(
            "Request #{id} is in the builder: edit it and send again. Undo ({}) brings the draft back.",
            self.key_name(Context::Anywhere, "undo")
        )));
        let has_fields = self
            .builder
            .shown_table()
            .is_some_and(|table| table.sent() > 0);
        Some(self.go(if has_fields {
            Focus::Request
        } else {
            Focus::Url
        }))
    }
}

pub(super) fn viewed(request: &Request, tab: RequestTab) -> Builder {
    let mut builder = Builder::new(request);
    builder.open_tab(tab);
    builder
}
