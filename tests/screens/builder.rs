//! The request builder by keys: rows, rules, bodies, errors.

use posttui::{
    app::panel::table::Table,
    model::{Field, ProxySource, ProxyUsed},
};

use crate::{assert_screen, driver::Driver};

/// The body that the newest send would put on the wire.
pub fn sent_body(driver: &Driver) -> String {
    let (_, prepared, _) = driver
        .sends
        .values()
        .next_back()
        .expect("something was sent");
    String::from_utf8(prepared.body.in_memory().to_vec()).unwrap()
}

#[test]
fn the_form_goes_out_as_typed() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<tab>name<tab>J. D\u{f6}e & Co<tab>name<tab>two<enter>");
    assert_eq!(sent_body(&driver), "name=J.+D%C3%B6e+%26+Co&name=two");
}

#[test]
fn a_pasted_newline_stays_in_the_value() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<tab>note<tab>").paste("one\r\ntwo");
    assert_screen!(driver, "pasted_newline");
    driver.keys("<enter>");
    assert_eq!(sent_body(&driver), "note=one%0Atwo");
}

#[test]
fn a_row_is_switched_off_moved_duplicated_and_removed() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<tab>a<tab>1<tab>b<tab>2<tab>c<tab>3");
    driver.keys("<esc><space>");
    assert_screen!(driver, "row_switched_off");
    driver.keys("<enter>");
    assert_eq!(sent_body(&driver), "a=1&b=2");
    driver.keys("K");
    assert!(driver.screen().contains("[ ] c"));
    driver.keys("<space><enter>");
    assert_eq!(sent_body(&driver), "a=1&c=3&b=2");
    driver.keys("c<enter>");
    assert_eq!(sent_body(&driver), "a=1&c=3&c=3&b=2");
    driver.keys("dd<enter>y");
    assert_eq!(sent_body(&driver), "a=1&c=3");
    driver.keys("<alt-z><enter>y");
    assert_eq!(sent_body(&driver), "a=1&c=3&b=2", "each key is a step");
    driver.keys("<alt-z><enter>y");
    assert_eq!(sent_body(&driver), "a=1&c=3&c=3&b=2");
}

#[test]
fn space_types_itself_in_a_text() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<tab>a<tab>1 2<enter>");
    assert_eq!(sent_body(&driver), "a=1+2");
}

#[test]
fn the_typed_url_shows_what_it_will_be_completed_to() {
    let mut driver = Driver::new(120, 36);
    driver.keys("api.example.com/v1");
    assert!(driver.screen().contains("→ https://api.example.com/v1"));
    driver.keys("<tab>");
    assert_eq!(
        driver.state.builder.url.text(),
        "https://api.example.com/v1"
    );
}

#[test]
fn what_is_no_url_is_told_when_the_cursor_has_left_it() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":99999/x");
    assert!(!driver.screen().contains("cannot be read"));
    driver.keys("<tab>");
    let screen = driver.screen();
    assert!(
        screen.contains(":99999/x  → ! the URL cannot be read: invalid port number"),
        "{screen}"
    );
}

#[test]
fn on_the_smallest_terminal_every_zone_has_its_name_and_the_open_tab_is_seen() {
    let mut driver = Driver::new(40, 12);
    driver.keys(":3000/x<alt-4>");
    let screen = driver.screen();
    let bar = screen.lines().nth(1).unwrap_or_default();
    assert_eq!(bar, " Request  Response  History  Collection");
    assert!(screen.contains("[Rules]"), "{screen}");
}

#[test]
fn a_header_that_cannot_be_sent_is_marked_and_nothing_goes_out() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<alt-2>x token<tab>1<enter>");
    assert!(driver.sends.is_empty());
    assert_screen!(driver, "header_error");
}

#[test]
fn all_that_is_wrong_is_marked_and_the_first_has_the_cursor() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<alt-2>x token<tab>1<tab>fine<tab>2<tab>y token<tab>3");
    driver.keys("<alt-3>q<tab>{{ nowhere }}<alt-1><f5>");
    assert!(driver.sends.is_empty());
    driver.assert_shows("Headers 3!");
    driver.assert_shows("Query 1!");
    driver.assert_shows("2 other places marked.");
    let first = driver.state.builder.problem.clone().unwrap();
    assert!(first.reason.contains("nowhere"), "{first}");
    driver.keys("<alt-2>");
    let screen = driver.screen();
    assert!(screen.contains("“x token” is no header name"), "{screen}");
    assert!(screen.contains("“y token” is no header name"), "{screen}");
    // They stay as long as the draft is as it was.
    driver.keys("<down>a");
    assert!(!driver.screen().contains("no header name"));
}

