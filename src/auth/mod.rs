//! The ways of proving who sends a request: one file a kind, a row each in [`KINDS`].
//!
//! ```text
//! Auth (as typed) ── check, apply ──► Applied::Header, Applied::Query    in the request at once
//!                                     Applied::Later ── net ──► with the time (aws), a challenge
//!                                                               (digest) or a token (oauth)
//! ```
//!
//! Everything here is pure: time, randomness and answers come in as arguments.

mod api_key;
pub mod aws;
mod basic;
mod bearer;
pub mod challenge;
pub mod digest;
mod field;
mod foreseen;
mod hash;
pub mod oauth;

use crate::model::{Auth, Header, NO_AUTH, REDACTED, Request};

pub use basic::basic_credentials;
pub use field::{Content, Field};
pub use foreseen::foreseen;

/// One way of authentication.
#[derive(Debug)]
pub struct Kind {
    /// As it is stored and as the command line calls it.
    pub name: &'static str,
    /// As the screen calls it.
    pub label: &'static str,
    /// One line.
    pub help: &'static str,
    /// The scheme in `WWW-Authenticate` that asks for it (RFC 9110, Section 11.1); empty for none.
    pub scheme: &'static str,
    pub fields: &'static [Field],
    apply: fn(&Values) -> Result<Applied, FieldError>,
}

/// Every kind, in the order in which the auth tab offers them.
pub static KINDS: &[Kind] = &[
    Kind {
        name: NO_AUTH,
        label: "none",
        help: "nothing is added; user:password@ in the URL still counts",
        scheme: "",
        fields: &[],
        apply: |_| Ok(Applied::Nothing),
    },
    basic::KIND,
    bearer::KIND,
    api_key::KIND,
    digest::KIND,
    oauth::KIND,
    aws::KIND,
];

/// What a kind does to the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    Nothing,
    /// A header field.
    Header(Header),
    /// A query parameter: name and value, not encoded.
    Query(String, String),
    /// It takes more than the request: see [`crate::model::Credentials::later`].
    Later,
}

/// A field that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct FieldError {
    /// [`KIND_FIELD`] for the kind itself.
    pub field: &'static str,
    pub reason: String,
}

impl FieldError {
    fn new(field: &'static str, reason: impl Into<String>) -> Self {
        Self {
            field,
            reason: reason.into(),
        }
    }
}

/// The name of the row that chooses the kind.
pub const KIND_FIELD: &str = "kind";

/// The kind of that name.
pub fn find(name: &str) -> Option<&'static Kind> {
    let name = if name.is_empty() { NO_AUTH } else { name };
    KINDS.iter().find(|kind| kind.name == name)
}

/// The fields of a kind with what was typed into them, and the defaults where nothing was.
pub struct Values<'a> {
    kind: &'static Kind,
    auth: &'a Auth,
}

impl<'a> Values<'a> {
    /// `None` for a kind that is not known.
    pub fn new(auth: &'a Auth) -> Option<Self> {
        Some(Self {
            kind: find(&auth.kind)?,
            auth,
        })
    }

    /// What a field says; its default where nothing was typed.
    pub fn get(&self, name: &str) -> &str {
        let field = self.kind.fields.iter().find(|field| field.name == name);
        match self.auth.field(name) {
            "" => field.map_or("", |field| field.default),
            typed => field.map_or(typed, |field| field.meant(typed)),
        }
    }

    /// The fields that matter with the present choices.
    pub fn shown(&self) -> impl Iterator<Item = &'static Field> {
        self.kind.fields.iter().filter(|field| {
            field
                .when
                .is_none_or(|(name, values)| values.contains(&self.get(name)))
        })
    }

    fn check(&self) -> Result<(), FieldError> {
        self.shown()
            .try_for_each(|field| field.check(self.get(field.name)))
    }
}

/// Checks what was typed and says what it does to a request.
pub fn apply(auth: &Auth) -> Result<Applied, FieldError> {
    let values = Values::new(auth).ok_or_else(|| {
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        FieldError::new(
            KIND_FIELD,
            format!(
                "posttui knows no auth “{}”; it knows {}",
                auth.kind,
                known.join(", ")
            ),
        )
    })?;
    values.check()?;
    (values.kind.apply)(&values)
}

/// The header field that the kind wants to write, in lower case; `None` for one that writes none.
fn written_header(auth: &Auth) -> Option<String> {
    let values = Values::new(auth)?;
    match values.kind.name {
        NO_AUTH => None,
        "api-key" if values.get("in") == "query" => None,
        "api-key" => Some(values.get("name").trim().to_ascii_lowercase()),
        _ => Some("authorization".to_owned()),
    }
}

/// The name of the header row that the user has typed for the very field that the auth tab would
/// write: the row wins, since it is the more explicit of the two.
pub fn overriding_row(request: &Request) -> Option<&str> {
    let written = written_header(&request.auth)?;
    request
        .headers
        .iter()
        .filter(|field| field.is_sent())
        .map(|field| field.name.trim())
        .find(|name| name.eq_ignore_ascii_case(&written))
}

/// The kind that answers what a server asks for in its 401; `None` where posttui knows none.
pub fn kind_for(challenges: &[challenge::Challenge]) -> Option<&'static Kind> {
    challenges.iter().find_map(|challenge| {
        KINDS
            .iter()
            .find(|kind| !kind.scheme.is_empty() && challenge.is(kind.scheme))
    })
}

/// Whether what is chosen is the kind that a server asks for, or brings along the same.
pub fn answers(auth: &Auth, asked: &Kind) -> bool {
    auth.kind == asked.name || asked.name == bearer::KIND.name && auth.kind == oauth::KIND.name
}

/// Whether a text holds the mark that stands where the history had a secret.
fn is_redacted(text: &str) -> bool {
    text.contains(REDACTED)
}

#[cfg(test)]
mod tests;
