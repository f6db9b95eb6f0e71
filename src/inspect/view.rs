//! How a body is to be looked at.

use super::{canvas::Canvas, json::Folds};

/// The way in which a body is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Way {
    /// By its structure, as far as it has one.
    #[default]
    Laid,
    /// The text as received.
    Raw,
    /// The bytes.
    Hex,
}

/// A way with what was folded and turned on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    pub way: Way,
    pub folds: Folds,
    /// The first column of a table that is shown.
    pub column: usize,
    /// What the terminal draws images on, where it can.
    pub canvas: Option<Canvas>,
}
