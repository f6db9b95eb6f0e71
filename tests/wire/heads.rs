//! What comes before a body, as it was sent: interim heads, names in their case and order, and what is no head.

use posttui::{
    model::{FailureKind, Header, Hop},
    net::Sent,
};

use crate::{
    certificates::{Authority, for_names},
    recorder::Recorder,
    sending::{
        Flight, OK, big_post, failure, form_post, response, send, send_timed_out, send_with,
        wire_form,
    },
};

const HINTED: &str = "HTTP/1.1 100 Continue\r\n\r\n\
    HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n\
    HTTP/1.1 201 Created\r\nX-B: 1\r\nx-a: 2\r\nX-B: 3\r\nContent-Length: 2\r\n\r\nok";

fn last(sent: &Sent) -> &Hop {
    sent.hops.last().unwrap()
}

fn interim(sent: &Sent) -> Vec<u16> {
    let heads = last(sent).transit.interim.iter();
    heads.map(|head| head.status).collect()
}

fn names(headers: &[Header]) -> Vec<&str> {
    headers.iter().map(|it| it.name.as_str()).collect()
}

#[tokio::test]
async fn interim_heads_are_kept_and_names_are_as_they_were_sent() {
    let server = Recorder::replying([HINTED, OK]).await;
    let client = posttui::net::Client::new();
    let sent = send_with(&client, &form_post(&server.url("/"))).await;
    assert_eq!(interim(&sent), [100, 103]);
    let hints = &last(&sent).transit.interim[1].headers;
    assert_eq!(hints, &[Header::new("Link", "</style.css>; rel=preload")]);
    let answer = response(&sent);
    assert_eq!((answer.head.status, &answer.body[..]), (201, &b"ok"[..]));
    assert_eq!(
        names(&answer.head.headers),
        ["X-B", "x-a", "X-B", "Content-Length"]
    );
    let sizes = last(&sent).transit.sizes.unwrap();
    let head = HINTED.find("HTTP/1.1 201").unwrap()..HINTED.len() - 2;
    assert_eq!(sizes.response_head, Some(head.len() as u64));
    // What comes over the same connection afterwards is told by itself.
    let sent = send_with(&client, &form_post(&server.url("/"))).await;
    assert_eq!(last(&sent).transit.reused, Some(true));
    assert!(interim(&sent).is_empty());
    assert_eq!(response(&sent).head.status, 200);
}

#[tokio::test]
async fn the_same_goes_for_https() {
    let authority = Authority::new();
    let acceptor = authority.acceptor(&for_names(&["127.0.0.1"]), &["http/1.1"]);
    let server = Recorder::handling_tls(acceptor, |mut peer| async move {
        peer.request().await;
        peer.write(HINTED.as_bytes()).await;
        peer.until_closed().await;
    })
    .await;
    let url = server.url("/").replace("http:", "https:");
    let sent = send_with(&authority.client(), &form_post(&url)).await;
    assert_eq!(interim(&sent), [100, 103]);
    assert_eq!(names(&response(&sent).head.headers)[0], "X-B");
}

#[tokio::test]
async fn an_interim_head_is_kept_where_no_final_one_follows() {
    let server = Recorder::handling(|mut peer| async move {
        peer.request().await;
        peer.write(b"HTTP/1.1 102 Processing\r\n\r\n").await;
        peer.close().await;
    })
    .await;
    let sent = send(&form_post(&server.url("/"))).await;
    assert_eq!(failure(&sent).kind, FailureKind::Reset);
    assert_eq!(interim(&sent), [102]);
    let server = Recorder::handling(|mut peer| async move {
        peer.request().await;
        peer.write(b"HTTP/1.1 102 Processing\r\n\r\n").await;
        peer.until_closed().await;
    })
    .await;
    let prepared = form_post(&server.url("/"));
    let (sent, _) = send_timed_out(&prepared, |it| !interim(it).is_empty()).await;
    assert!(matches!(failure(&sent).kind, FailureKind::Timeout(_)));
    assert_eq!(interim(&sent), [102]);
}

#[tokio::test]
async fn a_head_that_cannot_be_read_is_shown_raw() {
    for (reply, raw) in [
        (
            "HTTP/1.1 abc OK\r\nX-A: 1\r\n\r\n",
            "HTTP/1.1 abc OK\r\nX-A: 1",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6",
        ),
        (
            "HTTP/1.1 103 Early Hints\r\n\r\nnothing of the kind\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\n\r\nnothing of the kind",
        ),
    ] {
        let server = Recorder::replying([reply]).await;
        let sent = send(&form_post(&server.url("/"))).await;
        assert_eq!(failure(&sent).kind, FailureKind::Malformed, "{reply}");
        let unreadable = last(&sent).transit.unreadable.as_deref();
        assert_eq!(unreadable, Some(raw));
    }
}

