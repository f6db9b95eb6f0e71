//! Routes that want credentials: RFC 7617 (Basic) and RFC 6750 (Bearer).

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::demo::{call::Call, reply::Reply};

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

/// What stands behind the scheme in `Authorization` (RFC 9110, Section 11.4).
fn credentials(call: &Call, scheme: &str) -> Option<String> {
    let text = call.head.header("authorization")?;
    let (found, rest) = text.trim().split_once(' ')?;
    found
        .eq_ignore_ascii_case(scheme)
        .then(|| rest.trim().to_owned())
}

fn denied(detail: &str, challenge: &str) -> Reply {
    Reply::problem(401, detail).header("WWW-Authenticate", challenge)
}
