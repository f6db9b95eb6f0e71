//! The history zone on the screen: two rows an exchange.

use jiff::civil::Date;
use ratatui::{
    Frame,
    layout::Rect,
    style::{Modifier, Style},
    text::{Line, Span},
};

use crate::{
    app::{
        State,
        layout::Area,
        message::Level,
        panel::history::{Day, HEAD_ROWS, Item, ROW_HEIGHT, RowLabel},
        send::{row_words, standing_meaning},
        signs::{label_signs, lineage_sign},
    },
    model::{Focus, Standing, Summary},
    search,
    status::{catalogue::Class, diagnosis::Mark},
    text,
    ui::{
        panel::spinner,
        rect,
        theme::Theme,
        widget::{frame as border, input, print},
    },
    units::human_duration,
};

/// Draws the zone into `area`, within the border.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, area: Area) {
    let focused = state.focus == Focus::History && state.popup.is_none();
    super::left::draw_title(frame, state, theme, area, focused);
    let inner = area.inner();
    draw_filter(
        frame,
        state,
        theme,
        Area {
            height: HEAD_ROWS,
            ..inner
        },
    );
    let list = inner.below(HEAD_ROWS);
    let panel = &state.history;
    if panel.rows().is_empty() {
        draw_empty(frame, state, theme, list);
        return;
    }
    let fit = usize::from(list.height / ROW_HEIGHT).max(1);
    let today = state.local_now().date();
    let mut left = list;
    for item in panel.shown() {
        let height = match item {
            Item::Day(_) => 1,
            Item::Row(..) => ROW_HEIGHT,
        };
        if left.height < height {
            break;
        }
        match item {
            Item::Day(day) => draw_day(frame, theme, left, day),
            Item::Row(row, label) => {
                let place = Area {
                    x: list.x - 1,
                    width: list.width + 2,
                    height,
                    ..left
                };
                draw_row(frame, state, theme, place, (row, label, today));
            }
        }
        left = left.below(height);
    }
    border::scroll_bar(
        frame,
        theme,
        area,
        panel.rows().len(),
        panel.scroll(),
        fit as u16,
    );
}

fn draw_filter(frame: &mut Frame, state: &State, theme: Theme, area: Area) {
    let panel = &state.history;
    let area = rect(area);
    if panel.filter.is_empty() && !panel.filtering {
        frame.render_widget(Span::styled("/ filter", theme.dim()), area);
        return;
    }
    let style = theme.accent();
    frame.render_widget(Span::styled("/ ", style), area);
    let text_area = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(2),
        ..area
    };
    if panel.filter.is_empty() {
        let hint_area = Rect {
            x: text_area.x + 1,
            width: text_area.width.saturating_sub(1),
            ..area
        };
        frame.render_widget(
            Span::styled("text status:4xx host: since:2d", theme.dim()),
            hint_area,
        );
    }
    input::line(
        frame,
        text_area,
        &panel.filter,
        style,
        panel.filtering && state.popup.is_none(),
    );
    mark_error(frame, state, theme, text_area);
    draw_offer(frame, state, theme, text_area);
}

/// The term that cannot be read, where it stands: underlined too, for whoever sees no colours.
fn mark_error(frame: &mut Frame, state: &State, theme: Theme, area: Rect) {
    let panel = &state.history;
    let Some(error) = &panel.filter_error else {
        return;
    };
    let typed = panel.filter.text();
    let before: String = typed.chars().take(error.column - 1).collect();
    let column = |text: &str| text::width(&text::display(text));
    let hidden = if panel.filtering {
        input::hidden_columns(&panel.filter, usize::from(area.width))
    } else {
        0
    };
    let start = column(&before).saturating_sub(hidden);
    let end = (column(&before) + column(&error.term)).saturating_sub(hidden);
    let end = end.min(usize::from(area.width));
    let place = Rect {
        x: area.x + start.min(end) as u16,
        width: end.saturating_sub(start) as u16,
        height: 1,
        ..area
    };
    let style = theme.level(Level::Error).add_modifier(Modifier::UNDERLINED);
    frame.buffer_mut().set_style(place, style);
}

