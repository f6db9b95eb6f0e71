//! Sends without a whole answer.

use super::*;

fn failed(url: &str, kind: FailureKind, phase: Phase, processed: Processed) -> String {
    let failure = Failure {
        kind,
        phase,
        causes: Vec::new(),
        processed,
        partial: None,
    };
    let hops = vec![hop("POST", url, &[], None)];
    found(&exchange_at(url, hops, Outcome::Failure(failure)))
}

/// URL, kind and phase of a failure, and what is said.
const FAILURES: &[(&str, FailureKind, Phase, &str)] = &[
    (
        "http://exmaple.com/",
        FailureKind::Dns,
        Phase::Resolve,
        "The name that was looked up is “exmaple.com”.",
    ),
    (
        "http://db/",
        FailureKind::Dns,
        Phase::Resolve,
        "“db”. It has no dot",
    ),
    (
        "http://tv.local/",
        FailureKind::Dns,
        Phase::Resolve,
        "by multicast in the own network only. [RFC 6762, Section 3]",
    ),
    (
        "http://h/x",
        FailureKind::Refused,
        Phase::Connect,
        "h refuses port 80, the usual one of http; servers under development listen on another one. [RFC 9293, Section 3.10.7] → use https://h/x instead | go to the URL",
    ),
    (
        "http://h:443/x",
        FailureKind::Refused,
        Phase::Connect,
        "h refuses port 443, which is https's, not http's. [RFC 9293, Section 3.10.7] → use https://h/x instead | go to the URL",
    ),
    (
        "http://h:3000/x",
        FailureKind::Refused,
        Phase::Connect,
        "h refuses port 3000; the usual one of http is 80. [RFC 9293, Section 3.10.7] → send the same request again | use http://h/x instead | go to the URL\n",
    ),
    (
        "https://h:3000/x",
        FailureKind::Tls(TlsCheck::NotTls),
        Phase::Tls,
        "What answers on port 3000 of h does not speak TLS. [RFC 8446, Section 6] → use http://h:3000/x instead",
    ),
    (
        "https://h/x",
        FailureKind::Tls(TlsCheck::WrongHost),
        Phase::Tls,
        "It failed while securing the connection with TLS.",
    ),
    (
        "https://h/x",
        FailureKind::Tls(TlsCheck::WrongHost),
        Phase::Tls,
        "no name that fits “h”",
    ),
    (
        "http://h/x",
        FailureKind::Timeout(TimeoutKind::Connect),
        Phase::Connect,
        "The limit is 10.00 s. It ran out where no answer to the first packet",
    ),
    (
        "http://h/x",
        FailureKind::Timeout(TimeoutKind::Total),
        Phase::Wait,
        "is still at work",
    ),
    (
        "http://h/x",
        FailureKind::Reset,
        Phase::Send,
        "before the whole request (a body of 2.0 KiB) was sent",
    ),
    (
        "http://h/x",
        FailureKind::Reset,
        Phase::Wait,
        "after the whole request (a body of 2.0 KiB) had been sent",
    ),
    (
        "http://h:8443/x",
        FailureKind::Malformed,
        Phase::Wait,
        "cannot be read as the head of a response. [RFC 9112, Section 4] → use https://h:8443/x instead",
    ),
    (
        "https://h/x",
        FailureKind::Tls(TlsCheck::Handshake),
        Phase::Tls,
        "The handshake with h on port 443 came to no end. [RFC 8446, Section 6] → go to the options",
    ),
    (
        "http://localhost:9/x",
        FailureKind::Refused,
        Phase::Connect,
        "localhost refuses port 9; the usual one of http is 80. [RFC 9293, Section 3.10.7] → send the same request again | go to the URL",
    ),
    (
        "https://h/x",
        FailureKind::Proxy,
        Phase::Connect,
        "The proxy is one that the environment names.",
    ),
];

#[test]
fn each_failure_is_explained_by_where_it_happened() {
    for (url, kind, phase, words) in FAILURES {
        let found = failed(url, *kind, *phase, Processed::Maybe);
        assert!(found.contains(words), "{kind:?}: no “{words}” in\n{found}");
        assert!(!found.contains("[-]"), "{kind:?} cites nothing:\n{found}");
    }
    let harmless = failed(
        "http://h/x",
        FailureKind::Dns,
        Phase::Resolve,
        Processed::No,
    );
    assert!(harmless.ends_with(
        "it can safely be sent again. [RFC 9112, Section 9.3.1] → send the same request again\n"
    ));
    let interrupted = FailureKind::Interrupted;
    let unseen = failed("http://h/x", interrupted, Phase::Send, Processed::Maybe);
    assert!(!unseen.contains("It failed while"), "{unseen}");
}

