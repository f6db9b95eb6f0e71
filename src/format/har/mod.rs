//! HAR 1.2, the archive format of browsers' developer tools: exchanges out and in.
//! <http://www.softwareishard.com/blog/har-12-spec/>

mod read;
mod write;

pub use read::{HarError, Read, import};
pub use write::{Archive, entries};

#[cfg(test)]
mod tests;
