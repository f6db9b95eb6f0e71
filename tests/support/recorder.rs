//! A server on loopback that keeps every byte it receives and answers with raw bytes from a script.
//!
//! A test fails when its recorder was never called, or when a handler panicked: a check inside a
//! handler counts as one of the test's own.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// How long a test waits for something before it fails: nobody waits for it where all is well.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// One request as received: head and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The connection it came over, from 0.
    pub connection: usize,
    pub bytes: Vec<u8>,
}

impl Recorded {
    /// The request as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// What the recorder has seen so far.
#[derive(Debug, Default)]
pub struct Seen {
    pub connections: usize,
    pub requests: Vec<Recorded>,
    /// How many connections the client has closed, as far as a handler looked.
    pub closed: usize,
    panicked: Option<String>,
}

/// The running server. It ends when it is dropped.
pub struct Recorder {
    address: SocketAddr,
    scheme: &'static str,
    seen: watch::Sender<Seen>,
    listening: JoinHandle<()>,
    may_be_idle: bool,
}

impl Recorder {
    /// Answers each request with the next reply, over as many connections as the client makes. After
    /// the last reply no further request is expected.
    pub async fn replying<R: AsRef<[u8]>>(replies: impl IntoIterator<Item = R>) -> Self {
        let mut replies: Vec<Vec<u8>> =
            replies.into_iter().map(|it| it.as_ref().to_vec()).collect();
        replies.reverse();
        let replies = Arc::new(std::sync::Mutex::new(replies));
        Self::handling(move |mut peer| {
            let replies = Arc::clone(&replies);
            async move {
                while peer.request().await.is_some() {
                    let reply = replies.lock().unwrap().pop().expect("a request too many");
                    peer.write(&reply).await;
                }
            }
        })
        .await
    }

    /// Runs a handler for each connection.
    pub async fn handling<F, H>(handler: H) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
        H: Fn(Peer) -> F + Send + 'static,
    {
        Self::start(None, handler).await
    }

    /// Runs a handler for each connection, inside TLS. One whose handshake fails has no handler.
    pub async fn handling_tls<F, H>(acceptor: TlsAcceptor, handler: H) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
        H: Fn(Peer) -> F + Send + 'static,
    {
        Self::start(Some(acceptor), handler).await
    }

    async fn start<F, H>(acceptor: Option<TlsAcceptor>, handler: H) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
        H: Fn(Peer) -> F + Send + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let seen = watch::Sender::new(Seen::default());
        let listening = tokio::spawn(listen(listener, acceptor, handler, seen.clone()));
        Self {
            address,
            scheme,
            seen,
            listening,
            may_be_idle: false,
        }
    }

    /// A recorder that may stay without a call.
    pub fn perhaps_idle(mut self) -> Self {
        self.may_be_idle = true;
        self
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// An URL of this server; `path` begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    pub fn requests(&self) -> Vec<Recorded> {
        self.seen.borrow().requests.clone()
    }

    pub fn connections(&self) -> usize {
        self.seen.borrow().connections
    }

    /// Waits until the server has seen something; fails the test when that takes too long.
    pub async fn wait_until(&self, what: &str, is_seen: impl Fn(&Seen) -> bool) {
        let mut seen = self.seen.subscribe();
        let waiting = seen.wait_for(|seen| seen.panicked.is_some() || is_seen(seen));
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "the server never saw this: {what}");
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.listening.abort();
        if std::thread::panicking() {
            return;
        }
        let seen = self.seen.borrow();
        if let Some(reason) = &seen.panicked {
            panic!("a handler panicked: {reason}");
        }
        assert!(
            self.may_be_idle || seen.connections > 0,
            "the server was never called"
        );
    }
}

async fn listen<F, H>(
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    handler: H,
    seen: watch::Sender<Seen>,
) where
    F: Future<Output = ()> + Send + 'static,
    H: Fn(Peer) -> F + Send + 'static,
{
    let mut connection = 0;
    while let Ok((socket, _)) = listener.accept().await {
        seen.send_modify(|seen| seen.connections += 1);
        if let Some(stream) = secure(socket, acceptor.as_ref()).await {
            let peer = Peer {
                stream,
                connection,
                buffer: Vec::new(),
                seen: seen.clone(),
            };
            tokio::spawn(supervise(tokio::spawn(handler(peer)), seen.clone()));
        }
        connection += 1;
    }
}

/// Keeps the reason of a handler that panicked, for the end of the test.
async fn supervise(handled: JoinHandle<()>, seen: watch::Sender<Seen>) {
    let Err(error) = handled.await else { return };
    if !error.is_panic() {
        return;
    }
    let payload = error.into_panic();
    let text = payload.downcast_ref::<String>().cloned();
    let reason = text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string));
    seen.send_modify(|seen| seen.panicked = Some(reason.unwrap_or_default()));
}

async fn secure(socket: TcpStream, acceptor: Option<&TlsAcceptor>) -> Option<Box<dyn Stream>> {
    match acceptor {
        Some(acceptor) => match acceptor.accept(socket).await {
            Ok(stream) => Some(Box::new(stream)),
            Err(_) => None,
        },
        None => Some(Box::new(socket)),
    }
}

/// Bytes in both directions, with or without TLS.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// One connection, seen from the server.
pub struct Peer {
    stream: Box<dyn Stream>,
    connection: usize,
    buffer: Vec<u8>,
    seen: watch::Sender<Seen>,
}

impl Peer {
    /// The number of the connection, from 0.
    pub fn connection(&self) -> usize {
        self.connection
    }

    /// Reads a whole request, its length by `content-length`, and records it. `None` at the end of
    /// the connection.
    pub async fn request(&mut self) -> Option<Recorded> {
        let length = loop {
            if let Some(length) = whole_length(&self.buffer)
                && self.buffer.len() >= length
            {
                break length;
            }
            if self.read().await.unwrap_or(0) == 0 {
                self.seen.send_modify(|seen| seen.closed += 1);
                return None;
            }
        };
        let request = Recorded {
            connection: self.connection,
            bytes: self.buffer.drain(..length).collect(),
        };
        self.seen
            .send_modify(|seen| seen.requests.push(request.clone()));
        Some(request)
    }

    /// Reads until something has arrived, whole or not.
    pub async fn some_bytes(&mut self) {
        self.read().await.unwrap();
    }

    /// Writes bytes as they are. A client that has gone is no error: it is what some tests are about.
    pub async fn write(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
        let _ = self.stream.flush().await;
    }

    /// Waits until the client closes the connection, whatever it sends before.
    pub async fn until_closed(mut self) {
        while self.read().await.unwrap_or(0) > 0 {}
        self.seen.send_modify(|seen| seen.closed += 1);
    }

    /// Closes the connection in good order.
    pub async fn close(mut self) {
        self.shut_down().await;
    }

    /// Says that nothing more comes, and waits until the client has closed its side, too.
    pub async fn close_both(mut self) {
        self.shut_down().await;
        self.until_closed().await;
    }

    async fn shut_down(&mut self) {
        // A client that has gone has closed it already.
        let _ = self.stream.shutdown().await;
    }

    async fn read(&mut self) -> io::Result<usize> {
        self.stream.read_buf(&mut self.buffer).await
    }
}

/// How long the request at the start of `bytes` is, once its head is whole.
fn whole_length(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |length| length.trim().parse().unwrap());
    Some(head + length)
}
