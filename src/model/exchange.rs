//! One send, whole: what went out, each hop on the wire, what came back.

use std::{fmt, time::Duration};

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Cookies, Credentials, Failure, FailureKind, Header, Label, Lineage, Options, Original,
    PreparedBody, Request, RuleLevel, Secrets, Transit, Verdict, find_header,
};

/// A request exactly as it will go on the wire (first hop).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreparedRequest {
    pub method: String,
    /// Absolute, serialised as the WHATWG URL standard does; credentials are kept out of it.
    pub url: String,
    /// Every header field in wire order, the automatic ones (`host` and `content-length` too)
    /// included.
    pub headers: Vec<Header>,
    /// Stored beside this value, not in it.
    #[serde(skip)]
    pub body: PreparedBody,
    pub options: Options,
    #[serde(skip)]
    pub credentials: Credentials,
    /// What of all this is secret, so that whoever shows it or writes it down can leave it out.
    #[serde(skip)]
    pub secrets: Secrets,
    /// The jar that servers may set cookies in, and whether its own go along.
    #[serde(skip)]
    pub cookies: Cookies,
    /// Stored beside this value, too.
    #[serde(skip)]
    pub lineage: Lineage,
}

impl PreparedRequest {
    /// A copy with marks in the place of its secrets: for the screen and the history.
    #[must_use]
    pub fn masked(&self) -> Self {
        self.secrets.mask_prepared(self)
    }
}

/// The number of an exchange in the history: rising, never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExchangeId(pub i64);

impl fmt::Display for ExchangeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// One send, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    pub id: ExchangeId,
    pub started_at: Timestamp,
    /// As the user built it, so that it can be loaded and edited again.
    pub request: Request,
    /// As it went on the wire.
    pub prepared: PreparedRequest,
    pub hops: Vec<Hop>,
    /// `None` while it is in flight.
    pub outcome: Option<Outcome>,
    /// From the send key to the last byte; `None` while it is in flight or when nobody saw the end.
    pub duration: Option<Duration>,
    /// The user's own message for this status, as the rules stood when it was sent.
    pub message: Option<String>,
    /// What the rules say besides.
    pub verdict: Verdict,
}

impl Exchange {
    /// Whether it went over TLS without anybody checking with whom.
    pub fn went_unchecked(&self) -> bool {
        let uses_tls = |hop: &Hop| hop.url.starts_with("https:");
        self.prepared.options.transport.insecure && self.hops.iter().any(uses_tls)
    }
}

/// One request/response pair on the wire; a redirect or an auth challenge makes a further hop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hop {
    pub method: String,
    pub url: String,
    pub request_headers: Vec<Header>,
    pub request_body_bytes: u64,
    /// What following the redirect left behind, in words: `the body`, `authorization`.
    pub dropped: Vec<String>,
    #[serde(default)]
    pub purpose: Purpose,
    /// Which attempt of the send it belongs to, from 1.
    #[serde(default = "first")]
    pub attempt: u32,
    /// How the attempt ended without a whole answer, where another one followed.
    #[serde(default)]
    pub failure: Option<FailureKind>,
    pub remote_address: Option<String>,
    /// `None` when the hop got no response head.
    pub response: Option<ResponseHead>,
    /// From the start of this hop to its head (last hop: to its last byte).
    pub duration: Duration,
    /// How it went over the wire.
    #[serde(default)]
    pub transit: Transit,
}

impl Hop {
    /// One that has only begun, the first attempt at the request itself.
    pub fn begun(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            url: url.into(),
            request_headers: Vec::new(),
            request_body_bytes: 0,
            dropped: Vec::new(),
            purpose: Purpose::Request,
            attempt: first(),
            failure: None,
            remote_address: None,
            response: None,
            duration: Duration::ZERO,
            transit: Transit::default(),
        }
    }

    /// Every head that came, so that what must not be seen is found in each.
    pub fn heads_mut(&mut self) -> impl Iterator<Item = &mut ResponseHead> {
        let Transit {
            interim,
            proxy_refusal,
            ..
        } = &mut self.transit;
        let refusal = proxy_refusal.iter_mut().map(|head| &mut **head);
        self.response.iter_mut().chain(interim).chain(refusal)
    }

    /// The request line (RFC 9112, Section 3) in the version that was spoken. A proxy of plain HTTP is given
    /// the whole address, everyone else the path with the query. HTTP/2 has no such line, and is told in the
    /// same form.
    pub fn request_line(&self) -> String {
        let version = match self.response.as_ref().map(|head| head.version) {
            Some(version @ (HttpVersion::Http2 | HttpVersion::Http3)) => version,
            // Whatever version it is answered in, HTTP/1.1 is what is sent.
            Some(_) | None => HttpVersion::Http11,
        };
        let is_to_proxy = self.transit.proxy.as_ref().is_some_and(|proxy| {
            self.url.starts_with("http:") && proxy.address.starts_with("http")
        });
        let whole = self.url.split('#').next().unwrap_or_default();
        let target = if is_to_proxy {
            whole
        } else {
            request_target(whole)
        };
        format!("{} {target} {version}", self.method)
    }
}

/// The path and query of a URL: the request target in origin form (RFC 9112, Section 3.2.1).
pub fn request_target(url: &str) -> &str {
    // Not parsed: the marks that stand for secrets would be encoded.
    let authority = url.split_once("//").map_or(url, |(_, rest)| rest);
    let path = authority.find('/').and_then(|start| authority.get(start..));
    path.unwrap_or(url)
}

fn first() -> u32 {
    1
}

