//! The auth tab by keys: kinds, secrets, errors, the answer to a 401.

use posttui::{
    app::message::{Event, SendEvent},
    model::{Auth, Focus, REDACTED, RequestTab, Session},
    store::History,
};

use crate::{
    assert_screen,
    driver::{Driver, response},
};

fn sent_header(driver: &Driver, name: &str) -> Option<String> {
    let (_, prepared, _) = driver
        .sends
        .values()
        .next_back()
        .expect("something was sent");
    posttui::model::find_header(&prepared.headers, name).map(posttui::model::Header::text)
}

#[test]
fn a_kind_is_chosen_and_its_fields_are_typed() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<alt-8>");
    assert_screen!(driver, "auth_none");
    driver.keys("<space><tab>ann<tab>pass word");
    assert_screen!(driver, "auth_basic_secret_under_the_cursor");
    driver.keys("<up>");
    let screen = driver.screen();
    assert!(
        screen.contains("••••••••") && !screen.contains("pass word"),
        "{screen}"
    );
    driver.keys("<alt-v>");
    assert!(driver.screen().contains("pass word"));
    driver.keys("<alt-v><enter>");
    // “ann:pass word”
    let sent = sent_header(&driver, "authorization");
    assert_eq!(sent.as_deref(), Some("Basic YW5uOnBhc3Mgd29yZA=="));
}

#[test]
fn turning_the_kind_and_undo_lose_nothing() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<alt-8><right><down>ann<down>passwd<up><up><right><left>");
    let auth = driver.state.builder.request().auth;
    assert_eq!(
        auth,
        Auth::new("basic")
            .with("username", "ann")
            .with("password", "passwd")
    );
    driver.keys("<left>");
    assert!(driver.state.builder.request().auth.is_none());
    driver.keys("<alt-z>");
    assert_eq!(driver.state.builder.request().auth, auth);
    driver.keys("<up>");
    assert!(driver.state.builder.on_tabs);
    driver.keys("<down><tab><tab><tab>");
    assert_eq!(driver.state.focus, Focus::Response);
    driver.keys("<shift-tab>");
    assert_eq!(
        driver.state.builder.auth.settings.current().unwrap().name,
        "password"
    );
}

#[test]
fn what_is_missing_is_marked_and_nothing_goes_out() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<alt-8><left><left>");
    assert_eq!(driver.state.builder.request().auth.kind, "oauth2");
    driver.keys("<f5>");
    assert!(driver.sends.is_empty());
    assert_screen!(driver, "auth_oauth_field_missing");
    let mut small = Driver::new(80, 24);
    small.keys(":3000/x<alt-8><left><left><f5>");
    assert_screen!(small, "auth_oauth_field_missing_80x24");
}

#[test]
fn a_header_row_wins_and_the_tab_says_so() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<alt-2>Authorization<tab>mine<alt-8><right><right><down>token");
    assert!(
        driver
            .screen()
            .contains("the row Authorization of Headers wins")
    );
    driver.keys("<enter>");
    assert_eq!(
        sent_header(&driver, "authorization").as_deref(),
        Some("mine")
    );
}

#[test]
fn a_pasted_token_leaves_its_line_end_behind() {
    let mut driver = Driver::new(120, 36);
    driver
        .keys(":3000/x<alt-8><right><right><down>")
        .paste("s3cret\n");
    driver.keys("<enter>");
    assert_eq!(
        sent_header(&driver, "authorization").as_deref(),
        Some("Bearer s3cret")
    );
}

#[test]
fn one_step_answers_a_401_with_the_kind_that_it_asks_for() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<tab>a<tab>1<enter>");
    let challenge = "Negotiate, Digest realm=\"r\", nonce=\"n\"";
    driver.answer(5, response(401, &[("www-authenticate", challenge)], "no"));
    assert!(driver.screen().contains("fill in Digest"));
    driver.keys("<alt-n>");
    assert_eq!(driver.state.builder.tab, RequestTab::Auth);
    assert_eq!(driver.state.builder.request().auth.kind, "digest");
    assert_screen!(driver, "auth_after_401");
    driver.keys("ann<tab>s3cret<f5>");
    let (_, prepared, _) = driver.sends.values().next_back().unwrap();
    assert_eq!(prepared.credentials.later.as_ref().unwrap().kind, "digest");
}

