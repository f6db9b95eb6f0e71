//! What the terminal reports, read on a thread of its own: on a terminal that is gone the reader may
//! spin and never return, which must not keep the program from ending.
//!
//! While another program has the terminal the thread must not read, or it would take that program's
//! keys. A thread that waits for a key cannot be told so; but the reader also reports a change of the
//! window's size, so that a `SIGWINCH` to this process alone wakes it, and then it rests at the gate.

use std::{
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use crossterm::event::{Event as TerminalEvent, read};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How long the thread may take to come to rest; it takes well under a millisecond.
const PATIENCE: Duration = Duration::from_secs(2);

/// The reports, in order.
pub struct Keys {
    reports: UnboundedReceiver<io::Result<TerminalEvent>>,
    gate: Arc<Gate>,
    resting: UnboundedReceiver<()>,
}

/// Where the thread rests while it is closed.
#[derive(Default)]
struct Gate {
    closed: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn closed(&self) -> MutexGuard<'_, bool> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, closed: bool) {
        *self.closed() = closed;
        self.opened.notify_all();
    }

    /// Goes on at once while the gate is open; else tells that it rests, until it is opened.
    fn pass(&self, resting: &UnboundedSender<()>) {
        let mut closed = self.closed();
        if *closed {
            // Fails only when nobody waits for it any more.
            let _ = resting.send(());
        }
        while *closed {
            closed = self
                .opened
                .wait(closed)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Keys {
    /// Begins to read. The thread lives as long as the program: it sleeps until the terminal reports
    /// something.
    pub fn read_on() -> Self {
        let (sender, reports) = unbounded_channel();
        let (rests, resting) = unbounded_channel();
        let gate = Arc::new(Gate::default());
        let own = Arc::clone(&gate);
        thread::spawn(move || {
            loop {
                own.pass(&rests);
                let report = read();
                let over = report.is_err();
                if sender.send(report).is_err() || over {
                    break;
                }
            }
        });
        Self {
            reports,
            gate,
            resting,
        }
    }

    /// The next report; `None` when the terminal is gone.
    pub async fn next(&mut self) -> Option<TerminalEvent> {
        self.reports.recv().await?.ok()
    }

    /// Stops reading until [`Self::go_on`]: when this returns, no key is taken from another program.
    /// What was typed before it is still reported.
    pub async fn rest(&mut self) -> io::Result<()> {
        while self.resting.try_recv().is_ok() {}
        self.gate.set(true);
        let rested = match super::signals::wake_reader() {
            Ok(()) => tokio::time::timeout(PATIENCE, self.resting.recv())
                .await
                .is_ok(),
            Err(error) => {
                self.gate.set(false);
                return Err(error);
            }
        };
        if rested {
            Ok(())
        } else {
            self.gate.set(false);
            Err(io::Error::other("the reader of keys does not stop"))
        }
    }

    /// Reads on after [`Self::rest`].
    pub fn go_on(&self) {
        self.gate.set(false);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn the_gate_holds_a_reader_until_it_is_opened() {
        let gate = Arc::new(Gate::default());
        let (rests, mut resting) = unbounded_channel();
        gate.pass(&rests);
        assert!(resting.try_recv().is_err());
        gate.set(true);
        let (own, (passed, arrived)) = (Arc::clone(&gate), channel());
        let reader = thread::spawn(move || {
            own.pass(&rests);
            passed.send(()).unwrap();
        });
        resting.blocking_recv().unwrap();
        assert!(arrived.try_recv().is_err());
        gate.set(false);
        arrived.recv_timeout(PATIENCE).unwrap();
        reader.join().unwrap();
    }
}
