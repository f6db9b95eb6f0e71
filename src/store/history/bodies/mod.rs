//! The bodies, each content once: in the table `body`, compressed where that helps, and large ones in files
//! beside the database.
//!
//! ```text
//! Content ── hash; packed outside the transaction ──► attach, inside it: a row that is there already, or a new one
//! content ◄── unpacked, a file's content compared with its hash
//! ```
//!
//! A row that no exchange needs any more is dropped by triggers. A file gets its name, and loses it, while its
//! process holds the database's lock for writing, so that no other one can need it meanwhile: a row whose file is
//! not there is the work of somebody else. A file without a row remains where a process died between the two, and
//! is swept away.

mod check;
mod files;
mod old;
mod pack;
mod upkeep;

pub(super) use check::{lost, mend};
pub(super) use upkeep::delete_files;

use std::{
    fs::File,
    io::{self, BufReader},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use ring::digest::{Context, SHA256};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{model::LOST_BODY, spill, store::StoreError};

use self::pack::{Coding, Packed, Place};

/// SHA-256 of a content.
pub(super) type Hash = [u8; 32];

/// Bytes of a content looked at between two moments at which the system may take back their memory.
const CHUNK: usize = 1024 * 1024;

/// What is longer takes more than a third of a millisecond to pack. In bytes.
const LONG: usize = 64 * 1024;

/// Whose body it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Sent,
    Received,
}

impl Side {
    const ALL: [Self; 2] = [Self::Sent, Self::Received];

    fn number(self) -> i64 {
        match self {
            Self::Sent => 0,
            Self::Received => 1,
        }
    }

    /// The table that had its bodies before [`super::migrations`] came to step 6.
    fn old_table(self) -> &'static str {
        match self {
            Self::Sent => "request_body",
            Self::Received => "response_body",
        }
    }
}

/// A body on its way into the database.
pub(super) struct Content {
    bytes: Bytes,
    hash: Hash,
    packed: Option<Packed>,
}

impl Content {
    /// `None` for an empty body, which is kept by keeping nothing.
    pub(super) fn of(bytes: Bytes) -> Option<Self> {
        (!bytes.is_empty()).then(|| Self {
            hash: hash(&bytes),
            bytes,
            packed: None,
        })
    }

    /// Whether packing it takes so long that no transaction should wait for it.
    pub(super) fn is_long(&self) -> bool {
        self.bytes.len() > LONG
    }

    /// Does the work that a transaction should not wait for: a content that is not kept yet is compressed, and
    /// a large one is on the disk, still without its name.
    pub(super) fn pack_ahead(&mut self, reader: &Connection) -> rusqlite::Result<()> {
        if find(reader, &self.hash)?.is_none() {
            self.packed = Some(self.pack(reader)?);
        }
        Ok(())
    }

    fn pack(&self, connection: &Connection) -> rusqlite::Result<Packed> {
        Packed::of(&self.bytes, folder(connection).as_deref()).map_err(wrapped)
    }

    /// The number of its row, which is made where there is none.
    fn row(&mut self, transaction: &Connection) -> rusqlite::Result<i64> {
        if let Some(found) = find(transaction, &self.hash)? {
            self.mend_file(transaction, &found)?;
            return Ok(found.id);
        }
        let packed = match self.packed.take() {
            Some(packed) => packed,
            None => self.pack(transaction)?,
        };
        let (coding, stored, in_file) = (packed.coding, packed.stored, packed.is_file());
        let mut statement = transaction.prepare_cached(
            "INSERT INTO body (hash, size, stored, coding, in_file, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let mut insert = |bytes: Option<&[u8]>| {
            statement.execute(params![
                self.hash.as_slice(),
                self.bytes.len() as i64,
                stored as i64,
                coding.name(),
                in_file,
                bytes,
            ])
        };
        match packed.place {
            Place::AsItIs => insert(Some(&self.bytes))?,
            Place::Table(bytes) => insert(Some(&bytes))?,
            Place::File(draft) => {
                draft.name(&self.hash, coding).map_err(wrapped)?;
                insert(None)?
            }
        };
        Ok(transaction.last_insert_rowid())
    }

    /// A file that was altered goes, and is made again where it is missed.
    fn write_anew(&self, transaction: &Connection, found: &Found) -> rusqlite::Result<()> {
        if let Some(folder) = folder(transaction).filter(|_| found.in_file) {
            let _ = std::fs::remove_file(files::path(&folder, &self.hash, found.coding));
            return Ok(());
        }
        let sql = "UPDATE body SET coding = ?2, stored = size, bytes = ?3 WHERE id = ?1";
        let bytes: &[u8] = &self.bytes;
        transaction.execute(sql, params![found.id, Coding::Plain.name(), bytes])?;
        Ok(())
    }

