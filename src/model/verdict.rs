//! What the user's rules make of an outcome, besides their message.

use serde::{Deserialize, Serialize};

/// How a rule takes what came back: it colours the rows, and is the exit code of a send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleLevel {
    Ok,
    Warn,
    Fail,
}

impl RuleLevel {
    pub const ALL: [Self; 3] = [Self::Ok, Self::Warn, Self::Fail];

    /// As rules and the history write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }

    /// The level of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// One column wide, so that a level can be told without its colour.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Ok => "✓",
            Self::Warn => "!",
            Self::Fail => "✗",
        }
    }
}

/// What the rules said of an outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// That of the rule that fits best, where it has one.
    pub level: Option<RuleLevel>,
    /// Which rules could not be evaluated, and why.
    pub problem: Option<String>,
}
