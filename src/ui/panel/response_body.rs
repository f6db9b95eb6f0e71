//! The body on the screen, with its cursor, what is found in it, and the line below.
//!
//! ```text
//!   "items": [                              a header of a table stays above
//! ▌   {                                     the cursor, the selection
//!       "price": 1.50                       what is found is marked
//! .items[0]                     JSON · 3 of 17
//! ```

use std::num::NonZeroU16;

use ratatui::{
    Frame,
    buffer::CellDiffOption,
    layout::Rect,
    style::{Color, Modifier, Style},
    text::{Line, Span},
};

use crate::{
    app::{
        State,
        command::Context,
        panel::response::body::{BodyPage, Entry},
        rich::{Tone, wrap},
    },
    inspect::{Layout, Pieces, TokenKind, Under, Way, find::Pattern, jq::Problem, shade},
    model::Focus,
    text,
    ui::{rect, theme::Theme, widget::input},
};

/// Stands in cells that the terminal draws by itself.
const DRAWN: &str = "\u{fffc}";

/// Rows that a problem takes at the most.
const MOST_PROBLEM_ROWS: u16 = 4;

/// Stands before the row with the cursor.
const CURSOR: &str = "▌";

/// Draws the body into `area`.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, area: crate::app::layout::Area) {
    let page = &state.response.body_page;
    let Some(body) = page.layout() else {
        return;
    };
    let focused = state.focus == Focus::Response && state.popup.is_none();
    let mut area = rect(area);
    if area.height == 0 {
        return;
    }
    let below = Rect {
        y: area.bottom() - 1,
        height: 1,
        ..area
    };
    // Where nobody moves in it, the line below has nothing to say.
    let has_line = focused || page.is_filtered() || page.find.pattern().is_some();
    area.height -= u16::from(has_line);
    if let Some(header) = body.header() {
        let top = Rect { height: 1, ..area };
        let style = Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
        frame.render_widget(line(theme, header, None).patch_style(style), top);
        area.y += 1;
        area.height = area.height.saturating_sub(1);
    }
    draw_rows(frame, theme, area, page, body, focused);
    if theme.is_coloured() && state.popup.is_none() {
        draw_graphic(frame, area, page.scroll(), body);
    }
    if has_line {
        draw_below(frame, state, theme, below, focused);
    }
}

fn draw_rows(
    frame: &mut Frame,
    theme: Theme,
    area: Rect,
    page: &BodyPage,
    body: &Layout,
    focused: bool,
) {
    let pattern = page.find.pattern();
    let rows = body.page(page.scroll(), usize::from(area.height));
    for (offset, (row, pieces)) in (0..).zip(rows) {
        let place = Rect {
            y: area.y + offset,
            height: 1,
            ..area
        };
        frame.render_widget(line(theme, pieces, pattern), place);
        let has_cursor = focused && row == page.cursor();
        let selected = page
            .selection()
            .is_some_and(|(first, last)| (first..=last).contains(&row));
        if selected {
            frame.buffer_mut().set_style(place, theme.chosen());
        }
        // In the blank column between the border and the rows, so that their colours stay as they are.
        if has_cursor && let Some(column) = place.x.checked_sub(1) {
            let buffer = frame.buffer_mut();
            buffer.set_string(column, place.y, CURSOR, theme.accent());
        }
    }
}

/// Lets the terminal draw an image in the place of its rows, when all of them are on the page.
fn draw_graphic(frame: &mut Frame, area: Rect, scroll: usize, body: &Layout) {
    let Some((first, graphic)) = body.graphic() else {
        return;
    };
    let Some(above) = first.checked_sub(scroll) else {
        return;
    };
    let fits = above + usize::from(graphic.rows) <= usize::from(area.height)
        && graphic.columns <= area.width;
    if !fits {
        return;
    }
    let top = area.y + above as u16;
    for row in 0..graphic.rows {
        for column in 0..graphic.columns {
            let Some(cell) = frame.buffer_mut().cell_mut((area.x + column, top + row)) else {
                continue;
            };
            cell.reset();
            match graphic.cell(row, column) {
                Under::Text(text, colour) => {
                    cell.set_symbol(&text)
                        .set_diff_option(CellDiffOption::ForcedWidth(NonZeroU16::MIN));
                    if let Some(colour) = colour {
                        cell.set_fg(Color::Indexed(colour));
                    }
                }
                // Never printed; what comes after the image differs from it, and is printed over it.
                Under::Drawn => {
                    cell.set_symbol(DRAWN).set_diff_option(CellDiffOption::Skip);
                }
            }
        }
    }
}

