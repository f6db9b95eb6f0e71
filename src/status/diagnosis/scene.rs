//! What the families ask of an exchange.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::{
    inspect::decoded_up_to,
    model::{
        Exchange, Failure, Header, Outcome, PreparedRequest, REDACTED, Response, find_header,
        headers_named,
    },
};

use super::{FieldProblem, Part, fields, multistatus, token::Token};

/// The largest body that is read for evidence, in bytes, with and without its codings: what a server
/// says about an error is far smaller, and reading it must not be felt.
const LARGEST_READ: usize = 256 * 1024;

/// An exchange with its outcome, and what several families want of it, read once.
pub struct Scene<'a> {
    pub exchange: &'a Exchange,
    pub outcome: &'a Outcome,
    pub token: Option<&'a Token>,
    /// The body of an answer that is an error or a 207, without its codings.
    pub body: Option<Bytes>,
    /// The same where it is JSON.
    pub json: Option<Value>,
    pub fields: Vec<FieldProblem>,
    /// Of a 207.
    pub parts: Vec<Part>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        exchange: &'a Exchange,
        outcome: &'a Outcome,
        token: Option<&'a Token>,
    ) -> Self {
        let mut scene = Self {
            exchange,
            outcome,
            token,
            body: None,
            json: None,
            fields: Vec::new(),
            parts: Vec::new(),
        };
        scene.body = scene.read_body();
        scene.json = scene.read_json();
        scene.fields = fields::find(&scene);
        scene.parts = multistatus::find(&scene);
        scene
    }

    /// The whole response; `None` for a failure, whatever had arrived before it.
    pub fn response(&self) -> Option<&'a Response> {
        match self.outcome {
            Outcome::Response(response) => Some(response),
            Outcome::Failure(_) => None,
        }
    }

    pub fn failure(&self) -> Option<&'a Failure> {
        match self.outcome {
            Outcome::Response(_) => None,
            Outcome::Failure(failure) => Some(failure),
        }
    }

    /// The status of the answer; 0 for a failure, which no family looks for.
    pub fn status(&self) -> u16 {
        self.response().map_or(0, |response| response.head.status)
    }

    /// The first value of a header field of the answer.
    pub fn header(&self, name: &str) -> Option<String> {
        find_header(&self.response()?.head.headers, name).map(Header::text)
    }

    /// Every value of a header field of the answer.
    pub fn headers(&self, name: &str) -> Vec<String> {
        let headers = self.response().map_or(&[][..], |it| &it.head.headers);
        headers_named(headers, name).map(Header::text).collect()
    }

    /// What was sent last.
    pub fn sent_headers(&self) -> &'a [Header] {
        match self.exchange.hops.last() {
            Some(hop) => &hop.request_headers,
            None => &self.prepared().headers,
        }
    }

    /// The first value of a header field that was sent last.
    pub fn sent(&self, name: &str) -> Option<String> {
        find_header(self.sent_headers(), name).map(Header::text)
    }

    pub fn prepared(&self) -> &'a PreparedRequest {
        &self.exchange.prepared
    }

    /// The method of the last hop.
    pub fn method(&self) -> &'a str {
        let last = self.exchange.hops.last();
        last.map_or(&self.prepared().method, |hop| &hop.method)
    }

    /// The URL of the last hop.
    pub fn url(&self) -> &'a str {
        let last = self.exchange.hops.last();
        last.map_or(&self.prepared().url, |hop| &hop.url)
    }

    /// Bytes of the body that was sent last.
    pub fn sent_bytes(&self) -> u64 {
        let last = self.exchange.hops.last();
        last.map_or(self.prepared().body.len(), |hop| hop.request_body_bytes)
    }

    /// A reference made absolute (RFC 9110, Section 10.2.2): where it leads with http or https.
    pub fn resolve(&self, reference: &str) -> Option<String> {
        let url = Url::parse(self.url()).ok()?.join(reference.trim()).ok()?;
        let is_http = matches!(url.scheme(), "http" | "https") && url.has_host();
        (is_http && !reference.trim().is_empty() && !reference.contains(REDACTED))
            .then(|| url.into())
    }

    /// When the answer was there, by this machine's clock.
    pub fn answered_at(&self) -> Timestamp {
        let started_at = self.exchange.started_at;
        let duration = self.exchange.duration.unwrap_or_default();
        started_at.checked_add(duration).unwrap_or(started_at)
    }

    /// When it was there by the server's clock (RFC 9110, Section 6.6.1), else by this machine's.
    pub fn server_time(&self) -> Timestamp {
        let date = self.header("date").and_then(|text| parse_date(&text));
        date.unwrap_or_else(|| self.answered_at())
    }

    /// The media type of the answer, in lower case, without parameters.
    pub fn media_type(&self) -> String {
        let text = self.header("content-type").unwrap_or_default();
        let kind = text.split(';').next().unwrap_or_default();
        kind.trim().to_ascii_lowercase()
    }

    fn read_body(&self) -> Option<Bytes> {
        let response = self.response()?;
        let is_read = response.head.status >= 400 || response.head.status == 207;
        if !is_read || response.body.is_empty() || response.body.len() > LARGEST_READ {
            return None;
        }
        let encoding = self.header("content-encoding");
        decoded_up_to(&response.body, encoding.as_deref(), LARGEST_READ)
    }

    /// Many servers forget to say that it is JSON.
    fn read_json(&self) -> Option<Value> {
        let body = self.body.as_ref()?;
        let begins = body.trim_ascii_start().first();
        matches!(begins, Some(b'{' | b'['))
            .then(|| serde_json::from_slice(body).ok())
            .flatten()
    }
}

/// An HTTP date in the form that servers have to send (RFC 9110, Section 5.6.7).
pub fn parse_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text.trim())
        .ok()
}
