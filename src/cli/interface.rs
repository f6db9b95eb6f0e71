//! `posttui [URL]`: the interface.

use crate::{format::curl::is_command, model::Request, tui};

use super::{Stop, exit::Exit, import, runtime};

/// Opens the interface, with a draft for `url` if there is one.
pub fn run(url: Option<String>, private: bool) -> Result<Exit, Stop> {
    let draft = url.map(draft_of).transpose()?;
    open(draft, private)
}

/// Opens the interface with a draft; a private one writes nothing down.
pub fn open(draft: Option<Request>, private: bool) -> Result<Exit, Stop> {
    runtime::run_one(tui::run(tui::Options {
        draft,
        playground: None,
        private,
    }))??;
    Ok(Exit::Success)
}

/// What was given as the URL: that, or a curl command in its place.
fn draft_of(url: String) -> Result<Request, Stop> {
    if is_command(&url) {
        return import::read_curl(&url).map(|(request, _)| request);
    }
    Ok(Request {
        url,
        ..Request::default()
    })
}
