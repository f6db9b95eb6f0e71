//! What the terminal reports, read on a thread of its own: on a terminal that is gone the reader may
//! spin and never return, which must not keep the program from ending.

use std::{io, thread};

use crossterm::event::{Event as TerminalEvent, read};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The reports, in order.
pub struct Keys(UnboundedReceiver<io::Result<TerminalEvent>>);

impl Keys {
    /// Begins to read. The thread lives as long as the program: it sleeps until the terminal reports
    /// something.
    pub fn read_on() -> Self {
        let (sender, receiver) = unbounded_channel();
        thread::spawn(move || {
            loop {
                let report = read();
                let over = report.is_err();
                if sender.send(report).is_err() || over {
                    break;
                }
            }
        });
        Self(receiver)
    }

    /// The next report; `None` when the terminal is gone.
    pub async fn next(&mut self) -> Option<TerminalEvent> {
        self.0.recv().await?.ok()
    }
}
