//! Connections are kept and used again, and nothing is ever sent twice behind the user's back.

use posttui::{
    model::{FailureKind, Phase, Processed},
    net::Client,
};

use crate::{
    recorder::{Recorded, Recorder},
    sending::{OK, failure, form_post, get, phases, response, send_and_hear, send_with},
};

#[tokio::test]
async fn a_second_send_uses_the_same_connection() {
    let server = Recorder::replying([OK; 3]).await;
    let client = Client::new();
    let prepared = form_post(&server.url("/"));
    send_with(&client, &prepared).await;
    let (sent, told) = send_and_hear(&client, &prepared).await;
    assert_eq!(phases(&told), [Phase::Send, Phase::Wait, Phase::Receive]);
    assert_eq!(
        sent.hops[0].remote_address,
        Some(server.address().to_string())
    );
    let (_, told) = send_and_hear(&client.clone(), &get(&server.url("/"))).await;
    assert_eq!(phases(&told), [Phase::Send, Phase::Wait, Phase::Receive]);
    assert_eq!((server.connections(), server.requests().len()), (1, 3));
}

/// The server reads the POST over a kept connection and dies: it may have acted on it.
#[tokio::test]
async fn a_post_on_a_kept_connection_that_dies_is_not_sent_again() {
    let server = Recorder::handling(|mut peer| async move {
        peer.request().await;
        peer.write(OK.as_bytes()).await;
        peer.request().await;
        peer.close().await;
    })
    .await;
    let (client, prepared) = (Client::new(), form_post(&server.url("/")));
    assert_eq!(response(&send_with(&client, &prepared).await).body, "ok");
    let sent = send_with(&client, &prepared).await;
    let failure = failure(&sent);
    assert_eq!(
        (failure.kind, failure.phase, failure.processed),
        (FailureKind::Reset, Phase::Wait, Processed::Maybe)
    );
    assert_eq!((server.connections(), server.requests().len()), (1, 2));
}

/// A kept connection that the server has closed in the meantime takes nothing: the send goes over a
/// new one.
#[tokio::test]
async fn a_kept_connection_found_closed_is_replaced() {
    let server = Recorder::handling(|mut peer| async move {
        peer.request().await;
        peer.write(OK.as_bytes()).await;
        peer.close_both().await;
    })
    .await;
    let (client, prepared) = (Client::new(), form_post(&server.url("/")));
    for number in 1..=3 {
        let (sent, told) = send_and_hear(&client, &prepared).await;
        assert_eq!(response(&sent).body, "ok");
        assert_eq!(phases(&told)[0], Phase::Connect);
        assert_eq!(server.requests().len(), number);
        server
            .wait_until("the end", |seen| seen.closed == number)
            .await;
    }
}

/// A server that answers and hangs up without a word takes the next request of its own redirect with it: what
/// is only asked for is asked for again, over a new connection.
#[tokio::test]
async fn a_get_on_a_kept_connection_that_dies_is_asked_for_once_more() {
    let server = Recorder::handling(|mut peer| async move {
        let request = peer.request().await.unwrap();
        if request.text().starts_with("POST ") {
            peer.write(b"HTTP/1.1 303 See Other\r\nlocation: /y\r\ncontent-length: 0\r\n\r\n")
                .await;
            peer.request().await;
            peer.close().await;
        } else {
            peer.write(OK.as_bytes()).await;
        }
    })
    .await;
    let sent = send_with(&Client::new(), &form_post(&server.url("/x"))).await;
    assert_eq!(response(&sent).body, "ok");
    let lines: Vec<String> = server.requests().iter().map(first_line).collect();
    assert_eq!(
        lines,
        ["POST /x HTTP/1.1", "GET /y HTTP/1.1", "GET /y HTTP/1.1"]
    );
    assert_eq!((server.connections(), sent.hops.len()), (2, 2));
}

fn first_line(request: &Recorded) -> String {
    request.text().lines().next().unwrap().to_owned()
}

/// The same where the connection is closed before it takes anything.
#[tokio::test]
async fn a_redirect_of_a_server_that_hangs_up_goes_over_a_new_connection() {
    let server = Recorder::handling(|mut peer| async move {
        let request = peer.request().await.unwrap();
        if request.text().starts_with("POST ") {
            peer.write(b"HTTP/1.1 303 See Other\r\nlocation: /y\r\ncontent-length: 0\r\n\r\n")
                .await;
        } else {
            peer.write(OK.as_bytes()).await;
        }
        peer.close_both().await;
    })
    .await;
    for _ in 0..50 {
        let sent = send_with(&Client::new(), &form_post(&server.url("/x"))).await;
        assert_eq!(response(&sent).body, "ok");
    }
}
