//! The response zone on the screen: the status with its meaning, and the open page.

use ratatui::{Frame, text::Span};

use crate::{
    app::{
        State,
        command::Context,
        layout::Area,
        panel::response::{PROGRESS_ROWS, ResponsePanel, Shown, offer},
        rich::{self, Tone, wrap},
        send::InFlight,
    },
    model::{Focus, Fork, Outcome, ResponseTab},
    status::diagnosis::redirect_evidence,
    ui::{
        panel::{response_body, spinner},
        rect,
        theme::Theme,
        widget::{frame as border, lines},
    },
    units::human_duration,
};

/// Draws the zone into `area`, within the border.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, area: Area) {
    let panel = &state.response;
    let focused = state.focus == Focus::Response && state.popup.is_none();
    let titles = ResponseTab::ALL.map(|tab| (tab_title(panel, tab), tab == panel.tab));
    let at = border::Cursor::new(focused, false);
    let inner = area.inner();
    let title = border::tabs(theme, "Response", at, &titles, area.width.saturating_sub(2));
    border::title(frame, area, &title);
    match panel.shown() {
        Shown::Nothing => draw_nothing(frame, state, theme, inner),
        Shown::InFlight(send) => {
            if let Some(in_flight) = state.sends.get(*send) {
                draw_in_flight(frame, state, theme, inner, in_flight);
            }
        }
        Shown::Loading(id) => {
            frame.render_widget(
                Span::styled(format!("Loading #{id}…"), theme.dim()),
                rect(inner),
            );
        }
        Shown::Missing(id, reason) => {
            let text = format!("#{id} cannot be shown: {reason}.");
            lines::draw(
                frame,
                theme,
                inner,
                &wrap(Tone::Warning, &text, inner.width, 0),
                0,
            );
        }
        Shown::Exchange(_) => draw_exchange(frame, state, theme, area),
    }
}

fn tab_title(panel: &ResponsePanel, tab: ResponseTab) -> String {
    let exchange = panel.exchange();
    match tab {
        ResponseTab::Body => "Body".to_owned(),
        ResponseTab::Headers => {
            let received = exchange
                .and_then(|it| it.outcome.as_ref())
                .and_then(Outcome::received);
            received.map_or_else(
                || "Headers".to_owned(),
                |it| format!("Headers {}", it.head.headers.len()),
            )
        }
        ResponseTab::Meaning => "Meaning".to_owned(),
        ResponseTab::Timing => "Timing".to_owned(),
        ResponseTab::Hops => match exchange.map_or(0, |it| it.hops.len()) {
            0 => "Hops".to_owned(),
            count => format!("Hops {count}"),
        },
        ResponseTab::Sent => "Sent".to_owned(),
    }
}

fn draw_nothing(frame: &mut Frame, state: &State, theme: Theme, area: Area) {
    let send = state.key_name(Context::Anywhere, "send");
    let help = state.key_name(Context::Anywhere, "help");
    let text = [
        (Tone::Strong, "Nothing sent yet.".to_owned()),
        (
            Tone::Dim,
            "Type the URL, Tab to the fields, Enter sends them.".to_owned(),
        ),
        (
            Tone::Dim,
            format!("{send} sends from anywhere; {help} shows every key."),
        ),
    ];
    let all: Vec<rich::Line> = text
        .iter()
        .flat_map(|(tone, text)| wrap(*tone, text, area.width, 0))
        .collect();
    lines::draw(frame, theme, area, &all, 0);
}

