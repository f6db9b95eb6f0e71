//! The viewer of a body by keys: folding, searching, filtering, each kind of body, saving.

use bytes::Bytes;
use posttui::{
    app::{effect::Program, message::Event, viewer::BodyNews},
    inspect::{Canvas, Protocol},
    model::Response,
};

use crate::{
    assert_screen,
    driver::{Driver, response},
};

const ORDERS: &str = r#"{"items":[{"sku":"A-1","price":12.50,"tags":["new","red"]},{"sku":"B-2","price":3.999,"tags":[]}],"total":16.499,"next":null}"#;

/// An answered send, with the cursor in its body.
fn showing(headers: &[(&str, &str)], body: &str) -> Driver {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/orders<enter>");
    driver.answer(5, response(200, headers, body));
    driver.keys("<alt-5>");
    driver
}

fn orders() -> Driver {
    showing(&[("content-type", "application/json")], ORDERS)
}

#[test]
fn values_fold_and_their_path_is_told() {
    let mut driver = orders();
    driver.keys("jjj");
    assert_screen!(driver, "body_path");
    driver.keys("<space>");
    assert_screen!(driver, "body_folded");
    driver.keys(".");
    assert_eq!(driver.copied.as_deref(), Some(".items[0]"));
    driver.keys("c");
    assert_eq!(
        driver.copied.as_deref(),
        Some(r#"{"sku":"A-1","price":12.50,"tags":["new","red"]}"#)
    );
    driver.keys("J");
    assert!(driver.screen().contains(".items[1]"), "{}", driver.screen());
    driver.keys("p<minus>");
    assert!(driver.screen().contains("\"items\": [ … 2 items ]"));
    driver.keys(">");
    assert!(driver.screen().contains("{ … 3 members }"));
    driver.keys("+G");
    assert!(driver.screen().contains("\"sku\": \"B-2\""));
}

#[test]
fn a_search_leads_from_place_to_place() {
    let mut driver = orders();
    driver.keys("/price");
    assert_screen!(driver, "body_search");
    driver.keys("<enter>n");
    assert!(driver.screen().contains("2 of 2"), "{}", driver.screen());
    driver.keys("n");
    assert!(driver.screen().contains("1 of 2"));
    driver.keys("N/<ctrl-u>/[/");
    assert!(driver.screen().contains("✕"), "{}", driver.screen());
    driver.keys("<esc>");
    assert!(!driver.screen().contains("of 2"));
    driver.keys("/nowhere");
    assert!(driver.screen().contains("not found"));
}

#[test]
fn what_is_found_comes_with_what_is_around_it() {
    let lines = (0..300).map(|line| format!("line {line}\n"));
    let lines = lines.collect::<Vec<_>>().concat();
    let mut driver = showing(&[("content-type", "text/plain")], &lines);
    driver.keys("/line 150");
    for near in ["line 147", "line 150", "line 153"] {
        assert!(
            driver.screen().contains(near),
            "{near}\n{}",
            driver.screen()
        );
    }
    // One that wraps goes on in the next row: it is on the page too.
    let long = format!("{}here it is", "x ".repeat(20_000));
    let mut driver = showing(
        &[("content-type", "text/plain")],
        &format!("{long} {lines}"),
    );
    driver.keys("/x here it is");
    assert!(driver.screen().contains("is line 0"), "{}", driver.screen());
}

#[test]
fn a_filter_is_applied_while_it_is_typed() {
    let mut driver = orders();
    driver.keys("f.items[] | .price");
    assert_screen!(driver, "body_filtered");
    driver.keys(" | ");
    assert_screen!(driver, "body_filter_wrong");
    driver.keys("<backspace><backspace><backspace><enter>");
    driver.keys("y");
    assert_eq!(driver.copied.as_deref(), Some("12.50\n3.999"));
    driver.keys("<esc>f");
    assert!(driver.screen().contains("\"sku\""), "the whole body again");
    driver.keys("<up>");
    assert!(driver.screen().contains(".items[] | .price"));
    let session = driver.saved.as_ref().unwrap();
    assert_eq!(session.filters, [".items[] | .price"]);
}

#[test]
fn what_is_wrong_with_a_filter_is_told_whole() {
    let mut driver = orders();
    driver.keys(
        "ferror(\"the first of the orders has no price in the currency that was asked for\")",
    );
    assert_screen!(driver, "body_filter_long_problem");
}

#[test]
fn a_body_is_saved_byte_for_byte_and_never_over_another() {
    let mut driver = showing(
        &[("content-disposition", "attachment; filename=\"../x y.txt\"")],
        "a\r\nb",
    );
    driver.files.insert("x y.txt".to_owned(), 3);
    driver.keys("s");
    assert!(
        driver.screen().contains("save as x y.txt"),
        "{}",
        driver.screen()
    );
    driver.keys("<enter>");
    assert_screen!(driver, "body_replace");
    assert_eq!(driver.saved_body, None);
    driver.keys("y");
    assert_eq!(driver.saved_body.as_deref(), Some(&b"a\r\nb"[..]));
    driver.keys("s<ctrl-u>~/other.txt<enter>");
    assert!(driver.files.contains_key("~/other.txt"));
    driver.keys("w");
    let shown = driver.shown_outside.take().unwrap();
    assert_eq!((shown.program, shown.extension), (Program::Pager, "bin"));
}

#[test]
fn rows_are_selected_and_copied() {
    let mut driver = showing(&[], "one\ntwo\nthree\nfour");
    driver.keys("jVj");
    assert_screen!(driver, "body_selected");
    driver.keys("y");
    assert_eq!(driver.copied.as_deref(), Some("two\nthree"));
    driver.keys("Vk<esc>y");
    assert_eq!(driver.copied.as_deref(), Some("one\ntwo\nthree\nfour"));
}

#[test]
fn raw_and_hex_are_a_key_away() {
    let mut driver = orders();
    driver.keys("r");
    assert_screen!(driver, "body_raw");
    driver.keys("x");
    assert_screen!(driver, "body_hex");
    driver.keys("x");
    assert!(driver.screen().contains("  \"items\": ["));
}

#[test]
fn csv_is_a_table_with_a_fixed_header() {
    let records =
        (0..60).map(|number| format!("{number},\"Lee, {number}\",{}.50,Köln\n", number * 7));
    let csv = "id,name,amount,city\n".to_owned() + &records.collect::<String>();
    let mut driver = showing(&[("content-type", "text/csv")], &csv);
    driver.keys("G");
    assert_screen!(driver, "body_table");
    driver.keys(">");
    let screen = driver.screen();
    assert!(
        screen.contains("name") && !screen.contains(" id "),
        "{screen}"
    );
}

#[test]
fn xml_is_indented_and_events_are_rows() {
    let driver = showing(
        &[("content-type", "application/xml")],
        "<order id='7'><item sku=\"A\">Red &amp; big</item><empty/></order>",
    );
    assert_screen!(driver, "body_xml");
    let driver = showing(
        &[("content-type", "text/event-stream")],
        "event: created\nid: 1\ndata: {\"id\":42}\n\ndata: plain\n\n",
    );
    assert_screen!(driver, "body_events");
}

#[test]
fn what_has_arrived_is_on_the_screen_while_more_is_on_the_way() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/log<enter>");
    let head = &[("content-type", "application/x-ndjson")];
    driver.arrive(response(200, head, "{\"n\":1}\n{\"n\":2}\n{\"n\""));
    driver.keys("<alt-5>");
    assert_screen!(driver, "body_arriving");
    driver.keys("G");
    driver.arrive(response(
        200,
        head,
        "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n",
    ));
    driver.keys(".");
    driver.answer(
        5,
        response(200, head, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n"),
    );
    driver.keys("c");
    assert_eq!(
        driver.copied.as_deref(),
        Some("{\"n\":4}"),
        "it stayed at the end"
    );
}

#[test]
fn in_a_small_terminal_a_body_can_be_walked_too() {
    let mut driver = Driver::new(80, 24);
    driver.keys(":3000/orders<enter>");
    driver.answer(
        5,
        response(200, &[("content-type", "application/json")], ORDERS),
    );
    driver.keys("<alt-5>jj/B-2<enter>");
    assert_screen!(driver, "body_80x24");
}

#[test]
fn the_terminal_draws_an_image_where_it_can() {
    const PICTURE: &[u8] = include_bytes!("../../assets/samples/checker.png");
    for (protocol, begins) in [
        (Protocol::Kitty, "\x1b_Gq=2,"),
        (Protocol::Iterm2, "\x1b]1337;File=inline=1;"),
        (Protocol::Sixel, "\x1bP0;1;0q"),
    ] {
        let mut driver = Driver::new(120, 36);
        driver.happen(Event::Body(BodyNews::Canvas(Canvas {
            protocol,
            cell: (8, 16),
            rows: 0,
        })));
        driver.keys(":3000/photo<enter>");
        let answer = Response {
            body: Bytes::from_static(PICTURE),
            ..response(200, &[("content-type", "image/png")], "")
        };
        driver.answer(5, answer);
        driver.keys("<alt-5>");
        let drawn = |driver: &Driver| driver.screen().contains(begins);
        assert!(drawn(&driver), "{}", driver.screen());
        assert!(!driver.screen().contains('▀'));
        driver.keys("<f1>");
        assert!(!drawn(&driver), "a window is above it");
        driver.keys("<esc>");
        assert!(drawn(&driver));
        driver.keys("<right>");
        assert!(!drawn(&driver), "another page");
    }
}
