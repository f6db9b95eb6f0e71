//! Limits and waiting: Retry-After (RFC 9110, Section 10.2.3) and what servers say about their rates.

use std::time::Duration;

use jiff::Timestamp;

use super::{Finding, Scene, Step, scene::parse_date};
use crate::units::counted;

/// How long a server may ask to wait before it is taken for a moment in time instead; nobody waits longer.
const LONGEST_WAIT: i64 = 366 * 24 * 3600;

/// Names under which a limit, what is left of it and when it begins anew are told.
const COUNTERS: [(&str, &str); 4] = [
    ("ratelimit-", "draft-ietf-httpapi-ratelimit-headers-06"),
    ("x-ratelimit-", "the documentation of the service"),
    ("x-rate-limit-", "the documentation of the service"),
    ("x-ratelimit-requests-", "the documentation of the service"),
];

/// How long to wait, and until when by this machine's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wait {
    pub seconds: u64,
    pub until: Timestamp,
}

impl Wait {
    pub fn spoken(self) -> String {
        if self.seconds >= LONGEST_WAIT.unsigned_abs() {
            return "a year or more".to_owned();
        }
        spoken_seconds(self.seconds)
    }
}

/// Whole seconds as they are counted down: `12 s`, `2 m 05 s`, `3 h 02 m`.
pub fn spoken_seconds(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} m {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} m", seconds / 3600, seconds % 3600 / 60),
    }
}

