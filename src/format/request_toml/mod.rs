//! A saved request as TOML, made to be read in a diff:
//!
//! ```toml
//! method = "POST"
//! url = "localhost:3000/api/create_user"
//!
//! [form]
//! username = "john_doe"
//! tags = ["a", "b"]                          # one name twice
//! debug = { value = "1", enabled = false }   # a row switched off
//!
//! [on]                                       # the user's own words for a status
//! 201 = "User created successfully."
//! else = "An error occurred."
//! ```
//!
//! | key | what it is |
//! |---|---|
//! | `method`, `url` | as typed; without a method it is POST |
//! | `[query]`, `[headers]`, `[on]` | rows |
//! | `[form]`, `[multipart]` | a body of rows; `{ file = "photo.png" }` is a file |
//! | `[json]`, `[text]` | a body of text: `content`; a text's `type` |
//! | `[file]`, `[graphql]` | `path` and `type`; `query` and `variables` |
//! | `body` | which of several bodies is sent: the name of its table, or `none` |
//! | `[auth]` | `kind` and the fields of that kind; a question in the place of a secret |
//! | `[options]` | `timeout` (seconds), `redirects`, `proxy` …: only what is not usual |
//!
//! The tables of the mapping are in `sections`, one row a section; how rows are written is in
//! `rows`. Written over an existing text, only what differs is touched: comments, order, and keys
//! that this posttui does not know stay as they are.

mod auth;
mod options;
mod read;
mod rows;
mod sections;
mod texts;
mod write;

pub use options::{
    as_written as as_written_options, read_table as read_options, write as write_options,
    write_table as write_options_table,
};
pub use read::{Read, ReadError, Wrong, read};
pub use write::{WriteError, as_written, write};

#[cfg(test)]
mod tests;
