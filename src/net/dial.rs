//! From nothing to a stream of bytes: TCP or a Unix socket, and TLS to a proxy that asks for it.

use std::{
    error::Error,
    path::PathBuf,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{Uri, uri::Scheme};
use hyper_util::{client::legacy::connect::HttpConnector, rt::TokioIo};
use rustls::{ClientConfig, pki_types::ServerName};
use tokio_rustls::TlsConnector;
use tower_service::Service;

use crate::model::{Phase, Tls};

use super::{link, resolve::Resolver, stream::Stream, tracker::with_current};

pub(super) type BoxError = Box<dyn Error + Send + Sync>;

/// After so long without a word the system asks whether the peer is still there, so often.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const KEEP_ALIVE_TRIES: u32 = 3;

/// How long the peer may leave sent bytes without a receipt (`TCP_USER_TIMEOUT`).
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// A URL of a host that no certificate can be for.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is no name that a certificate could be for")]
struct NoServerName(String);

/// Makes streams.
#[derive(Clone)]
pub(super) struct Dialler {
    tcp: HttpConnector<Resolver>,
    /// The path of a Unix socket that takes the place of every address.
    socket: Option<PathBuf>,
    /// For proxies that are spoken to through TLS.
    proxy_tls: Arc<ClientConfig>,
}

impl Dialler {
    pub(super) fn new(
        resolver: Resolver,
        socket: Option<PathBuf>,
        proxy_tls: Arc<ClientConfig>,
    ) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(resolver);
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(KEEP_ALIVE));
        tcp.set_keepalive_interval(Some(KEEP_ALIVE));
        tcp.set_keepalive_retries(Some(KEEP_ALIVE_TRIES));
        #[cfg(target_os = "linux")]
        tcp.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
        Self {
            tcp,
            socket,
            proxy_tls,
        }
    }

    /// A stream to the host and port of the URL, whatever its scheme.
    pub(super) async fn dial(mut self, uri: Uri) -> Result<Stream, BoxError> {
        #[cfg(unix)]
        if let Some(path) = &self.socket {
            with_current(|tracker| tracker.connecting_by(Phase::Connect));
            return Ok(Stream::Unix(tokio::net::UnixStream::connect(path).await?));
        }
        let stream = self.tcp.call(uri).await?;
        Ok(Stream::Tcp(stream.into_inner()))
    }

    /// A stream to a proxy, and what TLS with it agreed on, where its URL asks for TLS. `trusted` is for
    /// one whose certificates are checked.
    pub(super) async fn dial_proxy(
        self,
        proxy: Uri,
        trusted: bool,
    ) -> Result<(Stream, Option<Tls>), BoxError> {
        let config = Arc::clone(&self.proxy_tls);
        let is_secure = proxy.scheme() == Some(&Scheme::HTTPS);
        let host = host_of(&proxy);
        let stream = self.dial(proxy).await?;
        let (stream, tls) = if is_secure {
            let (stream, tls) = secure(stream, config, &host, trusted).await?;
            (stream, Some(tls))
        } else {
            (stream, None)
        };
        reached_proxy();
        Ok((stream, tls))
    }
}

/// A connector for what hyper-util knows of SOCKS: it connects to the proxy itself.
impl Service<Uri> for Dialler {
    type Response = TokioIo<Stream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, proxy: Uri) -> Self::Future {
        let dialler = self.clone();
        Box::pin(async move {
            let stream = dialler.dial(proxy).await?;
            reached_proxy();
            Ok(TokioIo::new(stream))
        })
    }
}

/// What fails from here on is what the proxy does, not the way to it.
fn reached_proxy() {
    with_current(|tracker| tracker.note(|seen| seen.proxy_reached = true));
}

/// TLS over a stream, with the server of this name.
pub(super) async fn secure(
    stream: Stream,
    config: Arc<ClientConfig>,
    host: &str,
    trusted: bool,
) -> Result<(Stream, Tls), BoxError> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| NoServerName(host.to_owned()))?;
    with_current(|tracker| tracker.connecting_by(Phase::Tls));
    let stream = TlsConnector::from(config).connect(name, stream).await?;
    let tls = link::agreed(&stream, host, trusted);
    Ok((Stream::Tls(Box::new(stream)), tls))
}

/// The port of a URL, whether it names one or not.
pub(super) fn port_of(uri: &Uri) -> u16 {
    let is_https = uri.scheme() == Some(&Scheme::HTTPS);
    uri.port_u16().unwrap_or(if is_https { 443 } else { 80 })
}

/// The host and the port of a URL.
pub(super) fn authority_of(uri: &Uri) -> String {
    format!("{}:{}", uri.host().unwrap_or_default(), port_of(uri))
}

/// The host of a URL, an IPv6 address without its brackets.
pub(super) fn host_of(uri: &Uri) -> String {
    let host = uri.host().unwrap_or_default();
    host.trim_matches(['[', ']']).to_owned()
}
