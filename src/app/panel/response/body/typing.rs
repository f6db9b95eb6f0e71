//! What is typed below the body: a search, a filter, the name of a file.

use super::{BodyPage, Entry};
use crate::{
    app::{effect::Effect, message::JobId, viewer::BodyDeed},
    inspect::{Layout, View},
};

/// The filters that are remembered at the most.
const REMEMBERED: usize = 50;

impl BodyPage {
    /// Opens a line to type into.
    pub fn open(&mut self, entry: Entry) {
        self.entry = Some(entry);
        self.recalled = None;
        if entry == Entry::Search {
            let offset = self.layout().and_then(|layout| layout.offset(self.cursor));
            self.find.begin(offset.unwrap_or_default());
            self.search.set("");
        }
    }

    /// What follows from a change of the typed text.
    pub fn typed(&mut self, jobs: &mut JobId) -> Vec<Effect> {
        match self.entry {
            Some(Entry::Search) => {
                self.find.type_in(self.search.text());
                self.look_for(jobs)
            }
            Some(Entry::Filter) => self.run_filter(jobs),
            Some(Entry::Save) | None => Vec::new(),
        }
    }

    pub(super) fn look_for(&mut self, jobs: &mut JobId) -> Vec<Effect> {
        let text = self.layout().map(Layout::searched);
        let effect = text.and_then(|text| self.find.look_for(text, jobs));
        effect.into_iter().collect()
    }

    /// To the next or the previous place of what is searched; `None` where there is none to go to.
    pub fn go_on(&mut self, forward: bool, jobs: &mut JobId) -> Option<Vec<Effect>> {
        let offset_of = |row| self.layout().and_then(|layout| layout.offset(row));
        let start = offset_of(self.cursor).unwrap_or_default();
        let below = self.step(self.cursor, 1);
        let end = offset_of(below).filter(|end| *end > start);
        let row = start..end.unwrap_or(usize::MAX);
        let offset = self.find.go_on(forward, row)?;
        Some(self.show_found(offset, jobs))
    }

    /// Goes to a place that was found, and unfolds what it lies in.
    pub(super) fn show_found(&mut self, offset: usize, jobs: &mut JobId) -> Vec<Effect> {
        // The place counts from here on even before it is unfolded, so that the next one is found behind it.
        self.go_to(offset);
        let Some(layout) = self.layout() else {
            return Vec::new();
        };
        let Some(folds) = layout.folds_showing(offset) else {
            return Vec::new();
        };
        let view = View {
            folds,
            ..layout.view().clone()
        };
        self.goal = Some((offset, self.rows_above_cursor()));
        self.look(view, jobs).into_iter().collect()
    }

    fn run_filter(&mut self, jobs: &mut JobId) -> Vec<Effect> {
        jobs.0 += 1;
        self.filter_job = *jobs;
        self.problem = None;
        let filter = self.filter.text().trim().to_owned();
        let text = self.whole.as_ref().and_then(|it| it.document().text());
        let Some(text) = text.filter(|_| !filter.is_empty()).cloned() else {
            (self.is_working, self.is_filtering) = (false, false);
            if self.filtered.take().is_some() {
                (self.cursor, self.scroll, self.anchor) = (0, 0, None);
                self.wants_end = false;
                self.find.rows_changed();
                self.moved();
            }
            let mut effects = vec![Effect::Body(BodyDeed::GiveUp)];
            // The window may have another width since it was laid out.
            if self
                .whole
                .as_ref()
                .is_some_and(|it| it.columns() != self.columns)
            {
                effects.extend(self.lay_out_again(jobs));
            }
            return effects;
        };
        (self.is_working, self.is_filtering) = (true, true);
        vec![Effect::Body(BodyDeed::Filter {
            job: self.filter_job,
            text,
            filter,
            columns: self.columns,
        })]
    }

    /// Closes the line; what was found stays.
    pub fn keep(&mut self) {
        if self.entry.take() == Some(Entry::Filter) {
            let filter = self.filter.text().trim().to_owned();
            if !filter.is_empty() {
                self.filters.retain(|it| *it != filter);
                self.filters.insert(0, filter);
                self.filters.truncate(REMEMBERED);
            }
        }
    }

    /// Closes the line, and the search or the filter with it.
    pub fn leave(&mut self, jobs: &mut JobId) -> Vec<Effect> {
        match self.entry.take() {
            Some(Entry::Search) => {
                let origin = self.find.origin();
                self.find.end();
                self.go_to(origin);
                vec![Effect::Body(BodyDeed::EndSearch)]
            }
            Some(Entry::Filter) => self.drop_filter(jobs),
            Some(Entry::Save) | None => Vec::new(),
        }
    }

    /// Ends the selection, else the search, else the filter; `None` when there is none of them.
    pub fn step_back(&mut self, jobs: &mut JobId) -> Option<Vec<Effect>> {
        if self.end_selection() {
            return Some(Vec::new());
        }
        if self.find.end() {
            return Some(vec![Effect::Body(BodyDeed::EndSearch)]);
        }
        (self.filtered.is_some() || self.is_filtering).then(|| self.drop_filter(jobs))
    }

