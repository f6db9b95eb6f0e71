//! What passes over a connection as HTTP/1 text: how many bytes, when the first one of an answer came,
//! and its head exactly as it was sent. hyper keeps none of these: it writes names in lower case, puts
//! fields of one name together, swallows interim answers, and of what it cannot read it tells nothing.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Instant,
};

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::model::ResponseHead;

use super::{heads, link::Link, stream::Stream};

/// As much of a head is kept, in bytes; hyper takes none that is longer.
const LONGEST_HEAD: usize = 512 * 1024;

/// As much is shown of what cannot be read as a head, in bytes.
const SHOWN_UNREADABLE: usize = 1024;

/// What has passed since the last exchange over this connection was over.
#[derive(Debug, Default)]
pub(super) struct Wiretap(Mutex<Passed>);

#[derive(Debug, Default)]
struct Passed {
    written: u64,
    read: u64,
    first_byte: Option<Instant>,
    /// What was read, up to the end of the final head.
    head: Vec<u8>,
    /// Whether the final head has ended.
    head_ended: bool,
}

/// What one exchange was on the connection.
#[derive(Debug, Default)]
pub(super) struct Passage {
    pub(super) written: u64,
    pub(super) read: u64,
    pub(super) head_bytes: u64,
    pub(super) first_byte: Option<Instant>,
    /// Interim answers, and the final one as far as it can be read.
    pub(super) heads: Vec<ResponseHead>,
    /// What came where a head was expected, its beginning.
    pub(super) beginning: Vec<u8>,
}

impl Wiretap {
    fn wrote(&self, bytes: usize) {
        self.passed().written += bytes as u64;
    }

    fn took(&self, bytes: &[u8]) {
        let mut passed = self.passed();
        passed.read += bytes.len() as u64;
        if passed.first_byte.is_none() {
            passed.first_byte = Some(Instant::now());
        }
        if !passed.head_ended {
            passed.head.extend_from_slice(bytes);
            let end = heads::end_of_final(&passed.head);
            passed.head_ended = end.is_some() || passed.head.len() > LONGEST_HEAD;
            if let Some(end) = end {
                passed.head.truncate(end);
            }
        }
    }

    /// The heads that have come so far.
    pub(super) fn heads(&self) -> Vec<ResponseHead> {
        heads::read(&self.passed().head)
    }

    /// What the exchange was that is over now; the next one begins.
    pub(super) fn take(&self) -> Passage {
        let passed = std::mem::take(&mut *self.passed());
        let shown = passed.head.get(..SHOWN_UNREADABLE);
        Passage {
            written: passed.written,
            read: passed.read,
            head_bytes: passed.head.len() as u64,
            first_byte: passed.first_byte,
            heads: heads::read(&passed.head),
            beginning: shown.unwrap_or(&passed.head).to_vec(),
        }
    }

    fn passed(&self) -> MutexGuard<'_, Passed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection whose bytes are looked at on their way.
pub(super) struct Tapped {
    stream: Stream,
    link: Arc<Link>,
}

impl Tapped {
    pub(super) fn new(stream: Stream, link: Arc<Link>) -> Self {
        Self { stream, link }
    }
}

impl Connection for Tapped {
    fn connected(&self) -> Connected {
        let connected = Connected::new()
            .proxy(self.link.is_forwarded)
            .extra(Arc::clone(&self.link));
        if self.link.is_http2() {
            connected.negotiated_h2()
        } else {
            connected
        }
    }
}

impl AsyncRead for Tapped {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        if let (Some(tap), Some(bytes)) = (this.link.tap(), buffer.filled().get(before..))
            && !bytes.is_empty()
        {
            tap.took(bytes);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Tapped {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, bytes))?;
        if let Some(tap) = this.link.tap() {
            tap.wrote(written);
        }
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write_vectored(context, pieces))?;
        if let Some(tap) = this.link.tap() {
            tap.wrote(written);
        }
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
