//! JSON: its tokens, its folds, the way through it.

use std::time::{Duration, Instant};

use super::*;
use crate::{inspect::Jump, text};

/// Generous, since a debug build on a busy machine is slow: what is caught is work that grows with the
/// square of the body.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn json_is_laid_out_as_received() {
    let body = br#"{"a":1.0,"b":[1E400,{ } ,[]],"a":{"c":"\u00e9\/"},"n":12345678901234567890}"#;
    let expected = [
        r"{",
        r#"  "a": 1.0,"#,
        r#"  "b": ["#,
        r"    1E400,",
        r"    {},",
        r"    []",
        r"  ],",
        r#"  "a": {"#,
        r#"    "c": "\u00e9\/""#,
        r"  },",
        r#"  "n": 12345678901234567890"#,
        r"}",
    ];
    for content_type in [
        "application/json",
        "application/problem+json",
        "",
        "text/plain",
        "text/html; charset=utf-8",
    ] {
        let layout = layout(body, content_type, 60);
        assert_eq!(rows(&layout), expected, "{content_type}");
        assert_eq!(layout.text(), Some(&*expected.join("\n")));
    }
}

#[test]
fn each_token_has_its_kind() {
    use TokenKind::{Key, Literal, Number, Plain, Punctuation, String};
    let layout = layout(br#"{"k":["s",-1,null]}"#, "application/json", 60);
    let kinds: Vec<Vec<TokenKind>> = (0..layout.rows())
        .map(|index| {
            layout
                .row(index)
                .into_iter()
                .map(|(kind, _)| kind)
                .collect()
        })
        .collect();
    assert_eq!(
        kinds,
        [
            vec![Punctuation],
            vec![Plain, Key, Punctuation, Plain, Punctuation],
            vec![Plain, String, Punctuation],
            vec![Plain, Number, Punctuation],
            vec![Plain, Literal],
            vec![Plain, Punctuation],
            vec![Punctuation],
        ]
    );
}

#[test]
fn long_strings_wrap_below_themselves() {
    assert_eq!(
        shown(
            "{\"k\":\"日本語日本語\"}".as_bytes(),
            "application/json",
            14
        ),
        ["{", "  \"k\": \"日本語", "    日本語\"", "}"]
    );
    assert_eq!(
        shown(b"[\"ab\\\"cd\"]", "application/json", 6),
        ["[", "  \"ab\\", "   \"cd", "   \"", "]"]
    );
}

#[test]
fn broken_json_is_shown_as_far_as_it_goes() {
    assert_eq!(
        shown(
            b"{\"a\": 1,\n \"b\": tru, \"c\"\x1b }",
            "application/json",
            70
        ),
        [
            "not valid JSON at line 2, column 7 (byte 15): a value is expected:",
            "true, false and null are the only bare words",
            "{",
            "  \"a\": 1,",
            "  \"b\":",
            "↓ not JSON from here on",
            "tru, \"c\"␛ }",
        ]
    );
    let cut = layout(b"[1, 2, \"thr", "application/json", 90);
    assert_eq!(cut.text(), Some("[\n  1,\n  2,\n\"thr"));
    assert!(row_text(&cut, 0).contains("ends within a string"));
    assert_eq!(
        shown(b"<h1>Oops</h1>", "application/json", 70),
        [
            "not valid JSON at line 1, column 1 (byte 0): a value is expected",
            "<h1>Oops</h1>",
        ]
    );
    assert_eq!(shown(b"{not json}", "text/plain", 70), ["{not json}"]);
}

#[test]
fn json_lines_keep_a_value_a_line() {
    assert_eq!(
        shown(
            b"{\"a\":[1,2],\"b\":{}}\n\n{\"a\":[]}\n",
            "application/x-ndjson",
            60
        ),
        ["{\"a\": [1, 2], \"b\": {}}", "{\"a\": []}"]
    );
}

#[test]
fn a_hundred_thousand_brackets_are_laid_out() {
    let started = Instant::now();
    let body = "[".repeat(100_000) + &"]".repeat(100_000);
    let layout = layout(body.as_bytes(), "application/json", 80);
    assert_eq!(layout.rows(), 199_999);
    assert_eq!(row_text(&layout, 99_999).trim(), "[]");
    assert!(text::width(&row_text(&layout, 150_000)) <= 80);
    assert!(
        layout
            .text()
            .is_some_and(|text| text.len() < 9 * body.len())
    );
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn a_line_of_two_megabytes_is_laid_out() {
    let started = Instant::now();
    let line = "0123456789abcde ".repeat(128 * 1024);
    let plain = layout(line.as_bytes(), "text/plain", 80);
    assert_eq!(plain.rows(), line.len().div_ceil(80));
    assert_eq!(row_text(&plain, 20_000), line[..80]);
    let body = format!("[\"{line}\"   , \"{line}\" : 1]");
    let json = layout(body.as_bytes(), "application/json", 80);
    for index in (0..json.rows()).step_by(97) {
        assert!(text::width(&row_text(&json, index)) <= 80);
    }
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn a_heap_of_marks_takes_no_longer_than_letters() {
    let started = Instant::now();
    let body = "\u{301}".repeat(500_000);
    let layout = layout(body.as_bytes(), "text/plain", 80);
    assert!(layout.rows() < 1000);
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn long_tokens_and_gaps_do_not_slow_down_the_rows() {
    let blanks = " ".repeat(1_000_000);
    let long = "x".repeat(1_000_000);
    let body =
        format!("{{{blanks}\"{long}\"{blanks}:{blanks}[{blanks}1{blanks}]{blanks}}}{blanks}");
    let layout = layout(body.as_bytes(), "application/json", 80);
    let expected = format!("{{\"{long}\":[1]}}");
    assert_eq!(tokens(&layout), expected);
    let kinds: Vec<TokenKind> = layout.row(1).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [TokenKind::Plain, TokenKind::Key]);
    let started = Instant::now();
    for _ in 0..1000 {
        layout.row(1);
        layout.row(layout.rows() - 1);
    }
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn folded_values_are_a_few_words() {
    let layout = layout(NESTED.as_bytes(), "application/json", 60);
    let whole = layout.rows();
    assert_eq!(
        rows(&folded(&layout, Folds::from_level(Some(1)))),
        [
            "{",
            r#"  "items": [ … 2 items ],"#,
            r#"  "n": 1.50,"#,
            r#"  "o": { … 1 member }"#,
            "}"
        ]
    );
    assert_eq!(
        rows(&folded(&layout, Folds::from_level(Some(0)))),
        ["{ … 3 members }"]
    );
    let (folds, start) = layout.turned(2).unwrap();
    let one = folded(&layout, folds);
    assert_eq!(row_text(&one, 2), "    { … 2 members },");
    assert_eq!(one.row_at(start), 2);
    assert_eq!(one.text(), layout.text(), "what is copied is whole");
    let (folds, _) = one.turned(2).unwrap();
    assert!(folds.is_empty());
    assert_eq!(folded(&one, folds).rows(), whole);
    // From a plain value it is the object that it lies in, and from a bracket that is closed too.
    let (folds, start) = layout.turned(3).unwrap();
    assert_eq!(folded(&layout, folds).row_at(start), 2);
    let (_, start) = layout.turned(whole - 1).unwrap();
    assert_eq!(start, 0);
}

#[test]
fn a_row_knows_its_path_and_its_value() {
    let layout = layout(NESTED.as_bytes(), "application/json", 60);
    let told: Vec<(String, String)> = (0..layout.rows())
        .map(|row| {
            let value = layout.value(row).unwrap();
            let value = String::from_utf8(value.to_vec()).unwrap();
            (layout.path(row, false).unwrap(), value)
        })
        .collect();
    for (row, path, value) in [
        (0, ".", NESTED),
        (1, ".items", &NESTED[9..50]),
        (2, ".items[0]", r#"{"id":1,"a b":"x"}"#),
        (3, ".items[0].id", "1"),
        (4, r#".items[0]["a b"]"#, r#""x""#),
        (5, ".items[0]", r#"{"id":1,"a b":"x"}"#),
        (9, ".items[1].t[0]", "[]"),
        (10, ".items[1].t[1]", "{}"),
        (14, ".n", "1.50"),
        (17, ".o.k.z", "null"),
        (20, ".", NESTED),
    ] {
        assert_eq!((told[row].0.as_str(), told[row].1.as_str()), (path, value));
    }
}

#[test]
fn siblings_and_parents_are_a_jump_away() {
    let layout = layout(NESTED.as_bytes(), "application/json", 60);
    let jump = |row, to| layout.row_of(row, to);
    assert_eq!(jump(1, Jump::Next), Some(14));
    assert_eq!(jump(14, Jump::Next), Some(15));
    assert_eq!(jump(15, Jump::Next), None);
    assert_eq!(jump(15, Jump::Previous), Some(14));
    assert_eq!(jump(14, Jump::Previous), Some(1));
    assert_eq!(jump(2, Jump::Next), Some(6));
    assert_eq!(jump(6, Jump::Previous), Some(2));
    assert_eq!(jump(17, Jump::Parent), Some(16));
    assert_eq!(jump(2, Jump::Parent), Some(1));
    assert_eq!(jump(1, Jump::Parent), Some(0));
    assert_eq!(jump(0, Jump::Parent), None);
}
