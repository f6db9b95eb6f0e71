//! What is written reads back the same, and an edit touches nothing else.

use proptest::prelude::*;

use super::*;
use crate::{
    model::{Auth, Body, BodyKind, Choices, Field, FileBody, GraphQl, Part, Request},
    options::OPTIONS,
};

/// The saved request that the documentation shows, with comments in every place.
const SAMPLE: &str = r#"# Creates a user.
method = "POST" # always
url = "localhost:3000/api/create_user"

# What the user is.
[form]
username = "john_doe"
# where to write to
email = "john@example.com"   # checked by hand
tags = ["a", "b"]                                   # one name twice
debug = { value = "1", enabled = false }            # a row switched off
age = 042.5

# The answers.
[on]
201 = "User created successfully."
400-499 = "Refused."
else = "An error occurred."
# the end
"#;

fn sample() -> Request {
    let off = Field {
        enabled: false,
        ..Field::new("debug", "1")
    };
    Request {
        url: "localhost:3000/api/create_user".to_owned(),
        body: Body {
            form: vec![
                Field::new("username", "john_doe"),
                Field::new("email", "john@example.com"),
                Field::new("tags", "a"),
                Field::new("tags", "b"),
                off,
                Field::new("age", "42.5"),
            ],
            ..Body::default()
        },
        rules: vec![
            Field::new("201", "User created successfully."),
            Field::new("400-499", "Refused."),
            Field::new("else", "An error occurred."),
        ],
        ..Request::default()
    }
}

fn sample_text() -> String {
    SAMPLE.replace("042.5", "42.5")
}

fn edited(change: impl FnOnce(&mut Request)) -> String {
    let mut request = sample();
    change(&mut request);
    let text = write(&request, Some(&sample_text())).unwrap();
    assert_eq!(read(&text).unwrap().request, request);
    text
}

#[test]
fn the_sample_is_read_and_left_alone_when_nothing_changed() {
    let back = read(&sample_text()).unwrap();
    assert_eq!((back.request, back.unknown), (sample(), vec![]));
    assert_eq!(edited(|_| {}), sample_text());
}

#[test]
fn an_edit_keeps_comments_and_order() {
    let text = edited(|request| {
        request.url = "localhost:3000/v2".to_owned();
        request.body.form[1].value = "jane@example.com".to_owned();
        request.body.form[3].value = "c".to_owned();
        request.body.form[4].enabled = true;
        request.rules[2].value = "Broken.".to_owned();
    });
    let expected = sample_text()
        .replace("/api/create_user", "/v2")
        .replace("john@", "jane@")
        .replace("\"b\"]", "\"c\"]")
        .replace("{ value = \"1\", enabled = false }", "\"1\"")
        .replace("An error occurred.", "Broken.");
    assert_eq!(text, expected);
}

#[test]
fn rows_take_their_comments_along() {
    let text = edited(|request| {
        request.body.form.swap(0, 1);
        request.body.form[0].name = "mail".to_owned();
        request.body.form.remove(2);
    });
    assert!(
        text.contains(
            "[form]\n# where to write to\nmail = \"john@example.com\"   # checked by hand\nusername"
        ),
        "{text}"
    );
    assert!(text.contains("tags = \"b\""), "{text}");
    assert!(text.contains("# The answers.\n[on]"), "{text}");
}

#[test]
fn a_new_file_reads_like_one_written_by_hand() {
    let mut request = sample();
    request.options.set("timeout", "2.5");
    request.headers = vec![Field::new("X-Trace", "1"), Field::new("a.b", "\"q\"")];
    assert_eq!(
        write(&request, None).unwrap(),
        r#"method = "POST"
url = "localhost:3000/api/create_user"

[headers]
X-Trace = "1"
"a.b" = '"q"'

[form]
username = "john_doe"
email = "john@example.com"
tags = ["a", "b"]
debug = { value = "1", enabled = false }
age = "42.5"

[on]
201 = "User created successfully."
400-499 = "Refused."
else = "An error occurred."

[options]
timeout = 2.5
"#
    );
}

#[test]
fn a_json_body_stands_as_it_was_typed() {
    let mut request = Request {
        url: ":1".to_owned(),
        ..Request::default()
    };
    request.body.kind = BodyKind::Json;
    request.body.json = "{\n  \"a\": \"\\u00e9\",\n  \"b\": 1.0\n}".to_owned();
    let text = write(&request, None).unwrap();
    assert!(
        text.contains("[json]\ncontent = '''\n{\n  \"a\": \"\\u00e9\",\n  \"b\": 1.0\n}'''"),
        "{text}"
    );
    request.body.form = vec![Field::new("kept", "1")];
    let text = write(&request, Some(&text)).unwrap();
    assert!(text.contains("body = \"json\"\n"), "{text}");
    request.body.kind = BodyKind::None;
    let text = write(&request, Some(&text)).unwrap();
    assert!(text.contains("body = \"none\"\n"), "{text}");
    request.body = Body {
        kind: BodyKind::None,
        ..Body::default()
    };
    let text = write(&request, Some(&text)).unwrap();
    assert_eq!(text, "method = \"POST\"\nurl = \":1\"\nbody = \"none\"\n");
}

