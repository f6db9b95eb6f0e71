//! What goes over the wire, byte for byte, and what is made of what comes back. Everything stays on
//! loopback.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "all of this is tests, the helpers too: what is not as expected fails them"
)]

#[path = "../support/recorder.rs"]
mod recorder;

mod ask;
mod auth;
mod bytes;
mod cancel;
mod certificates;
mod connection;
mod cookies;
mod curl;
mod failure;
mod h2;
mod h2_server;
mod heads;
mod options;
mod parity;
mod proxy;
mod redirect;
mod resets;
mod response;
mod retry;
mod sending;
mod speed;
mod streams;
mod tls;
mod transit;
mod tunnel;
mod upload;
