//! Templates and environments by keys: choosing, editing, sending, and what is never shown.

use posttui::{
    app::message::Event,
    model::{Choices, Environment, Environments, Outcome, Overtaken, Variable},
    template::Need,
};

use crate::{assert_screen, driver::Driver, response};

const SECRET: &str = "hunter2-s3cret";

fn environments() -> Environments {
    let local = Environment {
        options: posttui::model::Choices::default(),
        name: "local".into(),
        extends: Some("base".into()),
        production: false,
        variables: vec![
            Variable::plain("base_url", "http://{{ host }}/api"),
            Variable::secret("token", SECRET),
        ],
    };
    let base = Environment {
        name: "base".into(),
        variables: vec![Variable::plain("host", "127.0.0.1:7878")],
        ..Environment::default()
    };
    let prod = Environment {
        name: "prod".into(),
        production: true,
        variables: vec![Variable::plain("base_url", "https://api.example.com")],
        ..Environment::default()
    };
    Environments {
        usual: posttui::model::Choices::default(),
        all: vec![base, local, prod],
        ..Environments::default()
    }
}

fn driver() -> Driver {
    let mut driver = Driver::new(120, 36);
    driver.happen(Event::Environments(environments()));
    driver
}

/// A driver with an environment chosen by keys.
fn driver_in(name: &str) -> Driver {
    let mut driver = driver();
    let down = match name {
        "base" => 1,
        "local" => 2,
        _ => 3,
    };
    driver.keys(&format!("<f8>{}<enter>", "<down>".repeat(down)));
    assert_eq!(driver.state.environment.as_deref(), Some(name));
    driver
}

fn sent(driver: &Driver) -> &posttui::model::PreparedRequest {
    let (_, prepared, _) = driver
        .sends
        .values()
        .next_back()
        .expect("something was sent");
    prepared
}

#[test]
fn an_environment_is_chosen_from_the_list_and_kept() {
    let mut driver = driver();
    driver.keys("<f8><down><down>");
    assert_screen!(driver, "environments");
    driver.keys("<enter>");
    assert!(
        driver
            .screen()
            .lines()
            .next()
            .unwrap()
            .ends_with("env local")
    );
    let kept = driver.saved.clone().unwrap();
    assert_eq!(kept.environment.as_deref(), Some("local"));
    let again = Driver::with_session(120, 36, kept);
    assert_eq!(again.state.environment.as_deref(), Some("local"));
}

#[test]
fn templates_show_what_they_become_and_secrets_are_dots() {
    let mut driver = driver_in("local");
    driver.keys("{{ base_url }}/users<tab>name<tab>{{ token }}");
    assert_screen!(driver, "templates");
    assert!(!driver.screen().contains(SECRET));
    driver.keys("<enter>");
    assert_eq!(sent(&driver).url, "http://127.0.0.1:7878/api/users");
    assert_eq!(sent(&driver).body.in_memory(), format!("name={SECRET}"));
    assert_eq!(driver.state.builder.url.text(), "{{ base_url }}/users");
}

#[test]
fn a_secret_is_masked_wherever_an_exchange_is_shown() {
    let mut driver = driver_in("local");
    driver.keys("{{ base_url }}/{{ token }}?t={{ token }}<tab>name<tab>{{ token | base64 }}");
    driver.keys("<alt-2>x-token<tab>{{ token }}<f5>");
    assert!(!driver.screen().contains(SECRET));
    let echo = [("x-echo", SECRET)];
    driver.answer(12, response(200, &echo, "ok"));
    driver.keys("<alt-5><left>");
    assert_screen!(driver, "sent_with_secret");
    for _ in 0..5 {
        let screen = driver.keys("<right>").screen();
        assert!(!screen.contains("hunter2"), "{screen}");
    }
    driver.keys("<alt-6><enter>");
    assert!(driver.state.builder.url.text().contains("{{ token }}"));
    let rows = driver.state.builder.headers.fields();
    assert_eq!(rows[0].value, "{{ token }}", "it can be sent again");
}

#[test]
fn a_bearer_token_from_a_template_can_be_sent_again_from_the_history() {
    let mut driver = driver_in("local");
    driver.keys("{{ base_url }}<alt-2>authorization<tab>Bearer {{ token }}<enter>");
    driver.answer(12, response(200, &[], "ok"));
    driver.keys("<ctrl-n>x<alt-6><enter><f5>");
    let headers = &sent(&driver).headers;
    let value = posttui::model::find_header(headers, "authorization").unwrap();
    assert_eq!(value.text(), format!("Bearer {SECRET}"));
}

