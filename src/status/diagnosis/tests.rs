//! One row a finding: what came, and what is said about it.

use std::time::Duration;

use bytes::Bytes;

use super::*;
use crate::model::{
    ExchangeId, FailureKind, Header, Hop, HttpVersion, Options, Phase, Redirects, Request,
    ResponseHead, TimeoutKind, TlsCheck,
};

const DATE: &str = "Wed, 04 Mar 2026 12:04:05 GMT";

fn fields(fields: &[(&str, &str)]) -> Vec<Header> {
    let new = |(name, value): &(&str, &str)| Header::new(*name, *value);
    fields.iter().map(new).collect()
}

fn hop(method: &str, url: &str, sent: &[(&str, &str)], response: Option<ResponseHead>) -> Hop {
    Hop {
        method: method.into(),
        url: url.into(),
        request_headers: fields(sent),
        request_body_bytes: 2048,
        dropped: Vec::new(),
        remote_address: Some("10.0.0.7:443".into()),
        response,
        duration: Duration::from_millis(84),
    }
}

fn exchange_at(url: &str, hops: Vec<Hop>, outcome: Outcome) -> Exchange {
    Exchange {
        id: ExchangeId(1),
        started_at: "2026-03-04T12:04:05Z".parse().unwrap(),
        request: Request {
            url: url.into(),
            ..Request::default()
        },
        prepared: PreparedRequest {
            method: "POST".into(),
            url: url.into(),
            headers: Vec::new(),
            body: Bytes::new(),
            options: Options::default(),
        },
        hops,
        outcome: Some(outcome),
        duration: Some(Duration::ZERO),
        message: None,
    }
}

fn head(status: u16, headers: &[(&str, &str)]) -> ResponseHead {
    ResponseHead {
        status,
        reason: None,
        version: HttpVersion::Http11,
        headers: fields(headers),
    }
}

fn answered(status: u16, headers: &[(&str, &str)], body: &str, sent: &[(&str, &str)]) -> Exchange {
    let url = "http://h:3000/api/users";
    let head = head(status, headers);
    let hops = vec![hop("POST", url, sent, Some(head.clone()))];
    let body = Bytes::copy_from_slice(body.as_bytes());
    exchange_at(url, hops, Outcome::Response(Response { head, body }))
}

/// Each finding: its sentence, its section, the labels of its steps.
fn found(exchange: &Exchange) -> String {
    let diagnosis = diagnose(exchange).unwrap();
    let mut lines = String::new();
    for finding in &diagnosis.findings {
        let steps: Vec<String> = finding.steps.iter().map(Step::words).collect();
        lines.push_str(&format!(
            "{} [{}] → {}\n",
            finding.text,
            finding.reference.unwrap_or("-"),
            steps.join(" | ")
        ));
    }
    lines
}

type Fields<'a> = &'a [(&'a str, &'a str)];

