//! What comes back, explained.

use std::time::Duration;

use posttui::model::{Header, Hop, HttpVersion, ResponseHead};

use crate::{
    assert_screen, created,
    driver::{Driver, response},
    type_create_user,
};

fn sent() -> Driver {
    let mut driver = Driver::new(120, 36);
    type_create_user(&mut driver);
    driver.keys("<enter>");
    driver
}

#[test]
fn a_success_has_its_symbol_meaning_and_the_users_own_message() {
    let mut driver = sent();
    driver.answer(84, created());
    let screen = driver.screen();
    for words in [
        "● 201 Created",
        "User created successfully.",
        "The resource was created",
        "84 ms",
        "HTTP/1.1",
    ] {
        assert!(screen.contains(words), "no “{words}” in\n{screen}");
    }
}

#[test]
fn numbers_keys_and_duplicates_stay_as_they_came() {
    let mut driver = sent();
    driver.answer(84, created());
    let screen = driver.screen();
    assert!(screen.contains("\"price\": 1.10"), "{screen}");
    let first = screen.find("\"a\": 1").expect("the first of the two");
    let second = screen.find("\"a\": 2").expect("the second of the two");
    assert!(first < second);
}

#[test]
fn every_page_of_an_answer() {
    let mut driver = sent();
    driver.answer(84, created());
    driver.keys("<alt-5><right>");
    assert_screen!(driver, "answer_headers");
    driver.keys("<right>");
    assert_screen!(driver, "answer_meaning");
    driver.keys("<right>");
    assert_screen!(driver, "answer_hops");
    driver.keys("<right>");
    assert_screen!(driver, "answer_sent");
}

#[test]
fn statuses_of_each_class_differ_by_symbol() {
    for (status, symbol) in [(204, "●"), (304, "↪"), (404, "▲"), (500, "■"), (999, "?")] {
        let mut driver = sent();
        driver.answer(5, response(status, &[], ""));
        let title = format!("{symbol} {status}");
        assert!(driver.screen().contains(&title), "no “{title}”");
    }
}

#[test]
fn a_number_that_nobody_registered_says_so() {
    let mut driver = sent();
    driver.answer(5, response(477, &[], ""));
    let screen = driver.screen();
    assert!(screen.contains("477 is not registered"), "{screen}");
}

#[test]
fn a_post_that_became_a_get_is_said_out_loud() {
    let mut driver = sent();
    let hop = |method: &str, url: &str, status: u16, dropped: &[&str]| Hop {
        method: method.into(),
        url: url.into(),
        request_headers: vec![Header::new("host", "localhost:3000")],
        request_body_bytes: if method == "POST" { 40 } else { 0 },
        dropped: dropped.iter().map(|it| (*it).to_owned()).collect(),
        purpose: posttui::model::Purpose::Request,
        attempt: 1,
        failure: None,
        remote_address: Some("127.0.0.1:3000".into()),
        response: Some(ResponseHead {
            status,
            reason: None,
            version: HttpVersion::Http11,
            headers: vec![Header::new("location", "/login")],
        }),
        duration: Duration::from_millis(7),
        transit: posttui::model::Transit::default(),
    };
    let hops = vec![
        hop("POST", "http://localhost:3000/api/create_user", 302, &[]),
        hop(
            "GET",
            "http://localhost:3000/login",
            200,
            &["the body", "content-type"],
        ),
    ];
    let page = response(200, &[("content-type", "text/html")], "<h1>Log in</h1>");
    driver.finish(14, hops, posttui::model::Outcome::Response(page));
    assert_screen!(driver, "redirected_post_to_get");
}

#[test]
fn nothing_of_an_old_answer_stays_when_the_next_send_starts() {
    let mut driver = sent();
    driver.answer(84, created());
    driver.keys("<alt-1><enter>");
    let screen = driver.screen();
    let response_zone = screen.split("Response").nth(1).unwrap();
    assert!(!response_zone.contains("Created"), "{screen}");
}

#[test]
fn what_a_server_sends_reaches_the_screen_as_visible_marks_only() {
    let mut driver = sent();
    let hostile = "\u{1b}]52;c;aGk=\u{7}\u{9b}31m\u{202e}txt.exe\u{0}\r\u{8}";
    let mut answer = response(
        400,
        &[("x-hostile", hostile), ("content-type", hostile)],
        hostile,
    );
    answer.head.reason = Some(hostile.to_owned());
    driver.answer(5, answer);
    for keys in [
        "",
        "<alt-5><right>",
        "<right>",
        "<right>",
        "<right>",
        "<alt-6>",
    ] {
        driver.keys(keys);
        let screen = driver.screen();
        let forbidden = screen.chars().find(|char| {
            (char.is_control() && *char != '\n') || ('\u{202a}'..='\u{202e}').contains(char)
        });
        assert_eq!(forbidden, None, "after {keys}:\n{screen}");
    }
}

#[test]
fn a_body_that_is_still_being_laid_out_is_not_called_empty() {
    let mut driver = sent();
    driver.slow_layouts = true;
    driver.answer(84, created());
    assert!(!driver.screen().contains("empty body"));
    assert!(driver.screen().contains("● 201 Created"));
}
