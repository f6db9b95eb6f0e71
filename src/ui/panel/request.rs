//! The request zone on the screen: its tabs, tables and body texts.

use ratatui::{Frame, layout::Rect, style::Style, text::Span, widgets::Clear};

use crate::{
    app::{
        State,
        layout::Area,
        message::Level,
        panel::{
            builder::Builder,
            completion,
            table::{Row, Table},
        },
        wrong::tab_of,
    },
    auth,
    model::{BodyKind, Cell, Focus, RequestTab},
    prepare::Place,
    status::headers,
    text,
    ui::{
        panel::{
            body, complaints, part, resolved,
            settings::{self, Remarks},
        },
        rect,
        theme::Theme,
        widget::{frame as border, input, print, template},
    },
};

/// Columns of a saved request's name in the title at the most.
const TITLE_COLUMNS: usize = 24;

/// Draws the zone into `area`, within the border.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, area: Area) {
    let builder = state.shown_builder();
    let focused = state.focus == Focus::Request && state.popup.is_none();
    let title = match state
        .response
        .id()
        .filter(|_| state.viewing && state.viewed.is_some())
    {
        Some(id) => format!("Sent #{id}"),
        None => draft_title(state),
    };
    let titles: Vec<_> = builder
        .tabs()
        .map(|tab| (marked_title(builder, tab), tab == builder.tab))
        .collect();
    let at = border::Cursor::new(focused, focused && builder.on_tabs);
    let inner = area.inner();
    border::title(
        frame,
        area,
        &border::tabs(theme, &title, at, &titles, area.width.saturating_sub(2)),
    );
    if builder.tab == RequestTab::Preview {
        super::wire::draw(frame, state, theme, area);
        return;
    }
    let has_cursor = focused && !builder.on_tabs;
    if let Some(settings) = builder.settings() {
        return settings::draw(frame, theme, inner, settings, &remarks(builder), has_cursor);
    }
    match builder.shown_table() {
        Some(table) => draw_table(frame, state, theme, inner, table, has_cursor),
        None => body::draw(frame, state, theme, inner, has_cursor),
    }
    if builder.tab != RequestTab::Rules {
        template::highlight(frame, rect(inner), theme.template());
    }
}

/// The saved request that the draft belongs to, with a star when it was edited since.
fn draft_title(state: &State) -> String {
    match state.belonging() {
        Some(belonging) => {
            let name = text::display(belonging.name);
            let name = text::truncate(&name, TITLE_COLUMNS);
            let edited = if belonging.edited { " *" } else { "" };
            format!("{name}{edited}")
        }
        None => "Request".to_owned(),
    }
}

/// A tab with something in it that keeps the draft from being sent has a mark.
fn marked_title(builder: &Builder, tab: RequestTab) -> String {
    let title = tab_title(builder, tab);
    let is_wrong = builder.problem_at(|place| tab_of(place) == Some(tab));
    is_wrong.map_or(title.clone(), |_| format!("{title}!"))
}

fn tab_title(builder: &Builder, tab: RequestTab) -> String {
    let counted = |name: &str, table: &Table| match table.sent() {
        0 => name.to_owned(),
        count => format!("{name} {count}"),
    };
    match tab {
        RequestTab::Body => format!("Body:{}", builder.body_kind.name()),
        RequestTab::Headers => counted("Headers", &builder.headers),
        RequestTab::Query => counted("Query", &builder.query),
        RequestTab::Path => counted("Path", &builder.path),
        RequestTab::Auth => match builder.auth.auth() {
            auth if auth.is_none() => "Auth".to_owned(),
            auth => format!("Auth:{}", text::display(&auth.kind)),
        },
        RequestTab::Rules => counted("Rules", &builder.rules),
        RequestTab::Options => match builder.options.chosen() {
            0 => "Options".to_owned(),
            count => format!("Options {count}"),
        },
        RequestTab::Preview => "Preview".to_owned(),
    }
}

/// What the auth tab and the options tab have to say beside their rows.
fn remarks(builder: &Builder) -> Remarks {
    let problems = builder.problems().filter_map(|problem| {
        let name = match problem.place {
            Place::Auth(name) if builder.tab == RequestTab::Auth => name,
            Place::Option(name) if builder.tab == RequestTab::Options => name,
            _ => return None,
        };
        Some((name, problem.reason.clone()))
    });
    let mut problems: Vec<(&str, String)> = problems.collect();
    let mut note = None;
    if builder.tab == RequestTab::Options {
        problems.extend(builder.options.problems());
    } else {
        note = auth::overriding_row(&builder.request()).map(|name| {
            format!(
                "Not used: the row {name} of Headers wins. Switch it off there to use this tab."
            )
        });
    }
    Remarks { problems, note }
}

