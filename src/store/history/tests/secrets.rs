//! No credential reaches the disk.

use super::*;
use crate::model::{Field, REDACTED};

const SECRET: &str = "hunter2-s3cret";

fn secret_headers() -> Vec<Header> {
    let values = [
        ("Authorization", format!("Bearer {SECRET}")),
        ("proxy-authorization", SECRET.to_owned()),
        ("Cookie", format!("sid={SECRET}; b={SECRET}")),
        ("set-cookie", format!("sid={SECRET}; HttpOnly")),
        ("Location", format!("https://me:{SECRET}@host/next")),
        ("x-amz-security-token", SECRET.to_owned()),
        ("x-kept", "kept".to_owned()),
    ];
    values
        .map(|(name, value)| Header::new(name, value))
        .to_vec()
}

fn secret_exchange(outcome: Outcome) -> Exchange {
    let url = format!("https://me:{SECRET}@host/path");
    let mut exchange = exchange("POST", &url, Some(outcome));
    let fields = secret_headers().into_iter();
    exchange.request.headers = fields
        .map(|header| Field::new(header.name.clone(), header.text()))
        .collect();
    exchange.request.auth = crate::model::Auth::new("bearer").with("token", SECRET);
    exchange.prepared.headers = secret_headers();
    for hop in &mut exchange.hops {
        hop.request_headers = secret_headers();
        if let Some(head) = &mut hop.response {
            head.headers = secret_headers();
        }
    }
    exchange
}

/// Whether any file of a folder holds the bytes.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        let content = std::fs::read(path).unwrap();
        content.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn credentials_are_nowhere_on_disk() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let mut received = response(302, b"body");
    received.head.headers = secret_headers();
    let failed = failure(FailureKind::Truncated, Some(received.clone()));
    for outcome in [Outcome::Response(received), failed] {
        let exchange = secret_exchange(outcome);
        let id = send(&history, &exchange);
        history.import([exchange]).unwrap();
        let kept = history.load(id).unwrap().unwrap();
        assert!(kept.request.headers[0].value == format!("Bearer {REDACTED}"));
        assert!(kept.request.url.contains(REDACTED));
        let text = format!("{kept:?}");
        assert!(!text.contains(SECRET), "{text}");
        assert!(text.contains("HttpOnly") && text.contains("sid="), "{text}");
    }
    let host = history.count(&filter("host:host path:/path")).unwrap();
    assert_eq!(host, 4, "the address is still known");
    for _ in ["while it is open", "after it was closed"] {
        assert!(!holds(&paths.data, SECRET.as_bytes()));
        assert!(
            holds(&paths.data, REDACTED.as_bytes()),
            "the files were read"
        );
        drop(History::open(&paths).unwrap());
    }
    drop(history);
    assert!(!holds(&paths.data, SECRET.as_bytes()));
}
