//! JSON with one member a row, token by token: RFC 8259.
//!
//! Nothing is parsed into values and printed again, so numbers, escapes, the order of keys and keys that
//! come twice are shown as received. [`check()`] tells how far a text is JSON, [`Json`] lays that part out.
//! Neither recurses: a hundred thousand open brackets are as good as one.

mod check;
mod line;
mod pretty;
mod token;

pub use check::{Problem, Shape, check};
pub use line::line_tokens;
pub use pretty::Json;
pub use token::Leap;
