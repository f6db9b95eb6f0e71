//! An exported request, sent by curl itself: the same method, target, fields and body arrive.

use std::process::Stdio;

use posttui::{
    format::curl::{export, import},
    model::{Body, BodyKind, Field, Request},
    net::Client,
    prepare::prepare,
};
use tokio::process::Command;

use crate::{
    recorder::Recorder,
    sending::{OK, send},
};

/// The request with its lines sorted, and without what names the program that sent it.
fn comparable(request: &str) -> (String, Vec<String>, String) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let (line, fields) = head.split_once("\r\n").unwrap();
    let mut fields: Vec<String> = fields
        .split("\r\n")
        .map(|field| {
            let (name, value) = field.split_once(':').unwrap();
            format!("{}:{}", name.to_lowercase(), value.trim())
        })
        .filter(|field| !field.starts_with("user-agent:"))
        .collect();
    fields.sort();
    (line.to_owned(), fields, body.to_owned())
}

fn requests(url: &str) -> Vec<Request> {
    let with = |method: &str, kind, headers: Vec<Field>| Request {
        method: method.to_owned(),
        url: format!("{url}/a b/ü?x=%26&l=[1]"),
        query: vec![Field::new("q", "it's $HOME `id` !")],
        headers,
        body: Body {
            kind,
            form: vec![Field::new("name", "J. Döe & Co"), Field::new("@file", "")],
            json: "{\n\t\"it's\": \"\\\\ ü \u{1b}\u{202e}\"\r\n}".to_owned(),
            text: "@not-a-file".to_owned(),
            multipart: vec![Field::new("a\"b", "two\r\nlines ü"), Field::new("c", "")],
            ..Body::default()
        },
        ..Request::default()
    };
    let off = |name: &str| Field {
        enabled: false,
        ..Field::new(name, "")
    };
    vec![
        with(
            "POST",
            BodyKind::Form,
            vec![Field::new("X-A", "it's"), Field::new("X-E", "")],
        ),
        with("PUT", BodyKind::Json, vec![off("user-agent")]),
        with("POST", BodyKind::Text, vec![off("content-type")]),
        with("POST", BodyKind::None, Vec::new()),
        with(
            "GET",
            BodyKind::None,
            vec![Field::new("Cookie", "a=b; c=d")],
        ),
        with(
            "DELETE",
            BodyKind::Form,
            vec![Field::new("Content-Type", "text/x")],
        ),
        with(
            "PURGE",
            BodyKind::None,
            vec![Field::new("Host", "other.example")],
        ),
    ]
}

#[tokio::test]
async fn curl_itself_puts_the_same_on_the_wire() {
    let has = Command::new("curl")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .await;
    let shell = Command::new("bash").args(["-c", "exit"]).status().await;
    if has.is_err() || shell.is_err() {
        // Not every machine has curl and bash; the round trip through the import is tested everywhere.
        return;
    }
    let server = Recorder::replying([OK; 16]).await;
    for (index, request) in requests(&server.url("")).iter().enumerate() {
        let prepared = prepare(request).unwrap();
        send(&prepared).await;
        let command = format!("{} --silent --noproxy '*'", export(&prepared));
        let status = Command::new("bash")
            .args(["-c", &command])
            .stdout(Stdio::null())
            .status();
        assert!(status.await.unwrap().success(), "{command}");
        let received = server.requests();
        let (ours, theirs) = (&received[index * 2], &received[index * 2 + 1]);
        assert_eq!(
            comparable(&theirs.text()),
            comparable(&ours.text()),
            "{command}"
        );
    }
}

#[tokio::test]
async fn an_imported_command_is_on_the_wire_as_curl_would_put_it() {
    let server = Recorder::replying([OK]).await;
    let command = format!(
        "curl -sS '{}' -H 'Accept: */*' -A me --data-urlencode 'n=a b' -d 'm=1'",
        server.url("/x?y=1")
    );
    let imported = import(&command).unwrap();
    assert_eq!(imported.request.options.get("redirects"), "stop");
    let prepared = prepare(&imported.request).unwrap();
    let (cancel, client) = (tokio_util::sync::CancellationToken::new(), Client::new());
    client.send(&prepared, &cancel, &|_| {}).await;
    let expected = format!(
        "POST /x?y=1 HTTP/1.1\r\nhost: {}\r\nAccept: */*\r\nUser-Agent: me\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 9\r\n\r\nn=a+b&m=1",
        server.address()
    );
    assert_eq!(server.requests()[0].text(), expected);
}
