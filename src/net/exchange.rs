//! One request and its response over one connection: what `reqwest::Client::execute` does, done here because
//! its client keeps for itself what comes over the wire. hyper, which it is built on, speaks HTTP.

use std::{sync::Arc, time::Duration};

use http::{HeaderValue, Method, Request, Response, Uri, header, uri::Scheme};
use hyper::{
    body::Incoming,
    client::conn::{TrySendError, http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};

use crate::model::Header;

use super::{
    connect::Route,
    dial::BoxError,
    heads::MOST_FIELDS,
    link::Link,
    pool::{Origin, Pool, Returning},
    tracker::with_current,
    wiretap::Tapped,
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
    Http2(http2::SendRequest<reqwest::Body>),
}

type Refused = TrySendError<Request<reqwest::Body>>;

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
            let (mut connection, is_kept) = self.connection(&origin, &uri).await?;
            // One that did not take the request has named its target already.
            request.uri_mut().clone_from(&uri);
            let sent = connection.send(request, fields, is_kept).await;
            let mut error = match sent {
                Ok(response) => return Ok(self.received(response, connection, origin)),
                Err(error) => error,
            };
            match error.take_message().filter(|_| is_kept) {
                Some(unsent) => request = unsent,
                None => return Err(error.into_error().into()),
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
        let io = TokioIo::new(Tapped::new(stream, Arc::clone(&link)));
        let sender = if link.is_http2() {
            let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await?;
            tokio::spawn(connection);
            Sender::Http2(sender)
        } else {
            let (mut sender, connection) = lenient().handshake(io).await?;
            tokio::spawn(connection.with_upgrades());
            sender.ready().await?;
            Sender::Http1(sender)
        };
        with_current(super::tracker::Tracker::writing);
        Ok(Connection { sender, link })
    }

    /// The connection is kept once the body has come to its end.
    fn received(
        &self,
        response: Response<Incoming>,
        connection: Connection,
        origin: Origin,
    ) -> reqwest::Response {
        let pool = Arc::downgrade(&self.0.pool);
        let returning = Returning::new(pool, origin, connection);
        reqwest::Response::from(response.map(|body| returning.with(body)))
    }
}

impl Connection {
    /// `None` where it has been closed meanwhile, or is still busy.
    async fn ready(mut self) -> Option<Self> {
        let ready = async {
            match &mut self.sender {
                Sender::Http1(sender) => sender.ready().await,
                Sender::Http2(sender) => sender.ready().await,
            }
        };
        let ready = tokio::time::timeout(READY_WITHIN, ready).await;
        matches!(ready, Ok(Ok(()))).then_some(self)
    }

    async fn send(
        &mut self,
        mut request: Request<reqwest::Body>,
        fields: &[Header],
        is_kept: bool,
    ) -> Result<Response<Incoming>, Refused> {
        with_current(|tracker| {
            tracker.note(|seen| {
                seen.link = Some(Arc::clone(&self.link));
                seen.is_kept = is_kept;
            });
        });
        match &mut self.sender {
            Sender::Http1(sender) => {
                if let Some(tap) = self.link.tap() {
                    tap.begin(fields);
                }
                name_target(&mut request, self.link.is_forwarded);
                sender.try_send_request(request).await
            }
            Sender::Http2(sender) => sender.try_send_request(request).await,
        }
    }
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
