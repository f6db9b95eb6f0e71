//! Which phase a hop is in. What has no other way to it (the resolver, the check of certificates) reaches the
//! tracker of its own hop through a task-local value; the body that goes out holds it.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::mpsc::UnboundedSender;

use crate::model::{Phase, Processed, ResponseHead, Transit};

use super::{
    Progress, exchange::ExchangeError, failure::Trouble, head_size, heads, seen::Seen, unreadable,
};

tokio::task_local! {
    /// The tracker of the hop that the running task is busy with. Work that hyper has moved to a
    /// task of its own (a connection that is no longer needed) finds none, and reports nothing.
    static CURRENT: Arc<Tracker>;
}

/// Follows one hop through its phases and tells each new one.
pub(super) struct Tracker {
    /// `None` before the hop either connects or is written to a connection that was kept.
    phase: Mutex<Option<Phase>>,
    reports: UnboundedSender<Progress>,
    course: Course,
    seen: Mutex<Seen>,
}

/// What is known of a hop beforehand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Course {
    /// For name resolution, TCP and TLS together.
    pub(super) connect_timeout: Duration,
    /// Whether what is connected to is a name, not an address.
    pub(super) has_name: bool,
}

impl Tracker {
    pub(super) fn new(reports: UnboundedSender<Progress>, course: Course) -> Self {
        Self {
            phase: Mutex::new(None),
            reports,
            course,
            seen: Mutex::default(),
        }
    }

    /// Runs the work of a hop so that [`with_current`] finds its tracker.
    pub(super) async fn follow<T>(self: Arc<Self>, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self, work).await
    }

    pub(super) fn phase(&self) -> Phase {
        self.current().unwrap_or(Phase::Resolve)
    }

    pub(super) fn connect_timeout(&self) -> Duration {
        self.course.connect_timeout
    }

    /// A connection is being made. This may also be a second one, in place of one that was found
    /// closed before anything was written to it.
    pub(super) fn connecting(&self) {
        self.connecting_by(if self.course.has_name {
            Phase::Resolve
        } else {
            Phase::Connect
        });
    }

    /// A step of making the connection: [`Phase::Resolve`], [`Phase::Connect`] or [`Phase::Tls`].
    pub(super) fn connecting_by(&self, phase: Phase) {
        let mut current = self.current();
        if *current != Some(phase) {
            self.tell(&mut current, phase);
        }
    }

    /// A connection, new or kept, takes the request.
    pub(super) fn writing(&self) {
        self.advance(Phase::Send);
    }

    /// A connection has taken the last of the request.
    pub(super) fn written(&self) {
        self.advance(Phase::Send);
        self.advance(Phase::Wait);
    }

    /// A connection has taken so many bytes of the body.
    pub(super) fn sent(&self, bytes: u64, total: u64) {
        // Nobody listens any more when the send has ended.
        let _ = self.reports.send(Progress::Sent { bytes, total });
    }

    /// The same, however short the body is.
    pub(super) fn took(&self, bytes: u64) {
        self.seen().sizes.request_body = Some(bytes);
    }

    /// A head before the final one has arrived over HTTP/2.
    pub(super) fn hinted(&self, interim: ResponseHead) {
        self.seen().add_interim(interim);
    }

    /// The response head has arrived.
    pub(super) fn answered(&self) {
        self.advance(Phase::Receive);
    }

    /// What the server may have done by now, seen from this hop alone.
    pub(super) fn processed(&self) -> Processed {
        if self.seen().is_unread {
            return Processed::No;
        }
        match self.phase() {
            Phase::Resolve | Phase::Connect | Phase::Tls => Processed::No,
            Phase::Send | Phase::Wait => Processed::Maybe,
            Phase::Receive => Processed::Answered,
        }
    }

    /// Goes on to a later phase. An answer may come before the body is written: that it is written
    /// later is no step back.
    fn advance(&self, phase: Phase) {
        let mut current = self.current();
        if *current < Some(phase) {
            self.tell(&mut current, phase);
        }
    }

    /// What the resolver answered.
    pub(super) fn resolved(&self, addresses: impl Iterator<Item = String>) {
        self.seen().resolved = addresses.collect();
    }

    /// The final head of the answer, as it was sent where that says the same as what hyper understood.
    pub(super) fn take_head(&self, understood: ResponseHead) -> ResponseHead {
        let mut seen = self.seen();
        let heads = seen.heads_so_far();
        let head = heads::as_sent(understood, heads.last.as_ref());
        seen.sizes.response_head = Some(match heads.final_length {
            0 => head_size::of_response(&head),
            length => length,
        });
        seen.heads = Some(heads);
        head
    }

    /// Why there is no head. What came in its place is kept, and where it is no HTTP at all it says more
    /// than that it cannot be read.
    pub(super) fn misread(&self, error: ExchangeError) -> Trouble {
        let mut seen = self.seen();
        let error = Trouble::from(error);
        seen.is_unread = error.is_unread();
        let Some(tap) = seen.link.as_ref().and_then(|link| link.tap()) else {
            return error;
        };
        let broken = tap.broken();
        let trouble = match &broken {
            Some(raw) if !raw.starts_with(b"HTTP/") => Trouble::NotHttp {
                began: unreadable::beginning(raw),
            },
            _ => error,
        };
        let raw = broken.or_else(|| trouble.is_misread().then(|| tap.raw()));
        seen.unreadable = raw;
        trouble
    }

    /// Whether the connection was a kept one that ended before a byte of the answer came.
    pub(super) fn died_unheard(&self) -> bool {
        let seen = self.seen();
        let tap = seen.link.as_ref().and_then(|link| link.tap());
        seen.is_kept && tap.is_some_and(|tap| tap.heads().first_byte.is_none())
    }

    /// The other end of the connection that took the request: the server's, or the proxy's.
    pub(super) fn remote(&self) -> Option<String> {
        let remote = self.seen().link.as_ref()?.remote?;
        Some(remote.to_string())
    }

    /// Adds to what was seen of the hop.
    pub(super) fn note(&self, add: impl FnOnce(&mut Seen)) {
        add(&mut self.seen());
    }

    /// What is kept of a hop that began then.
    pub(super) fn transit(&self, began: Instant) -> Transit {
        self.seen().transit(began)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, current: &mut Option<Phase>, phase: Phase) {
        *current = Some(phase);
        self.seen().phases.push((phase, Instant::now()));
        // Nobody listens any more when the send has ended.
        let _ = self.reports.send(Progress::Phase(phase));
    }

    fn current(&self) -> MutexGuard<'_, Option<Phase>> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does something with the tracker of the hop under way, if there is one.
