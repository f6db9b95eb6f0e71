//! The history for those who know SQL: read-only, with views that are meant for reading.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use rusqlite::{
    Connection, OpenFlags,
    functions::FunctionFlags,
    types::{Value, ValueRef},
};

use crate::store::{Paths, StoreError};

use super::bodies;

/// The views, with what they are for.
pub const VIEWS: &str = include_str!("views.sql");

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// Why a statement was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum SqlError {
    #[error("only statements that read are carried out here")]
    Writes,
    #[error("one statement at a time")]
    Several,
    #[error("{0}")]
    Statement(#[source] rusqlite::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The database, opened for reading.
pub struct Reader {
    connection: Connection,
}

impl Reader {
    /// Where the database is.
    pub fn path(paths: &Paths) -> PathBuf {
        paths.data.join("history.sqlite3")
    }

    /// Opens it; whoever calls this has opened the history before, so that it is there and in shape.
    pub fn open(paths: &Paths) -> Result<Self, SqlError> {
        let path = Self::path(paths);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = || -> rusqlite::Result<Connection> {
            let connection = Connection::open_with_flags(&path, flags)?;
            connection.busy_timeout(std::time::Duration::from_secs(10))?;
            connection.pragma_update(None, "temp_store", "memory")?;
            connection.execute_batch(VIEWS)?;
            let contents = Connection::open_with_flags(&path, flags)?;
            contents.busy_timeout(std::time::Duration::from_secs(10))?;
            add_body(&connection, contents)?;
            connection.pragma_update(None, "query_only", true)?;
            Ok(connection)
        };
        let connection = opened().map_err(StoreError::database("be opened", &path))?;
        Ok(Self { connection })
    }

    /// Carries out one statement: first the names of its columns, then each row as it comes.
    pub fn run<E>(
        &self,
        statement: &str,
        columns: impl FnOnce(&[String]) -> Result<(), E>,
        mut row: impl FnMut(Vec<Cell>) -> Result<(), E>,
    ) -> Result<Result<(), E>, SqlError> {
        let mut prepared = self.connection.prepare(statement).map_err(refused)?;
        if !prepared.readonly() {
            return Err(SqlError::Writes);
        }
        let names: Vec<String> = prepared.column_names().map(ToString::to_string).collect();
        if let Err(error) = columns(&names) {
            return Ok(Err(error));
        }
        let mut rows = prepared.query([]).map_err(SqlError::Statement)?;
        while let Some(found) = rows.next().map_err(SqlError::Statement)? {
            let cells = (0..names.len()).map(|index| Ok(cell(found.get_ref(index)?)));
            let cells = cells
                .collect::<rusqlite::Result<_>>()
                .map_err(SqlError::Statement)?;
            if let Err(error) = row(cells) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }
}

/// Adds the function `body(hash)`: a content of the view `bodies`, as text where it is UTF-8. It is read through a
/// connection of its own.
fn add_body(connection: &Connection, contents: Connection) -> rusqlite::Result<()> {
    let contents = Mutex::new(contents);
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("body", 1, flags, move |context| {
        let Some(hash) = context.get_raw(0).as_str_or_null()? else {
            return Ok(Value::Null);
        };
        let contents = contents.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match bodies::content(&contents, hash)? {
            None => Value::Null,
            Some(Err(reason)) => {
                return Err(rusqlite::Error::UserFunctionError(reason.into()));
            }
            Some(Ok(bytes)) => match String::from_utf8(bytes) {
                Ok(text) => Value::Text(text),
                Err(error) => Value::Blob(error.into_bytes()),
            },
        })
    })
}

fn refused(error: rusqlite::Error) -> SqlError {
    match error {
        rusqlite::Error::MultipleStatement => SqlError::Several,
        other => SqlError::Statement(other),
    }
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Real(number) => Cell::Real(number),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Cell::Blob(bytes.to_vec()),
    }
}
