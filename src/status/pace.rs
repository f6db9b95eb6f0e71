//! How often it is asked how a job gets on: at the pace of `Retry-After`, and not for ever.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::model::{Exchange, Outcome, Retry};

use super::{
    diagnosis::{Step, diagnose},
    job::JobState,
    retry,
};

/// How long is waited where the server does not say for how long; doubled while it is busy or away.
const USUAL_WAIT: Duration = Duration::from_secs(2);

/// Once in so long at the most, whatever the server says.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_millis(500);

/// As often is asked at the most: a job that takes longer is asked for by hand.
const MOST_TIMES: u32 = 500;

/// As many askings in a row may bring no answer about the job.
const MOST_LOST: u32 = 5;

/// The askings so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pace {
    pub times: u32,
    /// Askings since the last one that brought an answer about the job.
    troubles: u32,
}

/// What the askings came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub words: String,
    /// Whether the job is done, and well.
    pub is_well: bool,
}

impl Pace {
    /// Whether it is asked once more after this.
    pub fn goes_on(&mut self, found: &JobState) -> bool {
        self.troubles = match found {
            JobState::Busy | JobState::Lost => self.troubles + 1,
            _ => 0,
        };
        let is_open = match found {
            JobState::Unfinished | JobState::Busy => true,
            JobState::Lost => self.troubles < MOST_LOST,
            JobState::Done | JobState::Failed(_) | JobState::Refused => false,
        };
        is_open && self.times < MOST_TIMES
    }

    /// When it is asked next, after an answer that was not the last one.
    pub fn next(&self, exchange: &Exchange, outcome: &Outcome, now: Timestamp) -> Timestamp {
        let asked = diagnose(exchange)
            .and_then(|found| found.findings.iter().find_map(|it| it.not_before))
            .unwrap_or_else(|| {
                let pace = Retry {
                    wait: USUAL_WAIT,
                    ..Retry::default()
                };
                let wait = retry::wait(&pace, self.troubles.max(1), outcome, now);
                now.checked_add(wait).unwrap_or(now)
            });
        asked.max(now.checked_add(SHORTEST_WAIT).unwrap_or(now))
    }

    /// What is said of the last answer, which has this title.
    pub fn ended(&self, found: &JobState, title: &str) -> Ended {
        let asked = match self.times {
            1 => "Asked once".to_owned(),
            times => format!("Asked {times} times"),
        };
        let words = match found {
            JobState::Done | JobState::Refused => format!("{asked}: {title}"),
            JobState::Failed(word) => {
                format!("{asked}: the job came to nothing, it says {word}")
            }
            JobState::Lost => {
                format!("{asked}, the last {MOST_LOST} without an answer about the job: {title}")
            }
            JobState::Unfinished | JobState::Busy => {
                format!("{asked}, and the job is not done: {title}")
            }
        };
        Ended {
            words,
            is_well: *found == JobState::Done,
        }
    }
}

/// Where an answer says that it is told how its job gets on, and not before when.
pub fn page_of(exchange: &Exchange) -> Option<(Step, Option<Timestamp>)> {
    let found = diagnose(exchange)?;
    let steps = found.steps();
    let (step, from) = steps
        .into_iter()
        .find(|(step, _)| matches!(step, Step::Poll { .. }))?;
    Some((step.clone(), from))
}
