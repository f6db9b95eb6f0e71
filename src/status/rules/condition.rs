//! What a rule asks of an answer besides its status: of its header fields, and of its body by jq.
//!
//! ```text
//! header x-cache                 it is there
//! no header etag                 it is not there
//! header x-cache = HIT           it is that; != is the contrary
//! header content-type ~ json     it holds that, in any case
//! .items | length == 0           a jq filter: neither false, null nor nothing
//! ```
//!
//! Several stand behind each other with ` and ` between them; a jq filter is the last one, since it has an
//! `and` of its own.

use crate::inspect::jq;

use super::Answered;

/// One thing asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    Header {
        name: String,
        test: Test,
    },
    /// A filter of jq.
    Body(String),
}

/// What is asked of a header field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    Present,
    Absent,
    Is(String),
    IsNot(String),
    /// In lower case.
    Holds(String),
}

/// Reads conditions, joined by `and`.
pub(super) fn parse(text: &str) -> Result<Vec<Condition>, String> {
    let mut conditions = Vec::new();
    let mut rest = text.trim();
    loop {
        let Some(after) = header_part(rest) else {
            if rest.is_empty() {
                return Err("nothing is asked for behind “if”".to_owned());
            }
            jq::check(rest).map_err(|problem| format!("the jq filter “{rest}”: {problem}"))?;
            conditions.push(Condition::Body(rest.to_owned()));
            return Ok(conditions);
        };
        let (part, next) = match after.split_once(" and ") {
            Some((part, next)) => (part, Some(next.trim())),
            None => (after, None),
        };
        let negated = rest.starts_with("no ");
        conditions.push(parse_header(part, negated)?);
        match next {
            Some(next) => rest = next,
            None => return Ok(conditions),
        }
    }
}

/// What follows `header ` or `no header `.
fn header_part(text: &str) -> Option<&str> {
    let text = text.strip_prefix("no ").unwrap_or(text).trim_start();
    text.strip_prefix("header ").map(str::trim)
}

/// What stands between a name and a value.
const SIGNS: [&str; 3] = ["!=", "~", "="];

fn parse_header(part: &str, negated: bool) -> Result<Condition, String> {
    let found = SIGNS
        .iter()
        .filter_map(|sign| Some((part.find(sign)?, *sign)))
        .min_by_key(|(at, _)| *at);
    let (name, test) = match found {
        Some((at, sign)) => {
            let (name, value) = part.split_at(at);
            let value = value.strip_prefix(sign).unwrap_or_default();
            // `==` is as good as `=`.
            let value = value.strip_prefix('=').unwrap_or(value).trim();
            let value = value.trim_matches('"');
            let test = match sign {
                "!=" => Test::IsNot(value.to_owned()),
                "~" => Test::Holds(value.to_lowercase()),
                _ => Test::Is(value.to_owned()),
            };
            (name.trim(), test)
        }
        None if negated => (part, Test::Absent),
        None => (part, Test::Present),
    };
    if negated && test != Test::Absent {
        return Err("“no header” takes a name alone; write != for the contrary".to_owned());
    }
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    if is_name {
        let name = name.to_ascii_lowercase();
        Ok(Condition::Header { name, test })
    } else {
        Err(format!("“{name}” is no name of a header"))
    }
}

impl Condition {
    /// Whether it holds; the reason where that cannot be said.
    pub(super) fn holds(&self, answered: &Answered) -> Result<bool, String> {
        match self {
            Self::Header { name, test } => Ok(test.holds(&answered.values(name))),
            Self::Body(filter) => {
                let body = answered.body()?;
                let found = jq::run(filter, body, &jq::Limits::SHORT)
                    .map_err(|problem| problem.to_string())?;
                if let (Some(problem), None) = (found.problem, found.values.first()) {
                    return Err(problem.to_string());
                }
                let first = found.values.first().map(String::as_str);
                Ok(!matches!(first, None | Some("false" | "null")))
            }
        }
    }
}

impl Test {
    fn holds(&self, values: &[String]) -> bool {
        let any = |test: &dyn Fn(&str) -> bool| values.iter().any(|value| test(value.trim()));
        match self {
            Self::Present => !values.is_empty(),
            Self::Absent => values.is_empty(),
            Self::Is(wanted) => any(&|value| value.eq_ignore_ascii_case(wanted)),
            Self::IsNot(wanted) => !any(&|value| value.eq_ignore_ascii_case(wanted)),
            Self::Holds(wanted) => any(&|value| value.to_lowercase().contains(wanted)),
        }
    }
}
