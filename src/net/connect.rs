//! Making a connection, straight or by way of a proxy: name resolution, TCP and TLS, with their phases
//! and their common timeout.

use std::{sync::Arc, time::Duration};

use http::{Uri, uri::Scheme};
use hyper_util::client::{
    legacy::connect::proxy::{SocksV4, SocksV5},
    proxy::matcher::{Intercept, Matcher},
};
use rustls::ClientConfig;
use tower_service::Service;

use crate::{model::Tls, units::human_duration};

use super::{
    dial::{BoxError, Dialler, authority_of, host_of, port_of, secure},
    link::Link,
    resolve::Resolver,
    stream::Stream,
    tracker::with_current,
    tunnel,
};

/// The connection was not there in time.
#[derive(Debug, thiserror::Error)]
#[error("there was no connection after {}", human_duration(*.0))]
pub(super) struct ConnectTimedOut(Duration);

/// Something failed on the way to a proxy, or the proxy goes no further.
#[derive(Debug, thiserror::Error)]
#[error("the proxy made no way to the server")]
pub(super) struct NoWay(#[source] pub(super) BoxError);

/// What all connections of one way have in common.
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

/// What a proxy has made of the way to a server.
struct Passage {
    stream: Stream,
    /// TLS with the proxy itself.
    tls: Option<Tls>,
    /// Whether the proxy takes the requests and passes them on.
    is_forwarded: bool,
}

impl Passage {
    /// What leads to the server itself.
    fn to_server(stream: Stream) -> Self {
        Self {
            stream,
            tls: None,
            is_forwarded: false,
        }
    }
}

impl Route {
    /// A connection to the server of the URL, within the connect timeout of the hop under way.
    pub(super) async fn open(&self, uri: Uri) -> Result<(Stream, Link), BoxError> {
        let limit = with_current(|tracker| {
            tracker.connecting();
            tracker.connect_timeout()
        });
        let connecting = self.connect(uri);
        match limit {
            Some(limit) => tokio::time::timeout(limit, connecting)
                .await
                .map_err(|_| ConnectTimedOut(limit))?,
            None => connecting.await,
        }
    }

    async fn connect(&self, uri: Uri) -> Result<(Stream, Link), BoxError> {
        let proxies = self.proxies.as_ref();
        let way = match proxies.and_then(|proxies| proxies.intercept(&uri)) {
            Some(proxy) if kind(&proxy).starts_with("socks") => {
                // That the server's name stands for nothing is not the proxy's fault.
                let target = self.socks_target(&proxy, &uri).await?;
                let stream = self.through_socks(&proxy, target).await;
                Passage::to_server(stream.map_err(NoWay)?)
            }
            Some(proxy) => self.by_way_of(&proxy, &uri).await.map_err(NoWay)?,
            None => Passage::to_server(self.dialler.clone().dial(uri.clone()).await?),
        };
        let (stream, tls) = if uri.scheme() == Some(&Scheme::HTTPS) {
            let config = Arc::clone(&self.tls);
            let host = host_of(&uri);
            let (stream, tls) = secure(way.stream, config, &host, self.checks).await?;
            (stream, Some(tls))
        } else {
            (way.stream, way.tls)
        };
        let mut link = Link::new(&stream, tls, way.is_forwarded);
        link.is_http2_only = self.is_http2_only;
        Ok((stream, link))
    }

    /// A proxy of HTTP, which makes a tunnel for https and passes on what is plain.
    async fn by_way_of(&self, proxy: &Intercept, uri: &Uri) -> Result<Passage, BoxError> {
        let dialler = self.dialler.clone();
        let (stream, tls) = dialler.dial_proxy(proxy.uri().clone(), self.checks).await?;
        if uri.scheme() == Some(&Scheme::HTTPS) {
            let stream = tunnel::through(stream, uri, proxy.basic_auth()).await?;
            Ok(Passage::to_server(stream))
        } else {
            Ok(Passage {
                stream,
                tls,
                is_forwarded: true,
            })
        }
    }

    /// RFC 1928.
    async fn through_socks(&self, proxy: &Intercept, target: Uri) -> Result<Stream, BoxError> {
        let address = proxy.uri().clone();
        let dialler = self.dialler.clone();
        let stream = if kind(proxy).starts_with("socks4") {
            SocksV4::new(address, dialler).call(target).await?
        } else {
            let mut socks = SocksV5::new(address, dialler);
            if let Some((user, password)) = proxy.raw_auth() {
                socks = socks.with_auth(user.to_owned(), password.to_owned());
            }
            socks.call(target).await?
        };
        Ok(stream.into_inner())
    }

    /// What a proxy is asked for. One of the kinds of SOCKS without an `a` or an `h` is given an address, not a
    /// name.
    async fn socks_target(&self, proxy: &Intercept, uri: &Uri) -> Result<Uri, BoxError> {
        let by_address = matches!(kind(proxy), "socks4" | "socks5");
        let host = uri.host().unwrap_or_default();
        let scheme = uri.scheme_str().unwrap_or("http");
        let is_name = host_of(uri).parse::<std::net::IpAddr>().is_err();
        let found = if by_address && is_name {
            self.resolver.look_up(host).await?.first().copied()
        } else {
            None
        };
        let authority = match found {
            Some(mut found) => {
                found.set_port(port_of(uri));
                found.to_string()
            }
            None => authority_of(uri),
        };
        Ok(format!("{scheme}://{authority}").parse()?)
    }
}

fn kind(proxy: &Intercept) -> &str {
    proxy.uri().scheme_str().unwrap_or_default()
}
