//! The rows of the history as a table.

use jiff::{Timestamp, ZonedDateTime};

use crate::{
    app::{
        rich::{Line, Tone},
        send::row_words,
        signs::{label_signs, lineage_sign},
    },
    model::{Standing, Summary},
    status::{catalogue::Class, diagnosis::Mark},
    text,
    units::{human_duration, human_size},
};

/// One row before it is put into columns.
struct Cells {
    mark: Tone,
    symbol: &'static str,
    /// Those of known width: number, time, status, duration, size.
    facts: [String; FACTS],
    /// Method and URL.
    request: String,
    words: String,
}

const FACTS: usize = 5;

/// What stands above the columns of [`Cells::facts`]; numbers are flush right.
const HEADS: [(&str, Side); FACTS] = [
    ("ID", Side::Right),
    ("TIME", Side::Left),
    ("CODE", Side::Left),
    ("TOOK", Side::Right),
    ("SIZE", Side::Right),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// On a terminal the request gets this share of what the facts leave, unless the words need less.
const REQUEST_SHARE: (usize, usize) = (3, 5);

/// The table with its head; on a terminal times are short, and what does not fit `columns` is cut.
pub fn lines(rows: &[Summary], now: &ZonedDateTime, columns: Option<u16>) -> Vec<Line> {
    let time = if columns.is_some() {
        short_time
    } else {
        full_time
    };
    let rows: Vec<Cells> = rows
        .iter()
        .map(|row| cells(row, time(row.started_at, now)))
        .collect();
    let mut widths = HEADS.map(|(head, _)| text::width(head));
    for row in &rows {
        for (width, fact) in widths.iter_mut().zip(&row.facts) {
            *width = (*width).max(text::width(fact));
        }
    }
    let widest = widest(&rows);
    let used = 2 + widths.iter().map(|width| width + 2).sum::<usize>();
    let (request_columns, words_columns) = match columns {
        None => (widest.0, usize::MAX),
        Some(columns) => share(usize::from(columns).saturating_sub(used), widest),
    };
    let heads = HEADS.map(|(head, _)| head.to_owned());
    let head = format!(
        "  {}{}  {}",
        join(&heads, widths),
        text::pad("REQUEST", request_columns),
        text::truncate("ANSWER", words_columns),
    );
    let mut lines = vec![Line::new(Tone::Dim, &head)];
    lines.extend(rows.iter().map(|row| {
        let request = text::truncate_middle(&row.request, request_columns);
        Line::new(row.mark, row.symbol)
            .then(Tone::Plain, &format!(" {}", join(&row.facts, widths)))
            .then(Tone::Name, &text::pad(&request, request_columns))
            .then(
                Tone::Plain,
                &format!("  {}", text::truncate(&row.words, words_columns)),
            )
    }));
    lines
}

/// The line below a table that does not hold everything; on a terminal only.
pub fn rest(shown: usize, total: u64, columns: Option<u16>) -> Option<Line> {
    (columns.is_some() && total > shown as u64).then(|| {
        Line::new(
            Tone::Dim,
            &format!("The newest {shown} of {total}; --limit {total} shows all."),
        )
    })
}

/// The columns that the widest request and the widest words take.
fn widest(rows: &[Cells]) -> (usize, usize) {
    let widths = rows
        .iter()
        .map(|row| (text::width(&row.request), text::width(&row.words)));
    widths.fold((0, 0), |widest, row| {
        (widest.0.max(row.0), widest.1.max(row.1))
    })
}

/// Columns of the request and of the words, given what is left and what they would take.
fn share(left: usize, (request, words): (usize, usize)) -> (usize, usize) {
    let left = left.saturating_sub(2);
    let fair = left * REQUEST_SHARE.0 / REQUEST_SHARE.1;
    let request = request.min(fair.max(left.saturating_sub(words)));
    (request, left - request)
}

fn join(facts: &[String; FACTS], widths: [usize; FACTS]) -> String {
    let columns = facts.iter().zip(widths).zip(HEADS);
    let padded = columns.map(|((fact, width), (_, side))| {
        let blanks = " ".repeat(width.saturating_sub(text::width(fact)));
        match side {
            Side::Left => format!("{fact}{blanks}  "),
            Side::Right => format!("{blanks}{fact}  "),
        }
    });
    padded.collect()
}

fn cells(row: &Summary, time: String) -> Cells {
    let (mark, status) = match row.standing {
        Standing::InFlight => (None, None),
        Standing::Answered(status) => (Some(Mark::Class(Class::of(status))), Some(status)),
        Standing::Failed(_) => (Some(Mark::Failure), None),
    };
    let none = || "-".to_owned();
    let shown = |text: &str| text::display(text).into_owned();
    Cells {
        mark: match row.level {
            Some(level) => Tone::Level(level),
            None => mark.map_or(Tone::Dim, Tone::Mark),
        },
        symbol: mark.map_or("~", Mark::symbol),
        facts: [
            row.id.to_string(),
            time,
            status.map_or_else(none, |status| status.to_string()),
            row.duration.map_or_else(none, human_duration),
            row.body_bytes.map_or_else(none, human_size),
        ],
        request: shown(&format!("{} {}", row.method, row.url)),
        words: shown(&words(row)),
    }
}

/// What it says, then what the user put on it, and what it repeats.
fn words(row: &Summary) -> String {
    let label = Some(label_signs(&row.label)).filter(|signs| !signs.is_empty());
    let more = label.into_iter().chain(lineage_sign(&row.lineage));
    let said = match &row.evidence {
        Some(said) if row.message.is_none() && row.damage.is_none() => {
            format!("{} · {said}", row_words(row))
        }
        Some(_) | None => row_words(row),
    };
    more.fold(said, |words, sign| format!("{words}  {sign}"))
}

fn full_time(at: Timestamp, now: &ZonedDateTime) -> String {
    let at = at.to_zoned_datetime(now.time_zone().clone());
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The time of day for today, the day before that.
fn short_time(at: Timestamp, now: &ZonedDateTime) -> String {
    let at = at.to_zoned_datetime(now.time_zone().clone());
    let format = match (at.date() == now.date(), at.year() == now.year()) {
        (true, _) => "%H:%M:%S",
        (false, true) => "%d %b",
        (false, false) => "%Y-%m-%d",
    };
    at.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::model::{ExchangeId, FailureKind};

    fn row(id: i64, standing: Standing, url: &str, message: Option<&str>) -> Summary {
        Summary {
            standing,
            message: message.map(str::to_owned),
            duration: Some(Duration::from_millis(84)),
            ..Summary::begun(ExchangeId(id), Timestamp::UNIX_EPOCH, "POST", url)
        }
    }

    /// So many days after the rows, at eleven.
    fn later(days: i64) -> ZonedDateTime {
        let later = Timestamp::from_second(days * 86_400 + 11 * 3_600).unwrap();
        later.to_zoned_datetime(TimeZone::UTC)
    }

    fn texts(rows: &[Summary], columns: Option<u16>) -> Vec<String> {
        lines(rows, &later(0), columns)
            .iter()
            .map(Line::text)
            .collect()
    }

    #[test]
    fn each_row_says_how_it_stands() {
        let rows = [
            row(
                12,
                Standing::Answered(201),
                "http://h/x",
                Some("User created."),
            ),
            row(
                3,
                Standing::Failed(FailureKind::Refused),
                "http://long.example/x",
                None,
            ),
            row(2, Standing::InFlight, "http://h/", None),
            row(1, Standing::Answered(404), "http://h/", None),
        ];
        assert_eq!(
            texts(&rows, None),
            [
                "  ID  TIME                 CODE   TOOK  SIZE  REQUEST                     ANSWER",
                "● 12  1970-01-01 00:00:00  201   84 ms     -  POST http://h/x             User created.",
                "✕  3  1970-01-01 00:00:00  -     84 ms     -  POST http://long.example/x  refused",
                "~  2  1970-01-01 00:00:00  -     84 ms     -  POST http://h/              in flight",
                "▲  1  1970-01-01 00:00:00  404   84 ms     -  POST http://h/              Not Found",
            ]
        );
        let mut labelled = row(1, Standing::Answered(404), "http://h/", None);
        labelled.label.pinned = true;
        labelled.label.name = Some("before".to_owned());
        labelled.label.tags = vec!["bug".to_owned()];
        labelled.lineage.replayed_from = Some(ExchangeId(7));
        let text = &texts(&[labelled], None)[1];
        assert!(
            text.ends_with("Not Found  ★ before #bug  again of #7"),
            "{text}"
        );
        assert_eq!(
            texts(&rows, Some(60))[2],
            "✕  3  00:00:00  -     84 ms     -  POST h…mple/x  refused"
        );
    }

    #[test]
    fn a_terminal_gets_short_times() {
        let times = [0, 10, 400].map(|days| short_time(Timestamp::UNIX_EPOCH, &later(days)));
        assert_eq!(times, ["00:00:00", "01 Jan", "1970-01-01"]);
    }

    #[test]
    fn a_terminal_is_not_overflown_and_a_pipe_gets_everything() {
        let url = format!("http://h/{}", "x".repeat(500));
        let message = format!("\x1b[31m{}", "y".repeat(500));
        let rows = [row(1, Standing::Answered(200), &url, Some(&message))];
        for columns in [1, 20, 60, 80, 120] {
            for text in texts(&rows, Some(columns)) {
                let fixed = 45;
                assert!(
                    text::width(&text) <= usize::from(columns).max(fixed),
                    "{text}"
                );
            }
        }
        let piped = texts(&rows, None).join("\n");
        assert!(piped.contains(&url) && piped.contains(&"y".repeat(500)));
        assert!(!piped.contains('\x1b'));
    }

    #[test]
    fn what_is_left_out_is_said_on_a_terminal() {
        let line = rest(50, 1234, Some(80)).unwrap().text();
        assert!(line.contains("50 of 1234"), "{line}");
        assert!(rest(50, 50, Some(80)).is_none());
        assert!(rest(50, 1234, None).is_none());
    }
}
