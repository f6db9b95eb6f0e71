//! The head of a request as it came over the wire: RFC 9112, Sections 2 to 6.

use crate::model::{Header, HttpVersion, find_header};

/// The longest head that is read, in bytes.
pub const HEAD_LIMIT: usize = 256 * 1024;
/// The most header fields that are read.
const FIELD_LIMIT: usize = 1024;

/// Why a request is not served as it stands; it becomes the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status}: {detail}")]
pub struct Refusal {
    pub status: u16,
    pub detail: String,
}

impl Refusal {
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
        }
    }
}

/// How the end of the body is known (RFC 9112, Section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// This many bytes; none where neither field is there.
    Length(u64),
    Chunked,
}

/// Request line and header fields, nothing of them changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub method: String,
    /// As in the request line: most often path and query.
    pub target: String,
    pub version: HttpVersion,
    /// In the order and case in which they came.
    pub headers: Vec<Header>,
    pub framing: Framing,
}

impl Head {
    /// Reads a head at the start of `bytes` and tells where the body begins; `None` when more bytes
    /// are needed.
    pub fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, Refusal> {
        let mut fields = vec![httparse::EMPTY_HEADER; FIELD_LIMIT];
        let mut request = httparse::Request::new(&mut fields);
        let length = match request.parse(bytes) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) if bytes.len() >= HEAD_LIMIT => {
                let detail = format!("The head is longer than {HEAD_LIMIT} bytes.");
                return Err(Refusal::new(431, detail));
            }
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(error) => return Err(not_a_request(error)),
        };
        let version = match request.version {
            Some(0) => HttpVersion::Http10,
            _ => HttpVersion::Http11,
        };
        let headers: Vec<Header> = request
            .headers
            .iter()
            .map(|field| Header::new(field.name, field.value))
            .collect();
        let head = Self {
            method: request.method.unwrap_or_default().to_owned(),
            target: request.path.unwrap_or_default().to_owned(),
            version,
            framing: framing(&headers, version)?,
            headers,
        };
        head.check_host()?;
        Ok(Some((head, length)))
    }

    /// RFC 9112, Section 3.2: an HTTP/1.1 request without exactly one `Host` gets a 400.
    fn check_host(&self) -> Result<(), Refusal> {
        let hosts = fields(&self.headers, "host").count();
        if hosts > 1 || (hosts == 0 && self.version == HttpVersion::Http11) {
            let detail = format!("There are {hosts} Host fields; there must be one.");
            return Err(Refusal::new(400, detail));
        }
        Ok(())
    }

    /// The value of the first field called `name`, as text.
    pub fn header(&self, name: &str) -> Option<String> {
        find_header(&self.headers, name).map(Header::text)
    }

    pub fn path(&self) -> &str {
        self.path_and_query().0
    }

    /// Without the question mark; empty where there is none.
    pub fn query(&self) -> &str {
        self.path_and_query().1
    }

    /// A client that takes the server for a proxy sends the whole URL (RFC 9112, Section 3.2.2).
    fn path_and_query(&self) -> (&str, &str) {
        let target = self.target.as_str();
        let target = match target.split_once("://") {
            Some((_, rest)) if !target.starts_with('/') => rest
                .find(['/', '?'])
                .map_or("/", |start| rest.split_at(start).1),
            _ => target,
        };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        (if path.is_empty() { "/" } else { path }, query)
    }

    /// Whether a further request may come over the same connection (RFC 9112, Section 9.3).
    pub fn keeps_alive(&self) -> bool {
        let says = |word| tokens(&self.headers, "connection").any(|token| token == word);
        match self.version {
            HttpVersion::Http10 => says("keep-alive"),
            _ => !says("close"),
        }
    }

    /// Whether the client waits for a `100 Continue` before it sends the body (RFC 9110, Section
    /// 10.1.1).
    pub fn expects_continue(&self) -> bool {
        self.version == HttpVersion::Http11
            && tokens(&self.headers, "expect").any(|token| token == "100-continue")
    }
}

fn not_a_request(error: httparse::Error) -> Refusal {
    match error {
        httparse::Error::TooManyHeaders => Refusal::new(
            431,
            format!("There are more than {FIELD_LIMIT} header fields."),
        ),
        httparse::Error::Version => {
            Refusal::new(505, "The playground speaks HTTP/1.1 and HTTP/1.0 only.")
        }
        _ => Refusal::new(400, format!("This is not an HTTP/1.1 request: {error}.")),
    }
}

/// A request that could be read in two ways is refused (RFC 9112, Section 6.3).
fn framing(headers: &[Header], version: HttpVersion) -> Result<Framing, Refusal> {
    let codings: Vec<String> = tokens(headers, "transfer-encoding").collect();
    let mut lengths: Vec<String> = tokens(headers, "content-length").collect();
    lengths.dedup();
    match (codings.as_slice(), lengths.as_slice()) {
        ([], []) => Ok(Framing::Length(0)),
        ([], [length]) if length.bytes().all(|byte| byte.is_ascii_digit()) => length
            .parse()
            .map(Framing::Length)
            .map_err(|_| Refusal::new(400, format!("“{length}” is no Content-Length."))),
        ([], _) => Err(Refusal::new(
            400,
            format!("“{}” is no Content-Length.", lengths.join(", ")),
        )),
        (_, [_, ..]) => Err(Refusal::new(
            400,
            "Both Content-Length and Transfer-Encoding are there.",
        )),
        ([coding], []) if coding == "chunked" && version == HttpVersion::Http11 => {
            Ok(Framing::Chunked)
        }
        (_, []) => Err(Refusal::new(
            501,
            "The playground reads no Transfer-Encoding but chunked, and that in HTTP/1.1.",
        )),
    }
}

