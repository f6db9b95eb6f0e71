//! What is wrong with the server: the rest of 5xx.

use super::Answer;

pub(super) const ANSWERS: &[Answer] = &[
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
        "A POST may act twice when it is sent again, and it carried no Idempotency-Key: look first whether it took effect. [RFC 9110, Section 9.2.2] → open http://h:3000/api/users as a GET | look at the earlier sends",
    ),
    (
        500,
        &[],
        "",
        &[("idempotency-key", "k1")],
        "It carried Idempotency-Key: k1; where the server heeds it, sending again is safe. [draft-ietf-httpapi-idempotency-key-header] → send the same request again",
    ),
];
