//! What the terminal reports, read on a thread of its own: on a terminal that is gone the reader may
//! spin and never return, which must not keep the program from ending. The thread acts on the stage by
//! itself: to wake another thread for it would take longer than the key does.
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

use crossterm::event::read;
use tokio::sync::{
    Notify,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use crate::app::message::Event;

use super::{input, stage::Shared, terminal};

/// How long the thread may take to come to rest; it takes well under a millisecond.
const PATIENCE: Duration = Duration::from_secs(2);

/// The thread that reads.
pub struct Keys {
    gate: Arc<Gate>,
    rests: UnboundedSender<()>,
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

    fn is_closed(&self) -> bool {
        *self.closed()
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
    pub fn new() -> Self {
        let (rests, resting) = unbounded_channel();
        Self {
            gate: Arc::default(),
            rests,
            resting,
        }
    }

    /// Begins to read. The thread lives as long as the program: it sleeps until the terminal reports
    /// something. The loop is woken where there is something for it.
    pub fn read_on(&self, stage: Shared, woken: Arc<Notify>) {
        let (gate, rests) = (Arc::clone(&self.gate), self.rests.clone());
        thread::spawn(move || {
            terminal::this_thread_draws();
            let ending = Ending(stage.clone(), Arc::clone(&woken));
            loop {
                gate.pass(&rests);
                let report = read();
                // When the terminal is gone, what was typed is kept, and nobody is there to ask.
                let gone = report.is_err();
                let event = report.map_or(Some(Event::Terminate), input::translate);
                if act(&stage, event, &gate) {
                    woken.notify_one();
                }
                if gone {
                    break;
                }
            }
            drop(ending);
        });
    }

    /// Stops reading until [`Self::go_on`]: when this returns, no key is taken from another program.
    /// What was typed before it is still reported.
    pub async fn rest(&mut self) -> io::Result<()> {
        if !self.gate.is_closed() {
            while self.resting.try_recv().is_ok() {}
            self.gate.set(true);
            super::signals::wake_reader().inspect_err(|_| self.gate.set(false))?;
        }
        let rested = tokio::time::timeout(PATIENCE, self.resting.recv());
        if rested.await.is_ok() {
            return Ok(());
        }
        self.gate.set(false);
        Err(io::Error::other("the reader of keys does not stop"))
    }

    /// Reads on after [`Self::rest`].
    pub fn go_on(&self) {
        self.gate.set(false);
    }
}

/// Acts on what was reported; answers whether the loop is to be woken.
fn act(stage: &Shared, event: Option<Event>, gate: &Gate) -> bool {
    let Some(event) = event else { return false };
    let mut stage = stage.lock();
    let moved = stage.state.is_animated();
    if let Err(error) = stage.take(Some(event)) {
        stage.asked.failed = Some(error);
    }
    if stage.asked.to_lend.is_some() {
        // The editor or pager is to have the next key. Woken up for it, the reader would have a signal and that key
        // before it at once some time, and crossterm forgets the one when it reports the other.
        gate.set(true);
    }
    stage.asked.is_anything() || stage.state.is_animated() != moved
}

/// Ends the program when the thread breaks off by a defect: its message is on the terminal then.
struct Ending(Shared, Arc<Notify>);

impl Drop for Ending {
    fn drop(&mut self) {
        if thread::panicking() {
            let defect = "a defect of posttui ended it; please report the message above";
            self.0.lock().asked.failed = Some(anyhow::anyhow!(defect));
            self.1.notify_one();
        }
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
