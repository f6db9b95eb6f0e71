//! The built program in a real pseudo-terminal, as a user has it: the stories of the README, and what
//! is left of the terminal, the draft and the history whatever ends the program.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test breaks off where something is wrong"
)]

mod editor;
mod endings;
mod history;
mod outside;
mod production;
mod pty;
mod saving;
mod steps;
mod stories;
mod viewer;
mod way;

use posttui::demo::Playground;
use tokio::runtime::Runtime;

/// Keys as terminals send them.
pub const ENTER: &str = "\r";
pub const TAB: &str = "\t";
pub const ESC: &str = "\x1b";
pub const UP: &str = "\x1b[A";
pub const DOWN: &str = "\x1b[B";
pub const F5: &str = "\x1b[15~";
pub const CTRL_C: &str = "\x03";
pub const CTRL_U: &str = "\x15";
pub const CTRL_Z: &str = "\x1a";

/// A playground server of the test's own.
pub struct Server {
    pub playground: Playground,
    _runtime: Runtime,
}

impl Server {
    pub fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let playground = runtime.block_on(Playground::start(None)).unwrap();
        Self {
            playground,
            _runtime: runtime,
        }
    }

    /// The address with a path.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.playground.url())
    }
}
