//! Finishes what posttuis left in flight that have ended since.

use std::collections::BTreeSet;

use crate::store::StoreError;

use super::{History, damaged::lossy, write};

impl History {
    /// Finishes what other posttuis left in flight when they died. Costs next to nothing while there is
    /// nothing of others in flight. What cannot be finished now goes on reading as in flight. Says whether there was
    /// anything.
    pub(super) fn settle_dead(&self) -> bool {
        let settled = self
            .others_in_flight()
            .and_then(|owners| self.settle(owners));
        settled.unwrap_or_default()
    }

    /// The other owners that have rows in flight.
    pub(super) fn others_in_flight(&self) -> Result<BTreeSet<String>, StoreError> {
        let own = &self.0.owner.name;
        let connections = &self.0.connections;
        connections
            .read(|connection| {
                let sql =
                    "SELECT owner FROM exchange WHERE owner IS NOT NULL AND owner <> ?1
                     UNION
                     SELECT removed_by FROM exchange WHERE removed_by IS NOT NULL AND removed_by <> ?1";
                let mut statement = connection.prepare(sql)?;
                let owners = statement.query_map([own], |row| lossy(row, 0))?;
                owners.collect()
            })
            .map_err(self.failed("be read"))
    }

    /// Finishes the rows of those owners that are dead. Says whether there was any such owner.
    pub(super) fn settle(
        &self,
        owners: impl IntoIterator<Item = String>,
    ) -> Result<bool, StoreError> {
        let mut any = false;
        for owner in owners {
            let Some(estate) = self.0.owner.inherit(&owner) else {
                continue;
            };
            let connections = &self.0.connections;
            connections
                .write(|transaction| write::interrupt_all(transaction, &owner))
                .map_err(self.failed("finish what was interrupted"))?;
            estate.close();
            any = true;
        }
        Ok(any)
    }
}