fn fields<'a>(headers: &'a [Header], name: &'a str) -> impl Iterator<Item = &'a Header> {
    headers
        .iter()
        .filter(move |header| header.name.eq_ignore_ascii_case(name))
}

/// The members of every field called `name`, in lower case (RFC 9110, Section 5.6.1).
fn tokens<'a>(headers: &'a [Header], name: &'a str) -> impl Iterator<Item = String> {
    fields(headers, name).flat_map(|header| {
        let text = header.text().to_ascii_lowercase();
        let tokens: Vec<String> = text
            .split(',')
            .map(|token| token.trim().to_owned())
            .collect();
        tokens
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(lines: &str) -> Result<Option<Head>, u16> {
        let text = format!("{}\r\n\r\n", lines.replace('\n', "\r\n"));
        match Head::parse(text.as_bytes()) {
            Ok(found) => Ok(found.map(|(head, _)| head)),
            Err(refusal) => Err(refusal.status),
        }
    }

    fn framing_of(lines: &str) -> Result<Framing, u16> {
        let head = parse(&format!("POST / HTTP/1.1\nHost: a\n{lines}"))?;
        Ok(head.expect("the head is complete").framing)
    }

    #[test]
    fn order_and_case_of_fields_stay() {
        let head = parse("PURGE /a?b=c HTTP/1.1\nhOST: a\nX-B: 1\nx-a: 2\nX-B: 3");
        let head = head.unwrap().unwrap();
        let names: Vec<_> = head.headers.iter().map(|h| h.name.as_str()).collect();
        assert_eq!(names, ["hOST", "X-B", "x-a", "X-B"]);
        assert_eq!(
            (head.method.as_str(), head.path(), head.query()),
            ("PURGE", "/a", "b=c")
        );
    }

    #[test]
    fn an_unfinished_head_waits_for_more() {
        assert_eq!(Head::parse(b"POST / HTTP/1.1\r\nHost: a\r\n"), Ok(None));
        assert_eq!(Head::parse(b""), Ok(None));
    }

    #[test]
    fn the_path_of_a_whole_url_is_found() {
        for (target, path, query) in [
            ("http://a:80/b?c", "/b", "c"),
            ("http://a", "/", ""),
            ("http://a?b", "/", "b"),
            ("/b?to=http://c/d", "/b", "to=http://c/d"),
            ("*", "*", ""),
        ] {
            let head = parse(&format!("GET {target} HTTP/1.1\nHost: a"));
            let head = head.unwrap().unwrap();
            assert_eq!((head.path(), head.query()), (path, query), "{target}");
        }
    }

    #[test]
    fn a_body_that_could_end_in_two_places_is_refused() {
        assert_eq!(framing_of("Content-Length: 12"), Ok(Framing::Length(12)));
        assert_eq!(
            framing_of("Content-Length: 12\nContent-Length: 12"),
            Ok(Framing::Length(12))
        );
        assert_eq!(
            framing_of("Transfer-Encoding: Chunked"),
            Ok(Framing::Chunked)
        );
        for lines in [
            "Content-Length: 12, 13",
            "Content-Length: +1",
            "Content-Length:",
            "Content-Length: 99999999999999999999",
            "Content-Length: 1\nTransfer-Encoding: chunked",
        ] {
            assert_eq!(framing_of(lines), Err(400), "{lines}");
        }
        assert_eq!(framing_of("Transfer-Encoding: gzip, chunked"), Err(501));
    }

    #[test]
    fn what_is_no_request_is_refused() {
        assert_eq!(parse("POST / HTTP/1.1"), Err(400));
        assert_eq!(parse("POST / HTTP/1.1\nHost: a\nHost: b"), Err(400));
        assert_eq!(parse("POST / HTTP/1.1\nHost: a\nbad name: b"), Err(400));
        assert_eq!(parse("PRI * HTTP/2.0"), Err(505));
        let many = "a: b\n".repeat(FIELD_LIMIT + 1);
        assert_eq!(
            parse(&format!("GET / HTTP/1.1\n{}", many.trim_end())),
            Err(431)
        );
        let long = vec![b'a'; HEAD_LIMIT];
        assert_eq!(Head::parse(&long).map_err(|r| r.status), Err(431));
    }

    #[test]
    fn the_connection_is_kept_as_the_version_says() {
        for (lines, kept) in [
            ("GET / HTTP/1.1\nHost: a", true),
            ("GET / HTTP/1.1\nHost: a\nConnection: foo, Close", false),
            ("GET / HTTP/1.0", false),
            ("GET / HTTP/1.0\nConnection: keep-alive", true),
        ] {
            assert_eq!(
                parse(lines).unwrap().unwrap().keeps_alive(),
                kept,
                "{lines}"
            );
        }
    }
}
