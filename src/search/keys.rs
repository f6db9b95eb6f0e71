//! The keys of the filter: what each is called, what it looks for, and how its value is read.

use jiff::ZonedDateTime;

use crate::pattern::{Letter, List, encode_path, host_list, plain, read_list, read_patterns};

use super::{
    Condition,
    amounts::Amounts,
    marks::Thing,
    matching::lower,
    moment::{read_since, read_until},
    rule::read_rule,
    standing::{STATES, STATUSES, StandingTest, read_state},
    words::{Place, words},
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
        help: "ok (2xx), error (4xx, 5xx or failed), failed (no whole response), in-flight; pinned",
        read: |value, _| read_is(value),
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
    KeyRow {
        name: "env",
        example: "env:prod*",
        help: "the environment it was sent in; several by comma, * stands for anything",
        read: |value, _| {
            read_patterns(value, "the name of an environment").map(Condition::Environment)
        },
    },
    KeyRow {
        name: "took",
        example: "took:>1s",
        help: ">1s, >=500ms, <200ms, 1s-5s; units us, ms, s, min, h",
        read: |value, _| Amounts::read_times(&plain(value)).map(Condition::Took),
    },
    KeyRow {
        name: "size",
        example: "size:>1MB",
        help: "of the answer's body: >1MB, <10kB, 1MB-5MB; units B, kB, MB, GB, KiB, MiB, GiB",
        read: |value, _| Amounts::read_sizes(&plain(value)).map(Condition::Size),
    },
    KeyRow {
        name: "type",
        example: "type:json",
        help: "the answer's media type, as a whole or a part: json, image, text/html, */xml",
        read: |value, _| {
            read_patterns(value, "a media type, such as json or text/html").map(Condition::Media)
        },
    },
    KeyRow {
        name: "has",
        example: "has:note",
        help: "name, note, tag, message (your own for the status), origin (it repeats another one)",
        read: |value, _| Thing::read(&plain(value)).map(Condition::Has),
    },
    KeyRow {
        name: "rule",
        example: "rule:fail",
        help: "ok, warn or fail: what your rule says of the answer; or words of the rule's message",
        read: |value, _| read_rule(value),
    },
    KeyRow {
        name: "tag",
        example: "tag:bug",
        help: "a tag; several by comma, * stands for anything",
        read: |value, _| read_patterns(value, "a tag").map(Condition::Tag),
    },
    KeyRow {
        name: "name",
        example: "name:\"before the fix\"",
        help: "words of the name that you gave it",
        read: |value, _| read_words(value, Place::Name, "words of a name"),
    },
    KeyRow {
        name: "note",
        example: "note:regression",
        help: "words of its note",
        read: |value, _| read_words(value, Place::Note, "words of a note"),
    },
    KeyRow {
        name: "header",
        example: "header:x-request-id=42",
        help: "a header field that was sent or received, with =value if you like",
        read: |value, _| {
            read_words(
                value,
                Place::Headers,
                "a header field, such as x-request-id=42",
            )
        },
    },
    KeyRow {
        name: "field",
        example: "field:email=ann@example.com",
        help: "a field of the body that was sent, form or JSON, with =value if you like",
        read: |value, _| {
            read_words(
                value,
                Place::Fields,
                "a field, such as email=ann@example.com",
            )
        },
    },
    KeyRow {
        name: "body",
        example: "body:\"exact words\"",
        help: "words, one after the other, in a body that was sent or received",
        read: |value, _| read_words(value, Place::Bodies, "words of a body"),
    },
];

/// Terms that are no `key:value`, each with what it finds.
const FORMS: &[(&str, &str)] = &[
    (
        "create_user",
        "a word, or its beginning: in the row, a name, a note, a tag, a header field or a body",
    ),
    ("\"two words\"", "one right after the other"),
    ("-term", "not this: before a word as before a key"),
];

/// All that can be typed, a line each with what it finds: what every page that explains the filter shows.
pub fn explained() -> impl Iterator<Item = (&'static str, &'static str)> {
    let keys = KEYS.iter().map(|key| (key.example, key.help));
    FORMS.iter().copied().chain(keys)
}

fn read_statuses(value: &[Letter]) -> Result<Condition, String> {
    let list = read_list(value, STATUSES, |member| StandingTest::read(&plain(member)))?;
    Ok(Condition::Standing(list))
}

/// `pinned` says nothing of how an exchange stands, so that it cannot be one of several members.
fn read_is(value: &[Letter]) -> Result<Condition, String> {
    if plain(value).trim().eq_ignore_ascii_case("pinned") {
        return Ok(Condition::Pinned);
    }
    read_states(value)
}

fn read_words(value: &[Letter], place: Place, allowed: &str) -> Result<Condition, String> {
    let text = plain(value);
    let takes_name = matches!(place, Place::Headers | Place::Fields);
    if words(&text).is_empty() || takes_name && text.starts_with('=') {
        return Err(format!("type {allowed}"));
    }
    Ok(Condition::Within(place, lower(&text)))
}

fn read_states(value: &[Letter]) -> Result<Condition, String> {
    let list = read_list(value, STATES, |member| read_state(&plain(member)))?;
    Ok(Condition::Standing(List {
        any: list.any.into_iter().flatten().collect(),
        none: list.none.into_iter().flatten().collect(),
    }))
}

fn read_hosts(value: &[Letter]) -> Result<Condition, String> {
    host_list(value).map(Condition::Host)
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
