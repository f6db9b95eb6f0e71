//! Points in time as people type them after `since:` and `until:`.

use jiff::{Span, Timestamp, ToSpan, ZonedDateTime, civil};

/// What may follow `since:` and `until:`, in words.
const MOMENTS: &str = "30m, 3h, 2d or 1w ago, today, yesterday, 2026-01-31 or 2026-01-31T10:00";

/// What was typed: a day has a beginning and an end, the other moments have neither.
enum Moment {
    Instant(ZonedDateTime),
    /// The first instant of the day.
    Day(ZonedDateTime),
}

/// The first instant that `since:` lets pass.
pub(super) fn read_since(text: &str, now: &ZonedDateTime) -> Result<Timestamp, String> {
    match read(text, now)? {
        Moment::Instant(at) | Moment::Day(at) => Ok(at.timestamp()),
    }
}

/// The first instant that `until:` does not let pass: a day belongs to it as a whole.
pub(super) fn read_until(text: &str, now: &ZonedDateTime) -> Result<Timestamp, String> {
    match read(text, now)? {
        Moment::Instant(at) => Ok(at.timestamp()),
        // The last day that can be represented has no next one.
        Moment::Day(day) => Ok(day
            .tomorrow()
            .and_then(|next| next.start_of_day())
            .map_or(Timestamp::MAX, |next| next.timestamp())),
    }
}

fn read(text: &str, now: &ZonedDateTime) -> Result<Moment, String> {
    let text = text.trim().to_ascii_lowercase();
    let read = match text.as_str() {
        "today" => now.start_of_day().ok().map(Moment::Day),
        "yesterday" => now
            .yesterday()
            .and_then(|day| day.start_of_day())
            .ok()
            .map(Moment::Day),
        other => read_ago(other, now).or_else(|| read_calendar(other, now)),
    };
    match read {
        Some(moment) => Ok(moment),
        None if text.is_empty() => Err(format!("type {MOMENTS}")),
        None => Err(format!("“{text}” is no time: type {MOMENTS}")),
    }
}

/// `3h`: so long ago. Days and weeks are those of the calendar, also when clocks change.
fn read_ago(text: &str, now: &ZonedDateTime) -> Option<Moment> {
    let digits = text.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    let unit = text.get(digits.len()..)?;
    // More than this is before any history, and more than a span can hold.
    let count: i64 = digits.parse().ok().filter(|count| *count <= 100_000)?;
    let span: Span = match unit {
        "m" => count.minutes(),
        "h" => count.hours(),
        "d" => count.days(),
        "w" => count.weeks(),
        _ => return None,
    };
    (count >= 0 && !digits.starts_with(['+', '-'])).then_some(())?;
    now.checked_sub(span).ok().map(Moment::Instant)
}

/// A date, or a date and a time, in the time zone of `now`.
fn read_calendar(text: &str, now: &ZonedDateTime) -> Option<Moment> {
    let zone = now.time_zone();
    match text.split_once('t') {
        None => {
            let date: civil::Date = text.parse().ok()?;
            let midnight = date.to_zoned_datetime(zone.clone()).ok()?;
            Some(Moment::Day(midnight))
        }
        Some((date, time)) => {
            let date: civil::Date = date.parse().ok()?;
            let time: civil::Time = time.parse().ok()?;
            let moment = date.to_datetime(time).to_zoned_datetime(zone.clone());
            moment.ok().map(Moment::Instant)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> ZonedDateTime {
        "2026-03-29T12:30:00[Europe/Berlin]".parse().unwrap()
    }

    #[test]
    fn moments_are_read_in_the_zone_of_the_user() {
        for (text, since) in [
            ("30m", "2026-03-29T10:00:00Z"),
            ("3h", "2026-03-29T07:30:00Z"),
            // The clocks went forward in the night before: a day ago is the same hour of the day.
            ("1d", "2026-03-28T11:30:00Z"),
            ("1w", "2026-03-22T11:30:00Z"),
            ("today", "2026-03-28T23:00:00Z"),
            ("Yesterday", "2026-03-27T23:00:00Z"),
            ("2026-01-31", "2026-01-30T23:00:00Z"),
            ("2026-01-31T10:00", "2026-01-31T09:00:00Z"),
        ] {
            let read = read_since(text, &now()).unwrap();
            assert_eq!(read.to_string(), since, "{text}");
        }
    }

    #[test]
    fn until_takes_in_the_whole_day() {
        for (text, until) in [
            ("today", "2026-03-29T22:00:00Z"),
            ("yesterday", "2026-03-28T23:00:00Z"),
            ("2026-01-31", "2026-01-31T23:00:00Z"),
            ("2026-01-31T10:00", "2026-01-31T09:00:00Z"),
            ("3h", "2026-03-29T07:30:00Z"),
        ] {
            let read = read_until(text, &now()).unwrap();
            assert_eq!(read.to_string(), until, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_says_what_is() {
        for text in [
            "",
            "2",
            "d",
            "-2d",
            "+2d",
            "2y",
            "2026-13-01",
            "2026-01-31T",
            "99999999999999999999d",
            "9999999999h",
            "tomorrow",
            "t",
            "é",
        ] {
            let error = read_since(text, &now()).unwrap_err();
            assert!(error.contains("yesterday"), "{error}");
        }
        assert!(read_until("9999-12-30", &now()).is_ok());
    }
}
