//! The bottom line: a notice, or the keys that matter here. What is longer than the line grows upwards, over
//! the zones, until the next key.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Clear,
};

use crate::{
    app::{
        State,
        command::{self, Context},
        message::Level,
        panel::table::Table,
        rich::{Tone, wrap},
    },
    model::Focus,
    prepare::Place,
    text,
    ui::{theme::Theme, widget::print},
};

/// Draws the line into `area`.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, area: Rect) {
    if let Some(notice) = &state.notice {
        return say(frame, area, &notice.text, theme.level(notice.level));
    }
    if let Some(error) = &state.history.filter_error {
        return say(frame, area, &error.to_string(), theme.level(Level::Error));
    }
    if let Some(reason) = long_reason(state) {
        return say(frame, area, reason, theme.level(Level::Error));
    }
    print::line(frame.buffer_mut(), area, &keys(state, theme, area.width));
}

/// Rows that a text takes at the most.
const MOST_ROWS: u16 = 5;

/// Says all of a text, in as many rows as it takes, the last one at the bottom.
fn say(frame: &mut Frame, area: Rect, said: &str, style: Style) {
    let lines = wrap(Tone::Plain, said, area.width, 2);
    let rows = (lines.len() as u16).min(MOST_ROWS).min(area.y + 1);
    let place = Rect {
        y: area.y + area.height - rows,
        height: rows,
        ..area
    };
    frame.render_widget(Clear, place);
    for (offset, line) in lines.iter().take(usize::from(rows)).enumerate() {
        let row = Rect {
            y: place.y + offset as u16,
            height: 1,
            ..place
        };
        frame.render_widget(Span::styled(line.text(), style), row);
    }
}

/// Columns that a reason has beside its field at the least.
const BESIDE: usize = 40;

/// Why the draft cannot be sent, where that has no room beside its field: it stays in sight while the
/// cursor is there.
fn long_reason(state: &State) -> Option<&str> {
    let problem = state.builder.problem.as_ref()?;
    let zone = match problem.place {
        Place::Url | Place::Method => Focus::Url,
        _ => Focus::Request,
    };
    let is_there = state.focus == zone && state.popup.is_none() && !state.viewing;
    let reason = problem.reason.as_str();
    (is_there && text::width(reason) > BESIDE).then_some(reason)
}

/// As many hints as fit, the innermost context's first.
fn keys<'a>(state: &State, theme: Theme, width: u16) -> Line<'a> {
    let mut hints = own_hints(state);
    for context in state.contexts() {
        for command in command::of(context).filter(|command| !command.hint.is_empty()) {
            hints.push((state.key_name(context, command.name), command.hint));
        }
    }
    let mut spans = Vec::new();
    let mut used = 0;
    for (index, (key, hint)) in hints.iter().enumerate() {
        // A key that means something here already is not the outer one's.
        if hints.iter().take(index).any(|(inner, _)| inner == key) {
            continue;
        }
        let columns = text::width(key) + text::width(hint) + 4;
        if used + columns > usize::from(width) {
            break;
        }
        used += columns;
        spans.push(Span::styled(format!(" {key}"), theme.accent()));
        spans.push(Span::styled(format!(" {hint}  "), theme.dim()));
    }
    Line::from(spans)
}

/// Hints that depend on more than the context.
fn own_hints(state: &State) -> Vec<(String, &'static str)> {
    let mut hints = Vec::new();
    if state.popup.is_none() && state.sends.to_cancel(state.response.shown()).is_some() {
        hints.push((state.key_name(Context::Anywhere, "back"), "cancel"));
    }
    if state.popup.is_none()
        && matches!(state.focus, Focus::Url | Focus::Request)
        && !state.builder.in_body_text(state.focus)
    {
        hints.push(("⏎".to_owned(), "send"));
        hints.push((state.key_name(Context::Anywhere, "next"), "next"));
    }
    let in_parts = || state.builder.shown_table().is_some_and(Table::has_parts);
    if state.popup.is_none() && state.focus == Focus::Request && in_parts() {
        hints.push((state.key_name(Context::Fields, "text-or-file"), "text/file"));
        hints.push((state.key_name(Context::Fields, "pick-file"), "files"));
    }
    hints
}
