//! The header fields that go out without a row for them.

use crate::model::{BodyKind, Field, Header, Redact, Request};

use super::{Given, PrepareError, complete_address, prepare_with};

/// The automatic fields that a switched-off row of their name keeps back. The others are what makes
/// a message one: `host` (RFC 9112, Section 3.2) and `content-length`.
const SUPPRESSIBLE: [&str; 7] = [
    "accept",
    "accept-encoding",
    "authorization",
    "content-type",
    "cookie",
    "idempotency-key",
    "user-agent",
];

/// An automatic field, to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Automatic {
    pub header: Header,
    /// Whether a switched-off row of its name keeps it back.
    pub suppressed: bool,
    /// Whether the user's own row takes its place, which is told of cookies alone: there may be many.
    pub replaced: bool,
}

/// Whether a switched-off row of this name keeps an automatic field back.
pub fn is_suppressible(name: &str) -> bool {
    let name = name.trim();
    SUPPRESSIBLE
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether the rows keep the automatic field of this name back.
pub(super) fn is_suppressed(name: &str, rows: &[Field]) -> bool {
    is_suppressible(name)
        && rows
            .iter()
            .any(|row| !row.enabled && row.name.trim().eq_ignore_ascii_case(name))
}

/// The automatic fields of a request, those kept back included, also while the URL, the method or a
/// row is still wrong: then what follows from it is left out.
pub fn automatic(request: &Request, given: &Given) -> Vec<Automatic> {
    let has_url = complete_address(&request.url).is_ok();
    let mut bare = Request {
        headers: Vec::new(),
        rules: Vec::new(),
        ..request.clone()
    };
    if !has_url {
        "localhost".clone_into(&mut bare.url);
    }
    let prepared = prepare_with(&bare, given).or_else(|_| {
        // A body that cannot be sent yet does not hide the other fields; how long it is, is not known.
        bare.body.kind = BodyKind::None;
        let mut prepared = prepare_with(&bare, given)?;
        let is_known = |header: &Header| !header.is("content-length");
        prepared.headers.retain(is_known);
        Ok::<_, PrepareError>(prepared)
    });
    let Ok(mut prepared) = prepared else {
        return Vec::new();
    };
    prepared.hide_cookies();
    let is_given = |name: &str| {
        request
            .headers
            .iter()
            .any(|row| row.is_sent() && row.name.trim().eq_ignore_ascii_case(name))
    };
    // They are shown only: what is secret in them is not.
    prepared
        .redacted()
        .headers
        .into_iter()
        .filter(|header| has_url || !header.is("host"))
        .filter(|header| header.is("cookie") || !is_given(&header.name))
        .map(|header| Automatic {
            suppressed: is_suppressed(&header.name, &request.headers),
            replaced: is_given(&header.name),
            header,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(request: &Request) -> Vec<String> {
        automatic(request, &Given::default())
            .iter()
            .map(|it| {
                let mark = if it.suppressed { "!" } else { "" };
                format!("{mark}{}: {}", it.header.name, it.header.text())
            })
            .collect()
    }

    fn off(name: &str) -> Field {
        Field {
            enabled: false,
            ..Field::new(name, "")
        }
    }

    #[test]
    fn a_body_that_cannot_be_sent_has_no_length() {
        let mut request = Request {
            url: ":1".to_owned(),
            ..Request::default()
        };
        request.body.kind = BodyKind::Multipart;
        request.body.multipart = vec![Field::file("a", "/nowhere")];
        let shown = shown(&request);
        assert!(
            shown.iter().any(|it| it == "host: localhost:1"),
            "{shown:?}"
        );
        assert!(!shown.join(" ").contains("content-length"), "{shown:?}");
    }

    #[test]
    fn they_are_listed_while_the_request_is_typed() {
        let agent = format!("user-agent: {}", super::super::USER_AGENT);
        let mut request = Request::default();
        assert_eq!(
            shown(&request),
            [&agent, "accept: */*", "content-length: 0"]
        );
        request.url = ":3000/x".to_owned();
        request.body.form = vec![Field::new("a", "1")];
        request.headers = vec![
            Field::new("Accept", "text/csv"),
            off("User-Agent"),
            off("host"),
        ];
        assert_eq!(
            shown(&request),
            [
                "host: localhost:3000",
                "content-type: application/x-www-form-urlencoded",
                &format!("!{agent}"),
                "content-length: 3",
            ]
        );
    }

    #[test]
    fn a_row_that_is_off_keeps_the_automatic_one_back() {
        let request = Request {
            url: "http://me:pw@h/".to_owned(),
            headers: [
                "Accept ",
                "user-agent",
                "authorization",
                "host",
                "content-length",
            ]
            .map(off)
            .to_vec(),
            ..Request::default()
        };
        let names: Vec<String> = super::super::prepare(&request)
            .unwrap()
            .headers
            .into_iter()
            .map(|header| header.name)
            .collect();
        assert_eq!(names, ["host", "content-length"]);
    }
}
