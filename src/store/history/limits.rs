//! What the history forgets by itself: what is too old, and the oldest where there is too much. What is pinned or
//! in flight stays.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;

use crate::store::StoreError;

use super::{History, bodies::bytes_in_files, window::last_before, write::nanoseconds};

/// How much is kept; `None` for no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of the database and the files of its bodies, in bytes.
    pub size: Option<u64>,
    pub age: Option<Duration>,
    pub count: Option<u64>,
}

impl Default for Limits {
    /// One GiB, and no other limit: years of exchanges for nearly everybody.
    fn default() -> Self {
        Self {
            size: Some(1024 * 1024 * 1024),
            age: None,
            count: None,
        }
    }
}

/// What was forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub exchanges: u64,
    /// Given back to the disk, in bytes.
    pub bytes: u64,
}

/// Rows deleted in one transaction: others may write in between.
const BATCH: i64 = 200;

/// Pages given back to the disk at a time: 4 MiB.
const PAGES: i64 = 1024;

/// Which rows may go.
const MAY_GO: &str = "pinned = 0 AND owner IS NULL AND removed_by IS NULL";

impl History {
    /// Forgets what is beyond the limits, the oldest first.
    pub fn keep_within(&self, limits: &Limits, now: Timestamp) -> Result<Forgotten, StoreError> {
        let before = self.file_size()?;
        let mut forgotten = Forgotten::default();
        if let Some(age) = limits.age
            && let Ok(oldest) = now.checked_sub(age)
        {
            let at = nanoseconds(oldest);
            let last = self
                .0
                .connections
                .read(|connection| last_before(connection, at))
                .map_err(self.failed("be read"))?;
            if let Some(last) = last {
                let too_old = format!("id <= {last} AND started_at < {at}");
                forgotten.exchanges += self.forget_all(&too_old, u64::MAX)?;
            }
        }
        if let Some(count) = limits.count {
            let kept = self.count(&crate::search::Filter::default())?;
            forgotten.exchanges += self.forget_all("TRUE", kept.saturating_sub(count))?;
        }
        if let Some(size) = limits.size {
            while self.used()? > size {
                let gone = self.forget_some("TRUE", BATCH)?;
                forgotten.exchanges += gone;
                if gone == 0 {
                    break;
                }
            }
        }
        if forgotten.exchanges > 0 {
            self.delete_files()?;
            self.give_back()?;
            forgotten.bytes = before.saturating_sub(self.file_size()?);
        }
        Ok(forgotten)
    }

    fn forget_all(&self, condition: &str, most: u64) -> Result<u64, StoreError> {
        let mut gone = 0;
        while gone < most {
            let batch = BATCH.min(i64::try_from(most - gone).unwrap_or(BATCH));
            let forgotten = self.forget_some(condition, batch)?;
            gone += forgotten;
            if forgotten == 0 {
                break;
            }
        }
        Ok(gone)
    }

    fn forget_some(&self, condition: &str, batch: i64) -> Result<u64, StoreError> {
        let connections = &self.0.connections;
        connections
            .write(|transaction| {
                let sql = format!(
                    "DELETE FROM exchange WHERE id IN (
                        SELECT id FROM exchange NOT INDEXED
                        WHERE {condition} AND {MAY_GO} ORDER BY id LIMIT {batch}
                    )"
                );
                Ok(transaction.execute(&sql, ())? as u64)
            })
            .map_err(self.failed("forget what is beyond its limits"))
    }

    /// Gives free pages back to the disk, some at a time. A database that was begun before it could do that is made
    /// anew, once.
    pub fn give_back(&self) -> Result<(), StoreError> {
        let connections = &self.0.connections;
        connections
            .outside(|writer| {
                let mode: i64 = writer.pragma_query_value(None, "auto_vacuum", |row| row.get(0))?;
                if mode == INCREMENTAL {
                    while free_pages(writer)? > 0 {
                        let before = free_pages(writer)?;
                        writer.execute_batch(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
                        if free_pages(writer)? >= before {
                            break;
                        }
                    }
                } else {
                    writer.pragma_update(None, "auto_vacuum", INCREMENTAL)?;
                    writer.execute_batch("VACUUM")?;
                }
                writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
            })
            .map_err(self.failed("give space back"))
    }

    /// Of the database without its free pages and of the files, in bytes.
    fn used(&self) -> Result<u64, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(|connection| Ok(pages(connection)? - free_pages(connection)?))
            .and_then(|used| {
                self.0
                    .connections
                    .read(|it| Ok(used * page_size(it)? + bytes_in_files(it)?))
            })
            .map(|bytes| bytes as u64)
            .map_err(self.failed("be measured"))
    }

    /// Of the database and the files, in bytes.
    fn file_size(&self) -> Result<u64, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(|connection| {
                Ok(pages(connection)? * page_size(connection)? + bytes_in_files(connection)?)
            })
            .map(|bytes| bytes as u64)
            .map_err(self.failed("be measured"))
    }
}

/// The mode of `PRAGMA auto_vacuum` in which pages go back to the disk when they are asked to.
pub(super) const INCREMENTAL: i64 = 2;

fn pages(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "page_count", |row| row.get(0))
}

fn free_pages(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "freelist_count", |row| row.get(0))
}

fn page_size(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "page_size", |row| row.get(0))
}
