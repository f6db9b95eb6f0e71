//! Tells when another posttui writes the history, so that its rows are seen at once, or dies, so that they do not read as
//! in flight for ever. The system tells of the files (inotify and the like), also when a process that held one open ends,
//! and SQLite whether it was this posttui itself that wrote: while nothing happens, nothing wakes up.

use std::{
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    time::Duration,
};

use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};

use crate::store::Changes;

/// What is written together is told once.
const SETTLING: Duration = Duration::from_millis(60);

/// Watches on a thread of its own until the program ends. Where files cannot be watched, rows of others are seen
/// when the terminal gets the keyboard back.
pub fn watch(changes: Changes, tell: impl Fn() + Send + 'static) {
    std::thread::spawn(move || {
        let (sender, written) = sync_channel(1);
        let Ok(mut watcher) = watcher(&changes, sender) else {
            return;
        };
        let [data, locks] = changes.folders();
        // A history that can only be read has no locks of its own.
        let _ = watcher.watch(&locks, RecursiveMode::NonRecursive);
        if watcher.watch(&data, RecursiveMode::NonRecursive).is_ok() {
            // What was written before the watch began is told, too.
            if changes.any() {
                tell();
            }
            tell_of(&changes, &written, &tell);
        }
    });
}

fn watcher(changes: &Changes, sender: SyncSender<()>) -> notify::Result<RecommendedWatcher> {
    let concern = changes.concern();
    notify::recommended_watcher(move |event: notify::Result<Event>| {
        let matters = event.is_ok_and(|event| {
            let is_end = matches!(
                event.kind,
                EventKind::Remove(_) | EventKind::Access(AccessKind::Close(AccessMode::Write))
            );
            (is_end && event.paths.iter().any(|path| Changes::is_lock(path)))
                || (!event.kind.is_access() && event.paths.iter().any(|path| concern(path)))
        });
        if matters {
            // One that waits already says all that there is to say.
            let (Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(()))) =
                sender.try_send(());
        }
    })
}

fn tell_of(changes: &Changes, written: &Receiver<()>, tell: &dyn Fn()) {
    while written.recv().is_ok() {
        std::thread::sleep(SETTLING);
        // What came while it settled is looked at now; what comes from here on is looked at again.
        while written.try_recv().is_ok() {}
        let has_settled = changes.settle();
        if changes.any() || has_settled {
            tell();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::{
        model::{
            Cookies, Credentials, Exchange, ExchangeId, Lineage, Options, PreparedRequest, Request,
            Secrets, Standing, Verdict,
        },
        store::{History, Paths},
    };

    fn exchange() -> Exchange {
        let prepared = PreparedRequest {
            method: "POST".to_owned(),
            url: "http://host/".to_owned(),
            headers: Vec::new(),
            body: Vec::new().into(),
            options: Options::default(),
            credentials: Credentials::default(),
            secrets: Secrets::default(),
            cookies: Cookies::default(),
            lineage: Lineage::default(),
        };
        Exchange {
            id: ExchangeId(0),
            started_at: jiff::Timestamp::UNIX_EPOCH,
            request: Request::default(),
            prepared,
            hops: Vec::new(),
            outcome: None,
            duration: None,
            message: None,
            verdict: Verdict::default(),
        }
    }

    #[test]
    fn what_another_one_left_in_flight_is_told_when_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::within(folder.path());
        let history = History::open(&paths).unwrap();
        let (sender, told) = channel();
        watch(history.changes().unwrap(), move || {
            let _ = sender.send(());
        });
        let row = |history: &History| history.rows(&[ExchangeId(1)]).unwrap().pop();
        let other = History::open(&paths).unwrap();
        let sent = exchange();
        let begun = other.begin(&sent.request, &sent.prepared, sent.started_at);
        begun.unwrap();
        // The row itself is told while the watch runs, so that it does.
        let patience = std::time::Instant::now() + Duration::from_secs(20);
        while told.recv_timeout(Duration::from_millis(200)).is_err() {
            assert!(std::time::Instant::now() < patience, "nothing is told");
            other.import([exchange()]).unwrap();
        }
        assert_eq!(row(&history).unwrap().standing, Standing::InFlight);
        drop(other);
        // Rows that were written before may be told once more.
        while row(&history).unwrap().standing == Standing::InFlight {
            told.recv_timeout(Duration::from_secs(20))
                .expect("the end is told");
        }
    }

    #[test]
    fn what_another_one_writes_is_told_and_what_is_written_here_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::within(folder.path());
        let history = History::open(&paths).unwrap();
        let changes = history.changes().unwrap();
        history.import([]).unwrap();
        assert!(!changes.any());
        let other = History::open(&paths).unwrap();
        let (sender, told) = channel();
        watch(changes, move || {
            let _ = sender.send(());
        });
        // The watch begins on its own thread: it is written until it is seen.
        let patience = std::time::Instant::now() + Duration::from_secs(20);
        while told.recv_timeout(Duration::from_millis(200)).is_err() {
            assert!(std::time::Instant::now() < patience, "nothing is told");
            other.import([exchange()]).unwrap();
        }
        assert!(History::in_memory().unwrap().changes().is_none());
    }
}
