//! The terminal face: the terminal itself, its input, the loop, the deeds at the edge.

mod clipboard;
mod effects;
mod files;
mod input;
mod keys;
mod library;
mod outside;
mod run;
mod session;
mod shelf;
mod signals;
mod stage;
mod terminal;
mod viewer;
mod watch;

pub use library::Desk;
pub use run::{Options, run};
pub use terminal::Terminal;
