//! A body read once: decoded, recognised, its structure found. How it is laid out comes after that.

use std::sync::Arc;

use bytes::Bytes;

use super::{
    TokenKind, charset, decode, events,
    jq::{self, Found},
    json::{self, Checked, Problem, Shape, Source},
    kind,
    lines::Look,
    markup,
    media::MediaType,
    picture::Picture,
    received::Received,
    table::Table,
};
use crate::units::{counted, human_size};

/// Bodies beyond this are not looked through: their text is shown as it is, decoded piece by piece.
const LOOKED_THROUGH: usize = 64 * 1024 * 1024;

/// Texts beyond this are cut into pieces, each with rows of its own.
const IN_PIECES: usize = 4 * 1024 * 1024;

/// Markup and event streams beyond this are shown as they are: laid out they are a second text.
const REWRITTEN: usize = 16 * 1024 * 1024;

/// So much of a body with a structure is laid out while more of it is arriving, again and again.
const ARRIVING: usize = 256 * 1024;

/// A body that was read. Cheap to clone.
#[derive(Clone)]
pub struct Document(Arc<Read>);

pub(super) struct Read {
    /// Without its content codings.
    pub bytes: Bytes,
    /// The decoded text; `None` for a binary body.
    pub text: Option<Bytes>,
    /// What stands above the body.
    pub notes: Vec<String>,
    /// What stands above it only where it is laid out, not where it is shown as received.
    pub form_notes: Vec<String>,
    pub parts: Vec<Part>,
    pub form: Form,
}

/// What a body is, by its type or its looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    Json,
    Markup,
    Events,
    Table,
    Picture,
    Binary,
}

impl Form {
    /// As it is named to the user.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "JSON",
            Self::Markup => "indented",
            Self::Events => "events",
            Self::Table => "table",
            Self::Picture => "picture",
            Self::Binary => "bytes",
        }
    }
}

/// One part of a body, below the one before it. Offsets of a part count from `base` in the text that is searched.
#[derive(Clone)]
pub(super) enum Part {
    Lines {
        text: Bytes,
        look: Look,
        base: usize,
    },
    Big(Bytes),
    Json {
        source: Arc<Source>,
        base: usize,
    },
    Table(Arc<Table>),
    Picture(Arc<Picture>),
    Hex(Bytes),
}

impl Part {
    /// A text of lines, however long.
    pub fn lines(text: Bytes, base: usize) -> Self {
        if text.len() > IN_PIECES {
            return Self::Big(text);
        }
        let look = Look::Whole(TokenKind::Plain);
        Self::Lines { text, look, base }
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || self.0.form == other.0.form
                && self.0.notes == other.0.notes
                && self.0.form_notes == other.0.form_notes
                && self.0.bytes == other.0.bytes
                && self.0.text == other.0.text
    }
}

impl Document {
    /// Reads a body, as far as that helps to show it. Takes about a millisecond for each 300 KiB.
    pub fn read(received: &Received) -> Self {
        let media = received.media();
        let decoded = decode::decode(&received.body, received.content_encoding.as_deref());
        let mut reader = Reader {
            notes: decoded.notes,
            form_notes: Vec::new(),
            parts: Vec::new(),
            form: Form::Text,
            is_arriving: received.is_arriving,
            ends_early: received.is_arriving || received.is_cut_off,
            rest: None,
        };
        if received.is_cut_off {
            let here = received.body.len() as u64;
            let length = received.original.unwrap_or(here);
            reader.notes.push(match received.announced {
                Some(announced) => {
                    format!("only {length} of {announced} bytes of this body came")
                }
                None => format!("this body ends early, after {}", counted(length, "byte")),
            });
        }
        if let Some(whole) = received.whole {
            reader.notes.push(format!(
                "the history keeps the first {} of {}",
                human_size(received.body.len() as u64),
                human_size(whole)
            ));
        }
        if received.masked > 0 {
            reader.notes.push(format!(
                "{} {} here: the history keeps no secrets, and the exact bytes are gone",
                counted(received.masked, "value"),
                if received.masked == 1 {
                    "is a mark"
                } else {
                    "are marks"
                },
            ));
        }
        let bytes = decoded.body;
        let text = if decoded.is_coded || kind::is_binary(&bytes, &media) {
            reader.notes.push(kind::describe(&bytes, &media));
            reader.binary(&bytes);
            None
        } else {
            Some(reader.text(&bytes, &media))
        };
        Self(Arc::new(Read {
            bytes,
            text,
            notes: reader.notes,
            form_notes: reader.form_notes,
            parts: reader.parts,
            form: reader.form,
        }))
    }

