//! What a term that is being typed may become: keys, and the values that a key is known to have.

use super::keys::KEYS;

/// Values that are the same in every history, in the order in which they are offered.
const VALUES: &[(&str, &[&str])] = &[
    (
        "status",
        &["2xx", "3xx", "4xx", "5xx", "failed", "in-flight"],
    ),
    ("is", &["ok", "error", "failed", "in-flight", "pinned"]),
    (
        "method",
        &["post", "get", "put", "patch", "delete", "head", "options"],
    ),
    ("path", &["/"]),
    ("since", &["today", "yesterday", "1h", "1d", "1w"]),
    ("until", &["today", "yesterday", "1h", "1d", "1w"]),
    ("took", &[">1s", ">100ms", "<100ms"]),
    ("size", &[">1MB", ">100kB", "<1kB"]),
    ("type", &["json", "html", "text", "xml", "image"]),
    ("has", &["note", "name", "tag", "message", "origin"]),
    ("rule", &["fail", "warn", "ok"]),
];

/// A way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is to be added where the cursor is.
    pub rest: String,
    /// The key or value as a whole.
    pub whole: String,
}

/// How the text before the cursor may go on, the likeliest first. `known` gives values that this history has for a
/// key. Nothing is offered for what is complete already.
pub fn completions<'a>(before: &str, known: impl Fn(&str) -> Vec<&'a str>) -> Vec<Completion> {
    // Within quotes nothing is an operator.
    if before.matches('"').count() % 2 == 1 {
        return Vec::new();
    }
    let term = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    let term = term.strip_prefix('-').unwrap_or(term);
    match term.split_once(':') {
        None if term.is_empty() => Vec::new(),
        None => {
            let keys = KEYS.iter().map(|key| format!("{}:", key.name));
            going_on(term, keys)
        }
        Some((key, value)) => {
            let key = key.to_ascii_lowercase();
            // Of several members the last one is being typed.
            let member = value.rsplit(',').next().unwrap_or_default();
            let member = member.strip_prefix('-').unwrap_or(member);
            let usual = VALUES.iter().find(|(name, _)| *name == key);
            let usual = usual.map_or(&[][..], |(_, values)| values);
            let values = known(&key).into_iter().chain(usual.iter().copied());
            going_on(member, values.flat_map(written))
        }
    }
}

/// A value as it is typed: one of several words in quotes, or its first word alone, which finds it too.
fn written(value: &str) -> Vec<String> {
    let first = value.split_whitespace().next();
    match first.filter(|first| *first != value) {
        Some(first) if !value.contains('"') => vec![format!("\"{value}\""), first.to_owned()],
        Some(first) => vec![first.to_owned()],
        None => vec![value.to_owned()],
    }
}

fn going_on(typed: &str, all: impl Iterator<Item = String>) -> Vec<Completion> {
    let mut found: Vec<Completion> = Vec::new();
    for whole in all {
        let Some((start, rest)) = whole.split_at_checked(typed.len()) else {
            continue;
        };
        let is_new = found.iter().all(|other| other.whole != whole);
        if is_new && !rest.is_empty() && start.eq_ignore_ascii_case(typed) {
            let rest = rest.to_owned();
            found.push(Completion { rest, whole });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Filter;

    fn rests(before: &str) -> Vec<String> {
        let known = |key: &str| match key {
            "host" => vec!["api.example.com", "localhost"],
            "header" => vec!["x-request-id"],
            "name" => vec!["before the fix", "after"],
            _ => Vec::new(),
        };
        let found = completions(before, known).into_iter();
        found.map(|completion| completion.rest).collect()
    }

    #[test]
    fn keys_and_values_are_completed_where_the_cursor_is() {
        assert_eq!(rests("sta"), ["tus:"]);
        assert_eq!(rests("word -ME"), ["thod:"]);
        assert_eq!(rests("host:a"), ["pi.example.com"]);
        assert_eq!(rests("host:"), ["api.example.com", "localhost"]);
        assert_eq!(rests("is:pin"), ["ned"]);
        assert_eq!(rests("status:4xx,-fa"), ["iled"]);
        assert_eq!(rests("header:x-"), ["request-id"]);
        assert_eq!(rests("name:"), ["\"before the fix\"", "before", "after"]);
        assert_eq!(rests("name:be"), ["fore"]);
        for nothing in ["", "word ", "nosuch", "is:pinned", "\"sta", "nokey:x", "é"] {
            assert!(rests(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn every_value_that_is_offered_can_be_read() {
        let now = "2026-03-04T12:00:00[UTC]".parse().unwrap();
        for (key, values) in VALUES {
            for value in *values {
                let term = format!("{key}:{value}");
                assert!(Filter::parse(&term, &now).is_ok(), "{term}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_completed_goes_on_as_it_was_typed(
            text in "([a-z]{0,6}[-:,\"]?|status:|is:|é|\\PC){0,8}"
        ) {
            for completion in completions(&text, |_| vec!["éa"]) {
                proptest::prop_assert!(completion.whole.ends_with(&completion.rest));
            }
        }
    }
}
