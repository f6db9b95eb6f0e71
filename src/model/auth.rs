//! How a request proves who sends it.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

/// The kind that adds nothing.
pub const NO_AUTH: &str = "none";

/// The kind of authentication and its fields, as typed. [`crate::auth`] knows the kinds; one that it
/// does not know (from a later version) is kept all the same.
///
/// Fields of other kinds stay, so that switching the kind loses nothing; several kinds share some.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Auth {
    pub kind: String,
    pub fields: BTreeMap<String, String>,
}

impl Default for Auth {
    fn default() -> Self {
        Self::new(NO_AUTH)
    }
}

/// Fields that open no door by themselves. Whatever is not named here counts as a secret, so that a
/// field that was forgotten, or comes from a later version, is never written down.
const PUBLIC: [&str; 12] = [
    "access_key",
    "authorize_url",
    "client_auth",
    "client_id",
    "grant",
    "in",
    "name",
    "port",
    "region",
    "scope",
    "service",
    "token_url",
];

impl Auth {
    /// The kind with this name, nothing typed yet.
    pub fn new(kind: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            fields: BTreeMap::new(),
        }
    }

    /// The same with one more field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// What was typed into a field; empty where nothing was.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    pub fn is_none(&self) -> bool {
        self.kind.is_empty() || self.kind == NO_AUTH
    }

    /// Whether a field may be written down. A user name without a password is none: some services
    /// take their key in its place.
    pub fn is_public(&self, name: &str) -> bool {
        match name {
            "username" => !self.field("password").is_empty(),
            _ => PUBLIC.contains(&name),
        }
    }
}

impl fmt::Debug for Auth {
    /// The names of the fields, and the values of those that are no secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Auth");
        shown.field("kind", &self.kind);
        for (name, value) in &self.fields {
            let value = if self.is_public(name) { value } else { "…" };
            shown.field(name, &value);
        }
        shown.finish()
    }
}

/// What a send has to know of credentials beside what stands in its header fields already. Lives in
/// memory only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// A kind that can only be carried out when a hop goes out: it needs the time, a challenge or a
    /// token. Checked by [`crate::prepare`].
    pub later: Option<Auth>,
    /// Where an API key stands.
    pub secrets: Vec<SecretPlace>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("later", &self.later)
            .finish_non_exhaustive()
    }
}

/// A place of the request that holds a secret, beside those that always do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// A header field of this name.
    Header(String),
    /// A query parameter of this name, not encoded.
    Query(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{REDACTED, Redact};

    #[test]
    fn secrets_are_neither_written_down_nor_shown_by_debug() {
        let auth = Auth::new("basic")
            .with("username", "ann")
            .with("password", "s3cret")
            .with("from_a_later_version", "s3cret")
            .with("token_url", "https://me:s3cret@host/token")
            .with("client_secret", "");
        let kept = auth.redacted();
        assert_eq!(kept.field("username"), "ann");
        assert_eq!(kept.field("password"), REDACTED);
        assert_eq!(kept.field("client_secret"), "");
        for text in [format!("{kept:?}"), serde_json::to_string(&kept).unwrap()] {
            assert!(!text.contains("s3cret"), "{text}");
        }
        let typed = Auth::new("bearer").with("token", "s3cret");
        assert!(!format!("{typed:?}").contains("s3cret"));
        let key = Auth::new("basic").with("username", "sk_live_s3cret");
        assert_eq!(key.redacted().field("username"), REDACTED);
    }

    #[test]
    fn what_knows_no_auth_has_none() {
        let auth: Auth = serde_json::from_str("{}").unwrap();
        assert!(auth.is_none());
        let later: Auth = serde_json::from_str(r#"{"kind":"later","fields":{"a":"b"}}"#).unwrap();
        assert_eq!((later.kind.as_str(), later.field("a")), ("later", "b"));
    }
}
