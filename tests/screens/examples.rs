//! Answers named as examples: made in the history, shown in the collection, compared with a fresh one.

use crate::{
    assert_screen,
    driver::{Driver, response},
};

fn shop() -> Driver {
    let files = [
        ("posttui.toml", "name = \"Shop\"\n"),
        (
            "users/create.toml",
            "url = \":3000/users\"\n[form]\na = \"1\"\n",
        ),
        (
            "users/list.toml",
            "method = \"GET\"\nurl = \":3000/users\"\n",
        ),
    ];
    let mut driver = Driver::with_collection(120, 36, &files);
    // The request in the folder: loaded, and sent twice.
    driver.keys("<alt-7><home><down><enter>y<f5>");
    let json = [("content-type", "application/json")];
    driver.answer(20, response(201, &json, r#"{"id":1,"name":"ann"}"#));
    driver.keys("<f5>");
    driver.answer(30, response(409, &json, r#"{"error":"taken"}"#));
    driver
}

#[test]
fn an_answer_becomes_an_example_and_stands_in_the_collection() {
    let mut driver = shop();
    driver.keys("<alt-5>Xtaken name<enter>");
    let screen = driver.screen();
    assert!(
        screen.contains("“taken name” is an example of “users/create” now"),
        "{screen}"
    );
    driver.keys("<alt-6><home><down>Xhappy path<enter>");
    driver.keys("<alt-7><home><down>");
    assert_screen!(driver, "examples_in_the_collection");
    driver.keys("x");
    assert_screen!(driver, "examples");
    driver.keys("<enter>");
    let screen = driver.screen();
    assert!(screen.contains("Sent #1 ─"), "{screen}");
    assert!(screen.contains("● 201 Created"), "{screen}");
}

#[test]
fn a_fresh_answer_is_compared_with_one() {
    let mut driver = shop();
    driver.keys("<alt-6><home><down>Xhappy path<enter><alt-1><f5>");
    let json = [("content-type", "application/json")];
    driver.answer(20, response(201, &json, r#"{"id":2,"name":"ann"}"#));
    driver.keys("<alt-5><alt-x>=");
    assert_screen!(driver, "example_compared");
}

#[test]
fn one_can_be_an_exchange_like_any_other_again() {
    let mut driver = shop();
    driver.keys("<alt-5>Xtaken<enter><alt-7><home><down>xd");
    let screen = driver.screen();
    assert!(screen.contains("No example yet"), "{screen}");
    driver.keys("<esc>");
    assert!(!driver.screen().contains("▲ taken"), "{}", driver.screen());
    let rows = driver
        .history
        .page(&posttui::search::Filter::default(), None, 9);
    assert!(rows.unwrap().iter().all(|row| !row.label.pinned));
}

#[test]
fn what_belongs_to_no_saved_request_is_told() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<enter>");
    driver.answer(5, response(200, &[], ""));
    driver.keys("<alt-5>X");
    let screen = driver.screen();
    assert!(screen.contains("belongs to no saved request"), "{screen}");
    assert!(!screen.contains("Name of the example"), "{screen}");
    assert!(screen.contains("load it (⏎), save it (F2)"), "{screen}");
}
