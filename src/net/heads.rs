//! Response heads as they stand on the wire: RFC 9112, Sections 2.1 and 4. Pure.

use std::time::Instant;

use httparse::{EMPTY_HEADER, ParserConfig, Status};

use crate::model::{Header, HttpVersion, ResponseHead};

use super::wiretap::Heads;

/// How many fields a head may have; hyper's own limit of 100 rejects real replies.
pub(super) const MOST_FIELDS: usize = 1000;

/// Where the final head ends in `bytes`, which begin with a status line; `None` while it is not whole.
/// Interim heads (1xx but 101) come before it.
pub(super) fn end_of_final(bytes: &[u8]) -> Option<usize> {
    let mut start = 0;
    loop {
        let rest = bytes.get(start..)?;
        let end = start + end_of_head(rest)?;
        if !is_interim(rest) {
            return Some(end);
        }
        start = end;
    }
}

/// Where the blank line after a head ends.
fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let mut lines = memchr::memchr_iter(b'\n', bytes).peekable();
    while let Some(newline) = lines.next() {
        let next = *lines.peek()?;
        let between = bytes.get(newline + 1..next)?;
        if matches!(between, b"" | b"\r") {
            return Some(next + 1);
        }
    }
    None
}

/// Whether the status line says 1xx, other than 101 (RFC 9110, Section 15.2).
fn is_interim(head: &[u8]) -> bool {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let code = line.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
    line.starts_with(b"HTTP/1.") && code.starts_with(b"1") && !code.starts_with(b"101")
}

