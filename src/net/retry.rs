//! Whether a send is tried again, and when.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::{
    model::{Again, Outcome, PreparedRequest},
    status::{failure, retry},
};

/// The attempt that follows `attempt`, where the policy has one, it does no harm, and the time limit of the
/// whole send leaves room for the wait.
pub(super) fn next_attempt(
    prepared: &PreparedRequest,
    attempt: u32,
    outcome: &Outcome,
    clock: &Clock,
) -> Option<Again> {
    let policy = &prepared.options.retry;
    let is_wanted = attempt <= policy.times && retry::is_occasion(policy, outcome);
    if !is_wanted || retry::excuse(prepared, outcome).is_none() {
        return None;
    }
    let wait = retry::wait(policy, attempt, outcome, Timestamp::now());
    let has_time = clock.left().is_none_or(|left| wait < left);
    has_time.then(|| Again {
        attempt: attempt + 1,
        of: policy.times + 1,
        wait,
        after: words(outcome),
    })
}

fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Response(response) => response.head.status.to_string(),
        Outcome::Failure(found) => failure::describe(found.kind).name.to_owned(),
    }
}

/// The time limit of the whole send. It stands still while the user is asked something.
#[derive(Debug)]
pub(super) struct Clock {
    limit: Option<Duration>,
    /// When it runs out; `None` for never, and while it stands still.
    deadline: Option<Instant>,
    /// What was left of it when it was stopped.
    stopped: Option<Duration>,
}

impl Clock {
    pub(super) fn start(limit: Option<Duration>) -> Self {
        Self {
            limit,
            // A limit beyond any clock is none.
            deadline: limit.and_then(|limit| Instant::now().checked_add(limit)),
            stopped: None,
        }
    }

    /// What is left; `None` where it never runs out.
    pub(super) fn left(&self) -> Option<Duration> {
        let left = |deadline: Instant| deadline.saturating_duration_since(Instant::now());
        self.stopped.or_else(|| self.deadline.map(left))
    }

    pub(super) fn stop(&mut self) {
        self.stopped = self.left();
        self.deadline = None;
    }

    pub(super) fn go_on(&mut self) {
        if let Some(left) = self.stopped.take() {
            self.deadline = Instant::now().checked_add(left);
        }
    }

    /// Waits until it runs out; answers with the whole limit.
    pub(super) async fn run_out(&self) -> Duration {
        match (self.deadline, self.limit) {
            (Some(deadline), Some(limit)) => {
                tokio::time::sleep_until(deadline.into()).await;
                limit
            }
            _ => std::future::pending().await,
        }
    }
}
