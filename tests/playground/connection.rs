//! The connection itself: keep-alive, bodies, `100 Continue`, requests that are none.

use std::io::ErrorKind;

use posttui::demo::{self, Playground};

use crate::support::Ground;

#[test]
fn a_connection_takes_one_request_after_another() {
    let ground = Ground::start();
    let mut client = ground.connect();
    for number in 0..3 {
        let body = format!("number {number}");
        let answer = client.ask("POST", "/echo", &[], body.as_bytes());
        assert_eq!(answer.json()["body"], body);
        assert_eq!(answer.header("connection"), None);
    }
    let last = client.ask("POST", "/echo", &[("Connection", "close")], b"x");
    assert_eq!(last.header("connection").as_deref(), Some("close"));
    assert_eq!(client.read_to_end().unwrap(), b"");
}

#[test]
fn requests_that_come_at_once_are_answered_in_order() {
    let ground = Ground::start();
    let mut client = ground.connect();
    client.write(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none\
         GET /status/204 HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    assert_eq!(client.read(true).unwrap().json()["body"], "one");
    assert_eq!(client.read(true).unwrap().status, 204);
}

#[test]
fn a_chunked_body_is_put_together() {
    let ground = Ground::start();
    let mut client = ground.connect();
    client.write("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for piece in [
        "5\r",
        "\nhel",
        "lo\r\n",
        "6;x=y\r\n wo",
        "rld\r\n0\r\nTrailer: a\r\n",
        "\r\n",
    ] {
        client.write(piece);
    }
    let echo = client.read(true).unwrap().json();
    assert_eq!(
        (&echo["body"], &echo["body_bytes"]),
        (&"hello world".into(), &11.into())
    );
    assert_eq!(client.ask("GET", "/empty", &[], b"").status, 204);
}

#[test]
fn whoever_waits_for_100_continue_gets_it() {
    let ground = Ground::start();
    let mut client = ground.connect();
    for path in ["/echo", "/upload"] {
        client.write(format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        ));
        assert_eq!(client.read(true).unwrap().status, 100);
        client.write("ok");
        assert_eq!(client.read(true).unwrap().status, 200);
    }
}

#[test]
fn a_head_may_come_byte_by_byte() {
    let ground = Ground::start();
    let mut client = ground.connect();
    for byte in b"GET /status/418 HTTP/1.1\r\nHost: a\r\n\r\n" {
        client.write([*byte]);
    }
    assert_eq!(client.read(true).unwrap().status, 418);
}

#[test]
fn a_head_request_gets_no_body() {
    let ground = Ground::start();
    let mut client = ground.connect();
    for path in ["/text", "/drip", "/json/1000", "/status/404", "/gzip"] {
        let answer = client.ask("HEAD", path, &[], b"");
        assert_ne!(answer.status, 405, "{path}");
    }
    assert_eq!(client.ask("GET", "/status/201", &[], b"").status, 201);
}

#[test]
fn an_http10_client_gets_no_chunks() {
    let ground = Ground::start();
    let mut client = ground.connect();
    client.write("GET /drip?bytes=3&ms=0 HTTP/1.0\r\n\r\n");
    let answer = client.read(true).unwrap();
    assert_eq!(answer.header("transfer-encoding"), None);
    assert_eq!(answer.text(), "012");

    let mut client = ground.connect();
    client.write("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    let answer = client.read(true).unwrap();
    assert_eq!(answer.json()["version"], "HTTP/1.0");
    assert_eq!(answer.header("connection").as_deref(), Some("keep-alive"));
    assert_eq!(client.ask("GET", "/empty", &[], b"").status, 204);
}

#[test]
fn what_is_no_request_gets_its_reason_and_an_end() {
    let ground = Ground::start();
    for (bytes, status) in [
        ("nonsense\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400),
        ("\x16\x03\x01\x02\0\x01\0\x01\r\n\r\n", 400),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
            400,
        ),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n",
            413,
        ),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            400,
        ),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n",
            400,
        ),
    ] {
        let mut client = ground.connect();
        client.write(bytes);
        let answer = client.read(true).unwrap();
        assert_eq!(answer.status, status, "{bytes:?}");
        assert_eq!(answer.json()["status"], status);
        assert_eq!(answer.header("connection").as_deref(), Some("close"));
        assert_eq!(client.read_to_end().unwrap(), b"", "{bytes:?}");
    }
}

#[test]
fn a_request_that_breaks_off_is_told_so() {
    let ground = Ground::start();
    for bytes in [
        "GET / HTTP/1.1\r\nHo",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
    ] {
        let mut client = ground.connect();
        client.write(bytes);
        client.shutdown_writing();
        assert_eq!(client.read(true).unwrap().status, 400, "{bytes:?}");
    }
}

#[test]
fn a_dropped_playground_listens_no_more() {
    let ground = Ground::start();
    let (address, url) = (ground.playground.address(), ground.playground.url());
    assert!(address.ip().is_loopback());
    assert_eq!(url, format!("http://127.0.0.1:{}", address.port()));
    let mut client = ground.connect();
    assert_eq!(client.ask("GET", "/empty", &[], b"").status, 204);
    // The runtime lives on: it is the playground itself that ends what it serves.
    let Ground {
        playground,
        runtime: _runtime,
    } = ground;
    drop(playground);
    assert!(client.read_to_end().is_ok_and(|bytes| bytes.is_empty()));
    let refused = std::net::TcpStream::connect(address).map_err(|error| error.kind());
    assert_eq!(refused.map(drop), Err(ErrorKind::ConnectionRefused));
}

#[test]
fn a_port_in_use_is_named_with_what_to_do() {
    let ground = Ground::start();
    let port = ground.playground.address().port();
    let error = ground.block_on(Playground::start(Some(port))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    let text = error.to_string();
    assert!(
        text.contains(&port.to_string()) && text.contains("another port"),
        "{text}"
    );
}

#[test]
fn the_sample_is_answered_with_201() {
    let ground = Ground::start();
    let sample = demo::sample(&ground.playground.url());
    let path = sample.url.strip_prefix(&ground.playground.url()).unwrap();
    let mut form = form_urlencoded::Serializer::new(String::new());
    for field in sample.body.form.iter().filter(|field| field.is_sent()) {
        form.append_pair(&field.name, &field.value);
    }
    assert_eq!(ground.post_form(path, &form.finish()).status, 201);
    let rule = sample.rules.iter().find(|rule| rule.name == "201");
    let message = rule.map(|rule| rule.value.as_str());
    assert_eq!(message, Some("User created successfully."));
}
