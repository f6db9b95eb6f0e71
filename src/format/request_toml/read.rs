//! TOML -> [`Request`].

use toml_edit::{Document, Item, TableLike};

use crate::{
    model::{BodyKind, Request},
    prepare::complete_path,
};

use super::{
    auth, options, rows,
    sections::{SECTIONS, Section, body_kind, body_name},
    texts,
};

/// A request as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub request: Request,
    /// Keys that mean nothing to this posttui, as `options.proxy`: they are kept when it is saved.
    pub unknown: Vec<String>,
}

/// Why a text is no saved request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("line {line}: it is no TOML: {reason}")]
    Toml { line: usize, reason: String },
    #[error("it has neither a url nor a method, so that it is no saved request")]
    NoRequest,
    #[error("line {line}: {reason}")]
    Wrong { line: usize, reason: String },
}

/// Reads a saved request.
pub fn read(text: &str) -> Result<Read, ReadError> {
    let document = Document::parse(text).map_err(|error| ReadError::Toml {
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        reason: error.message().replace('\n', ", "),
    })?;
    let root = document.as_table();
    if !root.contains_key("url") && !root.contains_key("method") {
        return Err(ReadError::NoRequest);
    }
    let mut reader = Reader {
        unknown: Vec::new(),
    };
    match reader.request(root) {
        Ok(mut request) => Ok(Read {
            request: {
                complete_path(&mut request);
                request
            },
            unknown: reader.unknown,
        }),
        Err(wrong) => Err(ReadError::Wrong {
            line: line_of(text, wrong.offset),
            reason: wrong.reason,
        }),
    }
}

/// The line, from 1, that a byte offset is in.
fn line_of(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or_default();
    before.matches('\n').count() + 1
}

/// What is wrong, and where in the text.
#[derive(Debug)]
pub struct Wrong {
    /// Bytes from the start of the text.
    offset: usize,
    pub reason: String,
}

impl Wrong {
    pub fn new(span: Option<std::ops::Range<usize>>, reason: impl Into<String>) -> Self {
        Self {
            offset: span.map_or(0, |span| span.start),
            reason: reason.into(),
        }
    }
}

/// Reads the parts, and notes what it does not know.
pub struct Reader {
    pub unknown: Vec<String>,
}

impl Reader {
    fn request(&mut self, root: &dyn TableLike) -> Result<Request, Wrong> {
        let mut request = Request::default();
        let mut bodies = Vec::new();
        let mut chosen = None;
        for (key, item) in root.iter() {
            match key {
                "method" => request.method = texts::read(item, key)?,
                "url" => request.url = texts::read(item, key)?,
                "body" => chosen = Some(read_body_kind(item)?),
                "options" => request.options = options::read(self, item)?,
                auth::AUTH => request.auth = auth::read(self, item)?,
                key => match SECTIONS.iter().find(|section| section.key() == key) {
                    Some(section) => {
                        self.section(&mut request, section, item)?;
                        bodies.extend(section.body().map(|kind| (kind, item)));
                    }
                    None => self.unknown.push(key.to_owned()),
                },
            }
        }
        request.body.kind = match (chosen, bodies.as_slice()) {
            (Some(kind), _) => kind,
            (None, []) => BodyKind::None,
            (None, [(kind, _)]) => *kind,
            (None, [(first, _), .., (last, item)]) => {
                let (first, last) = (body_name(*first), body_name(*last));
                return Err(Wrong::new(
                    item.span(),
                    format!(
                        "both [{first}] and [{last}] are bodies: name the one to send by body = \"{last}\" above the first table"
                    ),
                ));
            }
        };
        Ok(request)
    }

    fn section(
        &mut self,
        request: &mut Request,
        section: &Section,
        item: &Item,
    ) -> Result<(), Wrong> {
        match section {
            Section::Rows(rows) => *(rows.rows_mut)(request) = rows::read(self, item, rows.key)?,
            Section::Text(texts) => texts::read_section(self, request, texts, item)?,
        }
        Ok(())
    }
}

fn read_body_kind(item: &Item) -> Result<BodyKind, Wrong> {
    let name = texts::read(item, "body")?;
    body_kind(&name).ok_or_else(|| {
        let names: Vec<&str> = BodyKind::ALL.into_iter().map(body_name).collect();
        Wrong::new(
            item.span(),
            format!(
                "“{name}” is no kind of body; those are {}",
                names.join(", ")
            ),
        )
    })
}
