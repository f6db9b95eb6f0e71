//! What all sends share: the connections that are kept open, built on first use.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hyper_util::{
    client::legacy,
    rt::{TokioExecutor, TokioTimer},
};
use rustls::pki_types::CertificateDer;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::model::{PreparedRequest, Transport};

use super::{
    Answers, Progress, Sent,
    connect::{Connector, Route},
    heads::MOST_FIELDS,
    journey,
    proxy::{Proxies, Way},
    tokens::Tokens,
    transport::{self, TransportError},
    upload::Upload,
};

/// How much of a body is kept, in bytes; a longer one is cut off there and the send is a failure
/// that says so. A server that never ends must not fill the disk.
pub const MAX_BODY: usize = 64 * 1024 * 1024 * 1024;

/// How much of a body is kept in memory, in bytes; a longer one goes to the disk.
const IN_MEMORY: usize = 4 * 1024 * 1024;

/// How long a connection is kept for a further send. Routers and firewalls forget silent ones soon,
/// and a request written into a forgotten one is answered by nobody.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

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
        let _ = self.shared.engine(Way::default(), &Transport::default());
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
    pub(super) proxies: Proxies,
    pub(super) tokens: Tokens,
    /// The engines by the way that they go, the latest last.
    engines: Mutex<Vec<(Key, Engine)>>,
}

/// What an engine is made for: a transport, and whether a proxy is used.
type Key = (Transport, bool);

/// hyper's client with our connections: it adds nothing, follows nothing and decodes nothing. It sends
/// once more only what a kept connection had not taken when it turned out to be closed.
pub(super) type Engine = legacy::Client<Connector, Upload>;

impl Shared {
    /// Straight, or by way of a proxy.
    pub(super) fn way(&self, url: &Url, transport: &Transport) -> Way {
        self.proxies.way(url, transport)
    }

    /// The engine that goes this way.
    pub(super) fn engine(&self, way: Way, transport: &Transport) -> Result<Engine, TransportError> {
        // Files are read anew after an error: the user may have mended them.
        let mut engines = self.engines.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (transport.clone(), way.proxied);
        if let Some((_, engine)) = engines.iter().find(|(known, _)| *known == key) {
            return Ok(engine.clone());
        }
        let proxies = way.proxied.then(|| self.proxies.matcher(transport));
        let route = transport::prepare(transport, &self.settings.roots, proxies)?;
        let engine = build(route);
        if engines.len() == MAX_ROUTES {
            engines.remove(0);
        }
        engines.push((key, engine.clone()));
        Ok(engine)
    }
}

fn build(route: Route) -> Engine {
    let mut builder = legacy::Client::builder(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_max_headers(MOST_FIELDS)
        .http2_only(route.is_http2_only);
    builder.build(Connector::new(route))
}