fn draw_in_flight(frame: &mut Frame, state: &State, theme: Theme, area: Area, send: &InFlight) {
    let elapsed = state.now.duration_since(send.started_at).unsigned_abs();
    let doing = if send.cancelling {
        "cancelling"
    } else if send.consent.is_some() {
        "waiting for your login in the browser"
    } else if send.fork.is_some() {
        "waiting for you"
    } else if send.is_waiting(state.now) {
        "waiting to try again"
    } else {
        send.phase.doing()
    };
    let mut progress = format!("{doing}…  {}", human_duration(elapsed));
    if send.hop > 1 {
        progress = format!("{progress}  ·  hop {}", send.hop);
    }
    let cancel = state.key_name(Context::Anywhere, "back");
    let mut shown = vec![
        rich::Line::new(Tone::Heading, spinner(state.now))
            .then(Tone::Strong, &format!(" {progress}")),
    ];
    if let Some(attempt) = send.attempt_words(state.now) {
        shown.push(rich::Line::new(Tone::Plain, &format!("  {attempt}")));
    }
    let download = send.download.filter(|it| it.bytes > 0);
    if let Some(transfer) = download.or(send.upload) {
        let words = format!("  {}", transfer.words(state.now));
        shown.push(rich::Line::new(Tone::Plain, &words));
    }
    shown.extend([
        rich::Line::new(
            Tone::Dim,
            &format!("  {} {}", send.prepared.method, send.prepared.url),
        ),
        rich::Line::new(Tone::Dim, &format!("  {cancel} cancels")),
    ]);
    if let Some(url) = &send.consent {
        shown.push(rich::Line::blank());
        let text = "The service wants you to log in: open this page in a browser on this machine.";
        shown.extend(wrap(Tone::Strong, text, area.width, 0));
        shown.extend(wrap(Tone::Plain, url, area.width, 0));
    }
    if let Some(fork) = &send.fork {
        shown.extend(fork_lines(state, fork, area.width));
    }
    lines::draw(frame, theme, area, &shown, 0);
    // What has come so far.
    if state.response.on_body() {
        response_body::draw(frame, state, theme, area.below(PROGRESS_ROWS));
    }
}

/// The redirect that waits, and the keys that decide.
fn fork_lines(state: &State, fork: &Fork, columns: u16) -> Vec<rich::Line> {
    let mut lines = vec![rich::Line::blank()];
    let words = format!("A redirect: {}.", fork.words());
    lines.extend(wrap(Tone::Warning, &words, columns, 0));
    let go = if state.focus == Focus::Response {
        String::new()
    } else {
        format!(
            "{}, then ",
            state.key_name(Context::Anywhere, "go-response")
        )
    };
    let key = |name| state.key_name(Context::Fork, name);
    let keep = if fork.method == fork.sent {
        String::new()
    } else {
        format!(" · {} keep the {}", key("keep-method"), fork.sent)
    };
    let keys = format!(
        "{go}{} follow{keep} · {} stop here",
        key("follow"),
        key("stop")
    );
    lines.extend(wrap(Tone::Strong, &keys, columns, 0));
    lines
}

fn draw_exchange(frame: &mut Frame, state: &State, theme: Theme, area: Area) {
    let (panel, inner) = (&state.response, area.inner());
    lines::draw(frame, theme, inner, panel.summary(), 0);
    draw_offer(
        frame,
        state,
        theme,
        inner.below(panel.summary().len() as u16),
    );
    let page = inner.below(panel.head_rows() + u16::from(!panel.summary().is_empty()));
    match (panel.tab, panel.body()) {
        (ResponseTab::Body, Some(_)) => response_body::draw(frame, state, theme, page),
        _ => lines::draw(frame, theme, page, panel.page(), panel.scroll()),
    }
    border::scroll_bar(
        frame,
        theme,
        area,
        panel.rows(),
        panel.scroll(),
        page.height,
    );
}

/// The first step beside what it follows from; the time to wait for it runs down.
fn draw_offer(frame: &mut Frame, state: &State, theme: Theme, area: Area) {
    let panel = &state.response;
    if let Some(words) = state.followups.words(state.now) {
        let stop = state.key_name(Context::Anywhere, "back");
        let line = rich::Line::new(Tone::Heading, spinner(state.now))
            .then(Tone::Plain, &format!(" {words} · {stop} stops"));
        lines::draw(frame, theme, area, &[line], 0);
        return;
    }
    let keys = (state.step_key(), state.key_name(Context::Anywhere, "back"));
    let line = panel.diagnosis().and_then(|diagnosis| {
        let waiting = panel.waiting(state.now);
        let told = panel.exchange().map(|exchange| redirect_evidence(exchange));
        let told = told.unwrap_or_default();
        offer::line(diagnosis, &told, waiting, (&keys.0, &keys.1), area.width)
    });
    lines::draw(frame, theme, area, line.as_slice(), 0);
}
