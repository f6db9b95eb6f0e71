//! Comparisons of whole exchanges.

use std::time::Duration;

use bytes::Bytes;

use super::*;
use crate::model::{
    Credentials, HttpVersion, Options, PreparedRequest, Request, Response, ResponseHead, Secrets,
};

fn header_list(pairs: &[(&str, &str)]) -> Vec<Header> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| Header::new(*name, *value))
        .collect()
}

fn exchange(id: i64, status: u16, headers: &[(&str, &str)], body: &[u8]) -> Exchange {
    Exchange {
        id: ExchangeId(id),
        started_at: Timestamp::UNIX_EPOCH,
        request: Request::default(),
        prepared: PreparedRequest {
            method: "POST".to_owned(),
            url: "http://h/users".to_owned(),
            headers: header_list(&[("content-type", "application/x-www-form-urlencoded")]),
            body: "name=ann&tag=a&tag=b".into(),
            options: Options::default(),
            credentials: Credentials::default(),
            secrets: Secrets::default(),
            cookies: crate::model::Cookies::default(),
            lineage: crate::model::Lineage::default(),
        },
        hops: Vec::new(),
        outcome: Some(Outcome::Response(Response {
            head: ResponseHead {
                status,
                reason: None,
                version: HttpVersion::Http11,
                headers: header_list(headers),
            },
            body: Bytes::copy_from_slice(body),
            whole: None,
        })),
        duration: Some(Duration::from_millis(id.unsigned_abs())),
        message: None,
        verdict: crate::model::Verdict::default(),
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");

fn json_rows(old: &str, new: &str, ignored: &[&str]) -> Vec<(Change, String)> {
    let sides = [(1, old), (2, new)].map(|(id, body)| exchange(id, 200, &[JSON], body.as_bytes()));
    let ignored = Ignored::parse(ignored.iter().copied()).unwrap();
    let compared = compare(&sides[0], &sides[1], &ignored);
    let body = compared.sections.last().unwrap();
    let rows = body.rows.iter().filter(|row| row.change != Change::Same);
    rows.map(|row| (row.change, row.name.clone())).collect()
}

fn named(rows: &[(Change, &str)]) -> Vec<(Change, String)> {
    let rows = rows.iter();
    rows.map(|(change, name)| (*change, (*name).to_owned()))
        .collect()
}

#[test]
fn the_same_answer_at_another_time_does_not_differ() {
    let dates = [
        "Mon, 01 Jan 2024 00:00:00 GMT",
        "Tue, 02 Jan 2024 00:00:00 GMT",
    ];
    let [old, new] = [(1, dates[0]), (2, dates[1])]
        .map(|(id, date)| exchange(id, 200, &[("Date", date)], b"same"));
    let usual = Ignored::parse(USUALLY_IGNORED.iter().copied()).unwrap();
    assert_eq!(compare(&old, &new, &usual).differences(), 0);
    assert_eq!(compare(&old, &new, &Ignored::default()).differences(), 1);
}

#[test]
fn json_is_compared_by_structure_whatever_its_layout() {
    let old = r#"{"id":1,"name":"ann","tags":["a","b"],"gone":null,"deep":{"x":[1,2,3]}}"#;
    let new = "{ \"name\": \"ann\",\n \"id\": 2, \"tags\": [\"b\", \"c\"], \"deep\": {\"x\": [1,2,3]}, \"new\": true }";
    assert_eq!(
        json_rows(old, new, &[]),
        named(&[
            (Change::Changed, ".id"),
            (Change::Removed, ".tags[0]"),
            (Change::Added, ".tags[1]"),
            (Change::Removed, ".gone"),
            (Change::Added, ".new"),
        ])
    );
}

#[test]
fn a_difference_far_within_a_long_value_is_one() {
    let long = |end: &str| format!("[\"{}{end}\"]", "x".repeat(5_000));
    let sides = [(1, long("old")), (2, long("new"))]
        .map(|(id, body)| exchange(id, 200, &[JSON], body.as_bytes()));
    let compared = compare(&sides[0], &sides[1], &Ignored::default());
    let row = &compared.sections.last().unwrap().rows[0];
    assert_eq!(row.change, Change::Changed);
    let shown: String = row.new.iter().map(|span| span.text.as_str()).collect();
    assert!(
        shown.starts_with('…') && shown.ends_with("new\""),
        "{shown}"
    );
}

#[test]
fn what_is_ignored_is_told_and_does_not_count() {
    let rows = json_rows(
        r#"{"id":1,"items":[{"id":1,"n":1}]}"#,
        r#"{"id":2,"items":[{"id":2,"n":2}]}"#,
        &[".id"],
    );
    assert_eq!(
        rows,
        named(&[
            (Change::Ignored, ".id"),
            (Change::Ignored, ".items[0].id"),
            (Change::Changed, ".items[0].n"),
        ])
    );
}

#[test]
fn numbers_are_compared_as_they_were_received() {
    assert_eq!(json_rows("[1]", "[1.0]", &[]).len(), 1);
    let (long, longer) = ("[12345678901234567890123]", "[12345678901234567890124]");
    assert_eq!(json_rows(long, longer, &[]).len(), 1);
    assert_eq!(json_rows(r#"["é"]"#, r#"["\u00e9"]"#, &[]), []);
}

#[test]
fn odd_json_is_no_trouble() {
    let deep = |inner: &str| format!("{}{inner}{}", "[".repeat(500), "]".repeat(500));
    assert_eq!(json_rows(&deep("1"), &deep("2"), &[]).len(), 1);
    let twice = json_rows(r#"{"a":1,"a":2}"#, r#"{"a":1,"a":3}"#, &[]);
    assert_eq!(twice, named(&[(Change::Changed, ".a")]));
    let quoted = json_rows(r#"{"a b":1}"#, r#"{"a b":2}"#, &[]);
    assert_eq!(quoted, named(&[(Change::Changed, ".\"a b\"")]));
    assert_eq!(json_rows("1", "2", &[]), named(&[(Change::Changed, ".")]));
    assert_eq!(json_rows("{\"a\":", "{\"a\":1}", &[]).len(), 1);
}

#[test]
fn texts_are_compared_by_lines_and_words() {
    let old = exchange(1, 200, &[], b"one\ntwo three\nfour\n");
    let new = exchange(2, 500, &[], b"one\ntwo 3\nfour\nfive\n");
    let compared = compare(&old, &new, &Ignored::default());
    let body = &compared.sections.last().unwrap().rows;
    let changes: Vec<Change> = body.iter().map(|row| row.change).collect();
    assert_eq!(
        changes,
        [Change::Same, Change::Changed, Change::Same, Change::Added]
    );
    let marked: Vec<&str> = body[1]
        .new
        .iter()
        .filter(|it| it.differs)
        .map(|it| it.text.as_str())
        .collect();
    assert_eq!(marked, ["3"]);
    assert_eq!(compared.differences(), 3);
    let text = unified(&compared);
    assert!(text.contains("- came to: 200 OK\n+ came to: 500"), "{text}");
    assert!(text.contains("- two three\n+ two 3\n+ five"), "{text}");
    assert!(!text.contains("four"), "{text}");
}

#[test]
fn bytes_are_compared_by_size_and_hash() {
    let old = exchange(1, 200, &[], b"\x00\x01\x02");
    let new = exchange(2, 200, &[], b"\x00\x01\x03");
    let body = compare(&old, &new, &Ignored::default());
    let rows = &body.sections.last().unwrap().rows;
    let changes: Vec<(&str, Change)> = rows
        .iter()
        .map(|row| (row.name.as_str(), row.change))
        .collect();
    assert_eq!(
        changes,
        [
            ("content", Change::Same),
            ("size", Change::Same),
            ("SHA-256", Change::Changed)
        ]
    );
}

#[test]
fn a_form_is_compared_by_its_fields() {
    let old = exchange(1, 200, &[], b"");
    let mut new = exchange(2, 200, &[], b"");
    new.prepared.body = "tag=a&name=ann&tag=c&x=1".into();
    let body = compare(&old, &new, &Ignored::default());
    let rows = body.sections[2].rows.iter();
    let changed: Vec<(&str, Change)> = rows
        .filter(|row| row.change != Change::Same)
        .map(|row| (row.name.as_str(), row.change))
        .collect();
    assert_eq!(changed, [("tag", Change::Changed), ("x", Change::Added)]);
}

#[test]
fn line_ends_are_a_difference() {
    let [old, new] = [(1, &b"a\r\nb"[..]), (2, b"a\nb")]
        .map(|(id, body)| exchange(id, 200, &[("content-type", "text/plain")], body));
    assert_eq!(compare(&old, &new, &Ignored::default()).differences(), 1);
}

#[test]
fn marks_on_both_sides_are_no_evidence() {
    let mark = crate::model::REDACTED;
    let bodies = [mark, mark].map(|mark| format!(r#"{{"id":1,"password":"{mark}"}}"#));
    let sides = bodies.map(|body| exchange(1, 200, &[JSON], body.as_bytes()));
    let compared = compare(&sides[0], &sides[1], &Ignored::default());
    assert_eq!(compared.differences(), 0);
    assert_eq!(
        compared.not_compared(),
        [(Part::ResponseBody, vec![".password"])]
    );
}
