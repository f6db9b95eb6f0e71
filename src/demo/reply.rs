//! What a handler answers: a status, header fields and a body that is held in memory.

use bytes::Bytes;
use http::StatusCode;
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use serde::Serialize;

use crate::model::{Header, find_header};

use super::{head::Refusal, wire::push_field};

/// A reply without what the wire adds: the length or coding of the body, `Connection`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// Bytes, so that a server can be played that sends anything there.
    pub reason: Vec<u8>,
    pub headers: Vec<Header>,
    pub body: Bytes,
}

/// A problem that is told to a program (RFC 9457, Section 3.1).
#[derive(Debug, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// What is wrong with one field of the request.
#[derive(Debug, Serialize)]
pub struct FieldProblem {
    /// Where it is in a JSON body (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Its name in a form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    pub detail: String,
}

impl Reply {
    /// A reply with the usual reason phrase and no body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            reason: phrase(status).into(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// A reply with a compact JSON body, so that the client's own formatting shows.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        Self::with_body(status, "application/json", to_json(value))
    }

    pub fn with_body(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self {
            body,
            ..Self::new(status)
        }
        .header("Content-Type", content_type)
    }

    /// `application/problem+json` about the request as a whole.
    pub fn problem(status: u16, detail: impl Into<String>) -> Self {
        Self::field_problems(status, detail, Vec::new())
    }

    /// `application/problem+json` with what is wrong in single fields.
    pub fn field_problems(
        status: u16,
        detail: impl Into<String>,
        errors: Vec<FieldProblem>,
    ) -> Self {
        let problem = Problem {
            kind: "about:blank".to_owned(),
            title: phrase(status).to_owned(),
            status,
            detail: detail.into(),
            errors,
        };
        Self::with_body(status, "application/problem+json", to_json(&problem))
    }

    /// Adds a header field; one name may be there twice.
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push(Header::new(name, value));
        self
    }

    /// Whether the status itself says that there is no body (RFC 9112, Section 6.3).
    pub fn is_bodiless(&self) -> bool {
        matches!(self.status, 100..=199 | 204 | 304)
    }

    pub(super) fn start_line(&self) -> Vec<u8> {
        let mut line = format!("HTTP/1.1 {:03} ", self.status).into_bytes();
        line.extend_from_slice(&self.reason);
        line.extend_from_slice(b"\r\n");
        line
    }

    /// The same of an interim answer, which says nothing of who answers.
    pub(super) fn interim_head(&self) -> Vec<u8> {
        let mut head = self.start_line();
        for header in &self.headers {
            push_field(&mut head, &header.name, &header.value);
        }
        head
    }

    /// Start line and header fields, without the empty line behind them.
    pub(super) fn head(&self) -> Vec<u8> {
        let mut head = self.start_line();
        // A reply that plays another server names that one alone.
        if find_header(&self.headers, "server").is_none() {
            push_field(&mut head, "Server", "posttui-playground");
        }
        if let Ok(date) = DateTimePrinter::new().timestamp_to_rfc9110_string(&Timestamp::now()) {
            push_field(&mut head, "Date", date);
        }
        for header in &self.headers {
            push_field(&mut head, &header.name, &header.value);
        }
        head
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        Self::problem(refusal.status, refusal.detail)
    }
}

/// Only a map whose keys are no text cannot be written as JSON, and no reply holds one.
fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// The registered reason phrase; empty for a status that has none.
pub fn phrase(status: u16) -> &'static str {
    StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default()
}
