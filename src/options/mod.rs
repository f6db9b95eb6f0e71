//! The options of a send: one row each in [`OPTIONS`], from which the Options tab, saved requests,
//! environments and the configuration read them.
//!
//! ```text
//! Choices of the request ┐
//! of the environment     ├─ the first one that chooses ──► read ──► Options, every one with its value
//! of the configuration   ┘
//! the usual
//! ```
//!
//! Everything here is pure: files that an option names are looked at by [`crate::net`].

mod addresses;
mod occasions;
mod recording;
mod rows;
mod seconds;

use crate::model::{Choices, Layer, Options, REDACTED, Scope};

pub use addresses::parse_addresses;
pub use recording::{Unkept, recording, unkept};
pub use rows::OPTIONS;
pub use seconds::parse_seconds;

/// One option.
#[derive(Debug)]
pub struct Row {
    /// As files call it.
    pub name: &'static str,
    /// As the screen calls it.
    pub label: &'static str,
    /// One line.
    pub help: &'static str,
    pub content: Content,
    /// Whether it decides whom a request reaches and who may read it: what comes from elsewhere chooses
    /// it only where the user trusts that place.
    pub guarded: bool,
    /// Takes a text over, or says what is wrong with it.
    read: fn(&str, &mut Options) -> Result<(), String>,
    /// The value in words, short.
    show: fn(&Options) -> String,
}

/// What may stand in an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    Text,
    /// Not shown, and never written down.
    Secret,
    /// A number in TOML.
    Number,
    /// One of these: the text, and the words for it.
    Choice(&'static [(&'static str, &'static str)]),
}

/// A choice that cannot be used. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct OptionError {
    pub name: &'static str,
    pub reason: String,
}

/// The option of that name.
pub fn find(name: &str) -> Option<&'static Row> {
    OPTIONS.iter().find(|row| row.name == name)
}

impl Row {
    /// The value of this option in words, as the screen shows it where nothing is typed.
    pub fn show(&self, options: &Options) -> String {
        (self.show)(options)
    }

    /// What is wrong with a text, apart from what only the disk can tell.
    pub fn check(&self, text: &str) -> Result<(), OptionError> {
        self.take(text, &mut Options::default())
    }

    fn take(&self, text: &str, options: &mut Options) -> Result<(), OptionError> {
        let wrong = |reason: String| OptionError {
            name: self.name,
            reason,
        };
        if text.contains(REDACTED) {
            return Err(wrong(format!(
                "the history does not keep the secret in the {}: type it again",
                self.label
            )));
        }
        let text = match self.content {
            Content::Secret => text,
            Content::Text | Content::Number | Content::Choice(_) => text.trim(),
        };
        if text.is_empty() {
            return Ok(());
        }
        if text.contains(['\n', '\r', '\0']) {
            return Err(wrong(format!("the {} holds a line break", self.label)));
        }
        (self.read)(text, options).map_err(wrong)
    }
}

/// What the choices come to; what nothing is chosen for is as usual. Names that are not known, from a
/// later version, are passed over.
pub fn read(choices: &Choices) -> Result<Options, OptionError> {
    let mut options = Options::default();
    for row in OPTIONS {
        row.take(choices.get(row.name), &mut options)?;
    }
    Ok(options)
}

/// As [`read`], a choice that cannot be used being as usual.
pub fn read_fit(choices: &Choices) -> Options {
    let mut options = Options::default();
    for row in OPTIONS {
        let mut trial = options.clone();
        if row.take(choices.get(row.name), &mut trial).is_ok() {
            options = trial;
        }
    }
    options
}

/// Where the value of an option comes from when the request chooses nothing; `None` for the usual.
pub fn origin<'a>(name: &str, layers: &'a [Layer]) -> Option<&'a str> {
    let chosen = |layer: &&Layer| !layer.choices.get(name).is_empty();
    layers.iter().find(chosen).map(|it| it.origin.as_str())
}

/// The text of an option where the request chooses nothing; `None` for the usual.
pub fn chosen_below<'a>(name: &str, layers: &'a [Layer]) -> Option<&'a str> {
    let mut texts = layers.iter().map(|layer| layer.choices.get(name));
    texts.find(|text| !text.is_empty())
}

/// The guarded options that are chosen, but for those that are switched off.
pub fn guarded(choices: &Choices) -> Vec<&'static Row> {
    let is_chosen = |row: &&Row| {
        let text = choices.get(row.name).trim();
        row.guarded && !text.is_empty() && !matches!(text, "off" | "false" | "no")
    };
    OPTIONS.iter().filter(is_chosen).collect()
}

/// The guarded options that an environment chooses for a request that does not do so itself.
pub fn guarded_beside(own: &Choices, scope: &Scope) -> Vec<&'static Row> {
    let mut choices = Choices::default();
    for layer in scope.options.iter().filter(|it| it.is_of_environment()) {
        choices.fill(&layer.choices);
    }
    let mut rows = guarded(&choices);
    rows.retain(|row| own.get(row.name).is_empty());
    rows
}

/// What is wrong with an option, with the place where it is chosen when that is not the request itself.
pub fn located(error: OptionError, own: &Choices, layers: &[Layer]) -> OptionError {
    let origin = Some(error.name)
        .filter(|name| own.get(name).is_empty())
        .and_then(|name| origin(name, layers));
    match origin {
        Some(origin) => OptionError {
            reason: format!("{} ({origin})", error.reason),
            ..error
        },
        None => error,
    }
}

#[cfg(test)]
mod tests;
