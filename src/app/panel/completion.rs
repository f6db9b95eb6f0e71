//! Suggestions while a row is typed: the names that were sent before; for headers also those of the IANA
//! HTTP Field Name Registry that clients send, those in wide use beside it, and the values that some of
//! them commonly have.

use crate::{
    app::{State, effect::Effect},
    model::{Cell, Names, RequestTab},
};

use super::{builder::Builder, table::Table};

impl State {
    /// Takes the names that the history has.
    pub(in crate::app) fn learn_names(&mut self, names: Names) -> Vec<Effect> {
        self.names.add_older(names);
        Vec::new()
    }
}

/// A name, and values that it often has, the most usual one first.
type Known = (&'static str, &'static [&'static str]);

const KNOWN: &[Known] = &[
    (
        "Accept",
        &[
            "*/*",
            "application/json",
            "application/xml",
            "application/problem+json",
            "text/html",
            "text/plain",
            "text/csv",
            "text/event-stream",
        ],
    ),
    ("Accept-Charset", &["utf-8"]),
    (
        "Accept-Encoding",
        &["gzip, deflate, br, zstd", "gzip", "br", "zstd", "identity"],
    ),
    ("Accept-Language", &["en", "en-US,en;q=0.9", "de", "*"]),
    ("Access-Control-Request-Headers", &[]),
    (
        "Access-Control-Request-Method",
        &["POST", "GET", "PUT", "DELETE"],
    ),
    ("Authorization", &["Bearer ", "Basic ", "Token ", "ApiKey "]),
    (
        "Cache-Control",
        &["no-cache", "no-store", "max-age=0", "only-if-cached"],
    ),
    ("Connection", &["close", "keep-alive"]),
    ("Content-Disposition", &["attachment; filename=", "inline"]),
    ("Content-Encoding", &["gzip", "br", "zstd", "deflate"]),
    ("Content-Language", &["en"]),
    ("Content-Location", &[]),
    ("Content-MD5", &[]),
    ("Content-Range", &["bytes "]),
    (
        "Content-Type",
        &[
            "application/json",
            "application/x-www-form-urlencoded",
            "application/xml",
            "application/problem+json",
            "application/merge-patch+json",
            "application/json-patch+json",
            "application/vnd.api+json",
            "application/graphql",
            "application/soap+xml",
            "application/octet-stream",
            "application/x-ndjson",
            "application/pdf",
            "application/cbor",
            "application/protobuf",
            "application/yaml",
            "multipart/form-data",
            "text/plain; charset=utf-8",
            "text/csv",
            "text/html",
            "text/xml",
            "image/png",
            "image/jpeg",
        ],
    ),
    ("Cookie", &[]),
    ("Date", &[]),
    ("Depth", &["0", "1", "infinity"]),
    ("Destination", &[]),
    ("DNT", &["1"]),
    ("Expect", &["100-continue"]),
    ("Forwarded", &["for="]),
    ("From", &[]),
    ("Host", &[]),
    ("Idempotency-Key", &[]),
    ("If-Match", &["*"]),
    ("If-Modified-Since", &[]),
    ("If-None-Match", &["*"]),
    ("If-Range", &[]),
    ("If-Unmodified-Since", &[]),
    ("Keep-Alive", &["timeout=5"]),
    ("Last-Event-ID", &[]),
    ("Link", &[]),
    ("Max-Forwards", &[]),
    ("Origin", &["http://localhost:3000"]),
    ("Overwrite", &["T", "F"]),
    ("Pragma", &["no-cache"]),
    (
        "Prefer",
        &[
            "return=minimal",
            "return=representation",
            "respond-async",
            "wait=",
        ],
    ),
    ("Priority", &["u=3, i"]),
    ("Proxy-Authorization", &["Basic "]),
    ("Range", &["bytes=0-"]),
    ("Referer", &[]),
    ("SOAPAction", &[]),
    ("Sec-Fetch-Mode", &["cors", "navigate", "no-cors"]),
    ("Sec-Fetch-Site", &["same-origin", "cross-site", "none"]),
    ("TE", &["trailers"]),
    ("Trailer", &[]),
    ("Traceparent", &["00-"]),
    ("Tracestate", &[]),
    ("Upgrade-Insecure-Requests", &["1"]),
    ("User-Agent", &["Mozilla/5.0"]),
    ("Via", &[]),
    ("Want-Content-Digest", &["sha-256=1"]),
    ("X-API-Key", &[]),
    ("X-Auth-Token", &[]),
    ("X-CSRF-Token", &[]),
    ("X-Correlation-ID", &[]),
    ("X-Forwarded-For", &["127.0.0.1"]),
    ("X-Forwarded-Host", &[]),
    ("X-Forwarded-Proto", &["https", "http"]),
    ("X-HTTP-Method-Override", &["PUT", "PATCH", "DELETE"]),
    ("X-Hub-Signature-256", &["sha256="]),
    ("X-Real-IP", &[]),
    ("X-Request-ID", &[]),
    ("X-Requested-With", &["XMLHttpRequest"]),
    ("X-Requested-By", &[]),
    ("X-Token", &[]),
];

/// What the suggestion adds to the cell under the cursor; `None` where there is none.
pub fn suggestion(builder: &Builder, sent: &Names) -> Option<String> {
    let table = builder.shown_table()?;
    let (sent, known): (&[String], &[Known]) = match builder.tab {
        RequestTab::Headers => (&sent.headers, KNOWN),
        RequestTab::Query => (&sent.query, &[]),
        RequestTab::Body => (&sent.fields, &[]),
        _ => return None,
    };
    match table.cell() {
        Cell::Toggle | Cell::Type | Cell::FileName => None,
        Cell::Name => name(table, sent, known),
        Cell::Value if known.is_empty() => None,
        Cell::Value => {
            let row = table.current()?;
            let name = row.name.text().trim();
            let (_, values) = KNOWN
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))?;
            complete(row.value.split(), values)
        }
    }
}