#[test]
fn a_truncated_answer_says_how_much_is_missing() {
    let partial = Response {
        head: head(200, &[("content-length", "1000")]),
        body: Bytes::from_static(b"12345"),
        whole: None,
    };
    let failure = Failure {
        kind: FailureKind::Truncated,
        phase: Phase::Receive,
        causes: Vec::new(),
        processed: Processed::Answered,
        partial: Some(partial),
    };
    let told = found(&exchange_at(
        "http://h/",
        Vec::new(),
        Outcome::Failure(failure),
    ));
    assert!(told.contains("995 of 1000 bytes are missing, as Content-Length counts them: a 200 head and 5 bytes of its body came."), "{told}");
}

#[test]
fn a_proxy_that_failed_is_named_with_who_named_it() {
    let told = |phase, causes: &[&str], named_by: ProxySource| {
        let failure = Failure {
            kind: FailureKind::Proxy,
            phase,
            causes: causes.iter().map(ToString::to_string).collect(),
            processed: Processed::No,
            partial: None,
        };
        let mut hop = hop("POST", "https://h/", &[], None);
        hop.transit.proxy = Some(ProxyUsed {
            address: "http://127.0.0.1:3128".into(),
            named_by,
            has_credentials: false,
        });
        found(&exchange_at(
            "https://h/",
            vec![hop],
            Outcome::Failure(failure),
        ))
    };
    let environment = || ProxySource::Environment("HTTPS_PROXY".into());
    let refused = told(Phase::Connect, &["refused"], environment());
    assert!(
        refused.starts_with("It failed while connecting to the proxy."),
        "{refused}"
    );
    assert!(
        refused.contains("http://127.0.0.1:3128 is the proxy, named by HTTPS_PROXY. With “none”"),
        "{refused}"
    );
    let unknown = told(Phase::Resolve, &[], ProxySource::Options);
    assert!(
        unknown.contains("resolving the name of the proxy"),
        "{unknown}"
    );
    assert!(
        unknown.contains("named by the options of this request"),
        "{unknown}"
    );
}

/// What is said of a failure with these causes on the way to https://h/, and what is to be done.
fn told(
    kind: FailureKind,
    phase: Phase,
    causes: &[&str],
    proxy: Option<&str>,
    partial: Option<Response>,
) -> (String, Diagnosis) {
    let failure = Failure {
        kind,
        phase,
        causes: causes.iter().map(ToString::to_string).collect(),
        processed: Processed::No,
        partial,
    };
    let mut hop = hop("POST", "https://h/", &[], None);
    hop.transit.proxy = proxy.map(|address| ProxyUsed {
        address: address.into(),
        named_by: ProxySource::Options,
        has_credentials: false,
    });
    let exchange = exchange_at("https://h/", vec![hop], Outcome::Failure(failure));
    (found(&exchange), diagnose(&exchange).unwrap())
}

#[test]
fn a_proxy_that_never_answers_is_named() {
    let connect = FailureKind::Timeout(TimeoutKind::Connect);
    let proxy = Some("socks5://127.0.0.1:1080");
    let (found, diagnosis) = told(connect, Phase::Connect, &[], proxy, None);
    assert!(
        found.contains("by way of the proxy socks5://127.0.0.1:1080 (named by"),
        "{found}"
    );
    assert!(!found.contains("first packet"), "{found}");
    assert!(
        diagnosis.meaning.contains("the proxy"),
        "{}",
        diagnosis.meaning
    );
    assert!(
        diagnosis.next.contains("the proxy runs"),
        "{}",
        diagnosis.next
    );
}

/// What is said where a proxy was reached that made no way to the server.
fn stopped_at(
    proxy: &str,
    kind: FailureKind,
    refusal: Option<ResponseHead>,
) -> (String, Diagnosis) {
    let failure = Failure {
        kind,
        phase: Phase::Connect,
        causes: vec!["whatever".to_owned()],
        processed: Processed::No,
        partial: None,
    };
    let mut hop = hop("POST", "https://h/", &[], None);
    hop.transit.proxy = Some(ProxyUsed {
        address: proxy.into(),
        named_by: ProxySource::Options,
        has_credentials: false,
    });
    hop.transit.proxy_reached = true;
    hop.transit.proxy_refusal = refusal.map(Box::new);
    let exchange = exchange_at("https://h/", vec![hop], Outcome::Failure(failure));
    (found(&exchange), diagnose(&exchange).unwrap())
}

