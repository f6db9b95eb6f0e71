//! The history, opened beside the first frame: the screen does not wait for the disk.

use tokio::sync::watch;

use crate::{
    app::message::{Event, Notice},
    store::{History, Paths},
    threads::Threads,
};

use super::effects::Mailbox;

/// The history, once it is open.
#[derive(Clone)]
pub struct Shelf(watch::Receiver<Option<History>>);

impl Shelf {
    /// Begins to open the history on disk; where the disk does not let it, it is kept in memory, which
    /// is told.
    pub fn open(threads: &Threads, paths: Paths, mailbox: Mailbox) -> Self {
        let (sender, receiver) = watch::channel(None);
        threads.runtime().spawn_blocking(move || {
            let history = open(&paths, &mailbox);
            // Fails only when nobody waits any more.
            let _ = sender.send(history);
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
            let memory = History::in_memory();
            if let Err(error) = &memory {
                tell(format!("Not even in memory: {error}"));
            }
            memory.ok()
        }
    }
}
