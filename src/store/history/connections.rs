//! One connection that writes and as many as needed that read, so that a long search holds up neither
//! a write nor another search.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{
    Connection, OpenFlags, Transaction, TransactionBehavior, config::DbConfig,
    functions::FunctionFlags,
};

use crate::search::{has_words, words};

/// How long SQLite waits while another posttui writes.
pub(super) const BUSY: Duration = Duration::from_secs(10);

/// Readers that stay open for the next question.
const IDLE_READERS: usize = 4;

/// Steps of SQLite's machine between two looks at whether an answer is still wanted: some tens of microseconds.
const STEPS: i32 = 10_000;

/// What is left of the write-ahead log after a large body went through it, in bytes.
const LOG_LIMIT: i64 = 16 * 1024 * 1024;

/// Pages of the log after which a commit moves them into the database: 1 MiB.
const LOG_PAGES: i64 = 256;

pub(super) struct Connections {
    writer: Mutex<Connection>,
    /// `None` for a history in memory, which one connection alone can see.
    readers: Option<Readers>,
}

/// Where the database is, and how it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Writable(PathBuf),
    /// Of a disk or folder that cannot be written; the flags say how.
    ReadOnly {
        name: String,
        flags: OpenFlags,
    },
}

impl Place {
    pub(super) fn open_reader(&self) -> rusqlite::Result<Connection> {
        match self {
            Self::Writable(path) => open_reader(path),
            Self::ReadOnly { name, flags } => {
                let connection = Connection::open_with_flags(name, *flags)?;
                connection.busy_timeout(BUSY)?;
                keep_within_folder(&connection)?;
                Ok(connection)
            }
        }
    }
}

struct Readers {
    place: Place,
    idle: Mutex<Vec<Connection>>,
}

impl Connections {
    /// The place is that of the file that the writer has open; `None` for a history in memory.
    pub(super) fn new(writer: Connection, place: Option<Place>) -> Self {
        let readers = place.map(|place| Readers {
            place,
            idle: Mutex::default(),
        });
        Self {
            writer: Mutex::new(writer),
            readers,
        }
    }

    /// Whether the history stays when the program ends.
    pub(super) fn is_on_disk(&self) -> bool {
        self.readers.is_some()
    }

    /// Whether nothing can be written, since its disk or folder says so.
    pub(super) fn is_read_only(&self) -> bool {
        let place = self.readers.as_ref().map(|readers| &readers.place);
        matches!(place, Some(Place::ReadOnly { .. }))
    }

    /// A number that changes when somebody else has written, and not when this one has (`PRAGMA data_version`).
    pub(super) fn version_of_others(&self) -> rusqlite::Result<i64> {
        lock(&self.writer).pragma_query_value(None, "data_version", |row| row.get(0))
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

    /// Brings what is written to the disk itself, so that it survives a power cut. It waits for the
    /// disk, on a connection of its own: a write that comes meanwhile does not.
    pub(super) fn flush(&self) -> rusqlite::Result<()> {
        let Some(Place::Writable(path)) = self.readers.as_ref().map(|readers| &readers.place)
        else {
            return Ok(());
        };
        let flusher = open(path)?;
        flusher.pragma_update(None, "synchronous", "normal")?;
        flusher.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        flusher.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()))
    }

    /// Does what no transaction can hold, such as making the file anew. Other posttuis are waited for.
    pub(super) fn outside<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        // What readers of this posttui keep open would be waited for in vain.
        if let Some(readers) = &self.readers {
            lock(&readers.idle).clear();
        }
        work(&lock(&self.writer))
    }

    /// Reads on a connection without a transaction.
    pub(super) fn read_outside<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        match &self.readers {
            Some(readers) => work(&readers.place.open_reader()?),
            None => work(&lock(&self.writer)),
        }
    }

    /// Like [`Connections::read`], but breaks off with an error soon after nobody waits for it any more.
    pub(super) fn read_while<T>(
        &self,
        is_awaited: impl Fn() -> bool + Send + 'static,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.read_with(work, |connection| {
            connection.progress_handler(STEPS, Some(move || !is_awaited()))
        })
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
        self.read_with(work, |_| Ok(()))
    }

    fn read_with<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
        watch: impl FnOnce(&mut Connection) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<T> {
        let no_watch = None::<fn() -> bool>;
        let Some(readers) = &self.readers else {
            let mut writer = lock(&self.writer);
            watch(&mut writer)?;
            let read = work(&writer);
            writer.progress_handler(0, no_watch)?;
            return read;
        };
        let idle = lock(&readers.idle).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => readers.place.open_reader()?,
        };
        watch(&mut reader)?;
        let transaction = reader.transaction()?;
        let read = work(&transaction);
        transaction.finish()?;
        reader.progress_handler(0, no_watch)?;
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

/// Sets up the writer, which has taken its [`super::journal::Journal`].
pub(super) fn configure_writer(connection: &Connection) -> rusqlite::Result<()> {
    // The log is read whole when the next posttui opens the history, so that it has to stay short; and
    // the last one to close it does not wait for the disk either.
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "journal_size_limit", LOG_LIMIT)?;
    keep_within_folder(connection)
}

fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection = open(path)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    keep_within_folder(&connection)?;
    Ok(connection)
}

/// Temporary tables stay in memory: in files they would be outside the private folder.
fn keep_within_folder(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "temp_store", "memory")?;
    add_functions(connection)
}

/// What SQL asks of the texts of a row, where it has no such question itself.
fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("has_words", 2, flags, |arguments| {
        let text = String::from_utf8_lossy(arguments.get_raw(0).as_bytes()?);
        Ok(has_words(&text, &words(arguments.get_raw(1).as_str()?)))
    })
}