/// Status, fields of the answer, its body, fields that were sent, what is said.
const ANSWERS: &[(u16, Fields, &str, Fields, &str)] = &[
    (
        201,
        &[("location", "/users/42")],
        "",
        &[],
        "Location: /users/42 [RFC 9110, Section 15.3.2] → open http://h:3000/users/42 as a GET",
    ),
    (
        201,
        &[("location", "mailto:x")],
        "",
        &[],
        "Location: mailto:x [RFC 9110, Section 15.3.2] → \n",
    ),
    (
        201,
        &[],
        "",
        &[],
        "No Location: what was made has the request's own URL",
    ),
    (
        202,
        &[("location", "../jobs/7"), ("retry-after", "5")],
        "",
        &[],
        "Location: ../jobs/7. The server asks to look there no sooner than in 5 s [RFC 9110, Section 15.3.3] → open http://h:3000/jobs/7 as a GET",
    ),
    (
        202,
        &[("operation-location", "/ops/1")],
        "",
        &[],
        "operation-location: /ops/1",
    ),
    (
        202,
        &[],
        "",
        &[],
        "It is not done yet, and no Location says where to ask",
    ),
    (204, &[], "", &[], "A 204 never has a body"),
    (205, &[], "", &[], "A 205 never has a body"),
    (
        206,
        &[("content-range", "bytes 0-99/1234")],
        "",
        &[("range", "bytes=0-99")],
        "A part of the whole: Content-Range: bytes 0-99/1234. Asked for with Range: bytes=0-99.",
    ),
    (206, &[], "", &[], "No Range was asked for"),
    (
        207,
        &[],
        "<d:multistatus><d:response><d:href>/a</d:href><d:status>HTTP/1.1 423 Locked</d:status></d:response><d:response><d:href>/b</d:href><d:propstat><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>",
        &[],
        "1 of 2 parts failed. [RFC 4918, Section 13] → \n423 Locked: /a",
    ),
    (
        207,
        &[],
        r#"{"results":[{"id":7,"status":201},{"id":8,"status":"409 Conflict"}]}"#,
        &[],
        "1 of 2 parts failed. [RFC 4918, Section 13] → \n409 Conflict: 8",
    ),
    (207, &[], "nothing", &[], "names no status of its parts"),
    (
        304,
        &[],
        "",
        &[("if-none-match", "\"a\"")],
        "what the client has is still right (it sent if-none-match: \"a\")",
    ),
    (304, &[], "", &[], "no If-None-Match"),
    (302, &[], "", &[], "The 302 has no Location"),
    (
        302,
        &[("location", "ftp://x/")],
        "",
        &[],
        "no http or https address",
    ),
    (
        400,
        &[("content-type", "application/problem+json")],
        r#"{"title":"Invalid user","detail":"See errors.","status":400,"type":"https://e/x","errors":[{"field":"email","detail":"is wrong"}]}"#,
        &[],
        "email: is wrong [RFC 9457, Section 3] → go to email\nThe server says: Invalid user: See errors. [RFC 9457, Section 3.1] → \nThis kind of problem is described at https://e/x",
    ),
    (
        400,
        &[],
        r#"{"error":"invalid_grant","error_description":"The code is used up."}"#,
        &[],
        "The server says: The code is used up. [-]",
    ),
    (
        404,
        &[],
        r#"{"error":{"message":"No such user"}}"#,
        &[],
        "The server says: No such user",
    ),
    (
        422,
        &[],
        r#"{"errors":["one","two"]}"#,
        &[],
        "The server says: one; two",
    ),
    (
        401,
        &[(
            "www-authenticate",
            "Bearer realm=\"api\", error=\"invalid_token\", error_description=\"expired\", Basic realm=\"b\"",
        )],
        "",
        &[("authorization", "Bearer x")],
        "The server asks for Bearer, realm “api”: invalid_token, expired [RFC 6750, Section 3] → \nThe server asks for Basic, realm “b” [RFC 7617, Section 2] → \nThe request did carry authorization (Bearer). [RFC 9110, Section 11.6.2] → go to the headers",
    ),
    (
        401,
        &[(
            "www-authenticate",
            "Digest realm=\"a\", nonce=\"n\", stale=TRUE",
        )],
        "",
        &[],
        "its nonce is out of date",
    ),
    (401, &[], "", &[], "does not say which credentials it wants"),
    (
        401,
        &[],
        "",
        &[],
        "The request carried no Authorization and no Cookie. [RFC 9110, Section 11.6.2] → go to the headers",
    ),
    (
        403,
        &[],
        "",
        &[("cookie", "sid=1")],
        "no Authorization, but did carry cookie",
    ),
    (
        403,
        &[],
        "",
        &[("authorization", "abc")],
        "but without the name of a scheme",
    ),
    (
        407,
        &[("proxy-authenticate", "Negotiate, NTLM")],
        "",
        &[],
        "The proxy asks for Negotiate [RFC 4559, Section 4] → \nThe proxy asks for NTLM",
    ),
    (
        403,
        &[],
        "<p>CSRF verification failed. Request aborted.</p>",
        &[],
        "Django refused it: it wants the cookie csrftoken, and its value in X-CSRFToken or the field csrfmiddlewaretoken. [Django, How to use CSRF protection] → set X-CSRFToken",
    ),
    (
        403,
        &[],
        r#"{"detail":"CSRF Failed: CSRF token missing."}"#,
        &[],
        "the value of the cookie csrftoken",
    ),
    (
        422,
        &[],
        r#"{"exception":"ActionController::InvalidAuthenticityToken"}"#,
        &[],
        "Rails refused it",
    ),
    (419, &[], "", &[], "Laravel refused it"),
    (
        403,
        &[],
        "ForbiddenError: invalid csrf token",
        &[],
        "→ set X-CSRF-Token",
    ),
    (
        403,
        &[],
        "Invalid CORS request",
        &[],
        "CORS is for browsers",
    ),
    (
        405,
        &[("allow", "GET, PUT"), ("allow", "PATCH,OPTIONS")],
        "",
        &[],
        "Allowed methods: GET, PUT, PATCH, OPTIONS [RFC 9110, Section 10.2.1] → switch to PUT | switch to PATCH | switch to GET",
    ),
    (405, &[("allow", "")], "", &[], "Allow is empty"),
    (405, &[], "", &[], "no Allow"),
    (
        406,
        &[],
        "",
        &[("accept", "text/csv")],
        "The request asked for accept: text/csv. [RFC 9110, Section 15.5.7] → set accept: */*",
    ),
    (
        415,
        &[("accept-post", "application/json; charset=utf-8, text/plain")],
        "",
        &[("content-type", "application/x-www-form-urlencoded")],
        "Accepted bodies: application/json; charset=utf-8, text/plain [W3C LDP, Section 7.1 (Accept-Post)] → switch the body to JSON | switch the body to text",
    ),
    (
        415,
        &[],
        "",
        &[("content-type", "a/b")],
        "The body was sent as a/b. [RFC 9110, Section 15.5.16] → switch the body to JSON",
    ),
    (
        415,
        &[("accept-encoding", "identity")],
        "",
        &[],
        "Accepted content codings: identity",
    ),
    (408, &[], "", &[], "gave up waiting"),
    (
        409,
        &[("etag", "\"v2\"")],
        "",
        &[],
        "What is there now has ETag: \"v2\"",
    ),
    (
        410,
        &[
            ("sunset", "x"),
            ("link", "</v2>; rel=\"successor-version\""),
        ],
        "",
        &[],
        "Sunset: x; Its successor is /v2 [RFC 8594, Section 3] → use http://h:3000/v2 instead",
    ),
    (411, &[], "", &[], "no Content-Length"),
    (
        412,
        &[("etag", "\"v2\"")],
        "",
        &[("if-match", "\"v1\"")],
        "The condition that failed: if-match: \"v1\"; what is there now has ETag: \"v2\" [RFC 9110, Section 15.5.13] → set if-match: \"v2\"",
    ),
    (
        428,
        &[],
        "",
        &[],
        "wants a condition, such as If-Match with the ETag that a GET of the same URL shows. [RFC 6585, Section 3] → open http://h:3000/api/users as a GET | set if-match",
    ),
    (413, &[], "", &[], "The body had 2.0 KiB (2048 bytes)."),
    (
        414,
        &[],
        "",
        &[],
        "The URL had 23 bytes, 0 of them in the query.",
    ),
    (
        421,
        &[],
        "",
        &[("host", "h:3000")],
        "The server at 10.0.0.7:443 does not speak for h:3000.",
    ),
    (425, &[], "", &[], "before the TLS handshake was complete"),
    (
        426,
        &[("upgrade", "TLS/1.2")],
        "",
        &[],
        "Upgrade to: TLS/1.2",
    ),
    (
        431,
        &[],
        "",
        &[("a", "b"), ("cookie", "cccc")],
        "The header fields had 20 B; the largest is cookie with 14 B.",
    ),
    (
        451,
        &[(
            "link",
            "<https://spqr.example.org/legislatione>; rel=\"blocked-by\"",
        )],
        "",
        &[],
        "Blocked by: https://spqr.example.org/legislatione [RFC 7725, Section 4]",
    ),
    (
        429,
        &[("retry-after", "90")],
        "",
        &[],
        "Retry-After: the server asks to wait 1 m 30 s. [RFC 9110, Section 10.2.3] → send the same request again",
    ),
    (
        429,
        &[
            ("date", DATE),
            ("retry-after", "Wed, 04 Mar 2026 12:04:35 GMT"),
        ],
        "",
        &[],
        "which is 30 s after its own time",
    ),
    (
        503,
        &[("retry-after", "soon")],
        "",
        &[],
        "neither seconds nor a date",
    ),
    (429, &[], "", &[], "does not say how long to wait"),
    (
        429,
        &[
            ("ratelimit-policy", "\"burst\";q=100;w=60"),
            ("ratelimit", "\"burst\";r=0;t=30"),
        ],
        "",
        &[],
        "Rate limit: 0 of 100 requests are left; they are counted over 1 m 00 s; it begins anew in 30 s. [draft-ietf-httpapi-ratelimit-headers] → send the same request again",
    ),
    (
        403,
        &[
            ("x-ratelimit-limit", "60"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1772625885"),
            ("date", DATE),
        ],
        "",
        &[],
        "Rate limit: 0 of 60 requests are left; it begins anew in 4 m 00 s. [the documentation of the service]",
    ),
    (
        502,
        &[("server", "nginx/1.27")],
        "",
        &[],
        "It comes from the gateway nginx (server: nginx/1.27): the application behind it did not answer, or not in time.",
    ),
    (
        520,
        &[("server", "cloudflare"), ("cf-ray", "8f-FRA")],
        "",
        &[],
        "It comes from the CDN Cloudflare (cf-ray: 8f-FRA)",
    ),
    (
        500,
        &[
            ("server", "nginx"),
            ("x-powered-by", "Express"),
            ("via", "1.1 varnish"),
        ],
        "",
        &[],
        "It comes from the application: Express (Node.js) (x-powered-by: Express). It came by way of 1.1 varnish (Via).",
    ),
    (
        500,
        &[("cf-ray", "8f")],
        "",
        &[],
        "It came through the CDN Cloudflare (cf-ray: 8f), most likely from the application behind it.",
    ),
    (
        500,
        &[("server", "mine"), ("x-request-id", "7f3a")],
        "",
        &[],
        "a server that calls itself mine. [RFC 9110, Sections 7.6.3 and 10.2.4] → \nIn the operator's logs it is found by x-request-id: 7f3a",
    ),
    (
        500,
        &[],
        "",
        &[],
        "A POST may act twice when it is sent again, and it carried no Idempotency-Key",
    ),
    (
        500,
        &[],
        "",
        &[("idempotency-key", "k1")],
        "It carried Idempotency-Key: k1; where the server heeds it, sending again is safe. [draft-ietf-httpapi-idempotency-key-header] → send the same request again",
    ),
];

#[test]
fn each_answer_is_explained_by_what_it_says() {
    for (status, headers, body, sent, words) in ANSWERS {
        let found = found(&answered(*status, headers, body, sent));
        assert!(found.contains(words), "{status}: no “{words}” in\n{found}");
    }
}

#[test]
fn what_needs_no_explaining_says_nothing() {
    for status in [200, 203, 226] {
        assert_eq!(
            found(&answered(
                status,
                &[("location", "/x"), ("retry-after", "3")],
                "",
                &[]
            )),
            ""
        );
    }
}

#[test]
fn redirects_are_told_with_their_ways_out() {
    let way = |method: &str, first: u16, from: &str, to: &str| {
        let hops = vec![
            hop("POST", from, &[], Some(head(first, &[]))),
            hop(method, to, &[], Some(head(200, &[]))),
        ];
        let outcome = Outcome::Response(Response {
            head: head(200, &[]),
            body: Bytes::new(),
        });
        found(&exchange_at(from, hops, outcome))
    };
    let became = way("GET", 302, "http://h/x", "http://h/y");
    assert!(
        became.starts_with("REDIRECTED by 302: the POST BECAME A GET to http://h/y."),
        "{became}"
    );
    assert!(became.contains("[RFC 9110, Section 15.4.3] → send the POST again, whole, to http://h/y | use http://h/y instead"), "{became}");
    let kept = way("POST", 308, "https://h/x", "http://h/y");
    assert!(
        kept.contains("FROM HTTPS TO HTTP") && kept.contains("→ use http://h/y instead"),
        "{kept}"
    );
    assert!(way("POST", 307, "http://h/x", "http://h/y").ends_with("→ \n"));
}

#[test]
fn a_redirect_that_is_the_answer_says_why() {
    let url = "http://h:3000/api/users";
    let mut stopped = answered(303, &[("location", "/next")], "", &[]);
    stopped.prepared.options.redirects = Redirects::Stop;
    let told = found(&stopped);
    assert!(told.contains("takes a redirect as the answer"), "{told}");
    assert!(
        told.contains(
            "→ open http://h:3000/next as a GET | send the POST again, whole, to http://h:3000/next"
        ),
        "{told}"
    );

    let looping = found(&answered(307, &[("location", url)], "", &[]));
    assert!(
        looping.contains("A LOOP") && looping.ends_with("→ \n"),
        "{looping}"
    );

    let mut circling = answered(307, &[("location", "/other")], "", &[]);
    circling.hops = vec![circling.hops[0].clone(); 20];
    assert!(found(&circling).contains("the twentieth hop"));
}

/// `{"alg":"HS256"}` and the claims, with a signature that nobody checks.
fn bearer(claims: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as CODE};
    format!(
        "Bearer {}.{}.c2lnbmVk",
        CODE.encode(r#"{"alg":"HS256"}"#),
        CODE.encode(claims)
    )
}

#[test]
fn a_token_says_why_it_is_refused_and_is_not_shown() {
    for (claims, words) in [
        (
            r#"{"exp":1772625605}"#,
            "THE TOKEN HAD EXPIRED 40 s before (exp: 2026-03-04T12:00:05Z).",
        ),
        (
            r#"{"exp":1772629445}"#,
            "The token was to expire 1 h 00 m later",
        ),
        (r#"{"nbf":1772625905}"#, "IS NOT VALID YET"),
        (
            r#"{"iss":"https://me","aud":["a","b"]}"#,
            "The token is made by https://me, for a, b, signed with HS256.",
        ),
        (
            r#"{"scope":"read list"}"#,
            "THE TOKEN LACKS the scope “write”; it has “read list”.",
        ),
        (
            r#"{"scp":["read","write"]}"#,
            "The token's scope is “read write”.",
        ),
    ] {
        let token = bearer(claims);
        let challenge = "Bearer error=\"insufficient_scope\", scope=\"write\"";
        let headers = [("date", DATE), ("www-authenticate", challenge)];
        let exchange = answered(401, &headers, "", &[("authorization", &token)]);
        let told = found(&exchange);
        let words = words.replace("40 s", "4 m 00 s");
        assert!(told.contains(&words), "no “{words}” in\n{told}");
        let secret = token.strip_prefix("Bearer ").unwrap();
        assert!(!told.contains(secret), "{told}");
        let printed = diagnose_without_secrets(&exchange).unwrap();
        assert_eq!(printed.evidence, diagnose(&exchange).unwrap().evidence);
        let kept = found(&exchange.redacted());
        assert!(
            !kept.contains("TOKEN HAD") && kept.contains("(Bearer)"),
            "{kept}"
        );
    }
    for text in [
        "",
        "Bearer",
        "Bearer x",
        "Bearer a.b.c",
        "Basic e30.e30.x",
        "Bearer bnVsbA.bnVsbA.x",
    ] {
        let exchange = answered(401, &[], "", &[("authorization", text)]);
        assert!(!found(&exchange).contains("oken"), "{text}");
    }
}

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
    use FailureKind::{Dns, Malformed, Proxy, Refused, Reset, Timeout, Tls};
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
            "begins with no HTTP status line. [RFC 9112, Section 4] → use https://h:8443/x instead",
        ),
        ("https://h/x", Proxy, Connect, "HTTPS_PROXY"),
    ] {
        let found = failed(url, kind, phase, Processed::Maybe);
        assert!(found.contains(words), "{kind:?}: no “{words}” in\n{found}");
    }
    let harmless = failed("http://h/x", Dns, Resolve, Processed::No);
    assert!(harmless.ends_with("cannot do anything twice. [-] → send the same request again\n"));
}

