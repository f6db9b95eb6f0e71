//! What is not kept, and that the screen says so; what can be typed into the filter, and where it is wrong.

use posttui::{
    app::message::Event,
    model::{Choices, Environment, Environments},
};

use crate::{
    assert_screen, created,
    driver::{Driver, response},
    type_create_user,
};

fn bank(options: Choices) -> Event {
    Event::Environments(Environments {
        all: vec![Environment {
            name: "bank".to_owned(),
            options,
            ..Environment::default()
        }],
        ..Environments::default()
    })
}

#[test]
fn an_environment_of_which_nothing_is_kept_is_marked_and_so_is_the_answer() {
    let mut driver = Driver::new(120, 36);
    type_create_user(&mut driver);
    driver.happen(bank(Choices::default().with("history", "off")));
    assert!(!driver.screen().contains("NOT KEPT"), "no environment yet");
    driver.keys("<f8><down><enter><f5>").answer(84, created());
    assert_screen!(driver, "unkept");
    let screen = driver.screen();
    assert!(screen.contains("NOT KEPT"), "{screen}");
    assert!(screen.contains("● 201 Created"), "{screen}");
    assert!(
        screen.contains("not kept: the option history is off"),
        "{screen}"
    );
    assert!(screen.contains("leaves no row here"), "{screen}");
    let all = driver.history.count(&posttui::search::Filter::default());
    assert_eq!(all.unwrap(), 0);
}

#[test]
fn a_host_that_is_never_kept_is_marked_while_it_is_typed() {
    let mut driver = Driver::new(120, 36);
    let hosts = Choices::default().with("history_never", "*.bank.example");
    driver.happen(bank(hosts));
    driver.keys("<f8><down><enter><alt-u><ctrl-u>https://api.bank.exampl");
    assert!(!driver.screen().contains("NOT KEPT"));
    driver.keys("e/pay");
    assert!(driver.screen().contains("NOT KEPT"), "{}", driver.screen());
    driver.keys("<enter>").answer(5, response(200, &[], ""));
    let screen = driver.screen();
    assert!(
        screen.contains("not kept: its host is never kept"),
        "{screen}"
    );
}

#[test]
fn the_request_itself_can_be_left_out_in_its_options() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<alt-9>");
    let mut rows = posttui::options::OPTIONS.iter();
    let steps = rows.position(|row| row.name == "history").unwrap();
    driver.keys(&"<down>".repeat(steps)).keys("<right><right>");
    let options = driver.state.builder.request().options;
    assert_eq!(options.get("history"), "off", "{}", driver.screen());
    assert!(driver.screen().contains("NOT KEPT"), "{}", driver.screen());
    driver.keys("<down>-<f5>");
    let screen = driver.screen();
    assert!(driver.sends.is_empty(), "{screen}");
    assert!(screen.contains("Not sent: type a host"), "{screen}");
}

#[test]
fn all_terms_are_explained_while_one_is_typed() {
    let mut driver = Driver::new(120, 36);
    type_create_user(&mut driver);
    driver.keys("<enter>").answer(84, created());
    driver.keys("<alt-6>/stat<f1>");
    assert_screen!(driver, "history_filter_help");
    driver.keys("<esc>us:2xx");
    assert_eq!(driver.state.history.filter.text(), "status:2xx");
}

#[test]
fn only_the_wrong_term_is_marked() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<alt-6>/one status:x two");
    let styled = driver.styled_screen(posttui::ui::theme::Theme::plain());
    let marked = styled.lines().filter(|line| line.contains("UNDERLINED"));
    let marked: Vec<&str> = marked.collect();
    assert_eq!(marked.len(), 1, "{styled}");
    assert!(marked[0].ends_with("status:x"), "{marked:?}");
}

#[test]
fn values_of_the_whole_history_are_offered_whatever_the_filter_shows() {
    let mut driver = Driver::new(120, 36);
    driver.keys("https://one.example/a<enter>");
    driver.answer(5, response(200, &[("content-type", "text/csv")], "a,b"));
    driver.keys("<alt-u><ctrl-u>https://two.example/b<enter>");
    driver.answer(5, response(200, &[], ""));
    driver.keys("<alt-6>/host:two.example host:o<tab>");
    assert_eq!(
        driver.state.history.filter.text(),
        "host:two.example host:one.example"
    );
    driver.keys("<ctrl-u>type:text/<tab> method:P<tab> rule:f<tab>");
    let typed = driver.state.history.filter.text().to_owned();
    assert_eq!(typed, "type:text/csv method:Post rule:fail");
}
