//! A body laid out for a width: sections of rows, one below the other.

mod section;

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;

use super::{
    TokenKind,
    canvas::Graphic,
    document::{Document, Part, note},
    json::{Folds, Item, Json},
    lines::Look,
    received::Received,
    row::Rows,
    view::{View, Way},
};
use crate::text;

use section::Section;

/// The pieces of one row, fit for the terminal.
pub type Pieces = Vec<(TokenKind, String)>;

/// A body as rows of a given width. Cheap to clone; a row is made when it is asked for.
///
/// Making one walks over the whole body, unless that is so large that it is cut into pieces, and takes about a
/// millisecond for each 100 KiB, so it is done away from the draw thread; reading rows is fast enough for it.
///
/// Rows are numbered from 0. Those of a very large body have gaps in their numbers: [`Self::step`] knows the way
/// from one to the next.
#[derive(Clone)]
pub struct Layout {
    columns: u16,
    view: View,
    body: Arc<Laid>,
}

struct Laid {
    document: Document,
    sections: Vec<Section>,
    /// What is copied, where that is not the text itself; made when it is wanted first.
    copied: OnceLock<String>,
}

impl Layout {
    /// Lays out a body as received, by its Content-Type and Content-Encoding, for `columns` columns (at
    /// least 1).
    pub fn new(
        body: &Bytes,
        content_type: Option<&str>,
        content_encoding: Option<&str>,
        columns: u16,
    ) -> Self {
        let document = Document::read(&Received {
            body: body.clone(),
            content_type: content_type.map(str::to_owned),
            content_encoding: content_encoding.map(str::to_owned),
            ..Received::default()
        });
        Self::of(document, View::default(), columns)
    }

    /// Lays out a body that was read, for `columns` columns (at least 1).
    pub fn of(document: Document, view: View, columns: u16) -> Self {
        let width = usize::from(columns.max(1));
        let parts = parts(&document, view.way, width);
        let sections = parts
            .into_iter()
            .map(|part| Section::new(part, &view, width));
        let sections = sections.filter(|section| section.end() > 0).collect();
        Self {
            columns,
            view,
            body: Arc::new(Laid {
                document,
                sections,
                copied: OnceLock::new(),
            }),
        }
    }

    pub fn document(&self) -> &Document {
        &self.body.document
    }

    pub fn view(&self) -> &View {
        &self.view
    }

    /// One more than the number of the last row.
    pub fn rows(&self) -> usize {
        self.body.sections.iter().map(Section::end).sum()
    }

    /// The pieces of a row, already fit for the terminal and no wider than [`Self::columns`]; none beyond
    /// the last row.
    pub fn row(&self, index: usize) -> Pieces {
        let row = self.page(index, 1).pop();
        row.filter(|(number, _)| *number == index)
            .map_or_else(Vec::new, |(_, pieces)| pieces)
    }

    /// Rows from one on with their numbers, as many as there are up to `count`.
    pub fn page(&self, first: usize, count: usize) -> Vec<(usize, Pieces)> {
        let mut page = Vec::new();
        let mut before = 0;
        for section in &self.body.sections {
            let end = before + section.end();
            let missing = count - page.len();
            if first < end && missing > 0 {
                let from = first.max(before) - before;
                let rows = section.page(from, missing);
                page.extend(rows.into_iter().map(|(row, pieces)| (before + row, pieces)));
            }
            before = end;
        }
        page
    }

    /// The row so many rows below or above one, as far as there are any.
    pub fn step(&self, from: usize, by: isize) -> usize {
        let Some((mut index, mut row)) = self.find(from) else {
            return 0;
        };
        let sections = &self.body.sections;
        let mut left = by;
        // Within a section as far as it goes; one step more leads into the next one.
        while let Some(section) = sections.get(index) {
            (row, left) = section.step(row, left);
            if left > 0 && index + 1 < sections.len() {
                (index, row, left) = (index + 1, 0, left - 1);
            } else if left < 0 && index > 0 {
                index -= 1;
                let last = sections.get(index).map_or(0, Section::end);
                (row, left) = (last.saturating_sub(1), left + 1);
            } else {
                break;
            }
        }
        self.before(index) + row
    }

