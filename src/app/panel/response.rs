//! The response zone: what came back from the shown exchange, page by page.

pub mod body;
pub mod find;
pub mod headers;
pub mod offer;
pub mod pages;
pub mod parts;
pub mod timing;

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    app::{
        effect::Effect,
        message::{JobId, SendId},
        rich::Line,
        viewer::BodyNews,
    },
    inspect::{Layout, Received},
    model::{Exchange, ExchangeId, Header, Outcome, Response, ResponseTab},
    status::diagnosis::{Diagnosis, diagnose, near_miss},
};

use self::body::BodyPage;
use super::pins::Pins;

/// Rows above a body that is still arriving: how far it is, and a blank one.
pub const PROGRESS_ROWS: u16 = 5;

/// What the zone shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Shown {
    /// Nothing was sent yet.
    #[default]
    Nothing,
    InFlight(SendId),
    Loading(ExchangeId),
    /// It is not to be had, and why.
    Missing(ExchangeId, String),
    Exchange(Arc<Exchange>),
}

/// The zone's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResponsePanel {
    shown: Shown,
    diagnosis: Option<Diagnosis>,
    /// What the server said of single fields of the shown exchange's request.
    pins: Pins,
    /// Whether the user has put the server's wish to wait aside.
    unwaiting: bool,
    pub tab: ResponseTab,
    /// The keys that take the steps, as the screen names them.
    pub step_keys: Vec<String>,
    /// The header field under the cursor, on the page of headers.
    header: usize,
    /// The first row shown.
    scroll: usize,
    /// Columns and rows of the page, as the layout computed them.
    columns: u16,
    height: u16,
    summary: Vec<Line>,
    page: Vec<Line>,
    /// Whether the history is nowhere but in the memory: its numbers end with this program.
    pub is_unkept: bool,
    pub body_page: BodyPage,
}

impl ResponsePanel {
    pub fn shown(&self) -> &Shown {
        &self.shown
    }

    pub fn exchange(&self) -> Option<&Arc<Exchange>> {
        match &self.shown {
            Shown::Exchange(exchange) => Some(exchange),
            _ => None,
        }
    }

