//! Misbehaviour, each on a connection that has served a good request before.

use std::{
    io::ErrorKind,
    time::{Duration, Instant},
};

use crate::support::{Client, Ground};

/// A connection that has been used, as a client's pool holds it.
fn used(ground: &Ground) -> Client {
    let mut client = ground.connect();
    let answer = client.ask("POST", "/echo", &[], b"first");
    assert_eq!(answer.json()["body"], "first");
    client
}

#[test]
fn cut_ends_before_the_announced_length() {
    let ground = Ground::start();
    let mut client = used(&ground);
    client.send("POST", "/cut", &[], b"a=b");
    let head = client.read_head().unwrap();
    assert_eq!(head.status, 200);
    assert_eq!(head.header("content-length").as_deref(), Some("1000"));
    let body = client.read_to_end().unwrap();
    assert!(!body.is_empty() && body.len() < 1000);
}

#[test]
fn cut_chunked_ends_within_a_chunk() {
    let ground = Ground::start();
    let mut client = used(&ground);
    client.send("POST", "/cut-chunked", &[], b"a=b");
    let head = client.read_head().unwrap();
    assert_eq!(head.header("transfer-encoding").as_deref(), Some("chunked"));
    assert!(client.read_chunk().unwrap().is_some());
    let error = client.read_chunk().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
}

#[test]
fn reset_is_a_reset_and_no_end() {
    let ground = Ground::start();
    let mut client = used(&ground);
    client.send("POST", "/reset", &[], b"a=b");
    let error = client.read_to_end().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[test]
fn garbage_is_no_http() {
    let ground = Ground::start();
    let mut client = used(&ground);
    client.send("POST", "/garbage", &[], b"a=b");
    let bytes = client.read_to_end().unwrap();
    assert!(bytes.starts_with(b"SSH-2.0"));
}

#[test]
fn hang_says_nothing() {
    let ground = Ground::start();
    let mut client = used(&ground);
    client.send("POST", "/hang", &[], b"a=b");
    assert!(client.is_silent_for(Duration::from_millis(150)));
    client.shutdown_writing();
    assert_eq!(client.read_to_end().unwrap(), b"");
}

#[test]
fn delay_keeps_its_time() {
    let ground = Ground::start();
    let mut client = used(&ground);
    let start = Instant::now();
    let answer = client.ask("POST", "/delay/120", &[], b"a=b");
    assert!(start.elapsed() >= Duration::from_millis(120));
    assert_eq!(answer.json()["delayed_ms"], 120);
    assert_eq!(client.ask("GET", "/delay/soon", &[], b"").status, 400);
}

#[test]
fn drip_sends_each_byte_by_itself() {
    let ground = Ground::start();
    let mut client = used(&ground);
    let start = Instant::now();
    client.send("POST", "/drip?bytes=4&ms=30", &[], b"");
    client.read_head().unwrap();
    let mut body = Vec::new();
    while let Some(chunk) = client.read_chunk().unwrap() {
        assert_eq!(chunk.len(), 1);
        body.extend(chunk);
    }
    assert_eq!(body, b"0123");
    assert!(start.elapsed() >= Duration::from_millis(90));
    assert_eq!(client.ask("GET", "/drip?ms=x", &[], b"").status, 400);
}

#[test]
fn hostile_bytes_arrive_as_they_are() {
    let ground = Ground::start();
    let mut client = used(&ground);
    let answer = client.ask("POST", "/hostile", &[], b"");
    assert_eq!(answer.status, 200);
    assert!(answer.reason.contains(&0x9b));
    let value = |name: &str| {
        let found = answer.headers.iter().find(|(found, _)| found == name);
        found.unwrap().1.clone()
    };
    assert!(value("X-C1").starts_with(b"\x9b31m"));
    assert!(
        value("X-Bidi")
            .windows(3)
            .any(|part| part == "\u{202e}".as_bytes())
    );
    assert!(answer.body.windows(5).any(|part| part == b"\x1b]52;"));
    assert!(
        answer
            .headers
            .iter()
            .all(|(_, value)| !value.contains(&0x1b))
    );

    let raw = client.ask("POST", "/hostile?raw=1", &[], b"");
    assert!(raw.headers.iter().any(|(_, value)| value.contains(&0x1b)));
}

/// What the program itself makes of it: all but the ESC in a field passes, and that field alone is lost.
#[test]
fn posttui_reads_the_hostile_reply_and_leaves_what_is_no_field_out() {
    let ground = Ground::start();
    let base = ground.playground.url();
    ground.block_on(async {
        let client = posttui::net::Client::new();
        let request = |path: &str| posttui::model::Request {
            url: format!("{base}{path}"),
            ..posttui::model::Request::default()
        };
        let cancel = tokio_util::sync::CancellationToken::new();
        let prepared = |path| posttui::prepare::prepare(&request(path)).unwrap();
        let good = client
            .send(&prepared("/hostile"), &cancel, &|_| {})
            .await
            .outcome;
        let good = good.received().unwrap();
        let c1 = posttui::model::find_header(&good.head.headers, "x-c1");
        assert_eq!(c1.unwrap().value[0], 0x9b);
        assert!(good.body.contains(&0x1b));
        let raw = prepared("/hostile?raw=1");
        let raw = client.send(&raw, &cancel, &|_| {}).await.outcome;
        let raw = raw.received().unwrap();
        assert!(
            raw.head
                .headers
                .iter()
                .all(|header| !header.value.contains(&0x1b))
        );
    });
}
