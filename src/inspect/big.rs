//! A text of any size, without a look at all of it.
//!
//! It is cut into pieces of about [`PIECE`] bytes, at a line end where there is one near, else in the
//! middle of a long line, whose wrapped rows then begin anew. The rows of a piece follow from the piece alone, so
//! that the last row is had as fast as the first. Rows have numbers with gaps between them: every piece has
//! [`SLOTS`] numbers, of which the first ones are used.

use std::ops::Range;

use bytes::Bytes;

use super::{
    TokenKind,
    lines::{Lines, Look},
    row::{Row, Walk},
};

/// Bytes of a piece: few enough to be laid out at each key.
const PIECE: usize = 16 * 1024;
/// How far beyond that a line end is looked for.
const NEAR: usize = 4 * 1024;
/// How far the ends of a line are looked for.
const LINE: usize = 1024 * 1024;
/// More than a piece can have rows.
const SLOTS: usize = 32 * 1024;

/// A text, most likely UTF-8; what is not is shown as `�`.
#[derive(PartialEq)]
pub struct Big {
    text: Bytes,
    columns: usize,
    /// One more than the number of the last row: it is asked for at every key, and follows from the rows of the
    /// last piece.
    end: usize,
}

/// The rows of one piece.
struct Piece {
    lines: Lines,
    starts: Vec<usize>,
}

impl Big {
    pub fn new(text: Bytes, columns: usize) -> Self {
        let mut big = Self {
            text,
            columns,
            end: 0,
        };
        big.end = match big.pieces().checked_sub(1) {
            Some(last) => last * SLOTS + big.piece(last).starts.len(),
            None => 0,
        };
        big
    }

    pub fn text(&self) -> &Bytes {
        &self.text
    }

    fn pieces(&self) -> usize {
        // The last one may be without a row of its own, when a line end near made the one before longer.
        let last = self.text.len().div_ceil(PIECE);
        if last > 1 && self.border(last - 1) >= self.text.len() {
            last - 1
        } else {
            last
        }
    }

    /// Where a piece begins.
    fn border(&self, piece: usize) -> usize {
        let about = piece.saturating_mul(PIECE);
        if piece == 0 || about >= self.text.len() {
            return about.min(self.text.len());
        }
        let near = self.text.len().min(about + NEAR);
        let window = self.text.get(about..near).unwrap_or_default();
        if let Some(end) = memchr::memchr(b'\n', window) {
            return about + end + 1;
        }
        // Not within a letter.
        let within = window.iter().take(4);
        about
            + within
                .take_while(|byte| (0x80..0xC0).contains(*byte))
                .count()
    }

    fn bytes(&self, piece: usize) -> Range<usize> {
        self.border(piece)..self.border(piece + 1)
    }

    fn piece(&self, piece: usize) -> Piece {
        let bytes = self.text.slice(self.bytes(piece));
        let text = if str::from_utf8(&bytes).is_ok() {
            bytes
        } else {
            Bytes::from(String::from_utf8_lossy(&bytes).into_owned())
        };
        let lines = Lines {
            text,
            look: Look::Whole(TokenKind::Plain),
        };
        let mut starts = Vec::new();
        let mut next = lines.start();
        while let Some(start) = next {
            starts.push(start);
            next = lines.walk(start, &mut Row::measured(self.columns));
        }
        Piece { lines, starts }
    }

    /// One more than the number of the last row.
    pub fn end(&self) -> usize {
        self.end
    }

    /// The row so many rows away from one, and how many of them there were not.
    pub fn step(&self, from: usize, by: isize) -> (usize, isize) {
        let (mut piece, mut row) = (from / SLOTS, from % SLOTS);
        let mut left = by.unsigned_abs();
        if by < 0 {
            while left > row && piece > 0 {
                left -= row + 1;
                piece -= 1;
                row = self.piece(piece).starts.len().saturating_sub(1);
            }
            let to = row.saturating_sub(left);
            left -= row - to;
            return (piece * SLOTS + to, -left.cast_signed());
        }
        let last = self.pieces().saturating_sub(1);
        loop {
            let rows = self.piece(piece).starts.len();
            let rest = rows.saturating_sub(row + 1);
            if left <= rest || piece >= last {
                let step = left.min(rest);
                return (piece * SLOTS + row + step, (left - step).cast_signed());
            }
            left -= rest + 1;
            (piece, row) = (piece + 1, 0);
        }
    }

    /// Rows from one on, each with its number.
    pub fn rows(&self, first: usize, count: usize) -> Vec<(usize, Vec<(TokenKind, String)>)> {
        let (mut piece, mut row) = (first / SLOTS, first % SLOTS);
        let mut rows = Vec::new();
        while rows.len() < count && piece < self.pieces() {
            let it = self.piece(piece);
            for (index, start) in it.starts.iter().enumerate().skip(row) {
                if rows.len() == count {
                    break;
                }
                let mut shown = Row::shown(self.columns);
                it.lines.walk(*start, &mut shown);
                rows.push((piece * SLOTS + index, shown.into_pieces()));
            }
            (piece, row) = (piece + 1, 0);
        }
        rows
    }

