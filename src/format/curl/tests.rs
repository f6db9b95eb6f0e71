//! Commands in, requests out, and round again.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::{
    format::rows,
    model::{Body, BodyKind, Field, FilePiece, Piece, PreparedBody, Request},
    prepare::prepare,
    units::plain_seconds,
};

const FORM: &str = "application/x-www-form-urlencoded";

fn imported(command: &str) -> Imported {
    import(command).unwrap_or_else(|error| panic!("{command}: {error}"))
}

fn request(command: &str) -> Request {
    let imported = imported(command);
    assert_eq!(imported.notes, [""; 0], "{command}");
    imported.request
}

#[test]
fn the_everyday_command_fills_the_builder() {
    let Imported {
        request, remarks, ..
    } = imported(
        "curl -X POST 'https://api.example.com/users?x=1' \\\n  -H 'X-Token: abc' \\\n  -d 'username=john_doe' -d email=john%40example.com -L",
    );
    assert!(remarks[0].contains("keeps the method"), "{remarks:?}");
    assert_eq!(
        (request.method.as_str(), request.url.as_str()),
        ("POST", "https://api.example.com/users?x=1")
    );
    assert_eq!(request.headers, [Field::new("X-Token", "abc")]);
    assert_eq!(request.body.kind, BodyKind::Form);
    assert_eq!(
        rows::write(&request.body.form, false),
        "username=john_doe\nemail=john@example.com\n"
    );
    assert_eq!(request.options.get("redirects"), "follow");
}

#[test]
fn the_method_is_the_one_that_curl_would_take() {
    for (command, method) in [
        ("curl h", "GET"),
        ("curl h -d a=1", "POST"),
        ("curl h --json {}", "POST"),
        ("curl -I h", "HEAD"),
        ("curl -G h -d a=1", "GET"),
        ("curl -XPURGE h", "PURGE"),
    ] {
        assert_eq!(request(command).method, method, "{command}");
    }
    assert_eq!(request("curl h:81/x").url, "http://h:81/x");
    assert_eq!(request("curl -X PUT :3000/x").url, ":3000/x");
    assert_eq!(request("curl h").options.get("redirects"), "stop");
}

#[test]
fn data_becomes_the_body_that_has_the_same_bytes() {
    for (options, kind, content, headers) in [
        ("-d a=1 --data-raw b=2", BodyKind::Form, "a=1&b=2", ""),
        (
            "--data-urlencode 'n=a b' --data-urlencode =ü",
            BodyKind::Text,
            "n=a+b&%C3%BC",
            "Content-Type=application/x-www-form-urlencoded\n",
        ),
        (
            "--data-urlencode 'n=a b&c'",
            BodyKind::Form,
            "n=a+b%26c",
            "",
        ),
        (
            "-d '{\"a\": 1}'",
            BodyKind::Text,
            "{\"a\": 1}",
            "Content-Type=application/x-www-form-urlencoded\n",
        ),
        (
            "-d '{\"a\": 1}' -H 'content-type: application/json'",
            BodyKind::Json,
            "{\"a\": 1}",
            "",
        ),
        (
            "-d '[]' -H 'Content-Type: application/json; charset=utf-8'",
            BodyKind::Json,
            "[]",
            "Content-Type=application/json; charset=utf-8\n",
        ),
        (
            "--json '{\"a\":' --json 1}",
            BodyKind::Json,
            "{\"a\":1}",
            "Accept=application/json\n",
        ),
        (
            "-d '<a/>' -H 'Content-Type: text/xml'",
            BodyKind::Text,
            "<a/>",
            "Content-Type=text/xml\n",
        ),
        (
            "-d x -H content-type:",
            BodyKind::Text,
            "x",
            "# content-type=\n",
        ),
        (
            "-d ''",
            BodyKind::None,
            "",
            "Content-Type=application/x-www-form-urlencoded\n",
        ),
    ] {
        let request = request(&format!("curl http://h/ {options}"));
        let prepared = prepare(&request).unwrap();
        assert_eq!(request.body.kind, kind, "{options}");
        assert_eq!(prepared.body.in_memory(), content, "{options}");
        assert_eq!(rows::write(&request.headers, false), headers, "{options}");
    }
}

