//! Asks for a value on the terminal; what is typed is not shown.

use std::io::{IsTerminal, stderr, stdin};

use anyhow::{Context, bail};
use crossterm::{
    event::{Event, KeyCode, KeyEventKind, KeyModifiers, read},
    terminal::{disable_raw_mode, enable_raw_mode},
};

use crate::text;

use super::output;

/// Gives the terminal its usual mode back, however the question ends.
struct Raw;

impl Drop for Raw {
    fn drop(&mut self) {
        // Nothing can be done about a terminal that is gone.
        let _ = disable_raw_mode();
        output::tell_text("\n");
    }
}

/// Whether there is somebody to ask.
pub fn can_ask() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

/// One of the letters; `None` when it is given up with Ctrl-C or Esc.
pub fn choose(question: &str, letters: &[char]) -> anyhow::Result<Option<char>> {
    output::tell_text(&format!("{} ", text::display(question)));
    enable_raw_mode().context("the terminal cannot be asked")?;
    let _raw = Raw;
    loop {
        let event = read().context("the terminal cannot be read")?;
        let Event::Key(key) = event else { continue };
        match key.code {
            _ if key.kind == KeyEventKind::Release => {}
            KeyCode::Esc => return Ok(None),
            KeyCode::Char('c' | 'd') if key.modifiers == KeyModifiers::CONTROL => return Ok(None),
            KeyCode::Char(char) if letters.contains(&char) => {
                output::tell_text(&char.to_string());
                return Ok(Some(char));
            }
            _ => {}
        }
    }
}

/// The answer; an error when it is given up with Ctrl-C.
pub fn ask(question: &str) -> anyhow::Result<String> {
    output::tell_text(&format!("{}: ", text::display(question)));
    enable_raw_mode().context("the terminal cannot hide what is typed")?;
    let _raw = Raw;
    let mut answer = String::new();
    loop {
        let event = read().context("the terminal cannot be read")?;
        let Event::Key(key) = event else { continue };
        let held = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
        match key.code {
            _ if key.kind == KeyEventKind::Release => {}
            KeyCode::Enter => return Ok(answer),
            KeyCode::Esc => bail!("nothing was sent"),
            KeyCode::Char('c' | 'd') if held == KeyModifiers::CONTROL => bail!("nothing was sent"),
            KeyCode::Backspace => drop(answer.pop()),
            KeyCode::Char(char) if held.is_empty() => answer.push(char),
            _ => {}
        }
    }
}
