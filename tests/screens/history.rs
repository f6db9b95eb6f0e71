//! The history pane: walked, loaded, filtered.

use posttui::{
    app::message::{Event, Notice},
    search::Filter,
    store::History,
};

use crate::{
    assert_screen, created,
    driver::{Driver, refused, response},
    invalid, type_create_user,
};

fn with_history() -> Driver {
    let mut driver = Driver::new(120, 36);
    type_create_user(&mut driver);
    driver.keys("<enter>").answer(41, invalid());
    driver.keys("<alt-1><end>!<enter>").answer(84, created());
    driver.keys("<alt-u><ctrl-u>:3000/api/orders<enter>");
    driver.answer(1200, response(500, &[("server", "demo")], "broken"));
    driver.keys("<alt-u><ctrl-u>:9999/api/orders<enter>");
    driver.finish(2, Vec::new(), refused());
    driver
}

#[test]
fn walking_shows_each_exchange_as_it_was() {
    let mut driver = with_history();
    driver.keys("<alt-6><down><down>");
    assert_screen!(driver, "history_walked");
    let screen = driver.screen();
    assert!(screen.contains("Sent #"), "{screen}");
    assert!(screen.contains("john_doe"), "{screen}");
    assert!(screen.contains("● 201 Created"), "{screen}");
}

#[test]
fn the_draft_is_untouched_by_looking_back() {
    let mut driver = with_history();
    let draft = driver.state.builder.request();
    driver.keys("<alt-6><down><down><esc>");
    assert_eq!(driver.state.builder.request(), draft);
    assert!(driver.screen().contains("localhost:9999/api/orders"));
}

#[test]
fn enter_loads_it_into_the_builder_to_edit_and_send_again() {
    let mut driver = with_history();
    driver.keys("<alt-6><down><down><enter>");
    assert_screen!(driver, "history_loaded");
    driver.keys("<f5>");
    let (request, _, _) = driver.sends.values().next_back().unwrap();
    assert_eq!(request.url, "http://localhost:3000/api/create_user");
    assert_eq!(
        request.rules.len(),
        4,
        "the rules are kept with the request"
    );
}

#[test]
fn the_filter_narrows_as_it_is_typed() {
    let mut driver = with_history();
    driver.keys("<alt-6>/status:4xx");
    assert_screen!(driver, "history_filtered");
    driver.keys("<esc>/orders");
    let screen = driver.screen();
    assert!(screen.contains("History 2"), "{screen}");
    driver.keys("<ctrl-u>host:nowhere.example");
    assert!(driver.screen().contains("No exchange matches"));
}

#[test]
fn words_of_a_body_are_found_and_shown_lit_up() {
    let mut driver = with_history();
    driver.keys("<alt-6>/broken");
    assert_screen!(driver, "history_found_in_a_body");
    driver.keys("<ctrl-u>field:email=john");
    let screen = driver.screen();
    assert!(screen.contains("History 4"), "{screen}");
    driver.keys("<ctrl-u>field:email=nobody");
    assert!(driver.screen().contains("No exchange matches"));
}

#[test]
fn tab_takes_the_key_and_the_value_that_are_offered() {
    let mut driver = with_history();
    driver.keys("<alt-6>/sta");
    assert_screen!(driver, "history_filter_offers");
    driver.keys("<tab>5<tab>");
    assert_eq!(driver.state.history.filter.text(), "status:5xx");
    assert!(driver.screen().contains("History 1"), "{}", driver.screen());
    // Nothing is offered any more: the line stays, since what is typed next is meant for it.
    driver.keys("<tab> x");
    assert_eq!(driver.state.history.filter.text(), "status:5xx x");
    driver.keys("<ctrl-u><tab>");
    assert!(!driver.state.history.filtering, "an empty line is left");
}

#[test]
fn a_term_that_cannot_be_read_says_why_and_the_other_terms_hold() {
    let mut driver = with_history();
    let all = driver.state.history.rows().len();
    driver.keys("<alt-6>/nowhere");
    assert_eq!(driver.state.history.rows().len(), 0);
    driver.keys(":x");
    assert_eq!(driver.state.history.rows().len(), all);
    assert!(driver.state.history.filter_error.is_some());
    driver.keys("<ctrl-u>status:500 foo:bar");
    assert_eq!(driver.state.history.rows().len(), 1);
    driver.keys("<ctrl-u>status:banana");
    assert_screen!(driver, "history_filter_error");
}

