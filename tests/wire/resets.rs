//! What breaks an exchange over HTTP/2 off, on either side, and what a server says it has not processed.

use std::{
    future::{pending, poll_fn},
    time::Duration,
};

use bytes::Bytes;
use h2::{Reason, server::Builder};
use http::Response;
use posttui::{
    files,
    model::{
        Body, BodyKind, FailureKind, FileBody, Phase, PreparedRequest, Processed, Request,
        VersionChoice,
    },
    net::Progress,
    prepare::prepare_with,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
        watch,
    },
};

use crate::{
    certificates::Authority,
    h2_server::{Call, Http2Server, answer, drain, head, hint, interim, serve_plain},
    recorder::{PATIENCE, Recorder},
    sending::{
        Flight, big_post, failure, form_post, get, response, send, send_with, with_total_timeout,
    },
};

/// HTTP/2 without TLS, which is spoken without asking.
fn by_http2(mut prepared: PreparedRequest) -> PreparedRequest {
    prepared.options.transport.version = VersionChoice::Http2;
    prepared
}

/// Waits for something that a handler tells.
async fn told<T>(receiver: &mut UnboundedReceiver<T>) -> T {
    let told = tokio::time::timeout(PATIENCE, receiver.recv());
    told.await.expect("this was never told").unwrap()
}

#[tokio::test]
async fn an_interim_head_is_kept_where_no_final_one_follows() {
    let authority = Authority::new();
    let server = Http2Server::handling(&authority, |mut call: Call| async move {
        call.respond.send_informational(hint("</a>")).unwrap();
        if call.request.uri().path() == "/reset" {
            // What is not written yet a reset would take back.
            tokio::time::sleep(Duration::from_millis(100)).await;
            call.respond.send_reset(Reason::INTERNAL_ERROR);
        } else {
            pending::<()>().await;
        }
    })
    .await;
    let client = authority.client();
    let reset = form_post(&format!("{}/reset", server.url));
    let sent = send_with(&client, &reset).await;
    let failed = failure(&sent);
    assert_eq!(
        (failed.kind, failed.phase, failed.processed),
        (FailureKind::Reset, Phase::Wait, Processed::Maybe)
    );
    let causes = failed.causes.join("; ");
    assert!(
        causes.contains("the server broke the exchange off"),
        "{causes}"
    );
    assert_eq!(interim(&sent), [103]);
    // The connection is there already, so that there is time for an answer.
    let slow = with_total_timeout(form_post(&server.url), Duration::from_secs(2));
    let sent = send_with(&client, &slow).await;
    assert!(matches!(failure(&sent).kind, FailureKind::Timeout(_)));
    assert_eq!(interim(&sent), [103]);
}

/// Tells why the exchange was broken off, at each of its phases.
async fn heard_resets(
    authority: &Authority,
    told: UnboundedSender<Result<Reason, h2::Error>>,
) -> Http2Server {
    Http2Server::handling(authority, move |mut call: Call| {
        let told = told.clone();
        async move {
            let path = call.request.uri().path().to_owned();
            if path == "/" {
                answer(&mut call.respond, 200, "ok");
                return;
            }
            if path == "/hints" {
                call.respond.send_informational(hint("</a>")).unwrap();
            }
            if path == "/body" {
                let mut stream = call.respond.send_response(head(200), false).unwrap();
                stream.send_data(Bytes::from("hello"), false).unwrap();
                let reason = poll_fn(|context| stream.poll_reset(context)).await;
                told.send(reason).unwrap();
            } else {
                let reason = poll_fn(|context| call.respond.poll_reset(context)).await;
                told.send(reason).unwrap();
            }
        }
    })
    .await
}

