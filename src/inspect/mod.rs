//! Ways to look at a body: what was received, as rows of a given width.
//!
//! ```text
//! bytes ─ decode ─► bytes ─ kind ─┬─ binary ─────────────────► hex
//!       (gzip, br …)              └─ charset ─► text ─┬──────► lines
//!                                                     └──────► json (check, then pretty)
//! ```
//!
//! A body may be large, so none of the ways makes its rows beforehand: walking over the text once tells
//! how many there are and remembers every so many where one begins, and a row is made when it is shown.
//! What was done to the bytes before they are shown is said in notes above them.

mod charset;
mod decode;
mod hex;
pub mod jq;
mod json;
mod kind;
mod layout;
mod lines;
mod media;
mod row;

pub use decode::decoded_up_to;
pub use json::{Problem, Shape, check as check_json, line_tokens};
pub use layout::Layout;

/// What a piece of a row is, for the theme to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Plain,
    Key,
    String,
    Number,
    Literal,
    Punctuation,
    /// What posttui says about the body; not part of it.
    Note,
}

#[cfg(test)]
mod tests;
