//! CSV and TSV as a table with aligned columns: RFC 4180.

use std::borrow::Cow;

use bytes::Bytes;
use csv::{ByteRecord, ReaderBuilder};

use super::TokenKind;
use crate::text;

/// Records whose cells are measured.
const MEASURED: usize = 1000;
/// Columns of the screen that a cell takes at the most.
const WIDEST: usize = 32;
/// Between two cells.
const GAP: &str = "  ";
/// Records between two remembered starts.
const STRIDE: usize = 16;
/// More fields than this are not shown as a table.
const MOST_FIELDS: usize = 2000;

/// A text of records, the first of which names the columns.
#[derive(PartialEq)]
pub struct Table {
    text: Bytes,
    delimiter: u8,
    /// Where every so many records begin, the header not counted.
    starts: Vec<u64>,
    records: usize,
    header: Vec<Vec<u8>>,
    widths: Vec<usize>,
    /// Which columns hold nothing but numbers.
    numeric: Vec<bool>,
}

impl Table {
    /// Reads a text; `None` when it is no table: it has one column only.
    pub fn read(text: &Bytes, is_tabs: bool) -> Option<Self> {
        let delimiter = if is_tabs { b'\t' } else { sniff(text) };
        let mut reader = reader(text, delimiter);
        let mut record = ByteRecord::new();
        if !reader.read_byte_record(&mut record).ok()? || !(2..=MOST_FIELDS).contains(&record.len())
        {
            return None;
        }
        let mut table = Self {
            text: text.clone(),
            delimiter,
            starts: Vec::new(),
            records: 0,
            header: record.iter().map(<[u8]>::to_vec).collect(),
            widths: Vec::new(),
            numeric: Vec::new(),
        };
        table.measure(&record, true);
        loop {
            let start = reader.position().byte();
            if !reader.read_byte_record(&mut record).unwrap_or(false) {
                break;
            }
            if table.records.is_multiple_of(STRIDE) {
                table.starts.push(start);
            }
            if table.records < MEASURED {
                table.measure(&record, false);
            }
            table.records += 1;
        }
        Some(table)
    }

    fn measure(&mut self, record: &ByteRecord, is_header: bool) {
        for (column, cell) in record.iter().take(MOST_FIELDS).enumerate() {
            if column == self.widths.len() {
                self.widths.push(1);
                self.numeric.push(true);
            }
            let width = text::width(&text::display(&shown(cell))).min(WIDEST);
            if let Some(widest) = self.widths.get_mut(column) {
                *widest = width.max(*widest);
            }
            if let Some(numeric) = self.numeric.get_mut(column).filter(|_| !is_header) {
                *numeric &= cell.is_empty() || is_number(cell);
            }
        }
    }

    pub fn records(&self) -> usize {
        self.records
    }

    pub fn fields(&self) -> usize {
        self.widths.len()
    }

    /// The names of the columns, from one of them on.
    pub fn header(&self, first: usize, columns: usize) -> Vec<(TokenKind, String)> {
        let cells = self.header.iter().map(Vec::as_slice);
        self.row(cells, first, columns, TokenKind::Key)
    }

    /// Records from one on, as far as there are any, each from its column `column` on.
    pub fn rows(
        &self,
        first: usize,
        count: usize,
        column: usize,
        columns: usize,
    ) -> Vec<Vec<(TokenKind, String)>> {
        let mut records = self.records_from(first);
        let mut rows = Vec::new();
        while rows.len() < count
            && let Some(record) = records.next()
        {
            rows.push(self.row(record.iter(), column, columns, TokenKind::Plain));
        }
        rows
    }

    fn records_from(&self, first: usize) -> impl Iterator<Item = ByteRecord> {
        let start = self.starts.get(first / STRIDE).copied();
        let start = start.unwrap_or(self.text.len() as u64) as usize;
        let text = self.text.slice(start.min(self.text.len())..);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .buffer_capacity(4096)
            .from_reader(std::io::Cursor::new(text));
        let mut skip = first % STRIDE;
        std::iter::from_fn(move || {
            loop {
                let mut record = ByteRecord::new();
                if !reader.read_byte_record(&mut record).unwrap_or(false) {
                    return None;
                }
                if skip == 0 {
                    return Some(record);
                }
                skip -= 1;
            }
        })
    }

    /// A cell as received, without its quotes.
    pub fn cell(&self, record: usize, column: usize) -> Option<String> {
        let record = self.records_from(record).next()?;
        record
            .get(column)
            .map(|cell| String::from_utf8_lossy(cell).into_owned())
    }

    /// The byte that a record begins with.
    pub fn offset(&self, record: usize) -> usize {
        let known = self
            .starts
            .get(record / STRIDE)
            .copied()
            .unwrap_or_default() as usize;
        let mut reader = reader(
            &self.text.slice(known.min(self.text.len())..),
            self.delimiter,
        );
        let mut skipped = ByteRecord::new();
        for _ in 0..record % STRIDE {
            let _ = reader.read_byte_record(&mut skipped);
        }
        known + reader.position().byte() as usize
    }

