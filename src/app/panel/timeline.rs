//! One endpoint over time: what its sends came to, how long they took, day by day.

use std::time::Duration;

use jiff::{civil::Date, tz::TimeZone};

use crate::{
    app::{effect::Effect, message::JobId},
    model::{ExchangeId, RuleLevel, Standing, Summary},
};

/// Sends that are looked at, the newest ones.
pub const MOST: usize = 2_000;

/// The window.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelinePanel {
    job: JobId,
    /// The oldest first; `None` until they are read.
    rows: Option<Vec<Summary>>,
    /// Why they cannot be read.
    pub problem: Option<String>,
    all: Option<Figures>,
    /// The newest first.
    days: Vec<(Date, Figures)>,
    pub scroll: usize,
}

/// What some sends come to together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    pub sends: usize,
    /// What the user's rules call a failure; where no rule with a level fits, a 4xx, a 5xx, or no answer at all.
    pub errors: usize,
    /// Half of the answers took no longer than this.
    pub median: Option<Duration>,
    /// 95 of 100 answers took no longer than this.
    pub p95: Option<Duration>,
}

impl TimelinePanel {
    /// The window, and the question to the edge: every send to the place of this one.
    pub fn open(id: ExchangeId, jobs: &mut JobId) -> (Self, Effect) {
        jobs.0 += 1;
        let panel = Self {
            job: *jobs,
            rows: None,
            problem: None,
            all: None,
            days: Vec::new(),
            scroll: 0,
        };
        (panel, Effect::Timeline { job: *jobs, id })
    }

    /// Takes the rows, the newest first, unless they answer an older question.
    pub fn take(&mut self, job: JobId, rows: Result<Vec<Summary>, String>, zone: &TimeZone) {
        if job != self.job {
            return;
        }
        match rows {
            Ok(mut rows) => {
                self.days = by_day(&rows, zone);
                self.all = Figures::of(&rows);
                rows.reverse();
                self.rows = Some(rows);
            }
            Err(reason) => self.problem = Some(reason),
        }
    }

    pub fn rows(&self) -> Option<&[Summary]> {
        self.rows.as_deref()
    }

    pub fn all(&self) -> Option<Figures> {
        self.all
    }

    pub fn days(&self) -> &[(Date, Figures)] {
        &self.days
    }

    pub fn scroll_by(&mut self, rows: isize) {
        let last = self.days.len().saturating_sub(1);
        self.scroll = self.scroll.saturating_add_signed(rows).min(last);
    }
}

impl Figures {
    /// `None` for no rows.
    pub fn of(rows: &[Summary]) -> Option<Self> {
        if rows.is_empty() {
            return None;
        }
        let answered = rows
            .iter()
            .filter(|row| matches!(row.standing, Standing::Answered(_)));
        let mut took: Vec<Duration> = answered.filter_map(|row| row.duration).collect();
        took.sort_unstable();
        Some(Self {
            sends: rows.len(),
            errors: rows.iter().filter(|row| is_error(row)).count(),
            median: percentile(&took, 50),
            p95: percentile(&took, 95),
        })
    }

    /// Of a hundred sends.
    pub fn error_rate(&self) -> f64 {
        self.errors as f64 * 100.0 / self.sends.max(1) as f64
    }
}

/// Whether a send came to something that its user did not want: what the user's rule says of it, else what the
/// status says.
pub fn is_error(row: &Summary) -> bool {
    match (row.level, row.standing) {
        (Some(level), _) => level == RuleLevel::Fail,
        (None, Standing::InFlight) => false,
        (None, Standing::Answered(status)) => status >= 400,
        (None, Standing::Failed(_)) => true,
    }
}

/// The nearest rank: the smallest value that so many of a hundred do not exceed.
fn percentile(sorted: &[Duration], hundredth: usize) -> Option<Duration> {
    let rank = (sorted.len() * hundredth).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

/// Rows that come one after the other in time, a day each.
fn by_day(rows: &[Summary], zone: &TimeZone) -> Vec<(Date, Figures)> {
    let day = |row: &Summary| row.started_at.to_zoned_datetime(zone.clone()).date();
    let days = rows.chunk_by(|one, other| day(one) == day(other));
    days.filter_map(|rows| Some((day(rows.first()?), Figures::of(rows)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_rule_says_counts_before_the_status() {
        let row = |status, level| Summary {
            standing: Standing::Answered(status),
            level,
            ..Summary::begun(ExchangeId(1), jiff::Timestamp::UNIX_EPOCH, "", "")
        };
        for (status, level, expected) in [
            (200, Some(RuleLevel::Fail), true),
            (404, Some(RuleLevel::Ok), false),
            (404, Some(RuleLevel::Warn), false),
            (404, None, true),
            (200, None, false),
        ] {
            assert_eq!(
                is_error(&row(status, level)),
                expected,
                "{status} {level:?}"
            );
        }
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let took = |count: u64| (1..=count).map(Duration::from_millis).collect::<Vec<_>>();
        assert_eq!(percentile(&took(100), 50), Some(Duration::from_millis(50)));
        assert_eq!(percentile(&took(100), 95), Some(Duration::from_millis(95)));
        assert_eq!(percentile(&took(3), 50), Some(Duration::from_millis(2)));
        assert_eq!(percentile(&took(1), 95), Some(Duration::from_millis(1)));
        assert_eq!(percentile(&[], 50), None);
    }
}
