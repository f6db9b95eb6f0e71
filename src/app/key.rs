//! Keys as posttui names them: `"ctrl-r"`, `"alt-enter"`, `"f5"`, `"?"`.
//!
//! The same notation stands in the key table, in the help, in tests and in the user's own key file.

use std::{fmt, str::FromStr};

/// One key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    pub code: Code,
    pub ctrl: bool,
    pub alt: bool,
    /// Only for keys that are no characters: a shifted character is another character.
    pub shift: bool,
}

/// The key itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

/// The names of the keys that are no characters; `space` is one because ` ` cannot be seen.
const NAMES: &[(&str, Code)] = &[
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("insert", Code::Insert),
    ("left", Code::Left),
    ("right", Code::Right),
    ("up", Code::Up),
    ("down", Code::Down),
    ("home", Code::Home),
    ("end", Code::End),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
    ("space", Code::Char(' ')),
    ("minus", Code::Char('-')),
];

impl Key {
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    /// The character that the key types into a text, if it is one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(char) if !self.ctrl && !self.alt => Some(char),
            _ => None,
        }
    }
}

/// A text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” names no key: write for example ctrl-r, alt-enter, shift-tab, f5, space or ?")]
pub struct KeyError(String);

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut key = Self::plain(Code::Esc);
        let mut rest = text;
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-") {
                (key.ctrl, rest) = (true, after);
            } else if let Some(after) = rest.strip_prefix("alt-") {
                (key.alt, rest) = (true, after);
            } else if let Some(after) = rest.strip_prefix("shift-") {
                (key.shift, rest) = (true, after);
            } else {
                break;
            }
        }
        key.code = parse_code(rest).ok_or_else(|| KeyError(text.to_owned()))?;
        if key.shift && matches!(key.code, Code::Char(_)) {
            return Err(KeyError(text.to_owned()));
        }
        Ok(key)
    }
}

fn parse_code(text: &str) -> Option<Code> {
    if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == text) {
        return Some(*code);
    }
    let mut chars = text.chars();
    match (chars.next()?, chars.as_str()) {
        (char, "") if !char.is_control() => Some(Code::Char(char)),
        ('f', number) => number
            .parse()
            .ok()
            .filter(|number| (1..=12).contains(number))
            .map(Code::F),
        _ => None,
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, prefix) in [
            (self.ctrl, "ctrl-"),
            (self.alt, "alt-"),
            (self.shift, "shift-"),
        ] {
            if held {
                formatter.write_str(prefix)?;
            }
        }
        if let Some((name, _)) = NAMES.iter().find(|(_, code)| *code == self.code) {
            return formatter.write_str(name);
        }
        match self.code {
            Code::Char(char) => write!(formatter, "{char}"),
            Code::F(number) => write!(formatter, "f{number}"),
            // Every other code stands in NAMES, as a test makes sure.
            _ => Ok(()),
        }
    }
}

impl Key {
    /// The key as the screen names it: short, with the symbols that keyboards bear.
    pub fn short(self) -> String {
        let mut text = String::new();
        if self.ctrl {
            text.push('^');
        }
        if self.alt {
            text.push_str("Alt-");
        }
        if self.shift {
            text.push('⇧');
        }
        let code = match self.code {
            Code::Char(' ') => "Space".to_owned(),
            Code::Char(char) if self.ctrl => char.to_uppercase().to_string(),
            Code::Char(char) => char.to_string(),
            Code::Enter => "⏎".to_owned(),
            Code::Esc => "Esc".to_owned(),
            Code::Tab => "Tab".to_owned(),
            Code::Left => "←".to_owned(),
            Code::Right => "→".to_owned(),
            Code::Up => "↑".to_owned(),
            Code::Down => "↓".to_owned(),
            Code::Backspace => "⌫".to_owned(),
            Code::Delete => "Del".to_owned(),
            Code::Insert => "Ins".to_owned(),
            Code::Home => "Home".to_owned(),
            Code::End => "End".to_owned(),
            Code::PageUp => "PgUp".to_owned(),
            Code::PageDown => "PgDn".to_owned(),
            Code::F(number) => format!("F{number}"),
        };
        text + &code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notation_reads_back() {
        for text in [
            "ctrl-r",
            "alt-enter",
            "shift-tab",
            "f5",
            "f12",
            "?",
            "space",
            "ctrl-alt-minus",
            "é",
            "G",
        ] {
            assert_eq!(text.parse::<Key>().unwrap().to_string(), text);
        }
        for (name, code) in NAMES {
            assert_eq!(name.parse::<Key>().unwrap(), Key::plain(*code));
        }
    }

    #[test]
    fn what_names_no_key_is_refused() {
        for text in [
            "", "ctrl-", "f13", "f0", "shift-a", "enterr", "ab", "\u{1b}",
        ] {
            assert!(text.parse::<Key>().is_err(), "{text:?}");
        }
    }
}