/// What a blank row says, so that an empty tab explains itself.
fn placeholders(tab: RequestTab, kind: BodyKind) -> (&'static str, &'static str) {
    match tab {
        RequestTab::Body if kind == BodyKind::Form => ("field", "value"),
        RequestTab::Body if kind == BodyKind::Multipart => ("field", "text or file"),
        RequestTab::Body | RequestTab::Auth | RequestTab::Options | RequestTab::Preview => ("", ""),
        RequestTab::Headers => ("header", "value"),
        RequestTab::Query => ("parameter", "value"),
        RequestTab::Path => ("", "value"),
        RequestTab::Rules => ("200, 4xx, else", "your message: Created {{ json.id }}"),
    }
}

fn draw_table(
    frame: &mut Frame,
    state: &State,
    theme: Theme,
    area: Area,
    table: &Table,
    has_cursor: bool,
) {
    let height = usize::from(area.height);
    // Keeps the row below the cursor's in sight, too: that is where the next one is typed.
    let wanted = (table.row() + 2).min(table.rows().len());
    let first = wanted.saturating_sub(height);
    let name_columns = name_columns(table, area.width);
    if table.rows().is_empty() {
        let hint = "The URL has no parameters in its path: write :id or {id} there.";
        frame.render_widget(Span::styled(hint, theme.dim()), rect(area));
    }
    for (offset, (index, row)) in table
        .rows()
        .iter()
        .enumerate()
        .skip(first)
        .take(height)
        .enumerate()
    {
        let place = Rect {
            x: area.x,
            y: area.y + offset as u16,
            width: area.width,
            height: 1,
        };
        let cell = (has_cursor && index == table.row()).then(|| table.cell());
        draw_row(frame, state, theme, place, name_columns, (index, row), cell);
    }
    if state.shown_builder().tab == RequestTab::Headers {
        let below = area.below((table.rows().len() - first) as u16);
        super::wire::draw_automatic(frame, state, theme, below, name_columns);
        draw_meaning(frame, theme, below, table);
    }
    border::scroll_bar(
        frame,
        theme,
        Area {
            x: area.x - 2,
            y: area.y - 1,
            width: area.width + 4,
            height: area.height + 2,
        },
        table.rows().len(),
        first,
        area.height,
    );
}

/// What the field under the cursor means, on the last row where that is free.
fn draw_meaning(frame: &mut Frame, theme: Theme, below: Area, table: &Table) {
    let name = table.current().map_or("", |row| row.name.text().trim());
    let Some(entry) = headers::lookup(name).filter(|_| below.height > FREE_ROWS) else {
        return;
    };
    let text = format!("{}: {}", entry.name, entry.meaning);
    let text = text::truncate(&text, usize::from(below.width));
    let place = rect(below.below(below.height - 1));
    frame.render_widget(Clear, place);
    frame.render_widget(Span::styled(text.into_owned(), theme.accent()), place);
}

/// Rows that the automatic header fields take at the most.
const FREE_ROWS: u16 = 5;

/// As wide as the longest name, between 14 columns and two fifths of the zone.
fn name_columns(table: &Table, width: u16) -> u16 {
    let longest = table
        .rows()
        .iter()
        .map(|row| text::width(&text::display(row.name.text())))
        .max();
    (longest.unwrap_or(0) as u16 + 1).clamp(16, (width * 2 / 5).max(16))
}

