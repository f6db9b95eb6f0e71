//! The options tab by keys: what is chosen, what holds below, what is wrong; redirects that ask, and
//! further attempts.

use std::time::Duration;

use posttui::{
    app::message::{Event, SendEvent},
    model::{
        Again, Choices, Environment, Environments, Failure, FailureKind, Focus, Fork, Outcome,
        Phase, Processed, Redirects, RequestTab, TimeoutKind, Turn,
    },
};

use crate::{
    assert_screen,
    driver::{Driver, response},
};

fn environments() -> Environments {
    Environments {
        all: vec![Environment {
            name: "staging".to_owned(),
            options: Choices::default()
                .with("timeout", "5")
                .with("insecure", "on"),
            ..Environment::default()
        }],
        usual: Choices::default().with("redirects", "stop"),
        ..Environments::default()
    }
}

fn with_environment(columns: u16, rows: u16) -> Driver {
    let mut driver = Driver::new(columns, rows);
    driver.happen(Event::Environments(environments()));
    driver.keys("<f8><down><enter>:3000/x<alt-9>");
    driver
}

#[test]
fn what_holds_is_shown_with_where_it_comes_from() {
    let mut driver = with_environment(120, 36);
    assert_screen!(driver, "options");
    driver.keys("7<f5>");
    let (_, prepared, _) = driver.sends.values().next_back().unwrap();
    let options = &prepared.options;
    assert_eq!(options.total_timeout, Some(Duration::from_secs(7)));
    assert_eq!(options.redirects, Redirects::Stop);
    assert!(options.transport.insecure);
    let small = with_environment(80, 24);
    assert_screen!(small, "options_80x24");
}

#[test]
fn the_request_wins_and_the_badge_says_what_is_insecure() {
    let mut driver = with_environment(120, 36);
    assert!(driver.screen().contains("INSECURE"));
    // From what holds below to on, then to off.
    driver.keys("<down><down><down><down><down><down><right><right>");
    assert_eq!(
        driver.state.builder.request().options.get("insecure"),
        "off"
    );
    assert!(!driver.screen().contains("INSECURE"));
    driver.keys("<f5>");
    let (_, prepared, _) = driver.sends.values().next_back().unwrap();
    assert!(!prepared.options.transport.insecure);
    driver.keys("<alt-z>");
    assert_eq!(driver.state.builder.request().options.get("insecure"), "on");
}

#[test]
fn what_cannot_be_used_is_marked_and_nothing_goes_out() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<alt-9>soon<alt-u><enter>");
    assert!(driver.sends.is_empty());
    assert_eq!(
        (driver.state.focus, driver.state.builder.tab),
        (Focus::Request, RequestTab::Options)
    );
    assert_screen!(driver, "options_wrong");
    driver.keys("<ctrl-u>9<down><down><down><down><down><down><down>/no/such.pem<f5>");
    assert!(driver.sends.is_empty());
    let screen = driver.screen();
    assert!(screen.contains("there is no such file"), "{screen}");
    assert_eq!(
        driver.state.builder.request().options.get("authorities"),
        "/no/such.pem"
    );
    driver.keys("<ctrl-u><f5>");
    assert_eq!(driver.sends.len(), 1);
}

#[test]
fn a_wrong_option_of_an_environment_is_told_with_its_place() {
    let mut driver = with_environment(120, 36);
    let mut wrong = environments();
    wrong.all[0].options.set("http", "9");
    driver.happen(Event::Environments(wrong));
    driver.keys("<f5>");
    assert!(driver.sends.is_empty());
    let screen = driver.screen();
    assert!(
        screen.contains("“9” is none of negotiated, 1.1, 2 (environment staging)"),
        "{screen}"
    );
}

#[test]
fn a_redirect_that_asks_waits_for_a_key_in_the_response() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<enter>");
    let send = *driver.sends.keys().next().unwrap();
    let fork = Fork {
        status: 303,
        sent: "POST".to_owned(),
        method: "GET".to_owned(),
        url: "http://localhost:3000/y".to_owned(),
        dropped: vec!["the body".to_owned()],
    };
    driver.happen(Event::Send(send, SendEvent::Fork(fork)));
    // What is being typed goes on.
    driver.keys("f");
    assert!(driver.turned.is_empty());
    assert!(driver.state.builder.url.text().ends_with("/xf"));
    driver.keys("<alt-5>");
    assert_screen!(driver, "redirect_asks");
    driver.keys("m");
    assert_eq!(driver.turned, [(send, Turn::KeepMethod)]);
    driver.keys("f");
    assert_eq!(driver.turned.len(), 1, "it is decided once");
}

#[test]
fn a_further_attempt_is_counted_down_and_can_be_stopped() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<enter>");
    let send = *driver.sends.keys().next().unwrap();
    let again = Again {
        attempt: 2,
        of: 3,
        wait: Duration::from_millis(1500),
        after: "503".to_owned(),
    };
    driver.happen(Event::Send(send, SendEvent::Retry(again)));
    assert_screen!(driver, "waiting_for_an_attempt");
    driver.wait(2000);
    assert!(driver.screen().contains("attempt 2 of 3, after 503"));
    driver.keys("<esc>");
    assert_eq!(driver.cancelled, [send]);
}

