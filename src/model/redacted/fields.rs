//! Header fields whose values are secret: credentials and cookies.

use std::borrow::Cow;

use super::{
    REDACTED, is_one_of, named::redact_query, names::is_secret_name, template_only,
    urls::redact_urls,
};
use crate::model::{Field, Header, is_mark};

/// What a header field may hold that is secret.
#[derive(Clone, Copy)]
enum Secret {
    /// Credentials after the name of their scheme: RFC 9110, Section 11.4.
    Credentials,
    /// `name=value; name=value`: RFC 6265, Section 4.2.
    Cookies,
    /// `name=value; attribute; attribute`: RFC 6265, Section 4.1.
    SetCookie,
    /// The whole value.
    Whole,
}

const SECRET_HEADERS: [(&str, Secret); 5] = [
    ("authorization", Secret::Credentials),
    ("proxy-authorization", Secret::Credentials),
    ("cookie", Secret::Cookies),
    ("set-cookie", Secret::SetCookie),
    ("x-amz-security-token", Secret::Whole),
];

/// The authentication schemes whose name is kept: the IANA registry and those in wide use beside it.
/// Any other first word may be the secret itself.
const SCHEMES: [&str; 20] = [
    "apikey",
    "aws4-hmac-sha256",
    "basic",
    "bearer",
    "concealed",
    "digest",
    "dpop",
    "gnap",
    "hawk",
    "hoba",
    "key",
    "mutual",
    "negotiate",
    "ntlm",
    "oauth",
    "privatetoken",
    "scram-sha-1",
    "scram-sha-256",
    "token",
    "vapid",
];

/// Attributes of a cookie: RFC 6265, Section 4.1.1, and what browsers added.
const COOKIE_ATTRIBUTES: [&str; 9] = [
    "domain",
    "expires",
    "httponly",
    "max-age",
    "partitioned",
    "path",
    "priority",
    "samesite",
    "secure",
];

/// Of an answer likewise, and what is secret in the place that it leads to.
pub(super) fn redact_received_headers(headers: &[Header]) -> Vec<Header> {
    let mut headers = redact_sent_headers(headers);
    for header in &mut headers {
        let leads_on = is_one_of(&header.name, &["location", "content-location", "refresh"]);
        let mut text = header.text();
        if leads_on && text.contains('?') {
            redact_query(&mut text, &is_secret_name);
            if text != header.text() {
                header.value = text.into();
            }
        }
    }
    headers
}

/// Of header fields that were sent also those go whose name says that they are secret, such as `X-Api-Key`.
pub(super) fn redact_sent_headers(headers: &[Header]) -> Vec<Header> {
    let redact = |header: &Header| {
        let text = String::from_utf8_lossy(&header.value);
        if is_named_secret(&header.name, &text) {
            Header::new(header.name.clone(), REDACTED)
        } else {
            redact_header(header)
        }
    };
    headers.iter().map(redact).collect()
}

/// Whether a field's name says that its value is secret, where no row of [`SECRET_HEADERS`] knows better what in it is.
fn is_named_secret(name: &str, value: &str) -> bool {
    let mut known = SECRET_HEADERS.iter();
    is_secret_name(name)
        && !known.any(|(known, _)| name.eq_ignore_ascii_case(known))
        && !value.trim().is_empty()
        && !template_only::is_template_only(value, &[])
        && !is_mark(value)
}

/// What of a field that was sent is not kept.
pub(super) fn secrets_in(header: &Header) -> Vec<String> {
    let text = header.text();
    if is_named_secret(&header.name, &text) {
        return vec![text];
    }
    let mut known = SECRET_HEADERS.iter();
    let secret = known.find(|(name, _)| header.name.eq_ignore_ascii_case(name));
    match secret {
        Some((_, Secret::Credentials)) => match text.trim().split_once([' ', '\t']) {
            Some((scheme, rest)) if is_one_of(scheme, &SCHEMES) => vec![rest.to_owned()],
            _ => vec![text],
        },
        Some((_, Secret::Cookies | Secret::SetCookie)) => text
            .split(';')
            .map(|pair| pair.split_once('=').map_or(pair, |(_, value)| value))
            .map(str::to_owned)
            .collect(),
        Some((_, Secret::Whole)) => vec![text],
        None => Vec::new(),
    }
}

/// Whether a value begins as credentials do that name their scheme.
pub(super) fn has_scheme(value: &str) -> bool {
    let scheme = value.trim_start().split_once([' ', '\t']);
    scheme.is_some_and(|(scheme, rest)| is_one_of(scheme, &SCHEMES) && !rest.trim().is_empty())
}

pub(super) fn redact_header(header: &Header) -> Header {
    let text = String::from_utf8_lossy(&header.value);
    match redact_value(&header.name, &text) {
        Cow::Owned(kept) => Header::new(header.name.clone(), kept),
        // Untouched values keep their very bytes, UTF-8 or not.
        Cow::Borrowed(_) => header.clone(),
    }
}

pub(super) fn redact_field(field: &mut Field) {
    let name = field.name.trim();
    if is_named_secret(name, &field.value) {
        REDACTED.clone_into(&mut field.value);
    } else if let Cow::Owned(kept) = redact_value(name, &field.value) {
        field.value = kept;
    }
}

