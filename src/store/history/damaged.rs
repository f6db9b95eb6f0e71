//! Rows of which something cannot be read: each says so itself, and does not hold up the others.

use std::borrow::Cow;

use rusqlite::{Connection, Row, types::ValueRef};

use crate::{
    model::{ExchangeId, Summary},
    store::StoreError,
};

use super::bodies::wrapped;

/// What is said of an exchange that has lost all but its row.
pub(super) const GONE: &str = "its request and its answer are gone";

/// What is said of a column that says how the exchange stands, and does not.
pub(super) const NO_STANDING: &str = "is no known status or failure";

/// Of longer ones it shows when they are opened whether they can be read, in bytes.
const LOOKED_INTO: i64 = 64 * 1024;

/// The columns of a row, read whatever stands in them.
pub(super) struct Columns<'r, 's> {
    row: &'r Row<'s>,
    damages: Vec<String>,
}

impl<'r, 's> Columns<'r, 's> {
    pub(super) fn of(row: &'r Row<'s>) -> Self {
        Self {
            row,
            damages: Vec::new(),
        }
    }

    /// A text as far as it is one.
    pub(super) fn text(&mut self, column: usize) -> Option<String> {
        match self.row.get_ref(column).unwrap_or(ValueRef::Null) {
            ValueRef::Null => None,
            ValueRef::Text(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                if matches!(text, Cow::Owned(_)) {
                    self.add(column, "is not UTF-8");
                }
                Some(text.into_owned())
            }
            ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
                self.add(column, "is no text");
                None
            }
        }
    }

    pub(super) fn integer(&mut self, column: usize) -> Option<i64> {
        match self.row.get_ref(column).unwrap_or(ValueRef::Null) {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(number),
            ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_) => {
                self.add(column, "is no number");
                None
            }
        }
    }

    /// Notes what is wrong with a column.
    pub(super) fn add(&mut self, column: usize, what: &str) {
        let name = self.row.as_ref().column_name(column).unwrap_or("?");
        self.damages.push(format!("its {name} {what}"));
    }

    /// What was wrong, in words; `None` for a row that is whole.
    pub(super) fn damage(self) -> Option<String> {
        (!self.damages.is_empty()).then(|| self.damages.join(", "))
    }
}

/// A text as far as it is one.
pub(super) fn lossy(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    let value = row.get_ref(column)?;
    let bytes = value.as_bytes_or_null().unwrap_or_default();
    Ok(String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned())
}

/// Says of each row that was read whether what belongs to it can be opened, as far as that shows at a glance.
pub(super) fn look_behind(connection: &Connection, rows: &mut [Summary]) -> rusqlite::Result<()> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id.0).collect();
    let mut statement = connection.prepare(&format!(
        "SELECT * FROM (
            SELECT wanted.value AS id, CASE
                WHEN detail.id IS NULL THEN '{GONE}'
                WHEN octet_length(request) + octet_length(prepared) + octet_length(hops)
                    + coalesce(octet_length(outcome), 0) > ?2 THEN NULL
                WHEN NOT json_valid(request) OR NOT json_valid(prepared)
                    THEN 'its request cannot be read'
                WHEN NOT json_valid(hops) THEN 'its hops cannot be read'
                WHEN NOT json_valid(coalesce(outcome, 'null')) THEN 'its outcome cannot be read'
            END AS damage
            FROM json_each(?1) AS wanted LEFT JOIN detail ON detail.id = wanted.value
        ) WHERE damage IS NOT NULL"
    ))?;
    let ids = serde_json::Value::from(ids).to_string();
    let mut damaged = statement.query((ids, LOOKED_INTO))?;
    while let Some(found) = damaged.next()? {
        let (id, damage): (i64, String) = (found.get(0)?, found.get(1)?);
        if let Some(row) = rows.iter_mut().find(|row| row.id.0 == id) {
            row.damage.get_or_insert(damage);
        }
    }
    Ok(())
}

/// The error of a row that cannot be opened.
pub(super) fn error(id: ExchangeId, reason: String) -> rusqlite::Error {
    wrapped(StoreError::DamagedRow { id, reason })
}

/// Whether it is not the database that failed, but what stands in it.
pub(super) fn is_of_content(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_none()
}

/// Why a row cannot be opened, where that is the row's own fault.
pub(super) fn reason(error: &rusqlite::Error) -> Option<&str> {
    let rusqlite::Error::ToSqlConversionFailure(inner) = error else {
        return None;
    };
    match inner.downcast_ref() {
        Some(StoreError::DamagedRow { reason, .. }) => Some(reason),
        _ => None,
    }
}
