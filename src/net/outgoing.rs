//! A request as it is given to reqwest, and its body.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use hyper::body::{Body, Frame, SizeHint};
use url::Url;

use crate::model::{Header, PreparedRequest, Purpose};

use super::tracker::Tracker;

/// The request of one hop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outgoing {
    pub(super) method: String,
    pub(super) url: Url,
    /// Every header field in wire order.
    pub(super) headers: Vec<Header>,
    pub(super) body: Bytes,
    /// What following a redirect left behind, in words.
    pub(super) dropped: Vec<String>,
    pub(super) purpose: Purpose,
}

/// A prepared request that cannot be put on the wire. [`crate::prepare`] makes none; one from an
/// edited history might be.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsendable {
    #[error("the URL cannot be read")]
    Url(#[source] url::ParseError),
    #[error("“{0}” is no method")]
    Method(String),
    #[error("the header field “{0}” cannot be sent")]
    Header(String),
}

impl Outgoing {
    /// The first hop.
    pub(super) fn first(prepared: &PreparedRequest) -> Result<Self, Unsendable> {
        Ok(Self {
            method: prepared.method.clone(),
            url: Url::parse(&prepared.url).map_err(Unsendable::Url)?,
            headers: prepared.headers.clone(),
            body: prepared.body.clone(),
            dropped: Vec::new(),
            purpose: Purpose::Request,
        })
    }

    /// Puts a header field in place of any of its name.
    pub(super) fn replace_header(&mut self, header: Header) {
        self.headers.retain(|other| other.name != header.name);
        self.headers.push(header);
    }

    /// The request in reqwest's terms, whose body tells when it is taken.
    pub(super) fn to_reqwest(
        &self,
        tracker: &Arc<Tracker>,
    ) -> Result<reqwest::Request, Unsendable> {
        let method = Method::from_bytes(self.method.as_bytes())
            .map_err(|_| Unsendable::Method(self.method.clone()))?;
        let mut request = reqwest::Request::new(method, self.url.clone());
        *request.headers_mut() = header_map(&self.headers)?;
        *request.body_mut() = Some(reqwest::Body::wrap(TrackedBody {
            rest: self.body.clone(),
            tracker: Arc::clone(tracker),
        }));
        Ok(request)
    }
}

fn header_map(headers: &[Header]) -> Result<HeaderMap, Unsendable> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for header in headers {
        let unsendable = || Unsendable::Header(header.name.clone());
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| unsendable())?;
        let value = HeaderValue::from_bytes(&header.value).map_err(|_| unsendable())?;
        map.append(name, value);
    }
    Ok(map)
}

/// How much of the body is handed to the connection at a time, in bytes. It takes more only after it
/// has written most of what it has, so that the phase of sending lasts as long as the sending.
const CHUNK: usize = 64 * 1024;

/// A body, or none, that tells when a connection takes it: whichever it is, a new one, one that was
/// kept, or one that another send has just left.
struct TrackedBody {
    rest: Bytes,
    tracker: Arc<Tracker>,
}

impl Body for TrackedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        self.tracker.writing();
        let length = self.rest.len().min(CHUNK);
        let chunk = self.rest.split_to(length);
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    /// The connection asks this when it takes the request, and takes no body when there is none.
    fn is_end_stream(&self) -> bool {
        let is_taken = self.rest.is_empty();
        if is_taken {
            self.tracker.written();
        }
        is_taken
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
