//! What all sends share: the connections that are kept open, built on first use.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use rustls::pki_types::CertificateDer;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::model::PreparedRequest;

use super::{
    Progress, Sent,
    connect::{Resolver, WatchConnecting},
    journey,
    proxy::{Proxies, Way},
    tls,
    tokens::Tokens,
};

/// How much of a body is kept, in bytes; a longer one is cut off there and the send is a failure
/// that says so.
pub const MAX_BODY: usize = 64 * 1024 * 1024;

/// How long a connection is kept for a further send. Routers and firewalls forget silent ones soon,
/// and a request written into a forgotten one is answered by nobody.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// How many header fields a response may have; hyper's own limit of 100 rejects real replies.
const MAX_HEADERS: usize = 1000;

/// What a [`Client`] is told once, for all its sends.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Certificates of authorities that are trusted beside those of the system.
    pub roots: Vec<CertificateDer<'static>>,
    /// How much of a body is kept, in bytes.
    pub max_body: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            roots: Vec::new(),
            max_body: MAX_BODY,
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
        journey::travel(&self.shared, prepared, cancel, progress).await
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
    direct: OnceLock<reqwest::Client>,
    proxied: OnceLock<reqwest::Client>,
}

impl Shared {
    /// Straight, or by way of the proxy that the environment names.
    pub(super) fn way(&self, url: &Url) -> Way {
        self.proxies.way(url)
    }

    /// The client that goes this way.
    pub(super) fn client(&self, way: Way) -> Result<reqwest::Client, reqwest::Error> {
        let cell = if way.proxied {
            &self.proxied
        } else {
            &self.direct
        };
        if let Some(client) = cell.get() {
            return Ok(client.clone());
        }
        let client = build(&self.settings, way)?;
        // Where two sends come here at once, both go on with the one that was first.
        Ok(cell.get_or_init(|| client).clone())
    }
}

/// A reqwest client that adds nothing, follows nothing, repeats nothing and decodes nothing.
fn build(settings: &Settings, way: Way) -> Result<reqwest::Client, reqwest::Error> {
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_max_headers(MAX_HEADERS)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .dns_resolver(Resolver)
        .connector_layer(WatchConnecting)
        .tls_backend_preconfigured(tls::config(settings.roots.clone()));
    if !way.proxied {
        builder = builder.no_proxy();
    }
    builder.build()
}
