//! Two exchanges of the history compared.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    compare::{Comparison, Ignored, Pair, compare},
    model::{Exchange, ExchangeId, Summary},
    store::StoreError,
};

use super::{
    History,
    read::{SUMMARY, read_summary},
};

/// Why there is nothing to compare.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    #[error("no exchange has the number {0}")]
    Missing(ExchangeId),
    #[error(
        "nothing that was sent to the same place before #{0} was answered with a 2xx, so that there is nothing to compare it with"
    )]
    NeverWorked(ExchangeId),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl History {
    /// Compares two exchanges.
    pub fn compare(&self, pair: Pair, ignored: &Ignored) -> Result<Comparison, CompareError> {
        let (old, new) = match pair {
            Pair::Of(old, new) => (old, new),
            Pair::LastWorked(id) => {
                let found = self.last_worked(id)?;
                (found.ok_or(CompareError::NeverWorked(id))?, id)
            }
        };
        let load = |id| -> Result<Exchange, CompareError> {
            self.load(id)?.ok_or(CompareError::Missing(id))
        };
        Ok(compare(&load(old)?, &load(new)?, ignored))
    }

    /// The newest rows with the method, the host and the path of this one, at most `limit`.
    pub fn like(&self, id: ExchangeId, limit: usize) -> Result<Vec<Summary>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let connections = &self.0.connections;
        connections
            .read(|connection| {
                let Some([path, host, method]) = endpoint(connection, id)? else {
                    return Ok(Vec::new());
                };
                let mut statement = connection.prepare_cached(&like_sql())?;
                let rows = statement.query_map(params![path, host, method, limit], read_summary)?;
                rows.collect()
            })
            .map_err(self.failed("be read"))
    }

    /// The newest exchange before this one with its method, host and path that was answered with a 2xx, and that
    /// no rule of the user's called a failure.
    pub fn last_worked(&self, id: ExchangeId) -> Result<Option<ExchangeId>, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(|connection| {
                let Some([path, host, method]) = endpoint(connection, id)? else {
                    return Ok(None);
                };
                let mut statement = connection.prepare_cached(&last_worked_sql())?;
                let found =
                    statement.query_row(params![path, host, method, id.0], |row| row.get(0));
                Ok(found.optional()?.map(ExchangeId))
            })
            .map_err(self.failed("be read"))
    }
}

/// Path, host and method of an exchange; `None` where there is no such number.
fn endpoint(connection: &Connection, id: ExchangeId) -> rusqlite::Result<Option<[String; 3]>> {
    let sql = "SELECT path, host, method FROM exchange WHERE id = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row([id.0], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]));
    found.optional()
}

/// Where the path is that of the index without regard to case, it is compared as it is besides.
const SAME: &str =
    "path = ?1 COLLATE NOCASE AND host = ?2 AND method = ?3 AND path = ?1 AND removed_by IS NULL";

fn like_sql() -> String {
    format!("SELECT {SUMMARY} FROM exchange WHERE {SAME} ORDER BY id DESC LIMIT ?4")
}

fn last_worked_sql() -> String {
    // The words about the standing are those of the index, or SQLite does not see that it can use it.
    format!(
        "SELECT id FROM exchange WHERE {SAME} AND standing GLOB '2[0-9][0-9]' AND id < ?4
         AND level IS NOT 'fail' ORDER BY id DESC LIMIT 1"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_request_is_found_by_its_index() {
        let history = History::in_memory().unwrap();
        for (sql, index) in [
            (
                like_sql(),
                "INDEX exchange_endpoint (path=? AND host=? AND method=?)",
            ),
            (
                last_worked_sql(),
                "exchange_worked (path=? AND host=? AND method=? AND rowid<?)",
            ),
        ] {
            let connections = &history.0.connections;
            let plan = connections.read(|connection| {
                let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                let nothing = params!["/", "host", "POST", 1];
                let lines = statement.query_map(nothing, |row| row.get::<_, String>(3))?;
                lines.collect::<Result<Vec<_>, _>>()
            });
            let plan = plan.unwrap().join("\n");
            assert!(plan.contains(index), "{plan}");
            assert!(
                !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"),
                "{plan}"
            );
        }
    }
}
