//! How one hop went over the wire: when each phase began, over which connection, how many bytes.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Phase, ProxyUsed, ResponseHead};

/// What was measured of one hop. Rows of an older posttui have nothing of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Transit {
    /// The phases that the hop went through, each with its beginning.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<PhaseStart>,
    /// From the start of the hop to the first byte of the response; over HTTP/2, where frames of
    /// several exchanges are mixed, to its first head.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_byte: Option<Duration>,
    /// Whether the connection was there already; `None` when no connection took the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reused: Option<bool>,
    /// `None` where it went straight to the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<ProxyUsed>,
    /// Whether there was a connection to the proxy itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub proxy_reached: bool,
    /// What a proxy answered that opens no way to the server (RFC 9110, Section 9.3.6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_refusal: Option<Box<ResponseHead>>,
    /// What the resolver answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<String>,
    /// This machine's end of the connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// The heads before the final one (1xx: RFC 9110, Section 15.2), in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interim: Vec<ResponseHead>,
    /// What came in the place of a head, its beginning, or what came of one that is not whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sizes: Option<Sizes>,
    /// Bytes of the received body without its content codings, where it has some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decoded_bytes: Option<u64>,
}

/// A phase and when it began, from the start of the hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseStart {
    pub phase: Phase,
    pub at: Duration,
}

/// Bytes of the heads, each with its first line and its blank line, as HTTP/1.1 writes them (RFC 9112,
/// Section 2.1). HTTP/2 compresses them; these are their bytes before that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sizes {
    pub request_head: u64,
    /// Bytes of the body that the connection took, before the end came or the answer was whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_body: Option<u64>,
    /// `None` when none arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_head: Option<u64>,
}

/// What a TLS handshake agreed on, and what the server showed in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tls {
    /// The name that the certificate was asked for: the host of the URL, or of the proxy.
    pub host: String,
    /// `TLS 1.3`; `None` when the handshake came to no end.
    pub version: Option<String>,
    /// As the IANA registry of TLS cipher suites calls it.
    pub cipher: Option<String>,
    /// The group of the key exchange: `X25519`.
    pub group: Option<String>,
    /// What was agreed on by ALPN (RFC 7301): `h2`.
    pub alpn: Option<String>,
    /// Whether an earlier session was taken up again, without showing the certificates anew.
    pub resumed: bool,
    /// Whether the certificates were checked and found good.
    pub trusted: bool,
    /// The server's own first, then whoever signed it.
    pub certificates: Vec<Certificate>,
}

/// A certificate in words: RFC 5280, Section 4.1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    pub subject: String,
    pub issuer: String,
    /// The names that it is for: DNS names, addresses (Section 4.2.1.6).
    pub names: Vec<String>,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    /// `EC P-256`, `RSA 2048`.
    pub key: String,
    pub signature: String,
    pub serial: String,
    /// SHA-256 of the whole certificate, in hexadecimal.
    pub sha256: String,
}

/// One bar of the waterfall: a part of a hop from its beginning to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub phase: Phase,
    pub from: Duration,
    pub to: Duration,
}

impl Span {
    pub fn length(self) -> Duration {
        self.to.saturating_sub(self.from)
    }
}

impl Transit {
    /// The phases one after the other, the last one until `end`, which is counted from the start of the
    /// hop. The download begins with the first byte, which comes before the whole head.
    pub fn spans(&self, end: Duration) -> Vec<Span> {
        let ends = self.phases.iter().skip(1).map(|start| start.at);
        let ends = ends.chain([end]);
        let mut spans: Vec<Span> = self
            .phases
            .iter()
            .zip(ends)
            .map(|(start, to)| Span {
                phase: start.phase,
                from: start.at,
                to: to.max(start.at),
            })
            .collect();
        let first_byte = self.first_byte;
        if let Some(at) = first_byte
            && let [.., wait, receive] = spans.as_mut_slice()
            && receive.phase == Phase::Receive
            && (wait.from..=receive.from).contains(&at)
        {
            (wait.to, receive.from) = (at, at);
        }
        spans
    }

    /// When a phase was over, from the start of the hop: what `curl -w` calls `time_namelookup`,
    /// `time_connect` and so on.
    pub fn over(&self, phase: Phase, end: Duration) -> Option<Duration> {
        let spans = self.spans(end);
        let span = spans.iter().rev().find(|span| span.phase == phase)?;
        Some(span.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn each_phase_lasts_until_the_next_and_the_first_byte_ends_the_waiting() {
        let starts = [
            (Phase::Connect, 0),
            (Phase::Send, 3),
            (Phase::Wait, 4),
            (Phase::Receive, 12),
        ];
        let transit = Transit {
            phases: starts
                .map(|(phase, at)| PhaseStart { phase, at: ms(at) })
                .to_vec(),
            first_byte: Some(ms(10)),
            ..Transit::default()
        };
        let spans: Vec<_> = transit
            .spans(ms(20))
            .iter()
            .map(|span| (span.phase, span.from, span.length()))
            .collect();
        assert_eq!(
            spans,
            [
                (Phase::Connect, ms(0), ms(3)),
                (Phase::Send, ms(3), ms(1)),
                (Phase::Wait, ms(4), ms(6)),
                (Phase::Receive, ms(10), ms(10)),
            ]
        );
        assert_eq!(transit.over(Phase::Wait, ms(20)), Some(ms(10)));
        assert_eq!(transit.over(Phase::Tls, ms(20)), None);
    }

    #[test]
    fn an_older_row_has_nothing_and_a_new_one_is_read_as_written() {
        assert_eq!(
            serde_json::from_str::<Transit>("{}").unwrap(),
            Transit::default()
        );
        assert_eq!(serde_json::to_string(&Transit::default()).unwrap(), "{}");
        assert!(Transit::default().spans(ms(5)).is_empty());
    }
}
