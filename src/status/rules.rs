//! The user's own messages for a status: `if status == 200: … elif 400: … else: …` as rows.
//!
//! A rule is a [`Field`]: its name is the matcher, its value the message. The most exact matcher
//! wins whatever the order of the rows: a code, then a range or class (the first such row), then
//! `else`.

use crate::model::Field;

/// What the name of a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matcher {
    /// `404`
    Code(u16),
    /// `400-499`, both ends included; `4xx` is the range of its class.
    Range(u16, u16),
    /// `else`: every status that no other rule names.
    Else,
}

/// Why a matcher cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MatcherError {
    #[error("a rule starts with a status: 200, 400-499, 4xx or else")]
    Empty,
    #[error("“{0}” is no status: write 200, 400-499, 4xx or else")]
    Unknown(String),
    #[error("{0} is not a status code: those are 100 to 999")]
    OutOfRange(String),
    #[error("the range {0}-{1} is upside down: write {1}-{0}")]
    UpsideDown(u16, u16),
}

impl Matcher {
    /// Reads `200`, `400-499`, `4xx` or `else`, in any case and with spaces around.
    pub fn parse(text: &str) -> Result<Self, MatcherError> {
        let text = text.trim().to_ascii_lowercase();
        if text.is_empty() {
            return Err(MatcherError::Empty);
        }
        if text == "else" {
            return Ok(Self::Else);
        }
        if let Some(class) = text.strip_suffix("xx") {
            return parse_class(class, &text);
        }
        if let Some((first, last)) = text.split_once(['-', '–']) {
            let (first, last) = (parse_code(first, &text)?, parse_code(last, &text)?);
            if first > last {
                return Err(MatcherError::UpsideDown(first, last));
            }
            return Ok(Self::Range(first, last));
        }
        parse_code(&text, &text).map(Self::Code)
    }

    /// How exactly the matcher fits `status`: lower is more exact, `None` is no fit.
    fn distance(self, status: u16) -> Option<u8> {
        match self {
            Self::Code(code) => (code == status).then_some(0),
            Self::Range(first, last) => (first..=last).contains(&status).then_some(1),
            Self::Else => Some(2),
        }
    }
}

fn parse_class(class: &str, whole: &str) -> Result<Matcher, MatcherError> {
    match class.parse::<u16>() {
        Ok(class @ 1..=9) => Ok(Matcher::Range(class * 100, class * 100 + 99)),
        _ => Err(MatcherError::Unknown(whole.to_owned())),
    }
}

fn parse_code(text: &str, whole: &str) -> Result<u16, MatcherError> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(MatcherError::Unknown(whole.to_owned()));
    }
    match text.parse::<u16>() {
        Ok(code @ 100..=999) => Ok(code),
        _ => Err(MatcherError::OutOfRange(text.to_owned())),
    }
}

/// The user's message for `status`, if an enabled rule fits. Rows that cannot be read are passed
/// over here; the builder marks them while they are typed.
pub fn message_for(rules: &[Field], status: u16) -> Option<&str> {
    rules
        .iter()
        .filter(|rule| rule.is_sent())
        .filter_map(|rule| {
            let distance = Matcher::parse(&rule.name).ok()?.distance(status)?;
            Some((distance, rule.value.as_str()))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, message)| message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(rows: &[(&str, &str)]) -> Vec<Field> {
        rows.iter()
            .map(|(name, value)| Field::new(*name, *value))
            .collect()
    }

    #[test]
    fn matchers_are_read_as_people_write_them() {
        assert_eq!(Matcher::parse("200"), Ok(Matcher::Code(200)));
        assert_eq!(Matcher::parse(" 4XX "), Ok(Matcher::Range(400, 499)));
        assert_eq!(Matcher::parse("400 - 499"), Ok(Matcher::Range(400, 499)));
        assert_eq!(Matcher::parse("400–499"), Ok(Matcher::Range(400, 499)));
        assert_eq!(Matcher::parse("Else"), Ok(Matcher::Else));
        assert_eq!(Matcher::parse("999"), Ok(Matcher::Code(999)));
    }

    #[test]
    fn what_is_no_status_is_refused_with_the_reason() {
        assert_eq!(Matcher::parse(" "), Err(MatcherError::Empty));
        for text in ["abc", "xx", "0xx", "20x", "-", "200-", "+200", "2 00", "ok"] {
            assert_eq!(
                Matcher::parse(text),
                Err(MatcherError::Unknown(text.to_owned())),
                "{text}"
            );
        }
        assert_eq!(
            Matcher::parse("20"),
            Err(MatcherError::OutOfRange("20".into()))
        );
        assert_eq!(
            Matcher::parse("70000"),
            Err(MatcherError::OutOfRange("70000".into()))
        );
        assert_eq!(
            Matcher::parse("499-400"),
            Err(MatcherError::UpsideDown(499, 400))
        );
    }

    #[test]
    fn the_most_exact_rule_wins_whatever_the_order() {
        let rules = rules(&[
            ("else", "An error occurred."),
            ("4xx", "Client."),
            ("400-401", "Later range."),
            ("401", "Authentication failed."),
            ("200", "User created successfully."),
        ]);
        assert_eq!(message_for(&rules, 200), Some("User created successfully."));
        assert_eq!(message_for(&rules, 401), Some("Authentication failed."));
        assert_eq!(message_for(&rules, 400), Some("Client."));
        assert_eq!(message_for(&rules, 500), Some("An error occurred."));
    }

    #[test]
    fn rows_that_are_off_or_unreadable_say_nothing() {
        let mut rules = rules(&[("200", "off"), ("2oo", "typo")]);
        rules[0].enabled = false;
        assert_eq!(message_for(&rules, 200), None);
        assert_eq!(message_for(&[], 200), None);
    }
}
