//! The body of a request on its way into the frames of HTTP/2, as fast as the server lets it come (RFC 9113,
//! Section 5.2).

use std::{
    future::{pending, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use h2::{Reason, SendStream};
use hyper::body::Body;
use tokio::task::JoinHandle;

use super::{Broken, Turn};

struct Pump {
    body: reqwest::Body,
    stream: SendStream<Bytes>,
    /// What was taken out of the body and waits for the server to let it come, and whether it is the last.
    waiting: Option<(Bytes, bool)>,
    is_over: bool,
    _turn: Arc<Turn>,
}

impl Future for Pump {
    type Output = Result<(), Broken>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        let ended = ready!(self.poll_end(context));
        self.is_over = true;
        Poll::Ready(ended)
    }
}

impl Pump {
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        loop {
            // Whatever is waited for, a reset ends it.
            if let Poll::Ready(reason) = self.stream.poll_reset(context)? {
                return Poll::Ready(Err(h2::Error::from(reason).into()));
            }
            if self.waiting.is_none() {
                match ready!(self.poll_body(context))? {
                    Some(next) => self.waiting = Some(next),
                    None => return Poll::Ready(Ok(self.stream.send_data(Bytes::new(), true)?)),
                }
            }
            ready!(self.poll_room(context))?;
            let Some((chunk, is_last)) = self.waiting.take() else {
                continue;
            };
            self.stream.send_data(chunk, is_last)?;
            if is_last {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// The next chunk. Nothing of the window is reserved before it is there: what one stream holds back the
    /// others of its connection have to wait for.
    fn poll_body(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<(Bytes, bool)>, Broken>> {
        loop {
            let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(context)) else {
                return Poll::Ready(Ok(None));
            };
            let frame = frame.map_err(|error| {
                // The server must not take what has come for the whole.
                self.stream.send_reset(Reason::INTERNAL_ERROR);
                Broken::Body(error)
            });
            if let Ok(chunk) = frame?.into_data()
                && !chunk.is_empty()
            {
                // The least that is granted is enough: what is handed over asks for its own length.
                self.stream.reserve_capacity(1);
                let is_last = self.body.is_end_stream();
                return Poll::Ready(Ok(Some((chunk, is_last))));
            }
        }
    }

    /// Waits until the server takes more, and most of what was handed over has been written.
    fn poll_room(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        while self.stream.capacity() == 0 {
            match ready!(self.stream.poll_capacity(context)) {
                Some(room) => room?,
                // It is no longer open for a body.
                None => return Poll::Ready(Err(h2::Error::from(Reason::STREAM_CLOSED).into())),
            };
        }
        Poll::Ready(Ok(()))
    }
}

impl Drop for Pump {
    /// What waits for its turn on the wire is taken back.
    fn drop(&mut self) {
        if !self.is_over {
            self.stream.send_reset(Reason::CANCEL);
        }
    }
}

/// A body that is being sent, beside the wait for the answer. Dropped, it resets the stream.
pub(super) struct Pumping(Option<JoinHandle<Result<(), Broken>>>);

impl Pumping {
    /// There is no body.
    pub(super) fn nothing() -> Self {
        Self(None)
    }

    /// Sends what can go at once, and the rest in a task of its own.
    pub(super) async fn start(
        body: reqwest::Body,
        stream: SendStream<Bytes>,
        turn: &Arc<Turn>,
    ) -> Result<Self, Broken> {
        let mut pump = Pump {
            body,
            stream,
            waiting: None,
            is_over: false,
            _turn: Arc::clone(turn),
        };
        let begun = poll_fn(|context| Poll::Ready(Pin::new(&mut pump).poll(context))).await;
        match begun {
            Poll::Ready(Err(why @ Broken::Body(_))) => Err(why),
            // What else went wrong the answer tells, which may have come before it.
            Poll::Ready(_) => Ok(Self::nothing()),
            Poll::Pending => Ok(Self(Some(tokio::spawn(pump)))),
        }
    }

    /// Waits for the body to turn out to be unreadable.
    pub(super) async fn unreadable(&mut self) -> Broken {
        if let Some(task) = &mut self.0 {
            let ended = task.await;
            self.0 = None;
            if let Ok(Err(why @ Broken::Body(_))) = ended {
                return why;
            }
        }
        pending().await
    }

    /// Lets it go on by itself.
    pub(super) fn leave(&mut self) {
        self.0 = None;
    }
}

impl Drop for Pumping {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}
