//! The bottom line: a notice, or the keys that matter here.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    app::{
        State,
        command::{self, Context},
        panel::table::Table,
    },
    model::Focus,
    text,
    ui::{theme::Theme, widget::print},
};

/// Draws the line into `area`.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, area: Rect) {
    if let Some(notice) = &state.notice {
        let shown = text::display(&notice.text);
        let shown = text::truncate(&shown, usize::from(area.width)).into_owned();
        frame.render_widget(Span::styled(shown, theme.level(notice.level)), area);
        return;
    }
    if let Some(error) = &state.history.filter_error {
        let error = text::display(&error.to_string()).into_owned();
        let shown = text::truncate(&error, usize::from(area.width)).into_owned();
        frame.render_widget(
            Span::styled(shown, theme.level(crate::app::message::Level::Error)),
            area,
        );
        return;
    }
    print::line(frame.buffer_mut(), area, &keys(state, theme, area.width));
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
