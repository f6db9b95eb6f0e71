//! Refusals in the words of real frameworks and gateways: their documented bodies, statuses and fields.

use jiff::{Timestamp, ToSpan, fmt::rfc2822::DateTimePrinter};

use crate::demo::{call::Call, head::Refusal, reply::Reply};

/// A framework: its name in the path, its status, its media type, its body.
struct Sample(&'static str, u16, &'static str, &'static str);

macro_rules! body {
    ($name:literal) => {
        include_str!(concat!("../../../assets/samples/problems/", $name, ".json"))
    };
}

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

const FRAMEWORKS: &[Sample] = &[
    Sample("rails", 422, JSON, body!("rails")),
    Sample("laravel", 422, JSON, body!("laravel")),
    Sample("django", 400, JSON, body!("django")),
    Sample("fastapi", 422, JSON, body!("fastapi")),
    Sample("spring", 400, JSON, body!("spring")),
    Sample("aspnet", 400, PROBLEM, body!("aspnet")),
    Sample("express", 400, JSON, body!("express")),
    Sample("jsonapi", 422, "application/vnd.api+json", body!("jsonapi")),
    Sample("rfc9457", 422, PROBLEM, body!("rfc9457")),
];

/// What a framework answers to a form whose username and email are wrong.
pub fn problem(call: &Call) -> Result<Reply, Refusal> {
    let found = FRAMEWORKS.iter().find(|it| it.0 == call.parameter);
    let Sample(_, status, kind, body) = found.ok_or_else(|| {
        let names: Vec<&str> = FRAMEWORKS.iter().map(|it| it.0).collect();
        unknown(call.parameter, &names)
    })?;
    Ok(Reply::with_body(*status, kind, *body))
}

fn unknown(name: &str, names: &[&str]) -> Refusal {
    let detail = format!(
        "“{name}” is not known here; there are {}.",
        names.join(", ")
    );
    Refusal::new(404, detail)
}

/// A framework's refusal of what may be forged: its name, status, media type and body.
const FORGERIES: &[Sample] = &[
    Sample(
        "django",
        403,
        "text/html",
        "<h1>Forbidden <span>(403)</span></h1><p>CSRF verification failed. Request aborted.</p>",
    ),
    Sample(
        "rails",
        422,
        JSON,
        "{\"status\":422,\"error\":\"Unprocessable Entity\",\
         \"exception\":\"#<ActionController::InvalidAuthenticityToken>\"}",
    ),
    Sample(
        "laravel",
        419,
        JSON,
        "{\"message\":\"CSRF token mismatch.\"}",
    ),
    Sample(
        "express",
        403,
        "text/html",
        "<pre>ForbiddenError: invalid csrf token</pre>",
    ),
    Sample("cors", 403, "text/plain", "Invalid CORS request"),
];

pub fn forgery(call: &Call) -> Result<Reply, Refusal> {
    let found = FORGERIES.iter().find(|it| it.0 == call.parameter);
    let Sample(_, status, kind, body) = found.ok_or_else(|| {
        let names: Vec<&str> = FORGERIES.iter().map(|it| it.0).collect();
        unknown(call.parameter, &names)
    })?;
    let reply = Reply::with_body(*status, kind, *body);
    Ok(if *status == 419 {
        // 419 is Laravel's own and has no registered phrase.
        Reply {
            reason: "Page Expired".into(),
            ..reply
        }
    } else {
        reply
    })
}

/// 405 for a POST: only other methods are allowed.
pub fn allow(call: &Call) -> Reply {
    match call.head.method.as_str() {
        "GET" | "PUT" | "DELETE" => Reply::new(204),
        method => Reply::problem(
            405,
            format!("/allow answers GET, PUT and DELETE, not {method}."),
        )
        .header("Allow", "GET, PUT, DELETE"),
    }
}

/// 429 with a date to wait for, and the counters that go with it.
pub fn rate_limited(call: &Call) -> Result<Reply, Refusal> {
    let seconds: i64 = call.query_number("seconds", 1..=3600, 10)?;
    let reply = Reply::problem(429, format!("Too many requests: wait {seconds} s."))
        .header("RateLimit-Policy", "\"burst\";q=100;w=60")
        .header("RateLimit", format!("\"burst\";r=0;t={seconds}"));
    let until = Timestamp::now().checked_add(seconds.seconds());
    let date = until.and_then(|until| DateTimePrinter::new().timestamp_to_rfc9110_string(&until));
    Ok(match date {
        Ok(date) => reply.header("Retry-After", date),
        Err(_) => reply,
    })
}

/// A gateway that gets no answer from what is behind it.
pub fn gateway(call: &Call) -> Result<Reply, Refusal> {
    let page = |status, name: &str| {
        let body = format!("<html><h1>{status} Bad gateway</h1><hr>{name}</html>");
        Reply::with_body(status, "text/html", body)
    };
    Ok(match call.parameter {
        "nginx" => page(502, "nginx").header("Server", "nginx/1.27.3"),
        "cloudflare" => page(520, "cloudflare")
            .header("Server", "cloudflare")
            .header("CF-RAY", "8f1d2c3b4a5e6f70-FRA"),
        "cloudfront" => page(504, "CloudFront")
            .header("Via", "1.1 0123456789abcdef.cloudfront.net (CloudFront)")
            .header("X-Cache", "Error from cloudfront")
            .header("X-Amz-Cf-Id", "r4ndom-L00king=="),
        "app" => Reply::problem(500, "The application failed.")
            .header("X-Powered-By", "Express")
            .header("X-Request-Id", "7f3a"),
        name => return Err(unknown(name, &["nginx", "cloudflare", "cloudfront", "app"])),
    })
}

/// 207 with one part that failed (RFC 4918, Section 9.6.1).
pub fn multi_status(_: &Call) -> Reply {
    let body = "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<d:multistatus xmlns:d=\"DAV:\">\n\
        <d:response><d:href>/container/resource3</d:href>\
        <d:status>HTTP/1.1 423 Locked</d:status>\
        <d:responsedescription>Jane has it open until 15:00.</d:responsedescription></d:response>\n\
        <d:response><d:href>/container/resource4</d:href>\
        <d:status>HTTP/1.1 204 No Content</d:status></d:response>\n</d:multistatus>\n";
    Reply::with_body(207, "application/xml; charset=utf-8", body)
}
