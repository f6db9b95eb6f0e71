//! The head of a prepared request as HTTP/1.1 writes it: RFC 9112, Sections 3 and 5. HTTP/2 has no such lines,
//! and is told in the same form.

use std::fmt::Write;

use crate::{
    model::{
        FilePiece, Header, HttpVersion, PreparedRequest, ProxyUsed, VersionChoice, readable_marks,
    },
    units::human_size,
};

/// The request line without its line end, the target in origin form (Section 3.2.1).
pub fn request_line(prepared: &PreparedRequest) -> String {
    request_line_to(prepared, request_target(&prepared.url))
}

/// The same as whoever it is given to gets it: a proxy of plain HTTP is told the whole address, the target being
/// in absolute form (Section 3.2.2).
pub fn request_line_by(prepared: &PreparedRequest, proxy: Option<&ProxyUsed>) -> String {
    if speaking(prepared, proxy).is_none() {
        return request_line(prepared);
    }
    let whole = prepared.url.split('#').next().unwrap_or(&prepared.url);
    request_line_to(prepared, whole)
}

/// A proxy that is spoken to itself: by way of SOCKS, or of a tunnel, the server is.
fn speaking<'a>(prepared: &PreparedRequest, proxy: Option<&'a ProxyUsed>) -> Option<&'a ProxyUsed> {
    let is_plain = prepared.url.starts_with("http:");
    proxy.filter(|proxy| is_plain && proxy.address.starts_with("http"))
}

/// The credentials that a proxy is given are none of the request's own fields.
const TO_PROXY: &str = "‹what the proxy asks for, from its address›";

/// The field that is added for a proxy.
pub fn field_for_proxy(prepared: &PreparedRequest, proxy: Option<&ProxyUsed>) -> Option<Header> {
    let has_credentials = speaking(prepared, proxy)?.has_credentials;
    has_credentials.then(|| Header::new("proxy-authorization", TO_PROXY))
}

fn request_line_to(prepared: &PreparedRequest, target: &str) -> String {
    let version = match prepared.options.transport.version {
        VersionChoice::Http2 => HttpVersion::Http2,
        VersionChoice::Negotiated | VersionChoice::Http1 => HttpVersion::Http11,
    };
    format!("{} {} {version}", prepared.method, readable_marks(target))
}

/// The path and the query. Not parsed: the marks that stand for secrets would be encoded.
fn request_target(url: &str) -> &str {
    let whole = url.split('#').next().unwrap_or(url);
    let authority = whole.split_once("//").map_or(whole, |(_, rest)| rest);
    let path = authority.find('/').and_then(|start| authority.get(start..));
    path.unwrap_or("/")
}

/// The request line, the header fields and the blank line after them.
pub fn request_head(prepared: &PreparedRequest) -> String {
    head(prepared, &request_line(prepared))
}

/// The same as whoever it is given to gets it, see [`request_line_by`], without the field for a proxy.
pub fn request_head_by(prepared: &PreparedRequest, proxy: Option<&ProxyUsed>) -> String {
    head(prepared, &request_line_by(prepared, proxy))
}

fn head(prepared: &PreparedRequest, line: &str) -> String {
    let mut head = format!("{line}\r\n");
    for header in &prepared.headers {
        // Writing to a String cannot fail.
        let _ = write!(head, "{}: {}\r\n", header.name, header.text());
    }
    head.push_str("\r\n");
    head
}

/// What stands in the place of a file's content where a body is shown.
pub fn piece_note(file: &FilePiece) -> String {
    format!("‹{}, {}›", file.path.display(), human_size(file.size))
}
