//! Cancelling works in every phase, closes the connection and keeps what had arrived.

use posttui::{
    model::{FailureKind, Phase, Processed},
    net::{Client, Progress, Sent},
};
use tokio::net::TcpListener;

use crate::{
    recorder::{PATIENCE, Peer, Recorder},
    sending::{Flight, OK, big_post, failure, form_post, get, response, send_with},
};

fn assert_cancelled(sent: &Sent, phase: Phase, processed: Processed) {
    let failure = failure(sent);
    assert_eq!(
        (failure.kind, failure.phase, failure.processed),
        (FailureKind::Cancelled, phase, processed)
    );
}

#[tokio::test]
async fn before_it_begins() {
    let server = Recorder::replying([OK; 0]).await.perhaps_idle();
    let cancel = tokio_util::sync::CancellationToken::new();
    cancel.cancel();
    let sent = Client::new()
        .send(&form_post(&server.url("/")), &cancel, &|_| {})
        .await;
    assert_cancelled(&sent, Phase::Resolve, Processed::No);
    assert_eq!((server.connections(), sent.hops.len()), (0, 0));
}

/// A socket whose queue of connections is full, so that further ones wait.
#[cfg(target_os = "linux")]
mod full {
    use std::{net::SocketAddr, time::Duration};

    use posttui::model::TimeoutKind;
    use tokio::net::{TcpSocket, TcpStream};

    use super::*;

    struct Full {
        address: SocketAddr,
        _listener: TcpListener,
        _queued: Vec<TcpStream>,
    }

    async fn full() -> Full {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queued = Vec::new();
        let limit = Duration::from_millis(300);
        while let Ok(stream) = tokio::time::timeout(limit, TcpStream::connect(address)).await {
            queued.push(stream.unwrap());
        }
        Full {
            address,
            _listener: listener,
            _queued: queued,
        }
    }

    #[tokio::test]
    async fn while_connecting() {
        let full = full().await;
        let prepared = form_post(&format!("http://{}/", full.address));
        let mut flight = Flight::start(&Client::new(), prepared);
        flight.until_phase(Phase::Connect).await;
        assert_cancelled(&flight.cancelled().await, Phase::Connect, Processed::No);
    }

    #[tokio::test]
    async fn the_connect_timeout_ends_connecting() {
        let full = full().await;
        let mut prepared = form_post(&format!("http://{}/", full.address));
        prepared.options.connect_timeout = Duration::from_millis(200);
        let sent = crate::sending::send(&prepared).await;
        let failure = failure(&sent);
        assert_eq!(
            (failure.kind, failure.phase, failure.processed),
            (
                FailureKind::Timeout(TimeoutKind::Connect),
                Phase::Connect,
                Processed::No
            )
        );
        let causes = failure.causes.join("\n");
        assert!(causes.contains("no connection after 200 ms"), "{causes}");
    }
}

#[tokio::test]
async fn during_the_tls_handshake() {
    let server = Recorder::handling(Peer::until_closed).await;
    let prepared = form_post(&server.url("/").replace("http:", "https:"));
    let mut flight = Flight::start(&Client::new(), prepared);
    flight.until_phase(Phase::Tls).await;
    assert_cancelled(&flight.cancelled().await, Phase::Tls, Processed::No);
    server.wait_until("the end", |seen| seen.closed == 1).await;
}

#[tokio::test]
async fn while_the_request_is_written() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let mut flight = Flight::start(&Client::new(), big_post(&url, 40_000_000));
    // Accepted, and not read: what the system does not buffer stays with the sender.
    let (mut socket, _) = listener.accept().await.unwrap();
    flight.until_phase(Phase::Send).await;
    socket.readable().await.unwrap();
    assert_cancelled(&flight.cancelled().await, Phase::Send, Processed::Maybe);
    let mut received = 0;
    let mut buffer = vec![0; 1 << 16];
    let reading = async {
        use tokio::io::AsyncReadExt;
        while let Ok(count @ 1..) = socket.read(&mut buffer).await {
            received += count;
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap();
    assert!(received < 40_000_000, "all of it was sent");
}

#[tokio::test]
async fn while_waiting_for_the_answer() {
    for prepared in [form_post, get] {
        let server = Recorder::handling(|mut peer| async move {
            peer.request().await;
            peer.until_closed().await;
        })
        .await;
        let mut flight = Flight::start(&Client::new(), prepared(&server.url("/")));
        server
            .wait_until("the request", |seen| seen.requests.len() == 1)
            .await;
        flight.until_phase(Phase::Wait).await;
        assert_cancelled(&flight.cancelled().await, Phase::Wait, Processed::Maybe);
        server.wait_until("the end", |seen| seen.closed == 1).await;
    }
}

async fn half_a_body() -> Recorder {
    Recorder::handling(|mut peer| async move {
        peer.request().await;
        peer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello")
            .await;
        peer.until_closed().await;
    })
    .await
}

#[tokio::test]
async fn while_the_body_arrives() {
    let server = half_a_body().await;
    let mut flight = Flight::start(&Client::new(), form_post(&server.url("/")));
    flight
        .until(|told| matches!(told, Progress::Received { bytes: 5, .. }))
        .await;
    let sent = flight.cancelled().await;
    assert_cancelled(&sent, Phase::Receive, Processed::Answered);
    let partial = failure(&sent).partial.as_ref().unwrap();
    assert_eq!(
        (partial.head.status, &partial.body[..]),
        (200, &b"hello"[..])
    );
    assert_eq!(sent.hops[0].response.as_ref(), Some(&partial.head));
    server.wait_until("the end", |seen| seen.closed == 1).await;
}

#[tokio::test]
async fn dropping_the_send_closes_its_connection() {
    let server = half_a_body().await;
    let mut flight = Flight::start(&Client::new(), form_post(&server.url("/")));
    flight.until_phase(Phase::Receive).await;
    flight.abort();
    server.wait_until("the end", |seen| seen.closed == 1).await;
}

#[tokio::test]
async fn the_client_goes_on_after_a_cancelled_send() {
    let server = Recorder::handling(|mut peer| async move {
        peer.request().await;
        if peer.connection() == 1 {
            peer.write(OK.as_bytes()).await;
        }
        peer.until_closed().await;
    })
    .await;
    let client = Client::new();
    let mut flight = Flight::start(&client, form_post(&server.url("/")));
    flight.until_phase(Phase::Wait).await;
    flight.cancelled().await;
    let sent = send_with(&client, &form_post(&server.url("/"))).await;
    assert_eq!(response(&sent).body, "ok");
}
