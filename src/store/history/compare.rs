//! Two exchanges of the history compared.

use rusqlite::OptionalExtension;

use crate::{
    compare::{Comparison, Ignored, Pair, compare},
    model::{Exchange, ExchangeId},
    store::StoreError,
};

use super::History;

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
