//! JSON with one member a row, token by token: RFC 8259.
//!
//! Nothing is parsed into values and printed again, so numbers, escapes, the order of keys and keys that
//! come twice are shown as received. [`check()`] tells how far a text is JSON and which brackets belong
//! together, [`Json`] lays that part out, [`place`] says where in the value a row is. None of them recurses: a
//! hundred thousand open brackets are as good as one.

mod check;
mod folds;
mod line;
mod place;
mod pretty;
mod token;
mod tree;

pub use check::{Checked, Problem, Shape, check};
pub use folds::Folds;
pub use line::line_tokens;
pub use place::Item;
pub use pretty::{Json, Source};
