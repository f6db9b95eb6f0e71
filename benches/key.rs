//! What one key costs: the update of the state and the picture of the whole screen at 160x45.
//!
//! `cargo bench --bench key`

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a benchmark breaks off when something is wrong"
)]

use divan::{Bencher, black_box};
use jiff::{Timestamp, tz::TimeZone};
use posttui::{
    app::{
        self, State,
        key::Key,
        keymap::Keymap,
        message::{Event, HistoryPage, Message},
        update,
    },
    model::{ExchangeId, Field, Focus, Request, Session, Standing, Summary},
    ui::{self, theme::Theme},
};
use ratatui::{Terminal, backend::TestBackend};

fn main() {
    divan::main();
}

/// A screen full of everything: fields, rules, a history longer than the zone.
fn full_state(focus: Focus) -> State {
    let mut draft = Request {
        url: "http://localhost:3000/api/create_user".to_owned(),
        ..Request::default()
    };
    draft.body.form = (0..20)
        .map(|number| Field::new(format!("name{number}"), "a value of some length"))
        .collect();
    draft.rules = vec![Field::new("2xx", "It worked."), Field::new("else", "No.")];
    let (mut state, _) = State::new(app::Start {
        size: (160, 45),
        now: Timestamp::UNIX_EPOCH,
        time_zone: TimeZone::UTC,
        keymap: Keymap::default(),
        session: Session {
            draft,
            focus,
            ..Session::default()
        },
        draft: None,
        notes: Vec::new(),
        environments: posttui::model::Environments::default(),
        playground: None,
        is_private: false,
    });
    let rows = (0..200).rev().map(row).collect();
    let page = HistoryPage {
        job: state.jobs,
        appended: false,
        rows,
        complete: true,
    };
    happen(&mut state, Event::HistoryPage(page));
    state
}

fn row(number: i64) -> Summary {
    let url = format!("https://api.example.com/v1/orders/{number}");
    Summary {
        standing: Standing::Answered([200, 302, 404, 500][number as usize % 4]),
        duration: Some(std::time::Duration::from_millis(84)),
        body_bytes: Some(512),
        ..Summary::begun(ExchangeId(number), Timestamp::UNIX_EPOCH, "POST", &url)
    }
}

fn happen(state: &mut State, event: Event) {
    let at = Timestamp::UNIX_EPOCH;
    black_box(update(state, Message { at, event }));
}

/// Presses `keys` in turn and draws after each, as the loop does.
fn press(bencher: Bencher, focus: Focus, keys: [&str; 2]) {
    let keys: [Key; 2] = keys.map(|key| key.parse().expect("a key's name"));
    let mut state = full_state(focus);
    let mut terminal = Terminal::new(TestBackend::new(160, 45)).expect("a screen in memory");
    let mut turn = 0;
    bencher.bench_local(|| {
        turn = 1 - turn;
        happen(&mut state, Event::Key(keys[turn]));
        terminal
            .draw(|frame| ui::view(frame, &state, Theme::coloured()))
            .expect("a screen in memory draws");
    });
}

#[divan::bench]
fn a_letter_in_the_url(bencher: Bencher) {
    press(bencher, Focus::Url, ["x", "backspace"]);
}

#[divan::bench]
fn a_letter_in_a_field(bencher: Bencher) {
    press(bencher, Focus::Request, ["x", "backspace"]);
}

#[divan::bench]
fn an_arrow_in_the_history(bencher: Bencher) {
    press(bencher, Focus::History, ["down", "up"]);
}

/// The floor: what a bare ratatui program pays for an unchanged screen of that size.
#[divan::bench]
fn a_blank_frame(bencher: Bencher) {
    let mut terminal = Terminal::new(TestBackend::new(160, 45)).expect("a screen in memory");
    bencher.bench_local(|| {
        terminal
            .draw(|frame| frame.render_widget("posttui", frame.area()))
            .expect("a screen in memory draws");
    });
}
