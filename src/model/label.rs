//! What is known of an exchange besides the exchange itself: what the user put on it, and where it came
//! from.

use serde::Serialize;

use super::ExchangeId;

/// What the user put on an exchange to find it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Label {
    pub name: Option<String>,
    pub note: Option<String>,
    /// Single words, each once, in the order in which they were given.
    pub tags: Vec<String>,
    /// Whether it is kept whatever the limits of the history say.
    pub pinned: bool,
}

impl Label {
    /// What has to be done for an exchange without any label to have this one.
    pub fn changes(self) -> Vec<Relabel> {
        let name = self.name.map(|name| Relabel::Name(Some(name)));
        let note = self.note.map(|note| Relabel::Note(Some(note)));
        let tags = self.tags.into_iter().map(Relabel::Tag);
        let pin = self.pinned.then_some(Relabel::Pin(true));
        name.into_iter()
            .chain(note)
            .chain(tags)
            .chain(pin)
            .collect()
    }
}

/// A change of the [`Label`]s of exchanges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relabel {
    /// `None`, or nothing but blanks, takes the name away.
    Name(Option<String>),
    Note(Option<String>),
    /// A tag is one word: of what is typed, blanks become hyphens.
    Tag(String),
    Untag(String),
    Pin(bool),
}

/// Where a send came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lineage {
    /// The environment that it was sent in.
    pub environment: Option<String>,
    /// The exchange that it repeats.
    pub replayed_from: Option<ExchangeId>,
}

/// A tag as it is kept: lower case, one word; `None` for one that says nothing.
pub fn clean_tag(typed: &str) -> Option<String> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let tag = words.join("-").trim_start_matches('#').to_lowercase();
    (!tag.is_empty()).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_one_word_in_lower_case() {
        assert_eq!(
            clean_tag("  Before  the Fix ").as_deref(),
            Some("before-the-fix")
        );
        assert_eq!(clean_tag("#bug").as_deref(), Some("bug"));
        assert_eq!(clean_tag(" # "), None);
        assert_eq!(clean_tag(""), None);
    }
}
