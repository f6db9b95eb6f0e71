//! Everything that is not JSON, and what all bodies have in common.

use std::time::{Duration, Instant};

use super::*;
use crate::inspect::{Document, Received};

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
        ["1 record of 2 fields", "1  2  "]
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
        is_arriving,
        ..Received::default()
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

#[test]
fn a_body_that_was_cut_off_says_so_and_has_no_mistake() {
    let shown = |announced| {
        let received = Received {
            body: Bytes::from_static(b"{\"a\": \"hal"),
            content_type: Some("application/json".to_owned()),
            is_cut_off: true,
            announced,
            ..Received::default()
        };
        rows(&Layout::of(Document::read(&received), View::default(), 60))
    };
    assert_eq!(
        shown(Some(1000)),
        [
            "only 10 of 1000 bytes of this body came",
            "{",
            "  \"a\":",
            "\"hal"
        ]
    );
    assert_eq!(
        shown(None).first().map(String::as_str),
        Some("this body ends early, after 10 bytes")
    );
}
