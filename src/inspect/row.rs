//! One row in the making, and the index that finds a row of a text without keeping all of them.

use super::TokenKind;
use crate::text;

/// A row of pieces, filled from the left. One that only measures breaks in the same places as one that is
/// shown.
pub struct Row {
    columns: usize,
    used: usize,
    /// Nothing but indentation so far.
    fresh: bool,
    pieces: Option<Vec<(TokenKind, String)>>,
}

impl Row {
    pub fn shown(columns: usize) -> Self {
        Self {
            pieces: Some(Vec::new()),
            ..Self::measured(columns)
        }
    }

    pub fn measured(columns: usize) -> Self {
        Self {
            columns: columns.max(1),
            used: 0,
            fresh: true,
            pieces: None,
        }
    }

    pub fn into_pieces(self) -> Vec<(TokenKind, String)> {
        self.pieces.unwrap_or_default()
    }

    /// Blanks, as far as there is room.
    pub fn blanks(&mut self, count: usize) {
        let count = count.min(self.room());
        self.used += count;
        if count > 0 {
            self.piece(TokenKind::Plain, |piece| {
                piece.extend(std::iter::repeat_n(' ', count));
            });
        }
    }

    /// Blanks up to the next tab stop.
    pub fn tab(&mut self) {
        const STOP: usize = 4;
        self.blanks(STOP - self.used % STOP);
        self.fresh = false;
    }

    /// Puts as much of a text (known to be UTF-8) as there is room for; returns the bytes taken. A row with
    /// nothing in it always takes something, so that even one column gets to the end.
    pub fn put(&mut self, kind: TokenKind, utf8: &[u8]) -> usize {
        let mut taken = 0;
        while let Some(rest) = utf8.get(taken..).filter(|rest| !rest.is_empty()) {
            match self.put_plain(kind, rest) {
                0 => match self.put_unit(kind, rest) {
                    0 => break,
                    bytes => taken += bytes,
                },
                bytes => taken += bytes,
            }
        }
        taken
    }

    /// Puts the printable ASCII from the start of a text, as much as there is room for.
    pub fn put_plain(&mut self, kind: TokenKind, utf8: &[u8]) -> usize {
        let run = text::plain_run(utf8, self.room());
        if run > 0 {
            self.used += run;
            self.fresh = false;
            let plain = utf8.get(..run).unwrap_or_default();
            self.piece(kind, |piece| {
                piece.push_str(str::from_utf8(plain).unwrap_or_default());
            });
        }
        run
    }

    /// Puts what a user sees as one character, if there is room.
    pub fn put_unit(&mut self, kind: TokenKind, utf8: &[u8]) -> usize {
        if self.room() == 0 {
            return 0;
        }
        let Some(unit) = text::first_unit(utf8) else {
            // Not UTF-8, which no caller puts; stepping over it keeps every walk finite.
            return usize::from(!utf8.is_empty());
        };
        let fits = unit.columns <= self.room();
        if !fits && !self.fresh {
            return 0;
        }
        // Too wide for any row of this width.
        let (shown, columns) = if fits {
            (&*unit.shown, unit.columns)
        } else {
            ("…", 1)
        };
        self.used += columns;
        self.fresh = false;
        self.piece(kind, |piece| piece.push_str(shown));
        unit.source.len()
    }

    fn room(&self) -> usize {
        self.columns - self.used
    }

    /// Adds to the last piece if it is of this kind, else to a new one.
    fn piece(&mut self, kind: TokenKind, add: impl FnOnce(&mut String)) {
        let Some(pieces) = &mut self.pieces else {
            return;
        };
        match pieces.last_mut() {
            Some((last, text)) if *last == kind => add(text),
            _ => {
                let mut text = String::new();
                add(&mut text);
                pieces.push((kind, text));
            }
        }
    }
}

/// A text that can be walked over row by row, from any row on.
pub trait Walk {
    /// Where a row begins.
    type Place: Copy;

    /// The first row; `None` where there is none.
    fn start(&self) -> Option<Self::Place>;

    /// Fills the row at `place` and returns where the next one begins.
    fn walk(&self, place: Self::Place, row: &mut Row) -> Option<Self::Place>;

    /// The byte of the text that a row begins with.
    fn offset(&self, place: Self::Place) -> usize;

    /// Whether a row goes on with the line of the row above.
    fn continues(&self, place: Self::Place) -> bool;
}

