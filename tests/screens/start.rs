//! The first screen, and the screen after a restart.

use posttui::{
    model::{Focus, Session},
    store::History,
};

use crate::{assert_screen, created, driver::Driver, type_create_user};

#[test]
fn the_cursor_is_in_the_url_and_the_empty_zones_explain_themselves() {
    let driver = Driver::new(120, 36);
    assert_eq!(driver.state.focus, Focus::Url);
    assert_screen!(driver, "start_120x36");
    assert_screen!(Driver::new(80, 24), "start_80x24");
}

#[test]
fn a_restart_brings_draft_places_and_history_back() {
    let history = History::in_memory().unwrap();
    let mut driver = Driver::start(120, 36, Session::default(), None, history.clone());
    type_create_user(&mut driver);
    driver.keys("<enter>").answer(84, created());
    driver.keys("<down><end>!");
    let (before, session) = (driver.screen(), driver.saved.clone().unwrap());
    let again = Driver::start(120, 36, session, None, history);
    assert_eq!(again.screen(), before);
    assert_eq!(
        again.state.builder.request(),
        driver.state.builder.request()
    );
}

#[test]
fn a_draft_from_the_command_line_takes_the_place_of_the_kept_one_which_undo_brings_back() {
    let mut driver = Driver::new(120, 36);
    driver.keys("kept.example/x");
    let session = driver.saved.clone().unwrap();
    let draft = posttui::model::Request {
        url: "http://127.0.0.1:1/new".into(),
        ..Default::default()
    };
    let history = History::in_memory().unwrap();
    let mut again = Driver::start(120, 36, session, Some(draft), history);
    assert!(again.screen().contains("127.0.0.1:1/new"));
    again.keys("<alt-z>");
    assert!(again.screen().contains("kept.example/x"));
}
