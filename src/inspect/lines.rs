//! Text as it is: its lines, wrapped where they are wider than the screen.

use bytes::Bytes;

use super::{
    TokenKind,
    row::{Row, Walk},
};

/// A text known to be UTF-8, shared with the body where it needed no conversion.
#[derive(PartialEq)]
pub struct Lines {
    pub text: Bytes,
    pub look: Look,
}

/// What the parts of a line are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Of one kind throughout.
    Whole(TokenKind),
    /// A name up to the first two blanks, and what it stands for.
    Named,
    /// Tags and what is between them.
    Markup,
}

/// How far back it is looked for the start of a tag.
const TAG: usize = 4 * 1024;

impl Walk for Lines {
    /// The offset of its first byte.
    type Place = usize;

    fn start(&self) -> Option<usize> {
        (!self.text.is_empty()).then_some(0)
    }

    fn walk(&self, place: usize, row: &mut Row) -> Option<usize> {
        let mut at = place;
        let (mut kind, mut end) = self.span(at);
        loop {
            if at >= end {
                (kind, end) = self.span(at);
            }
            let rest = self.text.get(at..).unwrap_or_default();
            match rest {
                [] => return None,
                [b'\n', ..] => return self.place(at + 1),
                [b'\r', b'\n', ..] => return self.place(at + 2),
                [b'\t', ..] => {
                    row.tab();
                    at += 1;
                    continue;
                }
                _ => {}
            }
            let span = self.text.get(at..end).unwrap_or(rest);
            let taken = match row.put_plain(kind, span) {
                0 => row.put_unit(kind, rest),
                taken => taken,
            };
            if taken == 0 {
                return Some(at);
            }
            at += taken;
        }
    }

    fn offset(&self, place: usize) -> usize {
        place
    }

    fn continues(&self, place: usize) -> bool {
        let before = place.checked_sub(1);
        let before = before.and_then(|before| self.text.get(before));
        before.is_some_and(|before| *before != b'\n')
    }
}

impl Lines {
    /// A place in the text; a line feed at the very end opens no further row.
    fn place(&self, offset: usize) -> Option<usize> {
        (offset < self.text.len()).then_some(offset)
    }

    /// What the text is at a place, and how far it is that.
    fn span(&self, at: usize) -> (TokenKind, usize) {
        let rest = self.text.get(at..).unwrap_or_default();
        let length = match self.look {
            Look::Whole(kind) => return (kind, self.text.len()),
            Look::Named if self.continues(at) => {
                let line = memchr::memchr(b'\n', rest).map_or(rest.len(), |line| line + 1);
                return (TokenKind::Plain, at + line);
            }
            Look::Named => memchr::memmem::find(rest, b"  ")
                .unwrap_or(rest.len())
                .max(1),
            Look::Markup if self.is_in_tag(at) => {
                memchr::memchr(b'>', rest).map_or(rest.len(), |end| end + 1)
            }
            Look::Markup => {
                let text = memchr::memchr(b'<', rest).unwrap_or(rest.len());
                return (TokenKind::Plain, at + text);
            }
        };
        (TokenKind::Key, at + length)
    }

    fn is_in_tag(&self, at: usize) -> bool {
        if self.text.get(at) == Some(&b'<') {
            return true;
        }
        let before = self.text.get(at.saturating_sub(TAG)..at);
        let before = before.unwrap_or_default();
        memchr::memrchr2(b'<', b'>', before).is_some_and(|sign| before.get(sign) == Some(&b'<'))
    }
}
