//! The playground server, route by route, over raw TCP: what it sends is looked at byte by byte.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test breaks off where something is wrong"
)]

mod accounts;
mod connection;
mod credentials;
mod faults;
mod payloads;
mod problems;
mod replies;
mod support;
