//! The border of a zone, with its title and tabs; neighbours share their borders.

use ratatui::{
    Frame,
    symbols::merge::MergeStrategy,
    text::{Line, Span},
    widgets::{Block, Scrollbar, ScrollbarOrientation, ScrollbarState},
};

use crate::{
    app::layout::Area,
    ui::{rect, theme::Theme},
};

/// Draws the border of a zone.
pub fn zone(frame: &mut Frame, theme: &Theme, area: Area, title: Line, focused: bool) {
    let block = Block::bordered()
        .merge_borders(MergeStrategy::Exact)
        .border_style(theme.border(focused))
        .title(title);
    frame.render_widget(block, rect(area));
}

/// A title of tabs: the open one is marked by brackets too, not by colour alone.
pub fn tabs<'a>(
    theme: &Theme,
    zone: &'a str,
    focused: bool,
    tabs: Vec<(String, bool)>,
) -> Line<'a> {
    let title = if focused {
        theme.accent().add_modifier(ratatui::style::Modifier::BOLD)
    } else {
        theme.strong()
    };
    let mut spans = vec![
        Span::styled(format!(" {zone} "), title),
        Span::styled("─", theme.dim()),
    ];
    for (name, open) in tabs {
        spans.push(if open {
            Span::styled(format!("[{name}]"), title)
        } else {
            Span::styled(format!(" {name} "), theme.dim())
        });
    }
    spans.push(Span::raw(" "));
    Line::from(spans)
}

/// A scroll bar on the right border, where not everything is seen.
pub fn scroll_bar(
    frame: &mut Frame,
    theme: &Theme,
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
