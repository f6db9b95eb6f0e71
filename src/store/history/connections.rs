//! One connection that writes and as many as needed that read, so that a long search holds up neither
//! a write nor another search.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

/// How long SQLite waits while another posttui writes.
const BUSY: Duration = Duration::from_secs(10);

/// Readers that stay open for the next question.
const IDLE_READERS: usize = 4;

/// What is left of the write-ahead log after a large body went through it, in bytes.
const LOG_LIMIT: i64 = 16 * 1024 * 1024;

pub(super) struct Connections {
    writer: Mutex<Connection>,
    /// `None` for a history in memory, which one connection alone can see.
    readers: Option<Readers>,
}

struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Connections {
    /// `path` is the file that the writer has open; `None` for a history in memory.
    pub(super) fn new(writer: Connection, path: Option<PathBuf>) -> Self {
        let readers = path.map(|path| Readers {
            path,
            idle: Mutex::default(),
        });
        Self {
            writer: Mutex::new(writer),
            readers,
        }
    }

    /// Does all of the work or, on an error, nothing of it.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let mut writer = lock(&self.writer);
        // A transaction that begins as a reader fails at once when another posttui writes meanwhile;
        // one that begins as a writer waits for its turn.
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    #[cfg(test)]
    pub(super) fn with_writer<T>(&self, work: impl FnOnce(&Connection) -> T) -> T {
        work(&lock(&self.writer))
    }

    /// Reads the database as it is at one moment.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let Some(readers) = &self.readers else {
            return work(&lock(&self.writer));
        };
        let idle = lock(&readers.idle).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => open_reader(&readers.path)?,
        };
        let transaction = reader.transaction()?;
        let read = work(&transaction);
        transaction.finish()?;
        let mut idle = lock(&readers.idle);
        if idle.len() < IDLE_READERS {
            idle.push(reader);
        }
        read
    }
}

/// A panic elsewhere leaves no half work behind: an unfinished transaction is rolled back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Never makes the file: whoever opens the database makes it first, as a private one.
fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

pub(super) fn open_writer(path: &Path) -> rusqlite::Result<Connection> {
    open(path)
}

/// Sets up the writer. The mode of the log stays with the file.
pub(super) fn configure_writer(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    // A commit survives the end of the process in any case; with FULL it survives the end of the power,
    // too. It costs about half a millisecond a send, off the draw thread.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "journal_size_limit", LOG_LIMIT)?;
    keep_within_folder(connection)
}

fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection = open(path)?;
    connection.pragma_update(None, "query_only", true)?;
    keep_within_folder(&connection)?;
    Ok(connection)
}

/// Temporary tables stay in memory: in files they would be outside the private folder.
fn keep_within_folder(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "temp_store", "memory")
}
