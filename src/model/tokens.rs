//! Tokens that are known by their looks: whoever issues them gives them a shape of their own, so that they are
//! found when they leak.

use std::{borrow::Cow, sync::OnceLock};

use memchr::memmem;
use regex::bytes::{NoExpand, Regex};

use super::{PreparedRequest, Request, Secrets, mark::mark};

/// A kind of token. Reading its expression costs more than a send, and hardly any request holds such a token: it
/// is read when one of the beginnings is met.
struct Shape {
    /// What a mark calls it.
    name: &'static str,
    /// One of these stands in every such token.
    beginnings: &'static [&'static str],
    /// An expression over bytes, all of them ASCII.
    expression: &'static str,
    regex: OnceLock<Option<Regex>>,
}

impl Shape {
    const fn new(
        name: &'static str,
        beginnings: &'static [&'static str],
        expression: &'static str,
    ) -> Self {
        Self {
            name,
            beginnings,
            expression,
            regex: OnceLock::new(),
        }
    }

    fn regex(&self) -> Option<&Regex> {
        let read = || Regex::new(self.expression).ok();
        self.regex.get_or_init(read).as_ref()
    }

    fn may_stand_in(&self, bytes: &[u8]) -> bool {
        let mut beginnings = self.beginnings.iter();
        beginnings.any(|beginning| memmem::find(bytes, beginning.as_bytes()).is_some())
    }
}

/// The shapes are those that the issuers publish for secret scanning.
static SHAPES: [Shape; 13] = [
    // RFC 7519: header and claims are JSON objects, so that both begin with {".
    Shape::new(
        "jwt",
        &["eyJ"],
        r"(?-u)\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
    ),
    Shape::new(
        "github_token",
        &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
        r"(?-u)\bgh[pousr]_[A-Za-z0-9]{36,255}\b",
    ),
    Shape::new(
        "github_token",
        &["github_pat_"],
        r"(?-u)\bgithub_pat_[A-Za-z0-9_]{22,255}\b",
    ),
    Shape::new(
        "gitlab_token",
        &["glpat-", "glptt-", "gldt-", "glrt-", "glsoat-"],
        r"(?-u)\bgl(?:pat|ptt|dt|rt|soat)-[A-Za-z0-9_-]{20,}",
    ),
    Shape::new(
        "stripe_key",
        &["k_live_", "k_test_"],
        r"(?-u)\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}\b",
    ),
    Shape::new(
        "stripe_key",
        &["whsec_"],
        r"(?-u)\bwhsec_[A-Za-z0-9+/]{24,}",
    ),
    Shape::new(
        "aws_key_id",
        &["AKIA", "ASIA"],
        r"(?-u)\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    ),
    Shape::new(
        "slack_token",
        &["xox"],
        r"(?-u)\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
    ),
    Shape::new("google_key", &["AIza"], r"(?-u)\bAIza[A-Za-z0-9_-]{35}\b"),
    Shape::new("openai_key", &["sk-"], r"(?-u)\bsk-[A-Za-z0-9_-]{20,}\b"),
    Shape::new("npm_token", &["npm_"], r"(?-u)\bnpm_[A-Za-z0-9]{36}\b"),
    Shape::new(
        "sendgrid_key",
        &["SG."],
        r"(?-u)\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b",
    ),
    Shape::new(
        "private_key",
        &["PRIVATE KEY-----"],
        r"(?-u)-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[A-Za-z0-9+/=\s\\]{16,}?-----END",
    ),
];

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

/// Bytes with a mark in the place of every token; `None` where there is none.
#[must_use]
pub fn mask_tokens(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut masked: Option<Vec<u8>> = None;
    for shape in &SHAPES {
        let present = masked.as_deref().unwrap_or(bytes);
        let regex = shape.may_stand_in(present).then(|| shape.regex()).flatten();
        let mark = mark(shape.name);
        let replaced = regex.map(|it| it.replace_all(present, NoExpand(mark.as_bytes())));
        if let Some(Cow::Owned(replaced)) = replaced {
            masked = Some(replaced);
        }
    }
    masked
}

fn find(bytes: &[u8], secrets: &mut Secrets) {
    for shape in SHAPES.iter().filter(|shape| shape.may_stand_in(bytes)) {
        let found = shape.regex().into_iter();
        for found in found.flat_map(|regex| regex.find_iter(bytes)) {
            if let Ok(value) = std::str::from_utf8(found.as_bytes()) {
                secrets.add(shape.name, value, None);
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
        for shape in &SHAPES {
            assert!(shape.regex().is_some(), "{}", shape.expression);
        }
    }

    #[test]
    fn every_kind_is_found() {
        let long = "A1b2".repeat(12);
        for token in [
            format!("eyJ{long}.eyJ{long}.{long}"),
            format!("ghp_{long}"),
            format!("ghr_{long}"),
            format!("github_pat_{long}"),
            format!("glpat-{long}"),
            format!("glsoat-{long}"),
            format!("rk_test_{long}"),
            format!("whsec_{long}"),
            "ASIA0123456789ABCDEF".to_owned(),
            format!("xoxb-{long}"),
            format!("AIza{}", &long[..35]),
            format!("sk-{long}"),
            format!("npm_{}", &long[..36]),
            format!("SG.{}.{}", &long[..22], &long[..43]),
            format!("-----BEGIN PRIVATE KEY-----\n{long}\n-----END"),
        ] {
            let masked = masked(&format!("x {token} y"));
            assert!(!masked.contains(&token), "{masked}");
        }
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
