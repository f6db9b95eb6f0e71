//! Requests that need the answer of another one, by keys.

use posttui::model::{Failure, FailureKind, Outcome, Phase, Processed};

use crate::{assert_screen, driver::Driver, response};

const LOGIN: &str = "url = ':3000/login'\n\n[form]\nuser = 'ann'\n";
const ORDER: &str = "url = ':3000/orders'\n\n[headers]\nAuthorization = 'Bearer {{ response(\"login\", max_age=\"10m\").json.token }}'\n";

fn driver(files: &[(&str, &str)]) -> Driver {
    let marker = [
        ("posttui.toml", ""),
        ("login.toml", LOGIN),
        ("order.toml", ORDER),
    ];
    let mut driver = Driver::with_collection(120, 36, &[&marker, files].concat());
    driver.keys("<alt-7>ty");
    driver
}

/// Loads the request of this name.
fn load(driver: &mut Driver, name: &str) {
    driver.keys(&format!("<alt-7>/{name}<enter>"));
    assert_eq!(driver.state.builder.origin.as_ref().unwrap().path, name);
}

fn urls(driver: &Driver) -> Vec<String> {
    driver
        .sends
        .values()
        .map(|(_, it, _)| it.url.clone())
        .collect()
}

fn token() -> posttui::model::Response {
    response(
        200,
        &[("content-type", "application/json")],
        r#"{"token":"t0ken"}"#,
    )
}

fn authorization(driver: &Driver) -> String {
    let (_, prepared, _) = driver.sends.values().next_back().unwrap();
    posttui::model::find_header(&prepared.headers, "authorization")
        .unwrap()
        .text()
}

#[test]
fn what_is_needed_is_sent_first_and_then_taken_from_the_history() {
    let mut driver = driver(&[]);
    load(&mut driver, "order");
    driver.keys("<alt-0>");
    assert_screen!(driver, "first_in_preview");
    driver.keys("<f5>");
    assert_eq!(urls(&driver), ["http://localhost:3000/login"]);
    driver.answer(5, token());
    assert_eq!(urls(&driver), ["http://localhost:3000/orders"]);
    assert_eq!(authorization(&driver), "Bearer t0ken");
    driver.answer(5, response(200, &[], "ok"));
    driver.keys("<f5>");
    assert_eq!(
        urls(&driver),
        ["http://localhost:3000/orders"],
        "the answer is young enough"
    );
    driver.answer(5, response(200, &[], "ok"));
    driver.wait(11 * 60 * 1000);
    driver.keys("<f5>");
    assert_eq!(
        urls(&driver),
        ["http://localhost:3000/login"],
        "it is too old"
    );
}

#[test]
fn when_the_first_one_fails_nothing_is_sent_and_the_reason_is_told() {
    let mut driver = driver(&[]);
    load(&mut driver, "order");
    driver.keys("<f5>");
    driver.answer(5, response(401, &[], "no"));
    assert!(driver.sends.is_empty());
    assert_screen!(driver, "first_failed");
    driver.keys("<f5>");
    assert_eq!(
        urls(&driver),
        ["http://localhost:3000/login"],
        "an answer that refuses is none"
    );
    let failure = Failure {
        kind: FailureKind::Refused,
        phase: Phase::Connect,
        causes: Vec::new(),
        processed: Processed::No,
        partial: None,
    };
    driver.finish(5, Vec::new(), Outcome::Failure(failure));
    assert!(driver.sends.is_empty());
    assert!(
        driver.screen().contains("was sent first, and failed"),
        "{}",
        driver.screen()
    );
}

#[test]
fn circles_and_unknown_names_are_told_and_nothing_is_sent() {
    let one = "url = ':3000/{{ response(\"two\").text }}'\n";
    let two = "url = ':3000/{{ response(\"one\").text }}'\n";
    let lost = "url = ':3000/{{ response(\"gone\").text }}'\n";
    let mut driver = driver(&[("one.toml", one), ("two.toml", two), ("lost.toml", lost)]);
    load(&mut driver, "one");
    driver.keys("<f5>");
    assert!(driver.sends.is_empty());
    let screen = driver.screen();
    assert!(screen.contains("in a circle"), "{screen}");
    load(&mut driver, "lost");
    driver.keys("<f5>");
    assert!(driver.sends.is_empty());
    assert!(driver.screen().contains("is called “gone”"));
}

#[test]
fn what_the_first_one_lacks_stops_what_waits_for_it() {
    let first = "url = ':3000/{{ nope }}'\n";
    let then = "url = ':3000/{{ response(\"first\").text }}'\n";
    let mut driver = driver(&[("first.toml", first), ("then.toml", then)]);
    load(&mut driver, "then");
    driver.keys("<f5>");
    assert!(driver.sends.is_empty());
    let notice = driver.state.notice.clone().unwrap().text;
    assert!(
        notice.contains("“first” has to be sent first") && notice.contains("nope"),
        "{notice}"
    );
}