    /// The values that a filter gave, one below the other, and why there may be more of them.
    pub fn of_values(found: &Found) -> Self {
        let values = &found.values;
        let text = Bytes::from(values.join("\n"));
        let mut reader = Reader {
            notes: Vec::new(),
            form_notes: Vec::new(),
            parts: Vec::new(),
            form: Form::Json,
            is_arriving: false,
            ends_early: false,
            rest: None,
        };
        let ended = found.problem.as_ref().map(|problem| match problem {
            // What a filter itself says may be anything.
            jq::Problem::Failed(said) => format!("the filter failed: {said}"),
            problem => problem.to_string(),
        });
        if values.is_empty() {
            let nothing = || "the filter gives no value".to_owned();
            reader.notes.push(ended.clone().unwrap_or_else(nothing));
        }
        let checked = json::check(&text, Shape::Many);
        let good = checked.good;
        reader.pretty(&text, checked, false);
        // jq knows numbers that JSON has no word for.
        reader.parts.push(Part::lines(text.slice(good..), good));
        if let Some(ended) = ended.filter(|_| !values.is_empty()) {
            reader.parts.push(note(&format!("↓ {ended}")));
        }
        Self(Arc::new(Read {
            bytes: text.clone(),
            text: Some(text),
            notes: reader.notes,
            form_notes: reader.form_notes,
            parts: reader.parts,
            form: reader.form,
        }))
    }

    pub(super) fn read_parts(&self) -> &Read {
        &self.0
    }

    pub fn form(&self) -> Form {
        self.0.form
    }

    /// The body without its content codings.
    pub fn bytes(&self) -> &Bytes {
        &self.0.bytes
    }

    /// The body as text; `None` when it is none.
    pub fn text(&self) -> Option<&Bytes> {
        self.0.text.as_ref()
    }
}

/// A document being put together.
struct Reader {
    notes: Vec<String>,
    form_notes: Vec<String>,
    parts: Vec<Part>,
    form: Form,
    is_arriving: bool,
    /// What is not finished at its end is no mistake.
    ends_early: bool,
    /// What stands below a part that is not all.
    rest: Option<&'static str>,
}

impl Reader {
    /// Draws an image; everything else is shown as bytes.
    fn binary(&mut self, bytes: &Bytes) {
        if kind::is_drawable(bytes) && !self.is_arriving {
            match Picture::decode(bytes) {
                Ok(picture) => {
                    self.form = Form::Picture;
                    self.parts.push(Part::Picture(Arc::new(picture)));
                    return;
                }
                Err(reason) => self
                    .form_notes
                    .push(format!("the image cannot be drawn: {reason}")),
            }
        }
        self.form = Form::Binary;
        self.parts.push(Part::Hex(bytes.clone()));
    }

    /// Recognises a text, and returns it.
    fn text(&mut self, bytes: &Bytes, media: &MediaType) -> Bytes {
        if bytes.len() > LOOKED_THROUGH {
            if media.is_json() || media.is_json_lines() {
                self.notes.push(format!(
                    "more than {} of JSON are shown as received",
                    human_size(LOOKED_THROUGH as u64)
                ));
            }
            self.parts.push(Part::lines(bytes.clone(), 0));
            return bytes.clone();
        }
        let is_long_stream = media.is_json_lines() || media.is_events();
        let mut bytes = bytes.clone();
        let looks_like_json = matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
        let has_structure = media.has_structure() || media.may_be_json() && looks_like_json;
        if self.is_arriving && bytes.len() > ARRIVING && !is_long_stream && has_structure {
            bytes.truncate(ARRIVING);
            self.rest = Some("↓ the rest is laid out when all of it is here");
        }
        let decoded = charset::decode(&bytes, media);
        self.notes.extend(decoded.notes);
        let text = decoded.text;
        if !self.structure(&text, media) {
            self.parts.push(Part::lines(text.clone(), 0));
        }
        self.parts.extend(self.rest.map(note));
        text
    }

