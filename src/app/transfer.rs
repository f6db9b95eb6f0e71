//! How far a body is on its way out or in.

use std::time::Duration;

use jiff::Timestamp;

use crate::units::{human_duration, human_size};

/// Speeds measured over less than this are chance.
const SOONEST: Duration = Duration::from_millis(500);

/// A body under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfer {
    pub bytes: u64,
    /// `None` where it is not known beforehand.
    pub total: Option<u64>,
    /// When it was told first.
    pub since: Timestamp,
}

impl Transfer {
    /// What is told, of a transfer that may be under way already.
    pub fn told(earlier: Option<Self>, bytes: u64, total: Option<u64>, now: Timestamp) -> Self {
        Self {
            bytes,
            total,
            since: earlier.map_or(now, |it| it.since),
        }
    }

    /// Bytes a second on average, once that says something.
    fn rate(self, now: Timestamp) -> Option<f64> {
        let elapsed = now.duration_since(self.since).unsigned_abs();
        (elapsed >= SOONEST && self.bytes > 0).then(|| self.bytes as f64 / elapsed.as_secs_f64())
    }

    /// `1.2 MiB of 3.4 GiB · 20.0 MiB/s · 2 m 50 s left`, as far as it is known.
    pub fn words(self, now: Timestamp) -> String {
        let mut words = human_size(self.bytes);
        if let Some(total) = self.total {
            words = format!("{words} of {}", human_size(total));
        }
        let is_whole = self.total == Some(self.bytes);
        if let Some(rate) = self.rate(now).filter(|_| !is_whole) {
            words = format!("{words} · {}/s", human_size(rate as u64));
            let rest = self.total.and_then(|total| total.checked_sub(self.bytes));
            if let Some(rest) = rest {
                let seconds = (rest as f64 / rate).ceil() as u64;
                words = format!("{words} · {} left", human_seconds(seconds));
            }
        }
        words
    }
}

/// To the second: more would only flicker.
fn human_seconds(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        _ => human_duration(Duration::from_secs(seconds)),
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn bytes_rate_and_rest_are_told_as_far_as_they_are_known() {
        let start = Timestamp::UNIX_EPOCH;
        let after = |seconds: i64| start.checked_add(seconds.seconds()).unwrap();
        let first = Transfer::told(None, 0, Some(100 * 1024 * 1024), start);
        assert_eq!(first.words(start), "0 B of 100.0 MiB");
        let later = Transfer::told(Some(first), 20 * 1024 * 1024, first.total, after(2));
        assert_eq!(
            later.words(after(2)),
            "20.0 MiB of 100.0 MiB · 10.0 MiB/s · 8 s left"
        );
        let whole = Transfer {
            bytes: 100 * 1024 * 1024,
            ..later
        };
        assert_eq!(whole.words(after(9)), "100.0 MiB of 100.0 MiB");
        let unknown = Transfer {
            total: None,
            ..later
        };
        assert_eq!(unknown.words(after(2)), "20.0 MiB · 10.0 MiB/s");
    }
}
