//! A long text that went out byte for byte as it was typed: it is the content that is kept of the body, and stands in
//! the request once more only when that is loaded.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::{Body, BodyKind, PreparedBody, Request};

/// Shorter texts stand in the request all the same: the beginning of a row is read faster than another row. In bytes.
const LONG: usize = 1024;

/// A request as it is written.
#[derive(Serialize)]
pub(super) struct StoredRequest<'a> {
    #[serde(flatten)]
    request: Cow<'a, Request>,
    #[serde(flatten)]
    left_out: LeftOut,
}

/// What is read beside the request: whether the text of its body is to be put back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct LeftOut {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    typed_as_sent: bool,
}

impl<'a> StoredRequest<'a> {
    /// `sent` is the body as it is kept.
    pub(super) fn of(mut request: Cow<'a, Request>, sent: &PreparedBody) -> Self {
        let is_kept = |text: &String| {
            text.len() > LONG && !sent.has_files() && sent.in_memory() == text.as_bytes()
        };
        let typed_as_sent = typed(&request.body).is_some_and(is_kept);
        if typed_as_sent && let Some(text) = typed_mut(&mut request.to_mut().body) {
            text.clear();
        }
        Self {
            request,
            left_out: LeftOut { typed_as_sent },
        }
    }
}

impl LeftOut {
    /// Puts the text back from the body that was sent.
    pub(super) fn put_back(self, request: &mut Request, sent: &PreparedBody) {
        if self.typed_as_sent
            && let Some(text) = typed_mut(&mut request.body)
        {
            *text = String::from_utf8_lossy(&sent.in_memory()).into_owned();
        }
    }
}

/// The text that is the body as it stands, where its kind has one.
fn typed(body: &Body) -> Option<&String> {
    match body.kind {
        BodyKind::Json => Some(&body.json),
        BodyKind::Text => Some(&body.text),
        BodyKind::Form
        | BodyKind::Multipart
        | BodyKind::File
        | BodyKind::GraphQl
        | BodyKind::None => None,
    }
}

fn typed_mut(body: &mut Body) -> Option<&mut String> {
    match body.kind {
        BodyKind::Json => Some(&mut body.json),
        BodyKind::Text => Some(&mut body.text),
        BodyKind::Form
        | BodyKind::Multipart
        | BodyKind::File
        | BodyKind::GraphQl
        | BodyKind::None => None,
    }
}
