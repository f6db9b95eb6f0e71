//! Every route: path pattern, methods, one line of help, handler. A new route is a row here and a
//! function in the file of its family; the page at `/` is made from this table.

mod accounts;
mod credentials;
mod echo;
mod faults;
mod hostile;
mod index;
mod jobs;
mod oauth;
mod payloads;
mod problems;
mod redirects;
mod slow;
mod statuses;
mod streams;
mod upload;

use std::{future::Future, pin::Pin};

use super::{
    call::Call,
    head::{Head, Refusal},
    reply::Reply,
    wire::{Next, Trouble, Wire},
};

/// One route of the playground.
pub struct Route {
    /// The path; one part may be `{name}`, which is any text without a slash.
    pub pattern: &'static str,
    pub methods: Methods,
    /// One line for the page at `/`.
    pub help: &'static str,
    pub(super) handler: Handler,
}

/// The methods that a route answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Methods {
    Any,
    /// These and no other; the others get a 405.
    Only(&'static [&'static str]),
}

impl Methods {
    fn includes(self, method: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(methods) => methods.contains(&method),
        }
    }

    /// As they stand in an `Allow` field.
    pub fn text(self) -> String {
        match self {
            Self::Any => "any".to_owned(),
            Self::Only(methods) => methods.join(", "),
        }
    }
}

type Writing<'a> = Pin<Box<dyn Future<Output = Result<Next, Trouble>> + Send + 'a>>;
type Writer = for<'a> fn(&'a Call<'a>, &'a mut Wire) -> Writing<'a>;

/// What a route does, by how much of the connection it needs.
pub(super) enum Handler {
    /// Answers from the request with its whole body.
    Reply(fn(&Call) -> Reply),
    /// Writes to the connection itself, once the body has been read away.
    Write(Writer),
    /// Reads the body itself as well.
    Stream(Writer),
}

const POST: Methods = Methods::Only(&["POST"]);
const GET: Methods = Methods::Only(&["GET", "HEAD"]);

