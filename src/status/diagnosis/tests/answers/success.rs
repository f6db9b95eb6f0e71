//! What was done, begun or is elsewhere: 2xx and 3xx.

use super::Answer;

pub(super) const ANSWERS: &[Answer] = &[
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
];
