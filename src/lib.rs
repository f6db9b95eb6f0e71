//! posttui: build a POST like a form, send it, understand the status, keep it for ever.
//!
//! This page is the map of the house. Four storeys; imports point down only; data goes round one loop.
//!
//! ```text
//! terminal ─ tui/input ─► Message ─► app::update ─► State ─► ui::view ─► screen
//!                            ▲            └► Effect ─► tui/effects ─► courier, store, demo ─┐
//!                            └───────────────────────── Message ◄───────────────────────────┘
//! ```

// ── core: pure; no clock, files, network, async, screen ──
pub mod auth;
pub mod compare;
pub mod cookies;
pub mod format;
pub mod inspect;
pub mod model;
pub mod options;
pub mod pattern;
pub mod prepare;
pub mod report;
pub mod search;
pub mod status;
pub mod template;
pub mod text;
pub mod units;

// ── app: the state machine, still pure ──
pub mod app;

// ── edge: touches the world ──
pub mod browser;
pub mod courier;
pub mod demo;
pub mod files;
pub mod net;
pub mod recall;
pub mod spill;
pub mod store;
pub mod supply;
pub mod threads;

// ── faces ──
pub mod cli;
pub mod tui;
pub mod ui;
