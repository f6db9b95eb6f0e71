//! Bodies of every kind, in both directions.

use crate::support::Ground;

const PLAIN: &[u8] = include_bytes!("../../assets/samples/users.json");

#[test]
fn echo_shows_the_fields_in_order_and_case() {
    let ground = Ground::start();
    let mut client = ground.connect();
    client.write(
        b"PoST /echo?a=1&a=%20 HTTP/1.1\r\nhOST: x\r\nX-b:  2 \r\nx-A: caf\xe9\r\nX-b: 3\r\n\
          content-TYPE: application/x-www-form-urlencoded; charset=utf-8\r\n\
          Content-Length: 13\r\n\r\nb=1&a=+%C3%A9",
    );
    let answer = client.read(true).unwrap();
    let echo = answer.json();
    assert_eq!(echo["method"], "PoST");
    assert_eq!(echo["target"], "/echo?a=1&a=%20");
    assert_eq!(echo["version"], "HTTP/1.1");
    let expected = serde_json::json!([
        ["hOST", "x"],
        ["X-b", "2"],
        ["x-A", "café"],
        ["X-b", "3"],
        [
            "content-TYPE",
            "application/x-www-form-urlencoded; charset=utf-8"
        ],
        ["Content-Length", "13"],
    ]);
    assert_eq!(echo["headers"], expected);
    assert_eq!(echo["body"], "b=1&a=+%C3%A9");
}

#[test]
fn echo_reads_forms_and_gives_bytes_as_base64() {
    let ground = Ground::start();
    let echo = ground.post_form("/echo", "b=1&a=+%C3%A9&b=&c").json();
    let expected = serde_json::json!([["b", "1"], ["a", " é"], ["b", ""], ["c", ""]]);
    assert_eq!(echo["form"], expected);
    assert_eq!(echo["body_encoding"], "utf-8");

    let echo = ground.connect().ask("PUT", "/echo", &[], b"\xff\0a").json();
    assert_eq!(echo["body_encoding"], "base64");
    assert_eq!(echo["body"], "/wBh");
    assert_eq!(echo["form"], serde_json::Value::Null);

    let none = ground.get("/echo").json();
    assert_eq!(
        (&none["body"], &none["body_bytes"]),
        (&"".into(), &0.into())
    );
}

#[test]
fn upload_counts_and_sums_up() {
    let ground = Ground::start();
    let mut client = ground.connect();
    let receipt = client.ask("POST", "/upload", &[("Content-Type", "text/plain")], b"abc");
    assert_eq!(
        receipt.text(),
        "{\"bytes\":3,\"sha256\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\",\
         \"content_type\":\"text/plain\"}"
    );
    let empty = client.ask("POST", "/upload", &[], b"").json();
    assert_eq!(empty["bytes"], 0);
    assert!(empty["sha256"].as_str().unwrap().starts_with("e3b0c442"));

    // Larger than what other routes keep in memory.
    let megabyte = vec![b'a'; 1024 * 1024];
    client.write("POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for _ in 0..65 {
        let mut chunk = b"100000\r\n".to_vec();
        chunk.extend(&megabyte);
        chunk.extend(b"\r\n");
        client.write(chunk);
    }
    client.write("0\r\n\r\n");
    let receipt = client.read(true).unwrap().json();
    assert_eq!(receipt["bytes"], 65 * 1024 * 1024);
}

#[test]
fn json_has_the_size_that_was_asked_for() {
    let ground = Ground::start();
    for (size, bytes) in [
        ("0.001", 1_000),
        ("1", 1_000_000),
        ("2.5", 2_500_000),
        ("0", 4),
    ] {
        let answer = ground.get(&format!("/json/{size}"));
        assert_eq!(answer.body.len(), bytes, "{size}");
        assert!(answer.json().is_array());
        assert!(!answer.body.contains(&b'\n'));
    }
    for size in ["big", "-1", "NaN", "inf", "1e9"] {
        assert_eq!(ground.get(&format!("/json/{size}")).status, 400, "{size}");
    }
}

