//! When a rule speaks: `fail 2xx if header content-type ~ json and .error`.

use crate::model::{FailureKind, RuleLevel, Standing, TimeoutKind};

use super::{
    Matcher, MatcherError,
    condition::{self, Condition},
};

/// The left side of a rule, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    pub level: Option<RuleLevel>,
    cases: Vec<Case>,
    pub(super) conditions: Vec<Condition>,
}

/// One of several outcomes that a rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Status(Matcher),
    /// Every send without a whole answer.
    Failed,
    Failure(Kind),
}

/// A failure as rules name it: one name may stand for several kinds.
#[derive(Debug, Clone, Copy)]
struct Kind(&'static str, fn(FailureKind) -> bool);

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Kind {}

macro_rules! kinds {
    ($($name:literal => $pattern:pat),* $(,)?) => {
        &[$(Kind($name, |kind| matches!(kind, $pattern))),*]
    };
}

/// The names of failures.
const KINDS: &[Kind] = kinds! {
    "dns" => FailureKind::Dns,
    "refused" => FailureKind::Refused,
    "unreachable" => FailureKind::Unreachable,
    "tls" => FailureKind::Tls(_),
    "timeout" => FailureKind::Timeout(_),
    "connect-timeout" => FailureKind::Timeout(TimeoutKind::Connect),
    "idle-timeout" => FailureKind::Timeout(TimeoutKind::Idle),
    "reset" => FailureKind::Reset,
    "truncated" => FailureKind::Truncated,
    "malformed" => FailureKind::Malformed,
    "proxy" => FailureKind::Proxy,
    "cancelled" => FailureKind::Cancelled,
    "too-large" => FailureKind::TooLarge,
    "setting" => FailureKind::Setting,
    "file" => FailureKind::File,
};

/// Every name of a failure that a rule may have.
pub fn failure_names() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.0)
}

/// How well a rule fits: the least is the best. `else` comes last whatever it asks for besides; a rule with
/// conditions is more exact than one without.
pub(super) type Distance = (bool, bool, u16);

impl When {
    /// Reads the left side of a rule, in any case and with blanks around.
    pub fn parse(text: &str) -> Result<Self, MatcherError> {
        let text = text.trim();
        let (level, rest) = split_level(text);
        let (cases, conditions) = split_if(rest);
        let conditions = match conditions {
            Some(text) => condition::parse(text).map_err(MatcherError::Condition)?,
            None => Vec::new(),
        };
        if cases.trim().is_empty() {
            return Err(MatcherError::Empty);
        }
        let cases = cases.split(',').map(Case::parse);
        let when = Self {
            level,
            cases: cases.collect::<Result<_, _>>()?,
            conditions,
        };
        let is_failure = |case: &Case| !matches!(case, Case::Status(_));
        if !when.conditions.is_empty() && when.cases.iter().all(is_failure) {
            let reason = "a send without an answer has neither header fields nor a body";
            return Err(MatcherError::Condition(reason.to_owned()));
        }
        Ok(when)
    }

    /// How well it fits, its conditions aside; `None` is no fit.
    pub(super) fn distance(&self, standing: Standing) -> Option<Distance> {
        let nearest = self.cases.iter().filter_map(|case| case.distance(standing));
        let nearest = nearest.min()?;
        let is_last = nearest == Matcher::ELSE;
        Some((is_last, self.conditions.is_empty(), nearest))
    }
}

impl Case {
    fn parse(text: &str) -> Result<Self, MatcherError> {
        let text = text.trim().to_ascii_lowercase();
        if text == "failed" {
            return Ok(Self::Failed);
        }
        if let Some(kind) = KINDS.iter().find(|kind| kind.0 == text) {
            return Ok(Self::Failure(*kind));
        }
        Matcher::parse(&text).map(Self::Status)
    }

    fn distance(self, standing: Standing) -> Option<u16> {
        match (self, standing) {
            (Self::Status(matcher), Standing::Answered(status)) => matcher.distance(status),
            (Self::Failure(kind), Standing::Failed(failed)) => (kind.1)(failed).then_some(0),
            (Self::Failed, Standing::Failed(_)) => Some(1),
            (Self::Status(_) | Self::Failed | Self::Failure(_), _) => None,
        }
    }
}

/// `warn 404` is `404` with a level.
fn split_level(text: &str) -> (Option<RuleLevel>, &str) {
    let Some((word, rest)) = text.split_once(char::is_whitespace) else {
        return (None, text);
    };
    match RuleLevel::named(&word.to_ascii_lowercase()) {
        Some(level) => (Some(level), rest),
        None => (None, text),
    }
}

fn split_if(text: &str) -> (&str, Option<&str>) {
    match text.split_once(" if ") {
        Some((cases, conditions)) => (cases, Some(conditions)),
        None => match text.strip_suffix(" if") {
            Some(cases) => (cases, Some("")),
            None => (text, None),
        },
    }
}
