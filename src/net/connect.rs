//! Making a connection: name resolution, TCP and TLS, with their phases and their common timeout.

use std::{
    error::Error,
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower_layer::Layer;
use tower_service::Service;

use crate::{model::Phase, units::human_duration};

use super::tracker::{Tracker, with_current};

type BoxError = Box<dyn Error + Send + Sync>;

/// The connection was not there in time.
#[derive(Debug, thiserror::Error)]
#[error("there was no connection after {}", human_duration(*.0))]
pub(super) struct ConnectTimedOut(Duration);

/// A name that has no address, or a resolver that did not say.
#[derive(Debug, thiserror::Error)]
#[error("the name “{name}” could not be turned into an address")]
pub(super) struct LookupFailed {
    name: String,
    source: io::Error,
}

/// The system's resolver (`getaddrinfo`), which knows /etc/hosts and the VPN's names.
pub(super) struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            with_current(|tracker| tracker.connecting_by(Phase::Resolve));
            let addresses = look_up(name.as_str()).await?;
            with_current(|tracker| {
                tracker.resolved(addresses.iter().map(|it| it.ip().to_string()));
                tracker.connecting_by(Phase::Connect);
            });
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

async fn look_up(name: &str) -> Result<Vec<SocketAddr>, LookupFailed> {
    let failed = |source| LookupFailed {
        name: name.to_owned(),
        source,
    };
    // The port is set by reqwest.
    let addresses: Vec<_> = tokio::net::lookup_host((name, 0))
        .await
        .map_err(failed)?
        .collect();
    if addresses.is_empty() {
        return Err(failed(io::Error::new(
            io::ErrorKind::NotFound,
            "it has no addresses",
        )));
    }
    Ok(addresses)
}

/// Goes around reqwest's connector: the beginning and the end of connecting, and its timeout, which
/// is another one for each request.
#[derive(Clone)]
pub(super) struct WatchConnecting;

impl<S> Layer<S> for WatchConnecting {
    type Service = Watched<S>;

    fn layer(&self, connector: S) -> Watched<S> {
        Watched { connector }
    }
}

/// A connector that is watched.
#[derive(Clone)]
pub(super) struct Watched<S> {
    connector: S,
}

impl<S, Target> Service<Target> for Watched<S>
where
    S: Service<Target, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        let connecting = self.connector.call(target);
        Box::pin(async move {
            // The hop's own task polls this. Where none is found, hyper goes on with a connection
            // that it has no more need of.
            let limit = with_current(|tracker| {
                tracker.connecting();
                tracker.connect_timeout()
            });
            let connection = match limit {
                Some(limit) => tokio::time::timeout(limit, connecting)
                    .await
                    .map_err(|_| ConnectTimedOut(limit))??,
                None => connecting.await?,
            };
            with_current(Tracker::writing);
            Ok(connection)
        })
    }
}
