//! What the history forgets by itself: what is too old, and the oldest where there is too much. What is pinned or
//! in flight stays.

use std::fmt;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    store::{Limits, Retention, StoreError},
    units::{counted, human_size, plain_age},
};

use super::{History, bodies::bytes_in_files, window::last_before, write::nanoseconds};

/// What was forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub exchanges: u64,
    /// Given back to the disk, in bytes.
    pub bytes: u64,
    /// How many by which limit: `9 older than 90d`.
    pub because: Vec<String>,
    /// Whether more is beyond the limits, since no more was to be forgotten at once.
    pub has_more: bool,
}

impl fmt::Display for Forgotten {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            exchanges,
            bytes,
            because,
            has_more: _,
        } = self;
        let are = if *exchanges == 1 { "is" } else { "are" };
        write!(
            formatter,
            "{} {are} forgotten",
            counted(*exchanges, "exchange")
        )?;
        if !because.is_empty() {
            write!(formatter, " ({})", because.join(", "))?;
        }
        write!(formatter, "; {} went back to the disk.", human_size(*bytes))
    }
}

impl Forgotten {
    fn add(&mut self, count: u64, environment: Option<&str>, reason: &str) {
        if count == 0 {
            return;
        }
        self.exchanges += count;
        let place = environment.map(|name| format!(" of {name}"));
        let place = place.unwrap_or_default();
        self.because.push(format!("{count}{place} {reason}"));
    }
}

/// Rows deleted in one transaction: others may write in between.
const BATCH: i64 = 200;

/// Pages given back to the disk at a time: 4 MiB.
const PAGES: i64 = 1024;

/// Which rows may go.
const MAY_GO: &str = "pinned = 0 AND owner IS NULL AND removed_by IS NULL";

/// What came last stays, however large it is: a size limit that nothing fits into must not take what was sent just
/// now.
const NOT_NEWEST: &str = "id < (SELECT id FROM exchange
    WHERE owner IS NULL AND removed_by IS NULL ORDER BY id DESC LIMIT 1)";

impl History {
    /// Forgets what is beyond the limits, the oldest first.
    pub fn keep_within(
        &self,
        retention: &Retention,
        now: Timestamp,
    ) -> Result<Forgotten, StoreError> {
        self.keep_within_some(retention, now, u64::MAX)
    }

    /// Likewise, but no more than so many exchanges by each limit: whoever waits for it is not to wait long.
    pub fn keep_within_some(
        &self,
        retention: &Retention,
        now: Timestamp,
        most: u64,
    ) -> Result<Forgotten, StoreError> {
        let before = self.file_size()?;
        let mut forgotten = Forgotten::default();
        for (name, limits) in &retention.environments {
            let name = Some(name.as_str());
            self.forget_old(limits, name, (now, most), &mut forgotten)?;
            self.forget_surplus(limits, name, most, &mut forgotten)?;
            if let Some(size) = limits.size {
                let last = self.last_beyond(size, name)?;
                if let Some(last) = last {
                    let beyond = format!("id <= {last} AND {NOT_NEWEST}");
                    let gone = self.forget_all(&beyond, name, most)?;
                    forgotten.add(gone, name, &format!("beyond {}", human_size(size)));
                    forgotten.has_more |= gone == most && self.may_go(&beyond, name)?;
                }
            }
        }
        self.forget_old(&retention.all, None, (now, most), &mut forgotten)?;
        self.forget_surplus(&retention.all, None, most, &mut forgotten)?;
        if let Some(size) = retention.all.size {
            self.forget_beyond(size, most, &mut forgotten)?;
        }
        if forgotten.exchanges > 0 {
            self.delete_files()?;
            self.give_back()?;
            forgotten.bytes = before.saturating_sub(self.file_size()?);
        }
        Ok(forgotten)
    }

