//! Times -> numbers of exchanges. Numbers rise with time, so that a search by time need not look at
//! the rows before and after it. Where the clock was set back the bounds are wider, never wrong: the
//! times themselves are compared, too.

use rusqlite::{Connection, OptionalExtension};

/// A row that began this much before an earlier one counts as late (the index `exchange_late`). Sends
/// that begin at the same time in several places are written out of order by less. In nanoseconds.
const TOLERANCE: i64 = 60_000_000_000;

/// The first number that can have begun at `at` or later; `None` when none has.
pub(super) fn first_from(connection: &Connection, at: i64) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT id FROM exchange WHERE latest_at >= ?1 ORDER BY latest_at, id LIMIT 1";
    connection.query_row(sql, [at], |row| row.get(0)).optional()
}

/// The last number that can have begun before `at`; `None` when none has.
pub(super) fn last_before(connection: &Connection, at: i64) -> rusqlite::Result<Option<i64>> {
    let in_time =
        "SELECT id FROM exchange WHERE latest_at < ?1 ORDER BY latest_at DESC, id DESC LIMIT 1";
    let in_time: Option<i64> = connection
        .query_row(in_time, [at.saturating_add(TOLERANCE)], |row| row.get(0))
        .optional()?;
    // The words are those of the index, or SQLite does not see that it can use it.
    let late = "SELECT max(id) FROM exchange
                WHERE started_at < ?1 AND started_at < latest_at - 60000000000";
    let late: Option<i64> = connection.query_row(late, [at], |row| row.get(0))?;
    Ok(in_time.max(late))
}
