//! A prepared request goes out exactly as it is.

use posttui::{
    model::{Body, BodyKind, Field, Header, Phase, Request},
    net::{Client, Progress},
    prepare::{USER_AGENT, prepare},
};

use crate::{
    recorder::Recorder,
    sending::{
        OK, big_post, form_post, form_request, get, phases, response, send, send_and_hear,
        wire_form,
    },
};

#[tokio::test]
async fn a_form_is_on_the_wire_as_shown() {
    let server = Recorder::replying([OK]).await;
    let prepared = form_post(&server.url("/api/create_user"));
    let sent = send(&prepared).await;
    let expected = format!(
        "POST /api/create_user HTTP/1.1\r\n\
         host: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\n\
         user-agent: {USER_AGENT}\r\n\
         accept: */*\r\n\
         content-length: 42\r\n\
         \r\n\
         username=john_doe&email=john%40example.com",
        server.address()
    );
    assert_eq!(server.requests()[0].text(), expected);
    assert_eq!(sent.hops.len(), 1);
    let hop = &sent.hops[0];
    assert_eq!(hop.request_headers, prepared.headers);
    assert_eq!(hop.request_body_bytes, prepared.body.len());
    assert_eq!(hop.remote_address, Some(server.address().to_string()));
    assert_eq!(response(&sent).body, "ok");
}

#[tokio::test]
async fn whatever_is_prepared_is_sent_byte_for_byte() {
    let server = Recorder::replying([OK; 8]).await;
    let url = server.url("/a%20b/ü?x=1&y=%26#part");
    let with = |method: &str, kind, headers: &[(&str, &str)]| Request {
        method: method.to_owned(),
        headers: headers
            .iter()
            .map(|(name, value)| Field::new(*name, *value))
            .collect(),
        body: Body {
            kind,
            json: "{ \"a\": 1.0, \"a\": 2 }\n".to_owned(),
            text: "line\r\nline é \u{0} end".to_owned(),
            ..form_request("").body
        },
        ..form_request(&url)
    };
    let requests = [
        with(
            "POST",
            BodyKind::Form,
            &[("X-B", "2"), ("X-A", "1"), ("X-B", "3")],
        ),
        with(
            "POST",
            BodyKind::Json,
            &[("Host", "api.example"), ("Accept", "text/csv")],
        ),
        with(
            "PUT",
            BodyKind::Text,
            &[("x-raw", "é – ü"), ("x-empty", "")],
        ),
        with("POST", BodyKind::None, &[]),
        with("GET", BodyKind::None, &[("connection", "keep-alive")]),
        with("GET", BodyKind::Json, &[("accept-encoding", "gzip, br")]),
        with("DELETE", BodyKind::None, &[("expect", "100-continue")]),
        with("M-SEARCH", BodyKind::Text, &[("te", "trailers")]),
    ];
    let client = Client::new();
    for (index, request) in requests.iter().enumerate() {
        let prepared = prepare(request).unwrap();
        let sent = crate::sending::send_with(&client, &prepared).await;
        assert_eq!(response(&sent).head.status, 200);
        let recorded = &server.requests()[index];
        let expected = String::from_utf8_lossy(&wire_form(&prepared)).into_owned();
        assert_eq!(recorded.text(), expected);
        assert_eq!(recorded.bytes, wire_form(&prepared));
    }
}

#[tokio::test]
async fn a_body_of_many_chunks_arrives_whole() {
    let server = Recorder::replying([OK]).await;
    let prepared = big_post(&server.url("/"), 3_000_000);
    let (sent, told) = send_and_hear(&Client::new(), &prepared).await;
    assert_eq!(response(&sent).head.status, 200);
    assert_eq!(server.requests()[0].bytes, wire_form(&prepared));
    assert_eq!(
        phases(&told),
        [Phase::Connect, Phase::Send, Phase::Wait, Phase::Receive]
    );
}

#[tokio::test]
async fn progress_is_told_in_order() {
    let server = Recorder::replying([OK]).await;
    let url = format!("http://localhost:{}/", server.address().port());
    let (_, told) = send_and_hear(&Client::new(), &get(&url)).await;
    let expected = [
        Progress::Hop {
            number: 1,
            method: "GET".to_owned(),
            url,
        },
        Progress::Phase(Phase::Resolve),
        Progress::Phase(Phase::Connect),
        Progress::Phase(Phase::Send),
        Progress::Phase(Phase::Wait),
        Progress::Phase(Phase::Receive),
        Progress::Received {
            bytes: 0,
            total: Some(2),
        },
        Progress::Received {
            bytes: 2,
            total: Some(2),
        },
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_and_nothing_goes_out() {
    let server = Recorder::replying([OK; 0]).await.perhaps_idle();
    let good = form_post(&server.url("/"));
    let mut bad_url = good.clone();
    bad_url.url = "http://[::1".to_owned();
    let mut bad_scheme = good.clone();
    bad_scheme.url = "ftp://127.0.0.1/".to_owned();
    let mut bad_method = good.clone();
    bad_method.method = "P OST".to_owned();
    let mut bad_header = good.clone();
    bad_header.headers.push(Header::new("x", "a\r\nb"));
    for prepared in [bad_url, bad_scheme, bad_method, bad_header] {
        let sent = send(&prepared).await;
        let failure = crate::sending::failure(&sent);
        assert_eq!(
            failure.kind,
            posttui::model::FailureKind::Other,
            "{failure:?}"
        );
        assert_eq!(
            failure.processed,
            posttui::model::Processed::No,
            "{failure:?}"
        );
        assert!(!failure.causes.is_empty());
    }
    assert_eq!(server.connections(), 0);
}
