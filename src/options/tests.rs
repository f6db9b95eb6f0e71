//! What is typed becomes a value, or is told.

use std::time::Duration;

use super::*;
use crate::model::{IdempotencyKey, Occasion, Redirects, VersionChoice};

fn chosen(pairs: &[(&str, &str)]) -> Choices {
    let choices = Choices::default();
    pairs
        .iter()
        .fold(choices, |choices, (name, text)| choices.with(name, *text))
}

#[test]
fn every_option_is_read() {
    let options = read(&chosen(&[
        ("timeout", "never"),
        ("connect_timeout", "2.5"),
        ("idle_timeout", "3 s"),
        ("redirects", "ask"),
        ("http", "2"),
        ("compression", "on"),
        ("insecure", "true"),
        ("authorities", "ca.pem"),
        ("client_certificate", "me.p12"),
        ("client_key", "me.key"),
        ("client_password", " pass "),
        ("proxy", "socks5h://me:s3cret@host:1080"),
        ("no_proxy", "a,b"),
        ("unix_socket", "/run/x"),
        ("addresses", "h=127.0.0.1"),
        ("retry", "3"),
        ("retry_on", "lost, 5xx"),
        ("retry_wait", "0"),
        ("retry_unsafe", "on"),
        ("idempotency_key", "on"),
        ("from_a_later_version", "x"),
    ]))
    .unwrap();
    assert_eq!(options.total_timeout, None);
    assert_eq!(options.connect_timeout, Duration::from_millis(2500));
    assert_eq!(options.idle_timeout, Some(Duration::from_secs(3)));
    assert_eq!(options.redirects, Redirects::Ask);
    assert!(options.compression);
    let way = &options.transport;
    assert_eq!(way.version, VersionChoice::Http2);
    assert!(way.insecure);
    assert_eq!(way.client_key, "me.key");
    assert_eq!(way.client_password.0, " pass ", "blanks count in a secret");
    assert_eq!(way.unix_socket, "/run/x");
    assert_eq!(options.retry.times, 3);
    assert!(options.retry.unsafe_too && options.retry.wait.is_zero());
    let on = [
        Occasion::Lost,
        Occasion::Status {
            first: 500,
            last: 599,
        },
    ];
    assert_eq!(options.retry.on, on);
    assert_eq!(options.idempotency_key, IdempotencyKey::Made);
    assert_eq!(read(&Choices::default()).unwrap(), Options::default());
}

#[test]
fn what_cannot_be_used_is_told_with_its_option_and_without_secrets() {
    for (name, text, reason) in [
        ("timeout", "soon", "no number of seconds"),
        ("timeout", "-1", "or never"),
        ("connect_timeout", "0", "no time"),
        ("connect_timeout", "never", "no number of seconds"),
        ("redirects", "maybe", "follow, keep-method, stop, ask"),
        ("http", "3", "negotiated, 1.1, 2"),
        ("insecure", "perhaps", "neither on nor off"),
        ("proxy", "ftp://me:s3cret@h", "ftp"),
        ("proxy", "me:s3cret@host", "proxy"),
        ("addresses", "h=nowhere", "h=nowhere"),
        ("retry", "many", "0 to 100"),
        ("retry", "101", "0 to 100"),
        ("retry_on", "lost 42", "“42”"),
        ("retry_on", "9-500", "9-500"),
        ("retry_on", "99999xx", "99999xx"),
        ("idempotency_key", "ü", "ASCII"),
        ("authorities", REDACTED, "type it again"),
        ("unix_socket", "a\nb", "line break"),
    ] {
        let error = read(&chosen(&[(name, text)])).unwrap_err();
        assert_eq!(error.name, name);
        assert!(error.reason.contains(reason), "{text}: {error}");
        assert!(!error.reason.contains("s3cret"), "{error}");
        assert_eq!(
            read_fit(&chosen(&[(name, text), ("http", "2")])).total_timeout,
            Options::default().total_timeout
        );
    }
}

#[test]
fn what_is_shown_reads_the_same_again() {
    let usual = Options::default();
    for row in OPTIONS {
        let is_secret = row.content == Content::Secret;
        assert_eq!(Choices::is_secret(row.name), is_secret, "{}", row.name);
        if let Content::Choice(choices) = row.content {
            for (text, _) in choices {
                let options = read(&chosen(&[(row.name, text)])).unwrap();
                assert_eq!(row.show(&options), *text);
            }
        }
        assert!(!row.show(&usual).is_empty(), "{}", row.name);
    }
    let retried = find("retry_on").unwrap();
    assert_eq!(retried.show(&usual), "connect lost 429 502-504");
    assert!(retried.check(&retried.show(&usual)).is_ok());
}

#[test]
fn the_nearest_layer_is_the_origin() {
    let layer = |origin: &str, text: &str| Layer {
        origin: origin.to_owned(),
        choices: chosen(&[("http", text)]),
    };
    let layers = [layer("a", ""), layer("b", "2"), layer("c", "1.1")];
    assert_eq!(origin("http", &layers), Some("b"));
    assert_eq!(origin("proxy", &layers), None);
}
