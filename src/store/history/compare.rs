//! Two exchanges of the history compared.

use rusqlite::{OptionalExtension, params};

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
                let same =
                    |column| format!("{column} = (SELECT {column} FROM exchange WHERE id = ?1)");
                let [host, path, method] = ["host", "path", "method"].map(same);
                let mut statement = connection.prepare(&format!(
                    "SELECT {SUMMARY} FROM exchange WHERE {host} AND {path} AND {method}
                     ORDER BY id DESC LIMIT ?2"
                ))?;
                let rows = statement.query_map(params![id.0, limit], read_summary)?;
                rows.collect()
            })
            .map_err(self.failed("be read"))
    }

    /// The newest exchange before this one with its method, host and path that was answered with a 2xx.
    pub fn last_worked(&self, id: ExchangeId) -> Result<Option<ExchangeId>, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(|connection| {
                let sql = "SELECT past.id FROM exchange AS past
                    JOIN exchange AS this ON this.id = ?1
                    WHERE past.id < ?1 AND past.host = this.host AND past.path = this.path
                        AND past.method = this.method AND past.standing GLOB '2[0-9][0-9]'
                    ORDER BY past.id DESC LIMIT 1";
                let found = connection.query_row(sql, [id.0], |row| row.get(0));
                Ok(found.optional()?.map(ExchangeId))
            })
            .map_err(self.failed("be read"))
    }
}
