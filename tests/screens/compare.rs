//! Two exchanges compared, and sent again.

use crate::{
    assert_screen, created,
    driver::{Driver, refused, response},
    invalid, type_create_user,
};

/// One that worked, another one elsewhere, and one that did not.
fn with_history() -> Driver {
    let mut driver = Driver::new(120, 36);
    type_create_user(&mut driver);
    driver.keys("<enter>").answer(84, created());
    driver.keys("<alt-u><ctrl-u>:3000/api/orders<enter>");
    driver.answer(1200, response(500, &[("server", "demo")], "broken"));
    driver.keys("<alt-u><ctrl-u>:3000/api/create_user<alt-1><end>!<enter>");
    driver.answer(41, invalid());
    driver
}

#[test]
fn what_changed_since_it_last_worked_is_one_key() {
    let mut driver = with_history();
    driver.keys("<alt-5>=");
    assert_screen!(driver, "compare_since_worked");
    let screen = driver.screen();
    assert!(screen.contains("#1  201 Created"), "{screen}");
    assert!(screen.contains("#3  400 Bad Request"), "{screen}");
    driver.keys("n n n v");
    assert_screen!(driver, "compare_unified");
    driver.keys("<esc>");
    assert!(!driver.screen().contains("difference"), "it is closed");
}

#[test]
fn the_marked_one_is_compared_with_the_chosen_one() {
    let mut driver = with_history();
    driver.keys("<alt-6><home>m=");
    let screen = driver.screen();
    assert!(
        screen.contains("#2  500") && screen.contains("#3  400"),
        "{screen}"
    );
    driver.keys("<esc>");
    assert!(driver.screen().contains('◆'), "{}", driver.screen());
    driver.keys("M");
    assert!(!driver.screen().contains('◆'), "{}", driver.screen());
}

#[test]
fn what_is_ignored_stays_ignored() {
    let mut driver = Driver::new(100, 30);
    for number in [1, 2] {
        driver.keys("<alt-u><ctrl-u>:3000/x<enter>");
        let body = format!(r#"{{"id":{number},"name":"ann"}}"#);
        driver.answer(
            5,
            response(200, &[("content-type", "application/json")], &body),
        );
    }
    driver.keys("<alt-6><home>w");
    assert!(
        driver.screen().contains("difference 1 of 1"),
        "{}",
        driver.screen()
    );
    driver.keys("i");
    let screen = driver.screen();
    assert!(screen.contains("no difference"), "{screen}");
    assert!(screen.contains("1 ignored"), "{screen}");
    let kept = driver.saved.clone().unwrap().ignored.unwrap();
    assert_eq!(kept, ["date", "age", ".id"]);
    driver.keys("<esc>w");
    assert!(
        driver.screen().contains("no difference"),
        "{}",
        driver.screen()
    );
    driver.keys("I");
    assert!(
        driver.screen().contains("difference 1 of 1"),
        "{}",
        driver.screen()
    );
    assert_eq!(driver.saved.clone().unwrap().ignored, None);
}

#[test]
fn what_never_worked_says_so() {
    let mut driver = Driver::new(80, 24);
    driver.keys(":9/x<enter>").finish(2, Vec::new(), refused());
    driver.keys("<alt-6>w");
    let screen = driver.screen();
    assert!(screen.contains("nothing to compare it with"), "{screen}");
    driver.keys("n N <space> v i y <esc>");
}

#[test]
fn the_differences_are_copied_as_text() {
    let mut driver = with_history();
    driver.keys("<alt-5>=y");
    let text = driver.copied.unwrap();
    assert!(text.starts_with("--- #1 201 Created"), "{text}");
    assert!(
        text.contains("- came to: 201 Created\n+ came to: 400 Bad Request"),
        "{text}"
    );
}

#[test]
fn an_exchange_goes_out_again_as_it_was() {
    let mut driver = with_history();
    driver.keys("<alt-6><end>r");
    let (_, prepared, _) = driver.sends.values().next_back().unwrap();
    let past = driver
        .history
        .load(posttui::model::ExchangeId(1))
        .unwrap()
        .unwrap();
    assert_eq!(prepared.body, past.prepared.body);
    assert_eq!(prepared.headers, past.prepared.headers);
    assert_eq!(prepared.url, past.prepared.url);
    driver.answer(5, created());
    driver.keys("<alt-6><home>");
    assert!(
        driver.screen().contains("again of #1"),
        "{}",
        driver.screen()
    );
}

#[test]
fn marked_exchanges_go_out_one_after_the_other() {
    let mut driver = with_history();
    driver.keys("<alt-6><home>mmr");
    let url = |driver: &Driver| {
        assert_eq!(driver.sends.len(), 1, "one at a time");
        driver.sends.values().next().unwrap().1.url.clone()
    };
    assert!(url(&driver).ends_with("/orders"), "the oldest one first");
    driver.answer(5, response(200, &[], ""));
    assert!(url(&driver).ends_with("/create_user"));
    driver.answer(5, response(200, &[], ""));
    assert!(driver.sends.is_empty());
    let screen = driver.screen();
    assert!(screen.contains("All 2 were sent again"), "{screen}");
}

#[test]
fn a_secret_that_cannot_be_had_is_named_and_nothing_goes_out() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<alt-2>authorization<tab>Bearer s3cret<enter>");
    driver.answer(5, response(200, &[], ""));
    driver.keys("<alt-6><home>r");
    let screen = driver.screen();
    assert!(driver.sends.is_empty());
    let (_, said) = screen.split_once("Not sent: #1: ").unwrap();
    assert!(!said.contains("s3cret"), "{screen}");
}