fn draw_row(
    frame: &mut Frame,
    state: &State,
    theme: Theme,
    area: Rect,
    name_columns: u16,
    (index, row): (usize, &Row),
    cell: Option<Cell>,
) {
    let builder = state.shown_builder();
    let blank = row.name.is_empty() && row.value.is_empty() && !row.is_file;
    let toggle = match (blank, row.enabled) {
        (true, true) => " · ",
        (_, true) => "[x]",
        (_, false) => "[ ]",
    };
    let toggle_style = if cell == Some(Cell::Toggle) {
        theme.chosen()
    } else {
        theme.dim()
    };
    print::text(frame.buffer_mut(), area, toggle, toggle_style);

    let name_area = Rect {
        x: area.x + 4,
        width: name_columns,
        ..area
    };
    let value_x = name_area.right() + 2;
    let mut value_area = Rect {
        x: value_x,
        width: area.right().saturating_sub(value_x),
        ..area
    };
    let pinned = || complaints::of_row(state, builder.tab, row);
    let problem = problem(state, builder, index, row).or_else(pinned);
    if builder.shown_table().is_some_and(Table::has_parts) && !blank {
        let (value, detail) = part::split(value_area);
        value_area = value;
        if row.is_file {
            let mark = Rect {
                x: name_area.right(),
                width: 1,
                ..area
            };
            frame.render_widget(Span::styled(part::FILE_MARK, theme.accent()), mark);
        }
        part::draw(frame, theme, detail, row, cell, problem.is_some());
    }
    let style = if row.enabled {
        Style::default()
    } else {
        theme.dim()
    };
    let name_style = if row.enabled {
        theme.name()
    } else {
        theme.dim()
    };
    if blank {
        let (name, value) = placeholders(builder.tab, builder.body_kind);
        for (hint, place, own) in [
            (name, name_area, Cell::Name),
            (value, value_area, Cell::Value),
        ] {
            let shift = u16::from(cell == Some(own));
            frame.buffer_mut().set_stringn(
                place.x + shift,
                place.y,
                hint,
                usize::from(place.width.saturating_sub(shift)),
                theme.dim(),
            );
        }
    }
    input::line(
        frame,
        name_area,
        &row.name,
        name_style,
        cell == Some(Cell::Name),
    );
    if row.is_file && cell != Some(Cell::Value) {
        input::line_end(frame, value_area, &row.value, style);
    } else {
        let has_cursor = cell == Some(Cell::Value);
        input::line(frame, value_area, &row.value, style, has_cursor);
    }
    match cell {
        Some(Cell::Name) => draw_suggestion(frame, state, theme, name_area, row, cell),
        Some(Cell::Value) => draw_suggestion(frame, state, theme, value_area, row, cell),
        _ => {}
    }
    if let Some(problem) = problem {
        let place = Rect {
            width: area.right().saturating_sub(value_x),
            ..value_area
        };
        let used = (text::width(&text::display(row.value.text())) as u16).min(value_area.width);
        draw_problem(frame, theme, name_area, place, used + 2, &problem);
    } else if cell.is_some() && builder.tab != RequestTab::Rules {
        draw_resolved(frame, state, theme, value_area, row.value.text());
    }
    if cell == Some(Cell::Toggle) {
        frame.buffer_mut().set_style(area, theme.strong());
    }
}

/// What the key at the end of the text would add to it.
fn draw_suggestion(
    frame: &mut Frame,
    state: &State,
    theme: Theme,
    area: Rect,
    row: &Row,
    cell: Option<Cell>,
) {
    let Some(rest) = completion::suggestion(state.shown_builder(), &state.names) else {
        return;
    };
    let typed = if cell == Some(Cell::Name) {
        &row.name
    } else {
        &row.value
    };
    let used = text::width(&text::display(typed.text())) as u16;
    let room = area.width.saturating_sub(used);
    let shown = text::display(&rest);
    frame.buffer_mut().set_stringn(
        area.x + used.min(area.width),
        area.y,
        shown,
        usize::from(room),
        theme.dim(),
    );
}

/// The row is marked, and the reason stands behind its value.
fn draw_problem(
    frame: &mut Frame,
    theme: Theme,
    name: Rect,
    value: Rect,
    used: u16,
    problem: &str,
) {
    let style = theme.level(Level::Error);
    frame.buffer_mut().set_style(name, style);
    let room = value.width.saturating_sub(used);
    if room > 10 {
        let shown = text::display(problem);
        let shown = text::truncate(&shown, usize::from(room).saturating_sub(2)).into_owned();
        frame
            .buffer_mut()
            .set_string(value.x + used, value.y, format!("! {shown}"), style);
    }
}

/// What the value's templates stand for, where there is room behind it.
fn draw_resolved(frame: &mut Frame, state: &State, theme: Theme, value: Rect, typed: &str) {
    let Some(resolved) = resolved(state, typed) else {
        return;
    };
    let hint = match resolved {
        Ok(shown) => format!("→ {shown}"),
        Err(reason) => format!("! {reason}"),
    };
    let used = text::width(&text::display(typed)) as u16 + 2;
    let room = value.width.saturating_sub(used);
    if room > 8 {
        let shown = text::display(&hint);
        let shown = text::truncate(&shown, usize::from(room)).into_owned();
        frame
            .buffer_mut()
            .set_string(value.x + used, value.y, shown, theme.dim());
    }
}

fn problem(state: &State, builder: &Builder, index: usize, row: &Row) -> Option<String> {
    match builder.tab {
        RequestTab::Rules => state.rule_problems.of(row).map(str::to_owned),
        tab => builder
            .problem_at(|place| is_at(place, tab, index))
            .map(str::to_owned),
    }
}

/// Whether a problem belongs to a row of a tab.
fn is_at(place: Place, tab: RequestTab, index: usize) -> bool {
    match (place, tab) {
        (Place::Header(row), RequestTab::Headers)
        | (Place::Query(row), RequestTab::Query)
        | (Place::Path(row), RequestTab::Path)
        | (Place::Form(row) | Place::Part(row, _), RequestTab::Body) => row == index,
        _ => false,
    }
}
