//! The environments on the screen: their list, one being edited, a value asked for before a send.
//!
//! ```text
//! ┌ Environment local ────────────────────────────────┐
//! │ extends     base                                  │
//! │ production  [ ] asks before it sends              │
//! │                                                   │
//! │          base_url          http://127.0.0.1:7878  │
//! │ secret   token             ••••                   │
//! └───────────────────────────────────────────────────┘
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
        command::Context,
        editor::Editor,
        layout::Area,
        message::Level,
        panel::{
            environment::{self, EnvironmentEditor},
            environments::EnvironmentPicker,
            prompt::Prompt,
            table::Row,
        },
        rich::{self, Tone},
    },
    model::{Cell, DOTS, Environment},
    text,
    ui::{
        panel::window::{centred, choice, draw_keys, foot, typed_line, window},
        rect,
        theme::Theme,
        widget::{input, lines},
    },
};

/// Draws the list of environments.
pub fn draw_list(frame: &mut Frame, state: &State, theme: Theme, picker: &EnvironmentPicker) {
    let all = &state.environments.all;
    let area = centred(state, 76, (all.len() as u16 + 6).clamp(9, 20));
    window(frame, theme, area, "Environment");
    let inner = area.inner();
    let names = all
        .iter()
        .map(|it| text::width(&it.name))
        .max()
        .unwrap_or(0);
    let names = names.clamp(6, 24);
    let none = ("none", "names in {{ }} stand for nothing".to_owned());
    let rows = all.iter().map(|it| {
        let is_production = state.environments.is_production(&it.name);
        (it.name.as_str(), about(it, is_production))
    });
    let rows: Vec<(&str, String)> = std::iter::once(none).chain(rows).collect();
    let list = Area {
        height: inner.height.saturating_sub(2),
        ..inner
    };
    let shown = rows.iter().enumerate().map(|(index, (name, about))| {
        let is_in_use = match &state.environment {
            Some(in_use) => index > 0 && in_use == name,
            None => index == 0,
        };
        let mark = if is_in_use { "● " } else { "  " };
        let name = text::truncate(name, names).into_owned();
        let columns = usize::from(list.width).saturating_sub(names + 4);
        let about = text::truncate(about, columns).into_owned();
        Line::from(vec![
            Span::styled(mark, theme.accent()),
            Span::styled(format!("{}  ", text::pad(&name, names)), theme.strong()),
            Span::styled(about, theme.dim()),
        ])
    });
    choice(frame, theme, (area, list), picker.chosen, shown);
    draw_keys(
        frame,
        state,
        theme,
        inner,
        &[
            (Context::Environments, "pick", "take"),
            (Context::Environments, "edit", "edit"),
            (Context::Environments, "options", "options"),
            (Context::Environments, "new", "new"),
            (Context::Environments, "rename", "rename"),
            (Context::Environments, "duplicate", "copy"),
            (Context::Environments, "delete", "delete"),
            (Context::Environments, "close", "close"),
        ],
    );
}

fn about(environment: &Environment, is_production: bool) -> String {
    let count = environment.variables.len();
    let secrets = environment.variables.iter().filter(|it| it.secret).count();
    let mut words = Vec::new();
    if is_production {
        words.push("PRODUCTION".to_owned());
    }
    words.push(match count {
        1 => "1 variable".to_owned(),
        count => format!("{count} variables"),
    });
    if secrets > 0 {
        words.push(format!("{secrets} secret"));
    }
    match environment.options.len() {
        0 => {}
        1 => words.push("1 option".to_owned()),
        count => words.push(format!("{count} options")),
    }
    if let Some(parent) = &environment.extends {
        words.push(format!("extends {}", text::display(parent)));
    }
    words.join(" · ")
}

/// Draws an environment being edited.
pub fn draw_editor(frame: &mut Frame, state: &State, theme: Theme, editor: &EnvironmentEditor) {
    let rows = editor.variables.rows().len() as u16;
    let area = centred(state, 92, (rows + 8).clamp(14, 30));
    let title = if editor.is_new {
        "New environment".to_owned()
    } else {
        format!("Environment {}", text::display(editor.name.text()))
    };
    window(frame, theme, area, &title);
    let inner = area.inner();
    let table_at = draw_head(frame, theme, inner, editor);
    let table = Area {
        height: inner.height.saturating_sub(table_at + 2),
        ..inner.below(table_at)
    };
    draw_rows(frame, theme, table, editor);
    let keys = [
        (Context::Variables, "save", "keep"),
        (Context::Variables, "toggle", "secret"),
        (Context::Variables, "remove", "remove"),
        (Context::Variables, "close", "discard"),
    ];
    foot(frame, state, theme, inner, editor.problem.as_ref(), &keys);
}

