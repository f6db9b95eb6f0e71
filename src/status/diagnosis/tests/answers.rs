//! One row a finding: what came, and what is said about it.

use super::*;

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
        "1 of its 2 parts failed. [RFC 4918, Section 13] → ",
    ),
    (
        207,
        &[],
        r#"{"results":[{"id":7,"status":201},{"id":8,"status":"409 Conflict"}]}"#,
        &[],
        "1 of its 2 parts failed. [RFC 4918, Section 13] → ",
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
        "The server says: The code is used up. [RFC 9110, Section 15.5]",
    ),
    (
        404,
        &[],
        r#"{"error":{"message":"No such user"}}"#,
        &[],
        "The server says: No such user [RFC 9110, Section 15.5] → \nNothing answers a POST of /api/users there, or it is hidden from whoever asks. [RFC 9110, Section 15.5.5] → open http://h:3000/api/users as a GET | go to the URL",
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
        "The server asks for Bearer, realm “api”: invalid_token, expired [RFC 6750, Section 3] → \nThe server asks for Basic, realm “b” [RFC 7617, Section 2] → \nThe request did carry authorization (Bearer). [RFC 9110, Section 11.6.2] → fill in Bearer token",
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
        "The request carried no Authorization and no Cookie. [RFC 9110, Section 11.6.2] → go to the auth tab",
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
    (
        405,
        &[],
        "",
        &[],
        "no Allow), although a 405 must. [RFC 9110, Section 15.5.6] → switch to OPTIONS",
    ),
    (
        406,
        &[],
        "",
        &[("accept", "*/*"), ("accept-language", "de")],
        "The request asked for accept: */*, accept-language: de. [RFC 9110, Section 15.5.7] → set accept-language: *",
    ),
    (
        406,
        &[],
        "",
        &[],
        "The request asked for nothing in particular: it had no Accept, Accept-Language or Accept-Encoding. [RFC 9110, Section 15.5.7] → go to the headers",
    ),
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
        "Accepted content codings: identity; the body was sent without one, so that this is not why. [RFC 9110, Section 12.5.3] → \n",
    ),
    (
        415,
        &[("accept-encoding", "identity")],
        "",
        &[("content-encoding", "zstd")],
        "Accepted content codings: identity; the body was sent as zstd. [RFC 9110, Section 12.5.3] → go to the headers",
    ),
    (
        403,
        &[],
        "Invalid CORS request",
        &[("origin", "http://a")],
        "without an Origin header it is not asked. [Spring Framework, CORS] → go to the headers",
    ),
    (
        401,
        &[(
            "www-authenticate",
            "Basic realm=\"a\", Bearer realm=\"b\", error=\"invalid_token\"",
        )],
        "",
        &[],
        "no Cookie. [RFC 9110, Section 11.6.2] → fill in Bearer",
    ),
    (
        429,
        &[("retry-after", "-5")],
        "",
        &[],
        "Retry-After: -5, which is no time to wait: its seconds are digits alone. [RFC 9110, Section 10.2.3]",
    ),
    (
        429,
        &[("retry-after", "99999999999999999999")],
        "",
        &[],
        "Retry-After: 99999999999999999999: the server asks to wait for a year or more.",
    ),
    (
        422,
        &[],
        r#"{"errors":{"email":["is taken"],"base":["Nope"]}}"#,
        &[],
        "email: is taken [RFC 9110, Section 15.5] → go to email\nThe server says: Nope",
    ),
    (
        400,
        &[("content-type", "application/problem+json")],
        r#"{"title":"Invalid","errors":{"":["Nope"]}}"#,
        &[],
        "The server says: Invalid [RFC 9457, Section 3.1] → go to the body\nThe server says: Nope",
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
    (
        410,
        &[],
        "",
        &[],
        "names neither a successor (no Link) nor the day of its end (no Sunset). [RFC 9110, Section 15.5.11] → open http://h:3000/api as a GET | go to the URL",
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
        "wants a condition, such as If-Match with the ETag that a GET of the same URL shows. [RFC 6585, Section 3] → GET http://h:3000/api/users, and put its ETag into If-Match | set if-match",
    ),
    (413, &[], "", &[], "The body had 2.0 KiB (2048 bytes)."),
    (
        414,
        &[],
        "",
        &[],
        "The URL had 23 bytes, 0 of them in the query. Every server takes 8000. [RFC 9110, Sections 4.1 and 15.5.15] → go to the URL",
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
        "Upgrade to: TLS/1.2 [RFC 9110, Section 15.5.22] → use https://h:3000/api/users instead | go to the options",
    ),
    (426, &[], "", &[], "(no Upgrade), although a 426 must"),
    (451, &[], "", &[], "does not say who demands it"),
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
    (
        429,
        &[],
        "",
        &[],
        "does not say how long to wait (no Retry-After). [RFC 9110, Section 10.2.3] → send the same request again",
    ),
    (
        407,
        &[],
        "",
        &[],
        "posttui used no proxy: what answers at this address is one itself, or a server that should have said 401.",
    ),
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
        "Rate limit: 0 of 60 requests are left; it begins anew in 40 s. [the documentation of the service]",
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
        &[
            ("x-cache", "Error from cloudfront"),
            ("via", "1.1 3f2a.cloudfront.net (CloudFront)"),
        ],
        "",
        &[],
        "It came through the CDN Amazon CloudFront (x-cache: Error from cloudfront), most likely from the application behind it. It came by way of 1.1 3f2a.cloudfront.net (CloudFront) (Via).",
    ),
    (
        503,
        &[("via", "1.1 varnish"), ("x-cache", "MISS")],
        "",
        &[],
        "It comes from the gateway Varnish (via: 1.1 varnish): the application behind it did not answer, or not in time. A cache on the way says of itself: MISS (X-Cache).",
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
        "A POST may act twice when it is sent again, and it carried no Idempotency-Key: look first whether it took effect. [RFC 9110, Section 9.2.2] → open http://h:3000/api/users as a GET",
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
        assert!(!found.contains("[-]"), "{status} cites nothing:\n{found}");
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
fn a_path_that_is_odd_is_told_before_what_every_404_has() {
    let at = |url: &str| {
        let mut exchange = answered(404, &[], "", &[]);
        exchange.hops[0].url = url.into();
        exchange
    };
    for (url, words) in [
        (
            "http://h/api//users",
            "The path /api//users has an empty part (//), which many servers take for another one. [RFC 3986, Section 6.2] → use http://h/api/users instead\n",
        ),
        ("http://h/a%20?x", "ends with a blank"),
        ("http://h/a/", "→ use http://h/a instead"),
        ("http://h/", "Nothing answers a POST of /"),
    ] {
        let found = found(&at(url));
        assert!(found.contains(words), "{url}: no “{words}” in\n{found}");
    }
    let mut get = at("http://h/users/7?x=1");
    get.hops[0].method = "GET".into();
    assert!(found(&get).contains("→ open http://h/users as a GET | go to the URL"));
}

#[test]
fn a_header_whose_value_is_hidden_may_be_the_large_one() {
    let mut exchange = answered(
        431,
        &[],
        "",
        &[
            ("accept", "*/*"),
            ("cookie", &format!("sid={}", crate::model::DOTS)),
        ],
    );
    let of = found(&exchange);
    assert!(of.contains("the largest is accept"), "{of}");
    assert!(of.contains("How long cookie was is not kept."), "{of}");
    let line = "POST /api/users HTTP/1.1\r\n".len() as u64;
    exchange.hops[0].transit.sizes = Some(crate::model::Sizes {
        request_head: line + 13 + 5000 + 2,
        response_head: None,
    });
    let of = found(&exchange);
    let words =
        "The header fields had 4.9 KiB; the largest is cookie with 4.9 KiB. [RFC 6585, Section 5]";
    assert!(of.contains(words), "{of}");
}

#[test]
fn a_recognised_refusal_leads_and_credentials_are_not_blamed() {
    for body in ["<p>CSRF verification failed.</p>", "Invalid CORS request"] {
        let diagnosis = diagnose(&answered(403, &[], body, &[])).unwrap();
        let evidence = diagnosis.row_evidence().unwrap();
        assert!(evidence.contains(" refused "), "{evidence}");
        assert_eq!(
            diagnosis.leading().map(|it| it.text.as_str()),
            Some(evidence)
        );
        let told = diagnosis.evidence.join("\n");
        assert!(!told.contains("Authorization"), "{told}");
    }
}

#[test]
fn a_row_tells_what_is_this_exchanges_own() {
    let row = |exchange: &Exchange| {
        diagnose(exchange)
            .unwrap()
            .row_evidence()
            .map(str::to_owned)
    };
    let body = r#"{"error":"No such user"}"#;
    let missed = answered(404, &[], body, &[]);
    assert_eq!(
        row(&missed).as_deref(),
        Some("The server says: No such user")
    );
    let mut near = diagnose(&missed).unwrap();
    near.add(Finding::new("/api/user, which").offering([Step::EditUrl]));
    assert_eq!(near.row_evidence(), Some("/api/user, which"));
    let bare = row(&answered(404, &[], "", &[])).unwrap();
    assert!(bare.starts_with("Nothing answers a POST"), "{bare}");
    assert_eq!(row(&answered(200, &[], "", &[])), None);
}