#[test]
fn query_credentials_cookies_and_limits_find_their_places() {
    let request = request(
        "curl -G 'http://h/x?a=1' -d b=2 --data-urlencode 'c=x y' -u ann:s3cret -b 'sid=1; t=2' -e http://from/ -A me --compressed -m 2.5 --connect-timeout 1",
    );
    assert_eq!(rows::write(&request.query, false), "b=2\nc=x y\n");
    assert_eq!(
        rows::write(&request.headers, false),
        "Referer=http://from/\nUser-Agent=me\nCookie=sid=1; t=2\n"
    );
    assert_eq!(
        (
            request.options.get("timeout"),
            request.options.get("connect_timeout"),
            request.options.get("compression")
        ),
        ("2.5", "1", "on")
    );
    assert_eq!(request.body.kind, BodyKind::None);
    assert_eq!(request.auth.field("password"), "s3cret");
}

#[test]
fn what_has_no_counterpart_is_told_and_no_secret_with_it() {
    let imported = imported(
        "curl -sS -k -x http://u:s3cret@p:1 --negotiate -u ann:s3cret -F 'x=1;headers=@h' -H @h.txt -H 'Content-Length: 3' -o out h http://u:s3cret@second/ \"$X\" | jq .",
    );
    let remarks = imported.remarks.join("\n");
    for part in [
        "--header Content-Length",
        "left out: --silent, --show-error, --output.",
        "left out: | jq .",
    ] {
        assert!(remarks.contains(part), "{part} is not in\n{remarks}");
    }
    let notes = imported.notes.join("\n");
    for part in [
        "--negotiate",
        "--form x: its ;headers has no counterpart",
        "--header @h.txt",
        "A further URL is left out: http://second/",
        "nothing is looked up or run here: $X.",
    ] {
        assert!(notes.contains(part), "{part} is not in\n{notes}");
    }
    assert!(!notes.contains("s3cret"), "{notes}");
}

