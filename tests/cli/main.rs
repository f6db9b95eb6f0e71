//! The built program as a script meets it: arguments in; stdout, stderr and the exit code out. Each
//! test has a folder of its own for the program's files, and talks to this machine only.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has to fail, helpers included"
)]

mod answers_kept;
mod collection;
mod cookies;
mod credentials;
mod curl;
mod demo;
mod environments;
mod examples;
mod header;
mod help;
mod history;
mod history_care;
mod history_limits;
mod history_trust;
mod memory;
mod options;
mod own_secrets;
mod production;
mod program;
mod send;
mod server;
mod status;
#[cfg(unix)]
mod terminal;
mod unkept;
mod upload;
