//! JSON that passed the check, with one member a row and two blanks for each level.

use bytes::Bytes;

use super::token::{self, LONG, Leap};
use crate::inspect::{
    TokenKind,
    row::{Row, Walk},
};

/// Deeper levels are indented no further, so that rows keep room for what they hold.
const DEEPEST_INDENTATION: usize = 40;

/// A text, known to be whole tokens of JSON in a good order, and how it is laid out.
#[derive(PartialEq)]
pub struct Json {
    pub text: Bytes,
    pub leaps: Vec<Leap>,
    /// Each value on one line, as it stands in JSON Lines, instead of each member.
    pub is_lines: bool,
    pub columns: usize,
}

/// A token, or what is left of one.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    offset: usize,
    end: usize,
    depth: u32,
    kind: TokenKind,
    joint: Joint,
    /// It goes on with the line of the row above.
    continues: bool,
}

/// What stands between a token and the one before it.
#[derive(Debug, Clone, Copy)]
enum Joint {
    Nothing,
    Blank,
    LineEnd,
}

impl Walk for Json {
    type Place = Place;

    fn start(&self) -> Option<Place> {
        let offset = self.gap_end(0);
        (offset < self.text.len()).then(|| self.token(offset, 0, Joint::LineEnd))
    }

    fn walk(&self, place: Place, row: &mut Row) -> Option<Place> {
        let mut place = place;
        row.blanks(self.indentation(place));
        loop {
            let bytes = self.bytes(place);
            let taken = row.put(place.kind, bytes);
            if taken < bytes.len() {
                return Some(Place {
                    offset: place.offset + taken,
                    continues: true,
                    ..place
                });
            }
            place = self.follow(place)?;
            match place.joint {
                Joint::LineEnd => return Some(place),
                Joint::Blank => row.blanks(1),
                Joint::Nothing => {}
            }
        }
    }
}

impl Json {
    /// The whole of it as text, for copying.
    pub fn to_text(&self) -> String {
        // Bodies of brackets alone would grow to many times their size.
        let largest = self.text.len().saturating_mul(8).saturating_add(1024);
        let mut text = String::with_capacity(self.text.len() * 2);
        let mut next = self.start();
        while let Some(place) = next {
            if text.len() > largest {
                return String::from_utf8_lossy(&self.text).into_owned();
            }
            match place.joint {
                Joint::Nothing => {}
                Joint::Blank => text.push(' '),
                Joint::LineEnd if text.is_empty() => {}
                Joint::LineEnd => {
                    text.push('\n');
                    text.extend(std::iter::repeat_n(' ', self.levels(place)));
                }
            }
            text.push_str(str::from_utf8(self.bytes(place)).unwrap_or_default());
            next = self.follow(place);
        }
        text
    }

    fn bytes(&self, place: Place) -> &[u8] {
        self.text.get(place.offset..place.end).unwrap_or_default()
    }

    /// Blanks at the start of a line.
    fn levels(&self, place: Place) -> usize {
        if self.is_lines {
            return 0;
        }
        (2 * place.depth as usize).min(DEEPEST_INDENTATION)
    }

    fn indentation(&self, place: Place) -> usize {
        (self.levels(place) + 2 * usize::from(place.continues)).min(self.columns / 2)
    }

    /// The token after one.
    #[inline]
    fn follow(&self, place: Place) -> Option<Place> {
        let offset = self.gap_end(place.end);
        let next = *self.text.get(offset)?;
        let last = match place.kind {
            TokenKind::Punctuation => self.text.get(place.offset).copied().unwrap_or_default(),
            _ => b'"',
        };
        let (joint, depth) = match (last, next) {
            (b'{', b'}') | (b'[', b']') | (_, b',' | b':') => (Joint::Nothing, place.depth),
            (b'{' | b'[', _) => (self.line_end(Joint::Nothing), place.depth + 1),
            (b',', _) => (self.line_end(Joint::Blank), place.depth),
            (b':', _) => (Joint::Blank, place.depth),
            (_, b'}' | b']') => (self.line_end(Joint::Nothing), place.depth.saturating_sub(1)),
            // The next value of several.
            _ => (Joint::LineEnd, 0),
        };
        Some(self.token(offset, depth, joint))
    }

    fn line_end(&self, within_line: Joint) -> Joint {
        if self.is_lines {
            within_line
        } else {
            Joint::LineEnd
        }
    }

    #[inline]
    fn token(&self, offset: usize, depth: u32, joint: Joint) -> Place {
        let end = self.end(offset, token::token);
        let kind = match self.text.get(offset) {
            Some(b'"') if self.text.get(self.gap_end(end)) == Some(&b':') => TokenKind::Key,
            Some(b'"') => TokenKind::String,
            Some(b'{' | b'}' | b'[' | b']' | b',' | b':') => TokenKind::Punctuation,
            Some(b'-' | b'0'..=b'9') => TokenKind::Number,
            _ => TokenKind::Literal,
        };
        Place {
            offset,
            end,
            depth,
            kind,
            joint,
            continues: false,
        }
    }

    fn gap_end(&self, from: usize) -> usize {
        self.end(from, token::gap)
    }

    /// Where what starts at `from` ends: it is short, or a leap, or goes on to the end of the text.
    fn end(&self, from: usize, length: impl Fn(&[u8]) -> Option<usize>) -> usize {
        let window_end = self.text.len().min(from + LONG + 1);
        let window = self.text.get(from..window_end).unwrap_or_default();
        if let Some(length) = length(window) {
            return from + length;
        }
        let leap = self.leaps.binary_search_by_key(&from, |leap| leap.from);
        let leap = leap.ok().and_then(|index| self.leaps.get(index));
        leap.map_or(self.text.len(), |leap| leap.to)
    }
}
