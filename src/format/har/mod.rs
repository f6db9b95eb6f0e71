//! HAR 1.2, the archive format of browsers' developer tools: exchanges out and in.
//! <http://www.softwareishard.com/blog/har-12-spec/>

mod read;
mod timings;
mod write;

pub use read::{HarError, Read, import};
pub use write::{Archive, entries};

/// What a server that says no phrase means by a status; empty for a number without one.
fn phrase(status: u16) -> &'static str {
    let status = http::StatusCode::from_u16(status).ok();
    let phrase = status.and_then(|status| status.canonical_reason());
    phrase.unwrap_or_default()
}

#[cfg(test)]
mod tests;
