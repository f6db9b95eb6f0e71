//! Where one is in the body: the cursor, the rows that are shown, the rows that are selected.

use super::BodyPage;
use crate::inspect::{Jump, Layout};

/// Rows that can be copied at once, and those that are made at a time.
const MOST_SELECTED: usize = 100_000;
const AT_A_TIME: usize = 200;

impl BodyPage {
    /// Moves the cursor by rows.
    pub fn move_by(&mut self, rows: isize) {
        self.cursor = self.step(self.cursor, rows);
        self.walked();
    }

    pub fn move_page(&mut self, forward: bool) {
        let rows = self.height.saturating_sub(1).max(1).cast_signed();
        let rows = if forward { rows } else { -rows };
        self.scroll = self.step(self.scroll, rows);
        self.move_by(rows);
    }

    pub fn to_start(&mut self) {
        self.cursor = 0;
        self.walked();
    }

    pub fn to_end(&mut self) {
        self.cursor = self.layout().map_or(0, Layout::last);
        self.moved();
        // What is not all has its end elsewhere, and that is where the cursor is to be.
        self.wants_end = true;
        self.aim_anew();
    }

    /// Goes to a byte; a place outside the page comes to its middle, so that what is around it is seen too and
    /// what goes on in the row below is never cut off.
    pub(super) fn go_to(&mut self, offset: usize) {
        let Some(row) = self.layout().map(|layout| layout.row_at(offset)) else {
            return;
        };
        let height = self.height.max(1).cast_signed();
        let last_inside = self.step(self.scroll, height - 2);
        if !(self.scroll..=last_inside).contains(&row) {
            self.scroll = self.step(row, -(height / 2));
        }
        self.cursor = row;
        self.walked();
    }

    /// What follows from a move of the user's: what is being laid out leads nowhere else.
    fn walked(&mut self) {
        self.moved();
        self.wants_end = false;
        self.aim_anew();
    }

    fn aim_anew(&mut self) {
        if self.is_working() && self.layout().is_some() {
            self.aim();
        }
    }

    /// What follows from another place of the cursor.
    pub(super) fn moved(&mut self) {
        self.follow_cursor();
        let path = self
            .layout()
            .and_then(|layout| layout.path(self.cursor, false));
        self.path = path;
    }

    /// Scrolls as far as the cursor asks for.
    pub(super) fn follow_cursor(&mut self) {
        let Some(layout) = self.layout() else {
            return;
        };
        let height = self.height.max(1);
        let cursor = self.cursor.min(layout.last());
        let lowest = layout.step(cursor, -(height.cast_signed() - 1));
        // The page is full as far as there is something to fill it.
        let last = layout.step(layout.last(), -(height.cast_signed() - 1));
        let scroll = self
            .scroll
            .clamp(lowest.min(cursor), cursor)
            .min(last.max(lowest));
        (self.cursor, self.scroll) = (cursor, scroll);
    }

    /// To the value beside this one or to the one that it lies in.
    pub fn jump(&mut self, to: Jump) -> bool {
        let row = self
            .layout()
            .and_then(|layout| layout.row_of(self.cursor, to));
        if let Some(row) = row {
            self.cursor = row;
            self.walked();
        }
        row.is_some()
    }

    pub fn turn_selection(&mut self) {
        self.anchor = match self.anchor {
            None => Some(self.cursor),
            Some(_) => None,
        };
    }

    pub fn end_selection(&mut self) -> bool {
        self.anchor.take().is_some()
    }