    /// The last row.
    pub fn last(&self) -> usize {
        self.rows().saturating_sub(1)
    }

    /// The width that it was laid out for.
    pub fn columns(&self) -> u16 {
        self.columns
    }

    /// What the terminal draws by itself, and the row that it begins in.
    pub fn graphic(&self) -> Option<(usize, &Graphic)> {
        let mut before = 0;
        for section in &self.body.sections {
            if let Section::Picture {
                graphic: Some(graphic),
                ..
            } = section
            {
                return Some((before, graphic));
            }
            before += section.end();
        }
        None
    }

    /// What stays above the rows while they are scrolled.
    pub fn header(&self) -> Option<Pieces> {
        self.body.sections.iter().find_map(|section| match section {
            Section::Table {
                table,
                column,
                columns,
            } => Some(table.header(*column, *columns)),
            _ => None,
        })
    }

    /// How many columns the table has, when it is one.
    pub fn fields(&self) -> Option<usize> {
        self.body.sections.iter().find_map(|section| match section {
            Section::Table { table, .. } => Some(table.fields()),
            _ => None,
        })
    }

    /// What is searched: the text that the rows show, or the bytes. [`Self::row_at`] takes its offsets.
    pub fn searched(&self) -> Bytes {
        let read = self.body.document.read_parts();
        let rewritten = self.body.sections.iter().find_map(|section| match section {
            Section::Lines { rows, .. } => match rows.text().look {
                Look::Named | Look::Markup => Some(rows.text().text.clone()),
                Look::Whole(_) => None,
            },
            _ => None,
        });
        let is_hex = |section: &Section| matches!(section, Section::Hex(_));
        match (rewritten, &read.text) {
            (Some(text), _) => text,
            (None, Some(text)) if !self.body.sections.iter().any(is_hex) => text.clone(),
            _ => read.bytes.clone(),
        }
    }

    /// The row that shows a byte of what is searched.
    pub fn row_at(&self, offset: usize) -> usize {
        let mut found = 0;
        let mut before = 0;
        for section in &self.body.sections {
            if section.base().is_some_and(|base| base <= offset) {
                let base = section.base().unwrap_or_default();
                found = before + section.row_at(offset - base);
            }
            before += section.end();
        }
        found
    }

    /// The byte of what is searched that a row begins with; `None` for a note.
    pub fn offset(&self, row: usize) -> Option<usize> {
        let (index, row) = self.find(row)?;
        let section = self.body.sections.get(index)?;
        Some(section.base()? + section.offset(row))
    }

    /// The value that a row belongs to, where the body is JSON.
    pub fn item(&self, row: usize) -> Option<Item> {
        let (json, row) = self.json_at(row)?;
        let (_, place) = json.line(row)?;
        json.text().item(place)
    }

    /// How jq calls the value that a row belongs to; as far as it is told on the screen, or the whole of it.
    pub fn path(&self, row: usize, is_whole: bool) -> Option<String> {
        let (json, _) = self.json_at(row)?;
        json.text().path(&self.item(row)?, is_whole)
    }

    /// The bytes of the value that a row belongs to, as received; of what is no JSON, the whole line.
    pub fn value(&self, row: usize) -> Option<Bytes> {
        if let Some(item) = self.item(row) {
            let (json, _) = self.json_at(row)?;
            return Some(json.text().source.text.slice(item.value()));
        }
        let (index, row) = self.find(row)?;
        self.body.sections.get(index)?.line(row)
    }

    /// The rows of the values beside a value and of the one that it lies in.
    pub fn row_of(&self, row: usize, to: Jump) -> Option<usize> {
        let item = self.item(row)?;
        let (json, _) = self.json_at(row)?;
        let json = json.text();
        let found = match to {
            Jump::Parent => json.parent(&item),
            Jump::Next => json.next(&item),
            Jump::Previous => json.previous(&item),
        }?;
        Some(self.row_at(found.start()))
    }

