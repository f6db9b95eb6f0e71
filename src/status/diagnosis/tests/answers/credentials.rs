//! Who asks, and whether they may: 401, 403, 407 and 419.

use super::{Answer, DATE};

pub(super) const ANSWERS: &[Answer] = &[
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
        407,
        &[],
        "",
        &[],
        "posttui used no proxy: what answers at this address is one itself, or a server that should have said 401.",
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
];
