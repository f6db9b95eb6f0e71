//! A server that speaks HTTP/2 inside TLS, a handler for each exchange.

use std::{
    future::{Future, poll_fn},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use h2::{
    RecvStream, SendStream,
    server::{Builder, SendResponse},
};
use http::{Request, Response};
use posttui::net::Sent;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::Notify,
};

use crate::certificates::{Authority, for_names};

/// The running server. It ends with the test.
pub struct Http2Server {
    pub url: String,
    connections: Arc<AtomicUsize>,
    ended: Arc<Ended>,
}

#[derive(Default)]
struct Ended {
    count: AtomicUsize,
    told: Notify,
}

/// One exchange, seen from the server.
pub struct Call {
    /// The connection it came over, from 0.
    pub connection: usize,
    /// Its place among all calls, from 0.
    pub number: usize,
    pub request: Request<RecvStream>,
    pub respond: SendResponse<Bytes>,
    /// Makes the connection take no further calls (GOAWAY).
    pub closing: Arc<Notify>,
}

impl Http2Server {
    pub async fn handling<F, H>(authority: &Authority, handler: H) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
        H: Fn(Call) -> F + Clone + Send + 'static,
    {
        Self::built(authority, Builder::new(), handler).await
    }

    /// The same with windows and limits of one's own.
    pub async fn built<F, H>(authority: &Authority, builder: Builder, handler: H) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
        H: Fn(Call) -> F + Clone + Send + 'static,
    {
        let acceptor = authority.acceptor(&for_names(&["127.0.0.1"]), &["h2"]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let ended = Arc::new(Ended::default());
        let (count, told, calls) = (
            Arc::clone(&connections),
            Arc::clone(&ended),
            Arc::new(AtomicUsize::new(0)),
        );
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                // Frames that let more come are short, and wait for nothing.
                socket.set_nodelay(true).unwrap();
                let stream = acceptor.accept(socket).await.unwrap();
                let connection = count.fetch_add(1, Ordering::SeqCst);
                let (builder, handler) = (builder.clone(), handler.clone());
                let (calls, told) = (Arc::clone(&calls), Arc::clone(&told));
                tokio::spawn(async move {
                    serve(stream, &builder, connection, &calls, handler).await;
                    told.count.fetch_add(1, Ordering::SeqCst);
                    told.told.notify_waiters();
                });
            }
        });
        Self {
            url,
            connections,
            ended,
        }
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Waits until so many connections have ended.
    pub async fn until_ended(&self, wanted: usize) {
        loop {
            let told = self.ended.told.notified();
            if self.ended.count.load(Ordering::SeqCst) >= wanted {
                return;
            }
            let told = tokio::time::timeout(crate::recorder::PATIENCE, told);
            told.await.expect("the connection stayed open");
        }
    }
}

async fn serve<S, F, H>(
    stream: S,
    builder: &Builder,
    connection: usize,
    calls: &AtomicUsize,
    handler: H,
) where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = ()> + Send + 'static,
    H: Fn(Call) -> F,
{
    let Ok(mut served) = builder.handshake(stream).await else {
        return;
    };
    let closing = Arc::new(Notify::new());
    loop {
        tokio::select! {
            call = served.accept() => {
                let Some(Ok((request, respond))) = call else { return };
                let number = calls.fetch_add(1, Ordering::SeqCst);
                let closing = Arc::clone(&closing);
                tokio::spawn(handler(Call { connection, number, request, respond, closing }));
            }
            () = closing.notified() => served.graceful_shutdown(),
        }
    }
}

/// Serves the exchanges of one connection that is there already.
pub async fn serve_plain<S, F, H>(stream: S, handler: H)
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = ()> + Send + 'static,
    H: Fn(Call) -> F,
{
    serve(stream, &Builder::new(), 0, &AtomicUsize::new(0), handler).await;
}

/// Reads a body to its end, and counts it; stops where it breaks off.
pub async fn drain(body: &mut RecvStream) -> Result<usize, h2::Error> {
    let mut length = 0;
    while let Some(chunk) = body.data().await {
        let chunk = chunk?;
        length += chunk.len();
        let _ = body.flow_control().release_capacity(chunk.len());
    }
    Ok(length)
}

/// Writes a body of so many bytes, as fast as the client takes it.
pub async fn pour(mut stream: SendStream<Bytes>, mut left: usize) {
    while left > 0 {
        stream.reserve_capacity(left.min(64 * 1024));
        let Some(Ok(taken)) = poll_fn(|context| stream.poll_capacity(context)).await else {
            return;
        };
        let taken = taken.min(left);
        left -= taken;
        if stream
            .send_data(Bytes::from(vec![b'x'; taken]), left == 0)
            .is_err()
        {
            return;
        }
    }
}

pub fn head(status: u16) -> Response<()> {
    Response::builder().status(status).body(()).unwrap()
}

/// Answers with a short body.
pub fn answer(respond: &mut SendResponse<Bytes>, status: u16, body: &str) {
    if let Ok(mut stream) = respond.send_response(head(status), body.is_empty())
        && !body.is_empty()
    {
        let _ = stream.send_data(Bytes::from(body.to_owned()), true);
    }
}

/// An interim answer of 103 Early Hints.
pub fn hint(link: &str) -> Response<()> {
    Response::builder()
        .status(103)
        .header("link", link)
        .body(())
        .unwrap()
}

/// The interim answers of the last hop.
pub fn interim(sent: &Sent) -> Vec<u16> {
    let heads = sent.hops.last().unwrap().transit.interim.iter();
    heads.map(|head| head.status).collect()
}
