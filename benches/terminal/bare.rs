//! The yardstick: the least that a ratatui program can do, one line of text that is typed into.

use crossterm::event::{self, Event, KeyCode, KeyModifiers};

/// Runs until Ctrl-C.
pub fn run() {
    let mut terminal = ratatui::init();
    let mut text = String::from("bare program");
    loop {
        terminal
            .draw(|frame| frame.render_widget(text.as_str(), frame.area()))
            .expect("it draws");
        let Event::Key(key) = event::read().expect("it reads keys") else {
            continue;
        };
        match key.code {
            KeyCode::Char('c') if key.modifiers == KeyModifiers::CONTROL => break,
            KeyCode::Char('u') if key.modifiers == KeyModifiers::CONTROL => text.clear(),
            KeyCode::Char(char) => text.push(char),
            _ => {}
        }
    }
    ratatui::restore();
}
