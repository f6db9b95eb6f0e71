//! What all sends share: the connections that are kept open, built on first use.

use std::{
    borrow::Cow,
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use http::header::PROXY_AUTHORIZATION;
use rustls::pki_types::CertificateDer;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::model::{Header, PreparedRequest, Transport, find_header};

use super::{
    Answers, Progress, Sent,
    exchange::Engine,
    journey,
    outgoing::Outgoing,
    proxy::{Proxies, Way},
    tokens::Tokens,
    transport::{self, TransportError},
};

/// How much of a body is kept, in bytes; a longer one is cut off there and the send is a failure
/// that says so. A server that never ends must not fill the disk.
pub const MAX_BODY: usize = 64 * 1024 * 1024 * 1024;

/// How much of a body is kept in memory, in bytes; a longer one goes to the disk.
const IN_MEMORY: usize = 4 * 1024 * 1024;

/// How many ways are kept open at once; the one made first is closed for a further one.
const MAX_ROUTES: usize = 16;

/// What a [`Client`] is told once, for all its sends.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Certificates of authorities that are trusted beside those of the system.
    pub roots: Vec<CertificateDer<'static>>,
    /// How much of a body is kept, in bytes.
    pub max_body: usize,
    /// How much of it is kept in memory, in bytes; what is longer goes to a file in `spill`.
    pub in_memory: usize,
    pub spill: PathBuf,
    /// Whether it is told what has arrived of a body while it is arriving.
    pub tells_arriving: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            roots: Vec::new(),
            max_body: MAX_BODY,
            in_memory: IN_MEMORY,
            spill: std::env::temp_dir(),
            tells_arriving: false,
        }
    }
}

impl Settings {
    /// As they are, or for a body of which nothing may be on the disk.
    pub(super) fn within(&self, may_use_disk: bool) -> Cow<'_, Self> {
        if may_use_disk {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Self {
            in_memory: usize::MAX,
            ..self.clone()
        })
    }
}

/// Sends prepared requests. Clones share their connections.
#[derive(Clone, Default)]
pub struct Client {
    shared: Arc<Shared>,
}

impl Client {
    /// Costs nothing: everything is built on first use.
    pub fn new() -> Self {
        Self::default()
    }

    pub fn with_settings(settings: Settings) -> Self {
        Self {
            shared: Arc::new(Shared {
                settings,
                ..Shared::default()
            }),
        }
    }

    /// Builds what the usual way needs, so that the first send does not wait for it.
    pub fn warm(&self) {
        // Where it fails, the first send says so.
        let _ = self.shared.engine(&Way::default(), &Transport::default());
    }

    /// Sends the request, follows its redirects as its options say, and tells how it goes.
    ///
    /// Whatever happens is in the [`Sent`]: this never fails otherwise. Cancelling, as well as
    /// dropping the future, closes the connection.
    pub async fn send(
        &self,
        prepared: &PreparedRequest,
        cancel: &CancellationToken,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Sent {
        journey::travel(&self.shared, prepared, cancel, progress, None).await
    }

    /// As [`Client::send`]; the user is asked at redirects where the options say so.
    pub async fn send_asking(
        &self,
        prepared: &PreparedRequest,
        cancel: &CancellationToken,
        progress: &(dyn Fn(Progress) + Send + Sync),
        answers: Answers,
    ) -> Sent {
        journey::travel(&self.shared, prepared, cancel, progress, Some(answers)).await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Client")
    }
}

/// What the clones of a client share.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) settings: Settings,
    proxies: Proxies,
    pub(super) tokens: Tokens,
    /// The engines by the way that they go, the latest last.
    engines: Mutex<Vec<(Route, Engine)>>,
}

/// What an engine is made for: a transport, and whether a proxy is used.
type Route = (Transport, bool);

impl Shared {
    /// Straight, or by way of a proxy.
    pub(super) fn way(&self, url: &Url, transport: &Transport) -> Way {
        self.proxies.way(url, transport)
    }

    /// The request as it goes on the wire: with what the proxy that passes it on is shown, and no server.
    pub(super) fn to_proxy<'a>(
        &self,
        outgoing: &'a Outgoing,
        transport: &Transport,
    ) -> Cow<'a, Outgoing> {
        let name = PROXY_AUTHORIZATION.as_str();
        let credentials = self.proxies.credentials(&outgoing.url, transport);
        match credentials.filter(|_| find_header(&outgoing.headers, name).is_none()) {
            Some(credentials) => {
                let mut shown = outgoing.clone();
                shown
                    .headers
                    .push(Header::new(name, credentials.as_bytes()));
                Cow::Owned(shown)
            }
            None => Cow::Borrowed(outgoing),
        }
    }

    /// The engine that goes this way.
    pub(super) fn engine(
        &self,
        way: &Way,
        transport: &Transport,
    ) -> Result<Engine, TransportError> {
        // Files are read anew after an error: the user may have mended them.
        let mut engines = self.engines.lock().unwrap_or_else(PoisonError::into_inner);
        let route = (transport.clone(), way.is_proxied());
        if let Some((_, engine)) = engines.iter().find(|(known, _)| *known == route) {
            return Ok(engine.clone());
        }
        let proxies = way.is_proxied().then(|| self.proxies.matcher(transport));
        let prepared = transport::prepare(transport, &self.settings.roots, proxies)?;
        let engine = Engine::new(prepared);
        if engines.len() == MAX_ROUTES {
            engines.remove(0);
        }
        engines.push((route, engine.clone()));
        Ok(engine)
    }
}
