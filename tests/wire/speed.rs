//! Nobody waits for a client that is being built.

use std::time::{Duration, Instant};

use posttui::net::Client;

use crate::{
    recorder::Recorder,
    sending::{OK, form_post, response, send_with},
};

#[tokio::test]
async fn the_first_send_is_as_quick_as_any() {
    let server = Recorder::replying([OK; 11]).await;
    let prepared = form_post(&server.url("/"));
    // The quickest of a few, each with a client of its own: the machine may be busy otherwise.
    let mut quickest = Duration::MAX;
    for _ in 0..10 {
        let started = Instant::now();
        let sent = send_with(&Client::new(), &prepared).await;
        quickest = quickest.min(started.elapsed());
        assert_eq!(response(&sent).body, "ok");
    }
    println!("{quickest:?} from a new client to its first answer");
    assert!(quickest < Duration::from_millis(100), "{quickest:?}");
    let client = Client::new();
    send_with(&client, &prepared).await;
}