#[test]
fn an_endpoint_is_shown_over_time() {
    let mut driver = Driver::new(100, 32);
    for number in 0..30_u64 {
        driver.keys("<alt-u><ctrl-u>:3000/x<enter>");
        let status = if number % 7 == 3 { 500 } else { 200 };
        driver.answer(10 + number * number, response(status, &[], ""));
        driver.wait(3 * 60 * 60 * 1000);
    }
    driver
        .keys("<alt-u><ctrl-u>:3000/other<enter>")
        .answer(5, response(200, &[], ""));
    driver.keys("<alt-6><home><down>t");
    assert_screen!(driver, "timeline");
    let screen = driver.screen();
    assert!(screen.contains("30 sends · 13 % errors"), "{screen}");
    driver.keys("<down><up><esc>");
    assert!(driver.state.popup.is_none());
}

#[test]
fn exchanges_are_pinned_tagged_and_noted() {
    let mut driver = with_history();
    driver.keys("<alt-6><home>p#bug,<space>checkout<enter>nask ops<enter>");
    assert_screen!(driver, "history_labelled");
    let screen = driver.screen();
    assert!(screen.contains("★ #bug #check"), "{screen}");
    let label = driver.state.history.rows()[0].label.clone();
    assert_eq!(
        (label.tags.len(), label.note.as_deref()),
        (2, Some("ask ops"))
    );
    driver.keys("#<ctrl-u>bug<enter>n<ctrl-u><enter>p");
    let screen = driver.screen();
    assert!(
        screen.contains("#bug") && !screen.contains("#checkout"),
        "{screen}"
    );
    assert!(!screen.contains('★') && !screen.contains('✎'), "{screen}");
}

#[test]
fn what_is_removed_can_be_brought_back() {
    let mut driver = with_history();
    driver.keys("<alt-6><home>d");
    let screen = driver.screen();
    assert!(
        screen.contains("History 2") && screen.contains("1 exchange removed"),
        "{screen}"
    );
    driver.keys("mmd");
    assert!(driver.state.history.rows().is_empty());
    driver.keys("u");
    assert_eq!(driver.state.history.rows().len(), 2);
    driver.keys("u");
    assert_eq!(driver.state.history.rows().len(), 3);
    driver.keys("u");
    assert!(
        driver.screen().contains("Nothing was removed"),
        "{}",
        driver.screen()
    );
}

#[test]
fn everything_that_the_filter_finds_goes_but_what_is_pinned() {
    let mut driver = with_history();
    driver.keys("<alt-6><home>p/status:4xx,5xx<enter>D");
    assert!(
        driver
            .screen()
            .contains("Remove the exchange that the filter finds?"),
        "{}",
        driver.screen()
    );
    driver.keys("y");
    assert_eq!(driver.state.history.rows().len(), 1, "the pinned one stays");
    driver.keys("u");
    assert_eq!(driver.state.history.rows().len(), 2);
}
