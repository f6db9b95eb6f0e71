//! Redirects: what goes to the next place, what stays behind, and where it ends.

use std::time::Duration;

use posttui::{
    model::{FailureKind, Field, Processed},
    net::{Client, Progress},
    prepare::prepare,
};

use crate::{
    recorder::Recorder,
    sending::{
        OK, Vacant, failure, form_post, form_request, response, send, send_and_hear, send_with,
        wire_form, with_total_timeout, without_redirects,
    },
};

fn to(status: u16, location: &str) -> String {
    format!("HTTP/1.1 {status} Moved\r\nlocation: {location}\r\ncontent-length: 4\r\n\r\ngone")
}

#[tokio::test]
async fn a_303_turns_the_post_into_a_get_over_the_same_connection() {
    let server = Recorder::replying([to(303, "/users/42"), OK.to_owned()]).await;
    let prepared = form_post(&server.url("/users"));
    let (sent, told) = send_and_hear(&Client::new(), &prepared).await;
    let requests = server.requests();
    assert_eq!(
        requests[1].text(),
        format!(
            "GET /users/42 HTTP/1.1\r\nhost: {}\r\nuser-agent: {}\r\naccept: */*\r\n\r\n",
            server.address(),
            posttui::prepare::USER_AGENT
        )
    );
    assert_eq!(requests[1].connection, 0);
    let [first, second] = &sent.hops[..] else {
        panic!("{:?}", sent.hops)
    };
    assert_eq!(
        (first.method.as_str(), second.method.as_str()),
        ("POST", "GET")
    );
    assert_eq!(first.response.as_ref().unwrap().status, 303);
    assert!(first.dropped.is_empty());
    assert_eq!(
        second.dropped,
        ["the body", "content-type", "content-length"]
    );
    assert_eq!(second.request_body_bytes, 0);
    assert_eq!(response(&sent).body, "ok");
    let hops = told.iter().filter_map(|progress| match progress {
        Progress::Hop { number, method, .. } => Some((*number, method.as_str())),
        Progress::Phase(_)
        | Progress::Consent { .. }
        | Progress::Fork(_)
        | Progress::Retry(_)
        | Progress::Sent { .. }
        | Progress::Received { .. }
        | Progress::Arriving(_) => None,
    });
    assert_eq!(hops.collect::<Vec<_>>(), [(1, "POST"), (2, "GET")]);
}

#[tokio::test]
async fn a_307_sends_the_same_again() {
    let server = Recorder::replying([to(307, "/other?x=1"), OK.to_owned()]).await;
    let mut prepared = form_post(&server.url("/first"));
    let sent = send(&prepared).await;
    prepared.url = server.url("/other?x=1");
    assert_eq!(server.requests()[1].bytes, wire_form(&prepared));
    assert_eq!(sent.hops[1].url, prepared.url);
    assert!(sent.hops[1].dropped.is_empty());
}

#[tokio::test]
async fn another_origin_gets_the_body_but_no_secret() {
    let other = Recorder::replying([OK]).await;
    let server = Recorder::replying([to(308, &other.url("/"))]).await;
    let mut request = form_request(&server.url("/"));
    request.headers = vec![
        Field::new("X-Api-Key", "secret"),
        Field::new("Authorization", "Bearer secret"),
        Field::new("Accept-Language", "de"),
    ];
    let prepared = prepare(&request).unwrap();
    let sent = send(&prepared).await;
    let arrived = other.requests()[0].text();
    assert!(!arrived.contains("secret"), "{arrived}");
    assert!(
        arrived.contains(&format!("host: {}\r\n", other.address())),
        "{arrived}"
    );
    assert!(arrived.contains("Accept-Language: de\r\n"), "{arrived}");
    assert!(arrived.ends_with("username=john_doe&email=john%40example.com"));
    assert_eq!(sent.hops[1].dropped, ["x-api-key", "authorization"]);
}

#[tokio::test]
async fn what_is_not_followed_is_the_answer() {
    for reply in [
        to(300, "/other"),
        to(304, "/other"),
        to(305, "/other"),
        to(306, "/other"),
        to(302, "ftp://127.0.0.1/"),
        to(302, "http://[::1"),
        to(302, ""),
        "HTTP/1.1 302 Found\r\ncontent-length: 4\r\n\r\ngone".to_owned(),
    ] {
        let server = Recorder::replying([&reply]).await;
        let sent = send(&form_post(&server.url("/"))).await;
        assert_eq!(sent.hops.len(), 1, "{reply}");
        let body = if reply.contains(" 304 ") { "" } else { "gone" };
        assert_eq!(response(&sent).body, body, "{reply}");
    }
    let server = Recorder::replying([to(307, "/other")]).await;
    let sent = send(&without_redirects(form_post(&server.url("/")))).await;
    assert_eq!(response(&sent).head.status, 307);
}

#[tokio::test]
async fn a_loop_ends_with_the_last_3xx() {
    let server = Recorder::replying([to(307, "/b"), to(307, "/a")]).await;
    let sent = send(&form_post(&server.url("/a"))).await;
    assert_eq!(server.requests().len(), 2);
    assert_eq!(response(&sent).head.status, 307);
    assert_eq!(response(&sent).body, "gone");
}

#[tokio::test]
async fn the_twentieth_hop_is_the_last() {
    let replies = (1..=20).map(|number| to(302, &format!("/{number}")));
    let server = Recorder::replying(replies).await;
    let sent = send(&form_post(&server.url("/start"))).await;
    assert_eq!((server.requests().len(), sent.hops.len()), (20, 20));
    assert_eq!(response(&sent).head.status, 302);
    assert_eq!(response(&sent).body, "gone");
}

#[tokio::test]
async fn a_second_hop_that_fails_does_not_hide_the_first() {
    let vacant = Vacant::new();
    let server = Recorder::replying([to(303, &vacant.url())]).await;
    let sent = send(&form_post(&server.url("/"))).await;
    let failure = failure(&sent);
    assert_eq!(failure.kind, FailureKind::Refused);
    // The first server has the POST: that the second one is not there makes nothing undone.
    assert_eq!(failure.processed, Processed::Answered);
    assert_eq!(failure.partial, None);
    assert_eq!(sent.hops.len(), 2);
    assert_eq!(sent.hops[0].response.as_ref().unwrap().status, 303);
    assert_eq!(sent.hops[1].response, None);
}

#[tokio::test]
async fn a_redirect_whose_body_never_ends_is_followed_all_the_same() {
    let endless =
        "HTTP/1.1 302 Found\r\nlocation: /next\r\ntransfer-encoding: chunked\r\n\r\n1\r\na";
    let slow = "HTTP/1.1 302 Found\r\nlocation: /last\r\ncontent-length: 10\r\n\r\nnot all";
    let server = Recorder::replying([endless, slow, OK]).await;
    let prepared = with_total_timeout(form_post(&server.url("/")), Duration::from_secs(15));
    let sent = send_with(&Client::new(), &prepared).await;
    assert_eq!(response(&sent).body, "ok");
    assert_eq!(sent.hops.len(), 3);
    assert_eq!(server.connections(), 3);
}
