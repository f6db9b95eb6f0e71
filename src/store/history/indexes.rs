//! Indexes over columns that long histories have already. To make one of them takes seconds where there are a
//! million rows, so that no posttui waits for it at its start: it is made beside the work, once. Until then the
//! same questions take longer, and nothing else is different.

use rusqlite::Connection;

use crate::store::StoreError;

use super::History;

/// The same request again: path, host and method. A path in the filter is compared without regard to the case of
/// ASCII letters, and so it is here.
pub(super) const ENDPOINT: &str = "exchange_endpoint";

/// Of those, the ones that worked.
pub(super) const WORKED: &str = "exchange_worked";

/// Those with a message of the user's own.
pub(super) const MESSAGE: &str = "exchange_message";

/// Those that a rule has a level for.
pub(super) const LEVEL: &str = "exchange_level";

/// What is indexed, and under which name.
const LATE: &[(&str, &str)] = &[
    (ENDPOINT, "exchange (path COLLATE NOCASE, host, method)"),
    (
        WORKED,
        "exchange (path COLLATE NOCASE, host, method) WHERE standing GLOB '2[0-9][0-9]'",
    ),
    (MESSAGE, "exchange (id) WHERE message IS NOT NULL"),
    (LEVEL, "exchange (level) WHERE level IS NOT NULL"),
];

/// So many rows are indexed in a moment.
const SOON_DONE: i64 = 10_000;

/// Makes the indexes that are missing, where that takes no time.
pub(super) fn make_soon(connection: &Connection) -> rusqlite::Result<()> {
    let newest: Option<i64> =
        connection.query_row("SELECT max(id) FROM exchange", (), |row| row.get(0))?;
    if newest.unwrap_or_default() > SOON_DONE {
        return Ok(());
    }
    for (name, what) in LATE {
        make(connection, name, what)?;
    }
    Ok(())
}

fn make(connection: &Connection, name: &str, what: &str) -> rusqlite::Result<()> {
    connection.execute_batch(&format!("CREATE INDEX IF NOT EXISTS {name} ON {what}"))
}

/// Whether an index is there yet.
pub(super) fn is_there(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1)";
    connection
        .prepare_cached(sql)?
        .query_row([name], |row| row.get(0))
}

impl History {
    /// Makes the indexes that are missing, one after the other. A send that begins meanwhile waits for the one
    /// that is being made.
    pub fn make_indexes(&self) -> Result<(), StoreError> {
        let connections = &self.0.connections;
        for (name, what) in LATE {
            let is_there = connections.read(|connection| is_there(connection, name));
            if !is_there.map_err(self.failed("be read"))? {
                connections
                    .write(|transaction| make(transaction, name, what))
                    .map_err(self.failed("be indexed"))?;
            }
        }
        Ok(())
    }
}