    /// The byte that a row begins with.
    pub fn offset(&self, row: usize) -> usize {
        let piece = row / SLOTS;
        let start = self.piece(piece).starts.get(row % SLOTS).copied();
        self.border(piece) + start.unwrap_or_default()
    }

    /// The line that a row belongs to, without its end; `None` when it is longer than is looked at.
    pub fn line(&self, row: usize) -> Option<Bytes> {
        let offset = self.offset(row);
        let from = offset.saturating_sub(LINE);
        let before = self.text.get(from..offset)?;
        let start = memchr::memrchr(b'\n', before).map(|end| from + end + 1);
        let start = start.or((from == 0).then_some(0))?;
        let to = self.text.len().min(offset + LINE);
        let rest = self.text.get(offset..to)?;
        let end = memchr::memchr(b'\n', rest).map(|end| offset + end);
        let end = end.or((to == self.text.len()).then_some(to))?;
        Some(self.text.slice(start..end))
    }

    /// The row that a byte is shown in.
    pub fn row_at(&self, offset: usize) -> usize {
        let mut piece = (offset / PIECE).min(self.pieces().saturating_sub(1));
        if self.border(piece) > offset {
            piece = piece.saturating_sub(1);
        }
        let within = offset.saturating_sub(self.border(piece));
        let starts = self.piece(piece).starts;
        let row = starts.partition_point(|start| *start <= within);
        piece * SLOTS + row.saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(big: &Big) -> Vec<(usize, String)> {
        let rows = big.rows(0, usize::MAX).into_iter();
        rows.map(|(row, pieces)| (row, pieces.into_iter().map(|(_, text)| text).collect()))
            .collect()
    }

    fn check(text: &[u8], columns: usize) {
        let big = Big::new(Bytes::copy_from_slice(text), columns);
        let rows = all(&big);
        let whole: String = rows.iter().map(|(_, text)| text.as_str()).collect();
        let plain = String::from_utf8_lossy(text).replace('\n', "");
        assert_eq!(whole, plain);
        assert_eq!(big.end(), rows.last().map_or(0, |(row, _)| row + 1));
        for (index, (row, _)) in rows.iter().enumerate().step_by(rows.len() / 50 + 1) {
            for by in [-1000, -2, -1, 0, 1, 7, 3000] {
                let to = index.saturating_add_signed(by).min(rows.len() - 1);
                assert_eq!(big.step(*row, by).0, rows[to].0, "{row} by {by}");
            }
            assert_eq!(big.row_at(big.offset(*row)), *row);
            assert_eq!(big.rows(*row, 2)[0].0, *row);
        }
    }

    #[test]
    fn one_line_and_many_lines_are_walked_alike() {
        check(&b"0123456789".repeat(20_000), 80);
        check(&b"x\n".repeat(50_000), 80);
        check("日本語のながい行".repeat(9_000).as_bytes(), 79);
        check(b"", 80);
        check(b"\n", 80);
        check(&[b"a".repeat(PIECE).as_slice(), b"\n"].concat(), 80);
        check(&[b"a".repeat(PIECE - 1).as_slice(), b"\n"].concat(), 80);
    }

    #[test]
    fn the_end_of_a_gigabyte_is_there_at_once() {
        // As if it were a gigabyte: what is not looked at costs nothing.
        let big = Big::new(Bytes::from(vec![b'x'; 64 * 1024 * 1024]), 100);
        let end = big.end();
        let started = std::time::Instant::now();
        for _ in 0..20 {
            let (first, _) = big.step(end - 1, -40);
            assert_eq!(
                big.rows(first, 41).last().map(|(row, _)| *row),
                Some(end - 1)
            );
        }
        assert!(started.elapsed() < std::time::Duration::from_secs(10));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(20) })]

        #[test]
        fn any_bytes_have_rows(line in prop::collection::vec(any::<u8>(), 0..60), times in 0_usize..2000, columns in 1_usize..90) {
            let big = Big::new(Bytes::from(line.repeat(times)), columns);
            let end = big.end();
            let mut row = 0;
            let mut steps = 0;
            while row + 1 < end && steps < 300 {
                let (next, left) = big.step(row, 37);
                prop_assert!(next > row);
                prop_assert_eq!(big.step(next, left - 37), (row, 0));
                row = next;
                steps += 1;
            }
            let last = end.saturating_sub(1);
            prop_assert_eq!(big.step(last, 5), (last, 5));
        }
    }
}
