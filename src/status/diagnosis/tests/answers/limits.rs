//! Too much, or too early: 429 and 503.

use super::{Answer, DATE};

pub(super) const ANSWERS: &[Answer] = &[
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
        503,
        &[("via", "1.1 varnish"), ("x-cache", "MISS")],
        "",
        &[],
        "It comes from the gateway Varnish (via: 1.1 varnish): the application behind it did not answer, or not in time. A cache on the way says of itself: MISS (X-Cache).",
    ),
];
