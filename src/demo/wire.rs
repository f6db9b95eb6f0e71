//! One connection: bytes in, replies and misbehaviour out. Reading bodies is in `body`.

use std::{io, time::Duration};

use bytes::{Buf, BytesMut};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::model::HttpVersion;

use super::{
    body::Unread,
    head::{Head, Refusal},
    reply::Reply,
};

/// How long a closed connection is still read from, so that the client sees the last reply.
const LINGER: Duration = Duration::from_secs(2);

/// What becomes of the connection after a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// A further request may come.
    Again,
    Close,
    /// An RST instead of a FIN: the client sees "connection reset by peer".
    Reset,
}

/// Why a turn did not end with its own reply.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The connection is gone, so that nobody can be told.
    #[error("the connection is gone: {0}")]
    Gone(#[from] io::Error),
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// How the end of a reply's body is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// By `Content-Length`, in bytes.
    Length(u64),
    /// By the last chunk; for an HTTP/1.0 client, by the end of the connection.
    Chunked,
}

/// One connection and how far the present request and its reply are.
pub struct Wire {
    stream: TcpStream,
    /// Received and not yet read by anybody.
    pub(super) buffer: BytesMut,
    /// What is left of the present request's body.
    pub(super) unread: Unread,
    /// The client waits for a `100 Continue` before it sends the body.
    pub(super) owes_continue: bool,
    version: HttpVersion,
    /// The reply to a HEAD has no body.
    wants_body: bool,
    writes_chunks: bool,
    /// What follows the present reply.
    next: Next,
}

impl Wire {
    pub fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            buffer: BytesMut::new(),
            unread: Unread::Nothing,
            owes_continue: false,
            version: HttpVersion::Http11,
            wants_body: true,
            writes_chunks: false,
            next: Next::Close,
        }
    }

    /// Waits for the next request; `None` when the client closes instead.
    pub async fn read_head(&mut self) -> Result<Option<Head>, Trouble> {
        // What cannot be read is answered too, and then nothing is known of where a next one begins.
        self.next = Next::Close;
        self.wants_body = true;
        self.version = HttpVersion::Http11;
        loop {
            if let Some((head, length)) = Head::parse(&self.buffer)? {
                self.buffer.advance(length);
                if head.keeps_alive() {
                    self.next = Next::Again;
                }
                self.wants_body = head.method != "HEAD";
                self.version = head.version;
                self.unread = Unread::from(head.framing);
                self.owes_continue = head.expects_continue();
                return Ok(Some(head));
            }
            if self.fill().await? == 0 {
                if self.buffer.is_empty() {
                    return Ok(None);
                }
                return Err(Refusal::new(400, "The head of the request has no end.").into());
            }
        }
    }

    /// Waits for more bytes and tells how many came; none at the end of the connection.
    pub(super) async fn fill(&mut self) -> io::Result<usize> {
        self.buffer.reserve(16 * 1024);
        self.stream.read_buf(&mut self.buffer).await
    }

    /// Writes a whole reply.
    pub async fn send(&mut self, reply: &Reply) -> Result<Next, Trouble> {
        let mut bytes = self.head_of(reply, Ending::Length(reply.body.len() as u64));
        // In one write, so that a small reply is one packet.
        if self.wants_body {
            bytes.extend_from_slice(&reply.body);
        }
        self.write_raw(&bytes).await?;
        self.finish().await
    }

    /// Writes the head of a reply whose body follows with [`Self::write_body`].
    pub async fn start(&mut self, reply: &Reply, ending: Ending) -> Result<(), Trouble> {
        let head = self.head_of(reply, ending);
        self.write_raw(&head).await
    }

    /// The head with the fields that say how the body and the connection end.
    fn head_of(&mut self, reply: &Reply, ending: Ending) -> Vec<u8> {
        self.writes_chunks = ending == Ending::Chunked && self.version == HttpVersion::Http11;
        let ends_with_connection = ending == Ending::Chunked && !self.writes_chunks;
        if self.unread != Unread::Nothing || ends_with_connection {
            self.next = Next::Close;
        }
        let mut head = reply.head();
        match ending {
            _ if reply.is_bodiless() => {}
            Ending::Length(length) => push_field(&mut head, "Content-Length", length.to_string()),
            Ending::Chunked if self.writes_chunks => {
                push_field(&mut head, "Transfer-Encoding", "chunked");
            }
            Ending::Chunked => {}
        }
        match (self.next, self.version) {
            (Next::Again, HttpVersion::Http10) => push_field(&mut head, "Connection", "keep-alive"),
            (Next::Again, _) => {}
            (Next::Close | Next::Reset, _) => push_field(&mut head, "Connection", "close"),
        }
        head.extend_from_slice(b"\r\n");
        head
    }

    /// Writes a piece of the body after [`Self::start`], as a chunk of its own where it is chunked.
    pub async fn write_body(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        // An empty chunk would be the last one.
        if !self.wants_body || bytes.is_empty() {
            return Ok(());
        }
        if !self.writes_chunks {
            return Ok(self.stream.write_all(bytes).await?);
        }
        let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
        chunk.extend_from_slice(bytes);
        chunk.extend_from_slice(b"\r\n");
        Ok(self.stream.write_all(&chunk).await?)
    }

    /// Ends the body after [`Self::write_body`].
    pub async fn finish(&mut self) -> Result<Next, Trouble> {
        if self.writes_chunks && self.wants_body {
            self.stream.write_all(b"0\r\n\r\n").await?;
        }
        Ok(self.next)
    }

    /// Whether a body is to be written: not for a HEAD.
    pub fn wants_body(&self) -> bool {
        self.wants_body
    }

    /// Writes an interim response (RFC 9110, Section 15.2), which HTTP/1.0 does not know.
    pub async fn send_interim(&mut self, reply: &Reply) -> Result<(), Trouble> {
        if self.version != HttpVersion::Http11 {
            return Ok(());
        }
        let mut head = reply.interim_head();
        head.extend_from_slice(b"\r\n");
        self.write_raw(&head).await
    }

    /// Writes bytes that need not be HTTP.
    pub async fn write_raw(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        Ok(self.stream.write_all(bytes).await?)
    }

    /// Lets the present reply be the last one of this connection.
    pub fn close_afterwards(&mut self) {
        self.next = Next::Close;
    }

    /// Waits until the client closes; what it sends until then is thrown away.
    pub async fn until_closed(&mut self) -> io::Result<()> {
        self.buffer.clear();
        while self.fill().await? > 0 {
            self.buffer.clear();
        }
        Ok(())
    }

    /// Closes in order. Bytes that arrive at a closed socket are answered with an RST, which makes
    /// the client lose what it has not read yet: so the end is told first and the rest read away.
    pub async fn close(mut self) {
        if self.stream.shutdown().await.is_ok() {
            let _ = timeout(LINGER, self.until_closed()).await;
        }
    }

    /// Ends the connection with an RST.
    pub fn reset(self) {
        // Without the option the client sees a plain end, which is a failure of another kind.
        let _ = self.stream.set_zero_linger();
    }
}

pub(super) fn push_field(head: &mut Vec<u8>, name: &str, value: impl AsRef<[u8]>) {
    head.extend_from_slice(name.as_bytes());
    head.extend_from_slice(b": ");
    head.extend_from_slice(value.as_ref());
    head.extend_from_slice(b"\r\n");
}
