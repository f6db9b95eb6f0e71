//! Exchanges of several posttuis, alive and dead.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use super::*;

const HOME: &str = "POSTTUI_TEST_HOME";

fn interrupted() -> Standing {
    Standing::Failed(FailureKind::Interrupted)
}

/// Not a test of its own: what the child process of the next tests does. It sends, says so, and waits
/// until it is killed.
#[test]
fn a_child_that_sends_and_waits() {
    let Some(home) = std::env::var_os(HOME) else {
        return;
    };
    let history = History::open(&Paths::within(Path::new(&home))).unwrap();
    send(&history, &exchange("POST", "http://host/child", None));
    println!("\nsent");
    // Ends when the parent does, whatever happens to it.
    let _ = std::io::stdin().read_line(&mut String::new());
}

/// Starts another posttui that has one exchange in flight.
fn start_child(folder: &TempDir) -> Child {
    start(Command::new(std::env::current_exe().unwrap()), folder)
}

/// Starts the program of the tests as the child; `program` may be a wrapper around it.
pub(super) fn start(mut program: Command, folder: &TempDir) -> Child {
    let mut child = program
        .args(["--exact", "--nocapture"])
        .arg("store::history::tests::owners::a_child_that_sends_and_waits")
        .env(HOME, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let sent = lines.map_while(Result::ok).any(|line| line == "sent");
    assert!(sent, "the child did not send");
    child
}

pub(super) fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn what_a_killed_posttui_left_is_interrupted_at_the_next_start() {
    let (folder, paths) = home();
    kill(start_child(&folder));
    let history = History::open(&paths).unwrap();
    assert_eq!(standings(&history), [interrupted()]);
    let exchange = history.load(ExchangeId(1)).unwrap().unwrap();
    let Some(Outcome::Failure(failure)) = exchange.outcome else {
        panic!("no failure")
    };
    assert_eq!(
        (failure.phase, failure.processed),
        (Phase::Send, Processed::Maybe)
    );
    assert_eq!(exchange.duration, None);
    assert_eq!(
        history.count(&filter("interrupted status:failed")).unwrap(),
        1
    );
    assert_eq!(history.count(&filter("status:in-flight")).unwrap(), 0);
    let locks = std::fs::read_dir(paths.data.join("running")).unwrap();
    assert_eq!(
        locks.count(),
        1,
        "only the lock of the one that runs is left"
    );
}

#[test]
fn what_another_running_posttui_sends_stays_in_flight_until_it_dies() {
    let (folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let child = start_child(&folder);
    let also = History::open(&paths).unwrap();
    assert_eq!(standings(&history), [Standing::InFlight]);
    assert_eq!(standings(&also), [Standing::InFlight]);
    kill(child);
    assert_eq!(standings(&history), [interrupted()]);
    let loaded = also.load(ExchangeId(1)).unwrap().unwrap();
    assert_eq!(loaded.outcome.unwrap().standing(), interrupted());
}

#[test]
fn what_was_closed_without_an_outcome_is_interrupted() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let other = History::open(&paths).unwrap();
    send(&other, &exchange("POST", "http://host/", None));
    assert_eq!(standings(&history), [Standing::InFlight]);
    drop(other);
    assert_eq!(standings(&history), [interrupted()]);
}

#[test]
fn a_true_outcome_takes_the_place_of_an_assumed_one() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let id = send(&history, &exchange("POST", "http://host/", None));
    // Its lock was lost, as on a disk that was taken away and came back.
    std::fs::remove_dir_all(paths.data.join("running")).unwrap();
    assert_eq!(standings(&History::open(&paths).unwrap()), [interrupted()]);
    let outcome = Outcome::Response(response(201, b"body"));
    history
        .finish(
            id,
            &[],
            &outcome,
            Duration::ZERO,
            &crate::status::rules::Said::default(),
        )
        .unwrap();
    assert_eq!(standings(&history), [Standing::Answered(201)]);
}