/// The heads in `bytes`, one after the other, as far as they can be read.
pub(super) fn read(bytes: &[u8], first_byte: Option<Instant>) -> Heads {
    let mut heads = Heads {
        first_byte,
        ..Heads::default()
    };
    let mut rest = bytes;
    while let Some((head, length)) = read_one(rest) {
        if is_interim(rest) {
            heads.interim.push(head);
        } else {
            heads.final_length = length as u64;
            heads.last = Some(head);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    heads
}

/// What has come of a head that is not whole, after the whole ones.
pub(super) fn begun(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some((_, length)) = read_one(rest) {
        rest = rest.get(length..).unwrap_or_default();
    }
    rest
}

/// Whether the bytes cannot be the beginning of a head, nor of one after interim heads.
pub(super) fn is_broken(bytes: &[u8]) -> bool {
    let rest = begun(bytes);
    let mut fields = vec![EMPTY_HEADER; MOST_FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    let read = tolerant().parse_response(&mut response, rest);
    // Too many fields are too many for hyper, too, which says so.
    !rest.is_empty() && matches!(read, Err(error) if error != httparse::Error::TooManyHeaders)
}

/// Takes what hyper takes.
fn tolerant() -> ParserConfig {
    let mut config = ParserConfig::default();
    config
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .ignore_invalid_headers_in_responses(true);
    config
}

fn read_one(bytes: &[u8]) -> Option<(ResponseHead, usize)> {
    let mut fields = vec![EMPTY_HEADER; MOST_FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    let Ok(Status::Complete(length)) = tolerant().parse_response(&mut response, bytes) else {
        return None;
    };
    let status = response.code?;
    let head = ResponseHead {
        status,
        reason: unusual_phrase(status, bytes),
        version: match response.version {
            Some(0) => HttpVersion::Http10,
            _ => HttpVersion::Http11,
        },
        headers: response
            .headers
            .iter()
            .map(|field| Header::new(field.name, unfolded(field.value)))
            .collect(),
    };
    Some((head, length))
}

/// A value over several lines is one with a blank between them, as hyper reads it (RFC 9112, Section 5.2).
fn unfolded(value: &[u8]) -> Vec<u8> {
    let lines = value.split(|byte| *byte == b'\n');
    let lines: Vec<&[u8]> = lines.map(<[u8]>::trim_ascii).collect();
    lines.join(&b' ')
}

/// The reason phrase (RFC 9112, Section 4) when it is not the usual one. An empty one says nothing.
fn unusual_phrase(status: u16, head: &[u8]) -> Option<String> {
    let line = head.split(|byte| *byte == b'\n').next()?;
    let phrase = line.splitn(3, |byte| *byte == b' ').nth(2)?.trim_ascii();
    let usual = http::StatusCode::from_u16(status).ok()?.canonical_reason();
    let is_unusual = !phrase.is_empty() && usual.is_none_or(|usual| usual.as_bytes() != phrase);
    is_unusual.then(|| Header::new("", phrase).text())
}

/// The head with its phrase and its fields as they were sent, where that says the same as what hyper understood.
pub(super) fn as_sent(understood: ResponseHead, sent: Option<&ResponseHead>) -> ResponseHead {
    match sent {
        Some(sent) if sent.status == understood.status && sorted(sent) == sorted(&understood) => {
            ResponseHead {
                reason: sent.reason.clone(),
                headers: sent.headers.clone(),
                ..understood
            }
        }
        _ => understood,
    }
}

fn sorted(head: &ResponseHead) -> Vec<(String, &[u8])> {
    let fields = head.headers.iter();
    let mut fields: Vec<_> = fields
        .map(|field| (field.name.to_ascii_lowercase(), field.value.as_slice()))
        .collect();
    fields.sort();
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    const HINTED: &[u8] = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n\
        HTTP/1.1 200 Fine\r\nX-B: 1\r\nx-a: 2\r\nX-B: 3\r\n\r\nbody\r\n\r\n";

    #[test]
    fn the_final_head_ends_after_the_interim_ones() {
        let end = end_of_final(HINTED).unwrap();
        assert!(HINTED[..end].ends_with(b"X-B: 3\r\n\r\n"));
        for cut in 0..end {
            assert_eq!(end_of_final(&HINTED[..cut]), None, "{cut}");
        }
        assert_eq!(end_of_final(b"HTTP/1.1 200 OK\n\nx"), Some(17));
        assert_eq!(end_of_final(b"SSH-2.0-x\r\n"), None);
    }

    #[test]
    fn names_order_and_phrases_are_as_they_were_sent() {
        let heads = read(&HINTED[..end_of_final(HINTED).unwrap()], None);
        let last = heads.last.unwrap();
        assert_eq!((heads.interim[0].status, last.status), (103, 200));
        assert_eq!(heads.interim[0].reason, None);
        assert_eq!(last.reason.as_deref(), Some("Fine"));
        let umlaut = read(b"HTTP/1.1 404 \xc3\xbcber\r\n\r\n", None);
        assert_eq!(umlaut.last.unwrap().reason.as_deref(), Some("über"));
        let names: Vec<&str> = last.headers.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["X-B", "x-a", "X-B"]);
    }

    #[test]
    fn what_hyper_understood_otherwise_is_believed() {
        let head = |name: &str, value: &str| ResponseHead {
            status: 200,
            reason: None,
            version: HttpVersion::Http11,
            headers: vec![Header::new(name, value)],
        };
        let understood = head("x-a", "1");
        assert_eq!(
            as_sent(understood.clone(), Some(&head("X-A", "1"))).headers[0].name,
            "X-A"
        );
        assert_eq!(
            as_sent(understood.clone(), Some(&head("X-A", "2"))),
            understood
        );
        assert_eq!(as_sent(understood.clone(), None), understood);
    }

    #[test]
    fn what_may_still_become_a_head_is_not_broken() {
        for (bytes, broken) in [
            (&b""[..], false),
            (b"HTTP/1.1 20", false),
            (b"HTTP/1.1 200 OK\r\nx-cut: o", false),
            (b"HTTP/1.1 200 OK\r\n\r\n", false),
            (b"HTTP/1.1 abc OK\r\n\r\n", true),
            (b"SSH-2.0-x\r\n", true),
            (b"HTTP/1.1 103 Early Hints\r\n\r\n220 mail", true),
            (b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 2", false),
        ] {
            assert_eq!(is_broken(bytes), broken, "{}", bytes.escape_ascii());
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_break_it(bytes: Vec<u8>) {
            let _ = end_of_final(&bytes);
            let _ = (read(&bytes, None), is_broken(&bytes));
        }
    }
}