    /// Puts a file back that somebody has taken away, now that its content is here again.
    fn mend_file(&mut self, transaction: &Connection, found: &Found) -> rusqlite::Result<()> {
        let Some(folder) = folder(transaction).filter(|_| found.in_file) else {
            return Ok(());
        };
        if files::path(&folder, &self.hash, found.coding).exists() {
            return Ok(());
        }
        let draft = Packed::file(&self.bytes, found.coding, &folder).map_err(wrapped)?;
        draft.name(&self.hash, found.coding).map_err(wrapped)
    }
}

/// Makes a content the body of an exchange, in the place of the one that it had.
pub(super) fn attach(
    transaction: &Connection,
    exchange: i64,
    side: Side,
    content: Option<&mut Content>,
) -> rusqlite::Result<()> {
    let Some(content) = content else {
        let sql = "DELETE FROM body_use WHERE exchange = ?1 AND side = ?2";
        let mut statement = transaction.prepare_cached(sql)?;
        statement.execute(params![exchange, side.number()])?;
        return Ok(());
    };
    let body = content.row(transaction)?;
    let mut statement = transaction.prepare_cached(
        "INSERT INTO body_use (exchange, side, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (exchange, side) DO UPDATE SET body = excluded.body",
    )?;
    statement.execute(params![exchange, side.number(), body])?;
    Ok(())
}

/// As [`attach`], also in the place of one that is still in the old table.
pub(super) fn replace(
    transaction: &Connection,
    exchange: i64,
    side: Side,
    content: Option<&mut Content>,
) -> rusqlite::Result<()> {
    old::delete(transaction, exchange, side)?;
    attach(transaction, exchange, side, content)
}

/// As [`replace`], with a content that is kept already, and not as it was: it is written anew.
pub(super) fn bring_back(
    transaction: &Connection,
    exchange: i64,
    side: Side,
    content: &mut Content,
) -> rusqlite::Result<()> {
    if let Some(found) = find(transaction, &content.hash)? {
        content.write_anew(transaction, &found)?;
    }
    replace(transaction, exchange, side, Some(content))
}

/// What is kept of one side of an exchange, as [`Kept::read`] takes it.
const KEPT: &str =
    "SELECT hash, size, coding, bytes FROM body_use JOIN body ON body.id = body_use.body
     WHERE exchange = ?1 AND side = ?2";

/// The body of an exchange; large ones are files of the folder. One that is lost reads as [`LOST_BODY`] with the
/// reason.
pub(super) fn load(
    connection: &Connection,
    folder: Option<&Path>,
    exchange: i64,
    side: Side,
) -> rusqlite::Result<Bytes> {
    let mut statement = connection.prepare_cached(KEPT)?;
    let found = statement.query_row(params![exchange, side.number()], |row| {
        Kept::read(row, 0).map(|kept| kept.unpack(folder))
    });
    Ok(match found.optional()? {
        Some(Ok(bytes)) => bytes.into(),
        Some(Err(reason)) => format!("{LOST_BODY}{reason}›").into(),
        None => old::load(connection, exchange, side)?,
    })
}

/// The beginning of a body, of so many bytes at the most, without a look at the rest of it.
pub(super) fn beginning(
    connection: &Connection,
    folder: Option<&Path>,
    (exchange, side): (i64, Side),
    most: usize,
) -> rusqlite::Result<Bytes> {
    let mut statement = connection.prepare_cached(KEPT)?;
    let found = statement.query_row(params![exchange, side.number()], |row| {
        // What is lost has no words.
        Kept::read(row, 0).map(|kept| kept.begin(folder, most).unwrap_or_default())
    });
    match found.optional()? {
        Some(bytes) => Ok(bytes.into()),
        None => old::load(connection, exchange, side).map(|mut bytes| {
            bytes.truncate(most);
            bytes
        }),
    }
}

/// A row of a content, as far as it says where the content is.
struct Found {
    id: i64,
    coding: Coding,
    in_file: bool,
}

fn find(connection: &Connection, hash: &Hash) -> rusqlite::Result<Option<Found>> {
    let sql = "SELECT id, coding, in_file FROM body WHERE hash = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row([hash.as_slice()], |row| {
        Ok(Found {
            id: row.get(0)?,
            coding: Coding::named(row.get_ref(1)?.as_str()?),
            in_file: row.get(2)?,
        })
    });
    found.optional()
}

