//! The kinds of body by keys: the list of kinds, multipart rows and files, JSON, GraphQL.

use posttui::{
    app::message::{Event, SendEvent},
    model::{BodyKind, Phase},
};

use crate::{
    assert_screen,
    builder::sent_body,
    driver::{Driver, response},
};

fn with_files() -> Driver {
    let mut driver = Driver::new(120, 36);
    for (path, size) in [
        ("/data/photos/sun.jpg", 2_345_678),
        ("/data/report.csv", 512),
        ("/data/notes.txt", 12),
        ("/data/.hidden", 1),
    ] {
        driver.files.insert(path.to_owned(), size);
    }
    driver
}

#[test]
fn the_kind_of_body_is_chosen_from_a_list() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<f6>");
    assert_screen!(driver, "body_kinds");
    driver.keys("<down><down><enter>");
    assert_eq!(driver.state.builder.body_kind, BodyKind::Multipart);
    driver.keys("<alt-1><up><space>none<enter>");
    assert_eq!(driver.state.builder.body_kind, BodyKind::None);
    driver.keys("<alt-z>");
    assert_eq!(driver.state.builder.body_kind, BodyKind::Multipart);
}

#[test]
fn texts_and_files_go_out_as_a_multipart_form() {
    let mut driver = with_files();
    driver.keys(":3000/x<f6>mult<enter>title<tab>Sunset<tab>photo<ctrl-f>");
    assert_screen!(driver, "file_picker");
    driver.keys("pho<enter>");
    assert!(driver.screen().contains("Choose a file in /data/photos"));
    driver.keys("<enter>");
    assert_screen!(driver, "multipart");
    driver.keys("<end><right><right>me.jpg<enter>");
    let (request, prepared, _) = driver.sends.values().next_back().unwrap();
    assert_eq!(request.body.multipart[1].part.file_name, "me.jpg");
    assert_eq!(prepared.body.files().count(), 1);
    let text = String::from_utf8(prepared.body.in_memory().to_vec()).unwrap();
    assert!(
        text.contains("filename=\"me.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\r\n--"),
        "{text}"
    );
    driver.answer(5, response(200, &[], "ok"));
    driver.keys("<alt-5><left>");
    assert_screen!(driver, "multipart_sent");
}

#[test]
fn a_file_that_is_not_there_is_marked_and_nothing_goes_out() {
    let mut driver = with_files();
    driver.keys(":3000/x<f6>mult<enter>a<tab>/data/none.png<ctrl-f><enter>");
    assert!(driver.sends.is_empty());
    assert_screen!(driver, "file_missing");
    driver.keys("<ctrl-u>/data/notes.txt<enter>");
    assert_eq!(driver.sends.len(), 1);
}

#[test]
fn a_row_that_is_a_file_becomes_a_text_again() {
    let mut driver = with_files();
    driver.keys(":3000/x<f6>mult<enter>a<tab>text<esc>f");
    assert!(driver.state.builder.multipart.rows()[0].is_file);
    driver.keys("f<enter>");
    let body = sent_body(&driver);
    assert!(body.contains("name=\"a\"\r\n\r\ntext\r\n"), "{body}");
}

#[test]
fn a_file_is_the_whole_body_and_its_type_is_guessed_or_given() {
    let mut driver = with_files();
    driver.keys(":3000/x<f6>file<enter><alt-o>rep<enter>");
    assert_screen!(driver, "file_body");
    driver.keys("<enter>");
    let prepared = &driver.sends.values().next_back().unwrap().1;
    assert_eq!(prepared.body.len(), 512);
    let kind = posttui::model::find_header(&prepared.headers, "content-type").unwrap();
    assert_eq!(kind.text(), "text/csv");
    driver.keys("<down>nonsense<enter>");
    assert_eq!(driver.sends.len(), 1);
    assert!(driver.screen().contains("! “nonsense” is no content type"));
}

#[test]
fn a_graphql_query_has_its_variables_below() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/graphql<f6>graphql<enter>query Q($id: Int) {<enter>  me(id: $id)<enter>}");
    driver.keys("<down>{\"id\": }<f5>");
    assert!(driver.sends.is_empty());
    assert_screen!(driver, "graphql_error");
    driver.keys("<left>1.0<f5>");
    assert_eq!(
        sent_body(&driver),
        r#"{"query":"query Q($id: Int) {\n  me(id: $id)\n}","variables":{"id": 1.0}}"#
    );
}

#[test]
fn a_text_has_its_content_type_above() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<f6>text<enter><<a/><home><up>application/xml<tab><f5>");
    assert_eq!(sent_body(&driver), "<a/>");
    let prepared = &driver.sends.values().next_back().unwrap().1;
    let kind = posttui::model::find_header(&prepared.headers, "content-type").unwrap();
    assert_eq!(kind.text(), "application/xml");
    assert_screen!(driver, "text_body");
}

#[test]
fn json_that_is_none_yet_says_where_and_is_sent_all_the_same() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<f6>json<enter>{<enter>  \"a\": 1,<enter>}");
    assert_screen!(driver, "json_error");
    driver.keys("<f5>");
    assert_eq!(sent_body(&driver), "{\n  \"a\": 1,\n}");
}

#[test]
fn a_form_becomes_json_and_back_and_loses_nothing() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<tab>a<tab>1<tab>b<tab>x<tab>a<tab>2<alt-j>");
    let json = driver.state.builder.request().body.json;
    assert_eq!(json, "{\n  \"a\": [\"1\", \"2\"],\n  \"b\": \"x\"\n}");
    driver.keys("<alt-j><enter>");
    assert_eq!(sent_body(&driver), "a=1&a=2&b=x");
    driver.keys("<f6>json<enter><backspace><backspace>, \"c\": {}}<alt-j>");
    assert_eq!(driver.state.builder.body_kind, BodyKind::Json);
    let screen = driver.screen();
    assert!(screen.contains("“c” holds an object"), "{screen}");
}

#[test]
fn the_same_multipart_form_in_flight_is_asked_about() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/x<f6>mult<enter>a<tab>1<enter><alt-1><enter>");
    assert_eq!(driver.sends.len(), 1);
    driver.keys("y");
    assert_eq!(driver.sends.len(), 2);
}

#[test]
fn an_upload_shows_how_far_it_is() {
    let mut driver = with_files();
    driver.keys(":3000/x<f6>file<enter>/data/photos/sun.jpg<enter>");
    let send = *driver.sends.keys().next().unwrap();
    let total = 2_345_678;
    driver.happen(Event::Send(send, SendEvent::Phase(Phase::Send)));
    driver.happen(Event::Send(send, SendEvent::Sent { bytes: 0, total }));
    driver.wait(1000);
    let bytes = 1_000_000;
    driver.happen(Event::Send(send, SendEvent::Sent { bytes, total }));
    assert_screen!(driver, "upload");
    driver.keys("<esc>");
    assert_eq!(driver.cancelled, [send]);
}
