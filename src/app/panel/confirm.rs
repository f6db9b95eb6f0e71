//! A question that has to be answered before something is done.

use bytes::Bytes;

use crate::{app::collection::Asked, model::Overtaken, search::Filter, units::counted};

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// The same request is in flight already.
    SendTwice,
    /// The environment is marked as production, and the method may change something.
    Production { environment: String, method: String },
    /// Sends are in flight while the program is asked to end.
    QuitInFlight { sends: usize },
    /// An environment is to be deleted.
    DeleteEnvironment { name: String },
    /// Every cookie of an environment is to be deleted.
    ClearCookies {
        environment: Option<String>,
        count: usize,
    },
    /// Everything that the filter finds is to be removed from the history.
    RemoveFound {
        filter: Box<Filter>,
        /// Without those that are known to be pinned.
        total: u64,
        /// Whether all of them were looked at for that.
        is_exact: bool,
    },
    /// A file is there already.
    Replace { body: Bytes, path: String },
    /// The file of an environment, or of the options of every send, is not as it was loaded.
    Overtaken(Box<Overtaken>),
    /// Something about saved requests.
    Collection(Box<Asked>),
}

impl Question {
    /// The question and what yes will do, each a line.
    pub fn words(&self) -> (String, &'static str) {
        match self {
            Self::Collection(asked) => asked.words(),
            Self::Overtaken(overtaken) => (
                format!("{}. Keep yours all the same?", overtaken.words()),
                "What was changed there is lost then. No keeps the file as it is, and what you typed in its window.",
            ),
            Self::Replace { path, .. } => (
                format!("{path} is there already. Replace it?"),
                "What is in it now is lost.",
            ),
            Self::RemoveFound {
                total, is_exact, ..
            } => (
                match (*total, is_exact) {
                    (0, true) => "Remove nothing? All that the filter finds is pinned.".to_owned(),
                    (1, true) => "Remove the exchange that the filter finds?".to_owned(),
                    (_, true) => format!(
                        "Remove {} that the filter finds?",
                        counted(*total, "exchange")
                    ),
                    (_, false) => format!(
                        "Remove up to {} that the filter finds, but for what is pinned?",
                        counted(*total, "exchange")
                    ),
                },
                "What is pinned stays. It can be brought back until posttui ends.",
            ),
            Self::SendTwice => (
                "The same request is in flight already. Send it once more?".to_owned(),
                "The server may act on it twice.",
            ),
            Self::Production {
                environment,
                method,
            } => (
                format!("“{environment}” is PRODUCTION. Send this {method}?"),
                "It may change what others use.",
            ),
            Self::DeleteEnvironment { name } => (
                format!("Delete the environment “{name}”?"),
                "Its file is moved to the trash; its secrets and cookies are forgotten.",
            ),
            Self::ClearCookies { environment, count } => {
                let whose = match environment {
                    Some(name) => format!("of “{name}”"),
                    None => "that belong to no environment".to_owned(),
                };
                let all = match count {
                    1 => "the only cookie".to_owned(),
                    count => format!("all {count} cookies"),
                };
                (
                    format!("Delete {all} {whose}?"),
                    "They cannot be had back: a server may ask for a new login.",
                )
            }
            Self::QuitInFlight { sends: 1 } => (
                "One send is in flight. Quit and cancel it?".to_owned(),
                "It is kept in the history as cancelled.",
            ),
            Self::QuitInFlight { sends } => (
                format!("{sends} sends are in flight. Quit and cancel them?"),
                "They are kept in the history as cancelled.",
            ),
        }
    }
}
