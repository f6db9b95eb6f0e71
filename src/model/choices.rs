//! What was chosen for a send, as typed: an option that nothing is chosen for is left to the environment,
//! the configuration and the usual, in this order.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::units::plain_seconds;

use super::{Options, Redirects, VersionChoice};

/// The texts of options by their names, as [`crate::options`] knows them; an empty text is no choice.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Choices(BTreeMap<String, String>);

/// Choices that hold where a request chooses nothing, and where they come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// In words: `the environment “staging”`.
    pub origin: String,
    pub choices: Choices,
}

impl Layer {
    /// How the choices of an environment are called, or those of the configuration.
    pub fn origin_of(environment: Option<&str>) -> String {
        match environment {
            Some(name) => format!("environment {name}"),
            None => CONFIGURATION.to_owned(),
        }
    }

    /// Whether an environment chooses them, not the configuration.
    pub fn is_of_environment(&self) -> bool {
        self.origin != CONFIGURATION
    }
}

/// The file in which the configuration has its choices.
const CONFIGURATION: &str = "options.toml";

/// Names of options whose texts are secrets.
const SECRET: [&str; 1] = ["client_password"];

impl Choices {
    /// The text of an option; empty where nothing is chosen.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Chooses; an empty text takes the choice back.
    pub fn set(&mut self, name: &str, text: impl Into<String>) {
        let text = text.into();
        if text.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(name.to_owned(), text);
        }
    }

    /// The same with one more choice.
    #[must_use]
    pub fn with(mut self, name: &str, text: impl Into<String>) -> Self {
        self.set(name, text);
        self
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Names and texts, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut String)> {
        self.0.iter_mut().map(|(name, text)| (name.as_str(), text))
    }

    /// Takes other choices over; they win.
    pub fn extend(&mut self, others: &Self) {
        for (name, text) in &others.0 {
            self.0.insert(name.clone(), text.clone());
        }
    }

    /// Chooses what others choose where nothing is chosen yet.
    pub fn fill(&mut self, others: &Self) {
        for (name, text) in &others.0 {
            self.0.entry(name.clone()).or_insert_with(|| text.clone());
        }
    }

    /// Whether the text of an option is a secret.
    pub fn is_secret(name: &str) -> bool {
        SECRET.contains(&name)
    }
}

impl fmt::Debug for Choices {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |(name, text)| (name, if Self::is_secret(name) { "…" } else { text });
        formatter
            .debug_map()
            .entries(self.iter().map(shown))
            .finish()
    }
}

/// How choices stand in a file: today's texts, or the values that were stored before there was a choice
/// between several places.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Texts(BTreeMap<String, String>),
    Values(Box<Options>),
}

impl From<Stored> for Choices {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Texts(mut texts) => {
                texts.retain(|_, text| !text.is_empty());
                Self(texts)
            }
            Stored::Values(options) => chosen(&options),
        }
    }
}

/// The values that are not the usual ones, as texts.
fn chosen(options: &Options) -> Choices {
    let usual = Options::default();
    let mut choices = Choices::default();
    let limit = |limit: Option<std::time::Duration>| {
        limit.map_or_else(|| "never".to_owned(), plain_seconds)
    };
    if options.total_timeout != usual.total_timeout {
        choices.set("timeout", limit(options.total_timeout));
    }
    if options.connect_timeout != usual.connect_timeout {
        choices.set("connect_timeout", limit(Some(options.connect_timeout)));
    }
    if options.idle_timeout != usual.idle_timeout {
        choices.set("idle_timeout", limit(options.idle_timeout));
    }
    if options.redirects != Redirects::default() {
        choices.set("redirects", options.redirects.name());
    }
    let way = &options.transport;
    if way.version != VersionChoice::default() {
        choices.set("http", way.version.name());
    }
    if way.insecure {
        choices.set("insecure", "on");
    }
    for (name, text) in [
        ("proxy", &way.proxy),
        ("no_proxy", &way.no_proxy),
        ("authorities", &way.authorities),
        ("client_certificate", &way.client_certificate),
        ("client_key", &way.client_key),
        ("unix_socket", &way.unix_socket),
        ("addresses", &way.addresses),
    ] {
        choices.set(name, text.as_str());
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_as_values_is_read() {
        let old = r#"{"connect_timeout":{"secs":10,"nanos":0},"total_timeout":null,
            "idle_timeout":{"secs":2,"nanos":500000000},"redirects":"stop",
            "transport":{"version":"http1","proxy":"none","no_proxy":"","authorities":"",
            "client_certificate":"","insecure":true,"unix_socket":"","addresses":""}}"#;
        let read: Choices = serde_json::from_str(old).unwrap();
        let texts: Vec<_> = read.iter().collect();
        assert_eq!(
            texts,
            [
                ("http", "1.1"),
                ("idle_timeout", "2.5"),
                ("insecure", "on"),
                ("proxy", "none"),
                ("redirects", "stop"),
                ("timeout", "never"),
            ]
        );
        assert!(serde_json::from_str::<Choices>("{}").unwrap().is_empty());
        let again = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Choices>(&again).unwrap(), read);
    }

    #[test]
    fn the_own_choice_wins_over_what_fills_in() {
        let mut own = Choices::default().with("timeout", "1");
        own.fill(&Choices::default().with("timeout", "2").with("http", "2"));
        assert_eq!((own.get("timeout"), own.get("http")), ("1", "2"));
        own.set("http", "");
        assert_eq!(own.len(), 1);
        let secret = Choices::default().with("client_password", "s3cret");
        assert!(!format!("{secret:?}").contains("s3cret"));
    }
}
