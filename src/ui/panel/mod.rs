//! The zones on the screen, one file each; twins of [`crate::app::panel`].

pub mod bar;
pub mod body;
pub mod collection;
pub mod compare;
pub mod complaints;
pub mod cookies;
pub mod environment;
mod examples;
pub mod hints;
pub mod history;
pub mod left;
pub mod name;
pub mod part;
pub mod popup;
pub mod request;
pub mod response;
mod response_body;
pub mod rows;
pub mod settings;
mod shared_options;
pub mod timeline;
mod window;
pub mod wire;
pub mod zones;

use crate::{
    app::State,
    template::{Facts, has_template, preview},
};

/// What the templates in a text stand for now, secrets as dots; `None` where the text has none.
fn resolved(state: &State, text: &str) -> Option<Result<String, String>> {
    if !has_template(text) {
        return None;
    }
    let scope = state.scope().map_err(|error| error.to_string());
    Some(scope.and_then(|scope| preview(text, &scope, &Facts::preview(state.now))))
}

/// The frames of the spinner, each shown for [`SPINNER_MILLISECONDS`].
const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// How long one frame of the spinner stays.
pub const SPINNER_MILLISECONDS: u64 = 80;

/// The spinner's frame at a time.
fn spinner(now: jiff::Timestamp) -> &'static str {
    let frame = now.as_millisecond().unsigned_abs() / SPINNER_MILLISECONDS;
    SPINNER
        .get(frame as usize % SPINNER.len())
        .copied()
        .unwrap_or("…")
}
