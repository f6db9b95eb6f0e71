//! What the system tells the program besides keys: to end, to go on after a stop, that the terminal
//! is gone.

use std::io;

/// What is to be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    End,
    /// Ctrl-C or Ctrl-\ of a terminal that posttui has lent: meant for the program that has it.
    Interrupted,
    /// The program was stopped and goes on: the terminal has to be taken over again.
    GoOn,
}

#[cfg(unix)]
pub use unix::{Signals, stop, wake_reader, watch_for_hangup};

#[cfg(not(unix))]
pub use elsewhere::{Signals, stop, wake_reader, watch_for_hangup};

#[cfg(unix)]
mod unix {
    use std::{fs::File, thread};

    use rustix::{
        event::{PollFd, PollFlags, poll},
        io::Errno,
        process::{Signal, getpid, kill_current_process_group, kill_process},
    };
    use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

    use super::{Told, io};

    /// The signals that matter, caught from the moment this is made.
    pub struct Signals {
        terminate: Stream,
        interrupt: Stream,
        hangup: Stream,
        quit: Stream,
        go_on: Stream,
    }

    impl Signals {
        pub fn catch() -> io::Result<Self> {
            Ok(Self {
                terminate: signal(SignalKind::terminate())?,
                interrupt: signal(SignalKind::interrupt())?,
                hangup: signal(SignalKind::hangup())?,
                quit: signal(SignalKind::quit())?,
                go_on: signal(SignalKind::from_raw(Signal::CONT.as_raw()))?,
            })
        }

        /// Waits for the next one.
        pub async fn next(&mut self) -> Told {
            tokio::select! {
                _ = self.terminate.recv() => Told::End,
                _ = self.interrupt.recv() => Told::Interrupted,
                _ = self.hangup.recv() => Told::End,
                _ = self.quit.recv() => Told::Interrupted,
                _ = self.go_on.recv() => Told::GoOn,
            }
        }
    }

    /// Stops the program and what was started with it, as the terminal itself does at Ctrl-Z. Where
    /// no shell could continue it, the system passes the signal over.
    pub fn stop() -> io::Result<()> {
        kill_current_process_group(Signal::TSTP).map_err(io::Error::from)
    }

    /// Wakes the reader of keys, which reports every change of the window's size.
    pub fn wake_reader() -> io::Result<()> {
        kill_process(getpid(), Signal::WINCH).map_err(io::Error::from)
    }

    /// Calls `gone` when the terminal hangs up. The reader of keys cannot be relied on for it: on some
    /// systems it spins on a dead terminal, and SIGHUP may be ignored (`nohup`).
    pub fn watch_for_hangup(gone: impl FnOnce() + Send + 'static) {
        let Ok(terminal) = File::open("/dev/tty") else {
            return;
        };
        thread::spawn(move || {
            // No events are asked for: only errors and the hang-up wake it.
            let mut watched = [PollFd::new(&terminal, PollFlags::empty())];
            while poll(&mut watched, None) == Err(Errno::INTR) {}
            gone();
        });
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use super::{Told, io};

    /// Ctrl-C events of the console.
    pub struct Signals;

    impl Signals {
        pub fn catch() -> io::Result<Self> {
            Ok(Self)
        }

        /// Waits for the next one.
        pub async fn next(&mut self) -> Told {
            match tokio::signal::ctrl_c().await {
                Ok(()) => Told::Interrupted,
                Err(_) => std::future::pending().await,
            }
        }
    }

    /// There is nothing to stop into.
    pub fn stop() -> io::Result<()> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    /// Nothing here wakes the reader of keys.
    pub fn wake_reader() -> io::Result<()> {
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    /// A console does not hang up.
    pub fn watch_for_hangup(_gone: impl FnOnce() + Send + 'static) {}
}
