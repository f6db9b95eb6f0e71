//! A request as it is given to hyper's client.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Method, uri::InvalidUri};
use url::Url;

use crate::model::{Header, PreparedBody, PreparedRequest, Purpose};

use super::{tracker::Tracker, upload::Upload};

/// The request of one hop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outgoing {
    pub(super) method: String,
    pub(super) url: Url,
    /// Every header field in wire order.
    pub(super) headers: Vec<Header>,
    pub(super) body: PreparedBody,
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
    #[error("the URL cannot stand in a request")]
    Target(#[source] InvalidUri),
    #[error("“{0}” is neither http nor https")]
    Scheme(String),
    #[error("“{0}” is no method")]
    Method(String),
    #[error("the header field “{0}” cannot be sent")]
    Header(String),
}

impl Outgoing {
    /// The first hop.
    pub(super) fn first(prepared: &PreparedRequest) -> Result<Self, Unsendable> {
        let url = Url::parse(&prepared.url).map_err(Unsendable::Url)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Unsendable::Scheme(url.scheme().to_owned()));
        }
        Ok(Self {
            method: prepared.method.clone(),
            url,
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

    /// The request in hyper's terms, whose body tells when it is taken.
    pub(super) fn to_http(
        &self,
        tracker: &Arc<Tracker>,
    ) -> Result<http::Request<Upload>, Unsendable> {
        let method = Method::from_bytes(self.method.as_bytes())
            .map_err(|_| Unsendable::Method(self.method.clone()))?;
        let uri = self.url.as_str().parse().map_err(Unsendable::Target)?;
        let upload = Upload::new(&self.body, Arc::clone(tracker));
        let mut request = http::Request::new(upload);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = header_map(&self.headers)?;
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
