//! Requests from other programs and for them: curl, rows as text, the user's own editor, pastes, the
//! preview.

use posttui::{
    app::{Popup, effect::EditTarget, message::Event},
    model::{BodyKind, BodySpot, Cell, Field, RequestTab},
};

use crate::{assert_screen, created, driver::Driver, type_create_user};

const CURL: &str = "curl -X POST 'http://127.0.0.1:7878/api/create_user' \\\n  -H 'X-Trace: 7' \\\n  -d 'username=john_doe' -d 'email=john%40example.com' --netrc -s | jq .\n";

fn form(driver: &Driver) -> Vec<(bool, String, String)> {
    let request = driver.state.builder.request();
    let rows = request.body.form.into_iter();
    rows.map(|row| (row.enabled, row.name, row.value)).collect()
}

fn row(name: &str, value: &str) -> (bool, String, String) {
    (true, name.to_owned(), value.to_owned())
}

fn notice(driver: &Driver) -> &str {
    driver
        .state
        .notice
        .as_ref()
        .map_or("", |notice| notice.text.as_str())
}

#[test]
fn a_curl_command_pasted_into_the_url_fills_the_builder() {
    let mut driver = Driver::new(120, 36);
    driver.keys("before").paste(&CURL.replace('\n', "\r"));
    assert_screen!(driver, "curl_pasted");
    assert!(driver.sends.is_empty());
    driver.keys("<esc>");
    let request = driver.state.builder.request();
    assert_eq!(request.url, "http://127.0.0.1:7878/api/create_user");
    assert_eq!(request.headers, [Field::new("X-Trace", "7")]);
    assert_eq!(
        form(&driver),
        [
            row("username", "john_doe"),
            row("email", "john@example.com")
        ]
    );
    driver.keys("<alt-z>");
    assert_eq!(driver.state.builder.url.text(), "before");
    driver.keys("<alt-Z>");
    assert_eq!(form(&driver).len(), 2);
}

#[test]
fn a_curl_command_that_cannot_be_read_stays_where_it_can_be_mended() {
    let mut driver = Driver::new(120, 36);
    driver.paste("curl http://h/ --frob");
    assert!(notice(&driver).contains("--frob"), "{}", notice(&driver));
    assert_eq!(driver.state.builder.url.text(), "curl http://h/ --frob");
    driver.keys("<enter>");
    assert!(driver.sends.is_empty());
    assert!(driver.screen().contains("Not sent"), "{}", driver.screen());
    let taken: String = "<backspace>".repeat(" --frob".len());
    driver.keys(&taken).keys("<enter>");
    assert_eq!(driver.state.builder.url.text(), "http://h/");
    assert!(driver.sends.is_empty(), "it is read, not sent");
}

#[test]
fn the_draft_and_an_exchange_are_copied_as_curl() {
    let mut driver = Driver::new(120, 36);
    type_create_user(&mut driver);
    driver.keys("<alt-c>");
    let draft = driver.copied.take().unwrap();
    assert_eq!(
        draft,
        "curl http://localhost:3000/api/create_user \\\n  --data-raw 'username=john_doe&email=john%40example.com' \\\n  --location"
    );
    driver.keys("<enter>").answer(84, created());
    driver.keys("<ctrl-n>:9/other<alt-6><down>Y");
    assert_eq!(driver.copied.as_deref(), Some(draft.as_str()));
    driver.keys("<alt-u><alt-c>");
    assert!(
        driver
            .copied
            .as_deref()
            .unwrap()
            .starts_with("curl http://localhost:9/other")
    );
}

#[test]
fn what_cannot_be_sent_is_not_copied() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<alt-c>");
    assert_eq!(driver.copied, None);
    assert!(
        notice(&driver).contains("URL is empty"),
        "{}",
        notice(&driver)
    );
}

