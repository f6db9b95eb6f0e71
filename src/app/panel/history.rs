//! The history zone: every exchange, newest first, walked with the arrows and filtered.

mod days;
mod label;

use std::collections::HashSet;

use jiff::{ZonedDateTime, tz::TimeZone};

use crate::{
    app::{
        editor::Editor,
        effect::{Effect, HistoryQuery},
        message::{HistoryPage, JobId},
    },
    model::{ExchangeId, Met, Summary},
    search::{self, Completion, Filter, FilterError},
};

pub use days::{Day, Item};
pub use label::RowLabel;

/// Rows asked for at a time.
const PAGE: usize = 200;

/// Screen rows that one exchange takes.
pub const ROW_HEIGHT: u16 = 2;

/// Rows above the list: the filter line, and the line that says what it found.
pub const HEAD_ROWS: u16 = 1;

/// The zone's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HistoryPanel {
    rows: Vec<Summary>,
    /// Of each row, in the same order.
    labels: Vec<RowLabel>,
    selected: Option<ExchangeId>,
    /// Index of the first row shown.
    scroll: usize,
    /// Rows that fit.
    visible: usize,
    /// Screen rows of the list.
    height: u16,
    /// The headings of the days of the loaded rows, where they are asked for.
    days: Option<Vec<Day>>,
    pub filter: Editor,
    /// The filter under which a row of its own was last chosen.
    settled: String,
    /// Whether the filter line has the cursor.
    pub filtering: bool,
    /// Why a term of the filter cannot be read; the rows are those of the other terms.
    pub filter_error: Option<FilterError>,
    /// The words that the filter looks for, which are lit up in the rows.
    phrases: Vec<Vec<String>>,
    /// What the whole history has for keys of the filter.
    met: Met,
    /// Why the history cannot be read.
    pub failure: Option<String>,
    /// All rows that the filter finds; `None` until they are counted.
    total: Option<u64>,
    /// What was removed and can be brought back, the last ones at the end.
    pub removed: Vec<Vec<ExchangeId>>,
    /// The marked exchanges, in the order in which they were marked.
    marked: Vec<ExchangeId>,
    complete: bool,
    job: JobId,
    loading: bool,
}

impl HistoryPanel {
    pub fn new(filter: &str, selected: Option<ExchangeId>) -> Self {
        Self {
            filter: Editor::new(filter),
            settled: filter.to_owned(),
            selected,
            ..Self::default()
        }
    }

    /// How the term before the cursor may go on. The history tells hosts, environments and the like; where a text
    /// is long, nothing is offered.
    pub fn completions(&self) -> Vec<Completion> {
        let (before, after) = self.filter.split();
        if !self.filtering || !(after.is_empty() || after.starts_with(' ')) {
            return Vec::new();
        }
        search::completions(before, |key| self.known(key))
    }

    /// Values of the whole history, and before them those of the loaded rows that it did not have when they were
    /// asked for.
    fn known(&self, key: &str) -> Vec<&str> {
        let mut known = Vec::new();
        for row in &self.rows {
            match key {
                "host" => known.extend(host_name(&row.url)),
                "env" => known.extend(row.lineage.environment.as_deref()),
                "tag" => known.extend(row.label.tags.iter().map(String::as_str)),
                "type" => known.extend(row.media.as_deref()),
                _ => break,
            }
            known.dedup();
        }
        known.extend(self.met.values(key));
        let mut seen = HashSet::new();
        known.retain(|value| seen.insert(*value));
        known
    }

    /// Takes what the whole history has.
    pub fn meet(&mut self, met: Met) {
        self.met = met;
    }

    /// Types the likeliest completion; says whether there was one.
    pub fn complete(&mut self) -> bool {
        let Some(completion) = self.completions().into_iter().next() else {
            return false;
        };
        self.filter.insert(&completion.rest);
        true
    }

    pub fn phrases(&self) -> &[Vec<String>] {
        &self.phrases
    }

    pub fn rows(&self) -> &[Summary] {
        &self.rows
    }

