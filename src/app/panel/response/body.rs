//! The page of the body: the cursor in it, what is folded, searched and filtered.

use crate::{
    app::{
        editor::Editor,
        effect::Effect,
        message::JobId,
        viewer::{BodyDeed, BodyNews, LayOutJob, Source},
    },
    inspect::{Folds, Jump, Layout, Received, View, Way, jq::Problem},
};

use super::find::Find;

/// What is being typed below the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    Search,
    Filter,
    Save,
}

/// The filters that are remembered at the most.
const REMEMBERED: usize = 50;

/// The page's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BodyPage {
    /// The body, once it is laid out.
    whole: Option<Layout>,
    /// What the filter makes of it.
    filtered: Option<Layout>,
    /// The row with the cursor, and the first row shown.
    cursor: usize,
    scroll: usize,
    /// The other end of the rows that are selected.
    anchor: Option<usize>,
    columns: u16,
    /// Rows of the page, without the line below.
    height: usize,
    /// How jq calls the value at the cursor.
    path: Option<String>,
    pub entry: Option<Entry>,
    pub search: Editor,
    pub filter: Editor,
    pub save: Editor,
    pub find: Find,
    problem: Option<Problem>,
    /// Filters used before, the last one first, and which of them was called back.
    filters: Vec<String>,
    recalled: Option<usize>,
    job: JobId,
    filter_job: JobId,
    /// Whether a layout or a filter is under way.
    is_working: bool,
    /// Where to be when the next layout is here: the byte, and how many rows below the first one shown.
    goal: Option<(usize, usize)>,
    /// What has arrived while an earlier part was being laid out.
    next: Option<Received>,
}

impl BodyPage {
    /// What is shown, as far as it is laid out.
    pub fn layout(&self) -> Option<&Layout> {
        self.filtered.as_ref().or(self.whole.as_ref())
    }

    /// The body itself, filtered or not.
    pub fn whole(&self) -> Option<&Layout> {
        self.whole.as_ref()
    }

    pub fn cursor(&self) -> usize {
        self.cursor
    }

    pub fn scroll(&self) -> usize {
        self.scroll
    }

    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    pub fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    pub fn is_filtered(&self) -> bool {
        self.filtered.is_some()
    }

    pub fn is_working(&self) -> bool {
        self.is_working
    }

    /// The first and the last of the selected rows.
    pub fn selection(&self) -> Option<(usize, usize)> {
        let anchor = self.anchor?;
        Some((anchor.min(self.cursor), anchor.max(self.cursor)))
    }

    pub fn filters(&self) -> &[String] {
        &self.filters
    }

    pub fn remember_filters(&mut self, filters: Vec<String>) {
        self.filters = filters;
    }

    /// The text that typing goes into.
    pub fn editor(&mut self) -> Option<&mut Editor> {
        Some(match self.entry? {
            Entry::Search => &mut self.search,
            Entry::Filter => &mut self.filter,
            Entry::Save => &mut self.save,
        })
    }

    /// The line below the body that is typed into, and its text.
    pub fn typed_line(&self) -> Option<(Entry, &Editor)> {
        let entry = self.entry?;
        let line = match entry {
            Entry::Search => &self.search,
            Entry::Filter => &self.filter,
            Entry::Save => &self.save,
        };
        Some((entry, line))
    }

    /// Forgets the body that was shown; what was typed stays for the next one.
    pub fn clear(&mut self) {
        *self = Self {
            search: std::mem::take(&mut self.search),
            filters: std::mem::take(&mut self.filters),
            columns: self.columns,
            height: self.height,
            job: self.job,
            ..Self::default()
        };
    }

    /// Lays a new body out. While one is being laid out, only the latest of the others waits.
    pub fn lay_out(&mut self, received: Received, jobs: &mut JobId) -> Option<Effect> {
        if self.is_working && received.is_arriving {
            self.next = Some(received);
            return None;
        }
        self.next = None;
        let view = self.whole.as_ref().map(|layout| layout.view().clone());
        let view = view.unwrap_or_default();
        self.aim();
        self.ask(Source::Received(received), view, jobs)
    }

