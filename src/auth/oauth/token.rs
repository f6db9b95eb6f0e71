//! What a token server answers: RFC 6749, Sections 5.1 and 5.2.

use std::{fmt, time::Duration};

use serde::Deserialize;

use crate::model::Response;

/// A token, as it was given out.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Token {
    pub access_token: String,
    #[serde(default, rename = "token_type")]
    scheme: Option<String>,
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<u64>,
    #[serde(default)]
    pub refresh_token: Option<String>,
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(…)")
    }
}

/// A token that expires sooner than this is used once and not kept: it might be gone on arrival.
const MARGIN: Duration = Duration::from_secs(10);

impl Token {
    /// How long it may be used; `None` where the server did not say.
    pub fn lifetime(&self) -> Option<Duration> {
        let told = Duration::from_secs(self.expires_in?);
        Some(told.saturating_sub(MARGIN))
    }
}

/// Some servers write the number as a text.
fn seconds<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(deserializer)?;
    Ok(match value {
        Some(serde_json::Value::Number(number)) => number
            .as_u64()
            .or_else(|| number.as_f64().map(|it| it.max(0.0) as u64)),
        Some(serde_json::Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    })
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The server says so.
    #[error("the token server refused: {}", words(.error, .description.as_deref()))]
    Refused {
        error: String,
        description: Option<String>,
    },
    #[error("the token server answered {0} without saying why in the way of OAuth 2")]
    Status(u16),
    #[error("the token server answered {0}, but not with a token: {1}")]
    NoToken(u16, String),
    #[error("the token server gave a token of the type “{0}”, and posttui can only send Bearer")]
    Type(String),
    #[error("the token cannot stand in a header field")]
    Unusable,
    #[error("what came back from the browser does not belong to this login (another state)")]
    State,
    #[error("what came back from the browser holds neither a code nor an error")]
    NoCode,
}

fn words(error: &str, description: Option<&str>) -> String {
    match description {
        Some(description) if !description.is_empty() => format!("{error} ({description})"),
        _ => error.to_owned(),
    }
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
    #[serde(default)]
    error_description: Option<String>,
}

/// Reads the answer of a token server.
///
/// # Errors
/// The server's own error and its description, or why the answer is no token.
pub fn read_token(response: &Response) -> Result<Token, TokenError> {
    let status = response.head.status;
    // Some servers answer 200 with an error in it.
    if let Ok(refusal) = serde_json::from_slice::<Refusal>(&response.body) {
        return Err(TokenError::Refused {
            error: refusal.error,
            description: refusal.error_description,
        });
    }
    if !(200..300).contains(&status) {
        return Err(TokenError::Status(status));
    }
    // The text of the error may quote the answer, which may be a secret.
    let token: Token = serde_json::from_slice(&response.body).map_err(|error| {
        let what = if error.is_data() {
            "access_token is missing"
        } else {
            "it is no JSON"
        };
        TokenError::NoToken(status, what.to_owned())
    })?;
    if token.access_token.is_empty() {
        return Err(TokenError::NoToken(
            status,
            "access_token is empty".to_owned(),
        ));
    }
    match &token.scheme {
        Some(kind) if !kind.eq_ignore_ascii_case("bearer") => Err(TokenError::Type(kind.clone())),
        _ => Ok(token),
    }
}
