//! What rules are asked about: an outcome, read as far as a rule asks.

use std::{cell::OnceCell, time::Duration};

use bytes::Bytes;
use serde_json::{Map, Value, value::RawValue};

use crate::{
    inspect::decoded_up_to,
    model::{Header, Outcome, Redact, Response, Standing, find_header, headers_named},
    status::{catalogue, failure},
    units::human_size,
};

/// The largest body that conditions and messages look into, in bytes without its codings.
pub(super) const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// An outcome on the way to its message.
pub struct Answered<'a> {
    outcome: &'a Outcome,
    method: &'a str,
    url: &'a str,
    took: Duration,
    /// The body without its codings, once somebody asks.
    body: OnceCell<Result<Bytes, String>>,
}

impl<'a> Answered<'a> {
    /// What came back to this method and URL, and how long it took.
    pub fn new(outcome: &'a Outcome, method: &'a str, url: &'a str, took: Duration) -> Self {
        Self {
            outcome,
            method,
            url,
            took,
            body: OnceCell::new(),
        }
    }

    pub(super) fn standing(&self) -> Standing {
        self.outcome.standing()
    }

    fn response(&self) -> Option<&'a Response> {
        match self.outcome {
            Outcome::Response(response) => Some(response),
            Outcome::Failure(_) => None,
        }
    }

    /// Every value of a header field.
    pub(super) fn values(&self, name: &str) -> Vec<String> {
        let headers = self.response().map_or(&[][..], |it| &it.head.headers);
        headers_named(headers, name).map(Header::text).collect()
    }

    /// The body without its codings, or why it is not looked into.
    pub(super) fn body(&self) -> Result<&Bytes, String> {
        let body = self.body.get_or_init(|| self.read_body());
        body.as_ref().map_err(Clone::clone)
    }

    fn read_body(&self) -> Result<Bytes, String> {
        let response = self.response().ok_or("there is no answer")?;
        let too_large = || {
            let most = human_size(LARGEST_BODY as u64);
            format!("the body is larger than {most}, or cannot be decoded")
        };
        if response.body.len() > LARGEST_BODY {
            return Err(too_large());
        }
        let coding = find_header(&response.head.headers, "content-encoding").map(Header::text);
        decoded_up_to(&response.body, coding.as_deref(), LARGEST_BODY).ok_or_else(too_large)
    }

    /// The body, known to be JSON.
    pub(super) fn json(&self) -> Result<&Bytes, String> {
        let body = self.body()?;
        serde_json::from_slice::<&RawValue>(body)
            .map_err(|error| format!("the body is not JSON: {error}"))?;
        Ok(body)
    }

    /// What a message may name, the body aside. No credentials are among it: a message is kept.
    pub(super) fn facts(&self) -> Map<String, Value> {
        let mut facts = Map::new();
        let mut put = |name: &str, value: Value| facts.insert(name.to_owned(), value);
        put("method", self.method.into());
        put("url", self.url.into());
        put("ms", (self.took.as_millis() as u64).into());
        match self.outcome {
            Outcome::Response(response) => {
                put("status", response.head.status.into());
                let phrase = response.head.reason.as_deref();
                put(
                    "phrase",
                    phrase
                        .unwrap_or_else(|| catalogue::phrase(response.head.status))
                        .into(),
                );
                put("size", response.size().into());
                put("headers", headers(response));
            }
            Outcome::Failure(failed) => {
                put("failure", failure::describe(failed.kind).name.into());
            }
        }
        facts
    }
}

/// Fields by their names in lower case; those of one name are joined (RFC 9110, Section 5.3).
fn headers(response: &Response) -> Value {
    let kept = Response {
        head: response.head.clone(),
        body: Bytes::new(),
        whole: None,
    };
    let mut all = Map::new();
    for header in kept.redacted().head.headers {
        let name = header.name.to_ascii_lowercase();
        let text = match all.get(&name).and_then(Value::as_str) {
            Some(before) => format!("{before}, {}", header.text()),
            None => header.text(),
        };
        all.insert(name, text.into());
    }
    all.into()
}
