//! The names of header fields, parameters and form fields that were sent.

use rusqlite::Connection;

use crate::model::{Names, Request};

use super::damaged::lossy;

/// As many exchanges are looked through, the newest first.
const LOOKED_THROUGH: u32 = 500;

/// Requests with more than this are passed over, in bytes: their texts are long, not their names.
const LONGEST: u32 = 64 * 1024;

/// The names of the newest requests. A request that cannot be read any more has none.
pub(super) fn of_newest(connection: &Connection) -> rusqlite::Result<Names> {
    let mut statement = connection.prepare(
        "SELECT request FROM detail WHERE id IN (
            SELECT id FROM exchange WHERE removed_by IS NULL ORDER BY id DESC LIMIT ?1
        ) AND octet_length(request) <= ?2 ORDER BY id DESC",
    )?;
    let mut rows = statement.query((LOOKED_THROUGH, LONGEST))?;
    let mut names = Names::default();
    while let Some(row) = rows.next()? {
        let text = lossy(row, 0)?;
        if let Ok(request) = serde_json::from_str::<Request>(&text) {
            names.add(&request);
        }
        if names.is_full() {
            break;
        }
    }
    Ok(names)
}
