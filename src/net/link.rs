//! What is known of one connection, for every exchange that goes over it.

use std::net::SocketAddr;

use rustls::{HandshakeKind, ProtocolVersion, SupportedCipherSuite};
use tokio_rustls::client::TlsStream;

use crate::model::Tls;

use super::{certificate, stream::Stream, wiretap::Wiretap};

/// A connection that was made.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) local: Option<SocketAddr>,
    /// Of the server, or of the proxy.
    pub(super) remote: Option<SocketAddr>,
    /// Whether a proxy takes the requests and passes them on, so that they name the whole URL.
    pub(super) is_forwarded: bool,
    /// With the server; where the requests are forwarded, with the proxy.
    pub(super) tls: Option<Tls>,
    /// Whether HTTP/2 is spoken without asking.
    pub(super) is_http2_only: bool,
    tap: Wiretap,
}

impl Link {
    pub(super) fn new(stream: &Stream, tls: Option<Tls>, is_forwarded: bool) -> Self {
        let (local, remote) = stream.addresses();
        Self {
            local,
            remote,
            is_forwarded,
            tls,
            is_http2_only: false,
            tap: Wiretap::default(),
        }
    }

    pub(super) fn is_http2(&self) -> bool {
        let alpn = self.tls.as_ref().and_then(|tls| tls.alpn.as_deref());
        self.is_http2_only || alpn == Some("h2")
    }

    /// `None` over HTTP/2, which is no text, and where several exchanges go at once.
    pub(super) fn tap(&self) -> Option<&Wiretap> {
        (!self.is_http2()).then_some(&self.tap)
    }
}

/// What a handshake agreed on.
pub(super) fn agreed(stream: &TlsStream<Stream>, host: &str, trusted: bool) -> Tls {
    let (_, session) = stream.get_ref();
    let alpn = session.alpn_protocol();
    Tls {
        host: host.to_owned(),
        version: session.protocol_version().map(version_name),
        cipher: session.negotiated_cipher_suite().map(cipher_name),
        group: session
            .negotiated_key_exchange_group()
            .and_then(|group| group.name().as_str().map(str::to_owned)),
        alpn: alpn.map(|name| String::from_utf8_lossy(name).into_owned()),
        resumed: session.handshake_kind() == Some(HandshakeKind::Resumed),
        trusted,
        certificates: certificate::read_chain(session.peer_certificates().unwrap_or_default()),
    }
}

fn version_name(version: ProtocolVersion) -> String {
    match version {
        ProtocolVersion::TLSv1_3 => "TLS 1.3".to_owned(),
        ProtocolVersion::TLSv1_2 => "TLS 1.2".to_owned(),
        other => format!("{other:?}"),
    }
}

/// rustls tells the suites of TLS 1.3 apart by a `TLS13_` that the registry does not have.
fn cipher_name(suite: SupportedCipherSuite) -> String {
    let suite = suite.suite();
    let name = suite
        .as_str()
        .map_or_else(|| format!("{suite:?}"), str::to_owned);
    name.replacen("TLS13_", "TLS_", 1)
}
