//! What the user puts on exchanges, and the removing of exchanges, which can be taken back until the
//! posttui that removed them ends.

use std::sync::atomic::Ordering;

use rusqlite::{Connection, Transaction, params};

use crate::{
    model::{Exchange, ExchangeId, Relabel, Summary, clean_tag},
    search::Filter,
    store::StoreError,
};

use super::{History, query, read};

impl History {
    /// Changes what the user put on these exchanges. Returns how many of them there are.
    pub fn relabel(&self, ids: &[ExchangeId], change: &Relabel) -> Result<u64, StoreError> {
        let connections = &self.0.connections;
        connections
            .write(|transaction| {
                let mut changed = 0;
                for id in ids {
                    changed += relabel(transaction, *id, change)?;
                }
                Ok(changed)
            })
            .map_err(self.failed("keep the change"))
    }

    /// Removes exchanges from every list; what is in flight stays. Until this posttui ends,
    /// [`History::restore`] brings them back; then they are really gone. Returns those removed.
    pub fn remove(&self, ids: &[ExchangeId]) -> Result<Vec<ExchangeId>, StoreError> {
        let owner = &self.0.owner.name;
        self.0.has_removed.store(true, Ordering::Relaxed);
        let connections = &self.0.connections;
        connections
            .write(|transaction| {
                let mut statement = transaction.prepare(
                    "UPDATE exchange SET removed_by = ?2
                     WHERE id = ?1 AND removed_by IS NULL AND owner IS NULL",
                )?;
                let mut removed = Vec::new();
                for id in ids {
                    if statement.execute(params![id.0, owner])? > 0 {
                        removed.push(*id);
                    }
                }
                Ok(removed)
            })
            .map_err(self.failed("remove exchanges"))
    }

    /// Removes every exchange that satisfies the filter, but for those that are pinned, unless the filter
    /// asks for pinned ones. Likewise.
    pub fn remove_matching(&self, filter: &Filter) -> Result<Vec<ExchangeId>, StoreError> {
        let rows = self.all_rows(filter)?;
        let takes_pinned = filter.is_about_pins();
        let ids: Vec<ExchangeId> = rows
            .iter()
            .filter(|row| takes_pinned || !row.label.pinned)
            .map(|row| row.id)
            .collect();
        self.remove(&ids)
    }

    /// Brings back what this posttui removed. Returns how many of them came back.
    pub fn restore(&self, ids: &[ExchangeId]) -> Result<u64, StoreError> {
        let owner = &self.0.owner.name;
        let connections = &self.0.connections;
        connections
            .write(|transaction| {
                let mut statement = transaction.prepare(
                    "UPDATE exchange SET removed_by = NULL WHERE id = ?1 AND removed_by = ?2",
                )?;
                let mut restored = 0;
                for id in ids {
                    restored += statement.execute(params![id.0, owner])? as u64;
                }
                Ok(restored)
            })
            .map_err(self.failed("bring exchanges back"))
    }

    /// The rows of these exchanges in the order given; those that there are not are left out.
    pub fn rows(&self, ids: &[ExchangeId]) -> Result<Vec<Summary>, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(|connection| query::rows(connection, ids))
            .map_err(self.failed("be read"))
    }

    /// These exchanges, whole; likewise.
    pub fn load_all(&self, ids: &[ExchangeId]) -> Result<Vec<Exchange>, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(|connection| {
                let loaded = ids.iter().map(|id| read::load(connection, *id));
                loaded.filter_map(Result::transpose).collect()
            })
            .map_err(self.failed("be read"))
    }
}

/// Deletes for good what a posttui removed that has ended.
pub(super) fn delete_removed(connection: &Connection, owner: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM exchange WHERE removed_by = ?1", [owner])?;
    Ok(())
}

fn relabel(
    transaction: &Transaction<'_>,
    id: ExchangeId,
    change: &Relabel,
) -> rusqlite::Result<u64> {
    let said = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).map(str::to_owned);
        text.filter(|text| !text.is_empty())
    };
    let set = |column: &str, value: &dyn rusqlite::ToSql| {
        // The words of the row are to be gathered anew.
        let sql = format!("UPDATE exchange SET {column} = ?2, indexed = 0 WHERE id = ?1");
        transaction.execute(&sql, params![id.0, value])
    };
    let changed = match change {
        Relabel::Name(name) => set("name", &said(name))?,
        Relabel::Note(note) => set("note", &said(note))?,
        Relabel::Pin(pinned) => set("pinned", pinned)?,
        Relabel::Tag(tag) | Relabel::Untag(tag) => {
            let sql = "SELECT tags FROM exchange WHERE id = ?1";
            let mut statement = transaction.prepare(sql)?;
            let mut found = statement.query([id.0])?;
            let Some(row) = found.next()? else {
                return Ok(0);
            };
            let mut tags = read::tags(row.get::<_, Option<String>>(0)?.as_deref());
            let Some(tag) = clean_tag(tag) else {
                return Ok(1);
            };
            tags.retain(|other| *other != tag);
            if matches!(change, Relabel::Tag(_)) {
                tags.push(tag);
            }
            set("tags", &read::joined_tags(&tags))?
        }
    };
    Ok(changed as u64)
}
