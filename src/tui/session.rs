//! Keeps the session on disk, off the draw thread: of many changes only the latest is written.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use crate::{model::Session, store::SessionFile};

/// How long nothing has to change before it is written: typing does not cost a write a key.
const QUIET: Duration = Duration::from_millis(50);

/// The longest that a change waits for that.
const LATEST: Duration = Duration::from_millis(250);

/// The thread that writes.
pub struct SessionWriter {
    sender: Option<Sender<Arc<Session>>>,
    thread: Option<JoinHandle<()>>,
}

impl SessionWriter {
    /// Starts the thread; `complain` is told why a session could not be written.
    pub fn start(file: SessionFile, complain: impl Fn(String) + Send + 'static) -> Self {
        let (sender, receiver) = channel();
        let thread = std::thread::spawn(move || write_latest(&file, &receiver, &complain));
        Self {
            sender: Some(sender),
            thread: Some(thread),
        }
    }

    /// A writer that keeps nothing, for a draft that belongs to nobody's session.
    pub fn none() -> Self {
        Self {
            sender: None,
            thread: None,
        }
    }

    pub fn save(&self, session: Arc<Session>) {
        if let Some(sender) = &self.sender {
            // Fails only when the thread is gone, which has told why.
            let _ = sender.send(session);
        }
    }

    /// Waits until the last session is on disk.
    pub fn close(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for SessionWriter {
    fn drop(&mut self) {
        self.close();
    }
}

fn write_latest(file: &SessionFile, sessions: &Receiver<Arc<Session>>, complain: &dyn Fn(String)) {
    let mut complained = false;
    while let Ok(mut session) = sessions.recv() {
        let latest = Instant::now() + LATEST;
        while let Some(left) = latest.checked_duration_since(Instant::now())
            && let Ok(later) = sessions.recv_timeout(QUIET.min(left))
        {
            session = later;
        }
        match file.save(&session) {
            Ok(()) => complained = false,
            Err(error) if !complained => {
                complained = true;
                complain(error.to_string());
            }
            Err(_) => {}
        }
    }
}