/// The pieces of a row in their colours, with what is found marked.
fn line(theme: Theme, pieces: Pieces, pattern: Option<&Pattern>) -> Line<'static> {
    let Some(pattern) = pattern else {
        let spans = pieces
            .into_iter()
            .map(|(kind, text)| Span::styled(shaded(theme, kind, text), theme.token(kind)));
        return spans.collect();
    };
    let whole: String = pieces.iter().map(|(_, text)| text.as_str()).collect();
    let places = pattern.places_in(&whole);
    let mut spans = Vec::new();
    let mut before = 0;
    for (kind, text) in pieces {
        let style = if kind == TokenKind::Note {
            theme.dim()
        } else {
            theme.token(kind)
        };
        let mut at = 0;
        for place in &places {
            let start = place.start.clamp(before, before + text.len()) - before;
            let end = place.end.clamp(before, before + text.len()) - before;
            if start < end {
                spans.push(part(&text, at, start, style));
                spans.push(part(&text, start, end, theme.found()));
                at = end;
            }
        }
        spans.push(part(&text, at, text.len(), style));
        before += text.len();
    }
    spans.into()
}

/// Without colours an image is drawn in shades.
fn shaded(theme: Theme, kind: TokenKind, text: String) -> String {
    match kind {
        TokenKind::Pixels { upper, lower } if !theme.is_coloured() => {
            shade(upper, lower).repeat(text.chars().count())
        }
        _ => text,
    }
}

fn part(text: &str, from: usize, to: usize, style: Style) -> Span<'static> {
    Span::styled(text.get(from..to).unwrap_or_default().to_owned(), style)
}

fn draw_below(frame: &mut Frame, state: &State, theme: Theme, area: Rect, focused: bool) {
    let page = &state.response.body_page;
    let (title, editor) = match page.entry {
        Some(Entry::Search) => ("search ", &page.search),
        Some(Entry::Filter) => ("jq ", &page.filter),
        Some(Entry::Save) => ("save as ", &page.save),
        None => return draw_facts(frame, state, theme, area),
    };
    let columns = usize::from(area.width);
    let told = match page.entry {
        Some(Entry::Search) => match page.find.problem() {
            Some(problem) => format!("✕ {problem}"),
            None => page.find.words().unwrap_or_default(),
        },
        Some(Entry::Filter) if page.is_filtering() => {
            let end = state.key_name(Context::BodyEntry, "leave");
            format!("running… {end} ends it")
        }
        Some(Entry::Filter) => page.problem().map(problem_words).unwrap_or_default(),
        Some(Entry::Save) | None => String::new(),
    };
    let told = text::display(&told);
    // What is typed comes first, and has half of the line at least.
    let typed = text::width(title) + text::width(editor.text()) + 2;
    let room = columns.saturating_sub(typed.min(columns / 2).max(columns / 3));
    let room = room.saturating_sub(1);
    // A problem that has no room beside it is told above, whole.
    let told = if told.starts_with('✕') && text::width(&told) > room {
        draw_problem(frame, theme, area, &told);
        "✕".to_owned()
    } else {
        text::truncate(&told, room).into_owned()
    };
    let taken = text::width(&told) as u16;
    frame.render_widget(Span::styled(title, theme.accent()), area);
    let shift = (text::width(title) as u16).min(area.width);
    let line = Rect {
        x: area.x + shift,
        width: area.width.saturating_sub(shift + taken + 1),
        ..area
    };
    input::line(frame, line, editor, Style::new(), focused);
    let right = Rect {
        x: area.right() - taken,
        width: taken,
        ..area
    };
    let is_wrong = told.starts_with('✕');
    let style = if is_wrong {
        theme.level(crate::app::message::Level::Error)
    } else {
        theme.dim()
    };
    frame.render_widget(Span::styled(told, style), right);
}

/// What is wrong, on the rows above the line, over what is there.
fn draw_problem(frame: &mut Frame, theme: Theme, line: Rect, told: &str) {
    let lines = wrap(Tone::Warning, told, line.width, 2);
    let rows = (lines.len() as u16).min(MOST_PROBLEM_ROWS).min(line.y);
    for (line_at, wrapped) in (line.y.saturating_sub(rows)..line.y).zip(&lines) {
        let place = Rect {
            y: line_at,
            height: 1,
            ..line
        };
        let style = theme.level(crate::app::message::Level::Error);
        let text = text::pad(&wrapped.text(), usize::from(line.width));
        frame.render_widget(Span::styled(text, style), place);
    }
}

