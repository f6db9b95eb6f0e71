//! What stands after `rule:`: levels, or words of the message.

use crate::{
    model::RuleLevel,
    pattern::{Letter, plain, read_list, split_at_commas, strip_minus},
};

use super::{
    Condition,
    matching::lower,
    words::{Place, words},
};

/// What may follow `rule:`, in words.
const ALLOWED: &str = "ok, warn or fail, several by comma; or words of the rule's message";

/// Levels where every member is one; in quotes, the name of a level is a word like any other.
pub(super) fn read_rule(value: &[Letter]) -> Result<Condition, String> {
    let members: Vec<&[Letter]> = split_at_commas(value)
        .map(|member| strip_minus(member).1)
        .collect();
    let levels = members.iter().filter(|member| level(member).is_some());
    match levels.count() {
        0 => read_message(value),
        count if count == members.len() => {
            let list = read_list(value, ALLOWED, |member| level(member).ok_or_else(unknown))?;
            Ok(Condition::Level(list))
        }
        _ => Err(format!(
            "a level beside something else: type {ALLOWED}; two terms ask for both"
        )),
    }
}

fn level(member: &[Letter]) -> Option<RuleLevel> {
    if member.iter().any(|letter| letter.quoted) {
        return None;
    }
    RuleLevel::named(&plain(member).trim().to_ascii_lowercase())
}

fn unknown() -> String {
    format!("this is no level: type {ALLOWED}")
}

fn read_message(value: &[Letter]) -> Result<Condition, String> {
    let text = plain(value);
    if words(&text).is_empty() {
        return Err(format!("type {ALLOWED}"));
    }
    Ok(Condition::Within(Place::Rule, lower(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{Filter, List};

    fn condition(text: &str) -> Result<Condition, String> {
        let now = "2026-03-04T12:00:00[UTC]".parse().unwrap();
        let mut filter = Filter::parse(text, &now).map_err(|error| error.reason)?;
        Ok(filter.terms.remove(0).condition)
    }

    #[test]
    fn levels_and_words_are_told_apart() {
        let levels = |any: &[RuleLevel], none: &[RuleLevel]| {
            Ok(Condition::Level(List {
                any: any.to_vec(),
                none: none.to_vec(),
            }))
        };
        let said = |text: &str| Ok(Condition::Within(Place::Rule, text.to_owned()));
        assert_eq!(condition("rule:Fail"), levels(&[RuleLevel::Fail], &[]));
        assert_eq!(
            condition("rule:ok,-warn"),
            levels(&[RuleLevel::Ok], &[RuleLevel::Warn])
        );
        assert_eq!(condition("rule:\"fail\""), said("fail"));
        assert_eq!(condition("rule:\"User created\""), said("user created"));
        assert_eq!(condition("rule:failed"), said("failed"));
        for wrong in ["rule:", "rule:fail,created", "rule:fail,", "rule:-"] {
            let reason = condition(wrong).unwrap_err();
            assert!(reason.contains("ok, warn or fail"), "{wrong}: {reason}");
        }
    }
}
