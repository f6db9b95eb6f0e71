//! A text in which `*` stands for any characters.

use super::{
    letters::Letter,
    list::{List, read_list},
};

/// Longer patterns are no part of any address that can be sent, and SQLite refuses very long ones.
pub const LIMIT: usize = 2_000;

/// Reads patterns with commas between them; the error says what is allowed.
pub fn read_patterns(value: &[Letter], allowed: &str) -> Result<List<Pattern>, String> {
    read_list(value, allowed, |member| {
        if member.len() > LIMIT {
            return Err(format!("it is too long: {LIMIT} characters are the most"));
        }
        Ok(Pattern::new(member))
    })
}

/// The pieces between the stars; one piece when there is no star. ASCII letters match in either case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    pieces: Vec<String>,
}

impl Pattern {
    /// Quoted stars stand for themselves.
    pub fn new(letters: &[Letter]) -> Self {
        let pieces = letters
            .split(|letter| letter.char == '*' && !letter.quoted)
            .map(|piece| {
                piece
                    .iter()
                    .map(|letter| letter.char.to_ascii_lowercase())
                    .collect()
            });
        let mut pieces: Vec<String> = pieces.collect();
        // `**` says no more than `*`: an empty piece means something at the ends only.
        let last = pieces.len() - 1;
        let mut index = 0;
        pieces.retain(|piece| {
            let keep = index == 0 || index == last || !piece.is_empty();
            index += 1;
            keep
        });
        Self { pieces }
    }

    /// The same pattern with each piece written anew.
    #[must_use]
    pub fn map(self, rewrite: impl Fn(&str) -> String) -> Self {
        Self {
            pieces: self.pieces.iter().map(|piece| rewrite(piece)).collect(),
        }
    }

    /// The texts between the stars, in lower case as far as ASCII goes.
    pub fn pieces(&self) -> &[String] {
        &self.pieces
    }

    /// Whether the whole text is what the pattern says.
    pub fn matches(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        let [first, middle @ .., last] = self.pieces.as_slice() else {
            return self.pieces.first().is_some_and(|only| *only == text);
        };
        let inner = text
            .strip_prefix(first.as_str())
            .and_then(|rest| rest.strip_suffix(last.as_str()));
        let Some(mut rest) = inner else { return false };
        // The leftmost find of each piece leaves the most for those that follow.
        middle
            .iter()
            .all(|piece| match rest.split_once(piece.as_str()) {
                Some((_, after)) => {
                    rest = after;
                    true
                }
                None => false,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        let letters: Vec<_> = text
            .chars()
            .map(|char| Letter {
                char,
                quoted: false,
            })
            .collect();
        Pattern::new(&letters)
    }

    #[test]
    fn stars_stand_for_any_characters() {
        for (text, yes, no) in [
            ("/users", "/Users", "/users/1"),
            ("/users*", "/users/1", "/user"),
            ("*.Example.com", "api.example.com", "example.com"),
            ("a*b*c", "a-b-b-c", "acb"),
            ("*", "", "-"),
            ("a*a", "aa", "a"),
            ("a**b", "ab", "a"),
        ] {
            assert!(pattern(text).matches(yes), "{text} {yes}");
            assert!(text == "*" || !pattern(text).matches(no), "{text} {no}");
        }
    }
}
