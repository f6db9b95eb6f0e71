//! Texts that requests are written in, read into the model and written from it. Pure: files are read
//! and written by whoever calls.
//!
//! ```text
//! request_toml   a saved request: our own format, made to be read in a diff
//! ```

pub mod request_toml;
