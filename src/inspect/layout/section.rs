//! One part of a body as rows: what a row of each kind shows, and where in the text it is.

use std::sync::Arc;

use bytes::Bytes;

use crate::inspect::{
    TokenKind,
    big::Big,
    canvas::Graphic,
    document::Part,
    hex::Hex,
    json::Json,
    lines::{Lines, Look},
    picture::MOST_ROWS,
    row::Rows,
    table::Table,
    view::View,
};

use super::Pieces;

/// Rows of one kind.
pub(super) enum Section {
    Lines {
        rows: Rows<Lines>,
        base: usize,
    },
    Json {
        rows: Rows<Json>,
        base: usize,
    },
    Big(Big),
    Table {
        table: Arc<Table>,
        /// The first one shown, and the columns of the screen.
        column: usize,
        columns: usize,
    },
    /// The rows of a picture, and the whole of it where the terminal can draw it by itself.
    Picture {
        rows: Vec<Pieces>,
        graphic: Option<Graphic>,
    },
    Hex(Hex),
}

impl Section {
    /// Lays out one part of a body.
    pub(super) fn new(part: Part, view: &View, columns: usize) -> Self {
        match part {
            Part::Lines { text, look, base } => Self::Lines {
                rows: Rows::new(Lines { text, look }, columns),
                base,
            },
            Part::Json { source, base } => {
                let folds = view.folds.clone();
                let json = Json {
                    source,
                    folds,
                    columns,
                };
                Self::Json {
                    rows: Rows::new(json, columns),
                    base,
                }
            }
            Part::Big(text) => Self::Big(Big::new(text, columns)),
            Part::Table(table) => Self::Table {
                column: view.column.min(table.fields().saturating_sub(1)),
                table,
                columns,
            },
            Part::Picture(picture) => {
                let most = view
                    .canvas
                    .map_or(MOST_ROWS, |canvas| canvas.rows.min(MOST_ROWS));
                Self::Picture {
                    rows: picture.rows(columns, most),
                    graphic: view.canvas.map(|canvas| picture.graphic(columns, canvas)),
                }
            }
            Part::Hex(bytes) => Self::Hex(Hex::new(bytes, columns)),
        }
    }

    pub(super) fn end(&self) -> usize {
        match self {
            Self::Lines { rows, .. } => rows.count(),
            Self::Json { rows, .. } => rows.count(),
            Self::Big(big) => big.end(),
            Self::Table { table, .. } => table.records(),
            Self::Picture { rows, .. } => rows.len(),
            Self::Hex(hex) => hex.count(),
        }
    }

    pub(super) fn page(&self, first: usize, count: usize) -> Vec<(usize, Pieces)> {
        let rows = match self {
            Self::Big(big) => return big.rows(first, count),
            Self::Lines { rows, .. } => rows.rows(first, count),
            Self::Json { rows, .. } => rows.rows(first, count),
            Self::Table {
                table,
                column,
                columns,
            } => table.rows(first, count, *column, *columns),
            Self::Picture { rows, .. } => rows.iter().skip(first).take(count).cloned().collect(),
            Self::Hex(hex) => {
                let last = hex.count().min(first.saturating_add(count));
                (first..last).map(|row| hex.row(row)).collect()
            }
        };
        (first..).zip(rows).collect()
    }

    /// The row so many rows away from one, and how many of them there were not.
    pub(super) fn step(&self, from: usize, by: isize) -> (usize, isize) {
        if let Self::Big(big) = self {
            return big.step(from, by);
        }
        let last = self.end().saturating_sub(1);
        let to = from.saturating_add_signed(by).min(last);
        (to, by - (to.cast_signed() - from.cast_signed()))
    }

    /// Where the offsets of its rows are counted from; `None` for notes.
    pub(super) fn base(&self) -> Option<usize> {
        match self {
            Self::Picture { .. } => None,
            Self::Lines { rows, .. } if rows.text().look == Look::Whole(TokenKind::Note) => None,
            Self::Lines { base, .. } | Self::Json { base, .. } => Some(*base),
            Self::Big(_) | Self::Table { .. } | Self::Hex(_) => Some(0),
        }
    }

    pub(super) fn row_at(&self, offset: usize) -> usize {
        match self {
            Self::Lines { rows, .. } => rows.row_at(offset),
            Self::Json { rows, .. } => rows.row_at(offset),
            Self::Big(big) => big.row_at(offset),
            Self::Table { table, .. } => table.row_at(offset),
            Self::Picture { .. } => 0,
            Self::Hex(hex) => hex.row_at(offset),
        }
    }

    pub(super) fn offset(&self, row: usize) -> usize {
        match self {
            Self::Lines { rows, .. } => rows.place(row).unwrap_or_default(),
            Self::Json { rows, .. } => rows.place(row).map_or(0, |place| place.offset),
            Self::Big(big) => big.offset(row),
            Self::Table { table, .. } => table.offset(row),
            Self::Picture { .. } => 0,
            Self::Hex(hex) => hex.offset(row),
        }
    }

    /// The whole line that a row shows or begins in, as received.
    pub(super) fn line(&self, row: usize) -> Option<Bytes> {
        match self {
            Self::Lines { rows, .. } => line_at(&rows.text().text, rows.place(row)?),
            Self::Big(big) => big.line(row),
            Self::Table { table, column, .. } => table.cell(row, *column).map(Bytes::from),
            Self::Json { .. } | Self::Picture { .. } | Self::Hex(_) => None,
        }
    }

    /// What it holds of the body's text.
    pub(super) fn to_text(&self) -> Option<String> {
        match self {
            Self::Lines { rows, .. } if rows.text().look == Look::Whole(TokenKind::Note) => None,
            Self::Lines { rows, .. } => {
                Some(String::from_utf8_lossy(&rows.text().text).into_owned())
            }
            Self::Json { rows, .. } => Some(rows.text().to_text()),
            Self::Big(big) => Some(String::from_utf8_lossy(big.text()).into_owned()),
            Self::Table { .. } | Self::Picture { .. } | Self::Hex(_) => None,
        }
    }
}

/// The line that a byte lies in, without its end.
fn line_at(text: &Bytes, offset: usize) -> Option<Bytes> {
    let before = text.get(..offset)?;
    let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    let rest = text.get(offset..)?;
    let end = memchr::memchr(b'\n', rest).map_or(text.len(), |end| offset + end);
    let line = text.slice(start..end);
    Some(match line.strip_suffix(b"\r") {
        Some(stripped) => line.slice_ref(stripped),
        None => line,
    })
}
