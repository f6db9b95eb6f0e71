//! [`Request`] -> TOML, over an existing text where there is one.

use toml_edit::{DocumentMut, Item, Table};

use crate::model::{BodyKind, Request};

use super::{
    auth, options,
    read::{ReadError, read},
    rows,
    sections::{SECTIONS, Section, body_name},
    texts,
};

/// Why a request cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error("what stands there now is no saved request ({0}), and is left alone")]
    Existing(#[from] ReadError),
    /// What was written does not read as the same request: nothing is lost silently.
    #[error("this request has something that the format of saved requests cannot hold yet")]
    Unwritable,
}

/// Writes a request. Over an existing text only what differs is touched: comments, order and unknown
/// keys stay.
pub fn write(request: &Request, existing: Option<&str>) -> Result<String, WriteError> {
    let existing = existing.filter(|text| !text.trim().is_empty());
    let (written, request) = match existing {
        None => {
            let request = as_written(request, &Request::default());
            (write_new(&request), request)
        }
        Some(text) => {
            let old = read(text)?.request;
            let request = as_written(request, &old);
            if old == request {
                return Ok(text.to_owned());
            }
            (write_over(&request, &old, text), request)
        }
    };
    match read(&written) {
        Ok(back) if back.request == request => Ok(written),
        _ => Err(WriteError::Unwritable),
    }
}

/// The request as a file that holds `saved` is to say it: questions stand in the place of its secrets.
pub fn as_written(request: &Request, saved: &Request) -> Request {
    Request {
        auth: auth::as_written(&request.auth, &saved.auth),
        options: options::as_written(&request.options, &saved.options),
        ..request.clone()
    }
}

fn write_new(request: &Request) -> String {
    let mut document = DocumentMut::new();
    texts::set(document.as_table_mut(), "method", request.method.as_str());
    texts::set(document.as_table_mut(), "url", request.url.as_str());
    let mut nothing = Request::default();
    nothing.body.kind = BodyKind::None;
    update(document.as_table_mut(), &nothing, request);
    document.to_string()
}

fn write_over(request: &Request, old: &Request, text: &str) -> String {
    // Cannot fail: it was read before.
    let mut document: DocumentMut = text.parse().unwrap_or_default();
    let root = document.as_table_mut();
    if request.method != old.method {
        texts::set(root, "method", request.method.as_str());
    }
    if request.url != old.url {
        texts::set(root, "url", request.url.as_str());
    }
    update(root, old, request);
    document.to_string()
}

/// Brings the sections from `old` to `new`.
fn update(root: &mut Table, old: &Request, new: &Request) {
    for section in SECTIONS {
        update_section(root, section, old, new);
    }
    write_body_kind(root, new.body.kind);
    auth::write(root, &old.auth, &new.auth);
    options::write(root, &old.options, &new.options);
}

fn update_section(root: &mut Table, section: &Section, old: &Request, new: &Request) {
    let key = section.key();
    let is_sent = section.body() == Some(new.body.kind);
    let (is_empty, is_same) = match section {
        Section::Rows(rows) => (
            (rows.rows)(new).is_empty(),
            (rows.rows)(new) == (rows.rows)(old),
        ),
        Section::Text(texts) => (
            texts.texts.iter().all(|it| (it.get)(new).is_empty()),
            texts.texts.iter().all(|it| (it.get)(new) == (it.get)(old)),
        ),
    };
    if is_same && (root.contains_key(key) || !is_sent) {
        return;
    }
    if is_empty && !is_sent {
        root.remove(key);
        return;
    }
    match section {
        Section::Rows(rows) => rows::write(root, key, (rows.rows)(old), (rows.rows)(new)),
        Section::Text(texts) => texts::write_section(root, texts, old, new),
    }
}

/// Says which body is sent, where the sections alone do not.
fn write_body_kind(root: &mut Table, kind: BodyKind) {
    let bodies: Vec<BodyKind> = SECTIONS
        .iter()
        .filter(|section| root.contains_key(section.key()))
        .filter_map(Section::body)
        .collect();
    let is_clear = match bodies.as_slice() {
        [] => kind == BodyKind::None,
        [only] => *only == kind,
        _ => false,
    };
    let said = root.get("body").and_then(Item::as_str);
    if said == Some(body_name(kind)) || said.is_none() && is_clear {
        return;
    }
    if is_clear {
        root.remove("body");
    } else {
        texts::set(root, "body", body_name(kind));
    }
}