#[test]
fn after_a_filter_the_cursor_is_on_a_row_and_no_key_reaches_another() {
    let mut driver = with_history();
    driver.keys("<alt-6><down>/status:4xx<enter>");
    let id = driver.state.history.rows()[0].id;
    assert_eq!(driver.state.history.rows().len(), 1);
    assert_eq!(driver.state.history.selected(), Some(id));
    assert_eq!(driver.state.response.id(), Some(id));
    driver.keys("d");
    assert!(driver.screen().contains("1 exchange removed"));
    assert_eq!(driver.history.count(&Filter::default()).unwrap(), 3);
    // Nothing is listed any more, so that nothing is done.
    for key in ["d", "p", "r", "=", "m", "<enter>"] {
        driver.keys(key);
        let screen = driver.screen();
        assert!(screen.contains("No exchange is listed"), "{key}:\n{screen}");
    }
    assert_eq!(driver.history.count(&Filter::default()).unwrap(), 3);
}

#[test]
fn the_chosen_row_stays_chosen_where_the_filter_lists_it() {
    let mut driver = with_history();
    driver.keys("<alt-6><down>");
    let chosen = driver.state.history.selected();
    driver.keys("/orders<enter>");
    assert_eq!(driver.state.history.rows().len(), 2);
    assert_eq!(driver.state.history.selected(), chosen);
    driver.keys("/<esc>host:nowhere.example<enter>/<esc><esc>");
    assert_eq!(driver.state.history.selected(), chosen);
}

#[test]
fn by_day_a_filter_shows_all_that_it_finds() {
    let mut driver = Driver::new(120, 36);
    for number in 0..40 {
        let path = if number % 6 == 0 { "note" } else { "order" };
        driver.keys(&format!("<alt-u><ctrl-u>:3000/{path}/{number}<enter>"));
        driver.answer(5, response(200, &[], ""));
    }
    driver.keys("<alt-6>b<home>");
    for _ in 0..18 {
        driver.keys("<down>");
    }
    driver.keys("/note");
    let screen = driver.screen();
    assert!(screen.contains("7 sends"), "{screen}");
    assert_eq!(screen.matches("3000/note/").count(), 7, "{screen}");
}

#[test]
fn a_message_is_seen_beside_a_filter_that_cannot_be_read() {
    let mut driver = with_history();
    driver.keys("<alt-6><down>/status:banana<enter>d");
    let screen = driver.screen();
    assert!(screen.contains("1 exchange removed"), "{screen}");
    driver.keys("<down>");
    assert!(driver.screen().contains("banana"));
}

#[test]
fn a_long_history_is_walked_to_its_end() {
    let mut driver = Driver::new(120, 36);
    for number in 0..450 {
        driver.keys(&format!("<alt-u><ctrl-u>:3000/{number}<enter>"));
        driver.answer(5, response(200, &[], ""));
    }
    driver.keys("<alt-6>");
    for _ in 0..450 {
        driver.keys("<down>");
    }
    let screen = driver.screen();
    assert!(screen.contains("http://localhost:3000/0"), "{screen}");
    driver.keys("<home>");
    assert!(driver.screen().contains("http://localhost:3000/449"));
}

#[test]
fn a_secret_that_the_history_did_not_keep_has_to_be_typed_again() {
    let history = posttui::store::History::in_memory().unwrap();
    let session = posttui::model::Session::default();
    let mut driver = Driver::start(120, 36, session.clone(), None, history.clone());
    driver.keys(":3000/x<alt-2>authorization<tab>Bearer s3cret<enter>");
    driver.answer(5, response(200, &[], ""));

    let mut again = Driver::start(120, 36, session, None, history);
    again.keys("<alt-6><enter><f5>");
    let screen = again.screen();
    assert!(again.sends.is_empty());
    assert!(screen.contains("type it again"), "{screen}");
    assert!(!screen.contains("s3cret"), "{screen}");
}

