//! The language of the history's filter: what a user types becomes data.
//!
//! ```text
//! text ── parse ──► Filter ──┬── matches ──► does this row belong to it?
//!          │                 └── the store ──► SQL with bound parameters
//!          └► FilterError: which term, where, what is allowed
//! ```
//!
//! A filter is a list of terms that must all hold: words, `"quoted words"` and `key:value`; a `-`
//! before one negates it. The keys are rows of one table ([`KEYS`]); a new one is a row there and a
//! [`Condition`]. Case never matters.

mod amounts;
mod complete;
mod error;
mod keys;
mod marks;
mod matching;
mod moment;
mod parse;
mod rule;
mod snippet;
mod standing;
mod words;

use jiff::Timestamp;

use crate::model::RuleLevel;

pub use crate::pattern::{List, Pattern, accepts_host, host_of, path_of, without_port};
pub use amounts::{Amounts, read_size};
pub use complete::{Completion, completions};
pub use error::FilterError;
pub use keys::{KEYS, KeyRow, explained};
pub use marks::{Thing, accepts_media};
pub use matching::{haystack, lower};
pub use snippet::{lit, snippet};
pub use standing::StandingTest;
pub use words::{Place, has_words, words};

/// What the rows of the history have to satisfy. The default one lets every row pass.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// All of them must hold.
    pub terms: Vec<Term>,
}

impl Filter {
    /// Whether it looks for words, wherever they stand.
    pub fn looks_for_words(&self) -> bool {
        let is_of_words =
            |term: &Term| matches!(term.condition, Condition::Text(_) | Condition::Within(..));
        self.terms.iter().any(is_of_words)
    }

    /// Whether it asks for pinned exchanges by that name.
    pub fn is_about_pins(&self) -> bool {
        let terms = self.terms.iter();
        terms
            .filter(|term| !term.negated)
            .any(|term| term.condition == Condition::Pinned)
    }
}

/// One term of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Whether the rows that satisfy the condition are left out.
    pub negated: bool,
    pub condition: Condition,
}

/// What a term says of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The words of this text, in lower case, stand one after the other somewhere in the exchange: in the
    /// row's [`haystack`], what the user put on it, or anything that was sent and received.
    Text(String),
    /// Likewise, in one place of the exchange.
    Within(Place, String),
    Standing(List<StandingTest>),
    Method(List<Pattern>),
    /// Each pattern is tried on `host` and on `host:port`.
    Host(List<Pattern>),
    Path(List<Pattern>),
    /// It began at this time or later.
    From(Timestamp),
    /// It began before this time.
    Before(Timestamp),
    /// The name of the environment that it was sent in; empty where there was none.
    Environment(List<Pattern>),
    /// The media type of the answer: see [`accepts_media`].
    Media(List<Pattern>),
    /// One of its tags is, and none of them is.
    Tag(List<Pattern>),
    /// It took so many nanoseconds.
    Took(Amounts),
    /// The body of the answer has so many bytes.
    Size(Amounts),
    Has(Thing),
    Pinned,
    /// The level that the user's rules gave it is one of these.
    Level(List<RuleLevel>),
}

impl Condition {
    /// The text whose words are looked for, and in which place where that is said; `None` for a condition
    /// about anything else.
    pub fn words(&self) -> Option<(Option<Place>, &str)> {
        match self {
            Self::Text(text) => Some((None, text)),
            Self::Within(place, text) => Some((Some(*place), text)),
            Self::Standing(_)
            | Self::Method(_)
            | Self::Host(_)
            | Self::Path(_)
            | Self::From(_)
            | Self::Before(_)
            | Self::Environment(_)
            | Self::Media(_)
            | Self::Tag(_)
            | Self::Took(_)
            | Self::Size(_)
            | Self::Has(_)
            | Self::Pinned
            | Self::Level(_) => None,
        }
    }
}