    /// The rows from the first one on the screen, each with where it went and when, under the headings of their
    /// days where these are asked for.
    pub fn shown(&self) -> impl Iterator<Item = Item<'_>> {
        let days = self.days.as_deref().unwrap_or_default();
        days::items(&self.rows, &self.labels, days, self.scroll)
    }

    /// Puts headings of days into the list, or takes them out.
    pub fn toggle_days(&mut self) {
        self.days = match self.days {
            Some(_) => None,
            None => Some(self.days_of_rows()),
        };
        self.keep_in_view();
    }

    /// Whether the list has headings of days.
    pub fn is_by_day(&self) -> bool {
        self.days.is_some()
    }

    fn days_of_rows(&self) -> Vec<Day> {
        days::days(&self.rows, &self.labels, self.complete)
    }

    pub fn total(&self) -> Option<u64> {
        self.total
    }

    pub fn scroll(&self) -> usize {
        self.scroll
    }

    pub fn selected(&self) -> Option<ExchangeId> {
        self.selected
    }

    /// The chosen exchange where it is one of the rows: what is done to a row is not done to one that nobody sees.
    pub fn chosen(&self) -> Option<ExchangeId> {
        self.selected_index().and(self.selected)
    }

    /// Once a filter is typed and its rows are here, the first of them is chosen where the chosen one is not among
    /// them. Returns what is chosen anew.
    pub fn settle(&mut self) -> Option<ExchangeId> {
        if self.filtering || self.loading || self.settled == self.filter.text() {
            return None;
        }
        self.filter.text().clone_into(&mut self.settled);
        if self.chosen().is_some() || self.may_be_below() || self.is_unkept() {
            return None;
        }
        let first = self.rows.first()?.id;
        self.select(Some(first));
        Some(first)
    }

    /// Whether the chosen row is one of those that are not loaded yet: all are listed.
    fn may_be_below(&self) -> bool {
        let last = self.rows.last().map(|row| row.id);
        self.filter.is_empty() && !self.complete && self.selected.is_some_and(|id| Some(id) < last)
    }

    /// Whether what is shown has no row, and would be gone when another one is.
    fn is_unkept(&self) -> bool {
        self.selected.is_some_and(|id| id.0 < 0)
    }

    pub fn marked(&self) -> &[ExchangeId] {
        &self.marked
    }

    /// Marks an exchange, or takes its mark away.
    pub fn toggle_mark(&mut self, id: ExchangeId) {
        let before = self.marked.len();
        self.marked.retain(|marked| *marked != id);
        if self.marked.len() == before {
            self.marked.push(id);
        }
    }

    /// Lets go of rows that are removed: the choice goes to the one below, or above where there is none.
    pub fn leave(&mut self, gone: &[ExchangeId]) {
        self.marked.retain(|id| !gone.contains(id));
        let Some(index) = self.selected_index() else {
            return;
        };
        let stays = |row: &&Summary| !gone.contains(&row.id);
        let below = self.rows.iter().skip(index).find(stays);
        let above = || self.rows.iter().take(index).rev().find(stays);
        self.selected = below.or_else(above).map(|row| row.id);
    }

    /// Takes away every mark.
    pub fn unmark(&mut self) {
        self.marked.clear();
    }

    fn selected_index(&self) -> Option<usize> {
        let selected = self.selected?;
        self.rows.iter().position(|row| row.id == selected)
    }

    /// Asks for the newest rows anew, as many as are shown already.
    pub fn query(&mut self, now: &ZonedDateTime, jobs: &mut JobId) -> Vec<Effect> {
        // The rows of a word that became a key by going on (`status` before `status:`) are not meant by it.
        let (filter, wrong) = Filter::parse_readable(self.filter.text(), now);
        self.filter_error = wrong;
        self.phrases = filter.phrases();
        vec![self.ask(filter, None, self.rows.len().max(PAGE), jobs)]
    }

    /// Asks for older rows when the end of the known ones comes near.
    fn query_more(&mut self, now: &ZonedDateTime, jobs: &mut JobId) -> Vec<Effect> {
        let near_end = self.scroll + self.visible * 2 >= self.rows.len();
        if self.complete || self.loading || !near_end {
            return Vec::new();
        }
        let before = self.rows.last().map(|row| row.id);
        let (filter, _) = Filter::parse_readable(self.filter.text(), now);
        vec![self.ask(filter, before, PAGE, jobs)]
    }

    fn ask(
        &mut self,
        filter: Filter,
        before: Option<ExchangeId>,
        limit: usize,
        jobs: &mut JobId,
    ) -> Effect {
        jobs.0 += 1;
        self.job = *jobs;
        self.loading = true;
        Effect::QueryHistory(HistoryQuery {
            job: *jobs,
            filter,
            before,
            limit,
        })
    }

    /// Takes the rows, unless they answer an older question; their times are told in this time zone.
    pub fn take(&mut self, page: HistoryPage, time_zone: &TimeZone) {
        if page.job != self.job {
            return;
        }
        self.loading = false;
        self.failure = None;
        if !page.appended {
            self.rows.clear();
            self.labels.clear();
        }
        let labels = page.rows.iter().map(|row| RowLabel::new(row, time_zone));
        self.labels.extend(labels);
        self.rows.extend(page.rows);
        self.complete = page.complete;
        if self.days.is_some() {
            self.days = Some(self.days_of_rows());
        }
        if page.complete {
            self.total = Some(self.rows.len() as u64);
        }
        self.keep_in_view();
    }

    /// Takes how many rows there are in all.
    pub fn take_total(&mut self, job: JobId, total: u64) {
        if job == self.job {
            self.total = Some(total);
        }
    }

    pub fn failed(&mut self, job: JobId, reason: String) {
        if job == self.job {
            (self.loading, self.failure) = (false, Some(reason));
        }
    }

    pub fn resize(&mut self, rows: u16) {
        self.height = rows;
        self.visible = usize::from(rows / ROW_HEIGHT).max(1);
        self.keep_in_view();
    }

    /// Chooses the row of an exchange, wherever it is.
    pub fn select(&mut self, id: Option<ExchangeId>) {
        self.selected = id;
        self.keep_in_view();
    }

    /// Walks by rows; the chosen exchange when there is one to show.
    pub fn walk(
        &mut self,
        by: isize,
        now: &ZonedDateTime,
        jobs: &mut JobId,
    ) -> Option<(ExchangeId, Vec<Effect>)> {
        let last = self.rows.len().checked_sub(1)?;
        let index = match self.selected_index() {
            Some(index) => index.saturating_add_signed(by).min(last),
            None if by < 0 && by != isize::MIN => last,
            None => 0,
        };
        let id = self.rows.get(index)?.id;
        self.select(Some(id));
        Some((id, self.query_more(now, jobs)))
    }

    /// How many rows a page key walks.
    pub fn page(&self) -> isize {
        self.visible.saturating_sub(1).max(1).cast_signed()
    }

    fn keep_in_view(&mut self) {
        if let Some(days) = &self.days {
            // Fewer rows than before must not leave the page empty below them.
            let last = self.rows.len().saturating_sub(1);
            let most = days::begin(days, last, 0, (self.height, ROW_HEIGHT));
            self.scroll = self.scroll.min(most);
            if let Some(index) = self.selected_index() {
                self.scroll = days::begin(days, index, self.scroll, (self.height, ROW_HEIGHT));
            }
            return;
        }
        if let Some(index) = self.selected_index() {
            if index < self.scroll {
                self.scroll = index;
            }
            if index >= self.scroll + self.visible {
                self.scroll = index + 1 - self.visible;
            }
        }
        self.scroll = self
            .scroll
            .min(self.rows.len().saturating_sub(self.visible));
    }
}

/// The host of an address without its port.
fn host_name(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let end = authority.rfind(':').filter(|_| !authority.ends_with(']'));
    authority.get(..end.unwrap_or(authority.len()))
}
