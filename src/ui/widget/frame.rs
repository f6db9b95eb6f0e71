//! The border of a zone, with its title and tabs; neighbours share their borders.

use std::ops::Range;

use ratatui::{
    Frame,
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
    symbols::merge::MergeStrategy,
    text::{Line, Span},
    widgets::{Clear, Scrollbar, ScrollbarOrientation, ScrollbarState},
};

use crate::{
    app::layout::Area,
    text,
    ui::{rect, theme::Theme},
};

use super::print;

/// Draws the border of a zone.
pub fn zone(frame: &mut Frame, theme: Theme, area: Area, focused: bool) {
    let buffer = frame.buffer_mut();
    let area = rect(area).intersection(buffer.area);
    if area.width < 2 || area.height < 2 {
        return;
    }
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    let style = theme.border(focused);
    let mut set = |x, y, symbol| join(buffer, x, y, symbol, style);
    for x in area.x + 1..right {
        set(x, area.y, "─");
        set(x, bottom, "─");
    }
    for y in area.y + 1..bottom {
        set(area.x, y, "│");
        set(right, y, "│");
    }
    set(area.x, area.y, "┌");
    set(right, area.y, "┐");
    set(area.x, bottom, "└");
    set(right, bottom, "┘");
}

/// Draws a piece of a border, joined to what a neighbour has drawn there before. ratatui's own block
/// would set the style of every cell within it, too, which takes longer than all that is then drawn there.
fn join(buffer: &mut Buffer, x: u16, y: u16, symbol: &str, style: Style) {
    if let Some(cell) = buffer.cell_mut((x, y)) {
        if cell.symbol() == " " {
            cell.set_symbol(symbol);
        } else {
            cell.merge_symbol(symbol, MergeStrategy::Exact);
        }
        cell.set_style(style);
    }
}

/// Writes the title of a zone onto its border, which is drawn before: neighbours share it.
pub fn title(frame: &mut Frame, area: Area, title: &Line) {
    let place = Rect {
        x: area.x + 1,
        width: (title.width() as u16).min(area.width.saturating_sub(2)),
        height: 1,
        y: area.y,
    };
    frame.render_widget(Clear, place);
    print::line(frame.buffer_mut(), place, title);
}

/// Where the cursor is, for the titles of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cursor {
    Elsewhere,
    InZone,
    OnTabs,
}

impl Cursor {
    pub fn new(in_zone: bool, on_tabs: bool) -> Self {
        match (in_zone, on_tabs) {
            (false, _) => Self::Elsewhere,
            (true, false) => Self::InZone,
            (true, true) => Self::OnTabs,
        }
    }
}

/// A title of tabs in so many columns: the open one is marked by brackets too, not by colour alone, and is
/// always among those that are shown. `…` stands for the others.
pub fn tabs(
    theme: Theme,
    zone: &str,
    cursor: Cursor,
    tabs: &[(String, bool)],
    columns: u16,
) -> Line<'static> {
    let title = match cursor {
        Cursor::Elsewhere => theme.strong(),
        Cursor::InZone | Cursor::OnTabs => theme.accent().add_modifier(Modifier::BOLD),
    };
    let open_tab = if cursor == Cursor::OnTabs {
        theme.chosen()
    } else {
        title
    };
    let mut spans = vec![
        Span::styled(format!(" {zone} "), title),
        Span::styled("─", theme.dim()),
    ];
    let taken = text::width(zone) + 3;
    let shown = shown_tabs(tabs, usize::from(columns).saturating_sub(taken));
    let more = |is_more: bool| is_more.then(|| Span::styled("…", theme.dim()));
    spans.extend(more(shown.start > 0));
    for (name, open) in tabs.get(shown.clone()).unwrap_or_default() {
        spans.push(if *open {
            Span::styled(format!("[{name}]"), open_tab)
        } else {
            Span::styled(format!(" {name} "), theme.dim())
        });
    }
    spans.extend(more(shown.end < tabs.len()));
    spans.push(Span::raw(" "));
    Line::from(spans)
}

/// Which tabs have a place in so many columns: as many as can be from the first on, but always the open one.
fn shown_tabs(tabs: &[(String, bool)], columns: usize) -> Range<usize> {
    let open = tabs.iter().position(|(_, open)| *open).unwrap_or(0);
    let fits = |shown: &Range<usize>| {
        let names = tabs.get(shown.clone()).unwrap_or_default();
        let needed: usize = names.iter().map(|(name, _)| text::width(name) + 2).sum();
        let (is_first, is_last) = (shown.start == 0, shown.end == tabs.len());
        let more = usize::from(!is_first) + usize::from(!is_last);
        // The blank behind the last name may be left out.
        let blank = usize::from(is_last && shown.end > open + 1);
        needed + more - blank <= columns
    };
    (0..=open)
        .flat_map(|start| (open + 1..=tabs.len()).rev().map(move |end| start..end))
        .find(fits)
        .unwrap_or(open..open + 1)
}

/// A scroll bar on the right border, where not everything is seen.
pub fn scroll_bar(
    frame: &mut Frame,
    theme: Theme,
    area: Area,
    rows: usize,
    first: usize,
    shown: u16,
) {
    if rows <= usize::from(shown) || area.height < 4 {
        return;
    }
    let track = Area {
        y: area.y + 1,
        height: area.height - 2,
        ..area
    };
    let mut state = ScrollbarState::new(rows.saturating_sub(usize::from(shown)))
        .position(first)
        .viewport_content_length(usize::from(shown));
    let bar = Scrollbar::new(ScrollbarOrientation::VerticalRight)
        .begin_symbol(None)
        .end_symbol(None)
        .track_symbol(None)
        .thumb_symbol("┃")
        .thumb_style(theme.accent());
    frame.render_stateful_widget(bar, rect(track), &mut state);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_tab_is_always_shown() {
        let title = |open: usize, columns| {
            let names = ["Body", "Headers", "Rules"];
            let numbered = names.iter().enumerate();
            let all: Vec<_> = numbered
                .map(|(index, name)| ((*name).to_owned(), index == open))
                .collect();
            let line = tabs(Theme::plain(), "R", Cursor::Elsewhere, &all, columns);
            line.to_string()
        };
        assert_eq!(title(0, 40), " R ─[Body] Headers  Rules  ");
        assert_eq!(title(0, 22), " R ─[Body] Headers … ");
        assert_eq!(title(2, 22), " R ─… Headers [Rules] ");
        assert_eq!(
            title(0, 26),
            " R ─[Body] Headers  Rules  ",
            "but for a blank"
        );
        assert_eq!(title(1, 17), " R ─…[Headers]… ");
        assert_eq!(title(2, 5), " R ─…[Rules] ", "it is cut, not left out");
    }
}
