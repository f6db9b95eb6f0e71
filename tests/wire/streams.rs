//! Exchanges over HTTP/2, frame by frame: interim answers, bodies through small windows, several at once.

use std::{future::pending, time::Instant};

use bytes::Bytes;
use h2::server::Builder;
use http::{Method, Response};
use posttui::model::{Header, HttpVersion, Phase};

use crate::{
    certificates::Authority,
    h2_server::{Call, Http2Server, answer, drain, head, hint, interim, pour},
    sending::{Flight, big_post, form_post, get, response, send_with},
};

#[tokio::test]
async fn interim_heads_come_before_the_final_one() {
    let authority = Authority::new();
    let server = Http2Server::handling(&authority, |mut call: Call| async move {
        if call.number == 0 {
            for interim in [head(100), hint("</a.css>; rel=preload"), head(102)] {
                call.respond.send_informational(interim).unwrap();
            }
            call.respond.send_informational(hint("</b.css>")).unwrap();
        }
        answer(&mut call.respond, 201, "made");
    })
    .await;
    let client = authority.client();
    let sent = send_with(&client, &form_post(&server.url)).await;
    assert_eq!(interim(&sent), [100, 103, 102, 103]);
    let transit = &sent.hops[0].transit;
    let hints = &transit.interim[1];
    assert_eq!(
        hints.headers,
        [Header::new("link", "</a.css>; rel=preload")]
    );
    assert_eq!(
        (hints.version, hints.reason.as_deref()),
        (HttpVersion::Http2, None)
    );
    let answered = transit.phases.last().unwrap();
    assert_eq!(answered.phase, Phase::Receive);
    assert!(transit.first_byte.unwrap() <= answered.at);
    let answer = response(&sent);
    assert_eq!((answer.head.status, &answer.body[..]), (201, &b"made"[..]));
    // What comes over the same connection afterwards is told by itself.
    let sent = send_with(&client, &form_post(&server.url)).await;
    assert!(interim(&sent).is_empty());
    assert_eq!(sent.hops[0].transit.reused, Some(true));
}

