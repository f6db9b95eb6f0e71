//! What is wrong with a filter.

/// A term that cannot be read. While a term is being typed this is the usual state, so that the text
/// says what may follow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{term}” at column {column}: {reason}")]
pub struct FilterError {
    /// The term as typed.
    pub term: String,
    /// Where it begins, in characters from 1.
    pub column: usize,
    /// What is wrong and what is allowed.
    pub reason: String,
}
