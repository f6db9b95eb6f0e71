//! Other programs' texts and the model, one file a format: what is pasted becomes rows or a whole
//! request, what is built becomes a text for elsewhere. Nothing in here is run or read from a disk.

pub mod curl;
pub mod har;
pub mod json_members;
pub mod json_rows;
mod lines;
pub mod paste;
pub mod python;
pub mod query;
pub mod request_toml;
pub mod rows;