#[tokio::test]
async fn an_upload_arrives_whole_through_small_windows() {
    let authority = Authority::new();
    let mut builder = Builder::new();
    builder.initial_window_size(10_000);
    let server = Http2Server::built(&authority, builder, |mut call: Call| async move {
        let length = drain(call.request.body_mut()).await.unwrap();
        answer(&mut call.respond, 200, &length.to_string());
    })
    .await;
    let client = authority.client();
    for length in [1, 65_536, 65_537, 20_000_000] {
        let sent = send_with(&client, &big_post(&server.url, length)).await;
        assert_eq!(response(&sent).body, length.to_string());
        let phases = sent.hops[0].transit.phases.iter().map(|start| start.phase);
        let phases: Vec<Phase> = phases.filter(|it| *it >= Phase::Send).collect();
        assert_eq!(phases, [Phase::Send, Phase::Wait, Phase::Receive]);
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn an_answer_may_come_before_the_upload_is_over() {
    let authority = Authority::new();
    let server = Http2Server::handling(&authority, |mut call: Call| async move {
        answer(&mut call.respond, 413, "too much");
        match call.request.uri().path() {
            // The stream is reset with NO_ERROR.
            "/resets" => drop(call),
            "/reads" => drop(drain(call.request.body_mut()).await),
            _ => pending().await,
        }
    })
    .await;
    let client = authority.client();
    for path in ["/resets", "/reads", "/waits", "/resets", "/reads"] {
        let url = format!("{}{path}", server.url);
        let sent = send_with(&client, &big_post(&url, 5_000_000)).await;
        let early = response(&sent);
        assert_eq!(
            (early.head.status, &early.body[..]),
            (413, &b"too much"[..])
        );
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn several_exchanges_go_over_one_connection_at_once() {
    for limit in [100, 1] {
        let authority = Authority::new();
        let mut builder = Builder::new();
        builder.max_concurrent_streams(limit);
        let server = Http2Server::built(&authority, builder, |mut call: Call| async move {
            let path = call.request.uri().path().to_owned();
            let link = format!("<{path}>");
            call.respond.send_informational(hint(&link)).unwrap();
            drain(call.request.body_mut()).await.unwrap();
            answer(&mut call.respond, 200, &path);
        })
        .await;
        let client = authority.client();
        send_with(&client, &form_post(&server.url)).await;
        for _ in 0..5 {
            let paths: Vec<String> = (0..5).map(|number| format!("/{number}")).collect();
            let flights = paths.iter().map(|path| {
                let prepared = big_post(&format!("{}{path}", server.url), 300_000);
                Flight::start(&client, prepared)
            });
            let flights: Vec<Flight> = flights.collect();
            for (path, flight) in paths.iter().zip(flights) {
                let sent = flight.end().await;
                assert_eq!(response(&sent).body, *path);
                let hints = &sent.hops[0].transit.interim;
                assert_eq!(hints.len(), 1);
                assert_eq!(hints[0].headers[0].text(), format!("<{path}>"));
            }
        }
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn a_connection_that_takes_no_more_is_left() {
    let authority = Authority::new();
    let server = Http2Server::handling(&authority, |mut call: Call| async move {
        answer(&mut call.respond, 200, &call.connection.to_string());
        call.closing.notify_one();
    })
    .await;
    let client = authority.client();
    for connection in 0..3 {
        let sent = send_with(&client, &form_post(&server.url)).await;
        assert_eq!(response(&sent).body, connection.to_string());
        server.until_ended(connection + 1).await;
    }
}

#[tokio::test]
async fn the_connection_ends_with_the_client() {
    let authority = Authority::new();
    let server = Http2Server::handling(&authority, |mut call: Call| async move {
        answer(&mut call.respond, 200, "ok");
    })
    .await;
    let client = authority.client();
    send_with(&client, &form_post(&server.url)).await;
    drop(client);
    server.until_ended(1).await;
}

#[tokio::test]
async fn a_download_arrives_whole() {
    let authority = Authority::new();
    let server = Http2Server::handling(&authority, |mut call: Call| async move {
        let stream = call.respond.send_response(head(200), false).unwrap();
        pour(stream, 50_000_000).await;
    })
    .await;
    let client = authority.client();
    let flights = [0, 1].map(|_| Flight::start(&client, get(&server.url)));
    for flight in flights {
        assert_eq!(response(&flight.end().await).body.len(), 50_000_000);
    }
}

#[tokio::test]
async fn a_redirect_is_followed_and_long_heads_are_read() {
    let authority = Authority::new();
    let server = Http2Server::handling(&authority, |mut call: Call| async move {
        if call.request.uri().path() == "/old" {
            let moved = Response::builder().status(307).header("location", "/new");
            let moved = moved.body(()).unwrap();
            call.respond.send_response(moved, true).unwrap();
            return;
        }
        let length = drain(call.request.body_mut()).await.unwrap();
        let mut long = Response::builder();
        for number in 0..100 {
            long = long.header(format!("x-{number}"), "y".repeat(1000));
        }
        let mut stream = (call.respond)
            .send_response(long.body(()).unwrap(), false)
            .unwrap();
        stream
            .send_data(Bytes::from(length.to_string()), true)
            .unwrap();
    })
    .await;
    let sent = send_with(
        &authority.client(),
        &big_post(&format!("{}/old", server.url), 500_000),
    )
    .await;
    assert_eq!(sent.hops.len(), 2);
    assert_eq!(response(&sent).body, "500000");
    assert_eq!(response(&sent).head.headers.len(), 100);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_head_answer_and_an_empty_one_have_no_body() {
    let authority = Authority::new();
    let server = Http2Server::handling(&authority, |mut call: Call| async move {
        let is_head = call.request.method() == Method::HEAD;
        let answer = Response::builder().status(if is_head { 200 } else { 204 });
        let answer = if is_head {
            answer.header("content-length", "1000")
        } else {
            answer
        };
        call.respond
            .send_response(answer.body(()).unwrap(), true)
            .unwrap();
    })
    .await;
    let client = authority.client();
    for method in ["HEAD", "GET"] {
        let mut prepared = get(&server.url);
        prepared.method = method.to_owned();
        let sent = send_with(&client, &prepared).await;
        assert!(response(&sent).body.is_empty());
    }
}

const LONG: usize = 100_000_000;

/// Takes bodies, and gives one of 100 MB to a GET.
async fn both_ways(mut call: Call) {
    if call.request.method() == Method::GET {
        let stream = call.respond.send_response(head(200), false).unwrap();
        pour(stream, LONG).await;
    } else {
        let length = drain(call.request.body_mut()).await.unwrap();
        answer(&mut call.respond, 200, &length.to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "how fast it is depends on the machine"]
async fn a_hundred_megabytes_each_way() {
    let authority = Authority::new();
    let server = Http2Server::handling(&authority, both_ways).await;
    let client = authority.client();
    for _ in 0..3 {
        let prepared = big_post(&server.url, LONG);
        let began = Instant::now();
        let sent = send_with(&client, &prepared).await;
        assert_eq!(response(&sent).body, LONG.to_string());
        println!("up {:?}", began.elapsed());
        let began = Instant::now();
        let sent = send_with(&client, &get(&server.url)).await;
        assert_eq!(response(&sent).body.len(), LONG);
        println!("down {:?}", began.elapsed());
    }
}
