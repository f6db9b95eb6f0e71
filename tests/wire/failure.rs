//! Each kind of failure that loopback can show, and what it says about the server.

use posttui::{
    model::{Failure, FailureKind, Phase, Processed, TimeoutKind},
    net::{Client, Sent},
    units::human_duration,
};

use crate::{
    recorder::Recorder,
    sending::{
        OK, Vacant, big_post, failure, form_post, response, send, send_timed_out, send_with,
    },
};

async fn failed(reply: &'static [u8]) -> Sent {
    let server = Recorder::handling(move |mut peer| async move {
        peer.request().await;
        peer.write(reply).await;
        peer.close().await;
    })
    .await;
    send(&form_post(&server.url("/?token=secret"))).await
}

fn facts(failure: &Failure) -> (FailureKind, Phase, Processed) {
    (failure.kind, failure.phase, failure.processed)
}

#[tokio::test]
async fn a_port_where_nobody_listens_refuses() {
    let vacant = Vacant::new();
    let sent = send(&form_post(&format!("{}/?token=secret", vacant.url()))).await;
    let failure = failure(&sent);
    assert_eq!(
        facts(failure),
        (FailureKind::Refused, Phase::Connect, Processed::No)
    );
    let causes = failure.causes.join("\n");
    assert!(causes.contains("refused"), "{causes}");
    assert!(
        !causes.contains("secret") && !causes.contains("http://"),
        "{causes}"
    );
    assert_eq!(sent.hops.len(), 1);
    assert_eq!(
        (&sent.hops[0].response, &sent.hops[0].remote_address),
        (&None, &None)
    );
    assert_eq!(failure.partial, None);
}

/// A label of more than 63 octets cannot be asked for (RFC 1035, Section 2.3.4), so that no resolver
/// is asked.
#[tokio::test]
async fn a_name_without_an_address() {
    let name = format!("{}.invalid", "x".repeat(64));
    let mut prepared = form_post(&format!("http://{name}/"));
    // A proxy of the environment would have to find it instead.
    prepared.options.transport.proxy = String::from("none");
    let sent = send(&prepared).await;
    let failure = failure(&sent);
    assert_eq!(
        facts(failure),
        (FailureKind::Dns, Phase::Resolve, Processed::No)
    );
    assert!(failure.causes.iter().any(|cause| cause.contains(&name)));
}

#[tokio::test]
async fn a_server_that_closes_without_an_answer() {
    for reply in [&b""[..], b"HTTP/1.1 200 OK\r\nx-cut: o"] {
        let sent = failed(reply).await;
        assert_eq!(
            facts(failure(&sent)),
            (FailureKind::Reset, Phase::Wait, Processed::Maybe)
        );
        assert_eq!(failure(&sent).partial, None);
    }
}

#[tokio::test]
async fn what_is_not_http() {
    for reply in [
        &b"SSH-2.0-OpenSSH_9.6\r\n"[..],
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"220 mail.example ESMTP\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!",
    ] {
        let sent = failed(reply).await;
        let text = String::from_utf8_lossy(reply);
        assert_eq!(
            facts(failure(&sent)),
            (FailureKind::Malformed, Phase::Wait, Processed::Maybe),
            "{text}"
        );
    }
}

#[tokio::test]
async fn what_is_not_http_is_shown() {
    for (reply, began) in [
        (&b"SSH-2.0-OpenSSH_9.6\r\n"[..], "SSH-2.0-OpenSSH_9.6"),
        (
            b"\x15\x03\x01\x00\x02\x02\x46",
            r"\x15\x03\x01\x00\x02\x02F",
        ),
    ] {
        let sent = failed(reply).await;
        assert_eq!(failure(&sent).causes, [format!("it began with “{began}”")]);
    }
}

#[tokio::test]
async fn a_body_that_ends_too_early_is_kept_so_far() {
    for reply in [
        &b"HTTP/1.1 201 Created\r\ncontent-length: 10\r\n\r\nhello"[..],
        b"HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhello",
    ] {
        let sent = failed(reply).await;
        let failure = failure(&sent);
        assert_eq!(
            facts(failure),
            (FailureKind::Truncated, Phase::Receive, Processed::Answered)
        );
        let partial = failure.partial.as_ref().unwrap();
        assert_eq!(
            (partial.head.status, &partial.body[..]),
            (201, &b"hello"[..])
        );
        assert_eq!(sent.hops[0].response.as_ref(), Some(&partial.head));
    }
}

#[tokio::test]
async fn a_chunk_without_a_length_is_malformed() {
    let reply = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\nwhat?\r\n";
    let sent = failed(reply).await;
    assert_eq!(
        facts(failure(&sent)),
        (FailureKind::Malformed, Phase::Receive, Processed::Answered)
    );
    assert_eq!(failure(&sent).partial.as_ref().unwrap().body, "hi");
}

#[tokio::test]
async fn the_total_timeout_ends_the_wait() {
    let server = Recorder::handling(|mut peer| async move {
        peer.request().await;
        peer.until_closed().await;
    })
    .await;
    let prepared = form_post(&server.url("/"));
    let (sent, limit) = send_timed_out(&prepared, |it| failure(it).phase == Phase::Wait).await;
    assert_eq!(
        facts(failure(&sent)),
        (
            FailureKind::Timeout(TimeoutKind::Total),
            Phase::Wait,
            Processed::Maybe
        )
    );
    let cause = format!("it was not complete after {}", human_duration(limit));
    assert_eq!(failure(&sent).causes, [cause]);
    let connections = server.connections();
    server
        .wait_until("the end", |seen| seen.closed == connections)
        .await;
}

#[tokio::test]
async fn the_total_timeout_ends_a_body_and_keeps_what_came() {
    let server = Recorder::handling(|mut peer| async move {
        peer.request().await;
        peer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello")
            .await;
        peer.until_closed().await;
    })
    .await;
    let prepared = form_post(&server.url("/"));
    let (sent, _) = send_timed_out(&prepared, |it| failure(it).partial.is_some()).await;
    assert_eq!(
        facts(failure(&sent)),
        (
            FailureKind::Timeout(TimeoutKind::Total),
            Phase::Receive,
            Processed::Answered
        )
    );
    assert_eq!(failure(&sent).partial.as_ref().unwrap().body, "hello");
    let connections = server.connections();
    server
        .wait_until("the end", |seen| seen.closed == connections)
        .await;
}

/// A server that refuses early need not read what it refuses.
#[tokio::test]
async fn an_answer_before_the_whole_body_is_taken() {
    let server = Recorder::handling(|mut peer| async move {
        peer.some_bytes().await;
        peer.write(b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 3\r\n\r\nbig")
            .await;
        peer.until_closed().await;
    })
    .await;
    let sent = send(&big_post(&server.url("/"), 20_000_000)).await;
    assert_eq!(response(&sent).head.status, 413);
    assert_eq!(response(&sent).body, "big");
}

#[tokio::test]
async fn the_next_send_works_after_a_failure() {
    let server = Recorder::handling(|mut peer| async move {
        peer.request().await;
        if peer.connection() == 1 {
            peer.write(OK.as_bytes()).await;
        }
        peer.close().await;
    })
    .await;
    let (client, prepared) = (Client::new(), form_post(&server.url("/")));
    let first = send_with(&client, &prepared).await;
    assert_eq!(failure(&first).kind, FailureKind::Reset);
    let second = send_with(&client, &prepared).await;
    assert_eq!(response(&second).body, "ok");
}
