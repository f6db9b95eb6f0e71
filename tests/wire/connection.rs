//! Connections are kept and used again, and nothing is ever sent twice behind the user's back.

use posttui::{
    model::{FailureKind, Phase, Processed},
    net::Client,
};

use crate::{
    recorder::Recorder,
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
