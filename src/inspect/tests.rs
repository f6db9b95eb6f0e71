use std::time::{Duration, Instant};

use bytes::Bytes;
use proptest::prelude::*;

use super::{Document, Folds, Jump, Layout, Received, TokenKind, View, Way};
use crate::text;

fn layout(body: &[u8], content_type: &str, columns: u16) -> Layout {
    let content_type = Some(content_type).filter(|it| !it.is_empty());
    Layout::new(&Bytes::copy_from_slice(body), content_type, None, columns)
}

fn row_text(layout: &Layout, index: usize) -> String {
    layout
        .row(index)
        .into_iter()
        .map(|(_, text)| text)
        .collect()
}

fn rows(layout: &Layout) -> Vec<String> {
    (0..layout.rows())
        .map(|index| row_text(layout, index))
        .collect()
}

fn shown(body: &[u8], content_type: &str, columns: u16) -> Vec<String> {
    rows(&layout(body, content_type, columns))
}

/// The tokens of a layout, without what posttui adds: blanks and notes.
fn tokens(layout: &Layout) -> String {
    (0..layout.rows())
        .flat_map(|index| layout.row(index))
        .filter(|(kind, _)| !matches!(kind, TokenKind::Plain | TokenKind::Note))
        .map(|(_, text)| text)
        .collect()
}

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
fn text_keeps_its_lines_and_wraps() {
    assert_eq!(
        shown(
            "one\r\n\ntwo\tx\n\tabcdefghij\u{1b}\u{202E}\rend\n".as_bytes(),
            "text/plain",
            10
        ),
        [
            "one",
            "",
            "two x",
            "    abcdef",
            "ghij␛",
            "‹U+202E›␍e",
            "nd"
        ]
    );
    assert_eq!(
        shown(b"a=1&b=2", "application/x-www-form-urlencoded", 5),
        ["a=1&b", "=2"]
    );
    assert_eq!(shown(b"", "text/plain", 5), Vec::<String>::new());
    assert_eq!(shown(b"\n", "text/plain", 5), [""]);
    assert_eq!(
        shown("日e\u{301}本".as_bytes(), "text/plain", 1),
        ["…", "e\u{301}", "…"]
    );
    assert_eq!(
        layout(b"one\r\ntwo\t", "text/plain", 2).text(),
        Some("one\r\ntwo\t")
    );
}

#[test]
fn bytes_are_shown_in_hexadecimal() {
    let body = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10";
    let wide = layout(body, "image/png", 80);
    assert_eq!(
        rows(&wide),
        [
            "PNG image, 16×16 pixels, 24 B, declared as image/png",
            "the image cannot be drawn: unexpected end of file",
            "00000000  89 50 4e 47 0d 0a 1a 0a 00 00 00 0d 49 48 44 52  ·PNG········IHDR",
            "00000010  00 00 00 10 00 00 00 10                          ········",
        ]
    );
    assert_eq!(wide.text(), None);
    let narrow = layout(body, "image/png", 30);
    assert_eq!(row_text(&narrow, 4), "00000000  89 50 4e 47  ·PNG");
    assert_eq!(narrow.row(99), Vec::new());
}

#[test]
fn codings_and_charsets_are_said_above() {
    let body = Bytes::from_static(b"\xABV\xCAM-.NLOU\xB2RP\xCAH\xCD\xC9\xC9W\xC0 \x95j\x01");
    let layout = Layout::new(&body, Some("application/json"), Some("deflate"), 60);
    assert_eq!(
        rows(&layout),
        [
            "decoded from deflate: 24 B → 38 B",
            "{",
            "  \"message\": \"hello hello hello hello\"",
            "}"
        ]
    );
    assert_eq!(
        shown(b"J\xFCrgen", "text/plain; charset=latin1", 60),
        ["read as windows-1252", "Jürgen"]
    );
    let layout = Layout::new(&body, Some("application/json"), Some("a\nb\x1b"), 60);
    assert!(row_text(&layout, 0).contains("“a␊b␛”"));
}

#[test]
fn layouts_are_compared_by_what_they_show() {
    let one = layout(b"{\"a\":1}", "application/json", 40);
    assert_eq!(one, layout(b"{\"a\":1}", "application/json", 40));
    assert_eq!(one, one.clone());
    assert_ne!(one, layout(b"{\"a\":2}", "application/json", 40));
    assert_ne!(one, layout(b"{\"a\":1}", "application/json", 41));
    assert_ne!(one, layout(b"{\"a\":1}", "application/xml", 40));
    assert_eq!(format!("{one:?}"), "Layout { columns: 40, rows: 3, .. }");
}