    /// Takes the size of the page; `false` when the rows have to be made anew.
    pub fn resize(&mut self, columns: u16, height: usize) -> bool {
        let same = self.columns == columns || self.columns == 0;
        (self.columns, self.height) = (columns, height);
        self.follow_cursor();
        same
    }

    /// Makes the rows anew for another width.
    pub fn lay_out_again(&mut self, jobs: &mut JobId) -> Vec<Effect> {
        let view = self.layout().map(|layout| layout.view().clone());
        view.and_then(|view| self.look(view, jobs))
            .into_iter()
            .collect()
    }

    fn ask(&mut self, source: Source, view: View, jobs: &mut JobId) -> Option<Effect> {
        if self.columns == 0 {
            return None;
        }
        jobs.0 += 1;
        self.job = *jobs;
        self.is_working = true;
        Some(Effect::Body(BodyDeed::LayOut(LayOutJob {
            job: self.job,
            source,
            view,
            columns: self.columns,
        })))
    }

    /// Shows the same in another way.
    fn look(&mut self, view: View, jobs: &mut JobId) -> Option<Effect> {
        let document = self.layout()?.document().clone();
        if self.goal.is_none() {
            self.aim();
        }
        self.ask(Source::Read(document), view, jobs)
    }

    /// Remembers where the cursor is in the text.
    fn aim(&mut self) {
        let below = self.cursor.saturating_sub(self.scroll);
        let offset = self.layout().and_then(|layout| layout.offset(self.cursor));
        // A cursor at the end of what is arriving stays at the end.
        let last = self.layout().map_or(0, Layout::last);
        self.goal = match offset {
            Some(_) if self.cursor > 0 && self.cursor == last => Some((usize::MAX, below)),
            Some(offset) => Some((offset, below)),
            None => None,
        };
    }

    /// Takes what came back; answers of jobs that are gone are dropped.
    pub fn take(&mut self, news: BodyNews, jobs: &mut JobId) -> Vec<Effect> {
        match news {
            BodyNews::LaidOut {
                job,
                layout,
                is_head,
            } if job == self.job => {
                self.laid_out(layout, is_head);
                if !is_head && let Some(next) = self.next.take() {
                    return self.lay_out(next, jobs).into_iter().collect();
                }
                if !is_head && self.find.is_stale() {
                    return self.look_for(jobs);
                }
            }
            BodyNews::Found { job, matches } => {
                let from = self.find.origin();
                if let Some(offset) = self.find.take(job, matches, from) {
                    self.go_to(offset);
                }
            }
            BodyNews::Filtered { job, found } if job == self.filter_job => {
                self.is_working = false;
                self.take_filtered(found);
                return self.look_for(jobs);
            }
            BodyNews::LaidOut { .. } | BodyNews::Filtered { .. } | BodyNews::Exists { .. } => {}
        }
        Vec::new()
    }

    fn laid_out(&mut self, layout: Layout, is_head: bool) {
        self.is_working = is_head;
        let way = self.layout().map(|layout| layout.view().way);
        if way.is_some_and(|way| way != layout.view().way) {
            self.find.rows_changed();
        }
        match &mut self.filtered {
            Some(filtered) if filtered.document() == layout.document() => *filtered = layout,
            _ => self.whole = Some(layout),
        }
        if let Some((offset, below)) = self.goal {
            let layout = self.layout();
            self.cursor = layout.map_or(0, |layout| match offset {
                usize::MAX => layout.last(),
                offset => layout.row_at(offset),
            });
            let scroll = self.step(self.cursor, -below.cast_signed());
            self.scroll = scroll;
        }
        if !is_head {
            self.goal = None;
        }
        self.anchor = None;
        self.moved();
    }

    fn take_filtered(&mut self, found: Result<(Layout, Option<Problem>), Problem>) {
        match found {
            Ok((layout, problem)) => {
                self.filtered = Some(layout);
                self.problem = problem;
                (self.cursor, self.scroll, self.anchor) = (0, 0, None);
            }
            // What was found before stays: the next letter may make a filter of it again.
            Err(problem) => self.problem = Some(problem),
        }
        self.find.rows_changed();
        self.moved();
    }

