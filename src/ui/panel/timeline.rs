//! One endpoint over time on the screen; twin of [`crate::app::panel::timeline`].
//!
//! ```text
//! ┌ POST localhost:3000/api/create_user ──────────────────────┐
//! │ 42 sends · 12 % errors · p50 84 ms · p95 1.2 s            │
//! │ ●●▲●■●●✕●●●                      what they came to        │
//! │ ▂▂▁▃█▂▂                          how long they took       │
//! │ 2026-03-04   12 sends   8 % errors   p50 84 ms  p95 1.2 s │
//! └───────────────────────────────────────────────────────────┘
//! ```

use ratatui::{
    Frame,
    text::{Line, Span},
    widgets::{Sparkline, SparklineBar},
};

use crate::{
    app::{
        State,
        layout::Area,
        panel::timeline::{Figures, MOST, TimelinePanel, is_error},
        rich::{self, Tone, wrap},
    },
    model::{Standing, Summary},
    search::{host_of, path_of},
    status::{catalogue::Class, diagnosis::Mark},
    text,
    ui::{
        rect,
        theme::Theme,
        widget::{frame as border, lines, print},
    },
    units::{counted, human_duration},
};

/// Rows of the two graphs.
const LATENCY_ROWS: u16 = 6;
const ERROR_ROWS: u16 = 3;

/// Draws the window over the zones.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, panel: &TimelinePanel) {
    let area = state.compare_area();
    let newest = panel.rows().and_then(|rows| rows.last());
    let title = newest.map_or_else(|| "Timeline".to_owned(), endpoint);
    let title = text::truncate(&text::display(&title), usize::from(area.width) - 4).into_owned();
    super::window::window(frame, theme, area, &title);
    let inner = area.inner();
    if let Some(reason) = &panel.problem {
        let text = wrap(Tone::Warning, reason, inner.width, 0);
        lines::draw(frame, theme, inner, &text, 0);
        return;
    }
    let (Some(rows), Some(all)) = (panel.rows(), panel.all()) else {
        frame.render_widget(Span::styled("Reading…", theme.dim()), rect(inner));
        return;
    };
    let mut head = figures(all);
    if rows.len() == MOST {
        head.push_str(" · the newest ones");
    }
    let head = rich::Line::new(Tone::Strong, &head);
    lines::draw(frame, theme, inner, &[head], 0);
    // As many as there are columns: the newest ones.
    let columns = usize::from(inner.width);
    let shown = rows
        .get(rows.len().saturating_sub(columns)..)
        .unwrap_or(rows);
    let mut place = inner.below(2);
    label(
        frame,
        theme,
        place,
        "What they came to, the newest at the right",
    );
    draw_strip(frame, theme, place.below(1), shown);
    place = place.below(3);
    label(frame, theme, place, &latency_label(shown));
    draw_latency(frame, theme, place.below(1), shown);
    place = place.below(LATENCY_ROWS + 2);
    label(
        frame,
        theme,
        place,
        "Errors of the last ten, as they were then",
    );
    draw_errors(frame, theme, place.below(1), shown);
    place = place.below(ERROR_ROWS + 2);
    label(frame, theme, place, "By day");
    let days = day_lines(panel);
    lines::draw(frame, theme, place.below(1), &days, panel.scroll);
    border::scroll_bar(
        frame,
        theme,
        Area {
            y: place.y,
            height: (area.y + area.height).saturating_sub(place.y),
            ..area
        },
        days.len(),
        panel.scroll,
        place.below(1).height,
    );
}

fn endpoint(row: &Summary) -> String {
    format!("{} {}{}", row.method, host_of(&row.url), path_of(&row.url))
}

fn label(frame: &mut Frame, theme: Theme, area: Area, words: &str) {
    if area.height > 0 {
        lines::draw(frame, theme, area, &[rich::Line::new(Tone::Dim, words)], 0);
    }
}

fn figures(all: Figures) -> String {
    let took = |duration: Option<_>| duration.map_or_else(|| "–".to_owned(), human_duration);
    format!(
        "{} · {:.0} % errors · p50 {} · p95 {}",
        counted(all.sends as u64, "send"),
        all.error_rate(),
        took(all.median),
        took(all.p95)
    )
}

/// A sign a send, in the colour of its class.
fn draw_strip(frame: &mut Frame, theme: Theme, area: Area, rows: &[Summary]) {
    if area.height == 0 {
        return;
    }
    let signs = rows.iter().map(|row| match row.standing {
        Standing::InFlight => Span::styled("…", theme.dim()),
        Standing::Answered(status) => sign(theme, Mark::Class(Class::of(status))),
        Standing::Failed(_) => sign(theme, Mark::Failure),
    });
    let place = Area { height: 1, ..area };
    print::line(
        frame.buffer_mut(),
        rect(place),
        &Line::from(signs.collect::<Vec<_>>()),
    );
}

fn sign<'a>(theme: Theme, mark: Mark) -> Span<'a> {
    Span::styled(mark.symbol(), theme.mark(mark))
}

fn latency_label(rows: &[Summary]) -> String {
    let slowest = rows.iter().filter_map(|row| row.duration).max();
    let slowest = slowest.map(|slowest| format!(", up to {}", human_duration(slowest)));
    format!("How long they took{}", slowest.unwrap_or_default())
}

fn draw_latency(frame: &mut Frame, theme: Theme, area: Area, rows: &[Summary]) {
    let bars = rows.iter().map(|row| {
        let took = row.duration.map(|took| took.as_micros() as u64);
        let style = if is_error(row) {
            theme.mark(Mark::Failure)
        } else {
            theme.accent()
        };
        SparklineBar::from(took).style(style)
    });
    draw_bars(frame, area, LATENCY_ROWS, bars.collect(), None);
}

/// For each send, how many of the ten up to it were errors.
fn draw_errors(frame: &mut Frame, theme: Theme, area: Area, rows: &[Summary]) {
    let bars = (0..rows.len()).map(|index| {
        let window = rows
            .get(index.saturating_sub(9)..=index)
            .unwrap_or_default();
        let errors = window.iter().filter(|row| is_error(row)).count();
        let share = errors * 100 / window.len().max(1);
        SparklineBar::from(share as u64).style(theme.mark(Mark::Class(Class::ServerError)))
    });
    draw_bars(frame, area, ERROR_ROWS, bars.collect(), Some(100));
}

fn draw_bars(
    frame: &mut Frame,
    area: Area,
    rows: u16,
    bars: Vec<SparklineBar>,
    highest: Option<u64>,
) {
    let height = rows.min(area.height);
    if height == 0 {
        return;
    }
    let graph = Sparkline::default().data(bars);
    let graph = match highest {
        Some(highest) => graph.max(highest),
        None => graph,
    };
    frame.render_widget(graph, rect(Area { height, ..area }));
}

fn day_lines(panel: &TimelinePanel) -> Vec<rich::Line> {
    let days = panel.days().iter();
    days.map(|(day, all)| {
        let tone = if all.errors == all.sends {
            Tone::Warning
        } else {
            Tone::Plain
        };
        rich::Line::new(Tone::Name, &format!("{day}  ")).then(tone, &figures(*all))
    })
    .collect()
}
