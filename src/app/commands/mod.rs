//! The commands, one file a place.

use super::command::Command;

mod anywhere;
mod body;
mod elsewhere;
mod history;
mod popup;
mod preview;
mod request;
mod response;
mod rows;
mod text;

/// Every table of commands.
pub const TABLES: &[&[Command]] = &[
    anywhere::COMMANDS,
    request::COMMANDS,
    body::COMMANDS,
    response::COMMANDS,
    history::COMMANDS,
    text::COMMANDS,
    popup::COMMANDS,
    rows::COMMANDS,
    preview::COMMANDS,
    elsewhere::COMMANDS,
];
