//! An authorization server: RFC 6749, with PKCE (RFC 7636). It remembers nothing: a code holds what it
//! was given out for, so that it can be used more than once, which no other server should allow.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    auth::oauth::pkce_challenge,
    demo::{call::Call, reply::Reply},
};

use super::{credentials::credentials, statuses::without_controls};

const CLIENT_ID: &str = "posttui";
const CLIENT_SECRET: &str = "passwd";
const REFRESH_TOKEN: &str = "refresh-me";

/// What a code stands for.
#[derive(Serialize, Deserialize)]
struct Code {
    redirect_uri: String,
    challenge: Option<String>,
}

/// Where the browser comes to: agrees at once.
pub fn authorize(call: &Call) -> Reply {
    let Some(redirect_uri) = call.query("redirect_uri") else {
        return Reply::problem(400, "redirect_uri is missing.");
    };
    let Ok(mut target) = url::Url::parse(&redirect_uri) else {
        return Reply::problem(400, "redirect_uri is no URL.");
    };
    let state = call.query("state").unwrap_or_default();
    let refusal = refusal(call);
    let mut pairs = target.query_pairs_mut();
    if let Some((error, description)) = refusal {
        pairs
            .append_pair("error", error)
            .append_pair("error_description", description);
    } else {
        let code = Code {
            redirect_uri,
            challenge: call.query("code_challenge"),
        };
        let code = serde_json::to_vec(&code).unwrap_or_default();
        pairs.append_pair("code", &URL_SAFE_NO_PAD.encode(code));
    }
    pairs.append_pair("state", &state);
    drop(pairs);
    Reply::new(302).header("Location", without_controls(target.as_str()))
}

fn refusal(call: &Call) -> Option<(&'static str, &'static str)> {
    if call.query("deny").is_some() {
        return Some(("access_denied", "The playground was asked to refuse."));
    }
    if call.query("response_type").as_deref() != Some("code") {
        return Some(("unsupported_response_type", "Only code is known."));
    }
    if call.query("client_id").as_deref() != Some(CLIENT_ID) {
        return Some(("unauthorized_client", "Only the client posttui is known."));
    }
    let is_plain = call.query("code_challenge_method").as_deref() != Some("S256");
    (call.query("code_challenge").is_some() && is_plain)
        .then_some(("invalid_request", "Only S256 is known."))
}

/// Gives out the token that `/auth/bearer` lets in.
pub fn token(call: &Call) -> Reply {
    let Some(form) = call.form() else {
        return refused(400, "invalid_request", "The body has to be a form.");
    };
    let find = |name: &str| {
        form.iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    };
    let (id, secret) = client(call, &find);
    if id.as_deref() != Some(CLIENT_ID) || secret.as_deref().is_some_and(|it| it != CLIENT_SECRET) {
        return refused(
            401,
            "invalid_client",
            "The client is posttui, its secret passwd.",
        )
        .header("WWW-Authenticate", "Basic realm=\"posttui playground\"");
    }
    let checked = match find("grant_type").unwrap_or_default() {
        "client_credentials" if secret.is_none() => Err("The client's secret is missing."),
        "client_credentials" => Ok(()),
        "password" => match (find("username"), find("password")) {
            (Some("user"), Some("passwd")) => Ok(()),
            _ => Err("The user is user, the password passwd."),
        },
        "refresh_token" if find("refresh_token") == Some(REFRESH_TOKEN) => Ok(()),
        "refresh_token" => Err("This refresh token was not given out here."),
        "authorization_code" => check_code(&find),
        _ => {
            return refused(
                400,
                "unsupported_grant_type",
                "Every grant of RFC 6749 but this.",
            );
        }
    };
    match checked {
        Ok(()) => Reply::json(
            200,
            &json!({
                "access_token": "secret-token",
                "token_type": "Bearer",
                "expires_in": 3600,
                "refresh_token": REFRESH_TOKEN,
                "scope": find("scope").unwrap_or_default(),
            }),
        )
        .header("Cache-Control", "no-store"),
        Err(description) => refused(400, "invalid_grant", description),
    }
}

/// Who asks: by Basic, both encoded as in a form (RFC 6749, Section 2.3.1), or in the form itself.
fn client<'a>(
    call: &Call,
    find: &impl Fn(&str) -> Option<&'a str>,
) -> (Option<String>, Option<String>) {
    let basic = credentials(call, "basic").and_then(|text| STANDARD.decode(text).ok());
    let Some(pair) = basic.and_then(|bytes| String::from_utf8(bytes).ok()) else {
        let own = |name| find(name).map(ToOwned::to_owned);
        return (own("client_id"), own("client_secret"));
    };
    let (id, secret) = pair.split_once(':').unwrap_or((&pair, ""));
    let decode = |text: &str| {
        form_urlencoded::parse(format!("x={text}").as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
    };
    (decode(id), decode(secret))
}

fn check_code<'a>(find: &impl Fn(&str) -> Option<&'a str>) -> Result<(), &'static str> {
    let code = find("code")
        .and_then(|code| URL_SAFE_NO_PAD.decode(code).ok())
        .and_then(|code| serde_json::from_slice::<Code>(&code).ok())
        .ok_or("This code was not given out here.")?;
    if find("redirect_uri") != Some(code.redirect_uri.as_str()) {
        return Err("redirect_uri is another one than before.");
    }
    let verified = match (code.challenge, find("code_verifier")) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => pkce_challenge(verifier) == challenge,
        _ => false,
    };
    verified
        .then_some(())
        .ok_or("code_verifier does not belong to the code_challenge.")
}

/// RFC 6749, Section 5.2.
fn refused(status: u16, error: &str, description: &str) -> Reply {
    let body = json!({"error": error, "error_description": description});
    Reply::json(status, &body).header("Cache-Control", "no-store")
}
