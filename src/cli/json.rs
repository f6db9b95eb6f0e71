//! An exchange as one JSON object: what `posttui send --output json` and `posttui history show` print.
//!
//! Bodies are given whole: as text where they are UTF-8, else as base64 of the received bytes.

use std::{borrow::Cow, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

use crate::{
    model::{
        Exchange, Failure, FailureKind, Header, Hop, HttpVersion, Label, Outcome, Phase, Piece,
        PreparedBody, Processed, ProxyUsed, Purpose, Response, ResponseHead, Sizes, Span, Tls,
    },
    status::{
        catalogue,
        diagnosis::Diagnosis,
        failure,
        losses::{Loss, losses},
    },
    text::write_json,
};

use super::{Stop, output};

/// Prints the exchange with what it means on stdout, on one line.
pub fn print(
    exchange: &Exchange,
    diagnosis: Option<Diagnosis>,
    label: Option<&Label>,
) -> Result<(), Stop> {
    print_line(&ExchangeView::of(exchange, diagnosis, label))
}

/// Writes the exchange with what it means, on one line.
pub fn write(
    out: &mut dyn std::io::Write,
    exchange: &Exchange,
    diagnosis: Option<Diagnosis>,
    label: Option<&Label>,
) -> std::io::Result<()> {
    write_json(&mut *out, &ExchangeView::of(exchange, diagnosis, label))?;
    out.write_all(b"\n")
}

/// Prints any value as one line of JSON.
pub fn print_line(value: &impl Serialize) -> Result<(), Stop> {
    output::print(|out| {
        write_json(&mut *out, value)?;
        out.write_all(b"\n")
    })
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Milliseconds, to the microsecond.
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1000.0
}

#[derive(Serialize)]
struct ExchangeView<'a> {
    /// `null` for an exchange that is in no history.
    id: Option<i64>,
    started_at: String,
    /// What the user put on it; not of one that is sent just now.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a Label>,
    environment: Option<&'a str>,
    /// The exchange that it repeats.
    replayed_from: Option<i64>,
    request: RequestView<'a>,
    hops: Vec<HopView<'a>>,
    /// `null` while it is in flight.
    outcome: Option<OutcomeView<'a>>,
    diagnosis: Option<Diagnosis>,
    timing: TimingView,
}

#[derive(Serialize)]
struct RequestView<'a> {
    method: &'a str,
    url: &'a str,
    headers: &'a [Header],
    body: SentBodyView<'a>,
}

#[derive(Serialize)]
struct HopView<'a> {
    method: &'a str,
    url: &'a str,
    request_headers: &'a [Header],
    request_body_bytes: u64,
    dropped: &'a [String],
    /// The same by their reasons.
    losses: Vec<Loss>,
    /// `request`, `challenge` or `token`.
    purpose: Purpose,
    /// From 1; more where the send was tried again.
    attempt: u32,
    /// How the attempt ended, where another one followed.
    failure: Option<FailureKind>,
    remote_address: Option<&'a str>,
    response: Option<HeadView<'a>>,
    duration_ms: f64,
    transit: TransitView<'a>,
}

/// How a hop went over the wire; what was not measured is `null` or empty.
#[derive(Serialize)]
struct TransitView<'a> {
    phases: Vec<PhaseView>,
    first_byte_ms: Option<f64>,
    reused: Option<bool>,
    /// `null` where it went straight to the server.
    proxy: Option<&'a ProxyUsed>,
    /// What a proxy answered that makes no way to the server.
    proxy_refusal: Option<HeadView<'a>>,
    resolved: &'a [String],
    local_address: Option<&'a str>,
    tls: Option<&'a Tls>,
    /// The heads before the final one (1xx).
    interim: Vec<HeadView<'a>>,
    /// What came in the place of a head, its beginning.
    unreadable: Option<&'a str>,
    sizes: Option<Sizes>,
    decoded_bytes: Option<u64>,
}

/// A phase from its beginning to its end, in milliseconds from the start of the hop.
#[derive(Serialize)]
struct PhaseView {
    phase: Phase,
    from_ms: f64,
    to_ms: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum OutcomeView<'a> {
    Response(ResponseView<'a>),
    Failure(FailureView<'a>),
}

#[derive(Serialize)]
struct ResponseView<'a> {
    #[serde(flatten)]
    head: HeadView<'a>,
    /// How many values of the body are marks, where the history has it.
    #[serde(skip_serializing_if = "is_zero")]
    masked: u64,
    /// The bytes of the body as received, where the history has it otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    received_bytes: Option<u64>,
    body: BodyView<'a>,
}

#[derive(Serialize)]
struct HeadView<'a> {
    status: u16,
    phrase: &'a str,
    version: HttpVersion,
    headers: &'a [Header],
}

#[derive(Serialize)]
struct FailureView<'a> {
    kind: FailureKind,
    name: &'static str,
    phase: Phase,
    processed: Processed,
    causes: &'a [String],
    partial: Option<ResponseView<'a>>,
}

#[derive(Serialize)]
struct TimingView {
    duration_ms: Option<f64>,
}

/// A body, whole.
#[derive(Serialize)]
struct BodyView<'a> {
    bytes: u64,
    #[serde(flatten)]
    content: Content<'a>,
}

/// A body that was sent: whole where it was all in memory, else its pieces.
#[derive(Serialize)]
#[serde(untagged)]
enum SentBodyView<'a> {
    Memory(BodyView<'a>),
    Pieces {
        bytes: u64,
        pieces: Vec<PieceView<'a>>,
    },
}

