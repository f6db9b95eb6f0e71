//! A response while it arrives.

use std::{future::poll_fn, pin::Pin, sync::Arc};

use bytes::Bytes;
use http::{Extensions, HeaderMap, StatusCode, Version};
use hyper::body::{Body, Incoming};

use super::link::Link;

/// The head of a response, and its body on the way.
pub(super) struct Answer(http::Response<Incoming>);

impl Answer {
    pub(super) fn new(response: http::Response<Incoming>) -> Self {
        Self(response)
    }

    pub(super) fn status(&self) -> StatusCode {
        self.0.status()
    }

    pub(super) fn version(&self) -> Version {
        self.0.version()
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    pub(super) fn extensions(&self) -> &Extensions {
        self.0.extensions()
    }

    /// The connection that it comes over.
    pub(super) fn link(&self) -> Option<&Arc<Link>> {
        self.extensions().get()
    }

    /// How long the rest of the body is, where the head has announced it.
    pub(super) fn content_length(&self) -> Option<u64> {
        self.0.body().size_hint().exact()
    }

    /// The next piece of the body; `None` at its end. Trailers are passed over.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, hyper::Error> {
        loop {
            let body = self.0.body_mut();
            let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
            match frame {
                None => return Ok(None),
                Some(frame) => {
                    if let Ok(data) = frame?.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }
}
