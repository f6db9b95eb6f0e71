//! The commands, one file a place.

use super::command::Command;

mod anywhere;
mod body;
mod environment;
mod history;
mod popup;
mod request;
mod response;
mod settings;
mod text;

/// Every table of commands.
pub const TABLES: &[&[Command]] = &[
    anywhere::COMMANDS,
    request::COMMANDS,
    settings::COMMANDS,
    body::COMMANDS,
    response::COMMANDS,
    history::COMMANDS,
    text::COMMANDS,
    popup::COMMANDS,
    environment::COMMANDS,
];
