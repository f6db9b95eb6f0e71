//! Tokens that are known by their looks: whoever issues them gives them a shape of their own, so that they are
//! found when they leak.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::{PreparedRequest, Request, Secrets};

/// What a mark calls it, and its shape. The shapes are those that the issuers publish for secret scanning.
const SHAPES: &[(&str, &str)] = &[
    // RFC 7519: header and claims are JSON objects, so that both begin with {".
    (
        "jwt",
        r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
    ),
    ("github_token", r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b"),
    ("github_token", r"\bgithub_pat_[A-Za-z0-9_]{22,255}\b"),
    (
        "gitlab_token",
        r"\bgl(?:pat|ptt|dt|rt|soat)-[A-Za-z0-9_-]{20,}",
    ),
    ("stripe_key", r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}\b"),
    ("stripe_key", r"\bwhsec_[A-Za-z0-9+/]{24,}"),
    ("aws_key_id", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("slack_token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    ("google_key", r"\bAIza[A-Za-z0-9_-]{35}\b"),
    ("openai_key", r"\bsk-[A-Za-z0-9_-]{20,}\b"),
    ("npm_token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    (
        "sendgrid_key",
        r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b",
    ),
    (
        "private_key",
        r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[A-Za-z0-9+/=\s\\]{16,}?-----END",
    ),
];

static REGEXES: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    let read = |(name, shape): &(&'static str, &str)| Some((*name, Regex::new(shape).ok()?));
    SHAPES.iter().filter_map(read).collect()
});

/// Bodies are looked through up to this, in bytes: a token stands in what somebody typed, not in an upload.
const LOOKED_THROUGH: usize = 1024 * 1024;

/// The secrets of a request, and with them the tokens that stand in it in clear: in the URL, a header field or the
/// body.
#[must_use]
pub fn with_tokens(request: &Request, prepared: &PreparedRequest) -> Secrets {
    let mut secrets = prepared.secrets.clone();
    find(prepared.url.as_bytes(), &mut secrets);
    for header in &prepared.headers {
        find(&header.value, &mut secrets);
    }
    let body = prepared.body.in_memory();
    find(body.get(..LOOKED_THROUGH).unwrap_or(&body), &mut secrets);
    // As it was built it may hold what is not sent: a row that is switched off, the text of another kind of body.
    let built = serde_json::to_vec(request).unwrap_or_default();
    find(built.get(..LOOKED_THROUGH).unwrap_or(&built), &mut secrets);
    secrets
}

fn find(bytes: &[u8], secrets: &mut Secrets) {
    for (name, regex) in REGEXES.iter() {
        for found in regex.find_iter(bytes) {
            if let Ok(value) = std::str::from_utf8(found.as_bytes()) {
                secrets.add(name, value, None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let mut secrets = Secrets::default();
        find(text.as_bytes(), &mut secrets);
        secrets.mask(text).into_owned()
    }

    #[test]
    fn every_shape_can_be_read() {
        assert_eq!(REGEXES.len(), SHAPES.len());
    }

    #[test]
    fn tokens_are_known_by_their_looks() {
        let ghp = format!("ghp_{}", "a1".repeat(18));
        let stripe = format!("sk_live_{}", "4e".repeat(12));
        for (text, expected) in [
            (
                format!("token={ghp}&x=1"),
                "token=‹secret github_token›&x=1",
            ),
            (
                "{\"k\":\"AKIAIOSFODNN7EXAMPLE\"}".to_owned(),
                "{\"k\":\"‹secret aws_key_id›\"}",
            ),
            (
                "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl".to_owned(),
                "Bearer ‹secret jwt›",
            ),
            (stripe, "‹secret stripe_key›"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA75\n-----END RSA".to_owned(),
                "‹secret private_key› RSA",
            ),
            (
                "ghp_short and eyJ.eyJ.x and AKIAshort".to_owned(),
                "ghp_short and eyJ.eyJ.x and AKIAshort",
            ),
        ] {
            assert_eq!(masked(&text), expected);
        }
    }
}
