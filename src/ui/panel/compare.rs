//! A comparison on the screen; twin of [`crate::app::panel::compare`].
//!
//! ```text
//! ┌ Compare ─────────────────────────────── difference 2 of 5 ┐
//! │ - #12  201 Created       04 Mar 12:03                     │
//! │ + #15  400 Bad Request   04 Mar 12:04                     │
//! │ Answer  1 difference                                      │
//! │ ≠ came to   201 Created        │ 400 Bad Request          │
//! └───────────────────────────────────────────────────────────┘
//! ```

use ratatui::{Frame, text::Span};

use crate::{
    app::{
        State,
        layout::Area,
        panel::compare::{ComparePanel, HEAD_ROWS},
        rich::{self, Line, Tone, wrap},
    },
    compare::{Comparison, Side},
    text,
    ui::{
        rect,
        theme::Theme,
        widget::{frame as border, lines},
    },
};

/// Draws the window over the zones.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, panel: &ComparePanel) {
    let area = state.compare_area();
    super::window::window(frame, theme, area, &title(panel));
    let inner = area.inner();
    let page = inner.below(HEAD_ROWS);
    if let Some(reason) = &panel.problem {
        let text = wrap(
            Tone::Warning,
            &format!("Not compared: {reason}."),
            inner.width,
            0,
        );
        lines::draw(frame, theme, inner, &text, 0);
        return;
    }
    let Some(comparison) = panel.comparison() else {
        frame.render_widget(Span::styled("Comparing…", theme.dim()), rect(inner));
        return;
    };
    lines::draw(frame, theme, inner, &head(state, comparison), 0);
    lines::draw(frame, theme, page, panel.lines(), panel.scroll);
    draw_cursor(frame, theme, page, panel);
    border::scroll_bar(
        frame,
        theme,
        area,
        panel.lines().len(),
        panel.scroll,
        page.height,
    );
}

fn title(panel: &ComparePanel) -> String {
    let at = match (panel.comparison(), panel.place()) {
        (None, _) => String::new(),
        (Some(_), (_, 0)) => " · no difference".to_owned(),
        (Some(_), (chosen, all)) => format!(" · difference {chosen} of {all}"),
    };
    format!("Compare{at}")
}

/// Which exchange is on which side.
fn head(state: &State, comparison: &Comparison) -> Vec<rich::Line> {
    let sides = [
        (" - ", Tone::Removed, &comparison.old),
        (" + ", Tone::Added, &comparison.new),
    ];
    let widest = sides.iter().map(|(_, _, side)| words(side).chars().count());
    let widest = widest.max().unwrap_or(0);
    let line = |(sign, tone, side): (&str, Tone, &Side)| {
        let at = side.started_at.to_zoned_datetime(state.time_zone.clone());
        Line::new(tone, sign)
            .then(Tone::Strong, &text::pad(&words(side), widest + 2))
            .then(Tone::Dim, &at.strftime("%d %b %Y %H:%M:%S").to_string())
    };
    sides.map(line).to_vec()
}

fn words(side: &Side) -> String {
    format!("#{}  {}", side.id, side.came_to)
}

/// A bar at the left of the difference that the cursor is on.
fn draw_cursor(frame: &mut Frame, theme: Theme, page: Area, panel: &ComparePanel) {
    let shown = panel.scroll..panel.scroll + usize::from(page.height);
    for line in panel.chosen_lines().filter(|line| shown.contains(line)) {
        let place = Area {
            y: page.y + (line - panel.scroll) as u16,
            width: 1,
            height: 1,
            ..page
        };
        frame.render_widget(Span::styled("▌", theme.accent()), rect(place));
    }
}
