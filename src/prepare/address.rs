//! From what people type into the URL field to an absolute http or https URL.

use url::Url;

use crate::model::is_loopback;

/// Why a text is no address to send to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("the URL is empty: type where to send it, for example :3000/path or https://host/path")]
    Empty,
    #[error("posttui sends to http and https, not to “{0}”")]
    Scheme(String),
    #[error("“{0}” names no host: type :3000{0} for this machine, or host{0}")]
    NoHost(String),
    #[error("the URL cannot be read: {0}")]
    Unreadable(String),
}

/// Completes what was typed to an absolute URL; see [`complete_text`].
pub fn complete_address(typed: &str) -> Result<Url, AddressError> {
    parse(&complete_text(typed)?)
}

/// Puts in front of what was typed what is missing: `:3000/path` is on this machine, a loopback host
/// gets `http`, every other one `https`. What already has a scheme stays as it is.
pub fn complete_text(typed: &str) -> Result<String, AddressError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(AddressError::Empty);
    }
    if let Some(scheme) = scheme_of(typed) {
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return Err(AddressError::Scheme(scheme.to_owned()));
        }
        return parse(typed).map(|_| typed.to_owned());
    }
    if typed.starts_with('/') && !typed.starts_with("//") {
        return Err(AddressError::NoHost(typed.to_owned()));
    }
    let rest = typed.trim_start_matches('/');
    let rest = if is_port_first(rest) {
        format!("localhost{rest}")
    } else {
        rest.to_owned()
    };
    let secure = format!("https://{rest}");
    let url = parse(&secure)?;
    Ok(if is_loopback(&url) {
        format!("http://{rest}")
    } else {
        secure
    })
}

/// The scheme of a text that has one. `host:3000` and `user:secret@host` have none: what follows
/// their colon is a port and a password.
fn scheme_of(typed: &str) -> Option<&str> {
    let (scheme, rest) = typed.split_once(':')?;
    let mut letters = scheme.chars();
    let is_scheme = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|char| char.is_ascii_alphanumeric() || "+-.".contains(char));
    let is_port = rest.starts_with(|char: char| char.is_ascii_digit()) || rest.is_empty();
    let is_password = rest
        .split(['/', '?', '#'])
        .next()
        .is_some_and(|part| part.contains('@'));
    let is_authority = is_port || is_password || scheme.contains('.');
    (is_scheme && (rest.starts_with("//") || !is_authority)).then_some(scheme)
}

fn is_port_first(text: &str) -> bool {
    text.strip_prefix(':')
        .is_some_and(|rest| !rest.starts_with(':'))
}

fn parse(text: &str) -> Result<Url, AddressError> {
    let mut url =
        Url::parse(text).map_err(|error| AddressError::Unreadable(reason(text, error)))?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(AddressError::Unreadable("it names no host".to_owned()));
    }
    // The fragment stays with the client (RFC 9110, Section 7.1).
    url.set_fragment(None);
    Ok(url)
}

/// Why a text is no URL: that of the parser speaks of international names where a space is meant.
fn reason(text: &str, error: url::ParseError) -> String {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.contains(char::is_whitespace) {
        return "a space is in the host".to_owned();
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(typed: &str) -> String {
        complete_address(typed).unwrap().into()
    }

    #[test]
    fn what_people_type_is_completed() {
        for (typed, expected) in [
            (":3000/path", "http://localhost:3000/path"),
            (":3000", "http://localhost:3000/"),
            ("localhost:3000/x?y=1", "http://localhost:3000/x?y=1"),
            ("localhost/x", "http://localhost/x"),
            ("app.localhost/x", "http://app.localhost/x"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("127.1.2.3", "http://127.1.2.3/"),
            ("[::1]:80/x", "http://[::1]/x"),
            ("example.com/path", "https://example.com/path"),
            ("example.com:8443", "https://example.com:8443/"),
            ("intranet/path", "https://intranet/path"),
            ("//example.com/x", "https://example.com/x"),
            ("  example.com ", "https://example.com/"),
            ("HTTP://Example.com", "http://example.com/"),
            ("https://localhost/", "https://localhost/"),
            (
                "user:secret@example.com/x",
                "https://user:secret@example.com/x",
            ),
            ("münchen.de/ü", "https://xn--mnchen-3ya.de/%C3%BC"),
            ("http://example.com/a b#part", "http://example.com/a%20b"),
        ] {
            assert_eq!(completed(typed), expected, "{typed}");
        }
    }

    #[test]
    fn a_space_in_the_host_is_called_one() {
        for typed in ["my host/x", "http://my host:80/x", "a b c"] {
            let reason = complete_address(typed).unwrap_err().to_string();
            assert!(reason.contains("a space is in the host"), "{reason}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_reason() {
        assert_eq!(complete_address("  "), Err(AddressError::Empty));
        let nowhere = complete_address("/a/b").unwrap_err();
        assert_eq!(nowhere, AddressError::NoHost("/a/b".into()));
        assert_eq!(
            complete_address("ftp://host/x"),
            Err(AddressError::Scheme("ftp".into()))
        );
        assert_eq!(
            complete_address("mailto:someone"),
            Err(AddressError::Scheme("mailto".into()))
        );
        for typed in [
            "http://",
            "http://[::1",
            "host:99999/x",
            "a b c",
            ":abc/x",
            "http://h%ost",
        ] {
            assert!(
                matches!(complete_address(typed), Err(AddressError::Unreadable(_))),
                "{typed}: {:?}",
                complete_address(typed)
            );
        }
    }
}
