//! Sizes and times as people read them.

use std::{fmt::Write, time::Duration};

/// A size in bytes: `512 B`, `1.2 KiB`, `3.4 MiB` (IEC 80000-13 prefixes).
pub fn human_size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut amount = bytes as f64 / 1024.0;
    let mut unit = UNITS[0];
    for next in &UNITS[1..] {
        // 1023.95 would be written as 1024.0
        if amount < 1023.95 {
            break;
        }
        (amount, unit) = (amount / 1024.0, next);
    }
    format!("{amount:.1} {unit}")
}

/// A number with what it counts: `1 exchange`, `2 exchanges`, `0 bodies` of `body`.
pub fn counted(count: u64, noun: &str) -> String {
    if count == 1 {
        return format!("1 {noun}");
    }
    let ends_in = |endings: &[&str]| endings.iter().any(|ending| noun.ends_with(ending));
    match noun.strip_suffix('y') {
        Some(stem) if !ends_in(&["ay", "ey", "oy"]) => format!("{count} {stem}ies"),
        _ if ends_in(&["s", "x", "ch", "sh"]) => format!("{count} {noun}es"),
        _ => format!("{count} {noun}s"),
    }
}

/// A time that something took: `84 ms`, `1.20 s`, `2 m 05 s`.
pub fn human_duration(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    if milliseconds == 0 {
        return format!("{} µs", duration.as_micros());
    }
    if milliseconds < 1000 {
        return format!("{milliseconds} ms");
    }
    // 59.996 s would be written as 60.00 s
    if milliseconds < 59_995 {
        return format!("{:.2} s", duration.as_secs_f64());
    }
    let seconds = (milliseconds + 500) / 1000;
    if seconds < 3600 {
        return format!("{} m {:02} s", seconds / 60, seconds % 60);
    }
    format!("{} h {:02} m", seconds / 3600, seconds % 3600 / 60)
}

/// Decimal seconds, exactly and without a unit: `2.5`.
pub fn plain_seconds(duration: Duration) -> String {
    let text = format!("{}.{:09}", duration.as_secs(), duration.subsec_nanos());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An age as people write it: `12h`, `90d`, `52w`; `None` for anything else.
pub fn read_age(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let hours = match unit {
        "h" => 1,
        "d" => 24,
        "w" => 24 * 7,
        _ => return None,
    };
    let hours: u64 = number.parse::<u64>().ok()?.checked_mul(hours)?;
    Some(Duration::from_secs(hours.checked_mul(3_600)?))
}

/// An age, short: `50min`, `12h`, `90d`.
pub fn plain_age(age: Duration) -> String {
    let minutes = age.as_secs() / 60;
    match minutes {
        _ if !minutes.is_multiple_of(60) => format!("{minutes}min"),
        _ if !minutes.is_multiple_of(60 * 24) => format!("{}h", minutes / 60),
        _ => format!("{}d", minutes / 60 / 24),
    }
}

/// Bytes in lower-case hexadecimal, two digits each.
pub fn hexadecimal(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_keep_their_unit() {
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1_048_575, "1.0 MiB"),
            (1_234_567, "1.2 MiB"),
            (5_368_709_120, "5.0 GiB"),
        ] {
            assert_eq!(human_size(bytes), text);
        }
    }

    #[test]
    fn times_keep_their_unit() {
        for (micros, text) in [
            (740, "740 µs"),
            (84_300, "84 ms"),
            (999_900, "999 ms"),
            (1_204_000, "1.20 s"),
            (59_999_000, "1 m 00 s"),
            (125_000_000, "2 m 05 s"),
            (3_720_000_000, "1 h 02 m"),
        ] {
            assert_eq!(human_duration(Duration::from_micros(micros)), text);
        }
    }
}