pub(super) fn with_current<T>(work: impl FnOnce(&Tracker) -> T) -> Option<T> {
    CURRENT.try_with(|tracker| work(tracker)).ok()
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;

    fn tracker() -> (Tracker, UnboundedReceiver<Progress>) {
        let (sender, receiver) = unbounded_channel();
        let course = Course {
            connect_timeout: Duration::from_secs(1),
            has_name: true,
        };
        (Tracker::new(sender, course), receiver)
    }

    fn told(receiver: &mut UnboundedReceiver<Progress>) -> Vec<Phase> {
        let mut phases = Vec::new();
        while let Ok(Progress::Phase(phase)) = receiver.try_recv() {
            phases.push(phase);
        }
        phases
    }

    #[test]
    fn a_new_connection_goes_through_all_phases_once() {
        let (tracker, mut receiver) = tracker();
        assert_eq!(tracker.processed(), Processed::No);
        tracker.connecting();
        tracker.connecting_by(Phase::Resolve);
        assert_eq!(tracker.processed(), Processed::No);
        tracker.connecting_by(Phase::Connect);
        tracker.connecting_by(Phase::Tls);
        tracker.writing();
        tracker.writing();
        assert_eq!(tracker.processed(), Processed::Maybe);
        tracker.written();
        tracker.answered();
        assert_eq!(tracker.processed(), Processed::Answered);
        assert_eq!(
            told(&mut receiver),
            [
                Phase::Resolve,
                Phase::Connect,
                Phase::Tls,
                Phase::Send,
                Phase::Wait,
                Phase::Receive
            ]
        );
    }

    #[test]
    fn a_body_written_after_the_answer_is_no_step_back() {
        let (tracker, mut receiver) = tracker();
        tracker.writing();
        tracker.answered();
        tracker.written();
        assert_eq!(told(&mut receiver), [Phase::Send, Phase::Receive]);
    }

    #[test]
    fn a_kept_connection_goes_straight_to_sending() {
        let (tracker, mut receiver) = tracker();
        tracker.written();
        assert_eq!(told(&mut receiver), [Phase::Send, Phase::Wait]);
    }
}
