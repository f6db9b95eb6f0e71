//! Challenges of WWW-Authenticate and Proxy-Authenticate: RFC 9110, Section 11.6.1.

/// One challenge: a scheme and what comes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Challenge {
    pub scheme: String,
    /// Names in lower case, values without their quotes.
    pub parameters: Vec<(String, String)>,
}

impl Challenge {
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Every challenge of one header field. Commas stand between challenges and between the parameters
/// of one: a piece that begins with a word and a space, or is a word alone, begins a new challenge.
pub(super) fn parse(field: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    for piece in split_outside_quotes(field) {
        let piece = piece.trim();
        if piece.is_empty() {
            continue;
        }
        let (first, rest) = piece.split_once([' ', '\t']).unwrap_or((piece, ""));
        let rest = rest.trim();
        let begins = !first.contains('=') && !rest.starts_with('=');
        let parameter = if begins {
            challenges.push(Challenge {
                scheme: first.to_owned(),
                parameters: Vec::new(),
            });
            rest
        } else {
            piece
        };
        if let (Some((name, value)), Some(challenge)) =
            (parameter.split_once('='), challenges.last_mut())
        {
            let name = name.trim().to_ascii_lowercase();
            challenge.parameters.push((name, unquote(value.trim())));
        }
    }
    challenges
}

/// The pieces between commas that stand in no quoted string (RFC 9110, Section 5.6.4).
fn split_outside_quotes(text: &str) -> Vec<&str> {
    let (mut quoted, mut escaped, mut start) = (false, false, 0);
    let mut pieces = Vec::new();
    for (index, char) in text.char_indices() {
        match char {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                pieces.extend(text.get(start..index));
                start = index + 1;
            }
            _ => {}
        }
    }
    pieces.extend(text.get(start..));
    pieces
}

fn unquote(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        text.extend(if char == '\\' {
            chars.next()
        } else {
            Some(char)
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(field: &str) -> Vec<String> {
        let show = |it: Challenge| format!("{} {:?}", it.scheme, it.parameters);
        parse(field).into_iter().map(show).collect()
    }

    #[test]
    fn several_challenges_of_one_field_are_told_apart() {
        for (field, found) in [
            // The example of RFC 9110, Section 11.6.1.
            (
                r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#,
                vec![
                    r#"Basic [("realm", "simple")]"#,
                    r#"Newauth [("realm", "apps"), ("type", "1"), ("title", "Login to \"apps\"")]"#,
                ],
            ),
            ("Negotiate, NTLM", vec!["Negotiate []", "NTLM []"]),
            (
                "Bearer error=\"invalid_token\", error_description=\"expired, sorry\"",
                vec![
                    r#"Bearer [("error", "invalid_token"), ("error_description", "expired, sorry")]"#,
                ],
            ),
            (
                "Bearer realm = \"a\" , scope = b",
                vec![r#"Bearer [("realm", "a"), ("scope", "b")]"#],
            ),
            ("", vec![]),
            (",, \"", vec!["\" []"]),
        ] {
            assert_eq!(parsed(field), found, "{field}");
        }
    }
}