/// What is wrong with a filter, and at which of its letters.
fn problem_words(problem: &Problem) -> String {
    match problem {
        Problem::Filter { place, .. } => format!("✕ at {}: {problem}", place.start + 1),
        problem => format!("✕ {problem}"),
    }
}

/// Columns that what is looked for has in the line below.
const SOUGHT: usize = 20;

/// Where the cursor is, and how the body is looked at.
fn draw_facts(frame: &mut Frame, state: &State, theme: Theme, area: Rect) {
    let page = &state.response.body_page;
    let Some(body) = page.layout() else {
        return;
    };
    let columns = usize::from(area.width);
    let facts = fitting(facts(state, page, body), columns * 2 / 3);
    let taken = text::width(&facts) as u16;
    let path = text::display(page.path().unwrap_or_default());
    let room = columns.saturating_sub(usize::from(taken) + 2);
    let path = text::truncate_middle(&path, room).into_owned();
    frame.render_widget(Span::styled(path, theme.accent()), area);
    let right = Rect {
        x: area.right() - taken,
        width: taken,
        ..area
    };
    frame.render_widget(Span::styled(facts, theme.dim()), right);
}

/// What is told of the body, each with how much it matters.
fn facts(state: &State, page: &BodyPage, body: &Layout) -> Vec<(u8, String)> {
    let mut facts = Vec::new();
    if page.is_filtering() {
        let back = state.key_name(Context::Anywhere, "back");
        facts.push((5, format!("jq is running · {back} ends it")));
    } else if page.is_working() {
        facts.push((4, "…".to_owned()));
    }
    if let Some(words) = page.find.words() {
        let typed = page.find.pattern().map_or("", Pattern::typed);
        let typed = text::truncate(typed, SOUGHT);
        facts.push((6, format!("“{typed}” {words}")));
        if page.find.has_found() {
            let next = state.key_name(Context::ResponseBody, "next-match");
            facts.push((2, format!("{next} next")));
        }
    }
    if page.is_filtered() {
        facts.push((4, format!("jq {}", page.filter.text().trim())));
    }
    let way = match body.view().way {
        Way::Laid => body.document().form().name(),
        Way::Raw => "as received",
        Way::Hex => "bytes",
    };
    facts.push((1, way.to_owned()));
    if page.follows_end() {
        facts.push((3, "on to the end".to_owned()));
    } else if page.is_partial() {
        // A hundredth of what is not all would be told of all of it.
        facts.push((5, "not all of it yet".to_owned()));
    } else if body.rows() > 1 {
        facts.push((1, format!("{} %", percent(page, body))));
    }
    facts
}

/// The facts in a line, without those that matter least where there is no room for all.
fn fitting(mut facts: Vec<(u8, String)>, columns: usize) -> String {
    loop {
        let told: Vec<&str> = facts.iter().map(|(_, fact)| fact.as_str()).collect();
        let told = text::display(&told.join(" · ")).into_owned();
        let least = facts.iter().map(|(weight, _)| *weight).min();
        if facts.len() < 2 || text::width(&told) <= columns {
            return text::truncate(&told, columns).into_owned();
        }
        let index = facts.iter().rposition(|(weight, _)| Some(*weight) == least);
        if let Some(index) = index {
            facts.remove(index);
        }
    }
}

fn percent(page: &BodyPage, body: &Layout) -> usize {
    let last = body.last().max(1);
    // Row numbers of a very large body leave no room for a hundredfold.
    ((page.cursor() as f64 / last as f64) * 100.0).round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_least_makes_room_for_what_was_found() {
        let facts = || {
            let facts = [
                (6, "“needle” none in 32.0 MiB so far"),
                (1, "text"),
                (5, "not all of it yet"),
            ];
            facts
                .map(|(weight, fact)| (weight, fact.to_owned()))
                .to_vec()
        };
        for (columns, told) in [
            (
                80,
                "“needle” none in 32.0 MiB so far · text · not all of it yet",
            ),
            (52, "“needle” none in 32.0 MiB so far · not all of it yet"),
            (40, "“needle” none in 32.0 MiB so far"),
            (20, "“needle” none in 32…"),
        ] {
            assert_eq!(fitting(facts(), columns), told);
        }
    }
}
