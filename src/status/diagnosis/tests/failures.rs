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

#[test]
fn each_failure_is_explained_by_where_it_happened() {
    use FailureKind::{Dns, Interrupted, Malformed, Proxy, Refused, Reset, Timeout, Tls};
    use Phase::{Connect, Resolve, Send, Wait};
    for (url, kind, phase, words) in [
        (
            "http://exmaple.com/",
            Dns,
            Resolve,
            "The name that was looked up is “exmaple.com”.",
        ),
        ("http://db/", Dns, Resolve, "“db”. It has no dot"),
        (
            "http://tv.local/",
            Dns,
            Resolve,
            "by multicast in the own network only. [RFC 6762, Section 3]",
        ),
        (
            "http://h/x",
            Refused,
            Connect,
            "h refuses port 80, the usual one of http; servers under development listen on another one. [-] → use https://h/x instead",
        ),
        (
            "http://h:443/x",
            Refused,
            Connect,
            "h refuses port 443, which is https's, not http's. [-] → use https://h/x instead",
        ),
        (
            "http://h:3000/x",
            Refused,
            Connect,
            "h refuses port 3000. [-] → \n",
        ),
        (
            "https://h:3000/x",
            Tls(TlsCheck::NotTls),
            Phase::Tls,
            "What answers on port 3000 of h does not speak TLS. [-] → use http://h:3000/x instead",
        ),
        (
            "https://h/x",
            Tls(TlsCheck::WrongHost),
            Phase::Tls,
            "It failed while securing the connection with TLS.",
        ),
        (
            "https://h/x",
            Tls(TlsCheck::WrongHost),
            Phase::Tls,
            "no name that fits “h”",
        ),
        (
            "http://h/x",
            Timeout(TimeoutKind::Connect),
            Connect,
            "The limit is 10.00 s. It ran out where no answer to the first packet",
        ),
        (
            "http://h/x",
            Timeout(TimeoutKind::Total),
            Wait,
            "is still at work",
        ),
        (
            "http://h/x",
            Reset,
            Send,
            "before the whole request (a body of 2.0 KiB) was sent",
        ),
        (
            "http://h/x",
            Reset,
            Wait,
            "after the whole request (a body of 2.0 KiB) had been sent",
        ),
        (
            "http://h:8443/x",
            Malformed,
            Wait,
            "cannot be read as the head of a response. [RFC 9112, Section 4] → use https://h:8443/x instead",
        ),
        ("https://h/x", Proxy, Connect, "HTTPS_PROXY"),
    ] {
        let found = failed(url, kind, phase, Processed::Maybe);
        assert!(found.contains(words), "{kind:?}: no “{words}” in\n{found}");
    }
    let harmless = failed("http://h/x", Dns, Resolve, Processed::No);
    assert!(harmless.ends_with("it can safely be sent again. [-] → send the same request again\n"));
    let unseen = failed("http://h/x", Interrupted, Send, Processed::Maybe);
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
