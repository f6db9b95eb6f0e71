//! What all sends share: the connections that are kept open, built on first use.

use std::{
    borrow::Cow,
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rustls::pki_types::CertificateDer;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::model::{PreparedRequest, Transport};

use super::{
    Answers, Progress, Sent,
    connect::{Resolver, WatchConnecting},
    connections::Connections,
    journey,
    proxy::{Proxies, Way},
    tokens::Tokens,
    transport::{self, TransportError},
};

/// How much of a body is kept, in bytes; a longer one is cut off there and the send is a failure
/// that says so. A server that never ends must not fill the disk.
pub const MAX_BODY: usize = 64 * 1024 * 1024 * 1024;

/// How much of a body is kept in memory, in bytes; a longer one goes to the disk.
const IN_MEMORY: usize = 4 * 1024 * 1024;

/// How long a connection is kept for a further send. Routers and firewalls forget silent ones soon,
/// and a request written into a forgotten one is answered by nobody.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// How many header fields a response may have; hyper's own limit of 100 rejects real replies.
const MAX_HEADERS: usize = 1000;

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
        let _ = self.shared.client(&Way::default(), &Transport::default());
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
    pub(super) connections: Connections,
    /// The clients by the way that they go, the latest last.
    clients: Mutex<Vec<(Route, reqwest::Client)>>,
}

/// What a reqwest client is made for: a transport, and whether the environment's proxy is used.
type Route = (Transport, bool);

impl Shared {
    /// Straight, or by way of a proxy.
    pub(super) fn way(&self, url: &Url, transport: &Transport) -> Way {
        self.proxies.way(url, transport)
    }

    /// The client that goes this way.
    pub(super) fn client(
        &self,
        way: &Way,
        transport: &Transport,
    ) -> Result<reqwest::Client, TransportError> {
        // Files are read anew after an error: the user may have mended them.
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let route = (transport.clone(), way.is_proxied());
        if let Some((_, client)) = clients.iter().find(|(known, _)| *known == route) {
            return Ok(client.clone());
        }
        let client = build(&self.settings, way, transport)?;
        if clients.len() == MAX_ROUTES {
            clients.remove(0);
        }
        clients.push((route, client.clone()));
        Ok(client)
    }
}

/// A reqwest client that adds nothing, follows nothing, repeats nothing and decodes nothing.
fn build(
    settings: &Settings,
    way: &Way,
    transport: &Transport,
) -> Result<reqwest::Client, TransportError> {
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_max_headers(MAX_HEADERS)
        // What is no HTTP at all is told by what it says, not by the parser's complaint.
        .http09_responses()
        .pool_idle_timeout(IDLE_TIMEOUT)
        .dns_resolver(Resolver)
        .connector_layer(WatchConnecting);
    if !way.is_proxied() {
        builder = builder.no_proxy();
    }
    let prepared = transport::prepare(transport, &settings.roots)?;
    prepared
        .apply(builder)?
        .build()
        .map_err(TransportError::Client)
}