    /// The folds with that object or array turned which a row shows or lies in, and the row to be at then.
    pub fn turned(&self, row: usize) -> Option<(Folds, usize)> {
        let item = self.item(row)?;
        let (json, _) = self.json_at(row)?;
        let item = match item.node {
            Some(_) => item,
            None => json.text().parent(&item)?,
        };
        Some((self.view.folds.turn([item.node?]), item.start()))
    }

    /// The folds that show a byte of what is searched; `None` where it is shown already.
    pub fn folds_showing(&self, offset: usize) -> Option<Folds> {
        let sections = self.body.sections.iter().rev();
        let mut before = sections.filter(|it| it.base().is_some_and(|base| base <= offset));
        match before.next()? {
            Section::Json { rows, base } => rows.text().folds_showing(offset - base),
            _ => None,
        }
    }

    /// Whether there is something that can be folded.
    pub fn can_fold(&self) -> bool {
        self.body.sections.iter().any(|section| {
            matches!(section, Section::Json { rows, .. } if !rows.text().source.tree.is_empty())
        })
    }

    fn json_at(&self, row: usize) -> Option<(&Rows<Json>, usize)> {
        let (index, row) = self.find(row)?;
        match self.body.sections.get(index)? {
            Section::Json { rows, .. } => Some((rows, row)),
            _ => None,
        }
    }

    /// The section that a row is in, and its number there.
    fn find(&self, row: usize) -> Option<(usize, usize)> {
        let row = row.min(self.last());
        let mut before = 0;
        for (index, section) in self.body.sections.iter().enumerate() {
            if row < before + section.end() {
                return Some((index, row - before));
            }
            before += section.end();
        }
        None
    }

    fn before(&self, index: usize) -> usize {
        self.body
            .sections
            .iter()
            .take(index)
            .map(Section::end)
            .sum()
    }

    /// The shown text in whole, unwrapped and without notes, for copying; `None` for a binary body. It is
    /// the body's own text, not made fit for a terminal.
    pub fn text(&self) -> Option<&str> {
        let text = self.body.document.text()?;
        let is_own = |section: &Section| {
            matches!(section, Section::Json { .. })
                || matches!(section, Section::Lines { rows, .. } if rows.text().look == Look::Markup)
        };
        if !self.body.sections.iter().any(is_own) {
            return str::from_utf8(text).ok();
        }
        Some(self.body.copied.get_or_init(|| {
            let parts = self.body.sections.iter().filter_map(Section::to_text);
            parts.collect::<Vec<_>>().join("\n")
        }))
    }
}

/// A way from one value to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jump {
    Parent,
    Next,
    Previous,
}

impl PartialEq for Layout {
    fn eq(&self, other: &Self) -> bool {
        self.columns == other.columns
            && (Arc::ptr_eq(&self.body, &other.body)
                || self.view == other.view && self.body.document == other.body.document)
    }
}

/// Without the body, which may be large.
impl fmt::Debug for Layout {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Layout")
            .field("columns", &self.columns)
            .field("rows", &self.rows())
            .finish_non_exhaustive()
    }
}

/// The parts that are shown on this way, notes first.
fn parts(document: &Document, way: Way, columns: usize) -> Vec<Part> {
    let read = document.read_parts();
    let mut notes: Vec<&String> = read.notes.iter().collect();
    let parts = match (way, &read.text) {
        (Way::Laid, _) => {
            notes.extend(&read.form_notes);
            read.parts.clone()
        }
        (Way::Raw, Some(text)) => vec![Part::lines(text.clone(), 0)],
        (Way::Raw, None) | (Way::Hex, _) => vec![Part::Hex(read.bytes.clone())],
    };
    // What a note quotes from a header is made fit here, before it is broken between words.
    let notes = notes.into_iter().map(|note| {
        let note = text::display(note);
        textwrap::wrap(&note, columns).join("\n")
    });
    let notes = notes.collect::<Vec<_>>().join("\n");
    std::iter::once(note(&notes)).chain(parts).collect()
}
