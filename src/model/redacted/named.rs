//! Fields whose name says that their value is secret: `password`, `otp`, `client_secret` …, in forms, in JSON and
//! in the parts of a multipart body.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

use super::{REDACTED, template_only::is_template_only};
use crate::model::{Field, Header, find_header};

/// In lower case, without the signs between the words.
const NAMES: [&str; 25] = [
    "accesstoken",
    "apikey",
    "apitoken",
    "authtoken",
    "cardnumber",
    "clientsecret",
    "currentpassword",
    "cvc",
    "cvv",
    "idtoken",
    "newpassword",
    "oldpassword",
    "otp",
    "passphrase",
    "passwd",
    "password",
    "passwordconfirmation",
    "privatekey",
    "pwd",
    "refreshtoken",
    "secret",
    "secretkey",
    "sessiontoken",
    "token",
    "totp",
];

/// Whether a field of this name holds a secret.
pub(super) type IsSecret<'a> = &'a dyn Fn(&str) -> bool;

/// Words that make any name that holds them one of a secret: `user_password`, `otp_code`.
const WORDS: [&str; 9] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "otp",
    "totp",
    "cvv",
];

/// Words that do so at the end of a name: a `csrf_token` is one, a `token_type` is not.
const LAST_WORDS: [&str; 2] = ["token", "pass"];

/// What comes before `key` in the name of a secret.
const KEYS: [&str; 5] = ["api", "access", "auth", "private", "secret"];

/// Whether everybody's secrets are called so.
pub(super) fn is_secret_name(name: &str) -> bool {
    if NAMES.contains(&plain_name(name).as_str()) {
        return true;
    }
    let words = words(last_name(name));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.iter().any(|word| WORDS.contains(word))
        || words.last().is_some_and(|word| LAST_WORDS.contains(word))
        || matches!(words.as_slice(), [.., before, "key"] if KEYS.contains(before))
}

/// The words of a name in lower case: `userPassword` has two, as has `X-Token`.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut was_lower = false;
    for char in name.chars() {
        let begins = !char.is_alphanumeric() || (char.is_uppercase() && was_lower);
        if begins && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if char.is_alphanumeric() {
            word.extend(char.to_lowercase());
        }
        was_lower = char.is_lowercase() || char.is_ascii_digit();
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// A name however it is written: in lower case, without the signs between its words. Of `user[password]` and
/// `user.password` the last name counts.
pub(super) fn plain_name(name: &str) -> String {
    last_name(name)
        .chars()
        .filter(|char| !matches!(char, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

fn last_name(name: &str) -> &str {
    let name = name.trim_end_matches(']');
    name.rsplit(['[', '.']).next().unwrap_or(name)
}

/// A row of a form as it was built. A template says where the secret is, and is none.
pub(super) fn redact_row(field: &mut Field, is_secret: IsSecret<'_>) {
    let is_kept = field.value.is_empty()
        || field.part.is_file
        || is_template_only(&field.value, &[])
        || !is_secret(field.name.trim());
    if !is_kept {
        REDACTED.clone_into(&mut field.value);
    }
}

/// `"name": "value"`, the value also a number.
static MEMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let shape = r#""((?:[^"\\]|\\.)*)"(\s*:\s*)("(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*)"#;
    Regex::new(shape).ok()
});

/// A JSON text, which may hold templates and need not be sound.
pub(super) fn redact_json<'a>(text: &'a str, is_secret: IsSecret<'_>) -> Cow<'a, str> {
    let Some(member) = MEMBER.as_ref() else {
        return Cow::Borrowed(text);
    };
    member.replace_all(text, |found: &regex::Captures<'_>| {
        let [name, between, value] = [1, 2, 3].map(|it| found.get(it).map_or("", |it| it.as_str()));
        let inner = value.trim_matches('"');
        if !is_secret(name) || inner.is_empty() || is_template_only(inner, &[]) {
            return found.get(0).map_or("", |it| it.as_str()).to_owned();
        }
        format!("\"{name}\"{between}\"{REDACTED}\"")
    })
}

/// A body on the wire; `None` where it can stay.
pub(super) fn redact_body(
    body: &[u8],
    headers: &[Header],
    is_secret: IsSecret<'_>,
) -> Option<Vec<u8>> {
    let media = find_header(headers, "content-type")?.text();
    let essence = media.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    let text = std::str::from_utf8(body).ok()?;
    let redacted = if essence == "application/x-www-form-urlencoded" {
        redact_form(text, is_secret)
    } else if essence.ends_with("json") {
        redact_json(text, is_secret)
    } else if essence == "multipart/form-data" {
        redact_multipart(text, is_secret)
    } else {
        return None;
    };
    match redacted {
        Cow::Owned(redacted) if redacted != text => Some(redacted.into_bytes()),
        Cow::Owned(_) | Cow::Borrowed(_) => None,
    }
}

/// The query of a URL, typed or on the wire.
pub(super) fn redact_query(url: &mut String, is_secret: IsSecret<'_>) {
    let Some((before, rest)) = url.split_once('?') else {
        return;
    };
    let (query, fragment) = match rest.split_once('#') {
        Some((query, fragment)) => (query, format!("#{fragment}")),
        None => (rest, String::new()),
    };
    let redacted = redact_pairs(query, REDACTED, is_secret);
    if redacted != query {
        *url = format!("{before}?{redacted}{fragment}");
    }
}

fn redact_form<'a>(text: &'a str, is_secret: IsSecret<'_>) -> Cow<'a, str> {
    let mark: String = form_urlencoded::byte_serialize(REDACTED.as_bytes()).collect();
    Cow::Owned(redact_pairs(text, &mark, is_secret))
}

fn redact_pairs(text: &str, mark: &str, is_secret: IsSecret<'_>) -> String {
    let pairs = text.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let plain = form_urlencoded::parse(name.as_bytes()).next();
        let is_named = plain.is_some_and(|(name, _)| is_secret(&name));
        if is_named && !value.is_empty() && !is_template_only(value, &[]) {
            format!("{name}={mark}")
        } else {
            pair.to_owned()
        }
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// A part: its name, the rest of its head, and its content up to the next boundary (RFC 7578, Section 4).
static PART: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let shape =
        r#"(?s)(form-data; name="((?:[^"\\]|\\.)*)"(?:\r\n[^\r\n]+)*\r\n\r\n)(.*?)(\r\n--)"#;
    Regex::new(shape).ok()
});

