//! What templates need of the world: they name it, the edge fetches it, and expansion stays pure.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;

use crate::model::{Hidden, Origin, Request};

use super::Answer;

/// One thing that has to be fetched before a request can be expanded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Random characters that nobody can guess; all randomness of one send is drawn from them.
    Randomness,
    /// An environment variable of the process.
    Env(String),
    /// The text of a file.
    File(String),
    /// What the user answers to a question asked before the send.
    Prompt(String),
    /// The latest answer of a saved request.
    Response(AnswerNeed),
}

impl Need {
    /// Whether it is read from this machine: what is not trusted may not have it.
    pub fn is_of_this_machine(&self) -> bool {
        match self {
            Self::Env(_) | Self::File(_) => true,
            Self::Randomness | Self::Prompt(_) | Self::Response(_) => false,
        }
    }
}

/// An answer that has to be there before a request can be expanded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnswerNeed {
    /// What the saved request is called.
    pub name: String,
    /// How long ago it may have come; as long as it likes where none is given.
    pub max_age: Option<Duration>,
}

/// What became of looking for an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Recalled {
    /// It is there.
    Answer(Hidden),
    /// There is none, or it is too old: this request has to be sent first.
    Send {
        origin: Origin,
        request: Box<Request>,
    },
}

/// What was fetched, or why it cannot be had.
pub type Found = Result<Hidden, String>;

/// What is known of the world at one send.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    pub now: Timestamp,
    known: BTreeMap<Need, Found>,
    /// Whether what is not known has a stand-in instead of being asked for.
    preview: bool,
}

impl Facts {
    pub fn at(now: Timestamp) -> Self {
        Self {
            now,
            known: BTreeMap::new(),
            preview: false,
        }
    }

    /// Facts for showing what a template will become: nothing is asked for.
    pub fn preview(now: Timestamp) -> Self {
        Self {
            preview: true,
            ..Self::at(now)
        }
    }

    pub fn learn(&mut self, need: Need, found: Found) {
        self.known.insert(need, found);
    }

    /// The same facts, the answers of saved requests as the history keeps them: without what is secret there.
    pub(super) fn without_secrets(&self) -> Self {
        let known = self.known.iter().map(|(need, found)| {
            let found = match need {
                Need::Response(_) => found.as_ref().map(Answer::found_without_secrets),
                Need::Randomness | Need::Env(_) | Need::File(_) | Need::Prompt(_) => {
                    found.as_ref().cloned()
                }
            };
            (need.clone(), found.map_err(Clone::clone))
        });
        Self {
            known: known.collect(),
            ..*self
        }
    }

    /// What was fetched; `None` when it has to be asked for.
    pub(super) fn get(&self, need: &Need) -> Option<Found> {
        let known = self.known.get(need).cloned();
        known.or_else(|| self.preview.then(|| Ok(stand_in(need))))
    }

    /// What else is known, at another time.
    pub(super) fn at_other(&self, now: Timestamp) -> Self {
        Self {
            now,
            ..self.clone()
        }
    }

    pub(super) fn is_preview(&self) -> bool {
        self.preview
    }

    /// The answers that the user gave, with their questions.
    pub(super) fn answers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.known.iter().filter_map(|(need, found)| match need {
            Need::Prompt(question) => Some((question.as_str(), found.as_ref().ok()?.0.as_str())),
            Need::Randomness | Need::Env(_) | Need::File(_) | Need::Response(_) => None,
        })
    }
}

fn stand_in(need: &Need) -> Hidden {
    Hidden(match need {
        Need::Randomness => String::new(),
        Need::Env(name) => format!("‹env {name}›"),
        Need::File(path) => format!("‹file {path}›"),
        Need::Response(need) => format!("‹response {}›", need.name),
        Need::Prompt(_) => "‹asked before it is sent›".to_owned(),
    })
}
