//! Patterns that users type: texts with stars in them, several of them with commas, and the parts of addresses
//! that they are tried on.
//!
//! ```text
//! text ── letters ──► what is an operator and what was quoted ── list ──► members: these, but not those
//!                                                                  └─ stars ─► Pattern   hosts ─► of addresses
//! ```

mod address;
mod hosts;
mod letters;
mod list;
mod stars;

pub use address::{encode_path, host_of, path_of, without_port};
pub use hosts::{accepts_host, host_list, is_listed, read_hosts};
pub use letters::{
    Letter, RawTerm, plain, split_at_colon, split_at_commas, split_terms, strip_minus,
};
pub use list::{List, read_list};
pub use stars::{LIMIT as PATTERN_LIMIT, Pattern, read_patterns};
