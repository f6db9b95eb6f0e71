//! Tokens tell why they are refused, and are told to nobody.

use super::*;

/// `{"alg":"HS256"}` and the claims, with a signature that nobody checks.
fn bearer(claims: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as CODE};
    format!(
        "Bearer {}.{}.c2lnbmVk",
        CODE.encode(r#"{"alg":"HS256"}"#),
        CODE.encode(claims)
    )
}

#[test]
fn a_token_says_why_it_is_refused_and_is_not_shown() {
    for (claims, words) in [
        (
            r#"{"exp":1772625605}"#,
            "THE TOKEN HAD EXPIRED 4 m 00 s before (exp: 2026-03-04T12:00:05Z).",
        ),
        (
            r#"{"exp":1772629445}"#,
            "The token was to expire 1 h 00 m later",
        ),
        (
            r#"{"exp":1772366405}"#,
            "THE TOKEN HAD EXPIRED 3 days before (exp: 2026-03-01T12:00:05Z).",
        ),
        (r#"{"nbf":1772625905}"#, "IS NOT VALID YET"),
        (
            r#"{"iss":"https://me","aud":["a","b"]}"#,
            "The token is made by https://me, for a, b, signed with HS256.",
        ),
        (
            r#"{"scope":"read list"}"#,
            "THE TOKEN LACKS the scope “write”; it has “read list”.",
        ),
        (
            r#"{"scp":["read","write"]}"#,
            "The token's scope is “read write”.",
        ),
    ] {
        let token = bearer(claims);
        let challenge = "Bearer error=\"insufficient_scope\", scope=\"write\"";
        let headers = [("date", DATE), ("www-authenticate", challenge)];
        let exchange = answered(401, &headers, "", &[("authorization", &token)]);
        let told = found(&exchange);
        assert!(told.contains(words), "no “{words}” in\n{told}");
        let secret = token.strip_prefix("Bearer ").unwrap();
        assert!(!told.contains(secret), "{told}");
        let printed = diagnose_without_secrets(&exchange, &OwnSecrets::default()).unwrap();
        assert_eq!(printed.evidence, diagnose(&exchange).unwrap().evidence);
        let kept = found(&exchange.redacted());
        assert!(
            !kept.contains("TOKEN HAD") && kept.contains("(Bearer)"),
            "{kept}"
        );
    }
    for text in [
        "",
        "Bearer",
        "Bearer x",
        "Bearer a.b.c",
        "Basic e30.e30.x",
        "Bearer bnVsbA.bnVsbA.x",
    ] {
        let exchange = answered(401, &[], "", &[("authorization", text)]);
        assert!(!found(&exchange).contains("oken"), "{text}");
    }
}
