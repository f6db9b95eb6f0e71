//! Response heads as they stand on the wire: RFC 9112, Sections 2.1 and 4. Pure.

use httparse::{EMPTY_HEADER, ParserConfig, Status};

use crate::model::{Header, HttpVersion, ResponseHead};

/// As many fields are read; hyper is told the same.
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
pub(super) fn read(bytes: &[u8]) -> Vec<ResponseHead> {
    let mut heads = Vec::new();
    let mut rest = bytes;
    while let Some((head, length)) = read_one(rest) {
        heads.push(head);
        rest = rest.get(length..).unwrap_or_default();
    }
    heads
}

fn read_one(bytes: &[u8]) -> Option<(ResponseHead, usize)> {
    let mut fields = vec![EMPTY_HEADER; MOST_FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    let mut config = ParserConfig::default();
    config
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .ignore_invalid_headers_in_responses(true);
    let Ok(Status::Complete(length)) = config.parse_response(&mut response, bytes) else {
        return None;
    };
    let status = response.code?;
    let phrase = response.reason.unwrap_or_default();
    let usual = http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason());
    let is_unusual = !phrase.is_empty() && usual != Some(phrase);
    let head = ResponseHead {
        status,
        reason: is_unusual.then(|| phrase.to_owned()),
        version: match response.version {
            Some(0) => HttpVersion::Http10,
            _ => HttpVersion::Http11,
        },
        headers: response
            .headers
            .iter()
            .map(|field| Header::new(field.name, field.value))
            .collect(),
    };
    Some((head, length))
}

/// The head with its fields as they were sent, where that says the same as what hyper understood.
pub(super) fn as_sent(understood: ResponseHead, sent: Option<ResponseHead>) -> ResponseHead {
    match sent {
        Some(sent) if sent.status == understood.status && sorted(&sent) == sorted(&understood) => {
            ResponseHead {
                headers: sent.headers,
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
        let heads = read(&HINTED[..end_of_final(HINTED).unwrap()]);
        assert_eq!((heads[0].status, heads[1].status), (103, 200));
        assert_eq!(heads[0].reason, None);
        assert_eq!(heads[1].reason.as_deref(), Some("Fine"));
        let names: Vec<&str> = heads[1].headers.iter().map(|it| it.name.as_str()).collect();
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
            as_sent(understood.clone(), Some(head("X-A", "1"))).headers[0].name,
            "X-A"
        );
        assert_eq!(
            as_sent(understood.clone(), Some(head("X-A", "2"))),
            understood
        );
        assert_eq!(as_sent(understood.clone(), None), understood);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_break_it(bytes: Vec<u8>) {
            let _ = end_of_final(&bytes);
            let _ = read(&bytes);
        }
    }
}
