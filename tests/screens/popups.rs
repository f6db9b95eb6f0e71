//! What lies over the zones: help, palette, methods, questions.

use crate::{assert_screen, driver::Driver};

#[test]
fn the_help_names_every_command_with_its_keys() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<f1>");
    assert_screen!(driver, "help");
    let mut seen = driver.screen();
    let mut last = String::new();
    while last != driver.screen() {
        last = driver.screen();
        driver.keys("<pagedown>");
        seen.push_str(&driver.screen());
    }
    for command in posttui::app::command::all() {
        let start: String = command.help.chars().take(40).collect();
        assert!(seen.contains(&start), "{} is not in the help", command.name);
    }
}

#[test]
fn the_palette_finds_a_command_by_its_words_and_runs_it() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<ctrl-p>rules");
    assert_screen!(driver, "palette");
    driver.keys("<enter>");
    assert_eq!(driver.state.builder.tab, posttui::model::RequestTab::Rules);
}

#[test]
fn the_palette_finds_commands_of_other_zones_and_goes_there_to_run_them() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<ctrl-p>by-day");
    let screen = driver.screen();
    assert!(screen.contains("by-day"), "{screen}");
    assert!(screen.contains("In the history: "), "{screen}");
    driver.keys("<enter>");
    assert_eq!(driver.state.focus, posttui::model::Focus::History);
    assert!(driver.state.history.is_by_day());
    for name in ["compare", "timeline", "since-worked", "note", "mark"] {
        driver.keys(&format!("<alt-1><ctrl-p>{name}"));
        let screen = driver.screen();
        assert!(!screen.contains("No command has"), "{name}: {screen}");
        driver.keys("<esc>");
    }
}

#[test]
fn an_empty_request_opens_on_its_fields() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<ctrl-p>headers<enter>");
    assert_eq!(
        driver.state.builder.tab,
        posttui::model::RequestTab::Headers
    );
    driver.keys("<ctrl-n>:9/x<tab>username");
    assert_eq!(driver.state.builder.request().body.form[0].name, "username");
}

#[test]
fn any_method_is_one_key_away() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<f4>");
    assert_screen!(driver, "methods");
    driver.keys("put<enter>");
    assert_eq!(driver.state.builder.method, "PUT");
    driver.keys("<f4>FROBNICATE<enter>");
    assert_eq!(driver.state.builder.method, "FROBNICATE");
}

#[test]
fn quitting_with_a_send_in_flight_asks() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/hang<enter><ctrl-c>");
    assert!(!driver.quit);
    assert!(driver.screen().contains("One send is in flight"));
    driver.keys("y");
    assert!(driver.quit);
}

#[test]
fn ctrl_c_quits_and_ctrl_z_stops() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<ctrl-z>");
    assert!(driver.suspended && !driver.quit);
    driver.keys("<ctrl-c>");
    assert!(driver.quit);
}

#[test]
fn edits_of_a_filter_are_taken_back_without_touching_the_draft() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/draft<alt-6>/sta<ctrl-u>");
    assert_eq!(driver.state.history.filter.text(), "");
    driver.keys("<alt-z>");
    assert_eq!(driver.state.history.filter.text(), "sta");
    driver.keys("<alt-z><alt-z>");
    assert_eq!(driver.state.history.filter.text(), "");
    driver.keys("<alt-Z>");
    assert_eq!(driver.state.history.filter.text(), "sta");
    assert_eq!(
        driver.state.builder.url.text(),
        "http://localhost:3000/draft"
    );
}