#[tokio::test]
async fn a_folded_line_does_not_cost_the_others_their_writing() {
    let reply =
        "HTTP/1.1 200 OK\r\nALPHA: 1\r\nX-Fold: a\r\n  b\r\nalpha: 2\r\nContent-Length: 0\r\n\r\n";
    let server = Recorder::replying([reply]).await;
    let sent = send(&form_post(&server.url("/"))).await;
    let headers = &response(&sent).head.headers;
    assert_eq!(
        names(headers),
        ["ALPHA", "X-Fold", "alpha", "Content-Length"]
    );
    assert_eq!(
        headers[1].text().split_whitespace().collect::<Vec<_>>(),
        ["a", "b"]
    );
}

#[tokio::test]
async fn a_head_that_is_cut_off_is_shown_as_far_as_it_came() {
    let begun = "HTTP/1.1 200 OK\r\nX-A: b\r\nX-C: ";
    for closes in [true, false] {
        let server = Recorder::handling(move |mut peer| async move {
            peer.request().await;
            peer.write(begun.as_bytes()).await;
            if closes {
                peer.close().await;
            } else {
                peer.until_closed().await;
            }
        })
        .await;
        let mut prepared = form_post(&server.url("/"));
        prepared.options.total_timeout = (!closes).then(|| std::time::Duration::from_secs(1));
        let sent = send(&prepared).await;
        assert!(failure(&sent).partial.is_none());
        let raw = last(&sent).transit.unreadable.as_deref();
        assert_eq!(raw, Some(begun.trim_end()));
    }
}

#[tokio::test]
async fn more_fields_than_are_read_are_named_as_such() {
    let fields = "X-Many: 1\r\n".repeat(1500);
    let reply = format!("HTTP/1.1 200 OK\r\n{fields}\r\n");
    let server = Recorder::handling(move |mut peer| {
        let reply = reply.clone();
        async move {
            peer.request().await;
            peer.write(reply.as_bytes()).await;
        }
    })
    .await;
    let sent = send(&form_post(&server.url("/"))).await;
    assert_eq!(failure(&sent).kind, FailureKind::Malformed);
    let causes = failure(&sent).causes.join("; ");
    assert!(causes.contains("too large"), "{causes}");
}

/// Names and order are those of the rows, whatever the library makes of them on the way.
#[tokio::test]
async fn the_head_of_a_request_is_as_it_was_typed() {
    let authority = Authority::new();
    let acceptor = authority.acceptor(&for_names(&["127.0.0.1"]), &["http/1.1"]);
    let secure = Recorder::handling_tls(acceptor, |mut peer| async move {
        while peer.request().await.is_some() {
            peer.write(OK.as_bytes()).await;
        }
    })
    .await;
    let plain = Recorder::replying([OK; 3]).await;
    let client = authority.client();
    let secure_url = secure.url("/").replace("http:", "https:");
    for (server, url) in [(&plain, plain.url("/")), (&secure, secure_url)] {
        for body in [10, 3_000_000, 10] {
            let mut prepared = big_post(&url, body);
            let typed = [("X-B", "1"), ("SOAPAction", "urn:x"), ("x-b", "2")];
            let typed = typed.map(|(name, value)| Header::new(name, value));
            prepared.headers.splice(1..1, typed);
            let sent = send_with(&client, &prepared).await;
            assert_eq!(response(&sent).head.status, 200);
            let arrived = server.requests().pop().unwrap();
            let head = "X-B: 1\r\nSOAPAction: urn:x\r\nx-b: 2\r\ncontent-type: ";
            assert!(arrived.text().contains(head), "{:.300}", arrived.text());
            assert_eq!(arrived.bytes, wire_form(&prepared));
        }
        assert_eq!(server.connections(), 1);
    }
}

/// Two sends at once over two connections, and what each of them is told.
#[tokio::test]
async fn heads_of_sends_at_once_are_not_mixed() {
    let server = Recorder::handling(|mut peer| async move {
        while let Some(request) = peer.request().await {
            let path = request.text();
            let number = path.split(['/', ' ']).nth(2).unwrap_or_default().to_owned();
            let head = format!(
                "HTTP/1.1 103 Early Hints\r\nX-N: {number}\r\n\r\nHTTP/1.1 200 OK\r\nX-Own: {number}\r\nContent-Length: 0\r\n\r\n"
            );
            peer.write(head.as_bytes()).await;
        }
    })
    .await;
    let client = posttui::net::Client::new();
    for round in 0..20 {
        let numbers: Vec<String> = (0..5).map(|it| format!("{round}-{it}")).collect();
        let flights = numbers.iter().map(|number| {
            let prepared = form_post(&server.url(&format!("/{number}")));
            Flight::start(&client, prepared)
        });
        let flights: Vec<Flight> = flights.collect();
        for (number, flight) in numbers.iter().zip(flights) {
            let sent = flight.end().await;
            let own = &response(&sent).head.headers[0];
            assert_eq!(own, &Header::new("X-Own", number.as_str()));
            let hints = &last(&sent).transit.interim;
            assert_eq!(hints.len(), 1);
            assert_eq!(hints[0].headers[0].text(), *number);
        }
    }
}