#[test]
fn the_list_is_grouped_by_day_and_counts_each() {
    let mut driver = with_history();
    driver.keys("<alt-6>b");
    assert_screen!(driver, "history_by_day");
    driver.keys("<down><down><down>");
    assert!(
        driver.screen().contains("4 sends · 3 errors"),
        "{}",
        driver.screen()
    );
    let kept = driver.saved.clone().unwrap();
    let again = Driver::start(120, 36, kept, None, History::in_memory().unwrap());
    assert!(
        again.state.history.is_by_day(),
        "the next start has it, too"
    );
    driver.keys("b");
    assert!(!driver.screen().contains("4 sends"), "{}", driver.screen());
}

#[test]
fn what_is_removed_counts_no_pinned_ones() {
    let mut driver = with_history();
    driver.keys("<alt-6><down>pD");
    let screen = driver.screen();
    assert!(
        screen.contains("Remove 3 exchanges that the filter finds?"),
        "{screen}"
    );
}

#[test]
fn a_fresh_answer_is_seen_as_it_came_and_a_past_one_has_marks() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<alt-u><ctrl-u>:3000/login<enter>");
    let body = "{\"id\":7,\"token\":\"t0ken-of-now\"}";
    let json = [("content-type", "application/json")];
    driver.answer(5, response(200, &json, body));
    assert!(
        driver.screen().contains("t0ken-of-now"),
        "{}",
        driver.screen()
    );
    driver.keys("<alt-u><ctrl-u>:3000/other<enter>");
    driver.answer(5, response(200, &[], "other"));
    driver.keys("<alt-6><down>");
    assert_screen!(driver, "history_answer_with_marks");
    driver.keys("<alt-5>s");
    let screen = driver.screen();
    assert!(
        screen.contains("not the exact bytes: 1 value of the body is a mark"),
        "{screen}"
    );
    driver.keys("<esc>");
    assert!(
        !driver.screen().contains("t0ken-of-now"),
        "{}",
        driver.screen()
    );
}

#[test]
fn a_history_that_cannot_be_opened_says_that_nothing_is_kept() {
    let mut driver = Driver::new(120, 36);
    driver.happen(posttui::app::message::Event::HistoryUnkept);
    driver.keys("<alt-u><ctrl-u>:3000/login<enter>");
    driver.answer(5, response(200, &[], "fine"));
    let screen = driver.screen();
    assert!(screen.contains("NOT KEPT"), "{screen}");
    assert!(
        screen.contains("not kept: the history cannot be opened"),
        "{screen}"
    );
    assert!(!screen.contains("#1"), "{screen}");
}

#[test]
fn an_exchange_that_is_not_kept_is_told_before_the_draft_that_is_not() {
    let mut driver = Driver::new(120, 36);
    type_create_user(&mut driver);
    driver.keys("<enter>");
    driver.state.notice = Some(Notice::error("The exchange is not kept."));
    driver.happen(Event::Told(Notice::warning("The draft is not kept.")));
    assert!(driver.screen().contains("The exchange is not kept."));
    driver.state.notice = None;
    driver.happen(Event::Told(Notice::warning("The draft is not kept.")));
    assert!(driver.screen().contains("The draft is not kept."));
}

#[test]
fn a_damaged_row_says_what_is_wrong_with_it() {
    let home = tempfile::tempdir().unwrap();
    let paths = posttui::store::Paths::within(home.path());
    let history = History::open(&paths).unwrap();
    let mut driver = Driver::start(120, 36, posttui::model::Session::default(), None, history);
    for _ in 0..2 {
        driver.keys("<alt-u><ctrl-u>:3000/orders<enter>");
        driver.answer(5, response(201, &[], "an answer"));
    }
    let database = paths.data.join("history.sqlite3");
    let database = rusqlite::Connection::open(database).unwrap();
    let sql = "DELETE FROM detail WHERE id = 1";
    database.execute_batch(sql).unwrap();
    driver.keys("<alt-6>/orders<enter>");
    let screen = driver.screen();
    assert!(screen.contains("● 201 #1 is damaged"), "{screen}");
    assert!(
        screen.contains("its request and its answer are gone"),
        "{screen}"
    );
    assert!(screen.contains("● 201 Created"), "{screen}");
    driver.keys("<end>");
    let screen = driver.screen();
    assert!(screen.contains("#1 cannot be shown"), "{screen}");
    driver.keys("r");
    let screen = driver.screen();
    assert!(screen.contains("Not sent: #1 cannot be read"), "{screen}");
    driver.keys("d");
    let screen = driver.screen();
    assert!(screen.contains("History 1"), "{screen}");
}
