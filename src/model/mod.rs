//! The words of posttui as plain data: what a user builds, what goes on the wire, what came back.
//!
//! ```text
//! Request ── prepare ──► PreparedRequest ── net ──► Hop, Hop, … ──► Outcome
//!    (as built)             (as sent)             (on the wire)     Response | Failure
//! └──────────────────────────── together: one Exchange ─────────────────────────────┘
//! ```

mod auth;
mod body;
mod choices;
pub mod collection;
mod cookie;
mod environment;
mod environment_save;
mod example;
mod exchange;
mod failure;
mod folder;
mod fork;
mod header;
mod hidden;
mod label;
mod loopback;
mod mark;
mod met;
mod names;
mod original;
mod prepared_body;
mod proxy;
mod recording;
mod redacted;
mod request;
mod retry;
mod secrets;
mod segment;
mod session;
mod tokens;
mod transit;
mod transport;
mod verdict;

pub use auth::{Auth, Credentials, NO_AUTH, SecretPlace};
pub use body::{Body, BodyKind, BodySpot, FileBody, GraphQl, Part};
pub use choices::{Choices, Layer};
pub use collection::{EntryKind, Head, Origin};
pub use cookie::{Cookie, CookieChange, CookieKey, Cookies, Jar, hide_cookie_values};
pub use environment::{
    Binding, Environment, EnvironmentError, Environments, Scope, Variable, is_environment_name,
    is_variable_name,
};
pub use environment_save::{EnvironmentSave, Overtaken, UsualSave};
pub use example::{ExampleName, Examples, ExamplesOf};
pub use exchange::{
    Exchange, ExchangeId, Hop, HttpVersion, LOST_BODY, Outcome, PreparedRequest, Purpose, Response,
    ResponseHead, Standing, Summary, request_target,
};
pub use failure::{Failure, FailureKind, Phase, Processed, TimeoutKind, TlsCheck};
pub use folder::{Entry, Folder};
pub use fork::{Fork, Turn};
pub use header::{Header, find_header, headers_named};
pub use hidden::Hidden;
pub use label::{Label, Lineage, Relabel, clean_tag};
pub use loopback::is_loopback;
pub use mark::{
    DOTS, Marked, REDACTED, first_mark, has_mark, is_mark, is_redacted, marks_in, readable_marks,
};
pub use met::Met;
pub use names::Names;
pub use original::Original;
pub use prepared_body::{FilePiece, Piece, PreparedBody};
pub use proxy::{ProxySource, ProxyUsed};
pub use recording::Recording;
pub use redacted::{OwnSecrets, PatternError, Redact, Taken};
pub use request::{Field, Options, Redirects, Request};
pub use retry::{Again, IdempotencyKey, Occasion, Retry, is_idempotent, is_safe};
pub use secrets::Secrets;
pub use segment::encode_segment;
pub use session::{Cell, Focus, Left, RequestTab, ResponseTab, Session};
pub use tokens::with_tokens;
pub use transit::{Certificate, PhaseStart, Sizes, Span, Tls, Transit};
pub use transport::{Transport, VersionChoice};
pub use verdict::{RuleLevel, Verdict};
