//! How long the heads of a hop are, computed from what is in them: reqwest counts no bytes. HTTP/1.1 writes
//! them so (RFC 9112, Section 2.1); HTTP/2 compresses them (RFC 7541), and what is left is not seen.

use url::Position;

use crate::{
    model::{Header, HttpVersion, ResponseHead},
    status::catalogue,
};

use super::{outgoing::Outgoing, proxy::Way};

/// The request line, the header fields and the blank line, in bytes.
pub(super) fn of_request(outgoing: &Outgoing, way: &Way) -> u64 {
    let url = &outgoing.url;
    // A proxy is given the whole address (RFC 9112, Section 3.2.2), and goes on by CONNECT for https.
    let target = if way.is_proxied() && url.scheme() == "http" {
        &url[..Position::AfterQuery]
    } else {
        &url[Position::BeforePath..Position::AfterQuery]
    };
    let line = outgoing.method.len() + target.len() + "  HTTP/1.1\r\n".len();
    line as u64 + of_fields(&outgoing.headers)
}

/// The status line, the header fields and the blank line, in bytes; one blank after each colon.
pub(super) fn of_response(head: &ResponseHead) -> u64 {
    let phrase = catalogue::phrase_of(head);
    let line = match head.version {
        HttpVersion::Http2 | HttpVersion::Http3 => 0,
        HttpVersion::Http09 | HttpVersion::Http10 | HttpVersion::Http11 => {
            "HTTP/1.1 200 \r\n".len() + phrase.len()
        }
    };
    line as u64 + of_fields(&head.headers)
}

fn of_fields(headers: &[Header]) -> u64 {
    let field = |header: &Header| header.name.len() + ": \r\n".len() + header.value.len();
    let fields: usize = headers.iter().map(field).sum();
    (fields + "\r\n".len()) as u64
}
