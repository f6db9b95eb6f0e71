//! `posttui [URL]`: the interface.

use crate::{model::Request, tui};

use super::{Stop, exit::Exit, runtime};

/// Opens the interface, with a draft for `url` if there is one.
pub fn run(url: Option<String>) -> Result<Exit, Stop> {
    let draft = url.map(|url| Request {
        url,
        ..Request::default()
    });
    runtime::run(tui::run(tui::Options {
        draft,
        playground: None,
    }))??;
    Ok(Exit::Success)
}
