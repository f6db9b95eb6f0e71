//! `posttui [URL]`: the interface.

use crate::{format::curl::is_command, model::Request, tui};

use super::{Stop, exit::Exit, import, runtime};

/// Opens the interface, with a draft for `url` if there is one.
pub fn run(url: Option<String>, private: bool) -> Result<Exit, Stop> {
    let (draft, notes) = url.map(draft_of).transpose()?.unzip();
    open(draft, notes.unwrap_or_default(), private)
}

/// Opens the interface with a draft, and with what is to be told of it; a private one writes nothing down.
pub fn open(draft: Option<Request>, notes: Vec<String>, private: bool) -> Result<Exit, Stop> {
    runtime::run_one(tui::run(tui::Options {
        draft,
        notes,
        playground: None,
        private,
    }))??;
    Ok(Exit::Success)
}

/// What was given as the URL: that, or a curl command in its place.
fn draft_of(url: String) -> Result<(Request, Vec<String>), Stop> {
    if is_command(&url) {
        return import::draft_of_curl(&url);
    }
    let draft = Request {
        url,
        ..Request::default()
    };
    Ok((draft, Vec::new()))
}
