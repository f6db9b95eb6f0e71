//! What reaches stdout and stderr: the only place of the command line that writes to them.
//!
//! A reader that went away (`posttui history | head`) ends the output quietly; any other failure to
//! write is told and ends with [`super::exit::Exit::Trouble`].

use std::{
    fmt::Write as _,
    io::{self, BufWriter, ErrorKind, IsTerminal, Write},
};

use anyhow::Context;
use ratatui::style::{Color, Modifier, Style};

use crate::{
    app::rich::{Line, Tone},
    inspect::TokenKind,
    text,
    ui::theme::Theme,
};

use super::Stop;

/// Lets `write` write to stdout.
pub fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Stop> {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    // What is still buffered could not be written: dropping it must not try again.
    let _ = out.into_parts();
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to stdout")?
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Prints lines to stdout in its look.
pub fn print_lines(look: Look, lines: &[Line]) -> Result<(), Stop> {
    print(|out| {
        lines
            .iter()
            .try_for_each(|line| writeln!(out, "{}", look.line(line)))
    })
}

/// Prints lines to stderr in its look. Where stderr cannot be written there is nobody to tell.
pub fn tell(look: Look, lines: &[Line]) {
    let mut text = String::new();
    for line in lines {
        text.push_str(&look.line(line));
        text.push('\n');
    }
    tell_text(&text);
}

/// Prints one message of the program itself to stderr.
pub fn complain(message: &str) {
    tell(
        Look::stderr(),
        &[Line::new(Tone::Plain, &format!("posttui: {message}"))],
    );
}

/// Prints a text of several lines to stderr as it is: it must be fit for a terminal.
pub fn tell_text(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Whether stdout is a terminal, where controls have to be made visible.
pub fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// What a terminal has unless it says otherwise, and what a page is wrapped at without one.
pub const USUAL_COLUMNS: u16 = 80;

/// A manual page is at most this wide: longer lines are hard to read.
const WIDEST_PAGE: u16 = 100;

/// How one stream shows lines: with colours and to a width on a terminal, bare elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    theme: Option<Theme>,
    columns: Option<u16>,
}

impl Look {
    pub fn stdout() -> Self {
        Self::of(stdout_is_terminal())
    }

    pub fn stderr() -> Self {
        Self::of(io::stderr().is_terminal())
    }

    /// No colours, no width: what a pipe or a file gets.
    pub const fn bare() -> Self {
        Self {
            theme: None,
            columns: None,
        }
    }

    fn of(is_terminal: bool) -> Self {
        if !is_terminal {
            return Self::bare();
        }
        Self {
            theme: wants_colour().then(Theme::coloured),
            columns: Some(terminal_columns()),
        }
    }

    /// Columns of the terminal; `None` where lines may have any length.
    pub fn columns(self) -> Option<u16> {
        self.columns
    }

    /// The columns of a manual page.
    pub fn page_columns(self) -> u16 {
        self.columns.unwrap_or(USUAL_COLUMNS).min(WIDEST_PAGE)
    }

    /// The columns to wrap at.
    pub fn wrapping(self) -> u16 {
        self.columns.unwrap_or(u16::MAX)
    }

    /// A line as it is printed.
    pub fn line(self, line: &Line) -> String {
        let mut shown = String::new();
        for piece in &line.0 {
            let style = self.theme.map(|theme| theme.tone(piece.tone));
            push_styled(&mut shown, style, &piece.text);
        }
        shown
    }

    /// A row of a laid-out body as it is printed.
    pub fn row(self, row: &[(TokenKind, String)]) -> String {
        let mut shown = String::new();
        for (kind, token) in row {
            let style = self.theme.map(|theme| theme.token(*kind));
            push_styled(&mut shown, style, &text::display(token));
        }
        shown
    }
}

/// The width of the terminal; some say that they have none.
fn terminal_columns() -> u16 {
    match crossterm::terminal::size() {
        Ok((columns @ 1.., _)) => columns,
        Ok(_) | Err(_) => USUAL_COLUMNS,
    }
}

/// Whether the user wants colours: <https://no-color.org>, and terminals that have none.
fn wants_colour() -> bool {
    let refuses = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let has_none = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    !refuses && !has_none
}

fn push_styled(shown: &mut String, style: Option<Style>, text: &str) {
    let codes = style.map(select_graphic_rendition).unwrap_or_default();
    if codes.is_empty() {
        shown.push_str(text);
    } else {
        // Writing to a String cannot fail.
        let _ = write!(shown, "\x1b[{codes}m{text}\x1b[0m");
    }
}

/// The parameters of SGR (ECMA-48, Section 8.3.117) for what the theme uses: its colours are the
/// terminal's own.
fn select_graphic_rendition(style: Style) -> String {
    let mut codes = Vec::new();
    if style.add_modifier.contains(Modifier::BOLD) {
        codes.push("1");
    }
    if style.add_modifier.contains(Modifier::DIM) {
        codes.push("2");
    }
    codes.extend(match style.fg {
        Some(Color::Red) => Some("31"),
        Some(Color::Green) => Some("32"),
        Some(Color::Yellow) => Some("33"),
        Some(Color::Blue) => Some("34"),
        Some(Color::Magenta) => Some("35"),
        Some(Color::Cyan) => Some("36"),
        _ => None,
    });
    codes.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::{catalogue::Class, diagnosis::Mark};

    const COLOURED: Look = Look {
        theme: Some(Theme::coloured()),
        columns: None,
    };

    #[test]
    fn every_class_has_a_colour_of_its_own_on_a_terminal_and_none_in_a_pipe() {
        let marks = [
            Mark::Class(Class::Informational),
            Mark::Class(Class::Successful),
            Mark::Class(Class::Redirection),
            Mark::Class(Class::ClientError),
            Mark::Class(Class::ServerError),
            Mark::Failure,
        ];
        let shown = |look: Look, mark| look.line(&Line::new(Tone::Mark(mark), "x"));
        let mut coloured: Vec<String> = marks.map(|mark| shown(COLOURED, mark)).to_vec();
        assert_eq!(coloured[1], "\x1b[1;32mx\x1b[0m");
        coloured.sort();
        coloured.dedup();
        assert_eq!(coloured.len(), marks.len());
        assert!(marks.iter().all(|mark| shown(Look::bare(), *mark) == "x"));
    }

    #[test]
    fn no_control_of_a_text_survives() {
        let line = Line::new(Tone::Plain, "a\x1b[31mb");
        assert!(!COLOURED.line(&line).contains('\x1b'));
        let row = [(TokenKind::Plain, "a\x1b]0;title\x07".to_owned())];
        assert!(!Look::bare().row(&row).contains(['\x1b', '\x07']));
    }
}
