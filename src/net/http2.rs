//! An exchange over HTTP/2 (RFC 9113), on the frames of the `h2` crate. hyper's own client, which is built on
//! it too, keeps the interim answers for itself.
//!
//! | file | holds |
//! |---|---|
//! | `pump` | the body of the request on its way into the frames |
//! | `answer` | the body of the response on its way out of them |
//! | `turns` | how many exchanges go at once |
//! | `broken` | how an exchange came to nothing |

mod answer;
mod broken;
mod pump;
mod turns;

use std::{
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use h2::{
    RecvStream,
    client::{Builder, ResponseFuture, SendRequest},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, header};
use hyper::body::Body;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::AbortHandle,
};

use super::{incoming::interim_head, tracker::with_current, wiretap::LONGEST_HEAD};

use answer::Answer;
use pump::Pumping;
use turns::{Turn, Turns};

pub(super) use broken::Broken;

/// How much may be on its way to here before it is taken: of one answer, and of all answers of a connection, in
/// bytes. These and the following are what hyper has found to be good.
const STREAM_WINDOW: u32 = 2 * 1024 * 1024;
const CONNECTION_WINDOW: u32 = 5 * 1024 * 1024;

/// How long a frame of an answer may be, in bytes.
const FRAME: u32 = 16 * 1024;

/// How much of a body waits for its turn on the wire, in bytes.
const SEND_BUFFER: usize = 1024 * 1024;

/// How many exchanges may begin before the server has said how many it takes at once.
const FIRST_STREAMS: usize = 100;

/// What concerns one connection of HTTP/1 alone, and makes a request of HTTP/2 malformed (RFC 9113,
/// Section 8.2.2).
const OF_A_CONNECTION: [HeaderName; 4] = [
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// The end of a connection that requests are given to. Several exchanges go over it at once, each by a clone.
#[derive(Clone)]
pub(super) struct Http2 {
    requests: SendRequest<Bytes>,
    turns: Arc<Turns>,
    /// The task that reads and writes. It ends by itself when the last clone and the last exchange are gone.
    connection: AbortHandle,
}

/// Why there is no answer.
pub(super) struct Failed {
    pub(super) why: Broken,
    /// The request itself where nothing of it has gone out.
    pub(super) unsent: Option<Box<Request<reqwest::Body>>>,
}

impl<E: Into<Broken>> From<E> for Failed {
    fn from(why: E) -> Self {
        Self {
            why: why.into(),
            unsent: None,
        }
    }
}

impl Http2 {
    /// Begins a connection (RFC 9113, Section 3.4).
    pub(super) async fn begin<S>(stream: S) -> Result<Self, Broken>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let mut builder = Builder::new();
        builder
            .initial_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_frame_size(FRAME)
            .max_send_buffer_size(SEND_BUFFER)
            .max_header_list_size(LONGEST_HEAD as u32)
            .initial_max_send_streams(FIRST_STREAMS)
            .enable_push(false);
        let (requests, connection) = builder.handshake(stream).await?;
        // How it ends is told to every exchange that goes over it.
        let connection = tokio::spawn(async { drop(connection.await) });
        Ok(Self {
            requests,
            turns: Arc::default(),
            connection: connection.abort_handle(),
        })
    }

    /// Whether no further request can go over it: it has ended, or the server takes no more (RFC 9113,
    /// Section 6.8).
    pub(super) fn is_closed(&self) -> bool {
        // A clone has no request that waits for its turn, so that this is answered at once.
        let mut clone = self.requests.clone();
        let ready = clone.poll_ready(&mut Context::from_waker(Waker::noop()));
        self.connection.is_finished() || matches!(ready, Poll::Ready(Err(_)))
    }

    /// Sends a request and waits for the head of its answer. Dropped before that, it resets the stream
    /// (RFC 9113, Section 5.4.2), and the connection goes on.
    pub(super) async fn send(
        &mut self,
        request: Request<reqwest::Body>,
    ) -> Result<Response<Answer>, Failed> {
        let most = || self.requests.current_max_send_streams();
        let turn = Arc::new(self.turns.next(most).await);
        let (mut answer, mut pumping) = self.open(request, &turn).await?;
        let answered = tokio::select! {
            biased;
            why = pumping.unreadable() => return Err(why.into()),
            answered = poll_fn(|context| poll_answer(&mut answer, context)) => answered?,
        };
        let (head, stream) = answered.into_parts();
        let body = Answer::new(&head.headers, stream, pumping, turn);
        Ok(Response::from_parts(head, body))
    }

    /// Puts the head on its way, and sets about the body.
    async fn open(
        &mut self,
        request: Request<reqwest::Body>,
        turn: &Arc<Turn>,
    ) -> Result<(ResponseFuture, Pumping), Failed> {
        if let Err(error) = poll_fn(|context| self.requests.poll_ready(context)).await {
            return Err(Failed {
                why: error.into(),
                unsent: Some(Box::new(request)),
            });
        }
        let (parts, body) = request.into_parts();
        let mut head = Request::from_parts(parts, ());
        tell_length(&mut head, &body);
        leave_out_connection(head.headers_mut());
        let is_whole = body.is_end_stream();
        match self.requests.send_request(head.clone(), is_whole) {
            Ok((answer, _)) if is_whole => Ok((answer, Pumping::nothing())),
            Ok((answer, stream)) => Ok((answer, Pumping::start(body, stream, turn).await?)),
            Err(error) => Err(Failed {
                why: error.into(),
                // What is wrong with the request itself stays wrong over another connection.
                unsent: self.is_closed().then(|| Box::new(head.map(|()| body))),
            }),
        }
    }
}