#[test]
fn a_proxy_that_makes_no_tunnel_is_told_by_what_it_answered() {
    let http = "http://127.0.0.1:3128";
    let asks = head(407, &[("Proxy-Authenticate", "Basic realm=\"squid\"")]);
    let (told, asked) = stopped_at(http, FailureKind::Proxy, Some(asks));
    assert!(asked.next.contains("password"), "{}", asked.next);
    assert!(
        told.contains("The proxy asks for Basic, realm “squid” [RFC 7617, Section 2]"),
        "{told}"
    );
    assert!(
        told.contains("no user and password stand in its address (http://user:password@host:port). It answered CONNECT with 407 (Proxy Authentication Required). [RFC 9110, Section 9.3.6] → go to the options"),
        "{told}"
    );
    for (proxy, refusal, words) in [
        (
            http,
            Some(head(403, &[])),
            "named by the options of this request: it answered CONNECT with 403 Forbidden. With “none” as the proxy in the options it goes without one. [RFC 9110, Section 9.3.6] → go to the options",
        ),
        (
            http,
            None,
            "it was reached, and let nothing through to the server. With “none”",
        ),
        (
            "socks5://127.0.0.1:1080",
            None,
            "let nothing through to the server (no user and password stand in its address). With “none” as the proxy in the options it goes without one. [RFC 1928, Section 6]",
        ),
    ] {
        let (told, _) = stopped_at(proxy, FailureKind::Proxy, refusal);
        assert!(told.contains(words), "no “{words}” in\n{told}");
        assert!(!told.contains("RFC 9293"), "{told}");
    }
    let connect = FailureKind::Timeout(TimeoutKind::Connect);
    let (told, _) = stopped_at(http, connect, None);
    assert!(
        told.starts_with("It failed while asking the proxy for a way to the server."),
        "{told}"
    );
}

#[test]
fn a_row_of_an_older_posttui_knows_the_tunnel_by_its_words() {
    let proxy = Some("http://127.0.0.1:3128");
    let cause = "tunnel error: unsuccessful";
    let (told, _) = told(FailureKind::Proxy, Phase::Connect, &[cause], proxy, None);
    assert!(
        told.contains("it was reached, and let nothing through"),
        "{told}"
    );
}

#[test]
fn what_came_in_the_place_of_a_head_is_told_apart_from_a_head_with_a_fault() {
    for (raw, cause, words) in [
        (
            "SSH-2.0-x",
            "it began with “SSH-2.0-x”",
            "What answers on port 80 does not speak HTTP: it began with “SSH-2.0-x”.",
        ),
        (
            "HTTP/1.1 200 OK\ncontent-length: 5\ncontent-length: 6",
            "invalid content-length parsed",
            "What answers on port 80 cannot be read as the head of a response: invalid content-length parsed. [RFC 9112, Section 4] → \n",
        ),
        (
            r"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03",
            "it began with “…”",
            "It begins as HTTP/2 does. [RFC 9113, Section 3.4] → go to the options",
        ),
    ] {
        let failure = Failure {
            kind: FailureKind::Malformed,
            phase: Phase::Wait,
            causes: vec![cause.to_owned()],
            processed: Processed::Maybe,
            partial: None,
        };
        let mut hop = hop("POST", "http://h/", &[], None);
        hop.transit.unreadable = Some(raw.to_owned());
        let told = found(&exchange_at(
            "http://h/",
            vec![hop],
            Outcome::Failure(failure),
        ));
        assert!(told.contains(words), "no “{words}” in\n{told}");
    }
}

#[test]
fn a_body_that_cannot_be_read_is_not_taken_for_a_head() {
    let partial = Response {
        head: head(200, &[("transfer-encoding", "chunked")]),
        body: Bytes::new(),
        whole: None,
    };
    let cause = "Invalid chunk size line";
    let kind = FailureKind::Malformed;
    let (found, diagnosis) = told(kind, Phase::Receive, &[cause], None, Some(partial));
    assert!(
        found.contains(
            "the chunks of its body could not: Invalid chunk size line. [RFC 9112, Section 7.1]"
        ),
        "{found}"
    );
    assert!(!found.contains("http://h/ instead"), "{found}");
    assert!(!diagnosis.next.contains("https"), "{}", diagnosis.next);
}

#[test]
fn what_to_do_after_a_handshake_follows_from_how_far_it_came() {
    let connect = FailureKind::Timeout(TimeoutKind::Connect);
    let (_, hanging) = told(connect, Phase::Tls, &[], None, None);
    assert!(hanging.next.contains("speaks TLS"), "{}", hanging.next);
    assert!(
        hanging.meaning.contains("handshake was not complete"),
        "{}",
        hanging.meaning
    );
    let handshake = FailureKind::Tls(TlsCheck::Handshake);
    let cause = "received fatal alert: CertificateRequired";
    let (found, wanting) = told(handshake, Phase::Wait, &[cause], None, None);
    assert!(found.contains("h on port 443 wants a client certificate; the options name none (client certificate). [RFC 8446, Section 6.2] → go to the options"), "{found}");
    assert!(
        wanting.next.contains("client certificate"),
        "{}",
        wanting.next
    );
}

