//! A tunnel through a proxy of HTTP, by CONNECT: RFC 9110, Section 9.3.6.

use std::sync::Arc;

use http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use hyper_util::rt::TokioIo;

use crate::model::{Phase, find_header};

use super::{
    dial::{BoxError, authority_of},
    exchange::lenient,
    heads,
    incoming::read_head,
    link::Link,
    stream::Stream,
    tracker::with_current,
    wiretap::{Tapped, Wiretap},
};

/// The proxy answered otherwise than by opening the way.
#[derive(Debug, thiserror::Error)]
#[error("it answered “CONNECT {target}” with {status}{wants}")]
struct Refused {
    target: String,
    /// With its usual phrase.
    status: StatusCode,
    wants: String,
}

/// Asks the proxy at the other end of the stream for a way to the host and port of the URL.
pub(super) async fn through(
    stream: Stream,
    uri: &Uri,
    credentials: Option<&HeaderValue>,
) -> Result<Stream, BoxError> {
    let target = authority_of(uri);
    let mut request = Request::builder()
        .method(Method::CONNECT)
        .uri(&target)
        .header(header::HOST, &target)
        .body(reqwest::Body::default())?;
    if let Some(credentials) = credentials {
        let headers = request.headers_mut();
        headers.insert(header::PROXY_AUTHORIZATION, credentials.clone());
    }
    with_current(|tracker| tracker.connecting_by(Phase::Connect));
    let link = Arc::new(Link::new(&stream, None, false));
    let io = TokioIo::new(Tapped::new(stream, Arc::clone(&link)));
    let (mut sender, connection) = lenient().handshake(io).await?;
    tokio::spawn(connection.with_upgrades());
    let response = sender.send_request(request).await;
    let response = response.map_err(|error| no_answer(target.clone(), error, &link))?;
    if !response.status().is_success() {
        let response = response.map(reqwest::Body::wrap);
        return Err(refused(target, &response.into(), &link).into());
    }
    let opened = hyper::upgrade::on(response).await?;
    let parts = opened.downcast::<TokioIo<Tapped>>().map_err(|_| Lost)?;
    if parts.read_buf.is_empty() {
        Ok(parts.io.into_inner().into_stream())
    } else {
        // A server that TLS is spoken to says nothing before it is greeted.
        Err(Lost.into())
    }
}

/// The proxy was reached and gave no answer, or none of HTTP.
#[derive(Debug, thiserror::Error)]
#[error("it gave no answer to “CONNECT {0}”")]
struct NoAnswer(String, #[source] hyper::Error);

/// The stream did not come back as it was.
#[derive(Debug, thiserror::Error)]
#[error("it said something into the tunnel before anything was asked")]
struct Lost;

/// What came instead of an answer stays with the hop.
fn no_answer(target: String, error: hyper::Error, link: &Link) -> NoAnswer {
    let raw = link.tap().map(Wiretap::raw).filter(|raw| !raw.is_empty());
    with_current(|tracker| tracker.note(|seen| seen.unreadable = raw));
    NoAnswer(target, error)
}

/// What the proxy answered stays with the hop.
fn refused(target: String, response: &reqwest::Response, link: &Link) -> Refused {
    let heads = link.tap().map(Wiretap::heads).unwrap_or_default();
    let head = heads::as_sent(read_head(response), heads.last.as_ref());
    let wanted = find_header(&head.headers, "proxy-authenticate");
    let wants = wanted.map_or_else(String::new, |it| format!(", and wants {}", it.text()));
    with_current(|tracker| tracker.note(|seen| seen.refusal = Some(head)));
    Refused {
        target,
        status: response.status(),
        wants,
    }
}
