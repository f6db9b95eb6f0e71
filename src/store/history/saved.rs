//! Which saved request an exchange was sent from, and the latest answer to one.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use crate::{
    model::{ExchangeId, Origin, PreparedRequest, Request},
    store::StoreError,
};

use super::{History, write::Beginner};

impl History {
    /// As [`History::begin`], for a request that is saved.
    pub fn begin_saved(
        &self,
        request: &Request,
        prepared: &PreparedRequest,
        started_at: Timestamp,
        origin: &Origin,
    ) -> Result<ExchangeId, StoreError> {
        let owner = &self.0.owner.name;
        let (request, prepared) = self.without_own_secrets(request, prepared)?;
        let mut beginning = self.beginning(&request, &prepared, started_at)?;
        self.0
            .connections
            .write(|transaction| {
                let mut beginner = Beginner::new(transaction)?;
                let id = beginner.begin(owner, &mut beginning)?;
                transaction.execute(
                    "UPDATE exchange SET saved = ?2 WHERE id = ?1",
                    params![id.0, key(origin)],
                )?;
                Ok(id)
            })
            .map_err(self.failed("keep the request"))
    }

    /// The latest exchange of a saved request that has an answer, whatever its status.
    pub fn latest_answered(&self, origin: &Origin) -> Result<Option<ExchangeId>, StoreError> {
        self.0
            .connections
            .read(|connection| {
                let mut statement = connection.prepare(
                    "SELECT id FROM exchange WHERE saved = ?1 AND standing GLOB '[0-9]*'
                     ORDER BY id DESC LIMIT 1",
                )?;
                let found = statement.query_row([key(origin)], |row| row.get(0));
                Ok(found.optional()?.map(ExchangeId))
            })
            .map_err(self.failed("be read"))
    }
}

/// How a saved request is written into its column.
pub(super) fn key(origin: &Origin) -> String {
    format!("{}\n{}", origin.root.to_string_lossy(), origin.path)
}

/// Back from [`key`]; the path is the last line.
pub(super) fn origin_of(saved: &str) -> Option<Origin> {
    let (root, path) = saved.rsplit_once('\n')?;
    Some(Origin {
        root: root.into(),
        path: path.to_owned(),
    })
}