/// Generous, since a debug build on a busy machine is slow: what is caught is work that grows with the
/// square of the body.
const PATIENCE: Duration = Duration::from_secs(20);

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

/// JSON of any shape, with any strings and blanks.
fn any_json() -> impl Strategy<Value = String> {
    let blanks = "[ \t\n]{0,2}";
    let scalar = prop_oneof![
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
        Just("true".to_owned()),
        Just("null".to_owned()),
    ];
    let scalar = (blanks, scalar, blanks).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
    scalar.prop_recursive(4, 24, 4, move |inner| {
        let members = prop::collection::vec((any::<String>(), inner.clone()), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            members.prop_map(|members| {
                let members: Vec<String> = members
                    .iter()
                    .map(|(key, value)| format!("{}:{value}", serde_json::to_string(key).unwrap()))
                    .collect();
                format!("{{{}}}", members.join(" , "))
            }),
        ]
    })
}

/// A text without the blanks between its tokens.
fn without_blanks(json: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    json.chars()
        .filter(|char| {
            let keep = in_string || !char.is_ascii_whitespace();
            if *char == '"' && !escaped {
                in_string = !in_string;
            }
            escaped = in_string && *char == '\\' && !escaped;
            keep
        })
        .collect()
}

/// How it looks with these folds.
fn folded(layout: &Layout, folds: Folds) -> Layout {
    let view = View {
        folds,
        ..View::default()
    };
    Layout::of(layout.document().clone(), view, layout.columns())
}

const NESTED: &str =
    r#"{"items":[{"id":1,"a b":"x"},{"id":2,"t":[[],{}]}],"n":1.50,"o":{"k":{"z":null}}}"#;

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

#[test]
fn each_way_shows_the_same_body() {
    let layout = layout(b"{\"a\":1}", "application/json", 78);
    let on = |way| {
        let view = View {
            way,
            ..View::default()
        };
        rows(&Layout::of(layout.document().clone(), view, 78))
    };
    assert_eq!(on(Way::Laid), ["{", "  \"a\": 1", "}"]);
    assert_eq!(on(Way::Raw), ["{\"a\":1}"]);
    assert!(on(Way::Hex)[0].starts_with("00000000  7b 22 61 22 3a"));
}

#[test]
fn events_markup_and_tables_are_laid_out_by_their_type() {
    assert_eq!(
        shown(b"event: a\ndata: 1\n\n", "text/event-stream", 40),
        ["a  1"]
    );
    assert_eq!(
        shown(b"<a><b>x</b></a>", "application/atom+xml", 40),
        ["<a>", "  <b>x</b>", "</a>"]
    );
    assert_eq!(
        shown(b"a,b\n1,2\n", "text/csv", 40),
        ["1 records of 2 fields", "1  2  "]
    );
    assert_eq!(shown(b"just text", "text/csv", 40), ["just text"]);
    let broken = shown(b"<a><b>x</b><", "text/xml", 60);
    assert!(
        broken[0].contains("not well-formed XML from line 1 on"),
        "{broken:?}"
    );
}

#[test]
fn a_body_that_is_arriving_is_not_called_broken() {
    let received = |is_arriving| Received {
        body: Bytes::from_static(b"[1, 2, \"thr"),
        content_type: Some("application/json".to_owned()),
        content_encoding: None,
        whole: None,
        is_arriving,
    };
    let of = |arriving| {
        rows(&Layout::of(
            Document::read(&received(arriving)),
            View::default(),
            80,
        ))
    };
    assert_eq!(of(true), ["[", "  1,", "  2,", "\"thr"]);
    assert!(of(false)[0].contains("not valid JSON"));
}

#[test]
fn a_large_text_is_laid_out_at_once() {
    let body = Bytes::from("a line of text\n".repeat(5_000_000));
    let started = Instant::now();
    let layout = Layout::new(&body, Some("text/plain"), None, 100);
    assert_eq!(layout.page(layout.step(layout.last(), -1), 9).len(), 2);
    assert_eq!(layout.step(layout.step(0, 12345), -12345), 0);
    assert_eq!(layout.offset(layout.step(0, 1000)), Some(15_000));
    assert_eq!(layout.row_at(15_001), layout.step(0, 1000));
    assert!(started.elapsed() < Duration::from_secs(5));
}