#[test]
fn a_past_exchange_shows_what_it_was_sent_with() {
    let mut driver = with_environment(120, 36);
    driver.keys("<f5>");
    driver.answer(5, response(200, &[], "ok"));
    driver.keys("<f8><up><enter><alt-6>");
    let screen = driver.screen();
    assert!(screen.contains("5 s · as sent"), "{screen}");
    driver.keys("<alt-9>");
    assert!(driver.screen().contains("300 s · usual"));
}

/// What a lost answer leaves open is asked of the server by the same key.
#[test]
fn sending_again_after_a_lost_answer_keeps_the_key() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<alt-9><shift-tab>");
    driver
        .state
        .builder
        .options
        .settings
        .to_name("idempotency_key");
    driver.keys("<alt-9>on<f5>");
    let key = |driver: &Driver| {
        let (_, prepared, _) = driver.sends.values().next_back().unwrap();
        posttui::model::find_header(&prepared.headers, "idempotency-key")
            .unwrap()
            .text()
    };
    let first = key(&driver);
    driver.answer(5, response(503, &[("retry-after", "0")], "busy"));
    driver.keys("<alt-n>");
    assert_eq!(driver.sends.len(), 1);
    assert_eq!(key(&driver), first);
    // A command is the same send as long as it is open what became of it, and else another one.
    let copied = |driver: &mut Driver| {
        driver.keys("<alt-6>Y");
        driver.copied.take().unwrap()
    };
    driver.answer(5, response(503, &[], "busy"));
    assert!(copied(&mut driver).contains(&first));
    driver.keys("<f5>").answer(5, response(200, &[], "done"));
    let command = copied(&mut driver);
    assert!(
        command.contains("idempotency-key: \"‹made when it is sent›\""),
        "{command}"
    );
    driver.keys("<f5>");
    assert_ne!(key(&driver), first, "another send has a key of its own");
    assert_eq!(
        driver
            .state
            .builder
            .request()
            .options
            .get("idempotency_key"),
        "on"
    );
}

#[test]
fn sending_again_after_a_time_limit_keeps_the_key() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<alt-9><shift-tab>");
    let settings = &mut driver.state.builder.options.settings;
    settings.to_name("idempotency_key");
    driver.keys("<alt-9>on<f5>");
    let key = |driver: &Driver| {
        let (_, prepared, _) = driver.sends.values().next_back().unwrap();
        let key = posttui::model::find_header(&prepared.headers, "idempotency-key");
        key.unwrap().text()
    };
    let first = key(&driver);
    let failure = Failure {
        kind: FailureKind::Timeout(TimeoutKind::Total),
        phase: Phase::Wait,
        causes: Vec::new(),
        processed: Processed::Maybe,
        partial: None,
    };
    driver.finish(500, Vec::new(), Outcome::Failure(failure));
    driver.keys("<alt-n>");
    assert_eq!(driver.sends.len(), 1);
    assert_eq!(key(&driver), first);
}

#[test]
fn the_options_of_an_environment_are_edited_in_a_window() {
    let mut driver = with_environment(120, 36);
    driver.keys("<f8>o");
    assert_screen!(driver, "shared_options");
    // What is wrong is marked, and stays open.
    driver.keys("<ctrl-x>soon<enter>");
    assert!(driver.kept.is_empty());
    assert!(driver.screen().contains("! “soon” is no number of seconds"));
    driver.keys("<alt-z>");
    driver.keys("<ctrl-u>9<down><down><down><space><space><enter>");
    let kept = &driver.kept.last().unwrap().environment;
    let chosen: Vec<_> = kept.options.iter().collect();
    assert_eq!(
        chosen,
        [
            ("insecure", "on"),
            ("redirects", "keep-method"),
            ("timeout", "9")
        ]
    );
    assert!(driver.screen().contains("3 options"));
    driver.keys("<esc><alt-9>");
    assert!(driver.screen().contains("9 s · environment staging"));
    assert!(
        driver
            .screen()
            .contains("‹ keep-method · environment staging ›")
    );
}

#[test]
fn the_options_of_every_send_are_edited_and_changes_are_not_thrown_away_at_once() {
    let mut driver = with_environment(80, 24);
    driver.keys("<f8><up>o");
    assert_screen!(driver, "default_options_80x24");
    driver.keys("<down>2<esc>");
    assert!(driver.screen().contains("Esc once more"));
    driver.keys("<enter>");
    let kept = driver.kept_usual.clone().unwrap();
    assert_eq!(
        (
            kept.choices.get("connect_timeout"),
            kept.choices.get("redirects")
        ),
        ("2", "stop")
    );
    // What the disk does not take comes back, to be kept once more.
    driver.keys("<esc>");
    driver.happen(Event::UsualUnsaved {
        save: kept,
        reason: "the disk is full".to_owned(),
    });
    assert!(driver.screen().contains("the disk is full"));
    driver.keys("<enter>");
    let kept = driver.kept_usual.unwrap();
    assert_eq!(kept.choices.get("connect_timeout"), "2");
}

#[test]
fn a_password_is_not_written_into_the_options_of_an_environment() {
    let mut driver = with_environment(120, 36);
    driver.keys("<f8>o");
    driver.keys(&"<down>".repeat(10));
    driver.keys("s3cret<enter>");
    assert!(driver.kept.is_empty());
    assert!(driver.screen().contains("make it a secret variable"));
    driver.keys("<ctrl-u>{{ p12_password }}<enter>");
    let kept = &driver.kept.last().unwrap().environment;
    assert_eq!(kept.options.get("client_password"), "{{ p12_password }}");
}
