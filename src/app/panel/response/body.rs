//! The page of the body: what is shown of it, and what is being worked on. Where one is in it, how it is folded
//! and what is typed below it have files of their own.

mod folding;
mod typing;
mod walk;

use crate::{
    app::{
        editor::Editor,
        effect::Effect,
        message::JobId,
        viewer::{BodyDeed, BodyNews, LayOutJob, Source},
    },
    inspect::{Canvas, Layout, Received, View, jq::Problem},
};

use super::find::Find;

/// What is being typed below the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    Search,
    Filter,
    Save,
}

/// How much of the body was here when it was laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Extent {
    #[default]
    Whole,
    Part,
}

/// Rows that are left for the notes above an image.
const NOTES: usize = 2;

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
    /// What the terminal draws images on, where it can; its rows are those of the page.
    canvas: Option<Canvas>,
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
    /// Whether it is a filter.
    is_filtering: bool,
    /// Where to be when the next layout is here: the byte, and how many rows below the first one shown.
    goal: Option<(usize, usize)>,
    /// What is being laid out now, of which at the most the head is shown.
    present: Option<Received>,
    /// What has arrived while an earlier part was being laid out.
    next: Option<Received>,
    extent: Extent,
    /// The cursor was sent to the end of what is not all, and goes on to the end as more of it is known.
    wants_end: bool,
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

    /// Whether more of the body is to be shown than is laid out by now.
    pub fn is_partial(&self) -> bool {
        self.filtered.is_none() && (self.extent == Extent::Part || self.present.is_some())
    }

    /// Whether the cursor follows the end of what is not all.
    pub fn follows_end(&self) -> bool {
        self.wants_end && self.is_partial()
    }

    pub fn is_filtering(&self) -> bool {
        self.is_filtering
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
            canvas: self.canvas,
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
        self.extent = if received.is_arriving {
            Extent::Part
        } else {
            Extent::Whole
        };
        self.present = Some(received);
        self.ask(self.source()?, view, jobs)
    }

    /// What is laid out in another way: the whole of it, where only the head of it is shown as yet.
    fn source(&self) -> Option<Source> {
        let received = self.present.clone().filter(|_| self.filtered.is_none());
        let read = || Some(Source::Read(self.layout()?.document().clone()));
        received.map(Source::Received).or_else(read)
    }

    /// Takes the size of the page; `false` when the rows have to be made anew.
    pub fn resize(&mut self, columns: u16, height: usize) -> bool {
        let is_drawn = self.layout().is_some_and(|it| it.graphic().is_some());
        let same =
            self.columns == 0 || self.columns == columns && !(is_drawn && self.height != height);
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
            view: View {
                canvas: self.canvas.map(|canvas| Canvas {
                    rows: self.height.saturating_sub(NOTES).max(1) as u16,
                    ..canvas
                }),
                ..view
            },
            columns: self.columns,
        })))
    }

    /// Shows the same in another way.
    fn look(&mut self, view: View, jobs: &mut JobId) -> Option<Effect> {
        let source = self.source()?;
        if self.goal.is_none() {
            self.aim();
        }
        self.ask(source, view, jobs)
    }

    /// Remembers where the cursor is in the text.
    fn aim(&mut self) {
        let below = self.rows_above_cursor();
        let offset = self.layout().and_then(|layout| layout.offset(self.cursor));
        // A cursor at the end of what is arriving stays at the end.
        let last = self.layout().map_or(0, Layout::last);
        self.goal = match offset {
            _ if self.wants_end => Some((usize::MAX, below)),
            Some(_) if self.cursor > 0 && self.cursor == last => Some((usize::MAX, below)),
            Some(offset) => Some((offset, below)),
            None => None,
        };
    }

    /// How many rows are shown above the cursor. Row numbers have gaps, and their difference does not tell.
    pub(super) fn rows_above_cursor(&self) -> usize {
        let page = self
            .layout()
            .map(|layout| layout.page(self.scroll, self.height.max(1)));
        let rows = page.unwrap_or_default();
        let place = rows.iter().position(|(row, _)| *row == self.cursor);
        place.unwrap_or_else(|| self.height.saturating_sub(1))
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
                    return self.show_found(offset, jobs);
                }
            }
            BodyNews::Filtered { job, found } if job == self.filter_job => {
                (self.is_working, self.is_filtering) = (false, false);
                self.take_filtered(found);
                return self.look_for(jobs);
            }
            BodyNews::Canvas(canvas) => self.canvas = Some(canvas),
            BodyNews::LaidOut { .. }
            | BodyNews::Filtered { .. }
            | BodyNews::Exists { .. }
            | BodyNews::Unsaved { .. } => {}
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
            (self.goal, self.present) = (None, None);
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
                self.wants_end = false;
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
}

#[cfg(test)]
impl BodyPage {
    /// Does what the edge does with a body that is to be laid out.
    fn lay_out_at_once(&mut self, received: Received, jobs: &mut JobId) {
        let Some(Effect::Body(BodyDeed::LayOut(job))) = self.lay_out(received, jobs) else {
            panic!("nothing is laid out");
        };
        let layout = job.run();
        let news = BodyNews::LaidOut {
            job: job.job,
            layout,
            is_head: false,
        };
        self.take(news, jobs);
    }
}
