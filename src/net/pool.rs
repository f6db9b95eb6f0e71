//! The connections that are kept open for further requests.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{
    Uri,
    uri::{Authority, Scheme},
};
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::Notify;

use super::{
    dial::BoxError,
    exchange::{Connection, Sender},
    link::Link,
};

/// How long a connection is kept for a further send. Routers and firewalls forget silent ones soon,
/// and a request written into a forgotten one is answered by nobody.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Whom a connection leads to (RFC 9110, Section 4.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    scheme: Option<Scheme>,
    authority: Option<Authority>,
}

impl Origin {
    pub(super) fn of(uri: &Uri) -> Self {
        Self {
            scheme: uri.scheme().cloned(),
            authority: uri.authority().cloned(),
        }
    }
}

#[derive(Default)]
pub(super) struct Pool {
    kept: Mutex<Vec<Kept>>,
    /// Tells those who wait that there is one more.
    put: Notify,
}

struct Kept {
    origin: Origin,
    since: Instant,
    connection: Connection,
}

impl Kept {
    fn is_stale(&self) -> bool {
        let is_closed = match &self.connection.sender {
            Sender::Http1(sender) => sender.is_closed(),
            Sender::Http2(sender) => sender.is_closed(),
        };
        is_closed || self.since.elapsed() >= IDLE_TIMEOUT
    }
}

impl Pool {
    /// The connection to there that was used last; one of HTTP/2 stays here for others, too.
    pub(super) fn take(&self, origin: &Origin) -> Option<Connection> {
        let mut kept = self.kept();
        kept.retain(|it| !it.is_stale());
        let at = kept.iter().rposition(|it| it.origin == *origin)?;
        if let Some(Kept {
            connection:
                Connection {
                    sender: Sender::Http2(sender),
                    link,
                },
            ..
        }) = kept.get(at)
        {
            return Some(Connection {
                sender: Sender::Http2(sender.clone()),
                link: Arc::clone(link),
            });
        }
        Some(kept.remove(at).connection)
    }

    /// The next connection to there that an exchange leaves.
    pub(super) async fn next(&self, origin: &Origin) -> Connection {
        loop {
            let put = self.put.notified();
            if let Some(connection) = self.take(origin) {
                return connection;
            }
            put.await;
        }
    }

    /// The connection takes nothing more from here on; what goes over it already comes to its end.
    pub(super) fn forget(&self, link: &Arc<Link>) {
        self.kept()
            .retain(|it| !Arc::ptr_eq(&it.connection.link, link));
    }

    fn put(self: &Arc<Self>, origin: Origin, connection: Connection) {
        let mut kept = self.kept();
        kept.retain(|it| !it.is_stale() && !Arc::ptr_eq(&it.connection.link, &connection.link));
        kept.push(Kept {
            origin,
            since: Instant::now(),
            connection,
        });
        drop(kept);
        self.put.notify_waiters();
        self.close_later();
    }

    /// Closes what is not used again.
    fn close_later(self: &Arc<Self>) {
        let pool = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(IDLE_TIMEOUT).await;
            if let Some(pool) = pool.upgrade() {
                pool.kept().retain(|it| !it.is_stale());
            }
        });
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that goes back to where it is kept when the exchange is over; dropped before that, it is
/// closed.
pub(super) struct Returning {
    pool: Weak<Pool>,
    lent: Option<(Origin, Connection)>,
}

impl Returning {
    pub(super) fn new(pool: Weak<Pool>, origin: Origin, connection: Connection) -> Self {
        Self {
            pool,
            lent: Some((origin, connection)),
        }
    }

    pub(super) fn with<B>(self, body: B) -> reqwest::Body
    where
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + Sync + Unpin + 'static,
    {
        let is_shared =
            matches!(&self.lent, Some((_, it)) if matches!(it.sender, Sender::Http2(_)));
        let mut received = Received {
            body,
            returning: self,
        };
        // Over HTTP/2 the next request waits for no end, and a body that is not there has none to come.
        if is_shared || received.body.is_end_stream() {
            received.returning.give_back();
        }
        reqwest::Body::wrap(received)
    }

    fn give_back(&mut self) {
        if let (Some(pool), Some((origin, connection))) = (self.pool.upgrade(), self.lent.take()) {
            pool.put(origin, connection);
        }
    }
}

/// The body of a response.
struct Received<B> {
    body: B,
    returning: Returning,
}

impl<B: Body<Data = Bytes> + Unpin> Body for Received<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        let frame = ready!(Pin::new(&mut this.body).poll_frame(context));
        if frame.is_none() || this.body.is_end_stream() {
            this.returning.give_back();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
