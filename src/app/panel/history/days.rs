//! The list by day: a heading before the first row of each.

use jiff::civil::Date;

use crate::{app::panel::timeline::is_error, model::Summary, units::counted};

use super::RowLabel;

/// A day of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    /// The index of its first row, the newest.
    pub first: usize,
    date: Date,
    sends: u64,
    errors: u64,
    /// Whether an older one stands above it: imported rows have the numbers of when they came.
    is_out_of_order: bool,
    /// Whether all of its rows are here.
    is_whole: bool,
}

impl Day {
    /// `Wed 4 Mar 2026 · 57 sends · 3 errors`; with `+` behind the numbers as long as older rows of the day are
    /// not loaded.
    pub fn words(&self) -> String {
        let more = if self.is_whole { "" } else { "+" };
        let number = |count: u64, noun: &str| {
            let words = counted(count, noun);
            let (number, noun) = words.split_once(' ').unwrap_or((&words, ""));
            format!("{number}{more} {noun}")
        };
        let date = self.date.strftime("%a %-d %b %Y");
        let sends = number(self.sends, "send");
        let errors = match self.errors {
            0 => String::new(),
            errors => format!(" · {}", number(errors, "error")),
        };
        let order = if self.is_out_of_order {
            " · by number"
        } else {
            ""
        };
        format!("{date} · {sends}{errors}{order}")
    }
}

/// The days of the loaded rows; `is_complete` says whether there are no older ones.
pub(super) fn days(rows: &[Summary], labels: &[RowLabel], is_complete: bool) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for (index, (row, label)) in rows.iter().zip(labels).enumerate() {
        let is_same = days.last().is_some_and(|day| day.date == label.day);
        if !is_same {
            days.push(Day {
                first: index,
                date: label.day,
                sends: 0,
                errors: 0,
                is_out_of_order: days.last().is_some_and(|day| day.date < label.day),
                is_whole: true,
            });
        }
        if let Some(day) = days.last_mut() {
            day.sends += 1;
            day.errors += u64::from(is_error(row));
        }
    }
    if let Some(last) = days.last_mut() {
        last.is_whole = is_complete;
    }
    days
}

/// Where the list has to begin so that the row at `index` is seen in so many screen rows: the rows take
/// `row_height` each, the headings one, and the day of the topmost row is always told.
pub(super) fn begin(
    days: &[Day],
    index: usize,
    scroll: usize,
    (height, row_height): (u16, u16),
) -> usize {
    let (height, row_height) = (usize::from(height), usize::from(row_height));
    let headings = |from: usize| {
        let within = days
            .iter()
            .filter(|day| day.first > from && day.first <= index);
        1 + within.count()
    };
    let fits = |from: usize| (index - from + 1) * row_height + headings(from) <= height;
    let mut from = scroll.min(index);
    from = from.max((index + 1).saturating_sub((height / row_height.max(1)).max(1)));
    while from < index && !fits(from) {
        from += 1;
    }
    from
}

/// A line of the list.
pub enum Item<'a> {
    Day(&'a Day),
    Row(&'a Summary, &'a RowLabel),
}

/// The list from its first row on the screen, with headings.
pub(super) fn items<'a>(
    rows: &'a [Summary],
    labels: &'a [RowLabel],
    days: &'a [Day],
    scroll: usize,
) -> impl Iterator<Item = Item<'a>> {
    let top = days.partition_point(|day| day.first <= scroll);
    let top = days.get(top.saturating_sub(1)).filter(|_| top > 0);
    let rows = rows.iter().zip(labels).enumerate().skip(scroll);
    let below = rows.flat_map(move |(index, (row, label))| {
        let begins = days.binary_search_by_key(&index, |day| day.first).ok();
        let heading = begins
            .filter(|_| index > scroll)
            .and_then(|at| days.get(at));
        heading
            .map(Item::Day)
            .into_iter()
            .chain([Item::Row(row, label)])
    });
    top.map(Item::Day).into_iter().chain(below)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::{Timestamp, tz::TimeZone};

    use super::*;
    use crate::model::{ExchangeId, FailureKind, Standing};

    fn row(id: i64, hours: i64) -> Summary {
        let started_at = Timestamp::from_second(hours * 3600).unwrap();
        Summary {
            standing: if id == 4 {
                Standing::Failed(FailureKind::Refused)
            } else {
                Standing::Answered(200)
            },
            duration: Some(Duration::ZERO),
            ..Summary::begun(ExchangeId(id), started_at, "POST", "http://h/")
        }
    }

    #[test]
    fn a_day_below_an_older_one_says_that_the_list_is_by_number() {
        let rows = [row(3, 50), row(2, 1), row(1, 49)];
        let labels = rows
            .each_ref()
            .map(|row| RowLabel::new(row, &TimeZone::UTC));
        let days = days(&rows, &labels, true);
        let words: Vec<String> = days.iter().map(Day::words).collect();
        assert_eq!(
            words,
            [
                "Sat 3 Jan 1970 · 1 send",
                "Thu 1 Jan 1970 · 1 send",
                "Sat 3 Jan 1970 · 1 send · by number",
            ]
        );
    }

    #[test]
    fn a_heading_counts_its_day_and_the_oldest_may_go_on() {
        let rows = [row(5, 50), row(4, 49), row(3, 30), row(2, 2), row(1, 1)];
        let labels: Vec<RowLabel> = rows
            .iter()
            .map(|row| RowLabel::new(row, &TimeZone::UTC))
            .collect();
        let days = days(&rows, &labels, false);
        let words: Vec<String> = days.iter().map(Day::words).collect();
        assert_eq!(
            words,
            [
                "Sat 3 Jan 1970 · 2 sends · 1 error",
                "Fri 2 Jan 1970 · 1 send",
                "Thu 1 Jan 1970 · 2+ sends",
            ]
        );
        let shown = |scroll| {
            let items = items(&rows, &labels, &days, scroll);
            let words = items.map(|item| match item {
                Item::Day(day) => day.date.day().to_string(),
                Item::Row(row, _) => format!("#{}", row.id),
            });
            words.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(0), "3 #5 #4 2 #3 1 #2 #1");
        assert_eq!(shown(1), "3 #4 2 #3 1 #2 #1");
        assert_eq!(shown(3), "1 #2 #1");
        // Two headings and two rows take six of the screen's rows.
        assert_eq!(begin(&days, 2, 0, (6, 2)), 1);
        assert_eq!(begin(&days, 2, 0, (8, 2)), 0);
        assert_eq!(begin(&days, 1, 4, (8, 2)), 1);
        assert_eq!(begin(&days, 4, 0, (1, 2)), 4);
    }
}
