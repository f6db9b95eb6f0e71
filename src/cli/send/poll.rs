//! `--poll`: a job that a 202 has begun is asked for until it is done (RFC 9110, Section 15.3.3).

use std::sync::Arc;

use jiff::Timestamp;
use tokio::time::sleep;

use crate::{
    cli::{Stop, output, runtime, signal},
    courier::Carried,
    model::Request,
    status::{
        diagnosis::{diagnose, spoken_seconds},
        job::{self, JobState},
        pace::{Pace, page_of},
    },
};

use super::{Meter, carry, templates::Desk};

/// The last answer, and what it says of the job.
pub struct Polled {
    pub carried: Carried,
    /// Whether the page of the job says that it came to nothing: its status may be a 200 all the same.
    pub came_to_nothing: bool,
}

impl From<Carried> for Polled {
    fn from(carried: Carried) -> Self {
        Self {
            carried,
            came_to_nothing: false,
        }
    }
}

/// Asks until the job is done; an answer that began none is the last one itself. `None` where a signal ended
/// it. Each asking is a row of the history like any other send.
pub fn until_done(
    desk: &mut Desk<'_>,
    request: &Request,
    first: Carried,
    meter: &Meter,
    is_quiet: bool,
) -> Result<Option<Polled>, Stop> {
    let mut polled = Polled::from(first);
    let Some((step, from)) = page_of(&polled.carried.exchange) else {
        return Ok(Some(polled));
    };
    let Some(ask) = step.request(request) else {
        return Ok(Some(polled));
    };
    let mut pace = Pace::default();
    let mut next = from.unwrap_or_else(Timestamp::now);
    loop {
        if !is_quiet {
            tell(&step.words(), next, pace.times);
        }
        if !runtime::run_one(wait_until(next))? {
            return Ok(None);
        }
        if let Some(Ok(jar)) = &polled.carried.jar {
            desk.jar = Arc::new(jar.clone());
        }
        pace.times += 1;
        let prepared = desk.prepare(&ask, None)?;
        let courier = desk.courier();
        let asked = runtime::run_one(carry(&courier, ask.clone(), prepared, None, meter))?;
        let Some(carried) = asked else {
            return Ok(None);
        };
        let exchange = &carried.exchange;
        let Some(outcome) = &exchange.outcome else {
            return Ok(None);
        };
        let found = job::state(outcome);
        if pace.goes_on(&found) {
            next = pace.next(exchange, outcome, Timestamp::now());
            polled.carried = carried;
            continue;
        }
        let title = diagnose(exchange).map(|it| it.title).unwrap_or_default();
        if !is_quiet {
            output::complain(&format!("{}.", pace.ended(&found, &title).words));
        }
        return Ok(Some(Polled {
            came_to_nothing: matches!(found, JobState::Failed(_)),
            carried,
        }));
    }
}

fn tell(what: &str, next: Timestamp, times: u32) {
    let left = next.duration_since(Timestamp::now()).as_millis().max(0);
    let left = spoken_seconds(left.unsigned_abs().div_ceil(1000) as u64);
    output::complain(&format!("{what}: in {left} ({times} so far)."));
}

/// Says whether the time has come; a signal ends the waiting.
async fn wait_until(next: Timestamp) -> bool {
    let left = next.duration_since(Timestamp::now());
    tokio::select! {
        () = sleep(left.try_into().unwrap_or_default()) => true,
        () = signal::asked_to_end() => false,
    }
}