/// Every route, in the order of the page at `/`.
pub static ROUTES: &[Route] = &[
    Route {
        pattern: "/",
        methods: Methods::Any,
        help: "this list: HTML for browsers, plain text for others",
        handler: Handler::Reply(index::index),
    },
    Route {
        pattern: "/api/create_user",
        methods: POST,
        help: "form or JSON with username and email: 201, or 400, 401 (intruder), 409 (taken), 500 (crash)",
        handler: Handler::Reply(accounts::create_user),
    },
    Route {
        pattern: "/api/login",
        methods: POST,
        help: "form or JSON with username=user and password=passwd: 200 with a token, else 401",
        handler: Handler::Reply(accounts::login),
    },
    Route {
        pattern: "/users/{id}",
        methods: GET,
        help: "an account made in this run, or 404",
        handler: Handler::Reply(accounts::user),
    },
    Route {
        pattern: "/echo",
        methods: Methods::Any,
        help: "the request as it was received: fields in order and case, body as text or base64",
        handler: Handler::Reply(echo::echo),
    },
    Route {
        pattern: "/upload",
        methods: Methods::Any,
        help: "counts the bytes of a body of any size and gives their SHA-256",
        handler: Handler::Stream(|call, wire| Box::pin(upload::upload(call, wire))),
    },
    Route {
        pattern: "/status/{code}",
        methods: Methods::Any,
        help: "any status from 100 to 999; ?reason= for another phrase; 1xx: that one first, then 200",
        handler: Handler::Write(|call, wire| Box::pin(statuses::status(call, wire))),
    },
    Route {
        pattern: "/empty",
        methods: Methods::Any,
        help: "204, no body",
        handler: Handler::Reply(|_| Reply::new(204)),
    },
    Route {
        pattern: "/retry-after/{seconds}",
        methods: Methods::Any,
        help: "429 with Retry-After",
        handler: Handler::Reply(|call| or_refused(statuses::retry_after(call))),
    },
    Route {
        pattern: "/problems/{framework}",
        methods: Methods::Any,
        help: "wrong fields as rails, laravel, django, fastapi, spring, aspnet, express, jsonapi or rfc9457 say it",
        handler: Handler::Reply(|call| or_refused(problems::problem(call))),
    },
    Route {
        pattern: "/csrf/{framework}",
        methods: Methods::Any,
        help: "a forged request as django, rails, laravel or express refuse it; cors as Spring does",
        handler: Handler::Reply(|call| or_refused(problems::forgery(call))),
    },
    Route {
        pattern: "/allow",
        methods: Methods::Any,
        help: "405 with Allow: GET, PUT, DELETE for any other method",
        handler: Handler::Reply(problems::allow),
    },
    Route {
        pattern: "/rate-limited",
        methods: Methods::Any,
        help: "429 with Retry-After as a date in ?seconds=10, and RateLimit fields",
        handler: Handler::Reply(|call| or_refused(problems::rate_limited(call))),
    },
    Route {
        pattern: "/gateway/{who}",
        methods: Methods::Any,
        help: "a 5xx of nginx, cloudflare, cloudfront or of the app behind them",
        handler: Handler::Reply(|call| or_refused(problems::gateway(call))),
    },
    Route {
        pattern: "/accepted",
        methods: Methods::Any,
        help: "202: a job of ?seconds=3 with its Location; ?end=done, failed or gone; ?busy=1 for a 503 on the way",
        handler: Handler::Reply(|call| or_refused(jobs::accepted(call))),
    },
    Route {
        pattern: "/jobs/{id}",
        methods: GET,
        help: "how a job of /accepted gets on: 202 with Retry-After, then 303 to /text, or what its end is",
        handler: Handler::Reply(|call| or_refused(jobs::job(call))),
    },
    Route {
        pattern: "/multi-status",
        methods: Methods::Any,
        help: "207 in which one of two parts failed",
        handler: Handler::Reply(problems::multi_status),
    },
    Route {
        pattern: "/redirect/{code}",
        methods: Methods::Any,
        help: "a 3xx to ?to=, a URL or path; /echo where it is not given",
        handler: Handler::Reply(|call| or_refused(redirects::redirect(call))),
    },
    Route {
        pattern: "/redirect-loop",
        methods: Methods::Any,
        help: "307 to itself",
        handler: Handler::Reply(redirects::redirect_loop),
    },
    Route {
        pattern: "/auth/basic",
        methods: Methods::Any,
        help: "200 for Basic user:passwd, else 401",
        handler: Handler::Reply(credentials::basic),
    },
    Route {
        pattern: "/auth/bearer",
        methods: Methods::Any,
        help: "200 for Bearer secret-token, else 401",
        handler: Handler::Reply(credentials::bearer),
    },
    Route {
        pattern: "/auth/digest",
        methods: Methods::Any,
        help: "200 for Digest (SHA-256 or MD5) of user and passwd, else 401 with the challenges",
        handler: Handler::Reply(credentials::digest),
    },
    Route {
        pattern: "/auth/api-key",
        methods: Methods::Any,
        help: "200 for X-Api-Key: secret-key or ?api_key=secret-key, else 401",
        handler: Handler::Reply(credentials::api_key),
    },
    Route {
        pattern: "/oauth/authorize",
        methods: GET,
        help: "OAuth 2: agrees at once and redirects with a code; ?deny=1 refuses",
        handler: Handler::Reply(oauth::authorize),
    },
    Route {
        pattern: "/oauth/token",
        methods: POST,
        help: "OAuth 2: every grant, for client posttui with secret passwd; the token opens /auth/bearer",
        handler: Handler::Reply(oauth::token),
    },
    Route {
        pattern: "/delay/{ms}",
        methods: Methods::Any,
        help: "answers after so many milliseconds",
        handler: Handler::Write(|call, wire| Box::pin(slow::delay(call, wire))),
    },
    Route {
        pattern: "/drip",
        methods: Methods::Any,
        help: "?bytes=10 one by one, chunked, ?ms=200 milliseconds between them",
        handler: Handler::Write(|call, wire| Box::pin(slow::drip(call, wire))),
    },
    Route {
        pattern: "/hang",
        methods: Methods::Any,
        help: "never answers",
        handler: Handler::Write(|_, wire| Box::pin(slow::hang(wire))),
    },
    Route {
        pattern: "/cut",
        methods: Methods::Any,
        help: "announces 1000 bytes and closes after some",
        handler: Handler::Write(|_, wire| Box::pin(faults::cut(wire))),
    },
    Route {
        pattern: "/cut-chunked",
        methods: Methods::Any,
        help: "closes in the middle of a chunk",
        handler: Handler::Write(|_, wire| Box::pin(faults::cut_chunked(wire))),
    },
    Route {
        pattern: "/reset",
        methods: Methods::Any,
        help: "resets the connection before a head",
        handler: Handler::Write(|_, _| Box::pin(async { Ok(Next::Reset) })),
    },
    Route {
        pattern: "/garbage",
        methods: Methods::Any,
        help: "answers with what is not HTTP",
        handler: Handler::Write(|_, wire| Box::pin(faults::garbage(wire))),
    },
    Route {
        pattern: "/hostile",
        methods: Methods::Any,
        help: "control and bidi characters in phrase, fields and body; ?raw=1 for an ESC in a field",
        handler: Handler::Reply(hostile::hostile),
    },
    Route {
        pattern: "/headers/{n}",
        methods: Methods::Any,
        help: "so many header fields",
        handler: Handler::Reply(|call| or_refused(payloads::headers(call))),
    },
    Route {
        pattern: "/json/{MB}",
        methods: Methods::Any,
        help: "so many megabytes of JSON on one line, always the same; fractions too",
        handler: Handler::Write(|call, wire| Box::pin(payloads::json(call, wire))),
    },
    Route {
        pattern: "/ndjson/{n}",
        methods: Methods::Any,
        help: "so many values of JSON, one a line; ?ms=0 milliseconds between them",
        handler: Handler::Write(|call, wire| Box::pin(streams::ndjson(call, wire))),
    },
    Route {
        pattern: "/events/{n}",
        methods: Methods::Any,
        help: "so many server-sent events; ?ms=0 milliseconds between them",
        handler: Handler::Write(|call, wire| Box::pin(streams::events(call, wire))),
    },
    Route {
        pattern: "/csv/{n}",
        methods: Methods::Any,
        help: "a table of so many records, offered as a file",
        handler: Handler::Reply(|call| or_refused(streams::csv(call))),
    },
    Route {
        pattern: "/xml",
        methods: Methods::Any,
        help: "XML on one line",
        handler: Handler::Reply(|_| streams::xml()),
    },
    Route {
        pattern: "/lines/{MB}",
        methods: Methods::Any,
        help: "so many megabytes of short lines; ?lines=0 for one line",
        handler: Handler::Write(|call, wire| Box::pin(streams::lines(call, wire))),
    },
    Route {
        pattern: "/deep/{n}",
        methods: Methods::Any,
        help: "JSON nested so many levels deep",
        handler: Handler::Reply(|call| or_refused(streams::deep(call))),
    },
    Route {
        pattern: "/bomb",
        methods: Methods::Any,
        help: "a few kilobytes that are two gigabytes when they are decoded",
        handler: Handler::Reply(|_| streams::bomb()),
    },
    Route {
        pattern: "/gzip",
        methods: Methods::Any,
        help: "JSON with Content-Encoding: gzip",
        handler: Handler::Reply(|_| payloads::compressed("gzip", payloads::GZIP)),
    },
    Route {
        pattern: "/br",
        methods: Methods::Any,
        help: "JSON with Content-Encoding: br",
        handler: Handler::Reply(|_| payloads::compressed("br", payloads::BROTLI)),
    },
    Route {
        pattern: "/zstd",
        methods: Methods::Any,
        help: "JSON with Content-Encoding: zstd",
        handler: Handler::Reply(|_| payloads::compressed("zstd", payloads::ZSTD)),
    },
    Route {
        pattern: "/binary",
        methods: Methods::Any,
        help: "a PNG image",
        handler: Handler::Reply(|_| Reply::with_body(200, "image/png", payloads::PNG)),
    },
    Route {
        pattern: "/text",
        methods: Methods::Any,
        help: "plain text in UTF-8 with wide characters, a tab and a long line",
        handler: Handler::Reply(|_| payloads::text()),
    },
    Route {
        pattern: "/html",
        methods: Methods::Any,
        help: "an HTML page",
        handler: Handler::Reply(|_| payloads::html()),
    },
    Route {
        pattern: "/latin1",
        methods: Methods::Any,
        help: "plain text in ISO-8859-1",
        handler: Handler::Reply(|_| payloads::latin1()),
    },
];