#[tokio::test]
async fn cancelling_resets_the_stream_and_the_connection_goes_on() {
    let authority = Authority::new();
    let (sender, mut reasons) = unbounded_channel();
    let server = heard_resets(&authority, sender).await;
    let client = authority.client();
    // A connection that nothing else has gone over is closed with the exchange.
    let form = form_post(&format!("{}/wait", server.url));
    let mut flight = Flight::start(&client, form);
    flight.until_phase(Phase::Wait).await;
    flight.cancelled().await;
    server.until_ended(1).await;
    let _ = told(&mut reasons).await;
    send_with(&client, &form_post(&server.url)).await;
    for round in 0..3 {
        // Not read, so that it stops at the window.
        let big = big_post(&format!("{}/upload", server.url), 5_000_000);
        let mut flight = Flight::start(&client, big);
        flight
            .until(|told| matches!(told, Progress::Sent { bytes: 1.., .. }))
            .await;
        let sent = flight.cancelled().await;
        assert_eq!(failure(&sent).kind, FailureKind::Cancelled);
        assert_eq!(failure(&sent).phase, Phase::Send);
        assert_eq!(told(&mut reasons).await.unwrap(), Reason::CANCEL, "{round}");
        for path in ["/wait", "/hints", "/body"] {
            let form = form_post(&format!("{}{path}", server.url));
            let mut flight = Flight::start(&client, form);
            if path == "/body" {
                flight
                    .until(|told| matches!(told, Progress::Received { bytes: 5, .. }))
                    .await;
            } else {
                flight.until_phase(Phase::Wait).await;
            }
            let sent = flight.cancelled().await;
            assert_eq!(failure(&sent).kind, FailureKind::Cancelled);
            assert_eq!(told(&mut reasons).await.unwrap(), Reason::CANCEL, "{path}");
        }
    }
    // A send that is dropped, too.
    let form = form_post(&format!("{}/body", server.url));
    let mut flight = Flight::start(&client, form);
    flight.until_phase(Phase::Receive).await;
    flight.abort();
    assert_eq!(told(&mut reasons).await.unwrap(), Reason::CANCEL);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn what_waits_for_its_turn_is_cancelled_without_a_trace() {
    let authority = Authority::new();
    let mut builder = Builder::new();
    builder.max_concurrent_streams(1);
    let (sender, mut paths) = unbounded_channel();
    let server = Http2Server::built(&authority, builder, move |mut call: Call| {
        let sender = sender.clone();
        async move {
            let path = call.request.uri().path().to_owned();
            sender.send(path.clone()).unwrap();
            if path == "/held" {
                // The end of it is the client's.
                let _ = poll_fn(|context| call.respond.poll_reset(context)).await;
            } else {
                answer(&mut call.respond, 200, &path);
            }
        }
    })
    .await;
    let client = authority.client();
    let url = |path: &str| format!("{}{path}", server.url);
    send_with(&client, &get(&url("/first"))).await;
    assert_eq!(told(&mut paths).await, "/first");
    let held = Flight::start(&client, form_post(&url("/held")));
    assert_eq!(told(&mut paths).await, "/held");
    let waiting = [10, 1_000_000].map(|length| {
        let prepared = big_post(&url("/waits"), length);
        Flight::start(&client, prepared)
    });
    // They have come as far as they can.
    tokio::time::sleep(Duration::from_millis(100)).await;
    for flight in waiting {
        let sent = flight.cancelled().await;
        let failed = failure(&sent);
        assert_eq!(
            (failed.kind, failed.processed),
            (FailureKind::Cancelled, Processed::No)
        );
    }
    held.cancelled().await;
    let sent = send_with(&client, &get(&url("/last"))).await;
    assert_eq!(response(&sent).body, "/last");
    assert_eq!(told(&mut paths).await, "/last");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_file_cut_off_while_it_is_sent_breaks_the_exchange_off() {
    let authority = Authority::new();
    let (sender, mut ends) = unbounded_channel();
    let (cut, is_cut) = watch::channel(false);
    let server = Http2Server::handling(&authority, move |mut call: Call| {
        let (sender, mut is_cut) = (sender.clone(), is_cut.clone());
        async move {
            is_cut.wait_for(|cut| *cut).await.unwrap();
            let came = drain(call.request.body_mut()).await;
            sender.send(came.map_err(|error| error.reason())).unwrap();
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.bin");
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(64 << 20).unwrap();
    let body = Body {
        kind: BodyKind::File,
        file: FileBody {
            path: path.to_str().unwrap().to_owned(),
            content_type: String::new(),
        },
        ..Body::default()
    };
    let request = Request {
        url: format!("{}/upload", server.url),
        body,
        ..Request::default()
    };
    let prepared = prepare_with(&request, &files::look_at(&request.body)).unwrap();
    // The server reads on when the file is cut.
    let mut flight = Flight::start(&authority.client(), prepared);
    flight
        .until(|told| matches!(told, Progress::Sent { bytes: 1.., .. }))
        .await;
    file.set_len(1 << 20).unwrap();
    cut.send(true).unwrap();
    let sent = flight.end().await;
    let failed = failure(&sent);
    assert_eq!(failed.kind, FailureKind::File, "{failed:?}");
    let causes = failed.causes.join("; ");
    assert!(causes.contains("has changed"), "{causes}");
    // The server does not take what came for the whole.
    assert!(told(&mut ends).await.is_err());
}

#[tokio::test]
async fn a_refused_request_goes_once_more_over_another_connection() {
    let authority = Authority::new();
    let server = Http2Server::handling(&authority, |mut call: Call| async move {
        let path = call.request.uri().path().to_owned();
        if path == "/never" || path == "/later" && call.connection == 0 {
            call.respond.send_reset(Reason::REFUSED_STREAM);
        } else {
            let length = drain(call.request.body_mut()).await.unwrap();
            let text = format!("{} {length}", call.connection);
            answer(&mut call.respond, 200, &text);
        }
    })
    .await;
    let client = authority.client();
    let url = |path: &str| format!("{}{path}", server.url);
    let sent = send_with(&client, &big_post(&url("/"), 10)).await;
    assert_eq!(response(&sent).body, "0 10");
    let sent = send_with(&client, &big_post(&url("/later"), 1_000_000)).await;
    assert_eq!(response(&sent).body, "1 1000000");
    assert_eq!(sent.hops.len(), 1);
    let sent = send_with(&client, &big_post(&url("/never"), 10)).await;
    let failed = failure(&sent);
    assert_eq!(
        (failed.kind, failed.processed),
        (FailureKind::Reset, Processed::No)
    );
    assert_eq!(server.connections(), 3);
    // Nothing that was refused keeps the client from the next send.
    let sent = send_with(&client, &big_post(&url("/"), 10)).await;
    assert_eq!(response(&sent).body, "3 10");
}

/// Reads until the head of a request has begun to come: RFC 9113, Sections 3.4 and 4.1.
async fn until_headers(socket: &mut TcpStream) {
    let mut came = Vec::new();
    loop {
        let mut at = 24;
        while let Some(&[a, b, c, kind, ..]) = came.get(at..at + 9) {
            if kind == 1 {
                return;
            }
            at += 9 + u32::from_be_bytes([0, a, b, c]) as usize;
        }
        assert!(socket.read_buf(&mut came).await.unwrap() > 0);
    }
}

const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

#[tokio::test]
async fn what_a_server_has_not_processed_at_its_end_goes_once_more() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut first, _) = listener.accept().await.unwrap();
        first.write_all(SETTINGS).await.unwrap();
        until_headers(&mut first).await;
        // GOAWAY: the last stream that was processed is none, and nothing went wrong.
        let goaway = [[0, 0, 8, 7, 0, 0, 0, 0, 0].as_slice(), &[0; 8]].concat();
        first.write_all(&goaway).await.unwrap();
        let (second, _) = listener.accept().await.unwrap();
        serve_plain(second, |mut call: Call| async move {
            let length = drain(call.request.body_mut()).await.unwrap();
            answer(&mut call.respond, 200, &length.to_string());
        })
        .await;
        drop(first);
    });
    let sent = send(&by_http2(big_post(&url, 1_000_000))).await;
    assert_eq!(response(&sent).body, "1000000");
    serving.abort();
}

#[tokio::test]
async fn a_connection_that_is_cut_is_lost_and_not_asked_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.write_all(SETTINGS).await.unwrap();
        until_headers(&mut socket).await;
        drop(socket);
        let again = listener.accept();
        assert!(
            tokio::time::timeout(Duration::from_millis(300), again)
                .await
                .is_err()
        );
    });
    let sent = send(&by_http2(form_post(&url))).await;
    let failed = failure(&sent);
    assert_eq!(
        (failed.kind, failed.processed),
        (FailureKind::Reset, Processed::Maybe)
    );
    serving.await.unwrap();
}