#[test]
fn what_cannot_be_sent_again_is_told_of_the_exchange_and_the_draft_is_not_marked() {
    let mut driver = driver_in("local");
    driver.keys("{{ base_url }}<alt-2>authorization<tab>Bearer {{ token }}<enter>");
    driver.answer(12, response(200, &[], "ok"));
    driver.state.environment = None;
    driver.keys("<ctrl-n>:3000/draft<tab>a<tab>1<alt-6><down>r");
    let screen = driver.screen();
    for words in ["Not sent: #1", "base_url", "token", "environment local"] {
        assert!(screen.contains(words), "{words}:\n{screen}");
    }
    assert_eq!(driver.state.builder.problem, None);
    assert_eq!(
        driver.state.builder.url.text(),
        "http://localhost:3000/draft"
    );
}

#[test]
fn an_undefined_name_is_marked_at_its_field_and_nothing_is_sent() {
    let mut driver = driver_in("local");
    driver.keys("{{ base_url }}<tab>a<tab>1<tab>b<tab>x {{ hots }}<alt-4><f5>");
    assert!(driver.sends.is_empty());
    assert_screen!(driver, "undefined_name");
    driver.keys("<delete><delete><delete>");
    assert!(
        driver.screen().contains("x {{ s }}"),
        "the cursor is at the name"
    );
}

#[test]
fn an_undefined_name_in_a_body_and_in_the_url_are_found_too() {
    let mut driver = driver();
    driver.keys(":3000/x<f6>json<enter>{\"a\": 1,<enter>\"b\": {{ nope }}}<f5>");
    assert!(driver.sends.is_empty());
    let screen = driver.screen();
    assert!(
        screen.contains("! undefined: nope (no environment is chosen) (line 2, column 9)"),
        "{screen}"
    );
    driver.keys("<alt-u><ctrl-u>{{ nowhere }}<enter>");
    assert!(driver.screen().contains("Not sent: undefined: nowhere"));
}

#[test]
fn the_preview_shows_what_is_filled_in_at_the_send_in_its_place() {
    let mut driver = driver_in("local");
    driver.keys("{{ base_url }}/x<tab>a<tab>{{ host }}<tab>b<tab>{{ uuid() }}<alt-w>");
    driver.resize(200, 60);
    let screen = driver.screen();
    for part in [
        "to http://127.0.0.1:7878",
        "body size not known before the send",
        "filled in when it is sent: ‹uuid()›",
        "POST /api/x HTTP/1.1",
        "content-length: ‹known when it is sent›",
        "a=127.0.0.1%3A7878&b=‹uuid()›",
        "--data-raw 'a=127.0.0.1%3A7878&b=‹uuid()›'",
    ] {
        assert!(screen.contains(part), "{part} is missing in\n{screen}");
    }
}

#[test]
fn the_preview_tells_of_an_undefined_name_at_its_row() {
    let mut driver = driver_in("local");
    driver.keys("{{ base_url }}/x<tab>a<tab>{{ uuid() }}<tab>b<tab>{{ hots }}<alt-w>");
    driver.resize(200, 60);
    let screen = driver.screen();
    assert!(
        screen.contains("In row 2 of the body: undefined: hots"),
        "{screen}"
    );
}

#[test]
fn what_was_undefined_is_not_marked_any_more_when_an_environment_is_chosen() {
    let mut driver = driver();
    driver.keys(":3000/x<tab>a<tab>{{ host }}<f5>");
    assert!(driver.screen().contains("! undefined: host"));
    driver.keys("<f8><down><enter>");
    assert!(!driver.screen().contains("! undefined"));
}

#[test]
fn a_send_that_goes_out_takes_the_marks_away() {
    let mut driver = driver();
    driver.keys(":3000/x<tab>a<tab>{{ file(\"gone\") }}<f5>");
    assert!(
        driver.screen().contains("! file(): it is not there"),
        "{}",
        driver.screen()
    );
    driver.world.insert(Need::File("gone".into()), "ann".into());
    driver.keys("<f5>");
    assert_eq!(sent(&driver).body.in_memory(), "a=ann");
    assert!(
        !driver.screen().contains("it is not there"),
        "{}",
        driver.screen()
    );
}

