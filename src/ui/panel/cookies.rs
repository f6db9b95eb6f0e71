//! The cookies on the screen: the list, and one being edited; twin of [`crate::app::panel::cookies`].
//!
//! ```text
//! ┌ Cookies · local ───────────────────────────────────────────────────────────┐
//! │ [x] this request is sent with them; ● goes to its URL                       │
//! │                                                                             │
//! │ ● sid      ••••     localhost      /        session            HttpOnly     │
//! │   theme    ••••     .example.com   /app     2030-01-01 00:00   Secure       │
//! └─────────────────────────────────────────────────────────────────────────────┘
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
        panel::cookies::{CookieEditor, CookieLine, CookiesPanel, listed},
        rich::{self, Tone},
    },
    cookies::is_for,
    model::{Cookie, DOTS},
    prepare::complete_address,
    text,
    ui::{
        panel::window::{centred, choice, draw_keys, foot, window},
        rect,
        theme::Theme,
        widget::{input, lines},
    },
};

const LABEL_COLUMNS: u16 = 11;

/// Draws the list.
pub fn draw_list(frame: &mut Frame, state: &State, theme: Theme, panel: &CookiesPanel) {
    let jar = state.jar();
    let all = jar.as_deref().map(listed).unwrap_or_default();
    let area = centred(state, 104, (all.len() as u16 + 7).clamp(11, 24));
    let name = state.environment.as_deref();
    let title = match name {
        Some(name) => format!("Cookies · {}", text::display(name)),
        None => "Cookies · no environment".to_owned(),
    };
    window(frame, theme, area, &title);
    let inner = area.inner();
    lines::draw(frame, theme, Area { height: 1, ..inner }, &[head(state)], 0);
    let list = Area {
        height: inner.height.saturating_sub(4),
        ..inner.below(2)
    };
    if all.is_empty() {
        let text = match jar {
            Some(_) => {
                "None yet: what servers set by Set-Cookie comes here, and goes back with the next request to them."
            }
            None => "Reading the jar…",
        };
        let shown = rich::wrap(Tone::Dim, text, list.width, 0);
        lines::draw(frame, theme, list, &shown, 0);
    }
    let chosen = panel.chosen.min(all.len().saturating_sub(1));
    let url = complete_address(state.builder.url.text()).ok();
    let rows = all.iter().enumerate().map(|(index, cookie)| {
        let goes = url.as_ref().is_some_and(|url| is_for(cookie, url));
        let revealed = panel.revealed && index == chosen;
        row(theme, cookie, list.width, goes, revealed)
    });
    choice(frame, theme, (area, list), chosen, rows);
    draw_keys(
        frame,
        state,
        theme,
        inner,
        &[
            (Context::Cookies, "edit", "edit"),
            (Context::Cookies, "new", "new"),
            (Context::Cookies, "delete", "delete"),
            (Context::Cookies, "clear", "clear all"),
            (Context::Cookies, "reveal", "show value"),
            (Context::Cookies, "close", "close"),
        ],
    );
}

/// Whether the request uses the jar.
fn head(state: &State) -> rich::Line {
    let key = state.key_name(Context::Cookies, "use");
    let (mark, words) = if state.uses_jar() {
        ("[x]", " this request is sent with them; ● goes to its URL")
    } else {
        ("[ ]", " this request is sent without them, and keeps none")
    };
    rich::Line::new(Tone::Strong, mark)
        .then(Tone::Plain, words)
        .then(Tone::Dim, &format!("   {key} switches it"))
}

