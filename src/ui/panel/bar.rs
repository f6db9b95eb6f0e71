//! The top line: method, URL, what the URL will be completed to, what is in flight.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use crate::{
    app::{State, message::Level},
    model::Focus,
    prepare::{Place, complete_text},
    template::has_template,
    text,
    ui::{
        panel::{resolved, spinner},
        theme::Theme,
        widget::{input, template},
    },
};

/// Draws the line into `area`.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, area: Rect) {
    let builder = state.shown_builder();
    let focused = state.focus == Focus::Url && state.popup.is_none();
    let method = format!(" {} ▾ ", text::display(&builder.method));
    let method_width = (text::width(&method) as u16).min(area.width / 3);
    let method_area = Rect {
        width: method_width,
        ..area
    };
    frame.render_widget(Span::styled(method, theme.method()), method_area);

    let status = right_side(state, theme);
    let status_width = (status.width() as u16).min(area.width / 3);
    let status_area = Rect {
        x: area.right() - status_width,
        width: status_width,
        ..area
    };
    frame.render_widget(status, status_area);

    let x = area.x + method_width + 1;
    let url_area = Rect {
        x,
        width: status_area.x.saturating_sub(x + 1),
        ..area
    };
    draw_url(frame, state, theme, url_area, focused);
}

fn draw_url(frame: &mut Frame, state: &State, theme: Theme, area: Rect, focused: bool) {
    let builder = state.shown_builder();
    let wrong = builder.problem_at(|place| place == Place::Url).is_some();
    let style = if wrong {
        theme.level(Level::Error)
    } else if focused {
        theme.strong()
    } else {
        Style::default()
    };
    if builder.url.is_empty() {
        let hint = "where to?  :3000/path   localhost:8080   https://host/path";
        let hint_area = Rect {
            x: area.x + 1,
            width: area.width.saturating_sub(1),
            ..area
        };
        frame.render_widget(Span::styled(hint, theme.dim()), hint_area);
        input::line(frame, area, &builder.url, style, focused);
        return;
    }
    let typed_width = text::width(&text::display(builder.url.text())) as u16 + 1;
    input::line(frame, area, &builder.url, style, focused);
    template::highlight(frame, area, theme.template());
    if let Some(completed) = completion(state) {
        let start = area.x + typed_width + 1;
        let width = area.right().saturating_sub(start);
        if width > 12 {
            let hint = format!("→ {}", text::display(&completed));
            let hint = text::truncate(&hint, usize::from(width)).into_owned();
            frame.render_widget(
                Span::styled(hint, if wrong { style } else { theme.dim() }),
                Rect {
                    x: start,
                    width,
                    ..area
                },
            );
        }
    }
}

/// What the typed URL will be completed to, while that is something else; what kept it from being sent.
fn completion(state: &State) -> Option<String> {
    let builder = state.shown_builder();
    let typed = builder.url.text();
    if let Some(reason) = builder.problem_at(|place| place == Place::Url) {
        return Some(format!("! {reason}"));
    }
    if has_template(typed) {
        let shown = resolved(state, typed)?;
        return Some(match shown {
            Ok(shown) => complete_text(&shown).unwrap_or(shown),
            Err(reason) => format!("! {reason}"),
        });
    }
    match complete_text(typed) {
        Ok(completed) => Some(completed).filter(|completed| completed != typed),
        // Half of a URL is none: while it is typed, nothing is said of it.
        Err(_) if typed.trim().is_empty() || state.focus == Focus::Url => None,
        Err(reason) => Some(format!("! {reason}")),
    }
}

/// What is in flight, and the chosen environment: production by its word too, not by colour alone.
fn right_side<'a>(state: &State, theme: Theme) -> Line<'a> {
    let mut spans = vec![in_flight(state, theme)];
    if state.is_insecure() {
        spans.push(Span::styled(" INSECURE ", theme.production()));
    }
    if state.is_private {
        spans.push(Span::styled(" PRIVATE ", theme.badge()));
    } else if state.unkept().is_some() {
        spans.push(Span::styled(" NOT KEPT ", theme.badge()));
    }
    if state.is_production() {
        spans.push(Span::styled(" PRODUCTION ", theme.production()));
    }
    let (name, style) = match &state.environment {
        Some(name) => (text::display(name).into_owned(), theme.accent()),
        None => ("none".to_owned(), theme.dim()),
    };
    spans.push(Span::styled(" env ", theme.dim()));
    spans.push(Span::styled(format!("{name} "), style));
    Line::from(spans)
}

fn in_flight<'a>(state: &State, theme: Theme) -> Span<'a> {
    match state.sends.count() {
        0 => match &state.playground {
            Some(_) => Span::styled("playground ", theme.dim()),
            None => Span::raw(""),
        },
        count => Span::styled(
            format!("{} {count} in flight ", spinner(state.now)),
            theme.accent(),
        ),
    }
}
