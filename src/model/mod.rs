//! The words of posttui as plain data: what a user builds, what goes on the wire, what came back.
//!
//! ```text
//! Request ── prepare ──► PreparedRequest ── net ──► Hop, Hop, … ──► Outcome
//!    (as built)             (as sent)             (on the wire)     Response | Failure
//! └──────────────────────────── together: one Exchange ─────────────────────────────┘
//! ```

mod auth;
mod exchange;
mod failure;
mod header;
mod redacted;
mod request;
mod session;
mod transport;

pub use auth::{Auth, Credentials, NO_AUTH, SecretPlace};
pub use exchange::{
    Exchange, ExchangeId, Hop, HttpVersion, Outcome, PreparedRequest, Purpose, Response,
    ResponseHead, Standing, Summary,
};
pub use failure::{Failure, FailureKind, Phase, Processed, TimeoutKind, TlsCheck};
pub use header::{Header, find_header};
pub use redacted::{REDACTED, Redact};
pub use request::{Body, BodyKind, Field, Options, Redirects, Request};
pub use session::{Cell, Focus, RequestTab, ResponseTab, Session};
pub use transport::{Transport, VersionChoice};
