//! What a response offers to do next, one key away, and what it pins to the request.

use crate::{
    assert_screen, created,
    driver::{Driver, refused, response},
    invalid, type_create_user,
};
use posttui::{
    app::Popup,
    model::{BodyKind, Focus, RequestTab, Transit},
};

fn sent() -> Driver {
    let mut driver = Driver::new(120, 36);
    type_create_user(&mut driver);
    driver.keys("<enter>");
    driver
}

#[test]
fn the_location_is_opened_with_one_key_and_the_draft_stays() {
    let mut driver = sent();
    driver.answer(84, created());
    assert_screen!(driver, "created_offers_its_location");
    let draft = driver.state.builder.request();
    driver.keys("<alt-n>");
    let (request, prepared, _) = driver.sends.values().next_back().unwrap();
    assert_eq!(prepared.method, "GET");
    assert_eq!(prepared.url, "http://localhost:3000/users/42");
    assert!(prepared.body.is_empty() && request.body.kind == BodyKind::None);
    assert_eq!(driver.state.builder.request(), draft);
    driver.answer(
        5,
        response(200, &[("content-type", "application/json")], "{\"id\":42}"),
    );
    assert_screen!(driver, "location_opened");
    driver.keys("<esc><esc>");
    assert!(
        driver.screen().contains("/api/create_user"),
        "{}",
        driver.screen()
    );
}

#[test]
fn every_step_has_its_number_on_the_meaning_page() {
    let mut driver = sent();
    driver.answer(5, response(405, &[("allow", "PUT, GET, PATCH")], ""));
    driver.keys("<alt-5>2");
    assert_eq!(driver.state.builder.method, "POST", "not on this page");
    driver.keys("<right><right>");
    assert_screen!(driver, "steps_by_number");
    driver.keys("2");
    assert_eq!(driver.state.builder.method, "PATCH");
    assert_eq!(driver.state.focus, Focus::Url);
    driver.keys("<alt-z>");
    assert_eq!(driver.state.builder.method, "POST", "undo takes it back");
    driver.keys("<alt-5>9");
    assert_eq!(driver.sends.len(), 0);
}

#[test]
fn complaints_are_pinned_to_their_rows_until_these_are_edited() {
    let mut driver = sent();
    driver.answer(5, invalid());
    assert_screen!(driver, "complaint_pinned_to_its_row");
    driver.keys("<alt-5>o");
    assert_eq!(driver.state.focus, Focus::Request);
    driver.keys("x");
    let screen = driver.screen();
    assert!(screen.contains("john@example.comx"), "{screen}");
    assert!(!screen.contains("! is no e-mail"), "{screen}");
}

#[test]
fn a_complaint_is_marked_in_the_history_too() {
    let mut driver = sent();
    driver.answer(5, invalid());
    driver.keys("<ctrl-n>");
    assert!(!driver.screen().contains("! is no e-mail"));
    driver.keys("<alt-6>");
    assert!(
        driver.screen().contains("! is no e-mail"),
        "{}",
        driver.screen()
    );
}

#[test]
fn a_field_that_was_not_sent_is_added() {
    let mut driver = sent();
    let body = r#"{"errors":{"age":["can't be blank"]}}"#;
    driver.answer(
        5,
        response(422, &[("content-type", "application/json")], body),
    );
    driver.keys("<alt-n>33");
    let form = driver.state.builder.request().body.form;
    assert_eq!(
        (form[2].name.as_str(), form[2].value.as_str()),
        ("age", "33")
    );
}

#[test]
fn a_complaint_about_a_json_member_stands_behind_its_line() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/users<f6>json<enter>");
    driver.paste("{\n  \"user\": {\n    \"email\": \"nonsense\"\n  }\n}");
    driver.keys("<f5>");
    let body = r#"{"detail":[{"loc":["body","user","email"],"msg":"is no e-mail address"}]}"#;
    driver.answer(
        5,
        response(422, &[("content-type", "application/json")], body),
    );
    assert_screen!(driver, "complaint_about_a_json_member");
    driver.keys("<alt-n>");
    assert_eq!(driver.state.builder.tab, RequestTab::Body);
    driver.keys("<delete>'");
    assert!(!driver.screen().contains("! is no e-mail"));
}