/// What a method and a path lead to.
pub(super) enum Found<'a> {
    /// The route and the text of its parameter.
    Route(&'static Route, &'a str),
    /// The path is known, with these methods only.
    OtherMethod(Methods),
    Nothing,
}

pub(super) fn find<'a>(method: &str, path: &'a str) -> Found<'a> {
    for route in ROUTES {
        if let Some(parameter) = matches(route.pattern, path) {
            if route.methods.includes(method) {
                return Found::Route(route, parameter);
            }
            return Found::OtherMethod(route.methods);
        }
    }
    Found::Nothing
}

/// The text of the pattern's parameter, empty where it has none; `None` for another path.
fn matches<'a>(pattern: &str, path: &'a str) -> Option<&'a str> {
    match pattern.split_once('{') {
        Some((before, _)) => path
            .strip_prefix(before)
            .filter(|rest| !rest.is_empty() && !rest.contains('/')),
        None => (pattern == path).then_some(""),
    }
}

pub(super) fn not_found(head: &Head) -> Reply {
    let detail = format!(
        "There is no route {}; the list of them is at /.",
        head.path()
    );
    Reply::problem(404, detail)
}

pub(super) fn method_not_allowed(head: &Head, allowed: Methods) -> Reply {
    let allowed = allowed.text();
    let detail = format!("{} answers {allowed}, not {}.", head.path(), head.method);
    Reply::problem(405, detail).header("Allow", allowed)
}

fn or_refused(reply: Result<Reply, Refusal>) -> Reply {
    reply.unwrap_or_else(Reply::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_one_part_of_the_path() {
        assert_eq!(matches("/users/{id}", "/users/42"), Some("42"));
        for path in ["/users/", "/users", "/users/42/", "/users/4/2", "/user/42"] {
            assert_eq!(matches("/users/{id}", path), None, "{path}");
        }
        assert_eq!(matches("/echo", "/echo"), Some(""));
        assert_eq!(matches("/echo", "/echo/"), None);
    }

    #[test]
    fn every_row_is_reached_and_explained() {
        for route in ROUTES {
            let methods = match route.methods {
                Methods::Any => &["POST", "BREW"][..],
                Methods::Only(methods) => methods,
            };
            let path = route.pattern.replace(['{', '}'], "");
            for method in methods {
                match find(method, &path) {
                    Found::Route(found, _) => assert_eq!(found.pattern, route.pattern),
                    Found::OtherMethod(_) | Found::Nothing => panic!("{method} {path} is lost"),
                }
            }
            assert!(!route.help.is_empty(), "{}", route.pattern);
        }
    }
}