/// Behind the cursor, how the term may go on: what Tab types, then the others.
fn draw_offer(frame: &mut Frame, state: &State, theme: Theme, area: Rect) {
    let panel = &state.history;
    let offered = panel.completions();
    let typed = text::width(&text::display(panel.filter.text())) as u16;
    let (Some((first, others)), true) = (offered.split_first(), typed < area.width) else {
        return;
    };
    let others: String = others
        .iter()
        .flat_map(|other| [" · ", other.whole.as_str()])
        .collect();
    let offer = text::display(&first.rest).into_owned() + &text::display(&others);
    let columns = usize::from(area.width - typed);
    let place = Rect {
        x: area.x + typed,
        width: area.width - typed,
        ..area
    };
    let offer = text::truncate(&offer, columns).into_owned();
    frame.render_widget(Span::styled(offer, theme.dim()), place);
}

fn draw_day(frame: &mut Frame, theme: Theme, area: Area, day: &Day) {
    let words = text::truncate(&day.words(), usize::from(area.width)).into_owned();
    let place = Area { height: 1, ..area };
    frame.render_widget(Span::styled(words, theme.accent()), rect(place));
}

fn draw_empty(frame: &mut Frame, state: &State, theme: Theme, area: Area) {
    let panel = &state.history;
    let text = match (&panel.failure, panel.total()) {
        (Some(reason), _) => reason.as_str(),
        // The line at the bottom says what is wrong.
        (None, _) if panel.filter_error.is_some() => return,
        (None, None) => "Loading…",
        (None, Some(_)) if !panel.filter.is_empty() => "No exchange matches the filter.",
        (None, Some(_)) if state.unkept().is_some() => {
            "No row yet. What is sent now is shown, and leaves no row here."
        }
        (None, Some(_)) => {
            "Nothing was sent yet. Every send will be a row here, failed ones too, and stay."
        }
    };
    let lines = crate::app::rich::wrap(crate::app::rich::Tone::Dim, text, area.width, 0);
    crate::ui::widget::lines::draw(frame, theme, area.below(1), &lines, 0);
}

fn draw_row(
    frame: &mut Frame,
    state: &State,
    theme: Theme,
    area: Area,
    (row, label, today): (&Summary, &RowLabel, Date),
) {
    let chosen = state.history.selected() == Some(row.id);
    let focused = state.focus == Focus::History;
    let columns = usize::from(area.width).saturating_sub(2);
    let head = head(state, theme, row, columns, (chosen, focused));
    let style = if chosen { Style::new() } else { theme.dim() };
    let detail = match row.damage.as_ref().or(row.found.as_ref()) {
        Some(found) => text::truncate(&text::display(found), columns).into_owned(),
        None => detail(row, label, today, columns),
    };
    let mut spans = vec![bar(theme, chosen, focused)];
    spans.extend(lit(state, theme, detail, style));
    let detail = Line::from(spans);
    let area = rect(area);
    for (offset, line) in [head, detail].into_iter().enumerate() {
        let line_area = Rect {
            y: area.y + offset as u16,
            height: 1,
            ..area
        };
        print::line(frame.buffer_mut(), line_area, &line);
        if chosen && focused {
            frame.buffer_mut().set_style(line_area, theme.chosen());
        }
    }
}

/// The text with the words that the filter looks for lit up.
fn lit<'a>(state: &State, theme: Theme, text: String, style: Style) -> Vec<Span<'a>> {
    let places = search::lit(&text, state.history.phrases());
    if places.is_empty() {
        return vec![Span::styled(text, style)];
    }
    let piece = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
    let mut spans = Vec::new();
    let mut end = 0;
    for place in places {
        spans.push(Span::styled(piece(end, place.start), style));
        spans.push(Span::styled(piece(place.start, place.end), theme.found()));
        end = place.end;
    }
    spans.push(Span::styled(piece(end, text.len()), style));
    spans
}

