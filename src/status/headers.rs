//! What header fields mean: those of the IANA HTTP Field Name Registry that are met, and the unregistered
//! ones in wide use.
//!
//! The texts are in `assets/headers.toml`; its head says how to add a row.

mod decode;

use std::sync::LazyLock;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which way a field goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Request,
    Response,
    Both,
}

impl Direction {
    pub fn words(self) -> &'static str {
        match self {
            Self::Request => "in requests",
            Self::Response => "in responses",
            Self::Both => "in requests and responses",
        }
    }
}

/// One row of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub name: String,
    pub direction: Direction,
    /// Whether the name is in the IANA HTTP Field Name Registry.
    pub registered: bool,
    /// The RFC section, the standard, or the vendor.
    pub reference: String,
    pub meaning: String,
}

/// What is known of any name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub name: String,
    pub registered: bool,
    pub direction: Option<Direction>,
    pub reference: Option<String>,
    pub meaning: String,
}

/// All rows, in alphabetical order.
pub fn entries() -> &'static [Entry] {
    &CATALOGUE.header
}

/// The row of a name, in any case.
pub fn lookup(name: &str) -> Option<&'static Entry> {
    let name = name.trim();
    let entries = entries();
    entries
        .iter()
        .find(|entry| entry.name.eq_ignore_ascii_case(name))
}

/// Explains any name: by its row, else by its shape.
pub fn explain(name: &str) -> Explanation {
    let name = name.trim();
    match lookup(name) {
        Some(entry) => Explanation {
            name: entry.name.clone(),
            registered: entry.registered,
            direction: Some(entry.direction),
            reference: Some(entry.reference.clone()),
            meaning: entry.meaning.clone(),
        },
        None => Explanation {
            name: name.to_owned(),
            registered: false,
            direction: None,
            reference: None,
            meaning: by_shape(name).to_owned(),
        },
    }
}

fn by_shape(name: &str) -> &'static str {
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("x-") {
        "A field of somebody's own, as the X- says (RFC 6648 advises against it); posttui knows of no one who uses it, so the server's documentation has to tell what it means."
    } else {
        "posttui knows no field of this name: it is not among the registered ones that are met, so it is most likely the server's own."
    }
}

/// What a value says in parts, each with its name: the directives of `Cache-Control`, how long ago a `Date`
/// was. Empty where the value speaks for itself. `at` is when it was received.
pub fn decoded(name: &str, value: &str, at: Timestamp) -> Vec<(String, String)> {
    decode::decode(&name.to_ascii_lowercase(), value, at)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    header: Vec<Entry>,
}

/// `assets/headers.toml` as JSON.
const FILE: &str = include_str!(concat!(env!("OUT_DIR"), "/headers.json"));

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(read_file);

#[expect(
    clippy::expect_used,
    reason = "the file is part of the program, and a test reads it in every run"
)]
fn read_file() -> Catalogue {
    serde_json::from_str(FILE).expect("assets/headers.toml can be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_whole_and_in_its_place() {
        let names: Vec<String> = entries()
            .iter()
            .map(|entry| entry.name.to_ascii_lowercase())
            .collect();
        let mut sorted = names.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(names, sorted, "in alphabetical order, none twice");
        assert!(names.len() > 130, "{}", names.len());
        for entry in entries() {
            assert!(entry.meaning.ends_with('.'), "{}", entry.name);
            assert!(!entry.meaning.contains('\n') && !entry.reference.is_empty());
            let by_rfc = entry.reference.starts_with("RFC");
            let is_exact = ["Section", "Appendix"]
                .iter()
                .any(|it| entry.reference.contains(it));
            assert!(!by_rfc || is_exact, "{}", entry.name);
        }
    }

    /// Each name of the registry, in lower case, with its status.
    fn registry() -> Vec<(String, &'static str)> {
        const FILE: &str = include_str!("../../tests/fixtures/http_field_names.txt");
        let mut names = Vec::new();
        let mut status = "";
        for line in FILE.lines().filter(|line| !line.starts_with('#')) {
            let line = match line.split_once(": ") {
                Some((heading, rest)) => {
                    status = heading;
                    rest
                }
                None => line,
            };
            names.extend(
                line.split_whitespace()
                    .map(|name| (name.to_lowercase(), status)),
            );
        }
        names
    }

    #[test]
    fn what_is_registered_is_in_the_registry() {
        let registry = registry();
        assert!(registry.len() > 230, "{}", registry.len());
        for entry in entries() {
            let name = entry.name.to_lowercase();
            let found = registry.iter().find(|(known, _)| *known == name);
            assert_eq!(entry.registered, found.is_some(), "{}", entry.name);
            let is_over = matches!(found, Some((_, "deprecated" | "obsoleted")));
            let meaning = entry.meaning.to_lowercase();
            let says_so = ["deprecated", "obsolete", "replaced", "no longer", "retired"];
            let says_so = says_so.iter().any(|word| meaning.contains(word));
            assert!(!is_over || says_so, "{}: {meaning}", entry.name);
        }
    }

    #[test]
    fn any_name_is_explained() {
        let known = explain("content-TYPE ");
        assert_eq!(known.name, "Content-Type");
        assert!(known.registered && known.reference.unwrap().contains("RFC 9110"));
        let own = explain("X-My-Thing");
        assert!(!own.registered && own.meaning.contains("of somebody's own"));
        assert!(explain("thing").meaning.contains("no field of this name"));
    }
}
