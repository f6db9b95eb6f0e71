//! The columns with few different values. The database counts the rows of each value, so that a term
//! about such a column is first turned into the list of values that it lets pass.

use rusqlite::Connection;

use crate::search::{Condition, Filter, Term, accepts_host, accepts_media};

use super::{damaged::lossy, standing::read_standing};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Facet {
    Standing,
    Method,
    Host,
    Environment,
    Media,
}

/// The values of a column that a filter lets pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Restriction {
    pub facet: Facet,
    pub values: Vec<String>,
    /// How many rows have one of them.
    pub total: i64,
}

impl Facet {
    pub(super) const ALL: [Self; 5] = [
        Self::Standing,
        Self::Method,
        Self::Host,
        Self::Environment,
        Self::Media,
    ];

    /// The column, and the facet in the tally.
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::Method => "method",
            Self::Host => "host",
            Self::Environment => "environment",
            Self::Media => "media",
        }
    }

    /// The facet that a condition is about.
    pub(super) fn of(condition: &Condition) -> Option<Self> {
        match condition {
            Condition::Standing(_) => Some(Self::Standing),
            Condition::Method(_) => Some(Self::Method),
            Condition::Host(_) => Some(Self::Host),
            Condition::Environment(_) => Some(Self::Environment),
            Condition::Media(_) => Some(Self::Media),
            Condition::Text(_)
            | Condition::Within(..)
            | Condition::Path(_)
            | Condition::From(_)
            | Condition::Before(_)
            | Condition::Tag(_)
            | Condition::Took(_)
            | Condition::Size(_)
            | Condition::Has(_)
            | Condition::Pinned
            | Condition::Level(_) => None,
        }
    }

    /// What the filter lets pass of this column; `None` where it says nothing of it.
    pub(super) fn restrict(
        self,
        connection: &Connection,
        filter: &Filter,
    ) -> rusqlite::Result<Option<Restriction>> {
        let terms = filter.terms.iter();
        let terms: Vec<&Term> = terms
            .filter(|term| Self::of(&term.condition) == Some(self))
            .collect();
        if terms.is_empty() {
            return Ok(None);
        }
        let mut restriction = Restriction {
            facet: self,
            values: Vec::new(),
            total: 0,
        };
        let mut statement =
            connection.prepare("SELECT value, total FROM tally WHERE facet = ?1 AND total > 0")?;
        let mut rows = statement.query([self.column()])?;
        while let Some(row) = rows.next()? {
            let (value, total): (String, i64) = (lossy(row, 0)?, row.get(1)?);
            if terms.iter().all(|term| accepts(term, &value)) {
                restriction.values.push(value);
                restriction.total += total;
            }
        }
        Ok(Some(restriction))
    }
}

/// Whether a term lets a value of its column pass.
fn accepts(term: &Term, value: &str) -> bool {
    let holds = match &term.condition {
        Condition::Standing(list) => {
            let standing = read_standing(value);
            list.accepts(|test| test.matches(standing))
        }
        Condition::Method(patterns) => patterns.accepts(|pattern| pattern.matches(value)),
        Condition::Host(patterns) => accepts_host(patterns, value),
        Condition::Environment(patterns) => patterns.accepts(|pattern| pattern.matches(value)),
        Condition::Media(patterns) => accepts_media(patterns, value),
        // No facet is about anything else.
        Condition::Text(_)
        | Condition::Within(..)
        | Condition::Path(_)
        | Condition::From(_)
        | Condition::Before(_)
        | Condition::Tag(_)
        | Condition::Took(_)
        | Condition::Size(_)
        | Condition::Has(_)
        | Condition::Pinned
        | Condition::Level(_) => return true,
    };
    holds != term.negated
}
