//! Opens the database, whatever state it is in: new, older, newer, damaged, or being opened by another
//! posttui at this moment.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use rusqlite::Connection;

use crate::store::{
    Paths, StoreError,
    files::{free_broken_name, make_folder, open_private, set_aside},
    lock::lock_within,
};

use super::{
    connections::{Place, configure_writer, open_writer},
    indexes,
    journal::Journal,
    limits::INCREMENTAL,
    migrations::{VERSION, migrate, version, version_in_header},
    read_only,
};

/// How long another posttui may take to open the history before this one gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open database.
pub(super) struct Opened {
    pub writer: Connection,
    pub path: PathBuf,
    pub place: Place,
    /// Where the damaged one before it is.
    pub moved_to: Option<PathBuf>,
    /// What the user should know of it.
    pub notice: Option<String>,
}

/// Opens the history's file; a damaged one is moved aside if `recover` says so. One that can only be read is
/// opened for reading.
pub(super) fn open(paths: &Paths, recover: bool) -> Result<Opened, StoreError> {
    let path = paths.data.join("history.sqlite3");
    match open_to_write(paths, &path, recover) {
        Err(error) if error.is_about_rights() && path.is_file() => {
            // The first error says what is to be done about it.
            read_only::open(&path).map_err(|other| match other {
                StoreError::Outdated { .. } => other,
                _ => error,
            })
        }
        opened => opened,
    }
}

fn open_to_write(paths: &Paths, path: &Path, recover: bool) -> Result<Opened, StoreError> {
    make_folder(&paths.data)?;
    // One at a time: nobody moves aside what another one has just begun anew.
    let _alone = lock_within(&paths.data.join("opening.lock"), PATIENCE)?;
    let opened = |(writer, notice), moved_to| Opened {
        writer,
        path: path.to_owned(),
        place: Place::Writable(path.to_owned()),
        moved_to,
        notice,
    };
    match open_file(path) {
        Err(StoreError::Damaged { .. }) if recover => {
            let moved_to = set_database_aside(path)?;
            Ok(opened(open_file(path)?, Some(moved_to)))
        }
        file => Ok(opened(file?, None)),
    }
}

/// Moves the history's file aside; says where it is then.
pub(super) fn put_aside(paths: &Paths) -> Result<PathBuf, StoreError> {
    let path = paths.data.join("history.sqlite3");
    let _alone = lock_within(&paths.data.join("opening.lock"), PATIENCE)?;
    set_database_aside(&path)
}

/// A new database that ends with the program.
pub(super) fn open_in_memory() -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    Journal::Log.take(&connection)?;
    configure_writer(&connection)?;
    migrate(&mut connection)?;
    indexes::make_soon(&connection)?;
    Ok(connection)
}

/// Also gives back what to tell the user of it.
fn open_file(path: &Path) -> Result<(Connection, Option<String>), StoreError> {
    let file = open_private(path)?;
    refuse_newer(path, read_header_version(path, file)?)?;
    let failed = |source| StoreError::database("be opened", path)(source);
    let mut connection = open_writer(path).map_err(failed)?;
    if connection.is_readonly("main").map_err(failed)? {
        return Err(StoreError::ReadOnly {
            path: path.to_owned(),
        });
    }
    // What the newer one wrote last may still be in the log, which the header does not show.
    refuse_newer(path, version(&connection).map_err(failed)?)?;
    let journal = Journal::of(path.parent().unwrap_or(Path::new(".")));
    let told = prepare(&mut connection, &journal).map_err(failed)?;
    Ok((connection, told))
}

fn prepare(connection: &mut Connection, journal: &Journal) -> rusqlite::Result<Option<String>> {
    if version(connection)? == 0 {
        // Only a new file can be told that its free pages go back to the disk.
        connection.pragma_update(None, "auto_vacuum", INCREMENTAL)?;
    }
    let told = journal.take(connection)?;
    configure_writer(connection)?;
    migrate(connection)?;
    indexes::make_soon(connection)?;
    // Damage shows where the tables are read.
    connection.query_row(
        "SELECT (SELECT max(id) FROM exchange), (SELECT sum(total) FROM tally)",
        [],
        |_| Ok(told),
    )
}

fn read_header_version(path: &Path, file: File) -> Result<i64, StoreError> {
    let mut header = Vec::new();
    file.take(100)
        .read_to_end(&mut header)
        .map_err(StoreError::file("read", path))?;
    Ok(version_in_header(&header).unwrap_or_default())
}

fn refuse_newer(path: &Path, found: i64) -> Result<(), StoreError> {
    if found <= VERSION {
        return Ok(());
    }
    Err(StoreError::Newer {
        path: path.to_owned(),
        found,
        known: VERSION,
    })
}

/// Moves the database, its log and its bodies aside, under names that still belong together. The log goes
/// first: beside a new database, an old log would be taken for that one's.
fn set_database_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let now = Timestamp::now();
    let aside = free_broken_name(path, now);
    for suffix in ["-wal", "-shm", "-journal", "-bodies"] {
        let (from, to) = (with_suffix(path, suffix), with_suffix(&aside, suffix));
        match std::fs::rename(&from, &to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::file("move aside", &from)(error));
            }
            _ => {}
        }
    }
    set_aside(path, now)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