/// The lines above the variables; answers with how many rows they take.
fn draw_head(frame: &mut Frame, theme: Theme, inner: Area, editor: &EnvironmentEditor) -> u16 {
    let mut row = 0;
    let mut texts = vec![(environment::Line::Extends, "extends", &editor.extends)];
    if editor.is_new {
        texts.insert(0, (environment::Line::Name, "name", &editor.name));
    }
    for (line, label, typed) in texts {
        let place = head_place(frame, theme, inner, row, label);
        let has_cursor = editor.line == line;
        let hint = match line {
            environment::Line::Name => "local, staging, prod …",
            _ => "another environment whose variables hold here too",
        };
        input::line_or_hint(frame, theme, place, typed, hint, has_cursor);
        row += 1;
    }
    let place = head_place(frame, theme, inner, row, "production");
    let mark = if editor.production { "[x]" } else { "[ ]" };
    let style = if editor.line == environment::Line::Production {
        theme.chosen()
    } else {
        Style::new()
    };
    let line = Line::from(vec![
        Span::styled(mark, style),
        Span::styled(
            " asks before it sends what may change something",
            theme.dim(),
        ),
    ]);
    frame.render_widget(line, place);
    row + 2
}

fn head_place(frame: &mut Frame, theme: Theme, inner: Area, row: u16, label: &str) -> Rect {
    let line = Rect {
        y: inner.y + row,
        height: 1,
        ..rect(inner)
    };
    frame.render_widget(Span::styled(label.to_owned(), theme.name()), line);
    Rect {
        x: line.x + 12,
        width: line.width.saturating_sub(12),
        ..line
    }
}

fn draw_rows(frame: &mut Frame, theme: Theme, area: Area, editor: &EnvironmentEditor) {
    let table = &editor.variables;
    let height = usize::from(area.height);
    let wanted = (table.row() + 2).min(table.rows().len());
    let first = wanted.saturating_sub(height);
    let longest = table
        .rows()
        .iter()
        .map(|row| text::width(&text::display(row.name.text())));
    let names = (longest.max().unwrap_or(0) as u16 + 1).clamp(16, area.width / 3);
    let shown = table.rows().iter().enumerate().skip(first).take(height);
    for (y, (index, row)) in (area.y..).zip(shown) {
        let has_cursor = editor.line == environment::Line::Variables && index == table.row();
        let cell = has_cursor.then(|| table.cell());
        let place = Rect {
            y,
            height: 1,
            ..rect(area)
        };
        draw_row(frame, theme, place, names, row, cell);
    }
}

fn draw_row(
    frame: &mut Frame,
    theme: Theme,
    area: Rect,
    names: u16,
    row: &Row,
    cell: Option<Cell>,
) {
    let name = Rect {
        x: area.x + 9,
        width: names,
        ..area
    };
    let value = Rect {
        x: name.right() + 2,
        width: area.right().saturating_sub(name.right() + 2),
        ..area
    };
    if !row.enabled {
        frame.render_widget(Span::styled("secret", theme.level(Level::Warning)), area);
    }
    if row.enabled && row.name.is_empty() && row.value.is_empty() {
        let at = |place: Rect, own| Rect {
            x: place.x + u16::from(cell == Some(own)),
            ..place
        };
        frame.render_widget(Span::styled("name", theme.dim()), at(name, Cell::Name));
        frame.render_widget(Span::styled("value", theme.dim()), at(value, Cell::Value));
    }
    input::line(
        frame,
        name,
        &row.name,
        theme.name(),
        cell == Some(Cell::Name),
    );
    if cell == Some(Cell::Value) || row.enabled || row.value.is_empty() {
        input::line(
            frame,
            value,
            &row.value,
            Style::new(),
            cell == Some(Cell::Value),
        );
    } else {
        frame.render_widget(Span::styled(DOTS, theme.dim()), value);
    }
}

/// Draws the question for a value; what is typed is dots.
pub fn draw_prompt(frame: &mut Frame, state: &State, theme: Theme, prompt: &Prompt) {
    let area = centred(state, 64, 8);
    window(frame, theme, area, "Before it is sent");
    let inner = area.inner();
    let asked = rich::wrap(Tone::Strong, &prompt.question, inner.width, 0);
    lines::draw(frame, theme, Area { height: 2, ..inner }, &asked, 0);
    typed_line(frame, theme, inner.below(2), &dotted(&prompt.typed));
    draw_keys(
        frame,
        state,
        theme,
        inner,
        &[
            (Context::Prompt, "answer", "send"),
            (Context::Prompt, "close", "do not send"),
        ],
    );
}

/// A dot for every character, the cursor between the same ones.
fn dotted(typed: &Editor) -> Editor {
    let dots = |text: &str| "•".repeat(text.chars().count());
    let (before, after) = typed.split();
    let before = dots(before);
    let mut editor = Editor::new(format!("{before}{}", dots(after)));
    editor.move_to(before.len());
    editor
}
