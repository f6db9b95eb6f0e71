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

mod address;
mod error;
mod keys;
mod letters;
mod list;
mod matching;
mod moment;
mod parse;
mod pattern;
mod standing;

use jiff::Timestamp;

pub use address::{host_of, path_of};
pub use error::FilterError;
pub use keys::{KEYS, KeyRow};
pub use list::List;
pub use matching::{accepts_host, haystack};
pub use pattern::Pattern;
pub use standing::StandingTest;

/// What the rows of the history have to satisfy. The default one lets every row pass.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// All of them must hold.
    pub terms: Vec<Term>,
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
    /// This text, in lower case, is somewhere in the row's [`haystack`].
    Text(String),
    Standing(List<StandingTest>),
    Method(List<Pattern>),
    /// Each pattern is tried on `host` and on `host:port`.
    Host(List<Pattern>),
    Path(List<Pattern>),
    /// It began at this time or later.
    From(Timestamp),
    /// It began before this time.
    Before(Timestamp),
}
