//! Examples: answers that a saved request is remembered by. An example is an exchange of the history that
//! belongs to a saved request, has a name and is pinned, so that it is kept when others are forgotten.

use super::{ExchangeId, Origin, Standing, Summary};

/// Whose examples are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExamplesOf {
    /// A saved request's.
    Saved(Origin),
    /// Those of the saved request that an exchange was sent from, or else of the given one.
    Exchange(ExchangeId, Option<Origin>),
}

/// The examples of one saved request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examples {
    pub origin: Origin,
    /// The oldest first.
    pub rows: Vec<Summary>,
    /// What an example is compared with: the exchange that was asked about, or the newest one of the request
    /// that is no example itself.
    pub fresh: Option<ExchangeId>,
}

/// An example as the tree of saved requests shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleName {
    /// Of the saved request.
    pub path: String,
    pub name: String,
    pub standing: Standing,
}