    fn drop_filter(&mut self, jobs: &mut JobId) -> Vec<Effect> {
        self.filter.set("");
        self.run_filter(jobs)
    }

    /// Puts a filter used before into the line.
    pub fn recall(&mut self, earlier: bool, jobs: &mut JobId) -> Option<Vec<Effect>> {
        if self.entry != Some(Entry::Filter) {
            return None;
        }
        let next = match (self.recalled, earlier) {
            (None, true) => 0,
            (Some(index), true) => index + 1,
            (Some(index), false) if index > 0 => index - 1,
            (_, false) => return Some(Vec::new()),
        };
        let Some(filter) = self.filters.get(next).cloned() else {
            return Some(Vec::new());
        };
        self.recalled = Some(next);
        self.filter.set(filter);
        Some(self.run_filter(jobs))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::{app::viewer::BodyNews, inspect::Received};

    /// A page of 20 rows with this body laid out.
    fn page(body: &'static [u8], jobs: &mut JobId) -> BodyPage {
        let mut page = BodyPage::default();
        page.resize(40, 20);
        let received = Received {
            body: Bytes::from_static(body),
            ..Received::default()
        };
        page.lay_out_at_once(received, jobs);
        page
    }

    #[test]
    fn a_filter_that_goes_on_is_told_and_ended_by_a_step_back() {
        let mut jobs = JobId::default();
        let mut page = page(b"[1]", &mut jobs);
        page.open(Entry::Filter);
        page.filter.set("def f: f; f");
        let effects = page.typed(&mut jobs);
        assert!(matches!(
            effects[..],
            [Effect::Body(BodyDeed::Filter { .. })]
        ));
        assert!(page.is_filtering());
        page.keep();
        assert!(page.is_filtering(), "keeping the line ends nothing");
        let effects = page.step_back(&mut jobs).unwrap();
        assert_eq!(effects, [Effect::Body(BodyDeed::GiveUp)]);
        assert!(!page.is_filtering());
        assert_eq!(page.step_back(&mut jobs), None);
    }

    /// Carries out what is laid out and searched until nothing is left to do.
    fn carry_out(page: &mut BodyPage, mut effects: Vec<Effect>, jobs: &mut JobId) {
        while let Some(effect) = effects.pop() {
            let news = match effect {
                Effect::Body(BodyDeed::LayOut(job)) => BodyNews::LaidOut {
                    job: job.job,
                    layout: job.run(),
                    is_head: false,
                },
                Effect::Body(BodyDeed::Find { job, text, pattern }) => BodyNews::Found {
                    job,
                    matches: pattern.find(&text, &|_, _| true),
                },
                other => panic!("{other:?}"),
            };
            effects.extend(page.take(news, jobs));
        }
    }

    fn row_at_cursor(page: &BodyPage) -> String {
        let pieces = page.layout().unwrap().row(page.cursor());
        pieces.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn what_is_found_is_unfolded() {
        let mut jobs = JobId::default();
        let body = br#"{"a":[{"k":1},{"k":{"k":2}}],"b":{"c":3}}"#;
        let mut page = page(body, &mut jobs);
        let effects = page.fold_from(Some(1), &mut jobs).into_iter().collect();
        carry_out(&mut page, effects, &mut jobs);
        page.open(Entry::Search);
        page.search.set("k");
        let effects = page.typed(&mut jobs);
        carry_out(&mut page, effects, &mut jobs);
        page.keep();
        assert_eq!(row_at_cursor(&page).trim(), r#""k": 1"#);
        let mut found = Vec::new();
        for _ in 0..3 {
            let effects = page.go_on(true, &mut jobs).unwrap();
            carry_out(&mut page, effects, &mut jobs);
            found.push(row_at_cursor(&page).trim().to_owned());
        }
        assert_eq!(found, [r#""k": { … 1 member }"#, r#""k": 2"#, r#""k": 1"#]);
        let shown = page.layout().unwrap().page(0, 20);
        let is_folded = |rows: &[(usize, crate::inspect::Pieces)]| {
            rows.iter()
                .any(|(_, row)| row.iter().any(|it| it.1.contains("… 1 member")))
        };
        assert!(is_folded(&shown), "what holds no place stays folded");
    }

    #[test]
    fn going_on_before_anything_is_found_goes_there_when_it_is() {
        let mut jobs = JobId::default();
        let mut page = page(b"a\nb\nc", &mut jobs);
        page.open(Entry::Search);
        page.search.set("c");
        let effects = page.typed(&mut jobs);
        page.keep();
        assert_eq!(page.go_on(true, &mut jobs), None);
        assert!(page.find.is_searching());
        carry_out(&mut page, effects, &mut jobs);
        assert!(!page.find.is_searching());
        assert_eq!(page.cursor(), 2);
    }

    #[test]
    fn a_search_is_ended_with_its_line() {
        let mut jobs = JobId::default();
        let mut page = page(b"abc", &mut jobs);
        page.open(Entry::Search);
        page.search.set("b");
        page.typed(&mut jobs);
        let effects = page.leave(&mut jobs);
        assert_eq!(effects, [Effect::Body(BodyDeed::EndSearch)]);
    }
}
