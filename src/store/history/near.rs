//! Addresses of a host that were answered well: what a path that was not found is compared with.

use rusqlite::Connection;

/// As many rows of the host are looked through, the newest first: enough for years of one server's work,
/// and read in a moment.
const LOOKED_THROUGH: i64 = 20_000;

/// As many different addresses are taken.
const MOST: i64 = 2_000;

/// The addresses of a host (with its port) that were answered with less than 400.
pub(super) fn answered(connection: &Connection, host: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "SELECT DISTINCT url FROM (
            SELECT url, standing FROM exchange WHERE host = ?1 ORDER BY id DESC LIMIT ?2
        ) WHERE standing GLOB '[123][0-9][0-9]' LIMIT ?3",
    )?;
    let urls = statement.query_map((host, LOOKED_THROUGH, MOST), |row| row.get(0))?;
    urls.collect()
}
