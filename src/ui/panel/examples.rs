//! The list of a saved request's examples on the screen; twin of [`crate::app::panel::examples`].

use ratatui::{
    Frame,
    style::Style,
    text::{Line, Span},
};

use crate::{
    app::{
        State,
        command::Context,
        layout::Area,
        panel::examples::ExamplesPanel,
        rich::{self, Tone},
        send::row_words,
    },
    model::{ExampleName, Standing, Summary},
    status::{catalogue::Class, diagnosis::Mark},
    text,
    ui::{theme::Theme, widget::lines},
};

use super::window::{centred, choice, draw_keys, window};

/// Draws the window over the zones.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, panel: &ExamplesPanel) {
    let rows = panel.rows();
    let area = centred(state, 84, (rows.len() as u16 + 5).clamp(8, 20));
    let title = panel.path().map_or_else(
        || "Examples".to_owned(),
        |path| format!("Examples of {}", text::display(path)),
    );
    window(frame, theme, area, &title);
    let inner = area.inner();
    let list = Area {
        height: inner.height.saturating_sub(2),
        ..inner
    };
    if rows.is_empty() {
        let (tone, words) = empty(state, panel);
        let words = rich::wrap(tone, &words, inner.width, 0);
        lines::draw(frame, theme, list, &words, 0);
    }
    let shown = rows.iter().map(|row| line(state, theme, row, list.width));
    choice(frame, theme, (area, list), panel.chosen, shown);
    let keys = [
        (Context::Examples, "show", "show"),
        (Context::Examples, "compare", "compare with the fresh one"),
        (Context::Examples, "drop", "no example"),
        (Context::Examples, "close", "close"),
    ];
    draw_keys(frame, state, theme, inner, &keys);
}

fn empty(state: &State, panel: &ExamplesPanel) -> (Tone, String) {
    if let Some(problem) = &panel.problem {
        return (Tone::Warning, format!("{problem}."));
    }
    if !panel.is_read() {
        return (Tone::Dim, "Loading…".to_owned());
    }
    let key = state.key_name(Context::History, "example");
    let words =
        format!("No example yet. {key} in the history or in the response names an answer as one.");
    (Tone::Dim, words)
}

/// `● 201  happy path   User created.   #12  04 Mar`.
fn line<'a>(state: &State, theme: Theme, row: &Summary, columns: u16) -> Line<'a> {
    let (symbol, style) = mark(theme, row.standing);
    let code = match row.standing {
        Standing::Answered(status) => format!("{symbol} {status}  "),
        Standing::Failed(_) | Standing::InFlight => format!("{symbol}      "),
    };
    let at = row.started_at.to_zoned_datetime(state.time_zone.clone());
    let right = format!("  #{}  {}", row.id, at.strftime("%Y-%m-%d %H:%M"));
    let left = usize::from(columns).saturating_sub(text::width(&code) + text::width(&right));
    let name = row.label.name.as_deref().unwrap_or_default();
    let name = text::truncate(&text::display(name), left).into_owned();
    let words = format!("  {}", text::display(&row_words(row)));
    let words = text::truncate(&words, left.saturating_sub(text::width(&name))).into_owned();
    let rest = left.saturating_sub(text::width(&name));
    Line::from(vec![
        Span::styled(code, style),
        Span::styled(name, theme.strong()),
        Span::styled(text::pad(&words, rest), theme.dim()),
        Span::styled(right, theme.dim()),
    ])
}

fn mark(theme: Theme, standing: Standing) -> (&'static str, Style) {
    let mark = match standing {
        Standing::Answered(status) => Mark::Class(Class::of(status)),
        Standing::Failed(_) | Standing::InFlight => Mark::Failure,
    };
    (mark.symbol(), theme.mark(mark))
}

/// The examples of a request behind its name in the tree: `  ● happy path  ▲ taken`.
pub fn in_tree(spans: &mut Vec<Span<'static>>, theme: Theme, examples: &[ExampleName]) {
    for example in examples {
        let (symbol, style) = mark(theme, example.standing);
        spans.push(Span::styled(format!("  {symbol}"), style));
        let name = text::display(&example.name);
        spans.push(Span::styled(format!(" {name}"), theme.dim()));
    }
}