/// Of a file its content is not kept.
#[derive(Serialize)]
#[serde(untagged)]
enum PieceView<'a> {
    Memory(BodyView<'a>),
    File { bytes: u64, file: Cow<'a, str> },
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Content<'a> {
    Text(&'a str),
    Base64(String),
}

impl<'a> ExchangeView<'a> {
    fn of(exchange: &'a Exchange, diagnosis: Option<Diagnosis>, label: Option<&'a Label>) -> Self {
        let lineage = &exchange.prepared.lineage;
        Self {
            id: Some(exchange.id.0).filter(|id| *id > 0),
            started_at: exchange.started_at.to_string(),
            label,
            environment: lineage.environment.as_deref(),
            replayed_from: lineage.replayed_from.map(|id| id.0),
            request: RequestView::of(exchange),
            hops: numbered(&exchange.hops),
            outcome: exchange.outcome.as_ref().map(OutcomeView::of),
            diagnosis,
            timing: TimingView {
                duration_ms: exchange.duration.map(milliseconds),
            },
        }
    }
}

impl<'a> RequestView<'a> {
    fn of(exchange: &'a Exchange) -> Self {
        let prepared = &exchange.prepared;
        Self {
            method: &prepared.method,
            url: &prepared.url,
            headers: &prepared.headers,
            body: SentBodyView::of(&prepared.body, sent_bytes(exchange)),
        }
    }
}

impl<'a> HopView<'a> {
    fn of(hops: &'a [Hop], index: usize, hop: &'a Hop) -> Self {
        Self {
            method: &hop.method,
            url: &hop.url,
            request_headers: &hop.request_headers,
            request_body_bytes: hop.request_body_bytes,
            dropped: &hop.dropped,
            losses: losses(hops, index),
            purpose: hop.purpose,
            attempt: hop.attempt,
            failure: hop.failure,
            remote_address: hop.remote_address.as_deref(),
            response: hop.response.as_ref().map(HeadView::of),
            duration_ms: milliseconds(hop.duration),
            transit: TransitView::of(hop),
        }
    }
}

fn numbered(hops: &[Hop]) -> Vec<HopView<'_>> {
    let numbered = hops.iter().enumerate();
    numbered
        .map(|(index, hop)| HopView::of(hops, index, hop))
        .collect()
}

impl<'a> TransitView<'a> {
    fn of(hop: &'a Hop) -> Self {
        let transit = &hop.transit;
        let spans = transit.spans(hop.duration);
        let phase = |span: Span| PhaseView {
            phase: span.phase,
            from_ms: milliseconds(span.from),
            to_ms: milliseconds(span.to),
        };
        Self {
            phases: spans.into_iter().map(phase).collect(),
            first_byte_ms: transit.first_byte.map(milliseconds),
            reused: transit.reused,
            proxy: transit.proxy.as_ref(),
            proxy_refusal: transit.proxy_refusal.as_deref().map(HeadView::of),
            resolved: &transit.resolved,
            local_address: transit.local_address.as_deref(),
            tls: transit.tls.as_ref(),
            interim: transit.interim.iter().map(HeadView::of).collect(),
            unreadable: transit.unreadable.as_deref(),
            sizes: transit.sizes,
            decoded_bytes: transit.decoded_bytes,
        }
    }
}

impl<'a> OutcomeView<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        match outcome {
            Outcome::Response(response) => Self::Response(ResponseView::of(response)),
            Outcome::Failure(failure) => Self::Failure(FailureView::of(failure)),
        }
    }
}

impl<'a> ResponseView<'a> {
    fn of(response: &'a Response) -> Self {
        Self {
            head: HeadView::of(&response.head),
            masked: response.masked(),
            received_bytes: response.whole.map(|whole| whole.size),
            body: BodyView::of(&response.body),
        }
    }
}

impl<'a> HeadView<'a> {
    fn of(head: &'a ResponseHead) -> Self {
        Self {
            status: head.status,
            phrase: catalogue::phrase_of(head),
            version: head.version,
            headers: &head.headers,
        }
    }
}

impl<'a> FailureView<'a> {
    fn of(found: &'a Failure) -> Self {
        Self {
            kind: found.kind,
            name: failure::describe(found.kind).name,
            phase: found.phase,
            processed: found.processed,
            causes: &found.causes,
            partial: found.partial.as_ref().map(ResponseView::of),
        }
    }
}

/// As many bytes as the body had when it went out: where marks stand in it now, it has another length.
fn sent_bytes(exchange: &Exchange) -> u64 {
    let own = |hop: &&Hop| hop.purpose != Purpose::Token;
    let first = exchange.hops.iter().find(own);
    first.map_or(exchange.prepared.body.len(), |hop| hop.request_body_bytes)
}

impl<'a> SentBodyView<'a> {
    fn of(body: &'a PreparedBody, bytes: u64) -> Self {
        match body.pieces() {
            [] => Self::Memory(BodyView::of(&[])),
            [Piece::Memory(content)] => Self::Memory(BodyView {
                bytes,
                ..BodyView::of(content)
            }),
            pieces => Self::Pieces {
                bytes,
                pieces: pieces.iter().map(PieceView::of).collect(),
            },
        }
    }
}

impl<'a> PieceView<'a> {
    fn of(piece: &'a Piece) -> Self {
        match piece {
            Piece::Memory(bytes) => Self::Memory(BodyView::of(bytes)),
            Piece::File(file) => Self::File {
                bytes: file.size,
                file: file.path.to_string_lossy(),
            },
        }
    }
}

impl<'a> BodyView<'a> {
    fn of(body: &'a [u8]) -> Self {
        let content = match std::str::from_utf8(body) {
            Ok(text) => Content::Text(text),
            Err(_) => Content::Base64(STANDARD.encode(body)),
        };
        Self {
            bytes: body.len() as u64,
            content,
        }
    }
}