/// How many rows lie between two remembered places: few enough to walk over within a frame, many enough
/// for the places to be small beside the body. There are twice as many whenever the places would be more
/// than [`MOST_PLACES`].
const STRIDE: usize = 8;
const MOST_PLACES: usize = 64 * 1024;

/// The rows of a text at one width.
pub struct Rows<W: Walk> {
    text: W,
    columns: usize,
    places: Vec<W::Place>,
    stride: usize,
    count: usize,
}

/// The places follow from the text and the width.
impl<W: Walk + PartialEq> PartialEq for Rows<W> {
    fn eq(&self, other: &Self) -> bool {
        self.columns == other.columns && self.text == other.text
    }
}

impl<W: Walk> Rows<W> {
    pub fn new(text: W, columns: usize) -> Self {
        let mut places = Vec::new();
        let (mut count, mut stride) = (0, STRIDE);
        let mut next = text.start();
        while let Some(place) = next {
            if count % stride == 0 {
                if places.len() == MOST_PLACES {
                    let mut index = 0;
                    places.retain(|_| {
                        index += 1;
                        index % 2 == 1
                    });
                    stride *= 2;
                }
                if count % stride == 0 {
                    places.push(place);
                }
            }
            count += 1;
            next = text.walk(place, &mut Row::measured(columns));
        }
        places.shrink_to_fit();
        Self {
            text,
            columns,
            places,
            stride,
            count,
        }
    }

    pub fn text(&self) -> &W {
        &self.text
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// The rows from one on, as many as there are up to `count`.
    pub fn rows(&self, first: usize, count: usize) -> Vec<Vec<(TokenKind, String)>> {
        let mut next = self.place(first);
        let mut rows = Vec::new();
        while let Some(place) = next.filter(|_| rows.len() < count) {
            let mut row = Row::shown(self.columns);
            next = self.text.walk(place, &mut row);
            rows.push(row.into_pieces());
        }
        rows
    }

    /// Where a row begins.
    pub fn place(&self, index: usize) -> Option<W::Place> {
        let mut place = *self.places.get(index / self.stride)?;
        for _ in 0..index % self.stride {
            place = self.text.walk(place, &mut Row::measured(self.columns))?;
        }
        Some(place)
    }

    /// Where the line begins that a row belongs to, and the row there.
    pub fn line(&self, index: usize) -> Option<(usize, W::Place)> {
        let mut last = index.min(self.count.checked_sub(1)?);
        loop {
            // From one remembered place to the next, so that a long line is walked over once.
            let known = last / self.stride;
            let (first, mut place) = (known * self.stride, *self.places.get(known)?);
            let mut begins = None;
            for at in first..=last {
                if at == 0 || !self.text.continues(place) {
                    begins = Some((at, place));
                }
                if at < last {
                    place = self.text.walk(place, &mut Row::measured(self.columns))?;
                }
            }
            if begins.is_some() {
                return begins;
            }
            last = first.checked_sub(1)?;
        }
    }

    /// The row that a byte of the text is shown in.
    pub fn row_at(&self, offset: usize) -> usize {
        let after = self
            .places
            .partition_point(|place| self.text.offset(*place) <= offset);
        let known = after.saturating_sub(1);
        let mut index = known * self.stride;
        let mut place = self.places.get(known).copied();
        while let Some(at) = place {
            place = self.text.walk(at, &mut Row::measured(self.columns));
            match place {
                Some(next) if self.text.offset(next) <= offset => index += 1,
                _ => break,
            }
        }
        index
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::inspect::lines::{Lines, Look};

    #[test]
    fn a_row_knows_its_line_however_long_that_is() {
        let text = ["a".repeat(1000), "b\nc".to_owned(), "d".repeat(95)].join("\n");
        let lines = Lines {
            text: Bytes::from(text),
            look: Look::Whole(TokenKind::Plain),
        };
        let rows = Rows::new(lines, 10);
        for index in 0..rows.count() {
            let mut first = index;
            while first > 0 && rows.text.continues(rows.place(first).unwrap()) {
                first -= 1;
            }
            let (line, place) = rows.line(index).unwrap();
            assert_eq!(line, first, "of row {index}");
            let offset = |place| rows.text.offset(place);
            assert_eq!(offset(place), offset(rows.place(first).unwrap()));
        }
        assert_eq!(rows.line(usize::MAX).unwrap().0, 102);
    }
}