    fn forget_old(
        &self,
        limits: &Limits,
        environment: Option<&str>,
        (now, most): (Timestamp, u64),
        forgotten: &mut Forgotten,
    ) -> Result<(), StoreError> {
        let Some((age, oldest)) = limits
            .age
            .and_then(|age| Some((age, now.checked_sub(age).ok()?)))
        else {
            return Ok(());
        };
        let at = nanoseconds(oldest);
        let connections = &self.0.connections;
        let last = connections
            .read(|connection| last_before(connection, at))
            .map_err(self.failed("be read"))?;
        if let Some(last) = last {
            let too_old = format!("id <= {last} AND started_at < {at}");
            let gone = self.forget_all(&too_old, environment, most)?;
            forgotten.has_more |= gone == most && self.may_go(&too_old, environment)?;
            let reason = format!("older than {}", plain_age(age));
            forgotten.add(gone, environment, &reason);
        }
        Ok(())
    }

    fn forget_surplus(
        &self,
        limits: &Limits,
        environment: Option<&str>,
        most: u64,
        forgotten: &mut Forgotten,
    ) -> Result<(), StoreError> {
        let Some(count) = limits.count else {
            return Ok(());
        };
        let (facet, value) = match environment {
            Some(name) => ("environment", name),
            None => ("all", ""),
        };
        let connections = &self.0.connections;
        let kept = connections
            .read(|connection| {
                let sql =
                    "SELECT coalesce(sum(total), 0) FROM tally WHERE facet = ?1 AND value = ?2";
                connection.query_row(sql, [facet, value], |row| row.get::<_, i64>(0))
            })
            .map_err(self.failed("be counted"))?;
        let surplus = kept.cast_unsigned().saturating_sub(count);
        let gone = self.forget_all("TRUE", environment, surplus.min(most))?;
        forgotten.has_more |= gone == most && surplus > gone && self.may_go("TRUE", environment)?;
        forgotten.add(gone, environment, &format!("beyond {count}"));
        Ok(())
    }

    fn forget_beyond(
        &self,
        size: u64,
        most: u64,
        forgotten: &mut Forgotten,
    ) -> Result<(), StoreError> {
        let mut gone = 0;
        while gone < most {
            let batch = BATCH.min(i64::try_from(most - gone).unwrap_or(BATCH));
            let some = self.forget_some_beyond(size, batch)?;
            gone += some;
            if some == 0 {
                break;
            }
        }
        forgotten.has_more |= gone == most
            && self
                .0
                .connections
                .read(used)
                .map_err(self.failed("be measured"))?
                > size
            && self.may_go(NOT_NEWEST, None)?;
        forgotten.add(gone, None, &format!("beyond {}", human_size(size)));
        Ok(())
    }

    /// Forgets the oldest until the others fit into so many bytes. What one of them frees is not known before it
    /// is gone, since a body may have others that need it: so it is measured after each.
    fn forget_some_beyond(&self, size: u64, batch: i64) -> Result<u64, StoreError> {
        let connections = &self.0.connections;
        connections
            .write(|transaction| {
                let mut oldest = transaction.prepare(&going(NOT_NEWEST, None, batch))?;
                let oldest = oldest.query_map([None::<&str>], |row| row.get::<_, i64>(0))?;
                let oldest: Vec<i64> = oldest.collect::<Result<_, _>>()?;
                let mut delete = transaction.prepare("DELETE FROM exchange WHERE id = ?1")?;
                let mut gone = 0;
                for id in oldest {
                    if used(transaction)? <= size {
                        break;
                    }
                    gone += delete.execute([id])? as u64;
                }
                Ok(gone)
            })
            .map_err(self.failed("forget what is beyond its limits"))
    }

