//! The user's own messages for what comes back: `if status == 200: … elif 400: … else: …` as rows.
//!
//! A rule is a [`Field`]: its name says when it speaks, its value is the message.
//!
//! ```text
//! 201                                 Created {{ json.id }} in {{ ms }} ms
//! fail 2xx if .errors | length > 0    It says 200 and means no: {{ json.errors[0] }}
//! warn 200 if header x-cache ~ hit    This answer is an old one.
//! refused, timeout                    Is the server up?
//! else                                An error occurred.
//! ```
//!
//! The most exact rule wins whatever the order of the rows: one with conditions before one without, a code
//! before a range or class, a narrow range before a wide one, `else` last of all; among equals the first row. What cannot be evaluated does
//! not fit, and why is told beside the status, which it never hides.

mod answered;
mod condition;
mod when;

use crate::{
    model::{Field, Verdict},
    template::{check_message, fill},
};

pub use answered::Answered;
pub use when::{When, failure_names};

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
    #[error("a rule starts with a status: 200, 400-499, 4xx, failed or else")]
    Empty,
    #[error("“{0}” is no status: write 200, 400-499, 4xx, failed or else")]
    Unknown(String),
    #[error("{0} is not a status code: those are 100 to 999")]
    OutOfRange(String),
    #[error("the range {0}-{1} is upside down: write {1}-{0}")]
    UpsideDown(u16, u16),
    /// What stands behind `if`.
    #[error("{0}")]
    Condition(String),
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

    /// The distance of `else`.
    const ELSE: u16 = u16::MAX;

    /// How exactly the matcher fits `status`: lower is more exact, `None` is no fit.
    fn distance(self, status: u16) -> Option<u16> {
        match self {
            Self::Code(code) => (code == status).then_some(0),
            Self::Range(first, last) => {
                let others = last - first;
                (first..=last).contains(&status).then_some(others)
            }
            Self::Else => Some(Self::ELSE),
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

/// What the rules say of an outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The message of the rule that fits best.
    pub message: Option<String>,
    pub verdict: Verdict,
    /// What the exchange itself says, for its row: no rule, but told together with them.
    pub evidence: Option<String>,
}

/// What the rules say of what came back. Rows that cannot be read are passed over here; the builder
/// marks them while they are typed.
pub fn judge(rules: &[Field], answered: &Answered) -> Said {
    let standing = answered.standing();
    let mut fitting: Vec<_> = rules
        .iter()
        .filter(|rule| rule.is_sent())
        .filter_map(|rule| {
            let when = When::parse(&rule.name).ok()?;
            Some((when.distance(standing)?, when, rule))
        })
        .collect();
    // Stable: among equals the first row comes first.
    fitting.sort_by_key(|(distance, ..)| *distance);
    let mut said = Said::default();
    let mut problems = Vec::new();
    for (_, when, rule) in fitting {
        match all_hold(&when, answered) {
            Ok(false) => continue,
            Err(reason) => {
                problems.push(format!(
                    "The rule “{}” was not evaluated: {reason}.",
                    rule.name.trim()
                ));
                continue;
            }
            Ok(true) => {}
        }
        said.verdict.level = when.level;
        match fill_message(&rule.value, answered) {
            Ok(message) => said.message = Some(message).filter(|it| !it.is_empty()),
            Err(reason) => problems.push(format!(
                "The message of the rule “{}” could not be filled: {reason}.",
                rule.name.trim()
            )),
        }
        break;
    }
    said.verdict.problem = (!problems.is_empty()).then(|| problems.join(" "));
    said
}

fn all_hold(when: &When, answered: &Answered) -> Result<bool, String> {
    for condition in &when.conditions {
        if !condition.holds(answered)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn fill_message(message: &str, answered: &Answered) -> Result<String, String> {
    if !message.contains("{{") {
        return Ok(message.to_owned());
    }
    let body = message
        .contains("json")
        .then(|| answered.json())
        .transpose()?;
    fill(message, &answered.facts(), body)
}

/// Why a row is no rule; `None` where it is one.
pub fn problem(rule: &Field) -> Option<String> {
    let when = When::parse(&rule.name).err().map(|error| error.to_string());
    when.or_else(|| check_message(&rule.value).err())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{answered::LARGEST_BODY, *};
    use crate::model::{
        Failure, FailureKind, Header, HttpVersion, Outcome, Phase, Processed, Response,
        ResponseHead, RuleLevel,
    };

    /// A method and a URL.
    struct Sent(String, String);

    impl Default for Sent {
        fn default() -> Self {
            Self("POST".into(), "http://h/".into())
        }
    }

    struct Answer(Outcome, Sent);

    impl Answer {
        fn answered(&self) -> Answered<'_> {
            Answered::new(&self.0, &self.1.0, &self.1.1, Duration::from_millis(84))
        }
    }

    fn answer(status: u16, cache: Option<&str>, body: &str) -> Answer {
        let headers = cache.map(|value| Header::new("X-Cache", value));
        let head = ResponseHead {
            status,
            reason: None,
            version: HttpVersion::Http11,
            headers: headers.into_iter().collect(),
        };
        let body = body.to_owned().into();
        Answer(
            Outcome::Response(Response {
                head,
                body,
                whole: None,
            }),
            Sent::default(),
        )
    }

    fn said(rules: &[Field], status: u16) -> Said {
        judge(rules, &answer(status, None, "").answered())
    }

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
            ("400-401", "Narrow range."),
            ("400-401", "Later range."),
            ("401", "Authentication failed."),
            ("200", "User created successfully."),
        ]);
        for (status, message) in [
            (200, "User created successfully."),
            (401, "Authentication failed."),
            (400, "Narrow range."),
            (402, "Client."),
            (500, "An error occurred."),
        ] {
            assert_eq!(said(&rules, status).message.as_deref(), Some(message));
        }
    }

    #[test]
    fn rows_that_are_off_or_unreadable_say_nothing() {
        let mut rules = rules(&[("200", "off"), ("2oo", "typo")]);
        rules[0].enabled = false;
        assert_eq!(said(&rules, 200), Said::default());
        assert_eq!(said(&[], 200), Said::default());
    }

    #[test]
    fn conditions_decide_and_are_more_exact_than_a_code() {
        let rules = rules(&[
            ("200", "Fine."),
            ("fail 2xx if .error", "No: {{ json.error }}"),
            (
                "warn 200 if header x-cache ~ hit and .ok",
                "Old, of {{ size }} bytes.",
            ),
            ("else if header x-cache", "Never: the code is named."),
        ]);
        let of = |body: &str, cache: Option<&str>| {
            let said = judge(&rules, &answer(200, cache, body).answered());
            (said.message.unwrap_or_default(), said.verdict.level)
        };
        assert_eq!(of("{}", None), ("Fine.".into(), None));
        assert_eq!(
            of("{\"error\":\"too small\"}", None),
            ("No: too small".into(), Some(RuleLevel::Fail))
        );
        assert_eq!(
            of("{\"ok\":true}", Some("HIT")),
            ("Old, of 11 bytes.".into(), Some(RuleLevel::Warn))
        );
        assert_eq!(of("{\"ok\":true}", Some("MISS")).1, None);
    }

    #[test]
    fn what_cannot_be_evaluated_says_why_and_hides_nothing() {
        let rules = rules(&[("200 if .a.b", "x"), ("200", "Made {{ json.id }}.")]);
        let said = judge(&rules, &answer(200, None, "<html>").answered());
        assert_eq!(said.message, None);
        let problem = said.verdict.problem.unwrap();
        assert!(
            problem.contains("“200 if .a.b” was not evaluated"),
            "{problem}"
        );
        assert!(problem.contains("“200” could not be filled"), "{problem}");
        let large = format!("[{}]", " ".repeat(LARGEST_BODY));
        let said = judge(&rules, &answer(200, None, &large).answered());
        assert!(said.verdict.problem.unwrap().contains("larger than"));
    }

    #[test]
    fn failures_have_names() {
        let rules = rules(&[
            ("warn failed", "No answer."),
            ("refused, dns", "Down: {{ failure }}?"),
        ]);
        let of = |kind| {
            let sent = Sent::default();
            let outcome = Outcome::Failure(Failure {
                kind,
                phase: Phase::Connect,
                causes: Vec::new(),
                processed: Processed::No,
                partial: None,
            });
            judge(
                &rules,
                &Answered::new(&outcome, &sent.0, &sent.1, Duration::ZERO),
            )
        };
        assert_eq!(
            of(FailureKind::Refused).message.as_deref(),
            Some("Down: refused?")
        );
        let other = of(FailureKind::Reset);
        assert_eq!(other.message.as_deref(), Some("No answer."));
        assert_eq!(other.verdict.level, Some(RuleLevel::Warn));
        assert_eq!(
            said(&rules, 500),
            Said::default(),
            "an answer is no failure"
        );
    }

    #[test]
    fn wrong_rows_are_told_while_they_are_typed() {
        let problem = |name: &str, value: &str| problem(&Field::new(name, value));
        for name in [
            "fail 200",
            "WARN else",
            "200, 201,3xx",
            "2xx if .a",
            "2xx if header a and .b and .c",
            "2xx if no header etag",
            "timeout",
        ] {
            assert_eq!(problem(name, "x"), None, "{name}");
        }
        for (name, value, said) in [
            ("200 if", "x", "nothing is asked for"),
            ("200 if .a |", "x", "jq filter"),
            ("200 if header", "x", "jq filter"),
            ("200 if header a b = c", "x", "no name of a header"),
            ("200 if no header a = b", "x", "!="),
            ("refused if .a", "x", "neither header fields nor a body"),
            ("200", "{{ nobody }}", "knows no “nobody”"),
            ("200,", "x", "starts with a status"),
        ] {
            let found = problem(name, value).unwrap_or_default();
            assert!(found.contains(said), "{name}: {found}");
        }
    }
}
