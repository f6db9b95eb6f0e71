//! Which texts hold no secret because all that matters in them is a template: `Bearer {{ token }}` says
//! where the secret is, so that the request can be sent again.

/// What stands before a text that only names a thing or says how old an answer may be.
const NAMING: [&str; 5] = ["env(", "file(", "prompt(", "response(", "max_age="];

/// Whether a header value consists of templates but for a known scheme, names of cookies and signs.
pub(super) fn is_template_only(value: &str, schemes: &[&str]) -> bool {
    let Some(rest) = without_templates(value) else {
        return false;
    };
    let rest = rest.trim();
    let is_scheme = schemes
        .iter()
        .any(|scheme| rest.eq_ignore_ascii_case(scheme));
    is_scheme || rest.split(';').all(is_cookie_name)
}

/// `name=` before a template, or nothing.
fn is_cookie_name(part: &str) -> bool {
    let part = part.trim();
    part.is_empty()
        || part
            .strip_suffix('=')
            .is_some_and(|name| !name.contains('='))
}

/// Whether the `user:password` of a URL may be kept: the password is a template, or there is none and the
/// user is one.
pub(super) fn are_credentials_kept(credentials: &str) -> bool {
    let is_template =
        |text: &str| without_templates(text).is_some_and(|rest| rest.trim().is_empty());
    match credentials.find("{{").zip(credentials.find(':')) {
        Some((template, colon)) if colon < template => {
            is_template(credentials.get(colon + 1..).unwrap_or_default())
        }
        _ => without_templates(credentials)
            .is_some_and(|rest| rest.trim() == ":" || rest.trim().is_empty()),
    }
}

/// What is left of a text without its templates. `None` where it has none, or one that holds a text of its
/// own, which may be the secret.
fn without_templates(text: &str) -> Option<String> {
    let mut rest = String::new();
    let mut pieces = text.split("{{");
    rest.push_str(pieces.next()?);
    let mut found = false;
    for piece in pieces {
        let (expression, after) = piece.split_once("}}")?;
        if holds_text(expression) {
            return None;
        }
        found = true;
        rest.push_str(after);
    }
    found.then_some(rest)
}

fn holds_text(expression: &str) -> bool {
    let mut rest = expression;
    while let Some(quote) = rest.find(['"', '\'']) {
        let (before, quoted) = rest.split_at(quote);
        let before = before.trim_end();
        let is_name = NAMING.iter().any(|naming| before.ends_with(naming)) || is_index(before);
        let mut chars = quoted.chars();
        let sign = chars.next().unwrap_or('"');
        let Some((_, after)) = chars.as_str().split_once(sign) else {
            return true;
        };
        if !is_name {
            return true;
        }
        rest = after;
    }
    false
}

/// Whether a text is the name of a member: `headers["x-token"]`.
fn is_index(before: &str) -> bool {
    let whole = before.strip_suffix('[').map(str::trim_end);
    whole.is_some_and(|whole| {
        whole.ends_with(|char: char| char.is_alphanumeric() || "_)]".contains(char))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_kept_and_texts_are_not() {
        let kept = |value| is_template_only(value, &["bearer"]);
        for value in [
            "Bearer {{ token }}",
            "{{ token }}",
            "Bearer {{ prompt(\"OTP\") }}",
            "sid={{ sid }}; b={{ env('B') }}",
            "Bearer {{ response(\"login\", max_age=\"10m\").json[\"access_token\"] }}",
        ] {
            assert!(kept(value), "{value}");
        }
        for value in [
            "Bearer abc",
            "abc {{ token }}",
            "Bearer {{ \"abc\" }}",
            "Bearer {{ [\"abc\"][0] }}",
            "Bearer {{ token ~ 'x' }}",
            "{{ token",
            "sid=abc; b={{ x }}",
            "sid=abc={{ x }}",
            "",
        ] {
            assert!(!kept(value), "{value}");
        }
    }

    #[test]
    fn the_password_of_a_url_may_be_a_template() {
        for credentials in ["me:{{ password }}", "{{ a }}:{{ b }}", "{{ token }}"] {
            assert!(are_credentials_kept(credentials), "{credentials}");
        }
        for credentials in ["me:secret", "me:s{{ x }}", "{{ a }}:secret", "s{{ a }}"] {
            assert!(!are_credentials_kept(credentials), "{credentials}");
        }
    }
}
