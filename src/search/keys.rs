//! The keys of the filter: what each is called, what it looks for, and how its value is read.

use jiff::ZonedDateTime;

use super::{
    Condition,
    address::{encode_host, encode_path},
    letters::{Letter, plain},
    list::{List, read_list},
    moment::{read_since, read_until},
    pattern::Pattern,
    standing::{STATES, STATUSES, StandingTest, read_state},
};

/// Reads what stands after the colon; the error says what is allowed.
type Read = fn(&[Letter], &ZonedDateTime) -> Result<Condition, String>;

/// One key: the help and the error texts are made from these rows.
pub struct KeyRow {
    pub name: &'static str,
    /// A term as one would type it.
    pub example: &'static str,
    pub help: &'static str,
    pub(super) read: Read,
}

/// Every key, in the order in which help shows them.
pub const KEYS: &[KeyRow] = &[
    KeyRow {
        name: "status",
        example: "status:4xx,failed",
        help: "201, 4xx, 400-499, failed or in-flight; several by comma, -404 leaves one out",
        read: |value, _| read_statuses(value),
    },
    KeyRow {
        name: "is",
        example: "is:error",
        help: "ok (2xx), error (4xx, 5xx or failed), failed (no whole response), in-flight",
        read: |value, _| read_states(value),
    },
    KeyRow {
        name: "method",
        example: "method:post,put",
        help: "the method; several by comma",
        read: |value, _| read_patterns(value, "a method, such as post").map(Condition::Method),
    },
    KeyRow {
        name: "host",
        example: "host:*.example.com",
        help: "the whole host, with :port if you like; * stands for anything",
        read: |value, _| read_hosts(value),
    },
    KeyRow {
        name: "path",
        example: "path:/users*",
        help: "the whole path without the query; * stands for anything",
        read: |value, _| read_paths(value),
    },
    KeyRow {
        name: "since",
        example: "since:2d",
        help: "30m, 3h, 2d or 1w ago, today, yesterday, 2026-01-31, 2026-01-31T10:00",
        read: |value, now| read_since(&plain(value), now).map(Condition::From),
    },
    KeyRow {
        name: "until",
        example: "until:yesterday",
        help: "likewise; a day is taken in as a whole",
        read: |value, now| read_until(&plain(value), now).map(Condition::Before),
    },
];

/// Longer patterns are no part of any address that can be sent, and SQLite refuses very long ones.
const PATTERN_LIMIT: usize = 2_000;

fn read_statuses(value: &[Letter]) -> Result<Condition, String> {
    let list = read_list(value, STATUSES, |member| StandingTest::read(&plain(member)))?;
    Ok(Condition::Standing(list))
}

fn read_states(value: &[Letter]) -> Result<Condition, String> {
    let list = read_list(value, STATES, |member| read_state(&plain(member)))?;
    Ok(Condition::Standing(List {
        any: list.any.into_iter().flatten().collect(),
        none: list.none.into_iter().flatten().collect(),
    }))
}

fn read_patterns(value: &[Letter], allowed: &str) -> Result<List<Pattern>, String> {
    read_list(value, allowed, |member| {
        if member.len() > PATTERN_LIMIT {
            return Err(format!(
                "it is too long: {PATTERN_LIMIT} characters are the most"
            ));
        }
        Ok(Pattern::new(member))
    })
}

fn read_hosts(value: &[Letter]) -> Result<Condition, String> {
    let mut list = read_patterns(value, "a host, such as api.example.com or *.example.com")?;
    for pattern in list.any.iter_mut().chain(&mut list.none) {
        *pattern = pattern.clone().map(encode_host);
    }
    Ok(Condition::Host(list))
}

fn read_paths(value: &[Letter]) -> Result<Condition, String> {
    let allowed = "a path from its / on, such as /users or /users*; *users* finds it anywhere";
    let mut list = read_patterns(value, allowed)?;
    for pattern in list.any.iter_mut().chain(&mut list.none) {
        *pattern = pattern.clone().map(encode_path);
        let start = pattern.pieces().first().map_or("", String::as_str);
        let finds_something = start.starts_with('/') || start.is_empty();
        if !finds_something {
            return Err(format!(
                "no path begins with “{start}”, only with /: type {allowed}"
            ));
        }
    }
    Ok(Condition::Path(list))
}