#[test]
fn a_truncated_answer_says_how_much_is_missing() {
    let partial = Response {
        head: head(200, &[("content-length", "1000")]),
        body: Bytes::from_static(b"12345"),
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
    assert!(told.contains("5 bytes of its body had arrived; 995 of the 1000 announced by Content-Length are missing."), "{told}");
}

#[test]
fn waiting_is_until_a_moment_of_this_machines_clock() {
    let until = |headers: &[(&str, &str)]| {
        let found = diagnose(&answered(429, headers, "", &[])).unwrap();
        found
            .leading()
            .and_then(|it| it.not_before)
            .map(|time| time.to_string())
    };
    let expected = Some("2026-03-04T12:04:35Z".to_owned());
    assert_eq!(until(&[("retry-after", "30")]), expected);
    // The server's clock is a year behind: only the difference counts.
    let date = ("date", "Tue, 04 Mar 2025 12:00:00 GMT");
    assert_eq!(
        until(&[date, ("retry-after", "Tue, 04 Mar 2025 12:00:30 GMT")]),
        expected
    );
    assert_eq!(until(&[("ratelimit", "\"x\";r=0;t=30")]), expected);
    assert_eq!(
        until(&[("retry-after", "-5")]),
        Some("2026-03-04T12:04:05Z".to_owned())
    );
    assert_eq!(until(&[]), None);
}

#[test]
fn steps_of_several_findings_are_listed_once() {
    let exchange = answered(
        503,
        &[("retry-after", "1")],
        "",
        &[("idempotency-key", "k")],
    );
    let diagnosis = diagnose(&exchange).unwrap();
    assert_eq!(diagnosis.steps().len(), 1);
    assert!(diagnosis.steps()[0].1.is_some());
}

#[test]
fn nothing_that_is_printed_is_secret() {
    let exchange = answered(
        201,
        &[("location", "http://me:s3cret@h/x")],
        "",
        &[("authorization", "Basic czNjcmV0")],
    );
    let printed = serde_json::to_string(&diagnose_without_secrets(&exchange)).unwrap();
    assert!(
        !printed.contains("s3cret") && !printed.contains("czNjcmV0"),
        "{printed}"
    );
}

#[test]
fn findings_are_data() {
    let exchange = answered(202, &[("location", "/j"), ("retry-after", "5")], "", &[]);
    let json = serde_json::to_value(diagnose(&exchange).unwrap()).unwrap();
    let finding = &json["findings"][0];
    assert_eq!(finding["reference"], "RFC 9110, Section 15.3.3");
    assert_eq!(finding["steps"][0]["kind"], "open-as-get");
    assert_eq!(finding["steps"][0]["url"], "http://h:3000/j");
    assert_eq!(finding["not_before"], "2026-03-04T12:04:10Z");
}

#[test]
fn a_path_with_a_wrong_letter_is_told_from_those_that_were_answered() {
    let missed = |known: &[&str]| {
        let exchange = answered(404, &[], "", &[]);
        near_miss(&exchange, known.iter().copied()).map(|it| it.text)
    };
    let found = missed(&["http://h:3000/api/user?x=1", "http://h:3000/a", "no URL"]);
    assert!(found.unwrap().contains("/api/user before"));
    assert_eq!(
        missed(&["http://other:3000/api/user"]),
        None,
        "another host"
    );
    assert_eq!(missed(&["http://h:3000/api/users"]), None, "the same path");
    assert_eq!(missed(&["http://h:3000/orders/7"]), None, "another path");
    assert_eq!(
        near_miss(&answered(200, &[], "", &[]), std::iter::empty()),
        None
    );
}
