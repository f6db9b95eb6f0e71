//! Looking at several exchanges beside the loop.

use std::sync::Arc;

use crate::{
    app::{
        effect::CompareJob,
        message::{Event, JobId},
        panel::timeline::MOST,
    },
    compare::Ignored,
    model::ExchangeId,
    store::History,
};

/// Compares, and says what came of it.
pub fn compared(history: &History, job: &CompareJob) -> Event {
    let ignored = Ignored::parse(job.ignored.iter().map(String::as_str));
    let compared = match ignored {
        Ok(ignored) => history
            .compare(job.pair, &ignored)
            .map(Arc::new)
            .map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    Event::Compared {
        job: job.job,
        compared,
    }
}

/// Reads the sends to the place of one.
pub fn timeline(history: &History, job: JobId, id: ExchangeId) -> Event {
    let rows = history.like(id, MOST).map_err(|error| error.to_string());
    Event::Timeline { job, rows }
}