#[test]
fn rows_are_edited_as_one_text() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<tab>a<tab>1<tab>b<tab>2<alt-t>");
    driver.keys("# off=x=y<enter>note=two\\nlines");
    assert_screen!(driver, "rows_as_text");
    let rows = [
        row("a", "1"),
        row("b", "2"),
        (false, "off".to_owned(), "x=y".to_owned()),
        row("note", "two\nlines"),
    ];
    assert_eq!(
        form(&driver),
        rows,
        "it is in the draft before it is closed"
    );
    assert_eq!(driver.saved.as_ref().unwrap().draft.body.form.len(), 4);
    driver.keys("<esc>");
    assert!(driver.state.popup.is_none());
    driver.keys("<alt-z>");
    assert_eq!(form(&driver), [row("a", "1"), row("b", "2")]);
    driver.keys("<alt-Z>");
    assert_eq!(form(&driver), rows);
    driver.keys("<alt-t><ctrl-u><backspace><ctrl-u><ctrl-c>");
    assert_eq!(form(&driver), rows, "discarding brings them back");
}

#[test]
fn a_paste_into_the_rows_as_text_keeps_its_lines() {
    let mut driver = Driver::new(120, 36);
    driver
        .keys("<alt-3><alt-t>")
        .paste("a=1\nb=2\n")
        .keys("<esc>");
    assert_eq!(driver.state.builder.request().query.len(), 2);
}

#[test]
fn rows_are_edited_in_the_users_own_editor() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<tab>a<tab>1<alt-e>");
    let job = driver.edited_outside.take().unwrap();
    assert_eq!((job.target, job.text.as_str()), (EditTarget::Rows, "a=1\n"));
    let text = Ok("a=2\n# b=3\n".to_owned());
    driver.happen(Event::Edited {
        target: job.target,
        text,
    });
    assert_eq!(
        form(&driver),
        [row("a", "2"), (false, "b".to_owned(), "3".to_owned())]
    );
    driver.keys("<alt-z>");
    assert_eq!(form(&driver), [row("a", "1")]);
    let target = EditTarget::Rows;
    let text = Err("vi ended with exit status: 1".to_owned());
    driver.happen(Event::Edited { target, text });
    assert!(
        notice(&driver).contains("Nothing was changed: vi ended"),
        "{}",
        notice(&driver)
    );
    assert_eq!(form(&driver), [row("a", "1")]);
}

#[test]
fn a_json_body_and_the_rows_as_text_go_to_the_editor_too() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<tab><alt-t>a=1<alt-e>");
    let job = driver.edited_outside.take().unwrap();
    assert_eq!((job.target, job.text.as_str()), (EditTarget::Popup, "a=1"));
    let text = Ok("b=2".to_owned());
    driver.happen(Event::Edited {
        target: job.target,
        text,
    });
    assert!(matches!(driver.state.popup, Some(Popup::Rows(_))));
    assert_eq!(form(&driver), [row("b", "2")]);
    driver.state.builder.body_kind = BodyKind::Json;
    driver.keys("<esc>{}<alt-e>");
    let job = driver.edited_outside.take().unwrap();
    assert_eq!(
        (job.target, job.extension),
        (EditTarget::BodyText(BodySpot::Json), "json")
    );
    let text = Ok("{\"a\": 1}".to_owned());
    driver.happen(Event::Edited {
        target: job.target,
        text,
    });
    assert_eq!(
        driver.state.builder.texts.get(BodySpot::Json).text(),
        "{\"a\": 1}"
    );
}

