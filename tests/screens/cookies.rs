//! Path parameters and cookies by keys.

use posttui::model::RequestTab;

use crate::{assert_screen, driver::Driver, response};

fn set_by_login(driver: &mut Driver) {
    driver.keys(":7878/api/login<enter>");
    let url = url::Url::parse("http://localhost:7878/api/login").unwrap();
    for field in [
        "session=s3cret; Path=/; HttpOnly",
        "theme=dark; Path=/other; Secure; Expires=Wed, 21 Oct 2037 07:28:00 GMT",
    ] {
        let now = crate::driver::start_time();
        let jar = driver.jar(None);
        let change = posttui::cookies::take(jar, field.as_bytes(), &url, now).unwrap();
        jar.apply(change);
    }
    driver.answer(5, response(200, &[], "ok"));
    driver.keys("<f9><esc>");
}

#[test]
fn a_parameter_of_the_path_has_a_row_and_an_empty_one_keeps_the_request_back() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/users/:id/{tab}<enter>");
    assert!(driver.sends.is_empty());
    assert_eq!(driver.state.builder.tab, RequestTab::Path);
    assert_screen!(driver, "path_empty");
    driver.keys("a/b<tab>{{ \"x y\" }}<enter>");
    let (_, prepared, _) = driver.sends.values().next_back().unwrap();
    assert_eq!(prepared.url, "http://localhost:3000/users/a%2Fb/x%20y");
    driver.answer(5, response(200, &[], "ok"));
    driver.keys("<alt-u><end><backspace><backspace><backspace><backspace><backspace>:name<alt-p>");
    let rows = driver.state.builder.path.fields();
    assert_eq!(
        (rows[1].name.as_str(), rows[1].value.as_str()),
        ("name", "{{ \"x y\" }}")
    );
    driver.keys(&"<alt-z>".repeat(6));
    let rows = driver.state.builder.path.fields();
    assert_eq!(
        (rows[1].name.as_str(), rows[0].value.as_str()),
        ("tab", "a/b")
    );
    let saved = driver.saved.clone().unwrap();
    assert_eq!(saved.draft.path[0].value, "a/b");
}

#[test]
fn a_saved_request_brings_the_values_of_its_path_along() {
    let files = [
        ("posttui.toml", ""),
        ("me.toml", "url = ':3000/users/:id'\n\n[path]\nid = '5'\n"),
        ("bare.toml", "url = ':3000/users/:id'\n"),
    ];
    let mut driver = Driver::with_collection(120, 36, &files);
    driver.keys(":3000/x<alt-7>ty/me<enter><f5>");
    let (_, prepared, _) = driver.sends.values().next_back().unwrap();
    assert_eq!(prepared.url, "http://localhost:3000/users/5");
    assert!(driver.screen().contains("┬ me ─"), "{}", driver.screen());
    driver.answer(5, response(200, &[], "ok"));
    driver.keys("<alt-7>/bare<enter><f5>");
    assert!(driver.sends.is_empty());
    assert!(driver.screen().contains("the path parameter id is empty"));
}

#[test]
fn the_cookies_of_the_jar_are_shown_masked_and_sent() {
    let mut driver = Driver::new(120, 36);
    set_by_login(&mut driver);
    driver.keys("<alt-2>");
    let screen = driver.screen();
    assert!(
        screen.contains("session=‹redacted by posttui›   automatic"),
        "{screen}"
    );
    driver.keys("<f9>");
    assert_screen!(driver, "cookies");
    driver.keys("<enter>");
    assert_screen!(driver, "cookie_edited");
    driver.keys("<esc><esc><f5>");
    let (_, prepared, _) = driver.sends.values().next_back().unwrap();
    let cookie = posttui::model::find_header(&prepared.headers, "cookie").unwrap();
    assert_eq!(cookie.text(), "session=s3cret");
    driver.answer(5, response(200, &[], "ok"));
    driver.keys("<alt-5><left>");
    assert!(!driver.screen().contains("s3cret"), "{}", driver.screen());
}

#[test]
fn the_users_own_cookie_wins_and_a_switch_goes_without() {
    let mut driver = Driver::new(120, 36);
    set_by_login(&mut driver);
    driver.keys("<alt-2>Cookie<tab>mine=1");
    let screen = driver.screen();
    assert!(
        screen.contains("your row above takes the place"),
        "{screen}"
    );
    driver.keys("<ctrl-t>");
    assert!(driver.screen().contains("not sent: its row above is off"));
    driver.keys("<ctrl-x><f9><space><esc><f5>");
    let (request, prepared, _) = driver.sends.values().next_back().unwrap();
    assert_eq!(request.options.get("cookies"), "off");
    assert!(posttui::model::find_header(&prepared.headers, "cookie").is_none());
    driver.keys("<alt-z>");
    assert!(driver.state.uses_jar(), "undo takes the switch back");
}

#[test]
fn cookies_are_made_edited_deleted_and_cleared() {
    let mut driver = Driver::new(80, 24);
    set_by_login(&mut driver);
    driver.keys("<f9>n");
    driver.keys("a b<tab>1<enter>");
    assert!(driver.screen().contains("cannot hold the character U+0020"));
    driver.keys("<backspace><backspace>x<enter>");
    assert_eq!(driver.jar(None).cookies.len(), 3);
    assert_screen!(driver, "cookies_80x24");
    driver.keys("e<ctrl-u>2<enter>");
    let jar = driver.jar(None);
    assert!(
        jar.cookies
            .iter()
            .any(|it| it.name == "ax" && it.value.0 == "2")
    );
    driver.keys("d");
    assert_eq!(driver.jar(None).cookies.len(), 2);
    driver.keys("D");
    assert!(driver.screen().contains("Delete all 2 cookies"));
    driver.keys("y");
    assert!(driver.jar(None).cookies.is_empty());
    assert!(driver.screen().contains("None yet"));
}

#[test]
fn what_is_typed_in_a_window_is_taken_back_and_done_again() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<f9>nsid<tab>abc<tab><ctrl-u>h.test");
    driver.keys("<alt-z><alt-z>");
    assert!(!driver.screen().contains("h.test"));
    driver.keys("<alt-z><alt-z><alt-z>");
    assert!(!driver.screen().contains("abc"), "{}", driver.screen());
    driver.keys(&"<ctrl-y>".repeat(6));
    let screen = driver.screen();
    assert!(
        screen.contains("sid") && screen.contains("abc") && screen.contains("h.test"),
        "{screen}"
    );
    driver.keys("<esc><esc><esc><alt-1>name<alt-t> one");
    driver.keys("<alt-z>");
    assert_eq!(driver.state.builder.request().body.form[0].name, "name");
}

#[test]
fn a_cookie_that_no_browser_keeps_is_told_with_the_reason() {
    let mut driver = Driver::new(120, 36);
    driver.keys("https://api.co.uk/login<enter>");
    let fields = [
        ("set-cookie", "sid=1; Domain=co.uk"),
        ("set-cookie", "ok=1"),
    ];
    driver.answer(5, response(200, &fields, "ok"));
    driver.keys("<alt-5><right><right><right><right>");
    let screen = driver.screen();
    assert!(screen.contains("cookie refused"), "{screen}");
    assert!(screen.contains("it is for all of co.uk"), "{screen}");
}