    /// The record that a byte lies in.
    pub fn row_at(&self, offset: usize) -> usize {
        let after = self
            .starts
            .partition_point(|start| *start as usize <= offset);
        let first = after.saturating_sub(1) * STRIDE;
        let last = self.records.saturating_sub(1).min(first + STRIDE - 1);
        (first..=last)
            .rev()
            .find(|record| self.offset(*record) <= offset)
            .unwrap_or(first.min(last))
    }

    fn row<'a>(
        &self,
        cells: impl Iterator<Item = &'a [u8]>,
        first: usize,
        columns: usize,
        kind: TokenKind,
    ) -> Vec<(TokenKind, String)> {
        let mut row = Vec::new();
        let mut room = columns;
        for (column, cell) in cells.enumerate().skip(first) {
            let width = self.widths.get(column).copied().unwrap_or(1);
            let is_number = self.numeric.get(column) == Some(&true);
            let cell = text::display(&shown(cell)).into_owned();
            let cell = text::truncate(&cell, width);
            let gap = " ".repeat(width.saturating_sub(text::width(&cell)));
            let padded = if is_number {
                format!("{gap}{cell}{GAP}")
            } else {
                format!("{cell}{gap}{GAP}")
            };
            // Blanks are cut off without a mark.
            let shown = padded.trim_end();
            let padded = if text::width(shown) <= room {
                text::pad(shown, text::width(&padded).min(room))
            } else {
                text::truncate(shown, room).into_owned()
            };
            room -= text::width(&padded);
            let kind = if is_number && kind == TokenKind::Plain {
                TokenKind::Number
            } else {
                kind
            };
            row.push((kind, padded));
            if room == 0 {
                break;
            }
        }
        row
    }
}

fn reader(text: &Bytes, delimiter: u8) -> csv::Reader<std::io::Cursor<Bytes>> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(std::io::Cursor::new(text.clone()))
}

/// Which sign parts the cells of the first line.
fn sniff(text: &[u8]) -> u8 {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |sign: u8| memchr::memchr_iter(sign, line).count();
    // The comma wins where all are alike.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|sign| count(*sign))
        .unwrap_or(b',')
}

/// A cell on one line, and no longer than is looked at.
fn shown(cell: &[u8]) -> Cow<'_, str> {
    const LONGEST: usize = 4 * (WIDEST + 1);
    String::from_utf8_lossy(cell.get(..LONGEST).unwrap_or(cell))
}

fn is_number(cell: &[u8]) -> bool {
    let text = str::from_utf8(cell).unwrap_or_default().trim();
    text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first))
        && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(row: Vec<(TokenKind, String)>) -> String {
        row.into_iter().map(|(_, text)| text).collect()
    }

    fn table(csv: &str) -> Table {
        Table::read(&Bytes::copy_from_slice(csv.as_bytes()), false).expect(csv)
    }

    #[test]
    fn cells_stand_below_one_another() {
        let table = table("name,age,city\nAnn,7,Köln\n\"Lee, Jr.\",42,\"a\"\"b\nc\"\nx\n");
        assert_eq!(text(table.header(0, 40)), "name      age  city   ");
        let rows: Vec<String> = table.rows(0, 9, 0, 40).into_iter().map(text).collect();
        assert_eq!(
            rows,
            [
                "Ann         7  Köln   ",
                "Lee, Jr.   42  a\"b␊c  ",
                "x         "
            ]
        );
        assert_eq!(text(table.header(1, 40)), "age  city   ");
        assert_eq!(text(table.header(0, 8)), "name    ");
        assert_eq!(table.cell(1, 2).as_deref(), Some("a\"b\nc"));
    }

    #[test]
    fn the_sign_between_cells_is_found_out() {
        assert_eq!(table("a;b\n1;2,5\n").fields(), 2);
        assert_eq!(table("a\tb\n1\t2\n").fields(), 2);
        let one = Bytes::from_static(b"just text\nmore");
        assert!(Table::read(&one, false).is_none());
    }

    #[test]
    fn a_record_is_found_by_its_bytes_and_its_number() {
        let records = (0..1000).map(|number| format!("{number},\"line\n{number}\"\n"));
        let csv: Vec<String> = std::iter::once("n,text\n".to_owned())
            .chain(records)
            .collect();
        let table = table(&csv.concat());
        assert_eq!(table.records(), 1000);
        for record in [0, 1, 15, 16, 17, 500, 999] {
            assert_eq!(table.row_at(table.offset(record)), record);
            assert_eq!(table.row_at(table.offset(record) + 3), record);
            assert!(text(table.rows(record, 1, 0, 40).remove(0)).contains(&record.to_string()));
        }
    }
}