#[test]
fn what_people_copy_becomes_rows() {
    for (text, form_name, rows) in [
        (
            "{\"a\": \"b\", \"n\": 1.0}",
            "a JSON object",
            &[("a", "b"), ("n", "1.0")][..],
        ),
        (
            "data={'a': 'b', 'n': 1}",
            "a Python dictionary",
            &[("a", "b"), ("n", "1")],
        ),
        ("a=b&n=1%20", "a query string", &[("a", "b"), ("n", "1 ")]),
        (
            "a: b\nn=1\n",
            "lines of name and value",
            &[("a", "b"), ("n", "1")],
        ),
    ] {
        let mut driver = Driver::new(120, 36);
        driver.keys(":3000/x<tab>").paste(text);
        let expected: Vec<_> = rows.iter().map(|(name, value)| row(name, value)).collect();
        assert_eq!(form(&driver), expected, "{text}");
        assert!(notice(&driver).contains(form_name), "{}", notice(&driver));
        driver.keys("after<alt-z>");
        assert_eq!(
            form(&driver),
            expected,
            "typing after it is a step of its own"
        );
        driver.keys("<alt-z>");
        assert_eq!(form(&driver), [], "one undo takes all of them back");
    }
}

#[test]
fn pasted_rows_come_below_the_chosen_one_and_values_stay_texts() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<tab>a<tab>1<tab>z<tab>26<up><esc>");
    driver.paste("{'b': 2, 'c': None}");
    assert_screen!(driver, "pasted_rows");
    assert_eq!(
        form(&driver),
        [
            row("a", "1"),
            row("b", "2"),
            (false, "c".to_owned(), String::new()),
            row("z", "26")
        ]
    );
    let json = "{\"a\": 1}";
    let mut driver = Driver::new(120, 36);
    driver.keys("<tab>payload<tab>").paste(json);
    assert_eq!(form(&driver), [row("payload", json)]);
    driver.keys("<tab>").paste("two\nlines");
    assert_eq!(form(&driver)[1], row("two\nlines", ""));
}

#[test]
fn the_preview_is_what_goes_out_and_is_live() {
    let mut driver = Driver::new(120, 36);
    type_create_user(&mut driver);
    driver.keys("<alt-2>Accept<tab>text/csv<tab>User-Agent<ctrl-t><alt-0>");
    assert_screen!(driver, "preview");
    driver.keys("y");
    let copied = driver.copied.take().unwrap();
    driver.keys("<f5>");
    let (_, prepared, _) = driver.sends.values().next_back().unwrap();
    assert_eq!(
        copied,
        posttui::prepare::request_head(prepared) + "username=john_doe&email=john%40example.com"
    );
    driver.answer(84, created());
    driver.keys("<ctrl-n><alt-0>");
    assert!(
        driver
            .screen()
            .contains("Cannot be sent as it is. In the URL"),
        "{}",
        driver.screen()
    );
    driver.keys("<f4>put<enter>").keys("<alt-u>:9/y<alt-0>");
    assert!(
        driver.screen().contains("PUT /y HTTP/1.1"),
        "{}",
        driver.screen()
    );
    driver.keys("<up>");
    assert!(driver.state.builder.on_tabs);
    // Looking at an exchange, it is what was sent.
    driver.keys("<alt-6><down>");
    assert!(
        driver.screen().contains("POST /api/create_user HTTP/1.1"),
        "{}",
        driver.screen()
    );
}

#[test]
fn the_headers_tab_shows_what_goes_out_by_itself() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<alt-2>X-A<tab>1<tab>User-Agent<ctrl-t><down>");
    assert_screen!(driver, "automatic_headers");
}

#[test]
fn a_header_is_completed_at_the_end_of_its_text() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<alt-2>content-t");
    assert_screen!(driver, "header_suggestion");
    driver.keys("<right><right>appl<right>");
    let request = driver.state.builder.request();
    assert_eq!(
        request.headers,
        [Field::new("content-type", "application/json")]
    );
    assert_eq!(driver.state.builder.tab_place(), Some((0, Cell::Value)));
    assert_eq!(driver.state.builder.tab, RequestTab::Headers);
}

/// What is hidden on the screen is as long as what goes out.
#[test]
fn the_preview_tells_how_long_a_secret_body_is() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<tab>password<tab>abc<alt-0>");
    let screen = driver.screen();
    assert!(screen.contains("body 12 B"), "{screen}");
    assert!(!screen.contains("abc"), "{screen}");
}