#[test]
fn secrets_are_not_in_the_history_and_have_to_be_typed_again() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<tab>a<tab>1<alt-8><right><down>ann<down>s3cret<enter>");
    driver.answer(5, response(200, &[], "ok"));
    let history = driver.history.clone();
    let mut again = Driver::start(120, 36, Session::default(), None, history);
    again.keys("<alt-6><enter><alt-8>");
    assert_screen!(again, "auth_from_the_history");
    let auth = again.state.builder.request().auth;
    assert_eq!(
        (auth.field("username"), auth.field("password")),
        ("ann", REDACTED)
    );
    again.keys("<f5>");
    assert!(again.sends.is_empty());
    assert!(again.screen().contains("type it again"));
    again.keys("<ctrl-u>s3cret<enter>");
    assert_eq!(again.sends.len(), 1);
}

#[test]
fn what_was_sent_is_shown_without_its_secrets() {
    let mut driver = Driver::new(120, 36);
    driver.keys(
        ":3000/x<tab>a<tab>1<alt-8><right><right><right><down><right><down>key<down>s3cret<f5>",
    );
    driver.answer(5, response(200, &[], "ok"));
    driver.keys("<alt-5>");
    for _ in 0..6 {
        driver.keys("<right>");
        assert!(!driver.screen().contains("s3cret"), "{}", driver.screen());
    }
    driver.keys("<left>");
    assert!(
        driver.screen().contains(&format!("POST /x?key={REDACTED}")),
        "{}",
        driver.screen()
    );
    assert_eq!(driver.state.builder.request().auth.field("value"), "s3cret");
}

#[test]
fn a_login_in_the_browser_is_asked_for_and_its_address_can_be_copied() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<enter>");
    let send = *driver.sends.keys().next().unwrap();
    let url = "http://127.0.0.1:3000/authorize?client_id=posttui&state=abc".to_owned();
    driver.happen(Event::Send(send, SendEvent::Consent { url: url.clone() }));
    assert_eq!(driver.opened.as_ref(), Some(&url));
    assert_screen!(driver, "auth_login_wanted");
    driver.keys("<alt-5>y");
    assert_eq!(driver.copied.as_ref(), Some(&url));
}

#[test]
fn the_draft_keeps_its_auth_over_a_restart() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<alt-8><right><down>ann<down>s3cret");
    let session = driver.saved.clone().unwrap();
    let again = Driver::start(120, 36, session, None, History::in_memory().unwrap());
    assert_eq!(again.screen(), driver.screen());
    assert_eq!(
        again.state.builder.request().auth.field("password"),
        "s3cret"
    );
}

#[test]
fn the_preview_and_the_headers_hide_credentials_and_tell_what_comes_later() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<alt-8><right><down>ann<down>s3cret<alt-0>");
    let screen = driver.screen();
    assert!(
        screen.contains(&format!("authorization: Basic {REDACTED}")),
        "{screen}"
    );
    driver.keys("<alt-2>");
    // “ann:s3cret”
    for secret in ["s3cret", "YW5uOnMzY3JldA=="] {
        assert!(!driver.screen().contains(secret), "{}", driver.screen());
    }
    driver.keys("<alt-8><up><up><right><right><right><alt-0>");
    assert_screen!(driver, "auth_preview_digest");
}

#[test]
fn a_secret_is_saved_as_a_question_that_a_send_asks() {
    let mut driver = Driver::with_collection(120, 36, &[("posttui.toml", "")]);
    driver.keys(":3000/x<alt-8><right><down>ann<down>s3cret<f2><ctrl-u>login<enter>");
    let file = driver.home.path().join("api/login.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        text.contains("[auth]\nkind = \"basic\"\npassword = '{{ prompt(\"password\") }}'"),
        "{text}"
    );
    let belonging = driver.state.belonging().unwrap();
    assert!(
        !belonging.edited,
        "the typed password is no edit of the file"
    );
    assert!(
        driver.screen().contains("without the secrets"),
        "{}",
        driver.screen()
    );
    driver.keys("<f5>");
    // “ann:s3cret”
    let sent = sent_header(&driver, "authorization");
    assert_eq!(sent.as_deref(), Some("Basic YW5uOnMzY3JldA=="));
}