    fn step(&self, from: usize, by: isize) -> usize {
        self.layout().map_or(0, |layout| layout.step(from, by))
    }

    /// Moves the cursor by rows.
    pub fn move_by(&mut self, rows: isize) {
        self.cursor = self.step(self.cursor, rows);
        self.moved();
    }

    pub fn move_page(&mut self, forward: bool) {
        let rows = self.height.saturating_sub(1).max(1).cast_signed();
        let rows = if forward { rows } else { -rows };
        self.scroll = self.step(self.scroll, rows);
        self.move_by(rows);
    }

    pub fn to_start(&mut self) {
        self.cursor = 0;
        self.moved();
    }

    pub fn to_end(&mut self) {
        self.cursor = self.layout().map_or(0, Layout::last);
        self.moved();
    }

    /// Goes to a byte; a place outside the page comes to its middle, so that what is around it is seen too and
    /// what goes on in the row below is never cut off.
    fn go_to(&mut self, offset: usize) {
        let Some(row) = self.layout().map(|layout| layout.row_at(offset)) else {
            return;
        };
        let height = self.height.max(1).cast_signed();
        let last_inside = self.step(self.scroll, height - 2);
        if !(self.scroll..=last_inside).contains(&row) {
            self.scroll = self.step(row, -(height / 2));
        }
        self.cursor = row;
        self.moved();
    }

    /// What follows from another place of the cursor.
    fn moved(&mut self) {
        self.follow_cursor();
        let path = self
            .layout()
            .and_then(|layout| layout.path(self.cursor, false));
        self.path = path;
    }

    /// Scrolls as far as the cursor asks for.
    fn follow_cursor(&mut self) {
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
            self.moved();
        }
        row.is_some()
    }

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
        self.goal = None;
        (self.cursor, self.scroll, self.anchor) = (0, 0, None);
        let document = self.layout()?.document().clone();
        self.ask(Source::Read(document), view, jobs)
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

    fn look_for(&mut self, jobs: &mut JobId) -> Vec<Effect> {
        let text = self.layout().map(Layout::searched);
        let effect = text.and_then(|text| self.find.look_for(text, jobs));
        effect.into_iter().collect()
    }

    /// To the next or the previous place of what is searched.
    pub fn go_on(&mut self, forward: bool) -> bool {
        let offset_of = |row| self.layout().and_then(|layout| layout.offset(row));
        let start = offset_of(self.cursor).unwrap_or_default();
        let below = self.step(self.cursor, 1);
        let end = offset_of(below).filter(|end| *end > start);
        match self.find.go_on(forward, start..end.unwrap_or(usize::MAX)) {
            Some(offset) => {
                self.go_to(offset);
                true
            }
            None => false,
        }
    }

    fn run_filter(&mut self, jobs: &mut JobId) -> Vec<Effect> {
        jobs.0 += 1;
        self.filter_job = *jobs;
        self.problem = None;
        let filter = self.filter.text().trim().to_owned();
        let text = self.whole.as_ref().and_then(|it| it.document().text());
        let Some(text) = text.filter(|_| !filter.is_empty()).cloned() else {
            self.is_working = false;
            if self.filtered.take().is_some() {
                (self.cursor, self.scroll, self.anchor) = (0, 0, None);
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
        self.is_working = true;
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
                Vec::new()
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
            return Some(Vec::new());
        }
        self.filtered.is_some().then(|| self.drop_filter(jobs))
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

    /// The text of the selected rows, as received; `None` without a selection.
    pub fn selected_text(&self) -> Option<String> {
        let (first, last) = self.selection()?;
        let layout = self.layout()?;
        let rows = layout.page(first, MOST_SELECTED);
        let lines = rows
            .into_iter()
            .take_while(|(row, _)| *row <= last)
            .map(|(_, pieces)| pieces.into_iter().map(|(_, text)| text).collect::<String>());
        Some(lines.collect::<Vec<_>>().join("\n"))
    }
}

/// Rows that can be copied at once.
const MOST_SELECTED: usize = 100_000;