/// The same for an age: days where hours would have to be counted.
pub fn spoken_age(seconds: u64) -> String {
    match seconds / 86_400 {
        0 => spoken_seconds(seconds),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    if !is_limited(scene) {
        return Vec::new();
    }
    let counters: Vec<Finding> = counters(scene).into_iter().collect();
    let wait = retry_after(scene);
    let asked = scene.header("retry-after").map(|given| {
        let text = format!("Retry-After: {}", asked(given.trim(), wait));
        Finding::new(text).by("RFC 9110, Section 10.2.3")
    });
    // What cannot be read says less than the counters do.
    let (mut findings, unread): (Vec<_>, Vec<_>) = asked.into_iter().partition(|_| wait.is_some());
    findings.extend(counters);
    findings.extend(unread);
    let until = wait.or_else(|| reset(scene)).map(|wait| wait.until);
    if let Some(first) = findings.first_mut() {
        first.steps.push(Step::SendAgain);
        first.not_before = until;
    } else if matches!(scene.status(), 429 | 503) {
        let text = "The answer does not say how long to wait (no Retry-After).";
        // What is refused for coming too often was not acted on; a 503 may have been.
        let again = (scene.status() == 429).then_some(Step::SendAgain);
        let finding = Finding::new(text).by("RFC 9110, Section 10.2.3");
        findings.push(finding.offering(again).general());
    }
    findings
}

/// What a Retry-After says, in words.
fn asked(given: &str, wait: Option<Wait>) -> String {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    match wait {
        Some(wait) if is_number(given) && wait.seconds == LONGEST_WAIT.unsigned_abs() => {
            format!("{given}: the server asks to wait for a year or more.")
        }
        Some(wait) if is_number(given) => {
            format!("the server asks to wait {}.", wait.spoken())
        }
        Some(wait) => format!("{given}, which is {} after its own time.", wait.spoken()),
        None if given.strip_prefix('-').is_some_and(is_number) => {
            format!("{given}, which is no time to wait: its seconds are digits alone.")
        }
        None => format!("{given}, which is neither seconds nor a date."),
    }
}

/// GitHub and others say 403 for a limit that is used up.
fn is_limited(scene: &Scene) -> bool {
    match scene.status() {
        413 => scene.header("retry-after").is_some(),
        429 | 503 => true,
        403 => scene.header("retry-after").is_some() || remaining(scene) == Some(0),
        _ => false,
    }
}

/// The wait of Retry-After: seconds, or a date that is compared with the server's own clock, so that
/// clocks that differ do no harm.
pub(super) fn retry_after(scene: &Scene) -> Option<Wait> {
    let given = scene.header("retry-after")?;
    let given = given.trim();
    if !given.is_empty() && given.bytes().all(|it| it.is_ascii_digit()) {
        // More seconds than fit into a number are still seconds.
        return wait(scene, given.parse().unwrap_or(LONGEST_WAIT));
    }
    let date = parse_date(given)?;
    wait(scene, date.duration_since(scene.server_time()).as_secs())
}

fn wait(scene: &Scene, seconds: i64) -> Option<Wait> {
    let seconds = u64::try_from(seconds.clamp(0, LONGEST_WAIT)).ok()?;
    let until = scene
        .answered_at()
        .checked_add(Duration::from_secs(seconds))
        .ok()?;
    Some(Wait { seconds, until })
}

fn counter(scene: &Scene, what: &str) -> Option<i64> {
    COUNTERS.iter().find_map(|(prefix, _)| {
        let text = scene.header(&format!("{prefix}{what}"))?;
        // A list of windows may follow: `100, 100;w=60`.
        let number = text.split([',', ';', '.']).next()?.trim();
        number.parse().ok()
    })
}

fn remaining(scene: &Scene) -> Option<i64> {
    counter(scene, "remaining").or_else(|| parameter(&scene.header("ratelimit")?, "r"))
}

/// When the limit begins anew: seconds from now, or (as GitHub and others have it) seconds of the epoch.
fn reset(scene: &Scene) -> Option<Wait> {
    if remaining(scene).is_some_and(|left| left > 0) {
        return None;
    }
    let reset = counter(scene, "reset").or_else(|| parameter(&scene.header("ratelimit")?, "t"))?;
    if reset > LONGEST_WAIT {
        wait(scene, reset - scene.server_time().as_second())
    } else {
        wait(scene, reset)
    }
}

/// A parameter of the structured fields RateLimit and RateLimit-Policy: `"default";r=50;t=30`.
fn parameter(field: &str, name: &str) -> Option<i64> {
    field
        .split([';', ','])
        .filter_map(|part| part.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .and_then(|(_, value)| value.trim_matches('"').parse().ok())
}

/// A server may tell less than nothing.
fn requests(count: i64) -> String {
    u64::try_from(count).map_or_else(
        |_| format!("{count} requests"),
        |count| counted(count, "request"),
    )
}

fn are(count: i64) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// What the server says about its limit, in one sentence.
fn counters(scene: &Scene) -> Option<Finding> {
    let limit = counter(scene, "limit")
        .or_else(|| parameter(&scene.header("ratelimit-policy")?, "q"))
        .or_else(|| parameter(&scene.header("ratelimit")?, "limit"));
    let mut parts = Vec::new();
    match (remaining(scene), limit) {
        (Some(left), Some(limit)) => {
            parts.push(format!("{left} of {limit} requests {} left", are(left)));
        }
        (Some(left), None) => parts.push(format!("{} {} left", requests(left), are(left))),
        (None, Some(limit)) => parts.push(format!("the limit is {}", requests(limit))),
        (None, None) => {}
    }
    if let Some(window) = scene
        .header("ratelimit-policy")
        .and_then(|field| parameter(&field, "w"))
        .and_then(|seconds| u64::try_from(seconds).ok())
    {
        parts.push(format!("they are counted over {}", spoken_seconds(window)));
    }
    if let Some(wait) = reset(scene) {
        parts.push(format!("it begins anew in {}", wait.spoken()));
    }
    let is_new = scene.header("ratelimit").is_some() || scene.header("ratelimit-policy").is_some();
    let named = COUNTERS.iter().find(|(prefix, _)| {
        ["limit", "remaining", "reset"]
            .iter()
            .any(|what| scene.header(&format!("{prefix}{what}")).is_some())
    });
    let reference = match named {
        Some((_, reference)) => reference,
        None if is_new => "draft-ietf-httpapi-ratelimit-headers",
        None => return None,
    };
    (!parts.is_empty())
        .then(|| Finding::new(format!("Rate limit: {}.", parts.join("; "))).by(reference))
}