#[test]
fn an_empty_url_is_an_error_at_its_place() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<tab>a<tab>1<enter>");
    assert!(driver.sends.is_empty());
    let screen = driver.screen();
    assert!(screen.contains("Not sent"), "{screen}");
}

#[test]
fn a_rule_that_is_no_status_is_marked_while_it_is_typed() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<alt-4>20x<tab>what?");
    assert_screen!(driver, "rule_error");
}

#[test]
fn a_json_body_is_sent_byte_for_byte() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<f6>json<enter>{\"price\": 1.10,<enter>\"a\": 1}<f5>");
    assert_eq!(sent_body(&driver), "{\"price\": 1.10,\n\"a\": 1}");
    assert_screen!(driver, "json_body");
}

#[test]
fn wide_and_combining_characters_keep_the_columns() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<tab>名前<tab>太郎 👨\u{200d}👩\u{200d}👧 e\u{301}");
    assert_screen!(driver, "wide_characters");
}

#[test]
fn a_text_longer_than_its_cell_shows_the_part_at_the_cursor() {
    let mut driver = Driver::new(120, 36);
    let long = "0123456789".repeat(20);
    driver.keys(&format!(":3000/x<tab>a<tab>{long}END"));
    assert!(driver.screen().contains("END"));
    driver.keys("<home>");
    assert!(!driver.screen().contains("END"));
    driver.keys("<tab>");
    assert!(driver.screen().contains('…'));
}

#[test]
fn a_proxy_of_plain_http_is_told_the_whole_address() {
    let mut driver = Driver::new(120, 36);
    driver.proxy = Some(ProxyUsed {
        address: "http://proxy:3128".to_owned(),
        named_by: ProxySource::Environment("HTTP_PROXY".to_owned()),
        has_credentials: true,
    });
    driver.keys("<alt-w>:3001/users");
    driver.assert_shows("POST http://localhost:3001/users HTTP/1.1");
    driver.assert_shows("to http://localhost:3001 by way of http://proxy:3128");
    driver.assert_shows("proxy-authorization: ‹what the proxy asks for");
}

#[test]
fn what_would_go_out_is_shown_beside_the_draft_until_it_is_sent() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<alt-w>:3000/users<tab>name<tab>an");
    assert_screen!(driver, "preview_beside");
    assert!(driver.keys("n").screen().contains("name=ann"));
    // The answer has the place until the draft is edited again.
    driver
        .keys("<f5>")
        .answer(5, crate::response(201, &[], "made"));
    assert!(driver.screen().contains("201 Created"));
    assert!(driver.keys("a").screen().contains("name=anna"));
    driver.keys("<alt-5>");
    assert!(driver.screen().contains("201 Created"));
    driver.keys("<alt-1><alt-w>");
    assert!(driver.screen().contains("201 Created"));
    // Where there is room for one zone only, the tab opens.
    let mut small = Driver::new(80, 24);
    small.keys(":3000/users<alt-w>");
    assert!(small.screen().contains("[Preview]") && small.screen().contains("curl"));
}

#[test]
fn names_that_were_sent_complete_in_this_run_and_the_next() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<tab>customer_ref<tab>7<alt-3>page_size<tab>5<f5>");
    driver.answer(5, crate::response(200, &[], "ok"));
    let mut again = Driver::start_in(
        tempfile::tempdir().unwrap(),
        120,
        36,
        posttui::model::Session::default(),
        None,
        driver.history.clone(),
    );
    for driver in [&mut driver, &mut again] {
        driver.keys("<ctrl-n>:3000/y<alt-1>cust");
        assert!(driver.screen().contains("customer_ref"));
        driver.keys("<right><tab>8<alt-3>pa<right>");
        let request = driver.state.builder.request();
        assert_eq!(request.body.form[0].name, "customer_ref");
        assert_eq!(request.query[0].name, "page_size");
    }
}

#[test]
fn what_keeps_a_url_from_being_sent_stands_beside_it() {
    let mut driver = Driver::new(120, 36);
    driver.keys("http://my host/x<enter>");
    assert!(driver.sends.is_empty());
    let first = |driver: &Driver| driver.screen().lines().next().unwrap().to_owned();
    let line = first(&driver);
    assert!(
        line.contains("→ ! the URL cannot be read: a space"),
        "{line}"
    );
    driver.keys("y");
    let line = first(&driver);
    assert!(!line.contains('!'), "{line}");
}

#[test]
fn a_line_feed_in_the_name_of_a_header_is_seen_in_its_row() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x");
    driver.state.builder.headers = Table::new(&[Field::new("line1\nline2", "v")]);
    driver.keys("<alt-2><f5>");
    assert!(driver.sends.is_empty());
    let screen = driver.screen();
    assert!(!screen.contains("line1line2"), "{screen}");
    assert!(
        screen.contains("! “line1␊line2” is no header name"),
        "{screen}"
    );
}