/// A content as it is kept.
struct Kept<'a> {
    hash: Vec<u8>,
    /// In bytes, unpacked.
    size: u64,
    coding: Coding,
    /// `None` where they are in a file.
    bytes: Option<&'a [u8]>,
}

impl<'a> Kept<'a> {
    /// From the columns hash, size, coding and bytes, the first of which is given.
    fn read(row: &'a rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            hash: row.get(first)?,
            size: row.get::<_, i64>(first + 1)?.cast_unsigned(),
            coding: Coding::named(row.get_ref(first + 2)?.as_str()?),
            bytes: row.get_ref(first + 3)?.as_blob_or_null()?,
        })
    }

    /// The first bytes of the content, so many at the most.
    fn begin(&self, folder: Option<&Path>, most: usize) -> io::Result<Vec<u8>> {
        if let Some(bytes) = self.bytes {
            return pack::begin(bytes, self.coding, most);
        }
        let folder = folder.ok_or(io::ErrorKind::NotFound)?;
        let file = File::open(files::path(folder, &self.hash, self.coding))?;
        pack::begin(BufReader::new(file), self.coding, most)
    }

    /// The content, or why it is lost.
    fn unpack(&self, folder: Option<&Path>) -> Result<Vec<u8>, String> {
        if let Some(bytes) = self.bytes {
            return pack::unpack(bytes, self.coding, self.size);
        }
        let folder = folder.ok_or("its file is not here")?;
        let path = files::path(folder, &self.hash, self.coding);
        let read = std::fs::read(&path)
            .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        let altered = |reason: String| format!("{} was altered: {reason}", path.display());
        let bytes = pack::unpack(&read, self.coding, self.size).map_err(altered)?;
        if hash(&bytes).as_slice() == self.hash {
            Ok(bytes)
        } else {
            let reason = "its content is not that of its name";
            Err(altered(reason.to_owned()))
        }
    }
}

/// Where the files of a database are, there or not; `None` for one in memory.
pub(super) fn folder(connection: &Connection) -> Option<PathBuf> {
    let path = connection.path().filter(|path| !path.is_empty())?;
    Some(folder_of(Path::new(path)))
}

/// Likewise, of the database in a file.
pub(super) fn folder_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-bodies");
    name.into()
}

/// The bytes of files that the database counts on.
pub(super) fn bytes_in_files(connection: &Connection) -> rusqlite::Result<i64> {
    let sql = "SELECT coalesce(sum(stored), 0) FROM body INDEXED BY body_in_file WHERE in_file = 1";
    connection.query_row(sql, (), |row| row.get(0))
}

/// Takes every content that is in a file into a copy of the database, which is then complete in itself. One
/// whose file is gone stays as it is.
pub(super) fn take_files_in(copy: &Connection, folder: &Path) -> rusqlite::Result<()> {
    let mut statement =
        copy.prepare("SELECT id, hash, coding FROM body WHERE in_file = 1 ORDER BY id")?;
    let all = statement.query_map((), |row| {
        let coding = Coding::named(row.get_ref(2)?.as_str()?);
        Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, coding))
    })?;
    let all: Vec<_> = all.collect::<Result<_, _>>()?;
    for (id, hash, coding) in all {
        if let Ok(bytes) = std::fs::read(files::path(folder, &hash, coding)) {
            let sql = "UPDATE body SET bytes = ?2, in_file = 0 WHERE id = ?1";
            copy.execute(sql, params![id, bytes])?;
        }
    }
    Ok(())
}

/// The content with this hash in hexadecimal, or why it is lost; `None` where there is none.
pub(super) fn content(
    connection: &Connection,
    hash: &str,
) -> rusqlite::Result<Option<Result<Vec<u8>, String>>> {
    let sql = "SELECT hash, size, coding, bytes FROM body WHERE hash = unhex(?1)";
    let folder = folder(connection);
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row([hash], |row| {
        Kept::read(row, 0).map(|kept| kept.unpack(folder.as_deref()))
    });
    found.optional()
}

fn hash(bytes: &[u8]) -> Hash {
    let mut context = Context::new(&SHA256);
    for chunk in bytes.chunks(CHUNK) {
        context.update(chunk);
        spill::let_go(chunk);
    }
    let mut hash = Hash::default();
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// What the file system did, on its way through a transaction: [`StoreError::database`] takes it out again.
pub(super) fn wrapped(error: StoreError) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}
