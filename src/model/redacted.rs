//! What may be kept of secrets: a mark in their place, and what helps without being secret.
//!
//! Credentials live in known places: some header fields, the `user:password@` of a URL, the fields of
//! the auth tab and wherever these put an API key. Before an
//! exchange is written down, each of them is replaced by [`REDACTED`]. The authentication scheme,
//! the names of cookies and their attributes stay, since they explain an answer and open no door.

mod addresses;
mod api_key;
mod fields;
mod graphql;
mod lines;
mod markup;
mod masking;
mod members;
mod named;
mod names;
mod own;
mod received;
mod sent;
mod template_only;
mod urls;

use fields::{redact_field, redact_received_headers, redact_sent_headers};
use urls::{redact_typed_url, redact_urls};

use super::{
    Auth, Choices, Credentials, Exchange, Failure, Header, Hop, Options, Outcome, Piece,
    PreparedBody, PreparedRequest, Request, Response, mark::REDACTED,
};

pub use own::{OwnSecrets, PatternError};
pub use received::Taken;

use names::is_secret_name;

/// What can be written down without its secrets.
pub trait Redact {
    /// A copy in which [`REDACTED`] stands for every secret.
    #[must_use]
    fn redacted(&self) -> Self;
}

impl Redact for Request {
    fn redacted(&self) -> Self {
        let mut copy = self.clone();
        copy.url = redact_typed_url(&self.url);
        named::redact_query(&mut copy.url, &is_secret_name);
        for field in &mut copy.headers {
            redact_field(field);
        }
        for row in copy.query.iter_mut().chain(&mut copy.body.form) {
            named::redact_row(row, &is_secret_name);
        }
        for row in &mut copy.body.multipart {
            named::redact_row(row, &is_secret_name);
        }
        named::redact_typed(&mut copy.body, &self.headers, &is_secret_name);
        copy.auth = self.auth.redacted();
        copy.options = self.options.redacted();
        copy
    }
}

impl Redact for Choices {
    fn redacted(&self) -> Self {
        let mut copy = self.clone();
        for (name, text) in copy.iter_mut() {
            if Self::is_secret(name) {
                if !template_only::is_template_only(text, &[]) {
                    REDACTED.clone_into(text);
                }
            } else if name == "proxy" {
                *text = redact_typed_url(text);
            }
        }
        copy
    }
}

/// A proxy may be given with the `user:password@` that it wants; the scheme may be left out.
fn hide_proxy(options: &mut Options) {
    let proxy = &mut options.transport.proxy;
    *proxy = redact_typed_url(proxy);
}

impl Redact for Auth {
    fn redacted(&self) -> Self {
        let mut copy = self.clone();
        for (name, value) in &mut copy.fields {
            // A template says where the secret is, and holds none itself.
            if value.is_empty() || template_only::is_template_only(value, &[]) {
                continue;
            }
            *value = if self.is_public(name) {
                redact_typed_url(value)
            } else {
                REDACTED.to_owned()
            };
        }
        copy
    }
}

impl Redact for PreparedRequest {
    fn redacted(&self) -> Self {
        let mut copy = self.masked();
        copy.url = redact_typed_url(&copy.url);
        named::redact_query(&mut copy.url, &is_secret_name);
        copy.headers = redact_sent_headers(&copy.headers);
        hide_proxy(&mut copy.options);
        copy.credentials = Credentials::default();
        copy.body = redact_pieces(&copy.body, &copy.headers);
        self.credentials.hide_in_url(&mut copy.url);
        self.credentials.hide_in_headers(&mut copy.headers);
        copy
    }
}

/// The fields of a body whose name says that they are secret. Files are not read, so that nothing of them is kept.
fn redact_pieces(body: &PreparedBody, headers: &[Header]) -> PreparedBody {
    let pieces = body.pieces().iter().map(|piece| match piece {
        Piece::Memory(bytes) => match named::redact_body(bytes, headers, &is_secret_name) {
            Some(redacted) => Piece::Memory(redacted.into()),
            None => piece.clone(),
        },
        Piece::File(_) => piece.clone(),
    });
    PreparedBody::new(pieces.collect())
}

impl Redact for Hop {
    fn redacted(&self) -> Self {
        let mut copy = self.clone();
        copy.url = redact_typed_url(&self.url);
        named::redact_query(&mut copy.url, &is_secret_name);
        copy.request_headers = redact_sent_headers(&self.request_headers);
        for head in copy.heads_mut() {
            head.headers = redact_received_headers(&head.headers);
        }
        if let Some(raw) = &mut copy.transit.unreadable {
            *raw = redact_urls(raw).into_owned();
        }
        copy
    }
}

impl Redact for Response {
    fn redacted(&self) -> Self {
        let mut copy = self.clone();
        copy.head.headers = redact_received_headers(&self.head.headers);
        copy
    }
}

impl Redact for Failure {
    fn redacted(&self) -> Self {
        let causes = self.causes.iter();
        Self {
            kind: self.kind,
            phase: self.phase,
            causes: causes
                .map(|cause| redact_urls(cause).into_owned())
                .collect(),
            processed: self.processed,
            partial: self.partial.as_ref().map(Redact::redacted),
        }
    }
}

impl Redact for Outcome {
    fn redacted(&self) -> Self {
        match self {
            Self::Response(response) => Self::Response(response.redacted()),
            Self::Failure(failure) => Self::Failure(failure.redacted()),
        }
    }
}

impl Redact for Exchange {
    fn redacted(&self) -> Self {
        Self {
            id: self.id,
            started_at: self.started_at,
            request: self.request.redacted(),
            prepared: self.prepared.redacted(),
            hops: self.prepared.credentials.hide_in_hops(&self.hops),
            outcome: self
                .outcome
                .as_ref()
                .map(|outcome| self.prepared.credentials.hide_in_outcome(outcome)),
            duration: self.duration,
            message: self.message.clone(),
            verdict: self.verdict.clone(),
        }
    }
}

fn is_one_of(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Field;

    #[test]
    fn a_request_as_built_loses_its_secrets() {
        let request = Request {
            url: "https://me:s3cret@host/".to_owned(),
            headers: vec![
                Field::new(" Authorization ", "Bearer s3cret"),
                Field::new("x", "kept"),
            ],
            ..Request::default()
        };
        let kept = format!("{:?}", request.redacted());
        assert!(!kept.contains("s3cret") && kept.contains("kept"), "{kept}");
    }
}
