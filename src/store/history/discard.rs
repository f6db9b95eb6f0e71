//! An exchange that turned out not to be kept: what was written of it before that was known goes again.

use crate::{model::ExchangeId, store::StoreError};

use super::History;

impl History {
    /// Deletes an exchange for good, in flight or not, and wipes what its row left in the file and in the log.
    pub fn discard(&self, id: ExchangeId) -> Result<(), StoreError> {
        let connections = &self.0.connections;
        connections
            .write(|transaction| {
                transaction.pragma_update(None, "secure_delete", true)?;
                transaction.execute("DELETE FROM exchange WHERE id = ?1", [id.0])?;
                transaction.pragma_update(None, "secure_delete", false)
            })
            .map_err(self.failed("remove an exchange"))?;
        self.delete_files()?;
        connections
            .outside(|writer| {
                // Busy where another posttui reads at this moment: the next one that empties the log wipes it.
                writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
            })
            .map_err(self.failed("remove an exchange"))
    }
}
