//! The history, opened beside the first frame: the screen does not wait for the disk.

use jiff::Timestamp;
use tokio::sync::watch;

use crate::{
    app::message::{Event, Notice},
    store::{History, Paths, Retention},
    threads::Threads,
};

use super::{beside, effects::Mailbox};

/// The history, once it is open.
#[derive(Clone)]
pub struct Shelf(watch::Receiver<Option<History>>);

impl Shelf {
    /// Begins to open the history on disk; where the disk does not let it, it is kept in memory, which
    /// is told. Without a place it is kept in memory to begin with.
    pub fn open(threads: &Threads, paths: Option<Paths>, mailbox: Mailbox) -> Self {
        let (sender, receiver) = watch::channel(None);
        threads.runtime().spawn_blocking(move || {
            let history = match &paths {
                Some(paths) => open(paths, &mailbox),
                None => History::in_memory().ok(),
            };
            // Taken before anybody reads: what others write from the first reading on counts.
            let changes = history.as_ref().and_then(History::changes);
            // Fails only when nobody waits any more.
            let _ = sender.send(history.clone());
            if let Some(history) = history {
                if let Some(changes) = changes {
                    let others = mailbox.clone();
                    beside::watch(changes, move || others.post(Event::HistoryChanged));
                }
                let retention = paths.map(|paths| {
                    let (retention, problem) = Retention::read(&paths);
                    if let Some(problem) = problem {
                        mailbox.post(Event::Told(Notice::error(problem)));
                    }
                    retention
                });
                tidy(&history, &retention.unwrap_or_default(), &mailbox);
            }
        });
        Self(receiver)
    }

    /// Waits for the history; `None` when there is none, not even in memory, which was told.
    pub async fn history(&self) -> Option<History> {
        let mut receiver = self.0.clone();
        let opened = receiver.wait_for(Option::is_some).await.ok()?;
        opened.clone()
    }
}

/// Rows made findable before the next ones: the disk is for others, too.
const GATHERED: usize = 200;

/// Makes findable what an older posttui wrote, and forgets what is beyond the limits, which is told.
fn tidy(history: &History, retention: &Retention, mailbox: &Mailbox) {
    while history
        .gather_words(GATHERED)
        .is_ok_and(|done| done == GATHERED)
    {}
    // Without them some questions take longer; they are tried again at the next start.
    let _ = history.make_indexes();
    move_bodies(history);
    match history.keep_within(retention, Timestamp::now()) {
        Ok(forgotten) if forgotten.exchanges > 0 => {
            let text = format!("The history keeps within its limits: {forgotten}");
            mailbox.post(Event::Told(Notice::info(text)));
        }
        // What cannot be done now is at the next start.
        Ok(_) | Err(_) => {}
    }
}

/// Bodies moved before the next ones.
const MOVED: usize = 200;

/// Brings the bodies of an older posttui into their new place, and gives the space that this saves back to the
/// disk; deletes what posttuis that died left among the files.
fn move_bodies(history: &History) {
    let mut any = false;
    while history.move_bodies(MOVED).is_ok_and(|moved| moved > 0) {
        any = true;
    }
    // What cannot be done now is at the next start.
    let _ = history.sweep();
    if any {
        let _ = history.give_back();
    }
}

fn open(paths: &Paths, mailbox: &Mailbox) -> Option<History> {
    let tell = |text| mailbox.post(Event::Told(Notice::error(text)));
    match History::open_or_recover(paths) {
        Ok((history, recovered)) => {
            if let Some(text) = recovered {
                mailbox.post(Event::Told(Notice::warning(text)));
            }
            Some(history)
        }
        Err(error) => {
            tell(format!("This history is not kept: {error}"));
            mailbox.post(Event::HistoryUnkept);
            let memory = History::in_memory();
            if let Err(error) = &memory {
                tell(format!("Not even in memory: {error}"));
            }
            memory.ok()
        }
    }
}
