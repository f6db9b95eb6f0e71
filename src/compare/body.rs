//! Two bodies: the best way in which both can be looked at.

use bytes::Bytes;
use ring::digest;

use crate::{
    inspect::{Document, Form, Received},
    model::{Header, PreparedRequest, Response},
    units::{counted, hexadecimal, human_size},
};

use super::{Change, Ignored, Part, Row, Section, fields, json, text};

/// Longer texts are compared as a whole.
const LONGEST: usize = 16 * 1024 * 1024;

/// One body, read.
pub enum Content {
    /// There is none.
    Nothing,
    Form(Vec<(String, String)>),
    Json(String),
    Text(String),
    Bytes(Bytes),
    /// Only its start is here, so that no more than its size can be told.
    Start(u64),
}

impl Content {
    /// The body that was sent. Of files there is no content: what is compared are their paths.
    pub fn sent(prepared: &PreparedRequest) -> Self {
        if prepared.body.has_files() {
            let pieces = prepared.body.pieces().iter();
            let words = pieces.map(|piece| match piece {
                crate::model::Piece::Memory(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                crate::model::Piece::File(file) => format!(
                    "‹ the content of {}, {} ›\n",
                    file.path.display(),
                    human_size(file.size)
                ),
            });
            return Self::Text(words.collect());
        }
        Self::read(&prepared.body.in_memory(), &prepared.headers, None)
    }

    /// What came of a response.
    pub fn received(response: Option<&Response>) -> Self {
        response.map_or(Self::Nothing, |response| {
            Self::read(&response.body, &response.head.headers, response.cut_from())
        })
    }

    fn read(body: &Bytes, headers: &[Header], whole: Option<u64>) -> Self {
        if body.is_empty() {
            return Self::Nothing;
        }
        if let Some(whole) = whole {
            return Self::Start(whole);
        }
        let received = Received::with_headers(body, headers);
        let document = Document::read(&received);
        let content_type = received.content_type;
        let Some(text) = document.text().filter(|text| text.len() <= LONGEST) else {
            return Self::Bytes(document.bytes().clone());
        };
        let is_form =
            content_type.is_some_and(|it| it.starts_with("application/x-www-form-urlencoded"));
        if is_form {
            return Self::Form(form_urlencoded::parse(text).into_owned().collect());
        }
        let text = String::from_utf8_lossy(text).into_owned();
        match document.form() {
            Form::Json => Self::Json(text),
            _ => Self::Text(text),
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// The body as text, where it is one.
    fn text(&self) -> Option<&str> {
        match self {
            Self::Nothing => Some(""),
            Self::Json(text) | Self::Text(text) => Some(text),
            Self::Form(_) | Self::Bytes(_) | Self::Start(_) => None,
        }
    }

    fn bytes(&self) -> u64 {
        match self {
            Self::Nothing | Self::Form(_) => 0,
            Self::Json(text) | Self::Text(text) => text.len() as u64,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Start(whole) => *whole,
        }
    }

    /// SHA-256, where all of it is here.
    fn hash(&self) -> Option<String> {
        let bytes: &[u8] = match self {
            Self::Json(text) | Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
            Self::Nothing | Self::Form(_) | Self::Start(_) => return None,
        };
        let hash = digest::digest(&digest::SHA256, bytes);
        Some(hexadecimal(hash.as_ref()))
    }
}

/// Compares two bodies by structure, lines or bytes.
pub fn compare(part: Part, [old, new]: &[Content; 2], ignored: &Ignored) -> Section {
    let (note, rows) = match (old, new) {
        (Content::Nothing, Content::Nothing) => (None, Vec::new()),
        (Content::Form(old), Content::Form(new)) => {
            let rows = fields::compare(old, new, fields::Case::Counts);
            let rows = rows.into_iter().map(|row| {
                if ignored.header(&row.name) {
                    row.ignored()
                } else {
                    row
                }
            });
            (Some("by fields"), rows.collect())
        }
        (Content::Json(a), Content::Json(b)) => match json::compare(a, b, ignored) {
            Some(rows) => (Some("by structure"), rows),
            None => (Some("by lines"), text::lines(a, b)),
        },
        _ => match (old.text(), new.text()) {
            (Some(a), Some(b)) => (Some("by lines"), lines(a, b)),
            _ => (Some("by size and hash"), by_hash(old, new)),
        },
    };
    Section {
        part,
        note: note.map(str::to_owned),
        rows,
    }
}

/// Texts that differ only in how their lines end, or in the last one's end, do differ.
fn lines(old: &str, new: &str) -> Vec<Row> {
    let mut rows = text::lines(old, new);
    if old != new && !text::differs(&rows) {
        rows.push(Row {
            change: Change::Changed,
            ..Row::same("line ends", "not the same")
        });
    }
    rows
}

fn by_hash(old: &Content, new: &Content) -> Vec<Row> {
    let sizes = [old, new].map(|content| {
        let is_counted = !content.is_nothing() && !matches!(content, Content::Form(_));
        is_counted.then(|| counted(content.bytes(), "byte"))
    });
    let kinds = [old, new].map(|content| match content {
        Content::Nothing => None,
        Content::Form(_) => Some("a form"),
        Content::Json(_) => Some("JSON"),
        Content::Text(_) => Some("text"),
        Content::Bytes(_) => Some("bytes"),
        Content::Start(_) => Some("only its start was kept"),
    });
    let hashes = [old, new].map(Content::hash);
    let row = |name, [old, new]: [Option<&str>; 2]| Row::of_either(name, old, new);
    [
        row("content", kinds),
        row("size", sizes.each_ref().map(Option::as_deref)),
        row("SHA-256", hashes.each_ref().map(Option::as_deref)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