fn row(theme: Theme, cookie: &Cookie, width: u16, goes: bool, revealed: bool) -> Line<'static> {
    let cell = |text: &str, columns: usize| {
        let shown = text::display(text);
        let shown = text::truncate(&shown, columns);
        format!("{} ", text::pad(&shown, columns))
    };
    let mark = Span::styled(if goes { "● " } else { "  " }, theme.accent());
    let name = Span::styled(cell(&cookie.name, 16), theme.strong());
    if revealed {
        let room = usize::from(width).saturating_sub(20);
        let value = Span::raw(cell(&cookie.value.0, room));
        return Line::from(vec![mark, name, value]);
    }
    let wide = width >= 90;
    let end = cookie.expires.map_or_else(
        || "session".to_owned(),
        |end| end.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    );
    let mut flags = Vec::new();
    flags.extend(cookie.secure.then_some("Secure"));
    flags.extend(cookie.http_only.then_some("HttpOnly"));
    let mut spans = vec![
        mark,
        name,
        Span::styled(format!("{DOTS}  "), theme.dim()),
        Span::raw(cell(&cookie.scope(), if wide { 24 } else { 18 })),
        Span::raw(cell(&cookie.path, 10)),
        Span::styled(cell(&end, 20), theme.dim()),
    ];
    if wide {
        spans.push(Span::styled(flags.join(" "), theme.dim()));
    }
    Line::from(spans)
}

/// Draws a cookie being edited.
pub fn draw_editor(frame: &mut Frame, state: &State, theme: Theme, editor: &CookieEditor) {
    let area = centred(state, 84, 13);
    let title = if editor.before.is_some() {
        "Edit cookie"
    } else {
        "New cookie"
    };
    window(frame, theme, area, title);
    let inner = area.inner();
    for (row, line) in (0..).zip(CookieLine::ALL) {
        let place = Rect {
            y: inner.y + row,
            height: 1,
            ..rect(inner)
        };
        draw_line(frame, theme, place, editor, line);
    }
    let keys = [
        (Context::Cookie, "save", "keep"),
        (Context::Cookie, "close", "discard"),
    ];
    foot(frame, state, theme, inner, editor.problem.as_ref(), &keys);
}

fn draw_line(frame: &mut Frame, theme: Theme, area: Rect, editor: &CookieEditor, line: CookieLine) {
    let (label, hint) = words(line);
    frame.render_widget(Span::styled(label, theme.name()), area);
    let place = Rect {
        x: area.x + LABEL_COLUMNS,
        width: area.width.saturating_sub(LABEL_COLUMNS),
        ..area
    };
    let has_cursor = editor.line == line;
    match content(editor, line) {
        Content::Text(typed) => {
            input::line_or_hint(frame, theme, place, typed, hint, has_cursor);
        }
        Content::Switch(on) => {
            let style = if has_cursor {
                theme.chosen()
            } else {
                Style::new()
            };
            let mark = if on { "[x]" } else { "[ ]" };
            let hint = Span::styled(format!(" {hint}"), theme.dim());
            frame.render_widget(Line::from(vec![Span::styled(mark, style), hint]), place);
        }
    }
}

enum Content<'a> {
    Text(&'a Editor),
    Switch(bool),
}

fn content(editor: &CookieEditor, line: CookieLine) -> Content<'_> {
    match line {
        CookieLine::Name => Content::Text(&editor.name),
        CookieLine::Value => Content::Text(&editor.value),
        CookieLine::Domain => Content::Text(&editor.domain),
        CookieLine::Path => Content::Text(&editor.path),
        CookieLine::Expires => Content::Text(&editor.expires),
        CookieLine::Secure => Content::Switch(editor.secure),
        CookieLine::HttpOnly => Content::Switch(editor.http_only),
    }
}

fn words(line: CookieLine) -> (&'static str, &'static str) {
    match line {
        CookieLine::Name => ("name", "sid"),
        CookieLine::Value => ("value", "anything but ;"),
        CookieLine::Domain => ("domain", "host, or .host for what is below it, too"),
        CookieLine::Path => ("path", "/"),
        CookieLine::Expires => ("expires", "never by itself; or 2030-12-24T18:00:00Z"),
        CookieLine::Secure => ("Secure", "not over plain http, this machine excepted"),
        CookieLine::HttpOnly => ("HttpOnly", "hidden from scripts, where there are scripts"),
    }
}