#[test]
fn what_went_to_production_is_asked_about_when_it_is_sent_again() {
    let mut driver = driver_in("prod");
    driver.keys("{{ base_url }}/users<enter>y");
    driver.finish(3, Vec::new(), Outcome::Response(response(200, &[], "")));
    driver.state.environment = None;
    driver.keys("<alt-6><down>r");
    let screen = driver.screen();
    assert!(
        screen.contains("“prod” is PRODUCTION. Send this POST?"),
        "{screen}"
    );
    driver.keys("n");
    assert_eq!(driver.state.sends.count(), 0);
}

#[test]
fn what_extends_production_is_production_in_the_list_too() {
    let mut driver = Driver::new(120, 36);
    let mut environments = environments();
    environments.all.push(Environment {
        name: "shadow".into(),
        extends: Some("prod".into()),
        ..Environment::default()
    });
    driver.happen(Event::Environments(environments));
    driver.keys("<f8>");
    let screen = driver.screen();
    let row = screen.lines().find(|line| line.contains("shadow"));
    assert!(
        row.is_some_and(|row| row.contains("PRODUCTION")),
        "{screen}"
    );
}

#[test]
fn production_is_said_in_words_and_asks_before_it_changes_anything() {
    let mut driver = driver_in("prod");
    driver.keys("{{ base_url }}/users<enter>");
    assert!(driver.sends.is_empty());
    assert_screen!(driver, "production");
    driver.keys("n");
    assert!(driver.sends.is_empty());
    driver.keys("<enter>y");
    assert_eq!(sent(&driver).method, "POST");
    driver.finish(3, Vec::new(), Outcome::Response(response(200, &[], "")));
    driver.keys("<f4>get<enter><f5>");
    assert_eq!(sent(&driver).method, "GET", "what is safe goes out at once");
}

#[test]
fn a_prompt_is_asked_before_the_send_and_its_answer_is_secret() {
    let mut driver = driver();
    driver.keys(":3000/x<tab>code<tab>{{ prompt(\"one-time code\") }}<enter>");
    driver.keys("123456");
    assert_screen!(driver, "prompt");
    driver.keys("<esc>");
    assert!(driver.sends.is_empty());
    driver.keys("<enter>654321<enter>");
    assert_eq!(sent(&driver).body.in_memory(), "code=654321");
    driver.answer(3, response(200, &[], "ok"));
    driver.keys("<alt-5><left>");
    let screen = driver.screen();
    assert!(screen.contains("‹secret one_time_code›"), "{screen}");
    assert!(!screen.contains("654321"));
}

#[test]
fn the_world_is_asked_and_what_it_lacks_is_told() {
    let mut driver = driver();
    driver.world.insert(Need::Env("WHO".into()), "ann".into());
    driver.keys(":3000/x<tab>a<tab>{{ env(\"WHO\") }}<enter>");
    assert_eq!(sent(&driver).body.in_memory(), "a=ann");
    driver.keys("<ctrl-w><ctrl-u>{{ file(\"gone\") }}<f5>");
    assert_eq!(driver.sends.len(), 1);
    assert!(driver.screen().contains("file(): it is not there"));
}

#[test]
fn an_environment_is_edited_and_a_new_one_made() {
    let mut driver = driver();
    driver.keys("<f8><down><down>e<down><down>user<tab>ann");
    assert_screen!(driver, "environment_edited");
    driver.keys("<enter>");
    let kept = &driver.kept.last().unwrap().environment;
    assert_eq!(kept.variables[2], Variable::plain("user", "ann"));
    assert_eq!(kept.variables[1], Variable::secret("token", SECRET));
    driver.keys("nstaging<tab>local<tab><space><tab>token<tab>abc<ctrl-t><enter>");
    let kept = &driver.kept.last().unwrap().environment;
    assert_eq!((kept.name.as_str(), kept.production), ("staging", true));
    assert_eq!(kept.extends.as_deref(), Some("local"));
    assert_eq!(kept.variables, [Variable::secret("token", "abc")]);
    driver.keys("<enter>");
    assert_eq!(driver.state.environment.as_deref(), Some("staging"));
}

#[test]
fn what_is_wrong_in_an_environment_is_marked_and_what_was_typed_is_not_lost() {
    let mut driver = driver();
    driver.keys("<f8>na/b<enter>");
    assert_screen!(driver, "environment_problem");
    driver.keys("<esc>");
    assert!(driver.screen().contains("Esc once more"));
    driver.keys("<backspace><backspace>c<enter>");
    assert_eq!(driver.kept.last().unwrap().environment.name, "ac");
    let save = Box::new(driver.kept.pop().unwrap());
    driver.happen(Event::EnvironmentUnsaved {
        save,
        reason: "the disk is full".into(),
    });
    assert!(driver.screen().contains("the disk is full"));
    driver.keys("<enter>");
    assert_eq!(driver.kept.len(), 1, "it is tried again");
}

