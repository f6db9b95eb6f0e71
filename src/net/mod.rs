//! The wire: sends a prepared request, byte for byte as it is, and tells what came of it.
//!
//! ```text
//! Client::send ─► journey ─► Outgoing ─► exchange ─► head ─► redirect? ── no ─► Incoming ─► Sent
//!                               ▲                               │ yes
//!                               └──────── next Outgoing ◄───────┘
//! ```
//!
//! | file | holds |
//! |---|---|
//! | `client` | what is shared by all sends: the engines that go one way each, built on first use |
//! | `journey` | one send: its hops, and its two ends from outside, cancelling and the total timeout |
//! | `jar` | the cookies of one send: taken at every hop, sent at every hop |
//! | `journey/authority` | what is added as a hop goes out: signatures, answers to challenges, tokens |
//! | `journey/token` | how a token is had; `tokens` keeps them, `consent` waits for the browser |
//! | `redirect` | from a 3xx to the request that follows it (pure) |
//! | `outgoing` | a request as it is given to a connection |
//! | `exchange` | one request and its response over one connection |
//! | `http2` | the same over HTTP/2, whose frames are read here |
//! | `pool` | the connections that are kept open for further requests |
//! | `head_size` | how long heads are that are not seen on the wire |
//! | `payload` | the hash of its body, for a signature |
//! | `upload` | its body on the way out, files read from the disk |
//! | `incoming` | the head and the body of a response, as received |
//! | `answers` | what the user says while a send waits for it |
//! | `retry` | whether a send is tried again, and when |
//! | `tracker` | which phase a hop is in; `connect` and `tls` report to it |
//! | `connect` | making a connection, by way of a proxy or not, within its timeout |
//! | `dial`, `stream`, `tunnel` | TCP, Unix sockets and TLS; the bytes of each; CONNECT |
//! | `resolve` | from a name to its addresses |
//! | `link` | what is known of one connection: its two ends, its TLS |
//! | `request_head` | the head of a request as it was prepared |
//! | `wiretap`, `heads` | the heads of an answer as they were sent, interim ones too |
//! | `seen` | what a hop has shown of its way, and what is kept of that |
//! | `unreadable` | what came in the place of a head, in words |
//! | `identity` | the client certificate, from a PEM or a PKCS#12 file |
//! | `transport` | what a request asks of the way: proxy, certificates, HTTP version, addresses |
//! | `tls` | which certificates are trusted, and why one is not |
//! | `proxy` | whether a URL is reached straight or by way of a proxy |
//! | `failure` | from an error to its kind and its causes |

mod answers;
mod certificate;
mod client;
mod connect;
mod consent;
mod dial;
mod exchange;
mod failure;
mod head_size;
mod heads;
mod http2;
mod identity;
mod incoming;
mod jar;
mod journey;
mod link;
mod outgoing;
mod payload;
mod pool;
mod proxy;
mod random;
mod redirect;
mod request_head;
mod resolve;
mod retry;
mod seen;
mod stream;
mod tls;
mod tokens;
mod tracker;
mod transport;
mod tunnel;
mod unreadable;
mod upload;
mod wiretap;

use std::{sync::Arc, time::Duration};

use crate::model::{Again, CookieChange, Fork, Hop, Outcome, Phase, Response};

pub use answers::{Answers, answers};

pub use client::{Client, MAX_BODY, Settings};
pub use proxy::speaking_proxy;
pub use transport::{TransportError, check};

/// What is told while a send is under way.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// The hop under way has come to this phase. A reused connection goes straight to
    /// [`Phase::Send`].
    Phase(Phase),
    /// A hop begins; the first one is number 1. Further ones are redirects, answers to challenges, or
    /// fetch a token.
    Hop {
        number: usize,
        method: String,
        url: String,
    },
    /// The user is wanted: this page has to be opened in the browser, and the login there ends the
    /// waiting.
    Consent { url: String },
    /// The user is wanted: whether to follow this redirect. The send waits for the answer.
    Fork(Fork),
    /// An attempt came to nothing; the next one begins after a wait.
    Retry(Again),
    /// How much of the request's body a connection has taken, where it is a long one: at its start, at
    /// its end, and in between at most every 50 ms.
    Sent { bytes: u64, total: u64 },
    /// How much of the body has arrived: at its start, at its end, and in between at most every
    /// 50 ms.
    Received {
        bytes: u64,
        /// What `content-length` announces.
        total: Option<u64>,
    },
    /// What has arrived so far, as often as [`Progress::Received`]; only where the settings ask for it.
    Arriving(Arc<Response>),
}

/// What a send came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// In order; the last one is the one that the outcome is about. One that failed has no response
    /// head.
    pub hops: Vec<Hop>,
    pub outcome: Outcome,
    /// What the servers changed in the jar, hop by hop.
    pub cookies: Vec<CookieChange>,
    /// From the call to the last byte or the failure.
    pub duration: Duration,
}