/// Why a hop was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// The request itself, or what a redirect led on to.
    #[default]
    Request,
    /// The hop before once more, with what the server asked for.
    Challenge,
    /// Fetches a token for the request.
    Token,
}

/// The head of a response: RFC 9112, Sections 4 and 5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseHead {
    pub status: u16,
    /// The reason phrase, when the server sent another one than the usual.
    pub reason: Option<String>,
    pub version: HttpVersion,
    pub headers: Vec<Header>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum HttpVersion {
    #[serde(rename = "HTTP/0.9")]
    Http09,
    #[serde(rename = "HTTP/1.0")]
    Http10,
    #[serde(rename = "HTTP/1.1")]
    Http11,
    #[serde(rename = "HTTP/2")]
    Http2,
    #[serde(rename = "HTTP/3")]
    Http3,
}

impl fmt::Display for HttpVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Http09 => "HTTP/0.9",
            Self::Http10 => "HTTP/1.0",
            Self::Http11 => "HTTP/1.1",
            Self::Http2 => "HTTP/2",
            Self::Http3 => "HTTP/3",
        })
    }
}

/// A response: the head and the body as received (not decoded in any way).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    pub head: ResponseHead,
    #[serde(skip)]
    pub body: Bytes,
    /// What the body was, where it is here otherwise than it came: the history keeps the start of a very long
    /// one, and no secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<Original>,
}

/// Stands in the place of a body that the history had and lost: the reason follows, then `›`.
pub const LOST_BODY: &str = "‹the history lost this body: ";

impl Response {
    /// The length of the body as received, in bytes.
    pub fn size(&self) -> u64 {
        let whole = self.whole.map(|whole| whole.size);
        whole.unwrap_or(self.body.len() as u64)
    }

    /// The length of the body as received, in bytes, where only its start is here.
    pub fn cut_from(&self) -> Option<u64> {
        let cut = self.whole.filter(|whole| whole.is_cut);
        cut.map(|whole| whole.size)
    }

    /// How many values of the body are marks.
    pub fn masked(&self) -> u64 {
        self.whole.map_or(0, |whole| whole.masked)
    }

    /// Puts a body with more marks in its place.
    pub fn mask(&mut self, body: Bytes, values: u64) {
        let size = self.size();
        let before = self.whole.unwrap_or_default();
        self.whole = Some(Original {
            size,
            is_cut: before.is_cut,
            masked: before.masked + values,
        });
        self.body = body;
    }

    /// How long its head says the body is, in bytes, where that is longer than what came:
    /// RFC 9112, Section 8.
    pub fn announced(&self) -> Option<u64> {
        let length = find_header(&self.head.headers, "content-length")?;
        let length = length.text().trim().parse().ok()?;
        (length > self.size()).then_some(length)
    }
}

/// What a send came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Response(Response),
    Failure(Failure),
}

impl Outcome {
    /// What arrived of a response: all of it, or the part before a failure.
    pub fn received(&self) -> Option<&Response> {
        match self {
            Self::Response(response) => Some(response),
            Self::Failure(failure) => failure.partial.as_ref(),
        }
    }

    /// Likewise, to take something out of it.
    pub fn received_mut(&mut self) -> Option<&mut Response> {
        match self {
            Self::Response(response) => Some(response),
            Self::Failure(failure) => failure.partial.as_mut(),
        }
    }

    /// Whether what arrived of a response is not all of it.
    pub fn is_cut_off(&self) -> bool {
        matches!(self, Self::Failure(_))
    }

    /// How the history row stands.
    pub fn standing(&self) -> Standing {
        match self {
            Self::Response(response) => Standing::Answered(response.head.status),
            Self::Failure(failure) => Standing::Failed(failure.kind),
        }
    }
}

/// What a history row says of its exchange at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// No outcome yet, and the posttui that sent it (this one or another) is still running.
    InFlight,
    Answered(u16),
    Failed(FailureKind),
}

/// One row of the history list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub id: ExchangeId,
    pub started_at: Timestamp,
    pub method: String,
    pub url: String,
    pub standing: Standing,
    /// The user's own message, where a rule matched.
    pub message: Option<String>,
    /// How that rule takes what came back.
    pub level: Option<RuleLevel>,
    /// What the exchange itself says, in one sentence.
    pub evidence: Option<String>,
    pub duration: Option<Duration>,
    /// Size of the received body as it came over the wire after transfer decoding.
    pub body_bytes: Option<u64>,
    /// Size of the body that was sent; `None` in rows of older posttuis.
    pub sent_bytes: Option<u64>,
    /// The version of the answer; likewise.
    pub version: Option<HttpVersion>,
    /// The media type of the answer without its parameters, in lower case; likewise.
    pub media: Option<String>,
    /// Where it was found, when that is not shown otherwise: the surroundings in a header field or a body.
    pub found: Option<String>,
    /// What the user put on it.
    pub label: Label,
    pub lineage: Lineage,
    /// Whether it was sent from a saved request.
    pub is_saved: bool,
    /// What of it cannot be read, in words, where it is damaged.
    pub damage: Option<String>,
}

impl Summary {
    /// Of an exchange that has just begun.
    pub fn begun(id: ExchangeId, started_at: Timestamp, method: &str, url: &str) -> Self {
        Self {
            id,
            started_at,
            method: method.to_owned(),
            url: url.to_owned(),
            standing: Standing::InFlight,
            message: None,
            level: None,
            evidence: None,
            duration: None,
            body_bytes: None,
            sent_bytes: None,
            version: None,
            media: None,
            found: None,
            label: Label::default(),
            lineage: Lineage::default(),
            is_saved: false,
            damage: None,
        }
    }
}