#[test]
fn an_environment_that_is_gone_keeps_the_request_back() {
    let mut driver = driver_in("local");
    driver.happen(Event::Environments(Environments::default()));
    driver.keys(":3000/x<enter>");
    assert!(driver.sends.is_empty());
    assert!(driver.screen().contains("there is no environment “local”"));
}

#[test]
fn it_fits_on_a_small_screen() {
    let mut driver = driver_in("prod");
    driver.resize(80, 24);
    driver.keys("{{ base_url }}/users");
    assert_screen!(driver, "production_80x24");
    driver.keys("<f8>e");
    assert_screen!(driver, "environment_80x24");
}

#[test]
fn an_environment_is_renamed_duplicated_and_deleted() {
    let mut driver = driver_in("base");
    driver.keys("<f8>r");
    driver.keys("<ctrl-u>lo/cal<enter>");
    assert!(driver.screen().contains("it becomes a file's name"));
    driver.keys("<ctrl-u>local<enter>");
    assert!(
        driver
            .screen()
            .contains("there is an environment “local” already")
    );
    driver.keys("<ctrl-u>common<enter>");
    assert_eq!(driver.renamed, [("base".to_owned(), "common".to_owned())]);
    assert_eq!(driver.state.environment.as_deref(), Some("common"));
    let local = driver.state.environments.get("local").unwrap();
    assert_eq!(local.extends.as_deref(), Some("common"));
    driver.keys("d");
    assert!(driver.screen().contains("“common” stays: local extends it"));
    driver.keys("<down>c");
    assert!(driver.screen().contains("local-copy"));
    driver.keys("<enter>");
    let kept = &driver.kept.last().unwrap().environment;
    assert_eq!(
        (kept.name.as_str(), kept.variables.len()),
        ("local-copy", 2)
    );
    assert_eq!(kept.variables[1].value.0, SECRET);
    driver.keys("d");
    assert_screen!(driver, "environment_delete");
    driver.keys("y");
    assert_eq!(driver.deleted, ["local-copy"]);
    assert!(driver.state.environments.get("local-copy").is_none());
}

#[test]
fn what_was_changed_outside_is_asked_about_before_it_is_written_over() {
    let mut driver = driver();
    driver.keys("<f8><down><down>e<down><down>user<tab>ann<enter>");
    let save = driver.kept.pop().unwrap();
    assert_eq!(save.loaded.as_ref(), environments().get("local"));
    let mut outside = environments();
    outside.all[1].variables[0].value = "theirs".into();
    let now = outside.get("local").cloned();
    let overtaken = Overtaken::Environment {
        save: Box::new(save),
        now,
    };
    driver.happen(Event::Environments(outside));
    driver.happen(Event::Overtaken(Box::new(overtaken.clone())));
    assert_screen!(driver, "environment_overtaken");
    driver.keys("n");
    let screen = driver.screen();
    assert!(
        screen.contains("user") && screen.contains("ann"),
        "{screen}"
    );
    assert!(driver.kept.is_empty());
    driver.happen(Event::Overtaken(Box::new(overtaken)));
    driver.keys("y");
    let save = driver.kept.pop().unwrap();
    assert_eq!(save.environment.variables.len(), 3);
    assert_eq!(save.loaded.unwrap().variables[0].value.0, "theirs");
}

#[test]
fn options_that_were_changed_outside_are_asked_about() {
    let mut driver = driver();
    driver.keys("<f7>7<enter>");
    let save = driver.kept_usual.take().unwrap();
    let now = Choices::default().with("retry", "5");
    let overtaken = Overtaken::Usual {
        save,
        now: now.clone(),
    };
    driver.happen(Event::Overtaken(Box::new(overtaken.clone())));
    let screen = driver.screen();
    assert!(screen.contains("were changed outside"), "{screen}");
    driver.keys("<esc><enter>");
    assert_eq!(driver.kept_usual.take().unwrap().loaded, Choices::default());
    driver.happen(Event::Overtaken(Box::new(overtaken)));
    driver.keys("y");
    assert_eq!(driver.kept_usual.unwrap().loaded, now);
}