    /// Finds the structure that a text has by its type or its looks.
    fn structure(&mut self, text: &Bytes, media: &MediaType) -> bool {
        let is_small = text.len() <= REWRITTEN;
        if media.is_json_lines() {
            self.json(text, Shape::Many);
            true
        } else if media.is_json() {
            self.json(text, Shape::One);
            true
        } else if media.is_events() && is_small {
            self.events(text);
            true
        } else if media.is_table() {
            self.table(text, media)
        } else if media.may_be_json() && self.json_by_its_looks(text) {
            true
        } else {
            media.is_markup() && is_small && self.markup(text, media)
        }
    }

    /// Lays out a text that is declared as JSON; what comes after the first mistake is shown as it is.
    fn json(&mut self, text: &Bytes, shape: Shape) {
        let mut checked = json::check(text, shape);
        let (good, problem) = (checked.good, checked.problem.take());
        self.form = Form::Json;
        self.pretty(text, checked, shape == Shape::Many);
        if let Some(problem) = problem {
            let is_cut = self.ends_early && problem.offset >= text.len();
            let rest = text.slice(good..);
            let rest = rest.slice_ref(rest.trim_ascii_start());
            if !is_cut {
                self.form_notes.push(describe(&problem, text));
                if good > 0 && !rest.is_empty() {
                    self.parts.push(note("↓ not JSON from here on"));
                }
            }
            let base = text.len() - rest.len();
            self.parts.push(Part::lines(rest, base));
        }
    }

    fn pretty(&mut self, text: &Bytes, checked: Checked, is_lines: bool) {
        self.parts.push(Part::Json {
            source: Arc::new(Source {
                text: text.slice(..checked.good),
                leaps: checked.leaps,
                tree: checked.tree,
                is_lines,
            }),
            base: 0,
        });
    }

    /// Lays out JSON that nobody declared, if it is an object or an array through and through.
    fn json_by_its_looks(&mut self, text: &Bytes) -> bool {
        if !matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
            return false;
        }
        let checked = json::check(text, Shape::One);
        let is_json = checked.problem.is_none();
        if is_json {
            self.json(text, Shape::One);
        }
        is_json
    }

    fn events(&mut self, text: &Bytes) {
        self.form = Form::Events;
        let lines = events::lines(str::from_utf8(text).unwrap_or_default());
        self.parts.push(Part::Lines {
            text: lines.into(),
            look: Look::Named,
            base: 0,
        });
    }

    fn table(&mut self, text: &Bytes, media: &MediaType) -> bool {
        let Some(table) = Table::read(text, media.is_tabs()) else {
            return false;
        };
        self.form = Form::Table;
        self.form_notes.push(format!(
            "{} of {}",
            counted(table.records() as u64, "record"),
            counted(table.fields() as u64, "field")
        ));
        self.parts.push(Part::Table(Arc::new(table)));
        true
    }

    fn markup(&mut self, text: &Bytes, media: &MediaType) -> bool {
        let source = str::from_utf8(text).unwrap_or_default();
        if !source.trim_start().starts_with('<') {
            return false;
        }
        let is_html = media.is_html();
        let indented = markup::indent(source, is_html);
        self.form = Form::Markup;
        if let Some((at, reason)) = indented.problem.filter(|_| !is_html && !self.ends_early) {
            let before = source.get(..at).unwrap_or(source);
            let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
            self.form_notes
                .push(format!("not well-formed XML from line {line} on: {reason}"));
        }
        self.parts.push(Part::Lines {
            text: indented.text.into(),
            look: Look::Markup,
            base: 0,
        });
        true
    }
}

pub(super) fn note(text: &str) -> Part {
    Part::Lines {
        text: Bytes::copy_from_slice(text.as_bytes()),
        look: Look::Whole(TokenKind::Note),
        base: 0,
    }
}

fn describe(problem: &Problem, text: &[u8]) -> String {
    let (line, column) = problem.line_and_column(text);
    let Problem { offset, what } = problem;
    format!("not valid JSON at line {line}, column {column} (byte {offset}): {what}")
}