#[test]
fn the_time_to_wait_runs_down_and_nothing_is_sent_by_itself() {
    let mut driver = sent();
    driver.answer(5, response(429, &[("retry-after", "30")], ""));
    assert!(driver.state.is_animated());
    driver.wait(11_500);
    assert_screen!(driver, "waiting_runs_down");
    driver.keys("<alt-n>");
    assert_eq!(driver.sends.len(), 0);
    assert!(
        driver.screen().contains("asks to wait 19 s more"),
        "{}",
        driver.screen()
    );
    driver.wait(20_000);
    assert!(!driver.state.is_animated());
    assert_eq!(driver.sends.len(), 0);
    assert!(!driver.screen().contains("send again in"));
    driver.keys("<alt-n>");
    assert_eq!(driver.sends.len(), 1);
}

#[test]
fn esc_puts_the_wait_aside() {
    let mut driver = sent();
    driver.answer(5, response(503, &[("retry-after", "30")], ""));
    driver.keys("<alt-5><esc>");
    assert_eq!(driver.state.focus, Focus::Response);
    assert!(!driver.state.is_animated());
    driver.keys("o");
    assert_eq!(driver.sends.len(), 1);
}

#[test]
fn the_post_that_became_a_get_is_sent_again_whole() {
    let mut driver = sent();
    let (_, prepared, _) = driver.sends.values().next().unwrap().clone();
    let mut answer = response(301, &[("location", "/v2/users")], "");
    let mut hop = posttui::model::Hop {
        method: "POST".into(),
        url: prepared.url.clone(),
        request_headers: prepared.headers.clone(),
        request_body_bytes: 10,
        dropped: Vec::new(),
        remote_address: None,
        purpose: posttui::model::Purpose::Request,
        attempt: 1,
        failure: None,
        response: Some(answer.head.clone()),
        duration: std::time::Duration::ZERO,
        transit: Transit::default(),
    };
    let first = hop.clone();
    answer = response(200, &[], "");
    (hop.method, hop.url) = ("GET".into(), "http://localhost:3000/v2/users".into());
    hop.response = Some(answer.head.clone());
    driver.finish(
        5,
        vec![first, hop],
        posttui::model::Outcome::Response(answer),
    );
    driver.keys("<alt-n>");
    let (_, again, _) = driver.sends.values().next_back().unwrap();
    assert_eq!(
        (again.method.as_str(), again.url.as_str()),
        ("POST", "http://localhost:3000/v2/users")
    );
    assert_eq!(again.body, prepared.body);
}

#[test]
fn a_step_for_another_request_than_the_draft_loads_it_first() {
    let mut driver = sent();
    driver.answer(5, response(405, &[("allow", "PUT")], ""));
    driver.keys("<ctrl-n>:9/other<alt-6>");
    driver.keys("<alt-n>");
    assert_eq!(driver.state.builder.method, "PUT");
    assert!(
        driver
            .state
            .builder
            .url
            .text()
            .ends_with("/api/create_user")
    );
    driver.keys("<alt-z>");
    assert!(
        driver.state.builder.url.text().ends_with(":9/other"),
        "undo brings the draft back"
    );
}

#[test]
fn steps_in_a_narrow_terminal() {
    let mut driver = Driver::new(80, 24);
    driver.keys("localhost/x<enter>");
    driver.finish(1, Vec::new(), refused());
    assert_screen!(driver, "steps_narrow");
    driver.keys("o");
    assert_eq!(driver.state.builder.url.text(), "https://localhost/x");
    driver.keys("<alt-6><alt-n>");
}

#[test]
fn without_a_step_the_key_says_so() {
    let mut driver = sent();
    driver.answer(5, response(200, &[], ""));
    driver.keys("<alt-n>");
    assert!(
        driver.screen().contains("offers no step"),
        "{}",
        driver.screen()
    );
}

#[test]
fn a_path_with_a_wrong_letter_is_told_from_those_that_were_answered() {
    let mut driver = sent();
    driver.answer(5, created());
    driver.keys("<alt-u><end><backspace><backspace><enter>");
    driver.answer(5, response(404, &[], ""));
    let screen = driver.screen();
    assert!(screen.contains("/api/create_user, which"), "{screen}");
    driver.keys("<alt-n>");
    assert!(
        driver
            .state
            .builder
            .url
            .text()
            .ends_with("/api/create_user")
    );
}

#[test]
fn after_a_failure_of_the_server_the_earlier_sends_are_one_key_away() {
    let mut driver = sent();
    driver.answer(5, response(500, &[], ""));
    driver.keys("<alt-5><right><right>2");
    assert!(
        matches!(driver.state.popup, Some(Popup::Timeline(_))),
        "{}",
        driver.screen()
    );
}
