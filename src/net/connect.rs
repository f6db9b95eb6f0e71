//! Making a connection, straight or by way of a proxy: name resolution, TCP and TLS, with their phases
//! and their common timeout.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{Uri, uri::Scheme};
use hyper_util::{
    client::{
        legacy::connect::proxy::{SocksV4, SocksV5, Tunnel},
        proxy::matcher::{Intercept, Matcher},
    },
    rt::TokioIo,
};
use rustls::ClientConfig;
use tower_service::Service;

use crate::{
    model::{Phase, Tls},
    units::human_duration,
};

use super::{
    dial::{BoxError, Dialler, host_of, secure},
    link::Link,
    resolve::Resolver,
    stream::Stream,
    tracker::{Tracker, with_current},
    wiretap::Tapped,
};

/// The connection was not there in time.
#[derive(Debug, thiserror::Error)]
#[error("there was no connection after {}", human_duration(*.0))]
pub(super) struct ConnectTimedOut(Duration);

/// Something on the way to a proxy, or what the proxy answered.
#[derive(Debug, thiserror::Error)]
#[error("the proxy made no way to the server")]
struct NoWay(#[source] BoxError);

/// Makes the connections of one route.
#[derive(Clone)]
pub(super) struct Connector(Arc<Route>);

/// What all connections of a route have in common.
pub(super) struct Route {
    pub(super) dialler: Dialler,
    pub(super) resolver: Resolver,
    /// Which URLs go by way of which proxy.
    pub(super) proxies: Option<Arc<Matcher>>,
    pub(super) tls: Arc<ClientConfig>,
    /// Whether certificates are checked.
    pub(super) checks: bool,
    /// Whether HTTP/2 is spoken without asking.
    pub(super) is_http2_only: bool,
}

impl Connector {
    pub(super) fn new(route: Route) -> Self {
        Self(Arc::new(route))
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Tapped>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let route = Arc::clone(&self.0);
        Box::pin(async move {
            // The hop's own task polls this. Where none is found, hyper goes on with a connection
            // that it has no more need of.
            let limit = with_current(|tracker| {
                tracker.connecting();
                tracker.connect_timeout()
            });
            let connecting = route.connect(uri);
            let (stream, link) = match limit {
                Some(limit) => tokio::time::timeout(limit, connecting)
                    .await
                    .map_err(|_| ConnectTimedOut(limit))??,
                None => connecting.await?,
            };
            let link = Arc::new(link);
            with_current(|tracker| tracker.connected(&link));
            Ok(TokioIo::new(Tapped::new(stream, link)))
        })
    }
}

impl Route {
    async fn connect(&self, uri: Uri) -> Result<(Stream, Link), BoxError> {
        let proxies = self.proxies.as_ref();
        let (stream, proxy_tls, is_forwarded) =
            match proxies.and_then(|proxies| proxies.intercept(&uri)) {
                Some(proxy) => self.by_way_of(&proxy, &uri).await?,
                None => (self.dialler.clone().dial(uri.clone()).await?, None, false),
            };
        let (stream, tls) = if uri.scheme() == Some(&Scheme::HTTPS) {
            with_current(|tracker| tracker.connecting_by(Phase::Tls));
            let config = Arc::clone(&self.tls);
            let (stream, tls) = secure(stream, config, &host_of(&uri), self.checks).await?;
            (stream, Some(tls))
        } else {
            (stream, proxy_tls)
        };
        let mut link = Link::new(&stream, tls, is_forwarded);
        link.is_http2_only = self.is_http2_only;
        Ok((stream, link))
    }

    /// A stream that leads to the server, or to a proxy that passes requests on.
    async fn by_way_of(
        &self,
        proxy: &Intercept,
        uri: &Uri,
    ) -> Result<(Stream, Option<Tls>, bool), BoxError> {
        let scheme = proxy.uri().scheme_str().unwrap_or_default();
        if scheme.starts_with("socks") {
            return Ok((self.through_socks(proxy, uri).await?, None, false));
        }
        if uri.scheme() != Some(&Scheme::HTTPS) {
            let (stream, tls) = self.dialler.clone().dial_proxy(proxy.uri().clone()).await?;
            return Ok((stream, tls, true));
        }
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.dialler.clone());
        if let Some(credentials) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credentials.clone());
        }
        let stream = tunnel
            .call(uri.clone())
            .await
            .map_err(|error| NoWay(error.into()))?;
        Ok((stream.into_inner(), None, false))
    }

    /// RFC 1928. A proxy of the kinds without an `a` or an `h` is given an address, not a name.
    async fn through_socks(&self, proxy: &Intercept, uri: &Uri) -> Result<Stream, BoxError> {
        let address = proxy.uri().clone();
        let scheme = address.scheme_str().unwrap_or_default().to_owned();
        let target = self
            .socks_target(uri, !scheme.ends_with(['a', 'h']))
            .await?;
        let dialler = self.dialler.clone();
        let stream = if scheme.starts_with("socks4") {
            let mut socks = SocksV4::new(address, dialler);
            socks
                .call(target)
                .await
                .map_err(|error| NoWay(error.into()))?
        } else {
            let mut socks = SocksV5::new(address, dialler);
            if let Some((user, password)) = proxy.raw_auth() {
                socks = socks.with_auth(user.to_owned(), password.to_owned());
            }
            socks
                .call(target)
                .await
                .map_err(|error| NoWay(error.into()))?
        };
        Ok(stream.into_inner())
    }

    async fn socks_target(&self, uri: &Uri, by_address: bool) -> Result<Uri, BoxError> {
        let host = uri.host().unwrap_or_default();
        let scheme = uri.scheme_str().unwrap_or("http");
        let usual = if scheme == "https" { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(usual);
        let is_name = host_of(uri).parse::<std::net::IpAddr>().is_err();
        let found = if by_address && is_name {
            self.resolver.look_up(host).await?.first().copied()
        } else {
            None
        };
        let authority = match found {
            Some(mut found) => {
                found.set_port(port);
                found.to_string()
            }
            None => format!("{host}:{port}"),
        };
        Ok(format!("{scheme}://{authority}").parse()?)
    }
}

/// What the tracker is told when a connection is there.
impl Tracker {
    fn connected(&self, link: &Arc<Link>) {
        self.made(link);
        self.writing();
    }
}
