//! What windows over the zones are made of: their frame, a line to type into, a problem, their keys.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::{Block, Clear},
};

use crate::{
    app::{
        State,
        command::Context,
        editor::Editor,
        layout::Area,
        message::Level,
        rich::{self, Tone},
    },
    text,
    ui::{
        rect,
        theme::Theme,
        widget::{frame as border, input, lines},
    },
};

/// A window over the middle of the screen.
pub(super) fn window(frame: &mut Frame, theme: Theme, area: Area, title: &str) {
    frame.render_widget(Clear, rect(area));
    let title = Line::from(Span::styled(
        format!(" {title} "),
        theme.tone(Tone::Heading),
    ));
    frame.render_widget(
        Block::bordered()
            .border_style(theme.border(true))
            .title(title),
        rect(area),
    );
}

pub(super) fn centred(state: &State, width: u16, height: u16) -> Area {
    let (columns, rows) = state.size;
    let (width, height) = (
        width.min(columns.saturating_sub(2)),
        height.min(rows.saturating_sub(2)),
    );
    Area {
        x: (columns - width) / 2,
        y: (rows - height) / 2,
        width,
        height,
    }
}

/// The first line, into which something is typed.
pub(super) fn typed_line(frame: &mut Frame, theme: Theme, inner: Area, typed: &Editor) {
    let line = rect(Area { height: 1, ..inner });
    frame.render_widget(Span::styled("› ", theme.accent()), line);
    let place = Rect {
        x: line.x + 2,
        width: line.width.saturating_sub(2),
        ..line
    };
    input::line(frame, place, typed, theme.strong(), true);
}

/// What is wrong, above the keys.
pub(super) fn problem(frame: &mut Frame, theme: Theme, inner: Area, problem: &str) {
    let place = Rect {
        y: inner.y + inner.height.saturating_sub(2),
        height: 1,
        ..rect(inner)
    };
    let shown = text::display(problem);
    let shown = text::truncate(&format!("! {shown}"), usize::from(inner.width)).into_owned();
    frame.render_widget(Span::styled(shown, theme.level(Level::Error)), place);
}

pub(super) fn draw_keys(
    frame: &mut Frame,
    state: &State,
    theme: Theme,
    inner: Area,
    keys: &[(Context, &str, &str)],
) {
    let line = |gap: &str| {
        let blank = rich::Line::blank();
        keys.iter().fold(blank, |line, (context, command, words)| {
            line.then(Tone::Heading, &state.key_name(*context, command))
                .then(Tone::Plain, &format!(" {words}{gap}"))
        })
    };
    let mut shown = line("    ");
    if text::width(shown.text().trim_end()) > usize::from(inner.width) {
        shown = line("  ");
    }
    let last = Area {
        y: inner.y + inner.height.saturating_sub(1),
        height: 1,
        ..inner
    };
    lines::draw(frame, theme, last, &[shown], 0);
}

/// The end of a window in which something is edited: what is wrong with it, and its keys.
pub(super) fn foot(
    frame: &mut Frame,
    state: &State,
    theme: Theme,
    inner: Area,
    wrong: Option<&String>,
    keys: &[(Context, &str, &str)],
) {
    if let Some(text) = wrong {
        problem(frame, theme, inner, text);
    }
    draw_keys(frame, state, theme, inner, keys);
}

/// The rows of a window from which one is chosen, of which so many are seen that the chosen one is.
pub(super) fn choice<'a>(
    frame: &mut Frame,
    theme: Theme,
    (window, list): (Area, Area),
    chosen: usize,
    rows: impl ExactSizeIterator<Item = Line<'a>>,
) {
    let count = rows.len();
    let first = (chosen + 1).saturating_sub(usize::from(list.height));
    let shown = rows.enumerate().skip(first);
    for (y, (index, row)) in (list.y..list.y + list.height).zip(shown) {
        let place = Rect {
            y,
            height: 1,
            ..rect(list)
        };
        frame.render_widget(row, place);
        if index == chosen {
            frame.buffer_mut().set_style(place, theme.chosen());
        }
    }
    border::scroll_bar(frame, theme, window, count, first, list.height);
}
