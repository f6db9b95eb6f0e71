//! Ways to look at a body: what was received, as rows of a given width.
//!
//! ```text
//! bytes ─ decode ─► bytes ─ kind ─┬─ binary ─────────────────► hex
//!       (gzip, br …)              └─ charset ─► text ─┬──────► json (check, then pretty), table
//!                                                     ├──────► markup, events ─► lines
//!                                                     └──────► lines, big
//! └──────────────────── Document ───────────────────────────┘ └───── Layout, by a View ─────┘
//! ```
//!
//! A body may be large, so none of the ways makes its rows beforehand: walking over the text once tells
//! how many there are and remembers every so many where one begins, and a row is made when it is shown. A
//! text of more than a few megabytes is cut into pieces and not even walked over. What was done to the bytes
//! before they are shown is said in notes above them. [`find`] searches what is shown, [`jq`] filters it.

mod big;
mod canvas;
mod charset;
mod decode;
mod document;
mod events;
mod file_name;
pub mod find;
mod hex;
pub mod jq;
mod json;
mod kind;
mod layout;
mod lines;
mod markup;
mod media;
mod picture;
mod received;
mod recode;
mod row;
mod table;
mod view;

pub use canvas::{Canvas, Graphic, Protocol, Under};
pub use decode::{decoded_up_to, decoded_whole};
pub use document::{Document, Form};
pub use file_name::{extension, file_name};
pub use json::{Folds, Problem, Shape, check as check_json, line_tokens};
pub use layout::{Jump, Layout, Pieces};
pub use picture::shade;
pub use received::Received;
pub use recode::changed_within;
pub use view::{View, Way};

/// What a piece of a row is, for the theme to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Plain,
    Key,
    String,
    Number,
    Literal,
    Punctuation,
    /// Stands for what is folded.
    Folded,
    /// Two pixels of an image, as red, green and blue.
    Pixels {
        upper: [u8; 3],
        lower: [u8; 3],
    },
    /// What posttui says about the body; not part of it.
    Note,
}

#[cfg(test)]
mod tests;