    /// The newest exchange of an environment that does not fit into so many bytes together with all that are
    /// newer. A body that several have counts for the newest of them.
    fn last_beyond(&self, size: u64, environment: Option<&str>) -> Result<Option<i64>, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(|connection| {
                let sql = "SELECT id FROM (
                    SELECT id, sum(bytes) OVER (ORDER BY id DESC) AS total FROM (
                        SELECT exchange.id AS id,
                            octet_length(request) + octet_length(prepared) + octet_length(hops)
                            + coalesce(octet_length(outcome), 0)
                            + (SELECT coalesce(sum(stored), 0) FROM body_use AS own JOIN body ON body.id = own.body
                               WHERE own.exchange = exchange.id AND NOT EXISTS (
                                   SELECT 1 FROM body_use AS other JOIN exchange AS newer ON newer.id = other.exchange
                                   WHERE other.body = own.body AND other.exchange > own.exchange
                                   AND newer.environment = ?1 AND newer.removed_by IS NULL
                               )) AS bytes
                        FROM exchange JOIN detail USING (id)
                        WHERE environment = ?1 AND removed_by IS NULL
                    )
                ) WHERE total > ?2 ORDER BY id DESC LIMIT 1";
                let size = i64::try_from(size).unwrap_or(i64::MAX);
                let found = connection.query_row(sql, params![environment, size], |row| row.get(0));
                found.optional()
            })
            .map_err(self.failed("be measured"))
    }

    /// Whether any exchange that satisfies the condition may go.
    fn may_go(&self, condition: &str, environment: Option<&str>) -> Result<bool, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(|connection| {
                let sql = format!("SELECT EXISTS ({})", going(condition, environment, 1));
                connection.query_row(&sql, params![environment], |row| row.get(0))
            })
            .map_err(self.failed("be read"))
    }

    fn forget_all(
        &self,
        condition: &str,
        environment: Option<&str>,
        most: u64,
    ) -> Result<u64, StoreError> {
        let mut gone = 0;
        while gone < most {
            let batch = BATCH.min(i64::try_from(most - gone).unwrap_or(BATCH));
            let forgotten = self.forget_some(condition, environment, batch)?;
            gone += forgotten;
            if forgotten == 0 {
                break;
            }
        }
        Ok(gone)
    }

    fn forget_some(
        &self,
        condition: &str,
        environment: Option<&str>,
        batch: i64,
    ) -> Result<u64, StoreError> {
        let connections = &self.0.connections;
        connections
            .write(|transaction| {
                let going = going(condition, environment, batch);
                let sql = format!("DELETE FROM exchange WHERE id IN ({going})");
                Ok(transaction.execute(&sql, params![environment])? as u64)
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

    /// Of the database and the files, in bytes.
    pub(super) fn file_size(&self) -> Result<u64, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(|connection| {
                Ok(pages(connection)? * page_size(connection)? + bytes_in_files(connection)?)
            })
            .map(|bytes| bytes as u64)
            .map_err(self.failed("be measured"))
    }
}

/// The oldest that satisfy the condition and may go, so many at the most; the environment is the first parameter.
fn going(condition: &str, environment: Option<&str>, limit: i64) -> String {
    let (index, of) = match environment {
        Some(_) => ("INDEXED BY exchange_environment", "environment = ?1"),
        None => ("NOT INDEXED", "?1 IS NULL"),
    };
    format!(
        "SELECT id FROM exchange {index}
         WHERE {of} AND {condition} AND {MAY_GO} ORDER BY id LIMIT {limit}"
    )
}

/// The mode of `PRAGMA auto_vacuum` in which pages go back to the disk when they are asked to.
pub(super) const INCREMENTAL: i64 = 2;

fn pages(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "page_count", |row| row.get(0))
}

fn free_pages(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "freelist_count", |row| row.get(0))
}

/// Of the database without its free pages and of the files, in bytes.
fn used(connection: &Connection) -> rusqlite::Result<u64> {
    let in_use = pages(connection)? - free_pages(connection)?;
    Ok((in_use * page_size(connection)? + bytes_in_files(connection)?) as u64)
}

fn page_size(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "page_size", |row| row.get(0))
}
