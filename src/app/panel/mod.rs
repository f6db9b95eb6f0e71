//! The zones of the screen, one file each: its state, what its keys do. Their pictures are in
//! [`crate::ui::panel`].

pub mod auth;
pub mod body;
pub mod body_kind;
pub mod builder;
pub mod collection;
pub mod compare;
pub mod completion;
pub mod confirm;
pub mod cookies;
pub mod environment;
pub mod environments;
pub mod examples;
pub mod file_picker;
pub mod help;
pub mod history;
pub mod method;
pub mod name;
pub mod options;
pub mod palette;
pub mod pins;
pub mod prompt;
pub mod response;
pub mod rows;
pub mod rules;
pub mod settings;
pub mod shared_options;
pub mod table;
pub mod timeline;
pub mod undo;
pub mod wire;

/// The element after `present`, or before it, round and round.
pub fn turn<T: Copy + PartialEq>(all: &[T], present: T, forward: bool) -> T {
    let index = all.iter().position(|other| *other == present).unwrap_or(0);
    let step = if forward {
        1
    } else {
        all.len().saturating_sub(1)
    };
    all.get((index + step) % all.len().max(1))
        .copied()
        .unwrap_or(present)
}

/// The index below or above `index` in a list of `count`, round and round.
pub fn step(index: usize, count: usize, down: bool) -> usize {
    let step = if down { 1 } else { count.saturating_sub(1) };
    (index.min(count.saturating_sub(1)) + step) % count.max(1)
}