#[test]
fn what_is_no_command_is_refused_with_the_reason() {
    for (text, part) in [
        ("", "curl"),
        ("wget x", "curl"),
        ("curl 'x", "never closed"),
        ("curl", "no URL"),
        ("curl -d a=1", "no URL"),
        ("curl a --next b", "--next"),
        ("curl a --frob", "--frob"),
        ("curl a -H", "--header needs a value"),
        ("curl a -m soon", "seconds"),
    ] {
        let error = import(text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn a_form_is_exported_as_people_write_it() {
    let request = Request {
        url: "http://localhost:3000/api/create_user".to_owned(),
        headers: vec![Field::new("X-Token", "it's"), Field::new("X-Empty", "")],
        body: Body {
            form: vec![
                Field::new("username", "john doe"),
                Field::new("email", "j@x.y"),
            ],
            ..Body::default()
        },
        ..Request::default()
    };
    let command = export(&prepare(&request).unwrap());
    assert_eq!(
        command,
        "curl http://localhost:3000/api/create_user \\\n  -H 'X-Token: it'\\''s' \\\n  -H 'X-Empty;' \\\n  --data-raw 'username=john+doe&email=j%40x.y' \\\n  --location"
    );
}

#[test]
fn bytes_that_no_argument_can_hold_go_in_by_a_pipe() {
    let mut prepared = prepare(&Request {
        url: "http://h/".to_owned(),
        ..Request::default()
    })
    .unwrap();
    prepared.body = vec![b'a', 0, 0xff].into();
    let command = export(&prepared);
    assert!(
        command.starts_with("printf 'a\\000\\377' | curl http://h/"),
        "{command}"
    );
    assert!(command.contains("--data-binary @-"), "{command}");
}

/// What can be typed into a cell and sent: no controls in header values, tokens as names.
fn sendable() -> impl Strategy<Value = Request> {
    let rows = |name, value| prop::collection::vec((name, value), 0..4);
    let header_value = "[ -~üé–]{0,12}";
    (
        prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "HEAD", "PURGE"]),
        "[a-zA-Z0-9/ ü%'\"$&=?\\[{-]{0,16}",
        rows("x-[a-z]{1,6}", header_value),
        rows("[^\0]{1,6}", "[^\0]{0,8}"),
        rows("[^\0]{1,6}", "[^\0]{0,8}"),
        prop::sample::select(vec![
            BodyKind::Form,
            BodyKind::Json,
            BodyKind::Text,
            BodyKind::Multipart,
            BodyKind::None,
        ]),
        "[^\0]{0,24}",
        prop::option::of(1_u64..5000),
        (any::<bool>(), any::<bool>(), any::<bool>()),
    )
        .prop_map(
            |(method, path, headers, query, form, kind, text, limit, flags)| {
                let fields = |rows: Vec<(String, String)>| {
                    rows.into_iter()
                        .map(|(name, value)| Field::new(name, value))
                        .collect::<Vec<_>>()
                };
                let mut request = Request {
                    method: method.to_owned(),
                    url: format!("http://host:81/{path}"),
                    query: fields(query),
                    headers: fields(headers),
                    body: Body {
                        kind,
                        multipart: fields(form.clone()),
                        form: fields(form),
                        json: text.clone(),
                        text,
                        ..Body::default()
                    },
                    ..Request::default()
                };
                for (name, suppressed) in [("Accept", flags.0), ("content-type", flags.1)] {
                    if suppressed {
                        request.headers.push(Field {
                            enabled: false,
                            ..Field::new(name, "x")
                        });
                    }
                }
                if flags.2 {
                    request.options.set("redirects", "stop");
                }
                if let Some(limit) = limit {
                    let limit = plain_seconds(Duration::from_millis(limit));
                    request.options.set("timeout", limit);
                }
                request
            },
        )
}

proptest! {
    #[test]
    fn an_exported_request_is_imported_as_the_same_bytes(request in sendable()) {
        let prepared = prepare(&request).unwrap();
        let command = export(&prepared);
        let again = import(&command).unwrap();
        let mut round = prepare(&again.request).unwrap();
        let mut prepared = prepared;
        // The order of different names carries no meaning (RFC 9110, Section 5.3).
        round.headers.sort_by(|a, b| a.name.cmp(&b.name));
        prepared.headers.sort_by(|a, b| a.name.cmp(&b.name));
        prop_assert_eq!(round, prepared, "{}", command);
    }

    #[test]
    fn no_text_breaks_the_import(text in any::<String>(), options in "( -[a-zA-Z:#]| --[a-z-]{1,12}| [a-z@=;:'\"{}&]{1,8}){0,6}") {
        let _ = (import(&text), import(&format!("curl {options}")));
    }
}

#[test]
fn files_and_parts_are_taken_over_and_only_named() {
    let taken = request("curl h -F name=ann -F 'photo=@a b.png;type=image/x'");
    assert_eq!(
        (taken.method.as_str(), taken.body.kind),
        ("POST", BodyKind::Multipart)
    );
    assert_eq!(
        rows::write(&taken.body.multipart, true),
        "name=ann\nphoto=@a b.png\n"
    );
    assert_eq!(taken.body.multipart[1].part.content_type, "image/x");
    for (options, method, path, content_type, headers) in [
        ("--data-binary @x.bin", "POST", "x.bin", FORM, ""),
        (
            "--json @x.json",
            "POST",
            "x.json",
            "application/json",
            "Accept=application/json\n",
        ),
        (
            "--data-binary @x -H 'content-type: a/b'",
            "POST",
            "x",
            "a/b",
            "",
        ),
        ("-T dir/x.bin", "PUT", "dir/x.bin", "", "# Content-Type=\n"),
    ] {
        let taken = request(&format!("curl http://h/ {options}"));
        assert_eq!(
            (taken.method.as_str(), taken.body.kind),
            (method, BodyKind::File),
            "{options}"
        );
        assert_eq!(taken.body.file.path, path, "{options}");
        assert_eq!(taken.body.file.content_type, content_type, "{options}");
        assert_eq!(rows::write(&taken.headers, false), headers, "{options}");
    }
    assert_eq!(
        request("curl http://h/in/ -T dir/x.bin").url,
        "http://h/in/x.bin"
    );
    let notes = imported("curl h -d @x -d a=1 --data-urlencode n@y")
        .notes
        .join("\n");
    assert!(notes.contains("--data @x: the file is not read"), "{notes}");
    assert!(notes.contains("--data-urlencode @y"), "{notes}");
}

#[test]
fn files_are_exported_by_their_paths() {
    let file = |path: &str| {
        Piece::File(FilePiece {
            path: path.into(),
            size: 3,
            modified: None,
        })
    };
    let mut prepared = prepare(&Request {
        url: "http://h/".to_owned(),
        ..Request::default()
    })
    .unwrap();
    prepared.body = PreparedBody::new(vec![file("/tmp/a b")]);
    assert!(export(&prepared).contains("--data-binary '@/tmp/a b'"));
    prepared.body = PreparedBody::new(vec![Piece::Memory("x\r\n".into()), file("/tmp/it's")]);
    let command = export(&prepared);
    let pipe = "{ printf 'x\\015\\012'; cat -- '/tmp/it'\\''s'; } | curl http://h/";
    assert!(command.starts_with(pipe), "{command}");
    assert!(command.contains("--data-binary @-"), "{command}");
}

#[test]
fn data_beside_a_form_is_told() {
    let notes = imported("curl h -d a=1 -F b=2").notes.join("\n");
    assert!(notes.contains("-d and its kin are left out"), "{notes}");
}

#[test]
fn what_curl_makes_several_addresses_of_is_told() {
    for (url, told) in [
        ("http://h/x[1-3]", Some("[1-3]")),
        ("http://h/{a,b}?x=1", Some("{a,b}")),
        ("http://h/{id}", Some("{id}")),
        ("http://[::1]:80/x", None),
        ("http://[::1]:80/x[a-c]", Some("[a-c]")),
        ("http://h/x?f[]=1&g[name]=2", None),
        ("http://h/{{ x }}", None),
    ] {
        let notes = imported(&format!("curl '{url}'")).notes.join(" ");
        match told {
            Some(pattern) => assert!(notes.starts_with(pattern), "{url}: {notes}"),
            None => assert_eq!(notes, "", "{url}"),
        }
        assert_eq!(imported(&format!("curl -g '{url}'")).notes, [""; 0]);
    }
}

#[test]
fn what_the_url_encodes_and_curl_does_not_is_told() {
    for (command, letters) in [
        ("curl -g 'http://h/a/{b}?c={d}'", Some("{ } in the URL")),
        ("curl \"http://h/a?c='d'\"", Some("' in the URL")),
        ("curl -g 'http://h/a[1]?x={d}&f[]=1'", None),
        ("curl 'http://h/a%7B?x=|'", None),
    ] {
        let remarks = imported(command).remarks.join(" ");
        let url = request(command).url;
        let sent = url::Url::parse(&url).unwrap();
        match letters {
            Some(letters) => assert!(remarks.starts_with(letters), "{command}: {remarks}"),
            None => assert_eq!(remarks, "", "{command}"),
        }
        assert_eq!(sent.as_str() != url, letters.is_some(), "{command}");
    }
}

#[test]
fn a_post_is_not_sent_twice_for_a_retry() {
    let told = |command: &str| imported(command).remarks.join(" ");
    let of_post = told("curl h -d a=1 --retry 2");
    assert!(
        of_post.contains("after an answer such as 503 it is sent once"),
        "{of_post}"
    );
    for command in [
        "curl h --retry 2",
        "curl h -d a=1 --retry 0",
        "curl h -d a=1 --retry 2 -H 'Idempotency-Key: 1'",
    ] {
        assert_eq!(told(command), "", "{command}");
    }
    let exported = |key: &str, method: &str| {
        let mut request = Request {
            url: "http://h/".to_owned(),
            method: method.to_owned(),
            ..Request::default()
        };
        request.options.set("retry", "3");
        request.options.set("idempotency_key", key);
        export(&prepare(&request).unwrap())
    };
    assert!(!exported("", "POST").contains("--retry"));
    assert!(exported("k", "POST").contains("--retry 3"));
    assert!(exported("", "PUT").contains("--retry 3"));
}

#[test]
fn a_mark_of_a_copied_command_is_not_taken_for_a_value() {
    let read = |command: &str| import(command).unwrap().notes;
    let marked = read("curl http://h/ -H 'idempotency-key: \"‹made when it is sent›\"' -d a=1");
    assert_eq!(
        marked,
        [
            "‹made when it is sent› stands for what is filled in when it is sent: type that in its place."
        ]
    );
    assert_eq!(read("curl http://h/ -d a=1›‹"), [""; 0]);
}
