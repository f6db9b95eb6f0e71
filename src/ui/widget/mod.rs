//! Small pieces that several zones draw.

pub mod frame;
pub mod input;
pub mod lines;
pub mod print;
pub mod template;
