//! What a server asks for: `WWW-Authenticate`, RFC 9110, Sections 11.3 and 11.6.1.

use crate::model::Header;

/// One challenge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenge {
    /// As it was written; case does not count (RFC 9110, Section 11.1).
    pub scheme: String,
    /// The names in lower case, the values without their quotes.
    pub parameters: Vec<(String, String)>,
}

impl Challenge {
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The first parameter of this name, which is given in lower case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut found = self.parameters.iter();
        found
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Every challenge of the server's. Several may stand in one field, separated by the same comma as
/// their own parameters, and in several fields.
pub fn challenges(headers: &[Header]) -> Vec<Challenge> {
    headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case("www-authenticate"))
        .flat_map(|header| parse(&header.text()))
        .collect()
}

/// Reads one value of `WWW-Authenticate` or `Proxy-Authenticate`; what cannot be read is left out.
pub fn parse(text: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    for part in split_list(text) {
        let (word, rest) = split_word(part);
        // `name=value` goes on with the challenge before it, a word before a blank begins a new one.
        let begins = !rest.starts_with('=') && !word.is_empty();
        if begins {
            challenges.push(Challenge {
                scheme: word.to_owned(),
                parameters: Vec::new(),
            });
        }
        let pair = if begins { rest } else { part };
        if let (Some(pair), Some(challenge)) = (read_pair(pair), challenges.last_mut()) {
            challenge.parameters.push(pair);
        }
    }
    challenges
}

/// The parts between commas that stand outside quotes.
fn split_list(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut in_quotes, mut escaped) = (0, false, false);
    for (index, char) in text.char_indices() {
        match char {
            _ if escaped => escaped = false,
            '\\' if in_quotes => escaped = true,
            '"' => in_quotes = !in_quotes,
            ',' if !in_quotes => {
                parts.push(text.get(start..index).unwrap_or_default().trim());
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default().trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// The token at the start, and what follows without the blanks between.
fn split_word(text: &str) -> (&str, &str) {
    let end = text
        .find(|char: char| char.is_whitespace() || char == '=')
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word, rest.trim_start())
}

fn read_pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let value = value.trim();
    let value = match value.strip_prefix('"') {
        Some(quoted) => unquote(quoted),
        None => value.to_owned(),
    };
    Some((name.trim().to_ascii_lowercase(), value))
}

/// A quoted string without its quotes: RFC 9110, Section 5.6.4.
fn unquote(quoted: &str) -> String {
    let mut text = String::new();
    let mut chars = quoted.chars();
    while let Some(char) = chars.next() {
        match char {
            '"' => break,
            '\\' => text.extend(chars.next()),
            char => text.push(char),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(values: &[&str]) -> Vec<Challenge> {
        let headers: Vec<Header> = values
            .iter()
            .map(|value| Header::new("WWW-Authenticate", *value))
            .collect();
        challenges(&headers)
    }

    /// The example of RFC 9110, Section 11.6.1, and a digest after it.
    #[test]
    fn several_challenges_in_one_field_are_told_apart() {
        let found = read(&[
            r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\", please""#,
            r#"Negotiate, Digest realm="a,b" , nonce = "n==", algorithm=MD5, qop="auth, auth-int""#,
            "Bearer",
        ]);
        let schemes: Vec<&str> = found.iter().map(|it| it.scheme.as_str()).collect();
        assert_eq!(
            schemes,
            ["Basic", "Newauth", "Negotiate", "Digest", "Bearer"]
        );
        assert_eq!(found[0].parameter("realm"), Some("simple"));
        assert_eq!(
            found[1].parameter("title"),
            Some("Login to \"apps\", please")
        );
        assert_eq!(found[3].parameter("realm"), Some("a,b"));
        assert_eq!(found[3].parameter("nonce"), Some("n=="));
        assert_eq!(found[3].parameter("qop"), Some("auth, auth-int"));
        assert!(found[4].parameters.is_empty() && found[4].is("bearer"));
        assert!(
            read(&["", ",, \""])
                .iter()
                .all(|it| it.parameters.is_empty())
        );
    }

    proptest! {
        #[test]
        fn no_value_breaks_the_reader(text in any::<String>()) {
            let _ = read(&[&text, r#"Digest realm="\"#]);
        }
    }
}
