//! Bytes as they are: offset, hexadecimal, ASCII.

use std::fmt::Write;

use bytes::Bytes;

use super::TokenKind;
use crate::text;

/// The bytes of a body, as many in a row as its width has room for.
#[derive(PartialEq)]
pub struct Hex {
    bytes: Bytes,
    columns: usize,
    bytes_per_row: usize,
    offset_digits: usize,
}

impl Hex {
    pub fn new(bytes: Bytes, columns: usize) -> Self {
        let columns = columns.max(1);
        let offset_digits = if bytes.len() > 0xFFFF_FFFF { 16 } else { 8 };
        // A row is "offset  xx xx … xx  ascii": four columns a byte and three blanks.
        let fits = |bytes: &usize| offset_digits + 3 + 4 * bytes <= columns;
        let bytes_per_row = [16, 8, 4, 2].into_iter().find(fits).unwrap_or(1);
        Self {
            bytes,
            columns,
            bytes_per_row,
            offset_digits,
        }
    }

    pub fn count(&self) -> usize {
        self.bytes.len().div_ceil(self.bytes_per_row)
    }

    /// The byte that a row begins with.
    pub fn offset(&self, row: usize) -> usize {
        row.saturating_mul(self.bytes_per_row)
    }

    /// The row that a byte is shown in.
    pub fn row_at(&self, offset: usize) -> usize {
        let last = self.bytes.len().saturating_sub(1);
        offset.min(last) / self.bytes_per_row
    }

    pub fn row(&self, index: usize) -> Vec<(TokenKind, String)> {
        let start = index.saturating_mul(self.bytes_per_row);
        let end = self
            .bytes
            .len()
            .min(start.saturating_add(self.bytes_per_row));
        let Some(bytes) = self.bytes.get(start..end).filter(|row| !row.is_empty()) else {
            return Vec::new();
        };
        let mut hex = String::new();
        for byte in bytes {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x} ");
        }
        let offset = format!("{start:0width$x}  ", width = self.offset_digits);
        let hex = format!("{hex:width$} ", width = self.bytes_per_row * 3);
        self.clip([
            (TokenKind::Punctuation, offset),
            (TokenKind::Plain, hex),
            (
                TokenKind::String,
                bytes.iter().copied().map(ascii).collect(),
            ),
        ])
    }

    /// Keeps a row within a width that has no room even for one byte; cut is what is to the right.
    fn clip(&self, pieces: [(TokenKind, String); 3]) -> Vec<(TokenKind, String)> {
        let mut room = self.columns;
        let mut row = Vec::with_capacity(pieces.len());
        for (kind, piece) in pieces {
            let piece = if piece.len() <= room {
                piece
            } else {
                text::truncate(&piece, room).into_owned()
            };
            room -= text::width(&piece);
            if !piece.is_empty() {
                row.push((kind, piece));
            }
        }
        row
    }
}

fn ascii(byte: u8) -> char {
    if (b' '..=b'~').contains(&byte) {
        char::from(byte)
    } else {
        '·'
    }
}
