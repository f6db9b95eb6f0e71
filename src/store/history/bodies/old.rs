//! Bodies as they were kept before step 6 of [`super::super::migrations`]: whole, once for each exchange. They are
//! read where they are, and moved into their new place little by little.

use bytes::Bytes;
use rusqlite::{Connection, params};

use crate::store::StoreError;

use super::{super::History, Content, Side, attach};

/// Bodies moved in one transaction: another posttui waits for no more than these.
const BATCH: usize = 64;

/// Likewise, in bytes.
const BATCH_BYTES: usize = 8 * 1024 * 1024;

impl History {
    /// Moves at most `limit` bodies of older posttuis, the oldest first. Returns how many were moved; fewer than
    /// `limit` when those were all.
    pub fn move_bodies(&self, limit: usize) -> Result<usize, StoreError> {
        let mut moved = 0;
        while moved < limit {
            let batch = self.move_batch(BATCH.min(limit - moved))?;
            if batch == 0 {
                break;
            }
            moved += batch;
        }
        Ok(moved)
    }

    fn move_batch(&self, limit: usize) -> Result<usize, StoreError> {
        let connections = &self.0.connections;
        let failed = || self.failed("move bodies");
        // Compressing takes longer than writing: it is done while others may write.
        let found = connections
            .read(|connection| gathered(connection, limit))
            .map_err(failed())?;
        if found.is_empty() {
            return Ok(0);
        }
        connections
            .write(|transaction| {
                let count = found.len();
                for (id, side, mut content) in found {
                    // One that went meanwhile, or got another body, has none in the old place any more.
                    if delete(transaction, id, side)? > 0 {
                        attach(transaction, id, side, content.as_mut())?;
                    }
                }
                Ok(count)
            })
            .map_err(failed())
    }
}

type Moved = (i64, Side, Option<Content>);

fn gathered(connection: &Connection, limit: usize) -> rusqlite::Result<Vec<Moved>> {
    let mut found = Vec::new();
    let mut bytes = 0;
    for side in Side::ALL {
        for id in ids(connection, side, limit.saturating_sub(found.len()))? {
            let body = load(connection, id, side)?;
            bytes += body.len();
            let mut content = Content::of(body);
            if let Some(content) = &mut content {
                content.pack_ahead(connection)?;
            }
            found.push((id, side, content));
            if bytes >= BATCH_BYTES {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

fn ids(connection: &Connection, side: Side, limit: usize) -> rusqlite::Result<Vec<i64>> {
    let table = side.old_table();
    let sql = format!("SELECT DISTINCT id FROM {table} ORDER BY id LIMIT ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let ids = statement.query_map([limit as i64], |row| row.get(0))?;
    ids.collect()
}

/// The body of an exchange in the old place; empty where there is none.
pub(super) fn load(connection: &Connection, exchange: i64, side: Side) -> rusqlite::Result<Bytes> {
    let table = side.old_table();
    let sql = format!("SELECT bytes FROM {table} WHERE id = ?1 ORDER BY part");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut parts = statement.query([exchange])?;
    let mut body = Vec::new();
    while let Some(part) = parts.next()? {
        body.extend_from_slice(part.get_ref(0)?.as_blob()?);
    }
    Ok(body.into())
}

/// Returns how many rows there were.
pub(super) fn delete(
    transaction: &Connection,
    exchange: i64,
    side: Side,
) -> rusqlite::Result<usize> {
    let table = side.old_table();
    let sql = format!("DELETE FROM {table} WHERE id = ?1");
    transaction.prepare_cached(&sql)?.execute(params![exchange])
}
