//! Times in seconds.

use std::time::Duration;

use crate::units::plain_seconds;

/// Stands for a limit that never comes.
pub(super) const NEVER: &str = "never";

/// Decimal seconds with up to nine digits behind the point, exactly.
pub fn parse_seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 9 || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let nanoseconds = format!("{fraction:0<9}").parse().ok()?;
    Some(Duration::new(whole.parse().ok()?, nanoseconds))
}

/// A limit that may never come.
pub(super) fn read_limit(text: &str) -> Result<Option<Duration>, String> {
    if text.eq_ignore_ascii_case(NEVER) {
        return Ok(None);
    }
    match read_seconds(text) {
        Ok(limit) => Ok(Some(limit).filter(|limit| !limit.is_zero())),
        Err(reason) => Err(format!("{reason}, or {NEVER}")),
    }
}

pub(super) fn read_seconds(text: &str) -> Result<Duration, String> {
    parse_seconds(text.strip_suffix('s').unwrap_or(text).trim_end())
        .ok_or_else(|| format!("“{text}” is no number of seconds: write one such as 2.5"))
}

pub(super) fn show_limit(limit: Option<Duration>) -> String {
    limit.map_or_else(|| NEVER.to_owned(), show_seconds)
}

/// `2.5 s`: what can be typed again.
fn show_seconds(duration: Duration) -> String {
    format!("{} s", plain_seconds(duration))
}