    /// The text of the selected rows, as received; `None` without a selection.
    pub fn selected_text(&self) -> Option<String> {
        let (first, last) = self.selection()?;
        let layout = self.layout()?;
        let mut lines: Vec<String> = Vec::new();
        let mut next = Some(first);
        while let Some(from) = next.filter(|_| lines.len() < MOST_SELECTED) {
            let rows = layout.page(from, AT_A_TIME);
            let end = rows.last().map(|(row, _)| *row);
            let selected = rows.into_iter().take_while(|(row, _)| *row <= last);
            lines.extend(
                selected.map(|(_, pieces)| pieces.into_iter().map(|(_, text)| text).collect()),
            );
            next = end
                .filter(|end| *end < last)
                .map(|end| layout.step(end, 1))
                .filter(|next| Some(*next) > end);
        }
        Some(lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::{
        app::{
            effect::Effect,
            message::JobId,
            viewer::{BodyDeed, BodyNews},
        },
        inspect::Received,
    };

    fn take(page: &mut BodyPage, body: Bytes, is_arriving: bool, jobs: &mut JobId) {
        let received = Received {
            body,
            is_arriving,
            ..Received::default()
        };
        page.lay_out_at_once(received, jobs);
    }

    /// The row numbers of a very large body have gaps, so that rows cannot be counted by them.
    #[test]
    fn the_end_of_a_growing_body_stays_at_the_bottom_of_the_page() {
        let mut jobs = JobId::default();
        let mut page = BodyPage::default();
        page.resize(40, 10);
        let whole = Bytes::from(b"0123456789".repeat(600_000));
        take(&mut page, whole.slice(..5_000_300), true, &mut jobs);
        page.to_end();
        for end in [5_000_900, 5_400_000, whole.len()] {
            take(&mut page, whole.slice(..end), true, &mut jobs);
            let layout = page.layout().unwrap();
            let rows: Vec<usize> = layout
                .page(page.scroll(), 11)
                .iter()
                .map(|it| it.0)
                .collect();
            assert_eq!(rows.len(), 10, "{end}");
            assert_eq!(rows.last(), Some(&layout.last()), "{end}");
            assert_eq!(page.cursor(), layout.last(), "{end}");
        }
        page.move_by(-4);
        assert_eq!(page.rows_above_cursor(), 5);
    }

    /// A body of so many short lines, as JSON too large to be laid out at once.
    fn large(lines: usize) -> Bytes {
        let lines: Vec<String> = (0..lines).map(|line| format!("{line:099}")).collect();
        format!("[\"{}\"]", lines.join("\",\"")).into()
    }

    #[test]
    fn the_end_that_is_asked_for_before_it_is_known_is_gone_to_later() {
        let mut jobs = JobId::default();
        let mut page = BodyPage::default();
        page.resize(200, 10);
        let received = Received {
            body: large(20_000),
            content_type: Some("application/json".to_owned()),
            ..Received::default()
        };
        let Some(Effect::Body(BodyDeed::LayOut(job))) = page.lay_out(received, &mut jobs) else {
            panic!("nothing is laid out");
        };
        let news = |layout, is_head| BodyNews::LaidOut {
            job: job.job,
            layout,
            is_head,
        };
        page.take(news(job.head().unwrap(), true), &mut jobs);
        let head = page.layout().unwrap().last();
        assert!(page.is_partial() && !page.follows_end());
        page.to_end();
        assert!(page.follows_end());
        let mut moved = page.clone();
        moved.move_by(-3);
        assert!(!moved.follows_end());
        let whole = job.run();
        page.take(news(whole.clone(), false), &mut jobs);
        assert_eq!(page.cursor(), whole.last());
        assert!(!page.is_partial());
        moved.take(news(whole, false), &mut jobs);
        assert_eq!(moved.cursor(), head - 3);
    }

    #[test]
    fn the_end_is_followed_until_a_key_moves_elsewhere() {
        let mut jobs = JobId::default();
        let mut page = BodyPage::default();
        page.resize(40, 10);
        let part = |lines: usize| Bytes::from("a line\n".repeat(lines));
        take(&mut page, part(100), true, &mut jobs);
        page.to_end();
        take(&mut page, part(200), true, &mut jobs);
        take(&mut page, part(300), true, &mut jobs);
        assert_eq!(page.cursor(), page.layout().unwrap().last());
        page.to_start();
        take(&mut page, part(400), false, &mut jobs);
        assert_eq!((page.cursor(), page.follows_end()), (0, false));
    }

    #[test]
    fn what_is_selected_is_copied_whole_and_nothing_else_is_made() {
        let mut jobs = JobId::default();
        let mut page = BodyPage::default();
        page.resize(10, 10);
        let lines: Vec<String> = (0..1000).map(|line| line.to_string()).collect();
        take(&mut page, lines.join("\n").into(), false, &mut jobs);
        page.turn_selection();
        page.move_by(2);
        assert_eq!(page.selected_text().as_deref(), Some("0\n1\n2"));
        page.move_by(997);
        let text = page.selected_text().unwrap();
        assert!(text.ends_with("\n998\n999"), "{}", text.len());
        assert_eq!(text.lines().count(), 1000);
    }
}
