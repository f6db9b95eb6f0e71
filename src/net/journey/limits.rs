//! What ends a journey from outside: the user, and the limits on how long it may take or be silent.

use std::{pin::pin, time::Duration};

use tokio::sync::mpsc::UnboundedReceiver;
use tokio_util::sync::CancellationToken;

use crate::{
    model::{Phase, TimeoutKind},
    net::{Progress, failure::Trouble, retry::Clock},
};

/// How a journey ended.
pub(super) enum End {
    Arrived,
    Failed(Trouble),
    Cancelled,
    TimedOut(TimeoutKind, Duration),
}

/// Lets the work run to its end, or ends it; passes on what it tells.
pub(super) async fn watch(
    work: impl Future<Output = Result<(), Trouble>>,
    told: &mut UnboundedReceiver<Progress>,
    cancel: &CancellationToken,
    (idle, clock): (Option<Duration>, &mut Clock),
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> End {
    let mut work = pin!(work);
    let mut silent = pin!(run_out(None));
    let end = loop {
        // In this order: what was told before an end is passed on before it, and an answer that is
        // there is taken even when it comes with the cancelling.
        tokio::select! {
            biased;
            Some(report) = told.recv() => {
                // Whatever is told of the exchange is a sign of life.
                silent.set(run_out(idle.filter(|_| is_exchanging(&report))));
                // How long the user thinks about it is nobody's fault.
                match report {
                    Progress::Fork(_) => clock.stop(),
                    _ => clock.go_on(),
                }
                progress(report);
            }
            done = &mut work => break done.map_or_else(End::Failed, |()| End::Arrived),
            () = cancel.cancelled() => break End::Cancelled,
            limit = &mut silent => break End::TimedOut(TimeoutKind::Idle, limit),
            limit = clock.run_out() => break End::TimedOut(TimeoutKind::Total, limit),
        }
    };
    while let Ok(report) = told.try_recv() {
        progress(report);
    }
    end
}

/// Waits for a limit to run out, and for ever where there is none.
async fn run_out(limit: Option<Duration>) -> Duration {
    match limit {
        Some(limit) => {
            tokio::time::sleep(limit).await;
            limit
        }
        None => std::future::pending().await,
    }
}

/// Whether a report is about the exchange itself: until then the connect timeout is in charge.
fn is_exchanging(report: &Progress) -> bool {
    match report {
        Progress::Phase(phase) => *phase >= Phase::Send,
        Progress::Hop { .. }
        | Progress::Consent { .. }
        | Progress::Fork(_)
        | Progress::Retry(_) => false,
        Progress::Sent { .. } | Progress::Received { .. } | Progress::Arriving(_) => true,
    }
}
