//! One request and its response over one connection: what `reqwest::Client::execute` does, done here because
//! its client keeps for itself what comes over the wire. hyper, which it is built on, speaks HTTP/1.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, Uri, header, uri::Scheme};
use hyper::{
    body::Body,
    client::conn::{TrySendError, http1},
};
use hyper_util::rt::TokioIo;

use crate::model::Header;

use super::{
    connect::Route,
    dial::BoxError,
    heads::MOST_FIELDS,
    http2::{self, Broken, Http2},
    link::Link,
    pool::{Origin, Pool, Returning},
    tracker::with_current,
    wiretap::{Heads, Tapped},
};

/// How long a kept connection may take to be ready for the next request. It is at once, but where the
/// server has answered before it was told everything.
const READY_WITHIN: Duration = Duration::from_secs(1);

/// What came in between.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExchangeError {
    #[error("this request cannot be sent")]
    Request(#[source] BoxError),
    #[error("there is no connection")]
    Connect(#[source] BoxError),
    #[error("the connection gave no answer")]
    Lost(#[from] hyper::Error),
    #[error("the connection gave no answer")]
    Broken(#[from] Broken),
}

impl ExchangeError {
    /// Whether it is sure that the server has done nothing about the request, although it was sent.
    pub(super) fn is_unprocessed(&self) -> bool {
        matches!(self, Self::Broken(why) if why.is_unprocessed())
    }
}

/// Sends requests one way, and keeps the connections for further ones.
#[derive(Clone)]
pub(super) struct Engine(Arc<Inner>);

struct Inner {
    route: Route,
    pool: Arc<Pool>,
}

/// A connection that can take a request.
pub(super) struct Connection {
    pub(super) sender: Sender,
    pub(super) link: Arc<Link>,
}

/// The end of a connection that requests are given to.
pub(super) enum Sender {
    Http1(http1::SendRequest<reqwest::Body>),
    /// Several exchanges go over it at once.
    Http2(Http2),
}

/// Why an exchange failed.
struct Failed {
    error: ExchangeError,
    /// The request where the connection has taken nothing of it.
    unsent: Option<Box<Request<reqwest::Body>>>,
}

impl From<TrySendError<Request<reqwest::Body>>> for Failed {
    fn from(mut refused: TrySendError<Request<reqwest::Body>>) -> Self {
        Self {
            unsent: refused.take_message().map(Box::new),
            error: refused.into_error().into(),
        }
    }
}

impl From<http2::Failed> for Failed {
    fn from(failed: http2::Failed) -> Self {
        Self {
            unsent: failed.unsent,
            error: failed.why.into(),
        }
    }
}

impl Engine {
    pub(super) fn new(route: Route) -> Self {
        Self(Arc::new(Inner {
            route,
            pool: Arc::default(),
        }))
    }

    /// Puts the request on the wire as it is, its fields in their writing and order where the version has
    /// one, and waits for the head of its response. It is sent once more only where a kept connection turned out to be closed before it took anything.
    pub(super) async fn execute(
        &self,
        request: reqwest::Request,
        fields: &[Header],
    ) -> Result<reqwest::Response, ExchangeError> {
        let mut request = Request::try_from(request)
            .map_err(|error| ExchangeError::Request(error.without_url().into()))?;
        let uri = request.uri().clone();
        let origin = Origin::of(&uri);
        loop {
            let (connection, is_kept) = self.connection(&origin, &uri).await?;
            let link = Arc::clone(&connection.link);
            note_taken(&link, is_kept);
            // One that did not take the request has named its target already.
            request.uri_mut().clone_from(&uri);
            let Failed { error, unsent } =
                match self.exchange(connection, &origin, request, fields).await {
                    Ok(response) => return Ok(response),
                    Err(failed) => failed,
                };
            if error.is_unprocessed() {
                self.0.pool.forget(&link);
            }
            match unsent.filter(|_| is_kept) {
                Some(unsent) => request = *unsent,
                None => return Err(error),
            }
        }
    }

    async fn exchange(
        &self,
        mut connection: Connection,
        origin: &Origin,
        mut request: Request<reqwest::Body>,
        fields: &[Header],
    ) -> Result<reqwest::Response, Failed> {
        match &mut connection.sender {
            Sender::Http1(sender) => {
                if let Some(tap) = connection.link.tap() {
                    tap.begin(fields);
                }
                name_target(&mut request, connection.link.is_forwarded);
                let response = sender.try_send_request(request).await?;
                Ok(self.received(response, connection, origin))
            }
            Sender::Http2(sender) => {
                let response = sender.send(request).await?;
                Ok(self.received(response, connection, origin))
            }
        }
    }

    /// A kept connection, else one that is made, else one that another exchange leaves meanwhile.
    async fn connection(
        &self,
        origin: &Origin,
        uri: &Uri,
    ) -> Result<(Connection, bool), ExchangeError> {
        while let Some(kept) = self.0.pool.take(origin) {
            if let Some(kept) = kept.ready().await {
                return Ok((kept, true));
            }
        }
        tokio::select! {
            made = self.connect(uri) => Ok((made?, false)),
            left = self.left_over(origin) => Ok((left, true)),
        }
    }

    async fn left_over(&self, origin: &Origin) -> Connection {
        loop {
            if let Some(left) = self.0.pool.next(origin).await.ready().await {
                return left;
            }
        }
    }

    async fn connect(&self, uri: &Uri) -> Result<Connection, ExchangeError> {
        with_current(|tracker| tracker.note(|seen| seen.link = None));
        let opened = self.0.route.open(uri.clone()).await;
        let (stream, link) = opened.map_err(ExchangeError::Connect)?;
        let link = Arc::new(link);
        // Over HTTP/1 the server may say something before it is asked.
        with_current(|tracker| tracker.note(|seen| seen.link = Some(Arc::clone(&link))));
        let tapped = Tapped::new(stream, Arc::clone(&link));
        let sender = if link.is_http2() {
            Sender::Http2(Http2::begin(tapped).await?)
        } else {
            let (mut sender, connection) = lenient().handshake(TokioIo::new(tapped)).await?;
            tokio::spawn(connection.with_upgrades());
            sender.ready().await?;
            Sender::Http1(sender)
        };
        with_current(super::tracker::Tracker::writing);
        Ok(Connection { sender, link })
    }

    /// The connection is kept once the body has come to its end.
    fn received<B>(
        &self,
        response: Response<B>,
        connection: Connection,
        origin: &Origin,
    ) -> reqwest::Response
    where
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + Sync + Unpin + 'static,
    {
        let pool = Arc::downgrade(&self.0.pool);
        let returning = Returning::new(pool, origin.clone(), connection);
        reqwest::Response::from(response.map(|body| returning.with(body)))
    }
}

impl Connection {
    /// `None` where it has been closed meanwhile, or is still busy.
    async fn ready(mut self) -> Option<Self> {
        let is_ready = match &mut self.sender {
            Sender::Http1(sender) => {
                let ready = tokio::time::timeout(READY_WITHIN, sender.ready()).await;
                matches!(ready, Ok(Ok(())))
            }
            Sender::Http2(sender) => !sender.is_closed(),
        };
        is_ready.then_some(self)
    }
}

/// This connection takes the request.
fn note_taken(link: &Arc<Link>, is_kept: bool) {
    with_current(|tracker| {
        tracker.note(|seen| {
            seen.link = Some(Arc::clone(link));
            seen.is_kept = is_kept;
            seen.framed = Heads::default();
        });
    });
}

/// HTTP/1 as real servers write it.
pub(super) fn lenient() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .ignore_invalid_headers_in_responses(true)
        .max_headers(MOST_FIELDS);
    builder
}

/// What an HTTP/1 request line and its Host field name: RFC 9112, Section 3.2.
fn name_target(request: &mut Request<reqwest::Body>, is_forwarded: bool) {
    let uri = request.uri().clone();
    let Some(authority) = uri.authority() else {
        return;
    };
    if let Ok(host) = HeaderValue::from_str(authority.as_str()) {
        request.headers_mut().entry(header::HOST).or_insert(host);
    }
    let target = if request.method() == Method::CONNECT {
        authority.as_str().parse()
    } else if is_forwarded && uri.scheme() == Some(&Scheme::HTTP) {
        return;
    } else {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        path.parse()
    };
    if let Ok(target) = target {
        *request.uri_mut() = target;
    }
}
