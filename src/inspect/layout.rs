//! A body laid out for a width: sections of rows, one below the other.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;

use super::{
    TokenKind, charset, decode,
    hex::Hex,
    json::{self, Json, Problem, Shape},
    kind,
    lines::Lines,
    media::MediaType,
    row::{Rows, Walk},
};
use crate::text;

/// A body as rows of a given width. Cheap to clone; a row is made when it is asked for.
///
/// Making one reads the whole body and takes about a millisecond for each 100 KiB, so it is done away from
/// the draw thread; reading rows is fast enough for it.
#[derive(Clone)]
pub struct Layout {
    columns: u16,
    body: Arc<Laid>,
}

struct Laid {
    sections: Vec<Section>,
    /// The decoded text; `None` for a binary body.
    text: Option<Bytes>,
    /// What is copied, where that is not `text`; made when it is wanted first.
    copied: OnceLock<String>,
}

#[derive(PartialEq)]
enum Section {
    Lines(Rows<Lines>),
    Json(Rows<Json>),
    Hex(Hex),
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
        let media = MediaType::parse(content_type.unwrap_or_default());
        let decoded = decode::decode(body, content_encoding);
        let width = usize::from(columns.max(1));
        let mut plan = Plan {
            notes: decoded.notes,
            sections: Vec::new(),
            columns: width,
        };
        let text = if decoded.is_coded || kind::is_binary(&decoded.body, &media) {
            plan.hex(decoded.body, &media);
            None
        } else {
            Some(plan.text(&decoded.body, &media))
        };
        Self {
            columns,
            body: Arc::new(Laid {
                sections: plan.finish(),
                text,
                copied: OnceLock::new(),
            }),
        }
    }

    pub fn rows(&self) -> usize {
        self.body.sections.iter().map(Section::rows).sum()
    }

    /// The pieces of a row, already fit for the terminal and no wider than [`Self::columns`]; none beyond
    /// the last row.
    pub fn row(&self, index: usize) -> Vec<(TokenKind, String)> {
        let mut index = index;
        for section in &self.body.sections {
            let rows = section.rows();
            if index < rows {
                return section.row(index);
            }
            index -= rows;
        }
        Vec::new()
    }

    /// The width that it was laid out for.
    pub fn columns(&self) -> u16 {
        self.columns
    }

    /// The shown text in whole, unwrapped and without notes, for copying; `None` for a binary body. It is
    /// the body's own text, not made fit for a terminal.
    pub fn text(&self) -> Option<&str> {
        let text = self.body.text.as_ref()?;
        let is_json = |section: &Section| matches!(section, Section::Json(_));
        if !self.body.sections.iter().any(is_json) {
            return str::from_utf8(text).ok();
        }
        Some(self.body.copied.get_or_init(|| {
            let parts = self.body.sections.iter().filter_map(Section::to_text);
            parts.collect::<Vec<_>>().join("\n")
        }))
    }
}

impl PartialEq for Layout {
    fn eq(&self, other: &Self) -> bool {
        self.columns == other.columns
            && (Arc::ptr_eq(&self.body, &other.body)
                || self.body.sections == other.body.sections && self.body.text == other.body.text)
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

impl Section {
    fn rows(&self) -> usize {
        match self {
            Self::Lines(rows) => rows.count(),
            Self::Json(rows) => rows.count(),
            Self::Hex(hex) => hex.count(),
        }
    }

    fn row(&self, index: usize) -> Vec<(TokenKind, String)> {
        match self {
            Self::Lines(rows) => rows.row(index),
            Self::Json(rows) => rows.row(index),
            Self::Hex(hex) => hex.row(index),
        }
    }

    /// What it holds of the body's text.
    fn to_text(&self) -> Option<String> {
        match self {
            Self::Lines(rows) if rows.text().kind == TokenKind::Note => None,
            Self::Lines(rows) => Some(String::from_utf8_lossy(&rows.text().text).into_owned()),
            Self::Json(rows) => Some(rows.text().to_text()),
            Self::Hex(_) => None,
        }
    }
}

/// Sections being put together.
struct Plan {
    /// What stands above the body.
    notes: Vec<String>,
    sections: Vec<Section>,
    columns: usize,
}

impl Plan {
    fn hex(&mut self, body: Bytes, media: &MediaType) {
        self.notes.push(kind::describe(&body, media));
        self.sections
            .push(Section::Hex(Hex::new(body, self.columns)));
    }

    /// Lays out text and returns it.
    fn text(&mut self, body: &Bytes, media: &MediaType) -> Bytes {
        let decoded = charset::decode(body, media);
        self.notes.extend(decoded.notes);
        let text = decoded.text;
        if media.is_json_lines() {
            self.json(&text, Shape::Many);
        } else if media.is_json() {
            self.json(&text, Shape::One);
        } else if !(media.may_be_json() && self.json_by_its_looks(&text)) {
            self.lines(text.clone(), TokenKind::Plain);
        }
        text
    }

    /// Lays out a text that is declared as JSON; what comes after the first mistake is shown as it is.
    fn json(&mut self, text: &Bytes, shape: Shape) {
        let checked = json::check(text, shape);
        let good = checked.good;
        self.pretty(text.slice(..good), checked.leaps, shape);
        if let Some(problem) = checked.problem {
            let note = describe(&problem, text);
            let rest = text.slice(good..);
            let rest = rest.slice_ref(rest.trim_ascii_start());
            self.notes.push(note);
            if good > 0 && !rest.is_empty() {
                self.lines("↓ not JSON from here on".into(), TokenKind::Note);
            }
            self.lines(rest, TokenKind::Plain);
        }
    }

    /// Lays out JSON that nobody declared, if it is an object or an array through and through.
    fn json_by_its_looks(&mut self, text: &Bytes) -> bool {
        if !matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
            return false;
        }
        let checked = json::check(text, Shape::One);
        let is_json = checked.problem.is_none();
        if is_json {
            self.pretty(text.slice(..checked.good), checked.leaps, Shape::One);
        }
        is_json
    }

    fn pretty(&mut self, text: Bytes, leaps: Vec<json::Leap>, shape: Shape) {
        let json = Json {
            text,
            leaps,
            is_lines: shape == Shape::Many,
            columns: self.columns,
        };
        self.sections.push(Section::Json(self.rows(json)));
    }

    fn lines(&mut self, text: Bytes, kind: TokenKind) {
        let lines = Lines { text, kind };
        self.sections.push(Section::Lines(self.rows(lines)));
    }

    fn rows<W: Walk>(&self, text: W) -> Rows<W> {
        Rows::new(text, self.columns)
    }

    fn finish(mut self) -> Vec<Section> {
        // What a note quotes from a header is made fit here, before it is broken between words.
        let notes = self.notes.iter().map(|note| {
            let note = text::display(note);
            textwrap::wrap(&note, self.columns).join("\n")
        });
        let notes = notes.collect::<Vec<_>>().join("\n");
        self.lines(notes.into(), TokenKind::Note);
        self.sections.rotate_right(1);
        self.sections.retain(|section| section.rows() > 0);
        self.sections
    }
}

fn describe(problem: &Problem, text: &[u8]) -> String {
    let (line, column) = problem.line_and_column(text);
    let Problem { offset, what } = problem;
    format!("not valid JSON at line {line}, column {column} (byte {offset}): {what}")
}
