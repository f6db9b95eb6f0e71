//! From a name to its addresses: those that the request gives, else what the system's resolver says.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    vec,
};

use hyper_util::client::legacy::connect::dns::Name;
use tower_service::Service;

use crate::model::Phase;

use super::tracker::with_current;

/// A name that has no address, or a resolver that did not say.
#[derive(Debug, thiserror::Error)]
#[error("the name “{name}” could not be turned into an address")]
pub(super) struct LookupFailed {
    name: String,
    source: io::Error,
}

/// The system's resolver (`getaddrinfo`), which knows /etc/hosts and the VPN's names, and before it the
/// pairs of the request.
#[derive(Clone)]
pub(super) struct Resolver {
    given: Arc<[(String, IpAddr)]>,
}

impl Resolver {
    pub(super) fn new(given: Vec<(String, IpAddr)>) -> Self {
        Self {
            given: given.into(),
        }
    }

    /// The addresses of a name, with the port 0; what is found is told.
    pub(super) async fn look_up(&self, name: &str) -> Result<Vec<SocketAddr>, LookupFailed> {
        let given: Vec<SocketAddr> = self
            .given
            .iter()
            .filter(|(host, _)| host.eq_ignore_ascii_case(name))
            .map(|(_, address)| (*address, 0).into())
            .collect();
        let addresses = if given.is_empty() {
            with_current(|tracker| tracker.connecting_by(Phase::Resolve));
            ask_system(name).await?
        } else {
            given
        };
        with_current(|tracker| {
            tracker.resolved(addresses.iter().map(|it| it.ip().to_string()));
            tracker.connecting_by(Phase::Connect);
        });
        Ok(addresses)
    }
}

async fn ask_system(name: &str) -> Result<Vec<SocketAddr>, LookupFailed> {
    let failed = |source| LookupFailed {
        name: name.to_owned(),
        source,
    };
    let addresses: Vec<_> = tokio::net::lookup_host((name, 0))
        .await
        .map_err(failed)?
        .collect();
    if addresses.is_empty() {
        let reason = io::Error::new(io::ErrorKind::NotFound, "it has no addresses");
        return Err(failed(reason));
    }
    Ok(addresses)
}

/// What hyper's TCP connector asks for.
impl Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = LookupFailed;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, LookupFailed>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), LookupFailed>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let resolver = self.clone();
        Box::pin(async move {
            let addresses = resolver.look_up(name.as_str()).await?;
            Ok(addresses.into_iter())
        })
    }
}
