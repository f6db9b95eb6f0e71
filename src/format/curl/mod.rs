//! curl command lines: a pasted one fills the builder, a request becomes one. A command is only
//! read: nothing in it is run, no file is opened, no variable is looked up.
//!
//! ```text
//! text ── words ──► words of the shell ── options ──► Line ── import ──► Request and what was left out
//! PreparedRequest ── export, quote ──► text
//! ```

mod credentials;
mod data;
mod export;
mod form;
mod import;
mod options;
mod place;
mod quote;
#[cfg(test)]
mod tests;
mod way;
mod words;

pub use export::export;
pub use import::{Imported, import};
pub use words::is_command;

/// Why a text cannot be read as a curl command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CurlError {
    #[error("it does not begin with curl")]
    NotCurl,
    #[error("a quote ({0}) is opened and never closed")]
    Unclosed(char),
    #[error("curl has no option {0}")]
    UnknownOption(String),
    #[error("{0} needs a value, and none follows")]
    NoValue(String),
    #[error("--next makes several requests of one command: take one of them at a time")]
    Next,
    #[error("it names no URL")]
    NoUrl,
    #[error("{option} takes seconds, which “{value}” is not")]
    Seconds { option: &'static str, value: String },
}
