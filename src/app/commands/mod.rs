//! The commands, one file a place.

use super::command::Command;

mod anywhere;
mod body;
mod collection;
mod compare;
mod cookies;
mod elsewhere;
mod environment;
mod examples;
mod fork;
mod history;
mod popup;
mod preview;
mod request;
mod response;
mod response_body;
mod rows;
mod settings;
mod shared_options;
mod steps;
mod text;
mod tidy;
mod timeline;

/// Every table of commands.
pub const TABLES: &[&[Command]] = &[
    anywhere::COMMANDS,
    request::COMMANDS,
    settings::COMMANDS,
    body::COMMANDS,
    fork::COMMANDS,
    response::COMMANDS,
    response_body::COMMANDS,
    steps::COMMANDS,
    history::COMMANDS,
    compare::COMMANDS,
    timeline::COMMANDS,
    examples::COMMANDS,
    tidy::COMMANDS,
    collection::COMMANDS,
    text::COMMANDS,
    popup::COMMANDS,
    environment::COMMANDS,
    shared_options::COMMANDS,
    cookies::COMMANDS,
    rows::COMMANDS,
    preview::COMMANDS,
    elsewhere::COMMANDS,
];