#[test]
fn compressed_samples_are_what_they_say() {
    let ground = Ground::start();
    for (path, coding, magic) in [
        ("/gzip", "gzip", &b"\x1f\x8b"[..]),
        ("/br", "br", b""),
        ("/zstd", "zstd", b"\x28\xb5\x2f\xfd"),
    ] {
        let answer = ground.get(path);
        assert_eq!(answer.header("content-encoding").as_deref(), Some(coding));
        assert_eq!(
            answer.header("content-type").as_deref(),
            Some("application/json")
        );
        assert!(answer.body.starts_with(magic) && answer.body.len() < PLAIN.len());
    }
    // The size of the plain text stands in the last four bytes of gzip (RFC 1952, Section 2.3.1).
    let gzip = ground.get("/gzip").body;
    let size = u32::from_le_bytes(*gzip.last_chunk().unwrap());
    assert_eq!(size as usize, PLAIN.len());
    assert!(serde_json::from_slice::<serde_json::Value>(PLAIN).is_ok());
}

#[test]
fn other_bodies_say_what_they_are() {
    let ground = Ground::start();
    for (path, kind, start) in [
        ("/binary", "image/png", &b"\x89PNG\r\n\x1a\n"[..]),
        ("/text", "text/plain; charset=utf-8", b"Plain text"),
        ("/html", "text/html; charset=utf-8", b"<!doctype html>"),
        ("/latin1", "text/plain; charset=iso-8859-1", b"Caf\xe9"),
    ] {
        let answer = ground.post_form(path, "a=b");
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type").as_deref(), Some(kind));
        assert!(answer.body.starts_with(start), "{path}");
    }
}

#[test]
fn headers_come_in_any_number() {
    let ground = Ground::start();
    for count in [0, 1, 300] {
        let answer = ground.get(&format!("/headers/{count}"));
        let found = answer
            .headers
            .iter()
            .filter(|(name, _)| name.starts_with("X-Header-"));
        assert_eq!(found.count(), count);
    }
    assert_eq!(ground.get("/headers/many").status, 400);
}

#[test]
fn records_come_as_they_are_asked_for() {
    let ground = Ground::start();
    let lines = ground.get("/ndjson/3");
    assert_eq!(
        lines.header("content-type").as_deref(),
        Some("application/x-ndjson")
    );
    assert_eq!(lines.text().lines().count(), 3);
    let events = String::from_utf8(ground.get("/events/3?ms=1").body).unwrap();
    assert!(
        events.contains("event: created\ndata: {\"id\":3}\n\n"),
        "{events}"
    );
    let csv = ground.get("/csv/2");
    assert!(
        csv.header("content-disposition")
            .unwrap()
            .contains("orders.csv")
    );
    assert!(
        csv.body
            .starts_with(b"id,name,amount,city,note\r\n1,\"Lee, 1\",7.50,")
    );
    assert_eq!(ground.get("/lines/0.5").body.len(), 500_000);
    assert!(!ground.get("/lines/0.1?lines=0").body.contains(&b'\n'));
    assert_eq!(ground.get("/deep/3").body, b"[[[7]]]");
    assert!(ground.get("/xml").body.starts_with(b"<?xml"));
}

#[test]
fn the_bomb_is_small_until_it_is_decoded() {
    let bomb = Ground::start().get("/bomb");
    assert!(bomb.body.len() < 100_000, "{}", bomb.body.len());
    let layout = posttui::inspect::Layout::new(&bomb.body.into(), None, Some("gzip, gzip"), 100);
    let notes: Vec<String> = (0..3)
        .map(|row| layout.row(row).into_iter().map(|(_, text)| text).collect())
        .collect();
    let notes = notes.join(" ");
    assert!(
        notes.contains("decoding gzip was stopped at 64.0 MiB"),
        "{notes}"
    );
}
