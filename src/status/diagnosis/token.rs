//! What a token that was sent says about itself: RFC 7519. Nothing of it is secret but the token.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::Value;

use crate::model::{Exchange, find_header};

/// The registered claims (RFC 7519, Section 4.1) that explain a refusal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Token {
    pub algorithm: Option<String>,
    pub issuer: Option<String>,
    pub audience: Vec<String>,
    pub scopes: Vec<String>,
    pub expires: Option<Timestamp>,
    pub not_before: Option<Timestamp>,
}

impl Token {
    /// The token that the last hop carried as Bearer credentials, where it is a JWT in the clear.
    pub fn sent_with(exchange: &Exchange) -> Option<Self> {
        let headers = exchange
            .hops
            .last()
            .map_or(&exchange.prepared.headers, |hop| &hop.request_headers);
        let value = find_header(headers, "authorization")?.text();
        let (scheme, token) = value.trim().split_once(' ')?;
        matches!(scheme.to_ascii_lowercase().as_str(), "bearer" | "dpop")
            .then(|| Self::read(token.trim()))
            .flatten()
    }

    /// Reads a JWT in compact form (RFC 7515, Section 3.1) without checking its signature.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let head = decode(parts.next()?)?;
        let claims = decode(parts.next()?)?;
        parts.next()?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Some(Self {
            algorithm: head.get("alg").and_then(text),
            issuer: claims.get("iss").and_then(text),
            audience: words(claims.get("aud")),
            scopes: words(claims.get("scope").or_else(|| claims.get("scp")))
                .iter()
                .flat_map(|scopes| scopes.split(' '))
                .map(str::to_owned)
                .collect(),
            expires: claims.get("exp").and_then(time),
            not_before: claims.get("nbf").and_then(time),
        })
    }
}

fn decode(part: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
    let value: Value = serde_json::from_slice(&bytes).ok()?;
    value.is_object().then_some(value)
}

/// A text, or a list of them.
fn words(value: Option<&Value>) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match value {
        Some(Value::Array(list)) => list.iter().filter_map(text).collect(),
        Some(value) => text(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// A NumericDate (RFC 7519, Section 2).
fn time(value: &Value) -> Option<Timestamp> {
    let seconds = value.as_f64()?;
    Timestamp::from_second(seconds as i64).ok()
}
