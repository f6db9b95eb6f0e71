//! The search in a body: what is looked for, and which of the places found is the present one.

use std::ops::Range;

use bytes::Bytes;

use crate::{
    app::{effect::Effect, message::JobId, viewer::BodyDeed},
    inspect::find::{Matches, Pattern},
    units::human_size,
};

/// A search and its state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Find {
    pattern: Option<Pattern>,
    /// What is wrong with what was typed.
    problem: Option<String>,
    matches: Option<Matches>,
    current: Option<usize>,
    /// Where the cursor was when the search began.
    origin: usize,
    job: JobId,
    /// What was found is not of the rows that are shown now.
    is_stale: bool,
    /// Whether the cursor goes to what is found.
    leads: bool,
}

impl Find {
    pub fn pattern(&self) -> Option<&Pattern> {
        self.pattern.as_ref()
    }

    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    pub fn origin(&self) -> usize {
        self.origin
    }

    pub fn is_stale(&self) -> bool {
        self.is_stale && self.pattern.is_some()
    }

    /// Whether there may be places that nobody knows of yet.
    pub fn is_searching(&self) -> bool {
        self.pattern.is_some() && self.matches.as_ref().is_none_or(|it| !it.is_whole)
    }

    pub fn rows_changed(&mut self) {
        (self.is_stale, self.leads) = (true, false);
        (self.matches, self.current) = (None, None);
    }

    pub fn begin(&mut self, origin: usize) {
        self.origin = origin;
    }

    /// Takes what was typed; a text that is no expression yet leaves the old one in place.
    pub fn type_in(&mut self, typed: &str) {
        self.leads = true;
        match Pattern::parse(typed) {
            Ok(pattern) => {
                (self.pattern, self.problem) = (pattern, None);
                (self.matches, self.current) = (None, None);
            }
            Err(problem) => self.problem = Some(problem),
        }
    }

    pub fn look_for(&mut self, text: Bytes, jobs: &mut JobId) -> Option<Effect> {
        jobs.0 += 1;
        self.job = *jobs;
        self.is_stale = false;
        let pattern = self.pattern.clone()?;
        Some(Effect::Body(BodyDeed::Find {
            job: self.job,
            text,
            pattern,
        }))
    }

    /// Takes what was found, or of a long search what was found so far; says which byte to go to. The first
    /// place behind where the search began is gone to as soon as it is known.
    pub fn take(&mut self, job: JobId, matches: Matches, from: usize) -> Option<usize> {
        if job != self.job || self.pattern.is_none() {
            return None;
        }
        let is_there = self.current.is_some();
        let next = matches.from(from);
        let is_behind = |place: &Range<usize>| place.start >= from;
        let found = next
            .filter(|next| matches.is_whole || matches.places.get(*next).is_some_and(is_behind));
        self.current = self.current.or(found);
        self.matches = Some(matches);
        self.present().filter(|_| self.leads && !is_there)
    }

    fn present(&self) -> Option<usize> {
        let place = self.matches.as_ref()?.places.get(self.current?)?;
        Some(place.start)
    }

    /// The byte of the next or the previous place. Where the cursor is in another row than the present place
    /// it counts from there. Where none is known yet, the first one behind it is gone to as soon as it is.
    pub fn go_on(&mut self, forward: bool, row: Range<usize>) -> Option<usize> {
        let known = self.matches.as_ref().map(|it| it.places.as_slice());
        let places = known.unwrap_or_default();
        let Some(last) = places.len().checked_sub(1) else {
            (self.leads, self.origin) = (true, row.start);
            return None;
        };
        let behind = places.partition_point(|it| it.start < row.start);
        let is_here = self.present().is_some_and(|present| row.contains(&present));
        let next = match self.current.filter(|_| is_here) {
            Some(current) if forward => current + 1,
            Some(current) => current.checked_sub(1).unwrap_or(last),
            None if forward => behind,
            None => behind.checked_sub(1).unwrap_or(last),
        };
        self.current = Some(if next > last { 0 } else { next });
        self.present()
    }

    /// Whether there is a place that can be gone to.
    pub fn has_found(&self) -> bool {
        self.matches.as_ref().is_some_and(|it| it.count > 0)
    }

    /// Forgets the search; `false` when there was none.
    pub fn end(&mut self) -> bool {
        let was = self.pattern.is_some();
        *self = Self {
            job: self.job,
            origin: self.origin,
            ..Self::default()
        };
        was
    }

    /// `3 of 17`, as far as it is known.
    pub fn words(&self) -> Option<String> {
        self.pattern.as_ref()?;
        let Some(matches) = &self.matches else {
            return Some("searching…".to_owned());
        };
        if !matches.is_whole && matches.count == 0 {
            let looked = human_size(matches.looked as u64);
            return Some(format!("none in {looked} so far"));
        }
        let more = if matches.is_whole { "" } else { "+" };
        Some(match (matches.count, self.current) {
            (0, _) => "not found".to_owned(),
            (count, Some(current)) => format!("{} of {count}{more}", current + 1),
            (count, None) => format!("{count}{more}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_long_search_has_found_so_far_is_shown_and_gone_to() {
        let mut jobs = JobId::default();
        let mut find = Find::default();
        find.begin(7);
        find.type_in("a");
        find.look_for(Bytes::new(), &mut jobs);
        let so_far = |starts: &[usize], is_whole| Matches {
            places: starts.iter().map(|start| *start..start + 1).collect(),
            count: starts.len(),
            is_whole,
            looked: 4096,
        };
        assert_eq!(find.take(jobs, so_far(&[], false), 7), None);
        let words = find.words();
        assert_eq!(words.as_deref(), Some("none in 4.0 KiB so far"));
        assert_eq!(find.take(jobs, so_far(&[2], false), 7), None);
        assert_eq!(find.words().as_deref(), Some("1+"));
        assert_eq!(find.take(jobs, so_far(&[2, 9], false), 7), Some(9));
        assert_eq!(find.words().as_deref(), Some("2 of 2+"));
        assert_eq!(find.take(jobs, so_far(&[2, 9, 30], true), 7), None);
        assert_eq!(find.words().as_deref(), Some("2 of 3"));
    }

    #[test]
    fn the_places_are_gone_round_from_where_the_cursor_is() {
        let mut jobs = JobId::default();
        let mut find = Find::default();
        find.begin(5);
        find.type_in("a");
        let text = Bytes::from_static(b"a....a....a");
        find.look_for(text.clone(), &mut jobs);
        assert_eq!(find.words().as_deref(), Some("searching…"));
        let matches = find.pattern().unwrap().find(&text, &|_, _| true);
        assert_eq!(find.take(JobId(0), matches.clone(), 5), None);
        assert_eq!(find.take(jobs, matches, 5), Some(5));
        assert_eq!(find.words().as_deref(), Some("2 of 3"));
        assert_eq!(find.go_on(true, 5..8), Some(10));
        assert_eq!(find.go_on(true, 9..11), Some(0));
        assert_eq!(find.go_on(false, 0..3), Some(10));
        assert_eq!(find.go_on(true, 3..4), Some(5));
        assert_eq!(find.go_on(false, 3..4), Some(0));
        find.type_in("/(");
        assert!(find.problem().is_some());
        assert!(find.end() && !find.end());
    }
}