fn redact_multipart<'a>(text: &'a str, is_secret: IsSecret<'_>) -> Cow<'a, str> {
    let Some(part) = PART.as_ref() else {
        return Cow::Borrowed(text);
    };
    part.replace_all(text, |found: &regex::Captures<'_>| {
        let [head, name, end] = [1, 2, 4].map(|it| found.get(it).map_or("", |it| it.as_str()));
        if is_secret(name) {
            format!("{head}{REDACTED}{end}")
        } else {
            found.get(0).map_or("", |it| it.as_str()).to_owned()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_however_they_are_written() {
        for name in [
            "password",
            "Pass-Word",
            "user[password]",
            "a.client_secret",
            "otp",
            "apiKey",
            "user_password",
            "userPassword",
            "csrf_token",
            "otp_code",
            "pass",
            "X-Api-Key",
            "X-Auth-Token",
            "Private-Token",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "passwords",
            "tokens_used",
            "max_tokens",
            "token_type",
            "Idempotency-Key",
            "passenger",
            "username",
            "secretary",
            "",
            "]",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    fn body(text: &str, media: &str) -> Option<String> {
        let redacted = redact_body(
            text.as_bytes(),
            &[Header::new("content-type", media)],
            &is_secret_name,
        )?;
        Some(String::from_utf8(redacted).unwrap())
    }

    #[test]
    fn their_values_are_marks_in_every_kind_of_body() {
        let json = r#"{"user":"ann","password" : "a\"b","n":{"otp":123456,"pwd":""}}"#;
        assert_eq!(
            body(json, "application/json; charset=utf-8").unwrap(),
            format!(
                r#"{{"user":"ann","password" : "{REDACTED}","n":{{"otp":"{REDACTED}","pwd":""}}}}"#
            )
        );
        let form = body(
            "user=ann&pass%77ord=x+y&token=",
            "application/x-www-form-urlencoded",
        );
        let form = form.unwrap();
        let pairs: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
        assert_eq!(pairs[1], ("password".into(), REDACTED.into()));
        assert_eq!((pairs.len(), &pairs[2].1), (3, &"".into()));
        let part = |name: &str, value: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let sent = [
            part("user", "ann"),
            part("password", "x\r\ny"),
            "--b--\r\n".to_owned(),
        ]
        .concat();
        let kept = [
            part("user", "ann"),
            part("password", REDACTED),
            "--b--\r\n".to_owned(),
        ]
        .concat();
        assert_eq!(
            body(&sent, "multipart/form-data; boundary=b").unwrap(),
            kept
        );
        for (text, media) in [
            ("user=ann", "application/x-www-form-urlencoded"),
            ("password=x", "text/plain"),
            (r#"{"a":1}"#, "application/json"),
        ] {
            assert_eq!(body(text, media), None, "{text}");
        }
    }

    #[test]
    fn the_query_of_a_url_is_looked_at_too() {
        let mut url = "http://h/p?a=1&token=t0k&b#password=x".to_owned();
        redact_query(&mut url, &is_secret_name);
        assert_eq!(url, format!("http://h/p?a=1&token={REDACTED}&b#password=x"));
        let mut plain = "http://h/p?a={{ x }}".to_owned();
        redact_query(&mut plain, &is_secret_name);
        assert_eq!(plain, "http://h/p?a={{ x }}");
    }

    #[test]
    fn a_template_stays() {
        let text = r#"{"password": "{{ password }}", "token": "t0ken"}"#;
        assert_eq!(
            redact_json(text, &is_secret_name),
            format!(r#"{{"password": "{{{{ password }}}}", "token": "{REDACTED}"}}"#)
        );
        let mut row = Field::new("password", "{{ password }}");
        redact_row(&mut row, &is_secret_name);
        assert_eq!(row.value, "{{ password }}");
    }
}
