//! Two exchanges compared, in a window over the zones: side by side or one below the other, what is the
//! same folded, walked from difference to difference.

pub mod page;

use std::sync::Arc;

use crate::{
    app::{
        effect::{CompareJob, Effect},
        message::JobId,
        rich::Line,
    },
    compare::{Comparison, Pair, Row, USUALLY_IGNORED},
};

use page::{Form, Page};

/// Rows above the differences: which exchange is on which side.
pub const HEAD_ROWS: u16 = 2;

/// The window.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparePanel {
    pub pair: Pair,
    job: JobId,
    compared: Option<Arc<Comparison>>,
    /// Why there is nothing to compare.
    pub problem: Option<String>,
    pub form: Form,
    page: Page,
    /// The difference that the cursor is on, from 0.
    chosen: usize,
    pub scroll: usize,
    columns: u16,
    height: u16,
}

impl ComparePanel {
    /// The window, and the question to the edge.
    pub fn open(pair: Pair, form: Form, ignored: &[String], jobs: &mut JobId) -> (Self, Effect) {
        let mut panel = Self {
            pair,
            job: JobId::default(),
            compared: None,
            problem: None,
            form,
            page: Page::default(),
            chosen: 0,
            scroll: 0,
            columns: 0,
            height: 0,
        };
        let effect = panel.ask(ignored, jobs);
        (panel, effect)
    }

    /// Compares once more, with another list of what is ignored.
    pub fn ask(&mut self, ignored: &[String], jobs: &mut JobId) -> Effect {
        jobs.0 += 1;
        self.job = *jobs;
        Effect::Compare(CompareJob {
            job: *jobs,
            pair: self.pair,
            ignored: ignored.to_vec(),
        })
    }

    /// Takes what came of it, unless it answers an older question.
    pub fn take(&mut self, job: JobId, compared: Result<Arc<Comparison>, String>) {
        if job != self.job {
            return;
        }
        match compared {
            Ok(compared) => (self.compared, self.problem) = (Some(compared), None),
            Err(reason) => self.problem = Some(reason),
        }
        self.lay_out();
        self.show_chosen();
    }

    pub fn comparison(&self) -> Option<&Comparison> {
        self.compared.as_deref()
    }

    /// Columns and rows of the window within its border.
    pub fn resize(&mut self, columns: u16, height: u16) {
        let is_other = self.columns != columns;
        (self.columns, self.height) = (columns, height);
        if is_other {
            self.lay_out();
        }
        self.scroll = self.scroll.min(self.last_scroll());
    }

    pub fn lines(&self) -> &[Line] {
        &self.page.lines
    }

    /// The lines of the difference that the cursor is on.
    pub fn chosen_lines(&self) -> std::ops::Range<usize> {
        self.page.places.get(self.chosen).cloned().unwrap_or(0..0)
    }

    /// `2 of 5`: where the cursor is among the differences.
    pub fn place(&self) -> (usize, usize) {
        (self.chosen + 1, self.page.places.len())
    }

    /// Rows of the page.
    pub fn page_height(&self) -> usize {
        usize::from(self.height.saturating_sub(HEAD_ROWS))
    }

    fn last_scroll(&self) -> usize {
        self.page.lines.len().saturating_sub(self.page_height())
    }

    pub fn scroll_by(&mut self, rows: isize) {
        self.scroll = self
            .scroll
            .saturating_add_signed(rows)
            .min(self.last_scroll());
    }

    /// To the next difference, or the one before.
    pub fn step(&mut self, forward: bool) {
        let last = self.page.places.len().saturating_sub(1);
        self.chosen = if forward {
            (self.chosen + 1).min(last)
        } else {
            self.chosen.saturating_sub(1)
        };
        self.show_chosen();
    }

    fn show_chosen(&mut self) {
        let lines = self.chosen_lines();
        // Two lines before it are shown, too: often they say where it is.
        let wanted = lines.start.saturating_sub(2);
        let is_seen = wanted >= self.scroll && lines.end <= self.scroll + self.page_height();
        if !is_seen {
            self.scroll = wanted;
        }
        self.scroll = self.scroll.min(self.last_scroll());
    }

    /// Another way to show it; the cursor stays at its difference.
    pub fn change_form(&mut self, change: impl FnOnce(&mut Form)) {
        change(&mut self.form);
        self.lay_out();
        self.show_chosen();
    }

    fn lay_out(&mut self) {
        self.page = match &self.compared {
            Some(compared) => page::lay_out(compared, self.form, self.columns),
            None => Page::default(),
        };
        self.chosen = self.chosen.min(self.page.places.len().saturating_sub(1));
    }

    /// The row that the cursor is on.
    pub fn chosen_row(&self) -> Option<&Row> {
        let rows = self.compared.as_ref()?.sections.iter();
        let mut rows = rows.flat_map(|section| &section.rows);
        let mut differing = rows.by_ref().filter(|row| row.change.counts());
        differing.nth(self.chosen)
    }
}

/// The list as it is where the user has none of their own.
pub fn usually_ignored() -> Vec<String> {
    USUALLY_IGNORED.iter().map(ToString::to_string).collect()
}