#[test]
fn a_server_that_wants_a_certificate_has_read_no_request() {
    let failure = |cause: &str| Failure {
        kind: FailureKind::Tls(TlsCheck::Handshake),
        phase: Phase::Wait,
        causes: vec![format!("received fatal alert: {cause}")],
        processed: Processed::Maybe,
        partial: None,
    };
    for (cause, is_safe) in [("CertificateRequired", true), ("InternalError", false)] {
        let hops = vec![hop("POST", "https://h/", &[], None)];
        let exchange = exchange_at("https://h/", hops, Outcome::Failure(failure(cause)));
        let processed = diagnose(&exchange).unwrap().for_post.unwrap();
        assert_eq!(
            processed.contains("has not processed it"),
            is_safe,
            "{processed}"
        );
        let found = found(&exchange);
        assert_eq!(
            found.contains("it can safely be sent again"),
            is_safe,
            "{found}"
        );
    }
}

#[test]
fn a_certificate_is_shown_whatever_is_wrong_with_it() {
    let at = |text: &str| text.parse().unwrap();
    let certificate = Certificate {
        subject: "CN=old".into(),
        issuer: "CN=old".into(),
        names: vec!["*.old.example".into(), "old.example".into()],
        not_before: at("2025-01-01T00:00:00Z"),
        not_after: at("2026-03-01T12:04:05Z"),
        key: String::new(),
        signature: String::new(),
        serial: String::new(),
        sha256: String::new(),
    };
    let told = |check| {
        let failure = Failure {
            kind: FailureKind::Tls(check),
            phase: Phase::Tls,
            causes: Vec::new(),
            processed: Processed::No,
            partial: None,
        };
        let mut hop = hop("POST", "https://h/x", &[], None);
        hop.transit.tls = Some(Tls {
            certificates: vec![certificate.clone()],
            ..Tls::default()
        });
        found(&exchange_at(
            "https://h/x",
            vec![hop],
            Outcome::Failure(failure),
        ))
    };
    for (check, words) in [
        (
            TlsCheck::Expired,
            "(EXPIRED 3 days before). [RFC 5280, Section 4.1.2.5] → go to the options",
        ),
        (
            TlsCheck::WrongHost,
            "no name that fits “h”: it is for *.old.example, old.example. [RFC 9525, Section 6] → use https://old.example/x instead",
        ),
        (
            TlsCheck::UnknownIssuer,
            "The certificate that h shows names itself as its issuer",
        ),
        (TlsCheck::Revoked, "that of CN=old, signed by itself"),
    ] {
        let told = told(check);
        assert!(told.contains(words), "{check:?}: no “{words}” in\n{told}");
        assert!(
            told.contains("shown, without being trusted: CN=old, for *.old.example, old.example; signed by itself; valid from 2025"),
            "{told}"
        );
    }
}

#[test]
fn what_was_sent_is_looked_after_before_it_is_sent_again() {
    let lost = failed(
        "http://h/x",
        FailureKind::Reset,
        Phase::Wait,
        Processed::Maybe,
    );
    assert!(
        lost.contains("had been sent. [RFC 9112, Section 9.6] → open http://h/x as a GET"),
        "{lost}"
    );
}

#[test]
fn a_wait_that_was_ended_received_nothing() {
    let failure = Failure::of_ended_wait(Processed::Answered);
    let hops = vec![hop("POST", "http://h/", &[], Some(head(503, &[])))];
    let told = found(&exchange_at("http://h/", hops, Outcome::Failure(failure)));
    assert!(told.contains("waited for its next attempt"), "{told}");
    assert!(!told.contains("receiving"), "{told}");
}

#[test]
fn a_server_without_http2_is_told_where_http2_alone_is_wanted() {
    for (cause, words) in [
        ("frame with invalid size", "port 80 does not speak HTTP/2"),
        ("broken pipe", "port 80 does most likely not speak HTTP/2"),
    ] {
        let failure = Failure {
            kind: FailureKind::Reset,
            phase: Phase::Wait,
            causes: vec![cause.to_owned()],
            processed: Processed::Maybe,
            partial: None,
        };
        let hops = vec![hop("POST", "http://h/", &[], None)];
        let mut exchange = exchange_at("http://h/", hops, Outcome::Failure(failure));
        assert!(!found(&exchange).contains("HTTP/2"));
        exchange.prepared.options.transport.version = crate::model::VersionChoice::Http2;
        let told = found(&exchange);
        assert!(told.contains(words), "{told}");
        assert!(told.contains("go to the options"), "{told}");
    }
}