fn any_type() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("application/json".to_owned()),
        Just("application/x-ndjson".to_owned()),
        Just("text/plain".to_owned()),
        Just("text/html; charset=utf-16".to_owned()),
        Just("text/html; charset=shift_jis".to_owned()),
        Just("image/png".to_owned()),
        any::<String>(),
    ]
}

fn any_body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        "[ -~\\n\\t]{0,300}".prop_map(String::into_bytes),
        prop::collection::vec(any::<char>(), 0..80)
            .prop_map(|chars| chars.into_iter().collect::<String>().into_bytes()),
        "[\\[\\]{}\",:0-9a\\\\ \\n]{0,80}".prop_map(String::into_bytes),
        any_json().prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_body_has_rows_that_fit(
        body in any_body(), content_type in any_type(), coding in "(|gzip|br|x)", columns in 0_u16..60,
    ) {
        let layout = Layout::new(&body.into(), Some(&content_type), Some(&coding), columns);
        for index in 0..layout.rows() {
            let row = layout.row(index);
            let columns_used: usize = row.iter().map(|(_, text)| text::width(text)).sum();
            prop_assert!(columns_used <= usize::from(columns.max(1)), "{row:?}");
            for (_, text) in &row {
                prop_assert_eq!(text::display(text), text.as_str());
            }
        }
        prop_assert!(layout.row(layout.rows()).is_empty());
        layout.text();
    }

    #[test]
    fn tokens_are_shown_as_received(json in any_json(), columns in 20_u16..90) {
        let layout = layout(json.as_bytes(), "application/json", columns);
        let source = without_blanks(&json);
        prop_assert_eq!(without_blanks(layout.text().unwrap()), source.clone());
        // Strings are parted between rows, so that what is displayed is compared letter by letter.
        let mut expected = String::new();
        let mut rest = source.as_bytes();
        while let Some(unit) = text::first_unit(rest) {
            expected.push_str(&unit.shown);
            rest = &rest[unit.source.len()..];
        }
        prop_assert_eq!(tokens(&layout), expected);
    }

    #[test]
    fn every_row_of_json_knows_where_it_is(json in any_json(), columns in 20_u16..90, level in prop::option::of(0_u32..4)) {
        let layout = layout(json.as_bytes(), "application/json", columns);
        let layout = folded(&layout, Folds::from_level(level));
        for row in 0..layout.rows() {
            prop_assert!(layout.path(row, true).is_some());
            let value = layout.value(row).unwrap();
            prop_assert!(serde_json::from_slice::<&serde_json::value::RawValue>(&value).is_ok(), "{value:?}");
            if let Some(next) = layout.row_of(row, Jump::Next) {
                prop_assert!(next > row);
                let back = layout.row_of(next, Jump::Previous).unwrap();
                prop_assert!(back <= row);
                prop_assert_eq!(layout.item(back), layout.item(row));
            }
            if let Some(parent) = layout.row_of(row, Jump::Parent) {
                prop_assert!(parent <= row);
                prop_assert!(layout.value(parent).unwrap().len() > value.len());
            }
            let offset = layout.offset(row).unwrap();
            prop_assert_eq!(layout.row_at(offset), row);
            prop_assert_eq!(layout.page(row, 1).len(), 1);
        }
    }

    #[test]
    fn steps_go_through_all_sections(body in any_body(), content_type in any_type(), columns in 1_u16..60) {
        let layout = Layout::new(&body.into(), Some(&content_type), None, columns);
        let mut row = 0;
        for (number, _) in layout.page(0, 40) {
            prop_assert_eq!(number, row);
            prop_assert_eq!(layout.step(row, -1), row.saturating_sub(1));
            row = layout.step(row, 1);
        }
        prop_assert_eq!(layout.step(layout.last(), 1), layout.last());
        layout.searched();
    }

    #[test]
    fn lines_are_shown_in_whole(body in "[ -~é日\\n]{0,200}", columns in 2_u16..30) {
        let joined = shown(body.as_bytes(), "text/plain; charset=utf-8", columns).concat();
        prop_assert_eq!(joined, body.replace('\n', ""));
    }
}
