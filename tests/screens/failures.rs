//! A send that got no response is an outcome like any other.

use posttui::model::{Failure, FailureKind, Outcome, Phase, Processed};
use posttui::search::Filter;

use crate::{
    assert_screen, created,
    driver::{Driver, refused, response},
    type_create_user,
};

fn failed(kind: FailureKind, phase: Phase, processed: Processed) -> Outcome {
    Outcome::Failure(Failure {
        kind,
        phase,
        causes: vec!["outermost".into(), "root cause".into()],
        processed,
        partial: None,
    })
}

#[test]
fn refused_says_what_it_is_and_that_nothing_was_sent() {
    let mut driver = Driver::new(120, 36);
    type_create_user(&mut driver);
    driver.keys("<enter>").finish(1, Vec::new(), refused());
    assert_screen!(driver, "refused");
}

#[test]
fn a_failure_never_leaves_an_old_green_status() {
    let mut driver = Driver::new(120, 36);
    type_create_user(&mut driver);
    driver.keys("<enter>").answer(84, created());
    driver.keys("<enter>").finish(1, Vec::new(), refused());
    let screen = driver.screen();
    let response_zone = screen.split("Response").nth(1).unwrap();
    assert!(response_zone.contains("✕ refused"), "{screen}");
    assert!(!response_zone.contains("● 201"), "{screen}");
}

#[test]
fn each_failure_says_whether_the_server_may_have_acted() {
    for (kind, phase, processed, words) in [
        (
            FailureKind::Dns,
            Phase::Resolve,
            Processed::No,
            "cannot have",
        ),
        (
            FailureKind::Reset,
            Phase::Wait,
            Processed::Maybe,
            "may already",
        ),
    ] {
        let mut driver = Driver::new(120, 36);
        driver.keys("host.example/x<enter>");
        driver.finish(1, Vec::new(), failed(kind, phase, processed));
        let screen = driver.screen();
        assert!(screen.contains(words), "no “{words}” in\n{screen}");
        assert!(screen.contains("root cause"), "{screen}");
    }
}

#[test]
fn what_arrived_before_it_was_cut_off_is_shown() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/cut<enter>");
    let partial = response(200, &[("content-length", "1000")], "the first part");
    let failure = Failure {
        kind: FailureKind::Truncated,
        phase: Phase::Receive,
        causes: vec!["end of file before message length reached".into()],
        processed: Processed::Answered,
        partial: Some(partial),
    };
    driver.finish(9, Vec::new(), Outcome::Failure(failure));
    assert_screen!(driver, "truncated");
}

#[test]
fn esc_cancels_what_is_in_flight_and_the_row_stays() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/hang<enter>").wait(1234);
    assert_screen!(driver, "in_flight");
    driver.keys("<esc>");
    assert_eq!(driver.cancelled.len(), 1);
    assert!(driver.screen().contains("cancelling"));
    let outcome = failed(FailureKind::Cancelled, Phase::Wait, Processed::Maybe);
    driver.finish(10, Vec::new(), outcome);
    let screen = driver.screen();
    assert!(screen.contains("✕ cancelled"), "{screen}");
    assert_eq!(driver.history.count(&Filter::default()).unwrap(), 1);
}

#[test]
fn a_second_identical_post_asks_first() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/slow<enter><enter>");
    assert_screen!(driver, "send_twice");
    driver.keys("n");
    assert_eq!(driver.sends.len(), 1);
    driver.keys("<enter>y");
    assert_eq!(driver.sends.len(), 2);
}

#[test]
fn another_post_goes_at_once_and_both_answers_find_their_row() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/one<enter>");
    let first = *driver.sends.keys().next().unwrap();
    driver.keys("<ctrl-u>:3000/two<enter>");
    assert_eq!(driver.sends.len(), 2);
    let late = Outcome::Response(response(500, &[], "late"));
    driver.finish_send(first, 50, Vec::new(), late);
    let screen = driver.screen();
    assert!(
        screen.contains("■ 500"),
        "told below or in its row:\n{screen}"
    );
    driver.answer(5, response(200, &[], "second"));
    assert!(driver.screen().contains("second"));
}
