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
    connections::{configure_writer, open_writer},
    limits::INCREMENTAL,
    migrations::{VERSION, migrate, version, version_in_header},
};

/// How long another posttui may take to open the history before this one gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open database.
pub(super) struct Opened {
    pub writer: Connection,
    pub path: PathBuf,
    /// Where the damaged one before it is.
    pub moved_to: Option<PathBuf>,
}

/// Opens the history's file; a damaged one is moved aside if `recover` says so.
pub(super) fn open(paths: &Paths, recover: bool) -> Result<Opened, StoreError> {
    make_folder(&paths.data)?;
    let path = paths.data.join("history.sqlite3");
    // One at a time: nobody moves aside what another one has just begun anew.
    let _alone = lock_within(&paths.data.join("opening.lock"), PATIENCE)?;
    match open_file(&path) {
        Err(StoreError::Damaged { .. }) if recover => {
            let moved_to = set_database_aside(&path)?;
            Ok(Opened {
                writer: open_file(&path)?,
                path,
                moved_to: Some(moved_to),
            })
        }
        writer => Ok(Opened {
            writer: writer?,
            path,
            moved_to: None,
        }),
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
    configure_writer(&connection)?;
    migrate(&mut connection)?;
    Ok(connection)
}

fn open_file(path: &Path) -> Result<Connection, StoreError> {
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
    prepare(&mut connection).map_err(failed)?;
    Ok(connection)
}

fn prepare(connection: &mut Connection) -> rusqlite::Result<()> {
    if version(connection)? == 0 {
        // Only a new file can be told that its free pages go back to the disk.
        connection.pragma_update(None, "auto_vacuum", INCREMENTAL)?;
    }
    configure_writer(connection)?;
    migrate(connection)?;
    // Damage shows where the tables are read.
    connection.query_row(
        "SELECT (SELECT max(id) FROM exchange), (SELECT sum(total) FROM tally)",
        [],
        |_| Ok(()),
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
    for suffix in ["-wal", "-shm", "-bodies"] {
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