    /// The number of the shown exchange, while it is loading too.
    pub fn id(&self) -> Option<ExchangeId> {
        match &self.shown {
            Shown::Exchange(exchange) => Some(exchange.id),
            Shown::Loading(id) | Shown::Missing(id, _) => Some(*id),
            Shown::Nothing | Shown::InFlight(_) => None,
        }
    }

    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        self.diagnosis.as_ref()
    }

    pub fn pins(&self) -> &Pins {
        &self.pins
    }

    /// Seconds, begun ones included, that the server still wants the first step to wait.
    pub fn waiting(&self, now: Timestamp) -> Option<u64> {
        let until = self.diagnosis.as_ref()?.leading()?.not_before?;
        if self.unwaiting {
            return None;
        }
        let left = until.duration_since(now).as_millis();
        u64::try_from(left)
            .ok()
            .filter(|left| *left > 0)
            .map(|left| left.div_ceil(1000))
    }

    /// Counts no longer: the step can be taken at once.
    pub fn stop_waiting(&mut self) {
        self.unwaiting = true;
    }

    /// Rows above the page: the summary, and the first step with what it follows from.
    pub fn head_rows(&self) -> u16 {
        let offers = self.diagnosis.as_ref().and_then(Diagnosis::leading);
        self.summary.len() as u16 + u16::from(offers.is_some())
    }

    pub fn scroll(&self) -> usize {
        if self.on_body() {
            self.body_page.scroll()
        } else {
            self.scroll
        }
    }

    /// Whether the page of a body is open, and there is one.
    pub fn on_body(&self) -> bool {
        self.tab == ResponseTab::Body && self.body().is_some()
    }

    /// The lines above the page.
    pub fn summary(&self) -> &[Line] {
        &self.summary
    }

    /// The lines of a page other than a body.
    pub fn page(&self) -> &[Line] {
        &self.page
    }

    /// The body, once it is laid out.
    pub fn body(&self) -> Option<&Layout> {
        self.body_page.layout()
    }

    /// Rows of the page.
    pub fn rows(&self) -> usize {
        match self.tab {
            ResponseTab::Body => self.body().map_or(self.page.len(), Layout::rows),
            ResponseTab::Headers
            | ResponseTab::Meaning
            | ResponseTab::Timing
            | ResponseTab::Hops
            | ResponseTab::Sent => self.page.len(),
        }
    }

    /// Shows something else: nothing of what was shown before stays on the screen.
    pub fn show(&mut self, shown: Shown, jobs: &mut JobId) -> Vec<Effect> {
        let same = match (&self.shown, &shown) {
            (Shown::Exchange(old), Shown::Exchange(new)) => old.id == new.id,
            // What was looked at while it arrived is looked at on.
            (Shown::InFlight(_), Shown::Exchange(_)) => self.body().is_some(),
            (Shown::InFlight(old), Shown::InFlight(new)) => old == new,
            _ => false,
        };
        self.shown = shown;
        self.diagnosis = self.exchange().and_then(|exchange| diagnose(exchange));
        self.pins = match (self.exchange(), &self.diagnosis) {
            (Some(exchange), Some(found)) => Pins::new(&exchange.request, &found.fields),
            _ => Pins::default(),
        };
        if !same {
            self.body_page.clear();
            self.scroll = 0;
            self.header = 0;
            self.unwaiting = false;
        }
        self.refresh(jobs)
    }

    /// Adds to a 404 which of the addresses that were answered before was most likely meant.
    pub fn compare<'a>(&mut self, answered: impl Iterator<Item = &'a str>) {
        let Shown::Exchange(exchange) = &self.shown else {
            return;
        };
        let found = near_miss(exchange, answered);
        if let (Some(found), Some(diagnosis)) = (found, &mut self.diagnosis) {
            diagnosis.add(found);
            self.make_page();
        }
    }

    /// Takes the size of the page; lays out anew when the width changed.
    pub fn resize(&mut self, columns: u16, height: u16, jobs: &mut JobId) -> Vec<Effect> {
        let changed = self.columns != columns;
        (self.columns, self.height) = (columns, height);
        if changed {
            self.make_page();
        }
        let rows = self.body_height();
        let was_laid_out = self.body().is_some();
        if self.body_page.resize(columns, rows) {
            // Before there was a width nothing could be laid out.
            return if changed && !was_laid_out {
                self.lay_out(jobs).into_iter().collect()
            } else {
                Vec::new()
            };
        }
        if was_laid_out {
            self.body_page.lay_out_again(jobs)
        } else {
            self.lay_out(jobs).into_iter().collect()
        }
    }

    /// Rows of a body: a header above and a line below may take some of the page.
    fn body_height(&self) -> usize {
        let header = self.body().is_some_and(|body| body.fields().is_some());
        let page = match self.shown {
            Shown::InFlight(_) => self.height.saturating_sub(PROGRESS_ROWS),
            _ => self.page_height(),
        };
        usize::from(page).saturating_sub(1 + usize::from(header))
    }

    pub fn open_tab(&mut self, tab: ResponseTab) {
        self.tab = tab;
        self.scroll = 0;
        self.make_page();
    }

    pub fn turn_tab(&mut self, forward: bool) {
        self.open_tab(super::turn(&ResponseTab::ALL, self.tab, forward));
    }

    /// Scrolls by rows, within the page.
    pub fn scroll_by(&mut self, rows: isize) {
        if self.on_body() {
            return self.body_page.move_by(rows);
        }
        if self.tab == ResponseTab::Headers && rows != 0 {
            self.walk_headers(rows);
            return;
        }
        self.scroll = self
            .scroll
            .saturating_add_signed(rows)
            .min(self.last_scroll());
    }

    pub fn scroll_page(&mut self, forward: bool) {
        if self.on_body() {
            return self.body_page.move_page(forward);
        }
        let rows = isize::from(self.page_height().saturating_sub(1).max(1).cast_signed());
        self.scroll_by(if forward { rows } else { -rows });
    }

    pub fn scroll_to_start(&mut self) {
        if self.on_body() {
            return self.body_page.to_start();
        }
        self.scroll = 0;
        self.scroll_by(isize::MIN);
    }

    pub fn scroll_to_end(&mut self) {
        if self.on_body() {
            return self.body_page.to_end();
        }
        self.scroll_by(isize::MAX);
    }

    /// The header field under the cursor, on the page of headers.
    pub fn chosen_header(&self) -> Option<&Header> {
        let exchange = self.exchange()?;
        headers::field(exchange, self.header).filter(|_| self.tab == ResponseTab::Headers)
    }

    fn walk_headers(&mut self, by: isize) {
        let count = self
            .exchange()
            .map_or(0, |exchange| headers::count(exchange));
        let last = count.saturating_sub(1);
        self.header = self.header.saturating_add_signed(by).min(last);
        self.make_page();
    }

    /// The page of headers, scrolled so that the field under the cursor is seen with its explanation.
    fn make_headers(&mut self) {
        let Some(exchange) = self.exchange() else {
            return;
        };
        let (lines, about) = headers::lines(exchange, self.header, self.columns);
        self.page = lines;
        let height = usize::from(self.page_height());
        self.scroll = self
            .scroll
            .max(about.end.saturating_sub(height))
            .min(about.start);
    }

    /// Rows that the page has, below the summary and the blank row after it.
    pub fn page_height(&self) -> u16 {
        self.height.saturating_sub(self.head_rows() + 1)
    }

    fn last_scroll(&self) -> usize {
        self.rows().saturating_sub(usize::from(self.page_height()))
    }

    /// Takes what comes back for the page of the body.
    pub fn take_body(&mut self, news: BodyNews, jobs: &mut JobId) -> Vec<Effect> {
        let mut effects = self.body_page.take(news, jobs);
        let rows = self.body_height();
        if !self.body_page.resize(self.columns, rows) {
            effects.extend(self.body_page.lay_out_again(jobs));
        }
        effects
    }

    /// Shows what has come so far of the send that is looked at.
    pub fn arriving(&mut self, response: &Response, jobs: &mut JobId) -> Option<Effect> {
        if response.body.is_empty() {
            return None;
        }
        self.body_page.lay_out(Received::of(response, true), jobs)
    }

    fn refresh(&mut self, jobs: &mut JobId) -> Vec<Effect> {
        self.make_page();
        self.lay_out(jobs).into_iter().collect()
    }

    fn make_page(&mut self) {
        self.summary = match (&self.shown, &self.diagnosis) {
            (Shown::Exchange(exchange), Some(diagnosis)) => {
                pages::summary(exchange, diagnosis, (!self.is_unkept, self.columns))
            }
            _ => Vec::new(),
        };
        self.page = match (&self.shown, &self.diagnosis) {
            (Shown::Exchange(exchange), diagnosis) => pages::page(
                self.tab,
                exchange,
                diagnosis.as_ref(),
                (&self.step_keys, self.columns),
            ),
            _ => Vec::new(),
        };
        if self.tab == ResponseTab::Headers {
            self.make_headers();
        }
        self.scroll = self.scroll.min(self.last_scroll());
    }

    fn lay_out(&mut self, jobs: &mut JobId) -> Option<Effect> {
        if matches!(self.shown, Shown::InFlight(_)) {
            return None;
        }
        let outcome = self.exchange().and_then(|it| it.outcome.as_ref());
        let response = outcome.and_then(Outcome::received);
        let Some(response) = response.filter(|response| !response.body.is_empty()) else {
            // Nothing of what has arrived before it failed stays, when that is not kept either.
            self.body_page.clear();
            return None;
        };
        let received = Received {
            is_cut_off: outcome.is_some_and(Outcome::is_cut_off),
            ..Received::of(response, false)
        };
        self.body_page.lay_out(received, jobs)
    }
}
