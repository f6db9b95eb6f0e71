//! The many ways to write which field is meant.

/// The names and positions of a path: `user[email]`, `items[0].name`, `$.email`, `/data/attributes/email`
/// (RFC 6901) and `#/email` (RFC 9457).
pub(super) fn split(text: &str) -> Vec<String> {
    let text = text.trim();
    let pointer = text.strip_prefix('#').unwrap_or(text);
    if let Some(pointer) = pointer.strip_prefix('/') {
        let unescape = |part: &str| part.replace("~1", "/").replace("~0", "~");
        return pointer.split('/').map(unescape).collect();
    }
    let text = text.strip_prefix("$.").unwrap_or(text);
    text.split(['.', '[', ']'])
        .map(|part| part.trim_matches(['"', '\'']))
        .filter(|part| !part.is_empty() && *part != "$")
        .map(str::to_owned)
        .collect()
}

/// How well the name of a row fits a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Its last name alone.
    Innermost,
    /// One is the end of the other: `user[email]` is most likely what is meant by `email`.
    Ending,
    Whole,
}

/// How well the name of a row is what a path means: servers write names in another case than they are
/// sent in, and leave out what they are wrapped in.
pub fn fit_name(path: &[String], name: &str) -> Option<Fit> {
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(|char| !matches!(char, '_' | '-'));
        kept.flat_map(char::to_lowercase).collect()
    };
    let own: Vec<String> = split(name).iter().map(|part| plain(part)).collect();
    let path: Vec<String> = path.iter().map(|part| plain(part)).collect();
    if own.is_empty() || path.is_empty() {
        None
    } else if own == path {
        Some(Fit::Whole)
    } else if path.ends_with(&own) || own.ends_with(&path) {
        Some(Fit::Ending)
    } else if own.last() == path.last() {
        Some(Fit::Innermost)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_however_they_are_written() {
        for (text, parts) in [
            ("email", vec!["email"]),
            ("user[email]", vec!["user", "email"]),
            ("items[0].name", vec!["items", "0", "name"]),
            ("items.0.name", vec!["items", "0", "name"]),
            ("$.email", vec!["email"]),
            ("$", vec![]),
            ("/data/attributes/e~1m", vec!["data", "attributes", "e/m"]),
            ("#/age", vec!["age"]),
            ("", vec![]),
        ] {
            assert_eq!(split(text), parts, "{text}");
        }
    }

    #[test]
    fn rows_are_found_in_another_case_and_without_their_wrapping() {
        let path = |text: &str| split(text);
        assert_eq!(fit_name(&path("Email"), "email"), Some(Fit::Whole));
        assert_eq!(fit_name(&path("firstName"), "first_name"), Some(Fit::Whole));
        assert_eq!(fit_name(&path("email"), "user[email]"), Some(Fit::Ending));
        let wrapped = path("/data/attributes/email");
        assert_eq!(fit_name(&wrapped, "email"), Some(Fit::Ending));
        assert_eq!(fit_name(&wrapped, "users[0][email]"), Some(Fit::Innermost));
        assert_eq!(
            fit_name(&path("items.0.name"), "items[0][name]"),
            Some(Fit::Whole)
        );
        assert_eq!(fit_name(&path("email"), "e-mail-address"), None);
        assert_eq!(fit_name(&path("email"), ""), None);
    }
}
