//! What reaches the terminal: the one sanitiser, and how many columns a text takes.
//!
//! ```text
//! from a server, a file, a paste ──► display ──► width, truncate, pad ──► screen
//!                                   (no control,   (by what a user sees
//!                                    nothing hidden)  as one character)
//! ```
//!
//! Whatever could steer the terminal, turn the reading direction or hide is shown as a visible mark:
//! a control picture (`␛`) or its number (`‹U+202E›`). All else stays as it is.

mod columns;
mod display;
mod hidden;
mod json;
mod unit;

pub use columns::{pad, truncate, truncate_middle, width};
pub use display::{display, display_multiline, for_terminal};
pub use json::write_json;
pub(crate) use unit::{first_unit, narrow_run, plain_run};

/// Whether a text is printable ASCII and nothing else, which needs no look at its characters.
fn is_plain(text: &str) -> bool {
    // Without an early end inside a chunk, the compiler looks at many bytes at once.
    let mut chunks = text.as_bytes().chunks(64);
    chunks.all(|chunk| {
        chunk
            .iter()
            .fold(true, |plain, byte| plain & is_plain_byte(*byte))
    })
}

fn is_plain_byte(byte: u8) -> bool {
    (b' '..=b'~').contains(&byte)
}

#[cfg(test)]
mod tests;
