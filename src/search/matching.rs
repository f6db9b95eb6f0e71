//! Whether a row satisfies a filter. The store asks SQLite the same question; tests hold the two
//! answers together.

use jiff::Timestamp;

use crate::{
    model::{Standing, Summary},
    pattern::{accepts_host, host_of, path_of},
    status::{catalogue, failure},
};

use super::{
    Condition, Filter, Term,
    marks::{Thing, accepts_media},
    words::{Place, has_words, words},
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
pub fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

impl Filter {
    /// Whether the row satisfies every term, as far as the row itself can tell: it knows nothing of header
    /// fields and bodies.
    pub fn matches(&self, row: &Summary) -> bool {
        self.terms.iter().all(|term| term.matches(row))
    }
}

impl Term {
    fn matches(&self, row: &Summary) -> bool {
        let holds = match &self.condition {
            Condition::Text(needle) => text_matches(row, needle),
            Condition::Standing(list) => list.accepts(|test| test.matches(row.standing)),
            Condition::Method(patterns) => patterns.accepts(|pattern| pattern.matches(&row.method)),
            Condition::Host(patterns) => accepts_host(patterns, &host_of(&row.url)),
            Condition::Path(patterns) => {
                let path = path_of(&row.url);
                patterns.accepts(|pattern| pattern.matches(&path))
            }
            Condition::From(at) => is_from(row.started_at, *at),
            Condition::Before(at) => !is_from(row.started_at, *at),
            Condition::Environment(patterns) => {
                let environment = row.lineage.environment.as_deref().unwrap_or_default();
                patterns.accepts(|pattern| pattern.matches(environment))
            }
            Condition::Media(patterns) => {
                accepts_media(patterns, row.media.as_deref().unwrap_or_default())
            }
            Condition::Tag(patterns) => {
                patterns.accepts(|pattern| row.label.tags.iter().any(|tag| pattern.matches(tag)))
            }
            Condition::Took(amounts) => row.duration.is_some_and(|duration| {
                amounts.contains(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX))
            }),
            Condition::Size(amounts) => row.body_bytes.is_some_and(|size| amounts.contains(size)),
            Condition::Has(Thing::Message) => row.message.is_some(),
            Condition::Has(Thing::Origin) => row.lineage.replayed_from.is_some(),
            Condition::Has(thing) => thing.is_in(&row.label),
            Condition::Pinned => row.label.pinned,
            Condition::Within(Place::Name, needle) => has_words(
                row.label.name.as_deref().unwrap_or_default(),
                &words(needle),
            ),
            Condition::Within(Place::Note, needle) => has_words(
                row.label.note.as_deref().unwrap_or_default(),
                &words(needle),
            ),
            Condition::Within(Place::Rule, needle) => {
                has_words(row.message.as_deref().unwrap_or_default(), &words(needle))
            }
            Condition::Level(levels) => levels.accepts(|level| row.level == Some(*level)),
            // Only the exchange itself could tell.
            Condition::Within(Place::Headers | Place::Fields | Place::Bodies, _) => return true,
        };
        holds != self.negated
    }
}

/// Whether a text is in what the row shows and in what the user put on it. One without a word in it, such as
/// `//`, is looked for sign by sign.
fn text_matches(row: &Summary, needle: &str) -> bool {
    let haystack = haystack(&row.method, &row.url, row.standing, row.message.as_deref());
    let wanted = words(needle);
    if wanted.is_empty() {
        return haystack.contains(needle);
    }
    let tags = row.label.tags.join(" ");
    let lines = haystack.lines().map(Some);
    let texts = [
        row.label.name.as_deref(),
        row.label.note.as_deref(),
        Some(tags.as_str()),
    ];
    lines
        .chain(texts)
        .flatten()
        .any(|text| has_words(text, &wanted))
}

fn is_from(started_at: Timestamp, at: Timestamp) -> bool {
    started_at >= at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ExchangeId, FailureKind, TimeoutKind};

    fn row(standing: Standing) -> Summary {
        let started_at = "2026-03-04T12:00:00Z".parse().unwrap();
        let url = "https://api.example.com/Users/42?q=Ärger";
        Summary {
            standing,
            message: Some("User created.".to_owned()),
            ..Summary::begun(ExchangeId(1), started_at, "POST", url)
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