#[tokio::test]
async fn who_does_not_speak_http2_is_known_by_its_frames() {
    let server = Recorder::handling(|mut peer| async move {
        peer.some_bytes().await;
        peer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
            .await;
        peer.until_closed().await;
    })
    .await;
    let sent = send(&by_http2(form_post(&server.url("/")))).await;
    let failed = failure(&sent);
    assert_eq!(failed.kind, FailureKind::Reset);
    let causes = failed.causes.join("; ");
    assert!(causes.contains("frame with invalid size"), "{causes}");
}

#[tokio::test]
async fn a_body_that_is_broken_off_is_kept_as_far_as_it_came() {
    let authority = Authority::new();
    let server = Http2Server::handling(&authority, |mut call: Call| async move {
        let announced = Response::builder().header("content-length", "10");
        let announced = announced.body(()).unwrap();
        let mut stream = call.respond.send_response(announced, false).unwrap();
        stream.send_data(Bytes::from("hello"), false).unwrap();
        // What is not written yet a reset would take back.
        drop(call.request);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let is_calm = call.number == 1;
        stream.send_reset(if is_calm {
            Reason::NO_ERROR
        } else {
            Reason::INTERNAL_ERROR
        });
    })
    .await;
    let client = authority.client();
    for _ in 0..2 {
        let sent = send_with(&client, &get(&server.url)).await;
        let failed = failure(&sent);
        assert_eq!(failed.kind, FailureKind::Truncated, "{failed:?}");
        assert_eq!(failed.partial.as_ref().unwrap().body, "hello");
    }
}
