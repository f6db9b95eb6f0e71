//! What passes over a connection as HTTP/1 text: when the first byte of an answer came, and the heads exactly
//! as they were sent. hyper keeps neither: it writes names in lower case, puts fields of one name together,
//! swallows interim answers, and of what it cannot read it tells nothing.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Instant,
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::model::{Header, ResponseHead};

use super::{heads, link::Link, request_head::HeadWriter, stream::Stream};

/// As much of a head is kept, in bytes; hyper takes none that is longer.
pub(super) const LONGEST_HEAD: usize = 512 * 1024;

/// As much is shown of what cannot be read as a head, in bytes.
const SHOWN_UNREADABLE: usize = 1024;

/// What has come since the exchange under way began.
#[derive(Debug, Default)]
pub(super) struct Wiretap {
    came: Mutex<Came>,
    /// The fields of a request whose head is to be written.
    goes: Mutex<Option<Vec<Header>>>,
}

#[derive(Debug, Default)]
struct Came {
    first_byte: Option<Instant>,
    /// What was read, up to the end of the final head.
    head: Vec<u8>,
    /// Whether the final head has ended: what follows is its body.
    head_ended: bool,
}

/// The heads of one exchange.
#[derive(Debug, Clone, Default)]
pub(super) struct Heads {
    pub(super) first_byte: Option<Instant>,
    /// How long the final head is, with its status line and its blank line, in bytes.
    pub(super) final_length: u64,
    /// Those before the final one (RFC 9110, Section 15.2).
    pub(super) interim: Vec<ResponseHead>,
    /// How long they are together, where they did not come as bytes.
    pub(super) interim_length: u64,
    /// The final one, as far as it can be read.
    pub(super) last: Option<ResponseHead>,
}

impl Wiretap {
    /// An exchange begins on a connection that has nothing else to do; its request has these fields. What
    /// came before it was asked for, such as the greeting of a server that speaks first, belongs to it.
    pub(super) fn begin(&self, fields: &[Header]) {
        *self.goes() = Some(fields.to_vec());
        let mut came = self.came();
        if came.head_ended {
            *came = Came::default();
        }
    }

    fn took(&self, bytes: &[u8]) {
        let mut came = self.came();
        if came.head_ended {
            return;
        }
        came.first_byte.get_or_insert_with(Instant::now);
        came.head.extend_from_slice(bytes);
        let end = heads::end_of_final(&came.head);
        came.head_ended = end.is_some() || came.head.len() > LONGEST_HEAD;
        if let Some(end) = end {
            came.head.truncate(end);
        }
    }

    /// The heads that have come.
    pub(super) fn heads(&self) -> Heads {
        let came = self.came();
        heads::read(&came.head, came.first_byte)
    }

    /// What came in the place of a head, its beginning, where that can be none.
    pub(super) fn broken(&self) -> Option<Vec<u8>> {
        let is_broken = heads::is_broken(&self.came().head);
        is_broken.then(|| self.raw())
    }

    /// What has come of a head that is not whole.
    pub(super) fn begun(&self) -> Option<Vec<u8>> {
        let came = self.came();
        let begun = beginning(heads::begun(&came.head));
        (!begun.is_empty()).then_some(begun)
    }

    /// What came, its beginning.
    pub(super) fn raw(&self) -> Vec<u8> {
        beginning(&self.came().head)
    }

    fn came(&self) -> MutexGuard<'_, Came> {
        self.came.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn goes(&self) -> MutexGuard<'_, Option<Vec<Header>>> {
        self.goes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn beginning(head: &[u8]) -> Vec<u8> {
    head.get(..SHOWN_UNREADABLE).unwrap_or(head).to_vec()
}

/// A connection whose bytes are looked at as they come.
pub(super) struct Tapped {
    stream: Stream,
    link: Arc<Link>,
    head: HeadWriter,
}

impl Tapped {
    pub(super) fn new(stream: Stream, link: Arc<Link>) -> Self {
        Self {
            stream,
            link,
            head: HeadWriter::default(),
        }
    }

    /// The stream itself, between two exchanges.
    pub(super) fn into_stream(self) -> Stream {
        self.stream
    }

    /// Takes the head of a request out of what is written; `None` where it is no head.
    fn take_head(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut goes = self.link.tap()?.goes();
        let (taken, is_whole) = self.head.take(bytes, goes.as_deref()?);
        if is_whole {
            *goes = None;
        }
        Some(taken)
    }

    /// Writes what was taken.
    fn poll_out(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.head.out.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, &self.head.out))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.head.gone(written);
        }
        Poll::Ready(Ok(()))
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
        ready!(this.poll_out(context))?;
        let Some(taken) = this.take_head(bytes) else {
            return Pin::new(&mut this.stream).poll_write(context, bytes);
        };
        // What does not go out now goes before the next bytes, or with the flush.
        if let Poll::Ready(Err(error)) = this.poll_out(context) {
            return Poll::Ready(Err(error));
        }
        Poll::Ready(Ok(taken))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_out(context))?;
        let is_head = this.link.tap().is_some_and(|tap| tap.goes().is_some());
        if is_head {
            let whole: Vec<u8> = pieces.iter().flat_map(|it| it.iter().copied()).collect();
            return Pin::new(this).poll_write(context, &whole);
        }
        Pin::new(&mut this.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_out(context))?;
        Pin::new(&mut this.stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_out(context))?;
        Pin::new(&mut this.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\nbody that goes on and on";

    #[test]
    fn the_head_of_each_exchange_is_kept_until_the_next_begins() {
        let tap = Wiretap::default();
        tap.begin(&[]);
        let (first, rest) = ANSWER.split_at(20);
        tap.took(first);
        assert!(tap.heads().last.is_none());
        tap.took(rest);
        tap.took(b"HTTP/1.1 999 in the body\r\n\r\n");
        let heads = tap.heads();
        assert_eq!(heads.last.unwrap().status, 200);
        assert_eq!(heads.final_length, 27);
        tap.begin(&[]);
        assert!(tap.heads().first_byte.is_none());
        tap.took(b"HTTP/1.1 404 No\r\n\r\n");
        assert_eq!(tap.heads().last.unwrap().status, 404);
    }

    #[test]
    fn a_greeting_before_the_exchange_belongs_to_it() {
        let tap = Wiretap::default();
        tap.took(b"SSH-2.0-x\r\n");
        tap.begin(&[]);
        assert_eq!(tap.broken().unwrap(), b"SSH-2.0-x\r\n");
        assert!(tap.heads().last.is_none() && tap.heads().first_byte.is_some());
    }
}
