//! Routes that want credentials: RFC 7617 (Basic), RFC 6750 (Bearer), RFC 7616 (Digest), API keys.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::{
    auth::{
        challenge::{Challenge, challenges},
        digest::{Login, Target, answer},
    },
    demo::{call::Call, reply::Reply},
    model::Header,
};

const BASIC_CHALLENGE: &str = "Basic realm=\"posttui playground\", charset=\"UTF-8\"";
const BEARER_CHALLENGE: &str = "Bearer realm=\"posttui playground\"";

pub fn basic(call: &Call) -> Reply {
    let given = credentials(call, "basic").and_then(|text| STANDARD.decode(text).ok());
    match given.as_deref() {
        Some(b"user:passwd") => Reply::json(200, &json!({"authenticated": true, "user": "user"})),
        Some(_) => denied(
            "The name or the password is wrong: try user and passwd.",
            BASIC_CHALLENGE,
        ),
        None => denied(
            "Basic credentials are wanted: user and passwd.",
            BASIC_CHALLENGE,
        ),
    }
}

pub fn bearer(call: &Call) -> Reply {
    match credentials(call, "bearer").as_deref() {
        Some("secret-token") => Reply::json(200, &json!({"authenticated": true})),
        Some(_) => denied(
            "The token is wrong: try secret-token.",
            &format!("{BEARER_CHALLENGE}, error=\"invalid_token\""),
        ),
        None => denied("A Bearer token is wanted: secret-token.", BEARER_CHALLENGE),
    }
}

/// The challenges, the better one first: RFC 7616, Section 3.7. The nonce is always the same, which no
/// other server should do: this one has nothing to protect, and remembers nothing.
const DIGEST_CHALLENGES: [&str; 2] = [
    "Digest realm=\"posttui playground\", qop=\"auth\", algorithm=SHA-256, nonce=\"cGxheWdyb3VuZA\", opaque=\"b3BhcXVl\"",
    "Digest realm=\"posttui playground\", qop=\"auth\", algorithm=MD5, nonce=\"cGxheWdyb3VuZA\", opaque=\"b3BhcXVl\"",
];

pub fn digest(call: &Call) -> Reply {
    let Some(given) = credentials(call, "digest") else {
        return digest_denied("Digest credentials are wanted: user and passwd.");
    };
    // Credentials are written like a challenge: a scheme and its parameters.
    let given = challenges(&[Header::new("www-authenticate", format!("Digest {given}"))]);
    if given.first().is_some_and(|given| is_right(call, given)) {
        Reply::json(200, &json!({"authenticated": true, "user": "user"}))
    } else {
        digest_denied("The name or the password is wrong: try user and passwd.")
    }
}

/// Whether the same answer comes out here.
fn is_right(call: &Call, given: &Challenge) -> bool {
    let wanted = given.parameter("algorithm").unwrap_or("MD5");
    let asked = challenges(&DIGEST_CHALLENGES.map(|it| Header::new("www-authenticate", it)));
    let Some(challenge) = asked.iter().find(|it| {
        it.parameter("algorithm")
            .is_some_and(|name| name.eq_ignore_ascii_case(wanted))
    }) else {
        return false;
    };
    let login = Login {
        username: "user",
        password: "passwd",
    };
    let target = Target {
        method: &call.head.method,
        uri: &call.head.target,
        cnonce: given.parameter("cnonce").unwrap_or_default(),
    };
    let expected = answer(challenge, login, target).unwrap_or_default();
    let expected = challenges(&[Header::new("www-authenticate", expected)]);
    let same = |name| {
        let expected = expected.first().and_then(|it| it.parameter(name));
        expected.is_some() && expected == given.parameter(name)
    };
    ["username", "nonce", "uri", "nc", "response"]
        .iter()
        .all(|name| same(name))
}

fn digest_denied(detail: &str) -> Reply {
    let reply = Reply::problem(401, detail);
    DIGEST_CHALLENGES.iter().fold(reply, |reply, challenge| {
        reply.header("WWW-Authenticate", *challenge)
    })
}

pub fn api_key(call: &Call) -> Reply {
    let given = call
        .head
        .header("x-api-key")
        .or_else(|| call.query("api_key"));
    match given.as_deref() {
        Some("secret-key") => Reply::json(200, &json!({"authenticated": true})),
        Some(_) => denied("The key is wrong: try secret-key.", "ApiKey"),
        None => denied("A key is wanted: X-Api-Key with secret-key.", "ApiKey"),
    }
}

/// What stands behind the scheme in `Authorization` (RFC 9110, Section 11.4).
pub(super) fn credentials(call: &Call, scheme: &str) -> Option<String> {
    let text = call.head.header("authorization")?;
    let (found, rest) = text.trim().split_once(' ')?;
    found
        .eq_ignore_ascii_case(scheme)
        .then(|| rest.trim().to_owned())
}

fn denied(detail: &str, challenge: &str) -> Reply {
    Reply::problem(401, detail).header("WWW-Authenticate", challenge)
}
