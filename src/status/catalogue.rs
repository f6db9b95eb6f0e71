//! What is known about status codes: every row of the IANA HTTP Status Code Registry, the
//! unregistered ones met in the wild, and the classes that speak for all other numbers.
//!
//! The texts are in `assets/status.toml`; its head says how to add a row.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::model::ResponseHead;

/// The class of a status, which is its first digit
/// ([RFC 9110, Section 15](https://www.rfc-editor.org/rfc/rfc9110.html#section-15)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    Informational,
    Successful,
    Redirection,
    ClientError,
    ServerError,
    /// Any number outside 100 to 599, which is not valid in HTTP.
    Unknown,
}

impl Class {
    pub fn of(code: u16) -> Self {
        match code {
            100..=199 => Self::Informational,
            200..=299 => Self::Successful,
            300..=399 => Self::Redirection,
            400..=499 => Self::ClientError,
            500..=599 => Self::ServerError,
            _ => Self::Unknown,
        }
    }

    /// One column wide, so that a class can be told without its colour.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Informational => "…",
            Self::Successful => "●",
            Self::Redirection => "↪",
            Self::ClientError => "▲",
            Self::ServerError => "■",
            Self::Unknown => "?",
        }
    }

    /// `4xx`, as rules and filters write it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Informational => "1xx",
            Self::Successful => "2xx",
            Self::Redirection => "3xx",
            Self::ClientError => "4xx",
            Self::ServerError => "5xx",
            Self::Unknown => "other",
        }
    }

    /// `Client error`.
    pub fn name(self) -> &'static str {
        &class_entry(self).name
    }
}

/// One row of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub code: u16,
    pub phrase: String,
    /// Whether the code is in the IANA HTTP Status Code Registry.
    pub registered: bool,
    /// `IANA`, or the vendor that sends it.
    pub source: String,
    /// The RFC section as the registry gives it, or the vendor's documentation.
    pub reference: String,
    pub meaning: String,
    /// Whether a POST was processed, may be repeated, keeps its method.
    pub for_post: String,
    pub causes: Vec<String>,
    /// The next step the user can take.
    pub next: String,
}

/// What a class says about the numbers that have no row of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassEntry {
    pub name: String,
    pub reference: String,
    pub meaning: String,
    pub for_post: String,
    pub causes: Vec<String>,
    pub next: String,
}

/// What is known about any number, in the catalogue or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub code: u16,
    pub class: Class,
    pub phrase: String,
    pub registered: bool,
    /// `IANA` or the vendor; `None` for a number that only its class explains.
    pub source: Option<String>,
    pub reference: String,
    pub meaning: String,
    pub for_post: String,
    pub causes: Vec<String>,
    pub next: String,
}

/// The row of `code`, if there is one.
pub fn lookup(code: u16) -> Option<&'static Entry> {
    entries().iter().find(|entry| entry.code == code)
}

/// All rows, ascending by code.
pub fn entries() -> &'static [Entry] {
    &CATALOGUE.status
}

/// What the class says about numbers without a row.
pub fn class_entry(class: Class) -> &'static ClassEntry {
    let classes = &CATALOGUE.class;
    match class {
        Class::Informational => &classes.informational,
        Class::Successful => &classes.successful,
        Class::Redirection => &classes.redirection,
        Class::ClientError => &classes.client_error,
        Class::ServerError => &classes.server_error,
        Class::Unknown => &classes.unknown,
    }
}

/// Explains any number: by its row, or else by its class, as
/// [RFC 9110, Section 15](https://www.rfc-editor.org/rfc/rfc9110.html#section-15) asks of a client.
pub fn explain(code: u16) -> Explanation {
    match lookup(code) {
        Some(entry) => explain_entry(entry),
        None => explain_by_class(code),
    }
}

/// The phrase of any number, without the rest.
pub fn phrase(code: u16) -> &'static str {
    lookup(code).map_or(UNREGISTERED, |entry| entry.phrase.as_str())
}

/// The phrase that a head came with, or else the usual one of its status.
pub fn phrase_of(head: &ResponseHead) -> &str {
    let own = head.reason.as_deref();
    own.unwrap_or_else(|| phrase(head.status))
}

/// The meaning of any number, without the rest: its row's, or else its class's.
pub fn meaning(code: u16) -> &'static str {
    match lookup(code) {
        Some(entry) => &entry.meaning,
        None => &class_entry(Class::of(code)).meaning,
    }
}

/// Stands for the phrase of a number that has no row.
const UNREGISTERED: &str = "Unregistered status";

fn explain_entry(entry: &Entry) -> Explanation {
    let entry = entry.clone();
    Explanation {
        code: entry.code,
        class: Class::of(entry.code),
        phrase: entry.phrase,
        registered: entry.registered,
        source: Some(entry.source),
        reference: entry.reference,
        meaning: entry.meaning,
        for_post: entry.for_post,
        causes: entry.causes,
        next: entry.next,
    }
}

fn explain_by_class(code: u16) -> Explanation {
    let class = Class::of(code);
    let entry = class_entry(class).clone();
    Explanation {
        code,
        class,
        phrase: UNREGISTERED.to_owned(),
        registered: false,
        source: None,
        reference: entry.reference,
        meaning: format!(
            "{code} is not registered, and posttui knows of no vendor that uses it. {}",
            entry.meaning
        ),
        for_post: entry.for_post,
        causes: entry.causes,
        next: entry.next,
    }
}

/// The file as it is written. Each class is a field of its own, so that none can be missing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    class: Classes,
    status: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Classes {
    informational: ClassEntry,
    successful: ClassEntry,
    redirection: ClassEntry,
    client_error: ClassEntry,
    server_error: ClassEntry,
    unknown: ClassEntry,
}

/// `assets/status.toml` as JSON.
const FILE: &str = include_str!(concat!(env!("OUT_DIR"), "/status.json"));

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(read_file);

#[expect(
    clippy::expect_used,
    reason = "the file is part of the program, and `the_file_can_be_read` reads it in every test run"
)]
fn read_file() -> Catalogue {
    serde_json::from_str(FILE).expect("assets/status.toml can be read")
}

#[cfg(test)]
mod tests;