/// Names that other rows have come first, then those that were sent: they are what this user sends.
fn name(table: &Table, sent: &[String], known: &[Known]) -> Option<String> {
    let row = table.current()?;
    if row.name.is_empty() {
        return None;
    }
    let others = table.rows().iter().enumerate();
    let own = others
        .filter(|(index, _)| *index != table.row())
        .map(|(_, other)| other.name.text());
    let names = own
        .chain(sent.iter().map(String::as_str))
        .chain(known.iter().map(|(name, _)| *name));
    complete(row.name.split(), &names.collect::<Vec<_>>())
}

/// Puts the suggestion into the cell; false where there is none.
pub fn take(builder: &mut Builder, sent: &Names) -> bool {
    let Some(rest) = suggestion(builder, sent) else {
        return false;
    };
    if let Some(editor) = builder.table().and_then(Table::editor) {
        editor.insert(&rest);
    }
    true
}

/// The rest of the first text that begins with what is typed, the cursor being at its end. What is
/// one of the texts already needs no more.
fn complete((before, after): (&str, &str), texts: &[&str]) -> Option<String> {
    let is_whole = texts.iter().any(|text| text.eq_ignore_ascii_case(before));
    if !after.is_empty() || is_whole {
        return None;
    }
    texts.iter().find_map(|text| {
        let (start, rest) = text.split_at_checked(before.len())?;
        (start.eq_ignore_ascii_case(before) && !rest.is_empty()).then(|| rest.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Field, Request};

    fn suggested(name: &str, value: &str, cell: Cell) -> Option<String> {
        let mut builder = Builder::new(&Request {
            headers: vec![Field::new(name, value)],
            ..Request::default()
        });
        builder.open_tab(RequestTab::Headers);
        builder.headers.to_place(0, cell);
        suggestion(&builder, &Names::default())
    }

    #[test]
    fn names_and_values_are_completed() {
        for (name, value, cell, rest) in [
            ("conten", "", Cell::Name, Some("t-Disposition")),
            ("Content-T", "", Cell::Name, Some("ype")),
            ("", "", Cell::Name, None),
            ("x-unheard", "", Cell::Name, None),
            ("Content-Type", "", Cell::Name, None),
            ("accept", "", Cell::Name, None),
            ("accept-encoding", "gzip", Cell::Value, None),
            ("content-type", "", Cell::Value, Some("application/json")),
            ("content-type", "text/c", Cell::Value, Some("sv")),
            ("Cookie", "", Cell::Value, None),
        ] {
            assert_eq!(
                suggested(name, value, cell).as_deref(),
                rest,
                "{name} {value}"
            );
        }
    }

    #[test]
    fn names_that_were_sent_come_before_those_that_are_known() {
        let mut names = Names::default();
        names.learn(&Request {
            headers: vec![Field::new("X-Request-Tenant", "1")],
            query: vec![Field::new("page_size", "1")],
            ..Request::default()
        });
        let mut builder = Builder::new(&Request {
            headers: vec![Field::new("x-req", "")],
            query: vec![Field::new("pa", "1"), Field::new("page_token", "")],
            ..Request::default()
        });
        builder.open_tab(RequestTab::Headers);
        builder.headers.to_place(0, Cell::Name);
        assert_eq!(suggestion(&builder, &names).as_deref(), Some("uest-Tenant"));
        builder.open_tab(RequestTab::Query);
        builder.query.to_place(0, Cell::Name);
        assert_eq!(suggestion(&builder, &names).as_deref(), Some("ge_token"));
        builder.query.to_place(0, Cell::Value);
        assert_eq!(suggestion(&builder, &names), None);
        assert!(!take(&mut builder, &names));
        builder.open_tab(RequestTab::Rules);
        assert_eq!(suggestion(&builder, &names), None);
    }

    #[test]
    fn every_known_name_is_a_header_name_and_given_once() {
        let mut names: Vec<String> = KNOWN.iter().map(|(name, _)| name.to_lowercase()).collect();
        for name in &names {
            assert!(
                http::HeaderName::from_bytes(name.as_bytes()).is_ok(),
                "{name}"
            );
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), KNOWN.len());
    }
}