#[test]
fn files_and_the_way_to_the_server_are_written_short() {
    let mut request = Request {
        url: ":1".to_owned(),
        ..Request::default()
    };
    request.body.kind = BodyKind::Multipart;
    request.body.multipart = vec![Field::new("title", "Sun"), Field::file("photo", "a.png")];
    request.body.multipart[1].part.content_type = "image/png".to_owned();
    request.options.set("insecure", "on");
    request.options.set("http", "2");
    let text = write(&request, None).unwrap();
    assert_eq!(
        text,
        "method = \"POST\"\nurl = \":1\"\n\n[multipart]\ntitle = \"Sun\"\nphoto = { file = \"a.png\", type = \"image/png\" }\n\n[options]\nhttp = \"2\"\ninsecure = true\n"
    );
    request.body.multipart[1].part = Part::default();
    let text = write(&request, Some(&text)).unwrap();
    assert!(text.contains("photo = \"a.png\"\n"), "{text}");
}

#[test]
fn options_are_written_as_they_were_typed_without_their_secrets() {
    let mut request = Request {
        url: ":1".to_owned(),
        ..Request::default()
    };
    request.body.kind = BodyKind::None;
    for (name, text) in [
        ("timeout", "2.50"),
        ("retry", "3"),
        ("insecure", "off"),
        ("client_password", "s3cret"),
        ("proxy", "http://me:s3cret@proxy:3128"),
    ] {
        request.options.set(name, text);
    }
    let text = write(&request, None).unwrap();
    assert!(!text.contains("s3cret"), "{text}");
    for line in [
        "timeout = \"2.50\"",
        "retry = 3",
        "insecure = false",
        "client_password = '{{ prompt(\"password of the client certificate\") }}'",
        "proxy = 'http://{{ prompt(\"user:password of the proxy\") }}@proxy:3128'",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert_eq!(write(&request, Some(&text)).unwrap(), text);
    request.options = Choices::default();
    assert!(!write(&request, Some(&text)).unwrap().contains("options"));
}

#[test]
fn rows_of_one_name_that_do_not_follow_each_other_keep_their_order() {
    let mut request = sample();
    request.body.form.push(Field::new("username", "again"));
    let text = write(&request, Some(&sample_text())).unwrap();
    assert!(
        text.contains("[[form]]\nname = \"username\"\nvalue = \"again\"\n"),
        "{text}"
    );
    assert!(text.find("[[form]]") < text.find("[on]"), "{text}");
    request.body.form.remove(0);
    let again = write(&request, Some(&text)).unwrap();
    assert_eq!(read(&again).unwrap().request, request);
}

#[test]
fn what_is_not_known_is_told_and_kept() {
    let text = "method = \"PUT\"\nurl = \":1\"\nlater = 1\n\n[form]\na = { value = \"1\", note = \"n\" }\n\n[later2]\nx = 1 # y\n\n[options]\nlater = \"p\"\n";
    let back = read(text).unwrap();
    assert_eq!(
        back.unknown,
        ["later", "form.a.note", "later2", "options.later"]
    );
    let mut request = back.request;
    request.body.form[0].value = "2".to_owned();
    request.options.set("redirects", "stop");
    request
        .options
        .set("connect_timeout", "18446744073709551615.999999999");
    let written = write(&request, Some(text)).unwrap();
    for kept in [
        "later = 1",
        "note = \"n\"",
        "[later2]\nx = 1 # y",
        "later = \"p\"",
    ] {
        assert!(written.contains(kept), "{written}");
    }
}

#[test]
fn other_ways_to_write_it_are_read() {
    let text = "url = ':1'\nform.a = 1\nquery = { q = true }\n[[headers]]\nname = 'x'\nvalue = '1'\n[[headers]]\nname = 'y'\nenabled = false\n[on.404]\nvalue = 'no'\n[options]\ntimeout = 'never'\n";
    let request = read(text).unwrap().request;
    assert_eq!(request.body.form, [Field::new("a", "1")]);
    assert_eq!(request.query, [Field::new("q", "true")]);
    assert_eq!(request.headers.len(), 2);
    assert_eq!(request.rules, [Field::new("404", "no")]);
    assert_eq!(request.options.get("timeout"), "never");
    assert_eq!(request.method, "POST");
}

#[test]
fn what_is_no_saved_request_is_refused_with_the_line() {
    for (text, reason) in [
        ("method = ", "line 1"),
        ("[package]\nname = 'x'", "neither a url"),
        ("url = ['a']", "url has to be a text"),
        ("url = 'a'\nform = 1", "line 2: form has to be a table"),
        ("url = 'a'\n[form]\na = [['b']]", "line 3: form.a has to be"),
        ("url = 'a'\n[form]\na.b = 'c'", "in quotes"),
        ("url = 'a'\n[form]\na = { enabled = 1 }", "true or false"),
        ("url = 'a'\n[form]\n[json]\n", "body = \"json\""),
        ("url = 'a'\nbody = 'xml'", "graphql, none"),
        (
            "url = 'a'\n[options]\ntimeout = []",
            "line 3: options.timeout has to be",
        ),
    ] {
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
        let refused = write(&sample(), Some(text)).unwrap_err();
        assert!(matches!(refused, WriteError::Existing(_)));
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~\\n\\r\\t'\"\\\\]{0,12}",
        "[a-c]{0,2}",
        Just("'''\n\"\"\"\r\n\u{feff}\u{7f}".to_owned()),
    ]
}

fn any_rows() -> impl Strategy<Value = Vec<Field>> {
    let part = prop_oneof![
        3 => Just(Part::default()),
        1 => (any::<bool>(), any_text(), any_text()).prop_map(|(is_file, file_name, content_type)| {
            Part { is_file, file_name, content_type }
        }),
    ];
    let row =
        (any::<bool>(), any_text(), any_text(), part).prop_map(|(enabled, name, value, part)| {
            Field {
                enabled,
                name,
                value,
                part,
            }
        });
    proptest::collection::vec(row, 0..5)
}

fn any_options() -> impl Strategy<Value = Choices> {
    let name = proptest::sample::select(OPTIONS.iter().map(|row| row.name).collect::<Vec<_>>());
    let text = prop_oneof![
        any_text(),
        Just("on".to_owned()),
        Just("off".to_owned()),
        "-?[0-9]{0,3}(\\.[0-9]{0,3})?",
        Just("http://me:s3cret@proxy:3128".to_owned()),
    ];
    proptest::collection::vec((name, text), 0..6).prop_map(|pairs| {
        let mut choices = Choices::default();
        for (name, text) in pairs {
            choices.set(name, text);
        }
        choices
    })
}

prop_compose! {
    fn any_body()(
        kind in 0..BodyKind::ALL.len(),
        form in any_rows(),
        multipart in any_rows(),
        texts in proptest::array::uniform7(any_text()),
    ) -> Body {
        let [json, text, text_type, path, content_type, query, variables] = texts;
        Body {
            kind: BodyKind::ALL[kind], form, json, text, text_type, multipart,
            file: FileBody { path, content_type },
            graphql: GraphQl { query, variables },
        }
    }
}

fn any_auth() -> impl Strategy<Value = Auth> {
    let kind = prop_oneof![Just(String::new()), Just("basic".to_owned()), any_text()];
    let name = prop_oneof![
        Just("username".to_owned()),
        Just("password".to_owned()),
        any_text()
    ];
    let fields = proptest::collection::btree_map(name, any_text(), 0..4);
    (kind, fields).prop_map(|(kind, fields)| Auth { kind, fields })
}

prop_compose! {
    fn any_request()(
        method in any_text(),
        url in any_text(),
        path in any_rows(),
        query in any_rows(),
        headers in any_rows(),
        body in any_body(),
        rules in any_rows(),
        options in any_options(),
        auth in any_auth(),
    ) -> Request {
        let mut request = Request { method, url, path, query, headers, auth, body, rules, options };
        // As every request that was read or typed.
        crate::prepare::complete_path(&mut request);
        request
    }
}

proptest! {
    #[test]
    fn any_request_reads_back_the_same(request in any_request(), before in any_request()) {
        let text = write(&request, None).unwrap();
        let clear = as_written(&request, &Request::default());
        prop_assert_eq!(&read(&text).unwrap().request, &clear);
        prop_assert_eq!(write(&request, Some(&text)).unwrap(), text);
        let before = write(&before, None).unwrap();
        let over = write(&request, Some(&before)).unwrap();
        let beside = as_written(&request, &read(&before).unwrap().request);
        prop_assert_eq!(&read(&over).unwrap().request, &beside);
        let over = write(&request, Some(&sample_text())).unwrap();
        prop_assert!(over.contains("# Creates a user."));
        prop_assert_eq!(&read(&over).unwrap().request, &clear);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any_text()) {
        let _ = read(&text);
        let _ = read(&format!("url = ':1'\n{text}"));
        let _ = read(&format!("url = ':1'\n[form]\n{text}"));
    }
}
