//! The terminal face: the terminal itself, its input, the loop, the deeds at the edge.

mod beside;
mod clipboard;
mod compare;
mod effects;
mod examples;
mod files;
mod graphics;
mod input;
mod keys;
mod library;
mod outside;
mod run;
mod session;
mod shelf;
mod signals;
mod stage;
mod surroundings;
mod terminal;
mod tidy;
mod viewer;
mod watch;

pub use compare::{compared, timeline};
pub use examples::exampled;
pub use library::Desk;
pub use run::{Options, run};
pub use terminal::Terminal;
pub use tidy::tidied;
