//! The collection zone on the screen: a row a request or folder.
//!
//! ```text
//! ┌ History 3 [My API 12] ───────────────┐
//! │ / filter                             │
//! │ ▾ users                              │
//! │   POST   create *                    │   the draft belongs to it, edited
//! │   GET    list                        │
//! │ ▸ orders                             │   a closed folder
//! │ !        broken                      │   a file that is no saved request
//! └──────────────────────────────────────┘
//! ```

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use crate::{
    app::{
        State,
        layout::Area,
        message::Level,
        panel::collection::{HEAD_ROWS, label},
        rich::{self, Tone},
    },
    model::{EntryKind, Focus, Head, collection::Entry},
    text,
    ui::{
        rect,
        theme::Theme,
        widget::{frame as border, input, lines},
    },
};

/// Columns of the method in front of a name.
const METHOD_COLUMNS: usize = 7;

/// Draws the zone into `area`, within the border.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, area: Area) {
    let focused = state.focus == Focus::Collection && state.popup.is_none();
    super::left::draw_title(frame, state, theme, area, focused);
    let inner = area.inner();
    let head = Area {
        height: HEAD_ROWS,
        ..inner
    };
    draw_filter(frame, state, theme, head);
    let list = inner.below(HEAD_ROWS);
    let panel = &state.collection;
    if panel.row_count() == 0 {
        let lines = rich::wrap(Tone::Dim, &empty_text(state), list.width, 0);
        lines::draw(frame, theme, list.below(1), &lines, 0);
        return;
    }
    for (offset, entry) in panel.rows_in_view().enumerate() {
        let place = Rect {
            x: list.x - 1,
            y: list.y + offset as u16,
            width: list.width + 2,
            height: 1,
        };
        draw_row(frame, state, theme, place, entry);
    }
    let rows = panel.row_count();
    border::scroll_bar(frame, theme, area, rows, panel.scroll(), list.height);
}

fn draw_filter(frame: &mut Frame, state: &State, theme: Theme, area: Area) {
    let panel = &state.collection;
    let area = rect(area);
    if panel.filter.is_empty() && !panel.filtering {
        frame.render_widget(Span::styled("/ filter", theme.dim()), area);
        return;
    }
    frame.render_widget(Span::styled("/ ", theme.accent()), area);
    let text_area = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(2),
        ..area
    };
    let has_cursor = panel.filtering && state.popup.is_none();
    input::line(frame, text_area, &panel.filter, theme.accent(), has_cursor);
}

fn empty_text(state: &State) -> String {
    let Some(open) = state.collection.open() else {
        return "Loading…".to_owned();
    };
    if state.collection.is_filtered() {
        return "No saved request has these words.".to_owned();
    }
    let save = state.key_name(crate::app::command::Context::Anywhere, "save");
    if open.personal {
        format!(
            "Nothing is saved yet. {save} saves the request in the builder. `posttui init` in a project's folder makes a collection that goes with it."
        )
    } else {
        format!("Nothing is saved here yet. {save} saves the request in the builder.")
    }
}

fn draw_row(frame: &mut Frame, state: &State, theme: Theme, area: Rect, entry: &Entry) {
    let chosen = state.collection.is_selected(entry);
    let focused = state.focus == Focus::Collection;
    let bar = if chosen && !focused { "▌" } else { " " };
    let mut spans = vec![if chosen && focused {
        Span::raw(bar)
    } else {
        Span::styled(bar, theme.accent())
    }];
    let is_filtered = state.collection.is_filtered();
    if !is_filtered {
        spans.push(Span::raw("  ".repeat(entry.depth().min(8))));
    }
    let name = text::display(label(entry, is_filtered)).into_owned();
    match entry.kind {
        EntryKind::Folder => {
            let arrow = if state.collection.is_closed(&entry.path) {
                "▸"
            } else {
                "▾"
            };
            spans.push(Span::styled(format!("{arrow} "), theme.dim()));
            spans.push(Span::styled(name, theme.strong()));
        }
        EntryKind::Request => push_request(&mut spans, state, theme, entry, name),
    }
    frame.render_widget(Line::from(spans), area);
    if chosen && focused {
        frame.buffer_mut().set_style(area, theme.chosen());
    }
}

fn push_request(
    spans: &mut Vec<Span<'static>>,
    state: &State,
    theme: Theme,
    entry: &Entry,
    name: String,
) {
    let (method, style, reason) = match state.collection.head(&entry.path) {
        Some(Head::Readable { method }) => (method.as_str(), theme.name(), None),
        Some(Head::Unreadable(reason)) => ("!", theme.level(Level::Error), Some(reason)),
        None => ("", Style::new(), None),
    };
    let method = text::display(method);
    let method = text::truncate(&method, METHOD_COLUMNS);
    spans.push(Span::styled(text::pad(&method, METHOD_COLUMNS + 1), style));
    let origin = state.builder.origin.as_deref();
    let is_draft = origin.is_some_and(|origin| {
        let open = state.collection.open();
        origin.path == entry.path && open.is_some_and(|open| open.root == origin.root)
    });
    let name_style = if is_draft {
        theme.strong()
    } else {
        Style::new()
    };
    spans.push(Span::styled(name, name_style));
    if is_draft && state.belonging().is_some_and(|it| it.edited) {
        spans.push(Span::styled(" *", theme.level(Level::Warning)));
    }
    super::examples::in_tree(spans, theme, state.collection.examples(&entry.path));
    if let Some(reason) = reason {
        let reason = text::display(reason).into_owned();
        spans.push(Span::styled(format!("  {reason}"), theme.dim()));
    }
}
