//! Where an exchange went and when, as its row says it: made once when the row comes, not for every frame.

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use url::Url;

use crate::{
    model::{Summary, readable_marks},
    text,
};

/// The place and the time of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowLabel {
    pub method: String,
    place: Place,
    /// The local day.
    pub(super) day: Date,
    /// The local time of day.
    clock: String,
}

impl RowLabel {
    pub fn new(row: &Summary, time_zone: &TimeZone) -> Self {
        Self::of(&row.method, &row.url, row.started_at, time_zone)
    }

    fn of(method: &str, url: &str, started_at: Timestamp, time_zone: &TimeZone) -> Self {
        let started_at = started_at.to_zoned_datetime(time_zone.clone());
        Self {
            method: text::display(method).into_owned(),
            place: Place::new(url),
            day: started_at.date(),
            clock: started_at.strftime("%H:%M").to_string(),
        }
    }

    /// Host, path and query of the URL in at most `columns` columns. Where not all of it fits, the host goes
    /// first: the path tells more.
    pub fn place(&self, columns: usize) -> Cow<'_, str> {
        self.place.within(columns)
    }

    /// The time of day for today, the day before that.
    pub fn when(&self, today: Date) -> Cow<'_, str> {
        if self.day == today {
            return Cow::Borrowed(&self.clock);
        }
        let format = if self.day.year() == today.year() {
            "%d %b"
        } else {
            "%Y-%m-%d"
        };
        Cow::Owned(self.day.strftime(format).to_string())
    }
}

/// Where an exchange went.
#[derive(Debug, Clone, PartialEq)]
struct Place {
    /// Of this machine just the port, as it is typed.
    whole: String,
    /// Path and query with a sign for the host, where there is one.
    path: Option<String>,
}

impl Place {
    fn new(url: &str) -> Self {
        let Ok(parsed) = Url::parse(url) else {
            return Self {
                whole: text::display(url).into_owned(),
                path: None,
            };
        };
        let path = match parsed.query() {
            Some(query) => format!("{}?{query}", parsed.path()),
            None => parsed.path().to_owned(),
        };
        let path = readable_marks(&path);
        let port = parsed.port().map(|port| format!(":{port}"));
        let host = match parsed.host_str() {
            Some("127.0.0.1" | "localhost" | "[::1]") | None => "",
            Some(host) => host,
        };
        let before = format!("{host}{}", port.unwrap_or_default());
        let shown = |text: String| text::display(&text).into_owned();
        Self {
            path: (!before.is_empty()).then(|| shown(format!("…{path}"))),
            whole: shown(format!("{before}{path}")),
        }
    }

    fn within(&self, columns: usize) -> Cow<'_, str> {
        let shown = match &self.path {
            Some(path) if text::width(&self.whole) > columns => path,
            _ => &self.whole,
        };
        text::truncate_middle(shown, columns)
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::offset;

    use super::*;

    #[test]
    fn the_host_goes_before_the_path_does() {
        let place = Place::new("https://api.example.com/v1/orders?page=2");
        assert_eq!(place.within(40), "api.example.com/v1/orders?page=2");
        assert_eq!(place.within(20), "…/v1/orders?page=2");
        assert_eq!(place.within(9), "…/v1…ge=2");
        assert_eq!(Place::new("http://127.0.0.1:3000/x").within(20), ":3000/x");
        assert_eq!(Place::new("http://localhost/x").within(20), "/x");
        assert_eq!(Place::new("no url\u{1b}").within(20), "no url␛");
    }

    #[test]
    fn the_day_is_told_when_it_is_another_one() {
        let started_at = "2026-05-04T23:30:00Z".parse().unwrap();
        let label = RowLabel::of(
            "POST",
            "https://h/",
            started_at,
            &TimeZone::fixed(offset(1)),
        );
        for (today, expected) in [
            ("2026-05-05", "00:30"),
            ("2026-05-06", "05 May"),
            ("2027-05-05", "2026-05-05"),
        ] {
            assert_eq!(label.when(today.parse().unwrap()), expected);
        }
    }
}
