//! The parts of a URL that a filter looks at.

use url::{Position, Url};

/// `host:port`, the port also where it is the scheme's own; empty for what is no URL with a host.
pub fn host_of(url: &str) -> String {
    let Ok(url) = Url::parse(url) else {
        return String::new();
    };
    match (url.host_str(), url.port_or_known_default()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    }
}

/// The path without the query, percent-encoded as on the wire; empty for what is no URL.
pub fn path_of(url: &str) -> String {
    Url::parse(url).map_or_else(
        |_| String::new(),
        |url| url[Position::BeforePath..Position::AfterPath].to_owned(),
    )
}

/// `host:port` without the port.
pub fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        // The colons within the brackets of an IPv6 address belong to it.
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// A piece of a host as URLs hold it: names in other letters become `xn--…` (WHATWG URL standard,
/// domain to ASCII). Pieces that are no whole name stay as typed.
pub fn encode_host(piece: &str) -> String {
    if piece.is_ascii() {
        return piece.to_owned();
    }
    let (name, port) = match piece.rsplit_once(':') {
        Some((name, port)) => (name, format!(":{port}")),
        None => (piece, String::new()),
    };
    url::Host::parse(name).map_or_else(|_| piece.to_owned(), |host| format!("{host}{port}"))
}

/// A piece of a path as URLs hold it: blanks and what is not ASCII percent-encoded.
pub fn encode_path(piece: &str) -> String {
    use std::fmt::Write;
    let mut encoded = String::with_capacity(piece.len());
    for byte in piece.bytes() {
        if byte.is_ascii_graphic() {
            encoded.push(char::from(byte));
        } else {
            // Lower case like the rest of a pattern. Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02x}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_have_their_port() {
        assert_eq!(
            host_of("https://API.example.com/a?b"),
            "api.example.com:443"
        );
        assert_eq!(host_of("http://[::1]:3000/"), "[::1]:3000");
        assert_eq!(host_of("no url"), "");
        assert_eq!(without_port("api.example.com:443"), "api.example.com");
        assert_eq!(without_port("[::1]:3000"), "[::1]");
        assert_eq!(without_port("[::1]"), "[::1]");
    }

    #[test]
    fn paths_have_no_query() {
        assert_eq!(
            path_of("https://h/users/é x?q#f"),
            "/users/%C3%A9%20x".to_owned()
        );
        assert_eq!(encode_path("/users/é x"), "/users/%c3%a9%20x");
        assert_eq!(encode_host("bücher.de:80"), "xn--bcher-kva.de:80");
    }
}
