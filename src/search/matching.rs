//! Whether a row satisfies a filter. The store asks SQLite the same question; tests hold the two
//! answers together.

use jiff::Timestamp;

use crate::{
    model::{Standing, Summary},
    status::{catalogue, failure},
};

use super::{
    Condition, Filter, Term,
    address::{host_of, path_of, without_port},
    list::List,
    pattern::Pattern,
};

/// Everything that words are looked for in, in lower case: method, URL, the words for how it stands,
/// and the user's own message, a line each.
pub fn haystack(method: &str, url: &str, standing: Standing, message: Option<&str>) -> String {
    let standing = standing_words(standing);
    let message = message.unwrap_or_default();
    lower(&format!("{method}\n{url}\n{standing}\n{message}"))
}

/// `404 not found`, `timeout`, `in flight`.
fn standing_words(standing: Standing) -> String {
    match standing {
        Standing::InFlight => "in flight".to_owned(),
        Standing::Answered(code) => format!("{code} {}", catalogue::phrase(code)),
        Standing::Failed(kind) => format!("failed: {}", failure::describe(kind).name),
    }
}

/// Lower case letter by letter: what a letter becomes must not depend on its neighbours, or a part of
/// a word would not be found in it.
pub(super) fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

impl Filter {
    /// Whether the row satisfies every term.
    pub fn matches(&self, row: &Summary) -> bool {
        self.terms.iter().all(|term| term.matches(row))
    }
}

impl Term {
    fn matches(&self, row: &Summary) -> bool {
        let holds = match &self.condition {
            Condition::Text(needle) => {
                haystack(&row.method, &row.url, row.standing, row.message.as_deref())
                    .contains(needle)
            }
            Condition::Standing(list) => list.accepts(|test| test.matches(row.standing)),
            Condition::Method(patterns) => patterns.accepts(|pattern| pattern.matches(&row.method)),
            Condition::Host(patterns) => accepts_host(patterns, &host_of(&row.url)),
            Condition::Path(patterns) => {
                let path = path_of(&row.url);
                patterns.accepts(|pattern| pattern.matches(&path))
            }
            Condition::From(at) => is_from(row.started_at, *at),
            Condition::Before(at) => !is_from(row.started_at, *at),
        };
        holds != self.negated
    }
}

/// Whether patterns accept a `host:port` as [`host_of`] makes it.
pub fn accepts_host(patterns: &List<Pattern>, host: &str) -> bool {
    patterns.accepts(|pattern| pattern.matches(host) || pattern.matches(without_port(host)))
}

fn is_from(started_at: Timestamp, at: Timestamp) -> bool {
    started_at >= at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ExchangeId, FailureKind, TimeoutKind};

    fn row(standing: Standing) -> Summary {
        Summary {
            id: ExchangeId(1),
            started_at: "2026-03-04T12:00:00Z".parse().unwrap(),
            method: "POST".to_owned(),
            url: "https://api.example.com/Users/42?q=Ärger".to_owned(),
            standing,
            message: Some("User created.".to_owned()),
            level: None,
            evidence: None,
            duration: None,
            body_bytes: None,
        }
    }

    fn finds(filter: &str, standing: Standing) -> bool {
        let now = "2026-03-04T13:00:00[UTC]".parse().unwrap();
        Filter::parse(filter, &now).unwrap().matches(&row(standing))
    }

    #[test]
    fn rows_that_belong_and_rows_that_do_not() {
        for (yes, no) in [
            ("", "nowhere"),
            ("user ÄRGER created", "user nowhere"),
            ("\"user created\"", "\"created user\""),
            ("201", "404"),
            ("status:2xx", "status:3xx,4xx"),
            ("status:-404", "status:-201"),
            ("-status:4xx", "-status:2xx"),
            ("is:ok", "is:error"),
            ("is:ok", "is:failed"),
            ("method:put,post", "method:put"),
            ("host:api.example.com", "host:example.com"),
            ("host:*.EXAMPLE.com", "host:api*.org"),
            ("host:api.example.com:443", "host:api.example.com:80"),
            ("path:/users*", "path:/users"),
            ("path:*42", "path:*q=*"),
            ("since:2h", "since:30m"),
            ("until:30m", "until:2h"),
            ("since:today until:today", "until:yesterday"),
            ("-nowhere", "-created"),
        ] {
            assert!(finds(yes, Standing::Answered(201)), "{yes}");
            assert!(!finds(no, Standing::Answered(201)), "{no}");
        }
    }

    #[test]
    fn failures_are_found_by_kind_and_name() {
        let timeout = Standing::Failed(FailureKind::Timeout(TimeoutKind::Total));
        for filter in [
            "status:failed",
            "is:failed",
            "is:error",
            "timeout",
            "failed",
            "-status:2xx",
        ] {
            assert!(finds(filter, timeout), "{filter}");
        }
        assert!(!finds("status:in-flight", timeout));
        assert!(finds("status:in-flight", Standing::InFlight));
        assert!(finds("is:in-flight \"in flight\"", Standing::InFlight));
    }
}
