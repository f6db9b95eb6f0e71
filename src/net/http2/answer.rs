//! The body of a response on its way out of the frames of HTTP/2.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use h2::{Reason, RecvStream};
use http::{HeaderMap, header};
use hyper::body::{Body, Frame, SizeHint};

use super::{Broken, Pumping, Turn};

/// What is read makes room for more (RFC 9113, Section 5.2). Dropped before its end, it resets the stream.
pub(in crate::net) struct Answer {
    stream: RecvStream,
    /// How much is still to come, where the head has said it.
    left: Option<u64>,
    data_ended: bool,
    /// The body of the request, which may still be on its way.
    pumping: Pumping,
    _turn: Arc<Turn>,
}

impl Answer {
    pub(super) fn new(
        head: &HeaderMap,
        stream: RecvStream,
        pumping: Pumping,
        turn: Arc<Turn>,
    ) -> Self {
        let announced = || {
            head.get(header::CONTENT_LENGTH)?
                .to_str()
                .ok()?
                .parse()
                .ok()
        };
        Self {
            // An answer to HEAD has the length of another one.
            left: if stream.is_end_stream() {
                Some(0)
            } else {
                announced()
            },
            stream,
            data_ended: false,
            pumping,
            _turn: turn,
        }
    }

    fn poll_data(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Broken>>> {
        let data = match ready!(self.stream.poll_data(context)) {
            Some(Ok(data)) => data,
            // A server that wants no more of the request says so (RFC 9113, Section 8.1).
            Some(Err(error)) if is_enough(&error) && self.left.unwrap_or(0) == 0 => {
                return Poll::Ready(None);
            }
            Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
            None => return Poll::Ready(None),
        };
        let length = data.len() as u64;
        self.left = self.left.map(|left| left.saturating_sub(length));
        // Fails only where the stream has ended, and needs no room.
        let _ = self.stream.flow_control().release_capacity(data.len());
        Poll::Ready(Some(Ok(data)))
    }

    fn poll_trailers(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let trailers = match ready!(self.stream.poll_trailers(context)) {
            Ok(trailers) => Ok(trailers),
            Err(error) if is_enough(&error) => Ok(None),
            Err(error) => Err(error.into()),
        };
        Poll::Ready(trailers.map(|it| it.map(Frame::trailers)).transpose())
    }
}

fn is_enough(error: &h2::Error) -> bool {
    error.is_reset() && error.reason() == Some(Reason::NO_ERROR)
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if !self.data_ended {
            if let Some(data) = ready!(self.poll_data(context)) {
                return Poll::Ready(Some(data.map(Frame::data)));
            }
            self.data_ended = true;
        }
        self.poll_trailers(context)
    }

    fn is_end_stream(&self) -> bool {
        self.stream.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.left
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

impl Drop for Answer {
    /// A server may answer in full before it has read everything, and go on reading.
    fn drop(&mut self) {
        if self.stream.is_end_stream() {
            self.pumping.leave();
        }
    }
}
