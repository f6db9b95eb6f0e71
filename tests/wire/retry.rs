//! Trying again: only where it was asked for, only where it does no harm, each attempt kept.

use std::time::Duration;

use posttui::{
    model::{
        Again, FailureKind, IdempotencyKey, Outcome, Phase, PreparedRequest, Processed, Retry,
        TimeoutKind, find_header,
    },
    net::{Client, Progress},
    prepare::{Given, prepare_with},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_util::sync::CancellationToken;

use crate::{
    recorder::{PATIENCE, Recorder},
    sending::{
        Flight, OK, Vacant, failure, form_post, form_request, get, response, send, send_and_hear,
    },
};

const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nbusy";

fn retried(mut prepared: PreparedRequest, times: u32) -> PreparedRequest {
    prepared.options.retry = Retry {
        times,
        wait: Duration::from_millis(10),
        ..Retry::default()
    };
    prepared
}

fn put(url: &str) -> PreparedRequest {
    let mut prepared = form_post(url);
    prepared.method = String::from("PUT");
    prepared
}

fn again(told: &[Progress]) -> Vec<&Again> {
    let mut found = Vec::new();
    for progress in told {
        if let Progress::Retry(again) = progress {
            found.push(again);
        }
    }
    found
}

fn attempts(sent: &posttui::net::Sent) -> Vec<u32> {
    sent.hops.iter().map(|hop| hop.attempt).collect()
}

#[tokio::test]
async fn what_may_be_repeated_is_until_it_is_answered() {
    let server = Recorder::replying([BUSY, BUSY, OK]).await;
    let prepared = retried(put(&server.url("/x")), 5);
    let (sent, told) = send_and_hear(&Client::new(), &prepared).await;
    assert_eq!(response(&sent).body, "ok");
    assert_eq!(attempts(&sent), [1, 2, 3]);
    assert_eq!(sent.hops[0].response.as_ref().unwrap().status, 503);
    let told = again(&told);
    let numbers: Vec<_> = told.iter().map(|it| (it.attempt, it.of)).collect();
    assert_eq!(numbers, [(2, 6), (3, 6)]);
    assert_eq!(told[1].wait, Duration::from_millis(20), "it doubles");
    assert_eq!(told[0].after, "503");
    let bodies: Vec<String> = server
        .requests()
        .iter()
        .map(crate::recorder::Recorded::text)
        .collect();
    assert!(
        bodies.iter().all(|it| *it == bodies[0]),
        "the very same bytes"
    );
}

#[tokio::test]
async fn nothing_is_repeated_unless_it_is_asked_for() {
    let server = Recorder::replying([BUSY]).await;
    let sent = send(&get(&server.url("/x"))).await;
    assert_eq!(response(&sent).head.status, 503);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_post_is_not_repeated_once_it_was_sent() {
    let server = Recorder::replying([BUSY]).await;
    let sent = send(&retried(form_post(&server.url("/x")), 3)).await;
    assert_eq!(response(&sent).head.status, 503);
    assert_eq!((server.requests().len(), sent.hops.len()), (1, 1));
    let dying = Recorder::handling(|mut peer| async move {
        peer.request().await;
        peer.close().await;
    })
    .await;
    let sent = send(&retried(form_post(&dying.url("/x")), 3)).await;
    assert_eq!(failure(&sent).processed, Processed::Maybe);
    assert_eq!((dying.requests().len(), dying.connections()), (1, 1));
}

#[tokio::test]
async fn a_post_is_repeated_with_its_key_or_when_the_user_says_so() {
    let server = Recorder::replying([BUSY, OK, BUSY, OK]).await;
    let mut request = form_request(&server.url("/x"));
    for (name, text) in [
        ("idempotency_key", "on"),
        ("retry", "2"),
        ("retry_wait", "0"),
    ] {
        request.options.set(name, text);
    }
    let given = Given {
        key: "8e03978e-40d5-43dd-bc93-6894a57f9324".to_owned(),
        ..Given::default()
    };
    let prepared = prepare_with(&request, &given).unwrap();
    assert_eq!(prepared.options.idempotency_key, IdempotencyKey::Made);
    assert_eq!(response(&send(&prepared).await).head.status, 200);
    let field = "\r\nidempotency-key: \"8e03978e-40d5-43dd-bc93-6894a57f9324\"\r\n";
    let requests = server.requests();
    assert!(
        requests.iter().all(|it| it.text().contains(field)),
        "{requests:?}"
    );
    let mut allowed = retried(form_post(&server.url("/x")), 1);
    allowed.options.retry.unsafe_too = true;
    assert!(find_header(&allowed.headers, "idempotency-key").is_none());
    assert_eq!(response(&send(&allowed).await).head.status, 200);
    assert_eq!(server.requests().len(), 4);
}

/// Nothing of a POST leaves this machine while nobody listens: trying again repeats nothing.
#[tokio::test]
async fn a_post_waits_for_a_server_that_is_not_there_yet() {
    let vacant = Vacant::new();
    let prepared = retried(form_post(&vacant.url()), 2);
    let (sent, told) = send_and_hear(&Client::new(), &prepared).await;
    assert_eq!(failure(&sent).kind, FailureKind::Refused);
    assert_eq!(failure(&sent).processed, Processed::No);
    assert_eq!(attempts(&sent), [1, 2, 3]);
    assert_eq!(sent.hops[0].failure, Some(FailureKind::Refused));
    assert_eq!(sent.hops[2].failure, None, "the last one is the outcome");
    assert_eq!(again(&told).len(), 2);
}

#[tokio::test]
async fn what_an_earlier_attempt_may_have_done_is_not_forgotten() {
    let server = Recorder::handling(|mut peer| async move {
        peer.request().await;
        if peer.connection() == 0 {
            peer.write(BUSY.as_bytes()).await;
        }
        peer.close().await;
    })
    .await;
    let sent = send(&retried(put(&server.url("/x")), 1)).await;
    let failure = failure(&sent);
    assert_eq!(failure.kind, FailureKind::Reset);
    assert_eq!(failure.processed, Processed::Answered);
}

#[tokio::test]
async fn a_server_that_falls_silent_is_asked_again() {
    let server = Recorder::handling(|mut peer| async move {
        peer.request().await;
        if peer.connection() == 0 {
            peer.until_closed().await;
        } else {
            peer.write(OK.as_bytes()).await;
            peer.until_closed().await;
        }
    })
    .await;
    // Where the machine is slow, an answer may take longer than that, too: then it is asked once more.
    let mut prepared = retried(put(&server.url("/x")), 8);
    prepared.options.idle_timeout = Some(Duration::from_millis(400));
    let sent = send(&prepared).await;
    assert_eq!(response(&sent).head.status, 200);
    assert_eq!(
        sent.hops[0].failure,
        Some(FailureKind::Timeout(TimeoutKind::Idle))
    );
}

#[tokio::test]
async fn retry_after_is_honoured_and_no_wait_outlasts_the_time_limit() {
    let later = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 3600\r\ncontent-length: 0\r\n\r\n";
    let server = Recorder::replying([later]).await;
    let (sent, told) = send_and_hear(&Client::new(), &retried(get(&server.url("/x")), 3)).await;
    assert_eq!(
        response(&sent).head.status,
        429,
        "the limit is five minutes"
    );
    assert!(again(&told).is_empty());
    let soon = later.replace("3600", "0");
    let server = Recorder::replying([soon.as_str(), OK]).await;
    let mut prepared = retried(get(&server.url("/x")), 3);
    prepared.options.retry.wait = Duration::from_hours(1);
    assert_eq!(response(&send(&prepared).await).head.status, 200);
}

#[tokio::test]
async fn cancelling_ends_the_wait_for_the_next_attempt() {
    let server = Recorder::replying([BUSY]).await;
    let mut prepared = retried(get(&server.url("/x")), 3);
    prepared.options.retry.wait = Duration::from_secs(100);
    let mut sending = Flight::start(&Client::new(), prepared);
    sending
        .until(|told| matches!(told, Progress::Retry(_)))
        .await;
    let sent = sending.cancelled().await;
    assert_eq!(failure(&sent).kind, FailureKind::Cancelled);
    assert_eq!(failure(&sent).processed, Processed::Answered);
    assert!(
        failure(&sent).is_ended_wait(),
        "nothing was being received: {:?}",
        failure(&sent)
    );
    assert_eq!(failure(&sent).phase, Phase::Resolve);
    assert_eq!(server.requests().len(), 1);
}

/// A redirect within an attempt is no attempt, and the next attempt may go the same way.
#[tokio::test]
async fn each_attempt_goes_its_whole_way() {
    let found = "HTTP/1.1 307 Temporary Redirect\r\nlocation: /y\r\ncontent-length: 0\r\n\r\n";
    let server = Recorder::replying([found, BUSY, found, OK]).await;
    let sent = send(&retried(put(&server.url("/x")), 1)).await;
    assert_eq!(response(&sent).head.status, 200);
    assert_eq!(attempts(&sent), [1, 1, 2, 2]);
    let exchange = posttui::model::Exchange {
        id: posttui::model::ExchangeId(1),
        started_at: jiff::Timestamp::UNIX_EPOCH,
        request: posttui::model::Request::default(),
        prepared: retried(put("http://h/"), 1),
        hops: sent.hops,
        outcome: Some(sent.outcome),
        duration: None,
        message: None,
        verdict: posttui::model::Verdict::default(),
    };
    let diagnosis = posttui::status::diagnosis::diagnose(&exchange).unwrap();
    let redirects = diagnosis.evidence.iter();
    let redirects = redirects.filter(|it| it.starts_with("Redirected")).count();
    assert_eq!(redirects, 2, "{:?}", diagnosis.evidence);
    assert!(diagnosis.evidence[0].starts_with("Tried 2 times: 503"));
}

/// RFC 9113, Section 8.7: a refused stream was not processed. It is told, and not sent again all the same.
#[tokio::test]
async fn a_refused_http_2_stream_is_not_sent_again() {
    const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
    const REFUSED: &[u8] = &[0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 7];
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut preface = [0; 24];
        socket.read_exact(&mut preface).await.unwrap();
        socket.write_all(SETTINGS).await.unwrap();
        let mut streams = Vec::new();
        loop {
            let mut head = [0; 9];
            if socket.read_exact(&mut head).await.is_err() {
                return streams;
            }
            let length = usize::from(head[1]) << 8 | usize::from(head[2]);
            let mut payload = vec![0; length];
            socket.read_exact(&mut payload).await.unwrap();
            // HEADERS: RFC 9113, Section 6.2.
            if head[3] == 1 {
                streams.push(head[8]);
                socket.write_all(REFUSED).await.unwrap();
            }
        }
    });
    let client = Client::new();
    let mut prepared = form_post(&url);
    prepared.options.transport.version = posttui::model::VersionChoice::Http2;
    let cancel = CancellationToken::new();
    let sending = client.send(&prepared, &cancel, &|_| {});
    let sent = tokio::time::timeout(PATIENCE, sending).await.unwrap();
    assert!(matches!(&sent.outcome, Outcome::Failure(found) if found.kind == FailureKind::Reset));
    drop(client);
    let streams = tokio::time::timeout(PATIENCE, server)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(streams, [1], "one stream, and no second one");
}