/// Marks the row of the shown exchange; where the cursor is, the whole row is reversed instead.
fn bar<'a>(theme: Theme, chosen: bool, focused: bool) -> Span<'a> {
    if chosen && !focused {
        Span::styled("▌", theme.accent())
    } else {
        Span::raw(" ")
    }
}

/// Symbol, code and words; where they are not the user's own, the meaning as far as it fits.
fn head<'a>(
    state: &State,
    theme: Theme,
    row: &Summary,
    columns: usize,
    (chosen, focused): (bool, bool),
) -> Line<'a> {
    let (symbol, code, style) = standing(state, theme, row.standing);
    let style = row.level.map_or(style, |level| theme.rule_level(level));
    let code = if code.is_empty() {
        symbol
    } else {
        format!("{symbol} {code}")
    };
    // What is wrong with one that is damaged stands below.
    let words = match row.damage {
        Some(_) => format!("#{} is damaged", row.id),
        None => row_words(row),
    };
    let left = columns.saturating_sub(text::width(&code) + 1);
    let signs = signs(row);
    // What the user put there has its place beside a long message, too.
    let kept = match text::width(&signs) {
        0 => 0,
        width => width.min(columns / 2) + 2,
    };
    let words = text::truncate(&text::display(&words), left.saturating_sub(kept)).into_owned();
    let left = left.saturating_sub(text::width(&words) + 2);
    let meaning = match &row.message {
        _ if !signs.is_empty() => text::truncate(&text::display(&signs), left).into_owned(),
        None if left > 8 && row.damage.is_none() => {
            let evidence = row.evidence.as_deref();
            let said = evidence.unwrap_or_else(|| standing_meaning(row.standing));
            text::truncate(&text::display(said), left).into_owned()
        }
        _ => String::new(),
    };
    let words_style = if chosen { theme.strong() } else { Style::new() };
    let marked = state.history.marked().contains(&row.id);
    let first = if marked {
        Span::styled("◆", theme.accent())
    } else {
        bar(theme, chosen, focused)
    };
    let mut spans = vec![first, Span::styled(code, style)];
    spans.extend(lit(state, theme, format!(" {words}"), words_style));
    spans.push(Span::styled(format!("  {meaning}"), theme.dim()));
    Line::from(spans)
}

/// What the user put on an exchange, why it failed, and what it repeats: the reason comes before the number of
/// the other one.
fn signs(row: &Summary) -> String {
    let label = Some(label_signs(&row.label)).filter(|signs| !signs.is_empty());
    let again = lineage_sign(&row.lineage);
    let reason = row
        .evidence
        .clone()
        .filter(|_| again.is_some() && row.message.is_none());
    let between = if reason.is_some() { " · " } else { " " };
    let signs = label.into_iter().chain(reason).chain(again);
    signs.collect::<Vec<_>>().join(between)
}

/// Symbol, code and style of how an exchange stands.
fn standing(state: &State, theme: Theme, standing: Standing) -> (String, String, Style) {
    match standing {
        Standing::InFlight => (spinner(state.now).to_owned(), String::new(), theme.accent()),
        Standing::Answered(status) => {
            let mark = Mark::Class(Class::of(status));
            (
                mark.symbol().to_owned(),
                status.to_string(),
                theme.mark(mark),
            )
        }
        Standing::Failed(_) => (
            Mark::Failure.symbol().to_owned(),
            String::new(),
            theme.mark(Mark::Failure),
        ),
    }
}

/// Method and place at the left, time taken and when at the right.
fn detail(row: &Summary, label: &RowLabel, today: Date, columns: usize) -> String {
    let took = row.duration.map(human_duration).unwrap_or_default();
    let right = format!("{took:>7}  {}", label.when(today));
    let left_columns = columns.saturating_sub(text::width(&right) + 3);
    let place_columns = left_columns.saturating_sub(text::width(&label.method) + 1);
    let left = format!("{} {}", label.method, label.place(place_columns));
    format!("  {} {right}", text::pad(&left, left_columns))
}
