//! Comparing two exchanges beside the loop.

use std::sync::Arc;

use crate::{
    app::{effect::CompareJob, message::Event},
    compare::Ignored,
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
