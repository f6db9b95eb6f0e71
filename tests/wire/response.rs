//! What comes back is kept as received, odd as it may be.

use posttui::{
    model::{FailureKind, Header, HttpVersion, Processed, find_header},
    net::{Client, Progress, Settings},
};

use crate::{
    recorder::Recorder,
    sending::{failure, form_post, get, response, send, send_and_hear},
};

async fn answered(reply: impl AsRef<[u8]>) -> posttui::net::Sent {
    let reply = reply.as_ref().to_vec();
    let server = Recorder::handling(move |mut peer| {
        let reply = reply.clone();
        async move {
            peer.request().await;
            peer.write(&reply).await;
            peer.close().await;
        }
    })
    .await;
    send(&form_post(&server.url("/"))).await
}

#[tokio::test]
async fn the_reason_is_kept_when_it_is_not_the_usual_one() {
    for (line, reason) in [
        ("200 OK", None),
        ("200 Fine", Some("Fine")),
        ("200 ", None),
        ("200", None),
        ("422 Unprocessable Content", Some("Unprocessable Content")),
        ("799 Own words", Some("Own words")),
        ("299 ", None),
    ] {
        let sent = answered(format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\n\r\n")).await;
        let head = &response(&sent).head;
        let expected = reason.filter(|it| {
            http::StatusCode::from_u16(head.status)
                .unwrap()
                .canonical_reason()
                != Some(it)
        });
        assert_eq!(head.reason.as_deref(), expected, "{line}");
    }
    let sent = answered("HTTP/1.0 404 Nichts hier\r\n\r\n").await;
    let head = &response(&sent).head;
    assert_eq!(head.reason.as_deref(), Some("Nichts hier"));
    assert_eq!(head.version, HttpVersion::Http10);
}

#[tokio::test]
async fn header_fields_are_as_they_were_sent() {
    let sent = answered(
        b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX-Raw: \xff\x80\x9b caf\xe9\r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    assert_eq!(
        response(&sent).head.headers,
        [
            Header::new("Set-Cookie", "a=1"),
            Header::new("X-Raw", &b"\xff\x80\x9b caf\xe9"[..]),
            Header::new("set-cookie", "b=2"),
            Header::new("Content-Length", "0"),
        ]
    );
}

#[tokio::test]
async fn odd_heads_are_read_as_far_as_they_can_be() {
    let sent = answered(
        "HTTP/1.1 200 OK\r\nx-folded: one\r\n two\r\nx-spaced : yes\r\nno colon at all\r\nx-last: 1\r\n\r\nbody",
    )
    .await;
    let head = &response(&sent).head;
    let text = |name| find_header(&head.headers, name).map(Header::text);
    assert!(text("x-folded").unwrap().starts_with("one"));
    assert_eq!(text("x-spaced").as_deref(), Some("yes"));
    assert_eq!(text("x-last").as_deref(), Some("1"));
    assert_eq!(response(&sent).body, "body");

    let many: Vec<_> = (0..500).map(|it| format!("x-{it}: {it}\r\n")).collect();
    let sent = answered(format!("HTTP/1.1 200 OK\r\n{}\r\n", many.concat())).await;
    assert_eq!(response(&sent).head.headers.len(), 500);
}

#[tokio::test]
async fn bodies_are_kept_as_received() {
    let zipped = b"\x1f\x8b\x08\x00 not really gzip \x00\xff";
    let mut reply = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        zipped.len()
    )
    .into_bytes();
    reply.extend(zipped);
    let sent = answered(reply).await;
    assert_eq!(response(&sent).body, &zipped[..]);
    assert!(find_header(&response(&sent).head.headers, "content-encoding").is_some());

    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nt: 1\r\n\r\n";
    assert_eq!(response(&answered(chunked).await).body, "abcde");

    let to_the_end = "HTTP/1.1 200 OK\r\n\r\nuntil it closes";
    assert_eq!(
        response(&answered(to_the_end).await).body,
        "until it closes"
    );

    let informed = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n";
    assert_eq!(response(&answered(informed).await).head.status, 204);
}

#[tokio::test]
async fn a_head_request_has_no_body_to_wait_for() {
    let server = Recorder::replying(["HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"]).await;
    let mut prepared = get(&server.url("/"));
    prepared.method = "HEAD".to_owned();
    let sent = send(&prepared).await;
    assert_eq!(response(&sent).body, "");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_cut_off_and_kept_so_far() {
    let body = "x".repeat(5000);
    let reply = format!("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{body}");
    let client = |max_body| {
        Client::with_settings(Settings {
            max_body,
            ..Settings::default()
        })
    };
    let server = Recorder::replying([&reply, &reply]).await;
    let prepared = form_post(&server.url("/"));
    let (sent, told) = send_and_hear(&client(5000), &prepared).await;
    assert_eq!(response(&sent).body, body);
    let last = Progress::Received {
        bytes: 5000,
        total: Some(5000),
    };
    assert_eq!(told.last(), Some(&last));

    let (sent, _) = send_and_hear(&client(4999), &prepared).await;
    let failure = failure(&sent);
    assert_eq!(failure.kind, FailureKind::TooLarge);
    assert_eq!(failure.processed, Processed::Answered);
    assert_eq!(
        failure.causes,
        ["the body is larger than 4.9 KiB, the most that is kept"]
    );
    let partial = failure.partial.as_ref().unwrap();
    assert_eq!((partial.head.status, partial.body.len()), (200, 4999));
}

#[tokio::test]
async fn a_body_beyond_the_memory_goes_through_a_file_without_a_name() {
    let body = "0123456789".repeat(50_000);
    let reply = format!("HTTP/1.1 200 OK\r\ncontent-length: 500000\r\n\r\n{body}");
    let server = Recorder::replying([&reply]).await;
    let folder = tempfile::tempdir().unwrap();
    let spill = folder.path().join("cache");
    let client = Client::with_settings(Settings {
        in_memory: 1000,
        spill: spill.clone(),
        ..Settings::default()
    });
    let (sent, _) = send_and_hear(&client, &form_post(&server.url("/"))).await;
    assert_eq!(response(&sent).body, body);
    assert_eq!(std::fs::read_dir(&spill).unwrap().count(), 0);
}

#[tokio::test]
async fn a_folder_that_takes_no_body_is_a_failure_with_its_name() {
    let body = "x".repeat(5000);
    let reply = format!("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{body}");
    let server = Recorder::replying([&reply]).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let client = Client::with_settings(Settings {
        in_memory: 1000,
        spill: file.path().to_owned(),
        ..Settings::default()
    });
    let (sent, _) = send_and_hear(&client, &form_post(&server.url("/"))).await;
    let failure = failure(&sent);
    assert_eq!(failure.kind, FailureKind::TooLarge);
    assert!(failure.causes[0].contains(&file.path().display().to_string()));
}

/// Nothing of it may be on the disk, so that each look at it is a copy.
#[tokio::test]
async fn a_large_body_in_the_memory_is_not_copied_at_every_report() {
    let piece = vec![b'x'; 1024 * 1024];
    let server = Recorder::handling(move |mut peer| {
        let piece = piece.clone();
        async move {
            peer.request().await;
            peer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 41943040\r\n\r\n")
                .await;
            for _ in 0..40 {
                peer.write(&piece).await;
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        }
    })
    .await;
    let client = Client::with_settings(Settings {
        in_memory: usize::MAX,
        tells_arriving: true,
        ..Settings::default()
    });
    let (sent, told) = send_and_hear(&client, &form_post(&server.url("/"))).await;
    assert_eq!(response(&sent).body.len(), 40 * 1024 * 1024);
    let copied = told.iter().filter_map(|it| match it {
        Progress::Arriving(so_far) => Some(so_far.body.len()),
        _ => None,
    });
    let large: Vec<usize> = copied.filter(|bytes| *bytes >= 8 * 1024 * 1024).collect();
    assert!(large.len() <= 4, "{large:?}");
}
