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
    pub kind: TokenKind,
}

impl Walk for Lines {
    /// The offset of its first byte.
    type Place = usize;

    fn start(&self) -> Option<usize> {
        (!self.text.is_empty()).then_some(0)
    }

    fn walk(&self, place: usize, row: &mut Row) -> Option<usize> {
        let mut at = place;
        loop {
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
            let taken = match row.put_plain(self.kind, rest) {
                0 => row.put_unit(self.kind, rest),
                taken => taken,
            };
            if taken == 0 {
                return Some(at);
            }
            at += taken;
        }
    }
}

impl Lines {
    /// A place in the text; a line feed at the very end opens no further row.
    fn place(&self, offset: usize) -> Option<usize> {
        (offset < self.text.len()).then_some(offset)
    }
}