/// Waits for the final head. Interim ones (RFC 9110, Section 15.2) are told to the tracker as they come.
fn poll_answer(
    answer: &mut ResponseFuture,
    context: &mut Context<'_>,
) -> Poll<Result<Response<RecvStream>, h2::Error>> {
    while let Some(interim) = ready!(answer.poll_informational(context)) {
        let interim = interim_head(&interim?);
        with_current(|tracker| tracker.hinted(interim));
    }
    Pin::new(answer).poll(context)
}

/// A body says how long it is (RFC 9110, Section 8.6), and so does none where the method lets one expect some.
fn tell_length(head: &mut Request<()>, body: &reqwest::Body) {
    let Some(length) = body.size_hint().exact() else {
        return;
    };
    let is_expected = !matches!(
        *head.method(),
        Method::GET | Method::HEAD | Method::DELETE | Method::CONNECT
    );
    if length > 0 || is_expected {
        let field = head.headers_mut().entry(header::CONTENT_LENGTH);
        field.or_insert_with(|| HeaderValue::from(length));
    }
}

/// RFC 9113, Section 8.2.2: also what `connection` names, and of `te` all but `trailers`.
fn leave_out_connection(fields: &mut HeaderMap) {
    for name in &OF_A_CONNECTION {
        fields.remove(name);
    }
    if fields.get(header::TE).is_some_and(|te| te != "trailers") {
        fields.remove(header::TE);
    }
    let named = fields.remove(header::CONNECTION);
    let named = named.as_ref().and_then(|named| named.to_str().ok());
    for name in named.unwrap_or_default().split(',') {
        fields.remove(name.trim());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_concerns_a_connection_is_left_out() {
        let mut fields = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Own"),
            ("keep-alive", "timeout=5"),
            ("te", "gzip"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("x-own", "1"),
            ("x-stays", "1"),
        ] {
            fields.append(name, HeaderValue::from_static(value));
        }
        leave_out_connection(&mut fields);
        let left: Vec<&str> = fields.keys().map(HeaderName::as_str).collect();
        assert_eq!(left, ["x-stays"]);
        fields.insert(header::TE, HeaderValue::from_static("trailers"));
        leave_out_connection(&mut fields);
        assert_eq!(fields.len(), 2);
    }
}