/// What may be kept of a header field's value; borrowed where that is all of it.
fn redact_value<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    let secret = SECRET_HEADERS
        .iter()
        .find(|(secret, _)| name.eq_ignore_ascii_case(secret));
    match secret {
        Some(_) if value.trim().is_empty() => Cow::Borrowed(value),
        // A template says where the secret is, and is not one.
        Some(_) if template_only::is_template_only(value, &SCHEMES) => Cow::Borrowed(value),
        Some((_, Secret::Credentials)) => Cow::Owned(redact_credentials(value)),
        Some((_, Secret::Cookies)) => Cow::Owned(redact_cookies(value)),
        Some((_, Secret::SetCookie)) => Cow::Owned(redact_set_cookie(value)),
        Some((_, Secret::Whole)) => Cow::Owned(REDACTED.to_owned()),
        None => redact_urls(value),
    }
}

fn redact_credentials(value: &str) -> String {
    match value.trim().split_once([' ', '\t']) {
        Some((scheme, _)) if is_one_of(scheme, &SCHEMES) => format!("{scheme} {REDACTED}"),
        _ => REDACTED.to_owned(),
    }
}

fn redact_cookies(value: &str) -> String {
    let cookies = value.split(';').map(str::trim);
    let kept: Vec<String> = cookies
        .filter(|cookie| !cookie.is_empty())
        .map(redact_pair)
        .collect();
    kept.join("; ")
}

fn redact_set_cookie(value: &str) -> String {
    let mut parts = value.split(';').map(str::trim);
    let mut kept = redact_pair(parts.next().unwrap_or_default());
    for attribute in parts.filter(|part| !part.is_empty()) {
        kept.push_str("; ");
        kept.push_str(&redact_attribute(attribute));
    }
    kept
}

/// `name=value` without the value. A cookie without a name is all value.
fn redact_pair(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, _)) => format!("{name}={REDACTED}"),
        None => REDACTED.to_owned(),
    }
}

/// A known attribute stays. A second `=` in it comes of several cookies folded into one line, so that
/// its value is not kept.
fn redact_attribute(attribute: &str) -> String {
    let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
    if !is_one_of(name.trim(), &COOKIE_ATTRIBUTES) {
        REDACTED.to_owned()
    } else if value.contains('=') {
        format!("{name}={REDACTED}")
    } else {
        attribute.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str, value: &str) -> String {
        redact_header(&Header::new(name, value)).text()
    }

    #[test]
    fn the_scheme_stays_and_the_credentials_go() {
        assert_eq!(
            value("Authorization", "Bearer s3cret"),
            format!("Bearer {REDACTED}")
        );
        assert_eq!(
            value("proxy-authorization", "Basic czNjcmV0 x"),
            format!("Basic {REDACTED}")
        );
        assert_eq!(value("authorization", "s3cret"), REDACTED);
        assert_eq!(value("authorization", "s3cret with words"), REDACTED);
        assert_eq!(value("authorization", ""), "");
    }

    #[test]
    fn what_is_sent_in_a_field_that_is_called_a_secret_goes() {
        let header = |name: &str, value: &str| Header::new(name, value);
        let sent = redact_sent_headers(&[
            header("X-Api-Key", "s3cret"),
            header("x-csrf-token", "{{ csrf }}"),
            header("Authorization", "Bearer s3cret"),
            header("Idempotency-Key", "7"),
            header("X-Token", "‹secret token›"),
        ]);
        let values: Vec<String> = sent.iter().map(Header::text).collect();
        let bearer = format!("Bearer {REDACTED}");
        let mark = "‹secret token›";
        assert_eq!(values, [REDACTED, "{{ csrf }}", &bearer, "7", mark]);
        let received = redact_received_headers(&[
            header("X-Csrf-Token", "handed-out"),
            header("Location", "/next?token=t&a=1"),
        ]);
        let values: Vec<String> = received.iter().map(Header::text).collect();
        assert_eq!(values, [REDACTED, &format!("/next?token={REDACTED}&a=1")]);
    }

    #[test]
    fn cookie_names_and_attributes_stay() {
        assert_eq!(
            value("Cookie", "sid=s3cret; theme=s3cret==; s3cret"),
            format!("sid={REDACTED}; theme={REDACTED}; {REDACTED}")
        );
        assert_eq!(
            value(
                "set-cookie",
                "sid=s3cret; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly"
            ),
            format!("sid={REDACTED}; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly")
        );
        let folded = value(
            "set-cookie",
            "a=\"s3cret;s3cret\"; Path=/, b=s3cret; Secure",
        );
        assert_eq!(
            folded,
            format!("a={REDACTED}; {REDACTED}; Path={REDACTED}; Secure")
        );
    }

    #[test]
    fn other_headers_keep_their_bytes() {
        let header = Header::new("x-name", vec![0xff, b'a']);
        assert_eq!(redact_header(&header), header);
        assert_eq!(value("from", "me@example.com"), "me@example.com");
    }

    #[test]
    fn credentials_in_the_url_of_a_field_go() {
        assert_eq!(
            value("location", "https://me:s3cret@host/"),
            format!("https://{REDACTED}@host/")
        );
    }
}
