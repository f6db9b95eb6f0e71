//! Redirects that the user decides upon.

use std::{sync::Mutex, time::Duration};

use posttui::{
    model::{Fork, Outcome, PreparedRequest, Redirects, Turn},
    net::{Client, Progress, Sent, answers},
};
use tokio_util::sync::CancellationToken;

use crate::{
    recorder::{PATIENCE, Recorder},
    sending::{OK, form_post, response, send},
};

const SEE_OTHER: &str =
    "HTTP/1.1 303 See Other\r\nlocation: /there\r\ncontent-length: 4\r\n\r\ngone";

fn asking(url: &str) -> PreparedRequest {
    let mut prepared = form_post(url);
    prepared.options.redirects = Redirects::Ask;
    prepared
}

/// Sends, and says the next turn at each question.
async fn send_saying(prepared: &PreparedRequest, turns: &[Turn]) -> (Sent, Vec<Fork>) {
    let (say, answers) = answers();
    let (turns, forks) = (Mutex::new(turns.iter()), Mutex::new(Vec::new()));
    let progress = |progress| {
        if let Progress::Fork(fork) = progress {
            forks.lock().unwrap().push(fork);
            say.send(*turns.lock().unwrap().next().unwrap()).unwrap();
        }
    };
    let (client, cancel) = (Client::new(), CancellationToken::new());
    let sending = client.send_asking(prepared, &cancel, &progress, answers);
    let sent = tokio::time::timeout(PATIENCE, sending).await.unwrap();
    (sent, forks.into_inner().unwrap())
}

#[tokio::test]
async fn each_hop_is_asked_about_and_goes_as_it_is_said() {
    let server =
        Recorder::replying([SEE_OTHER, SEE_OTHER.replace("/there", "/on").as_str(), OK]).await;
    let prepared = asking(&server.url("/here"));
    let (sent, forks) = send_saying(&prepared, &[Turn::KeepMethod, Turn::Follow]).await;
    assert_eq!(response(&sent).head.status, 200);
    let methods: Vec<&str> = sent.hops.iter().map(|hop| hop.method.as_str()).collect();
    assert_eq!(methods, ["POST", "POST", "GET"]);
    assert_eq!((forks[0].status, forks[0].method.as_str()), (303, "GET"));
    assert_eq!(forks[0].url, server.url("/there"));
    assert!(forks[0].dropped.contains(&"the body".to_owned()));
    assert!(
        server.requests()[1]
            .text()
            .ends_with("email=john%40example.com")
    );
}

#[tokio::test]
async fn stopping_makes_the_redirect_the_answer_with_its_body() {
    let server = Recorder::replying([SEE_OTHER]).await;
    let (sent, _) = send_saying(&asking(&server.url("/here")), &[Turn::Stop]).await;
    let response = response(&sent);
    assert_eq!(
        (response.head.status, &response.body[..]),
        (303, &b"gone"[..])
    );
}

#[tokio::test]
async fn where_nobody_can_be_asked_it_is_not_followed() {
    let server = Recorder::replying([SEE_OTHER]).await;
    let sent = send(&asking(&server.url("/here"))).await;
    assert_eq!(response(&sent).head.status, 303);
    assert_eq!(server.requests().len(), 1);
}

/// Sends with a time limit to a server that redirects, and says only after that time where to go.
async fn thought_about_for_longer_than(limit: Duration) -> Sent {
    let server = Recorder::replying([SEE_OTHER, OK]).await.perhaps_idle();
    let mut prepared = asking(&server.url("/here"));
    prepared.options.total_timeout = Some(limit);
    let (say, answers) = answers();
    let progress = move |progress| {
        if let Progress::Fork(_) = progress {
            let say = say.clone();
            tokio::spawn(async move {
                // Longer than the limit: this is what the test is about.
                tokio::time::sleep(limit * 3 / 2).await;
                // A send that has ended needs no answer.
                let _ = say.send(Turn::Follow);
            });
        }
    };
    let (client, cancel) = (Client::new(), CancellationToken::new());
    let sending = client.send_asking(&prepared, &cancel, &progress, answers);
    tokio::time::timeout(PATIENCE, sending).await.unwrap()
}

/// The time limit stands still while the user thinks.
#[tokio::test]
async fn thinking_about_it_costs_no_time() {
    let mut limit = Duration::from_millis(300);
    let mut sent = thought_about_for_longer_than(limit).await;
    // The two hops themselves have to come within the limit, which is up to the machine.
    while matches!(sent.outcome, Outcome::Failure(_)) && limit < PATIENCE / 4 {
        limit *= 2;
        sent = thought_about_for_longer_than(limit).await;
    }
    assert_eq!(response(&sent).head.status, 200);
}
