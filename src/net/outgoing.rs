//! A request as it is given to a connection.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
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
    #[error("“{0}:” is no scheme that can be sent to: http and https are")]
    Scheme(String),
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
        self.headers.retain(|other| !other.is(&header.name));
        self.headers.push(header);
    }

    /// The request in reqwest's terms, whose body tells when it is taken.
    pub(super) fn to_reqwest(
        &self,
        tracker: &Arc<Tracker>,
    ) -> Result<reqwest::Request, Unsendable> {
        let scheme = self.url.scheme();
        if !matches!(scheme, "http" | "https") {
            return Err(Unsendable::Scheme(scheme.to_owned()));
        }
        let method = Method::from_bytes(self.method.as_bytes())
            .map_err(|_| Unsendable::Method(self.method.clone()))?;
        let mut request = reqwest::Request::new(method, self.url.clone());
        *request.headers_mut() = header_map(&self.headers)?;
        *request.body_mut() = Some(reqwest::Body::wrap(Upload::new(
            &self.body,
            Arc::clone(tracker),
        )));
        Ok(request)
    }
}

/// The fields as HTTP/2 has them: names in lower case (RFC 9113, Section 8.2.1), those of one name together,
/// as hyper writes them.
pub(super) fn as_http2(headers: &[Header]) -> Vec<Header> {
    let mut grouped: Vec<Header> = Vec::with_capacity(headers.len());
    for header in headers {
        let name = header.name.to_ascii_lowercase();
        let after = grouped.iter().rposition(|other| other.name == name);
        let at = after.map_or(grouped.len(), |index| index + 1);
        grouped.insert(at, Header::new(name, header.value.clone()));
    }
    grouped
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
