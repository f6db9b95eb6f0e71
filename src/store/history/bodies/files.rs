//! Contents that are too large for the table: a file each, called after its hash, readable by its owner alone.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{self, BufWriter, ErrorKind},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use rusqlite::Connection;
use tempfile::NamedTempFile;

use crate::store::{
    StoreError,
    files::{make_folder, sync_folder},
};

use super::{Coding, folder, wrapped};

/// What the name of a file begins with that is still being written.
const DRAFT: &str = ".new-";

/// A draft that is older than this belongs to a posttui that died.
const DRAFT_LIVES: Duration = Duration::from_hours(24);

/// The file of a content.
pub(super) fn path(folder: &Path, hash: &[u8], coding: Coding) -> PathBuf {
    let ending = match coding {
        Coding::Plain => "",
        Coding::Zstd => ".zst",
    };
    folder.join(format!("{}{ending}", hexadecimal(hash)))
}

pub(super) fn hexadecimal(hash: &[u8]) -> String {
    hash.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A content on the disk that has no name yet; without one it is gone when this is dropped.
pub(super) struct Draft {
    file: NamedTempFile,
    folder: PathBuf,
    length: u64,
}

impl Draft {
    /// Writes a file into the folder, which is made where it is missing, and waits until the disk has it.
    pub(super) fn write(
        folder: &Path,
        content: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
    ) -> Result<Self, StoreError> {
        make_folder(folder)?;
        let mut file = tempfile::Builder::new()
            .prefix(DRAFT)
            .tempfile_in(folder)
            .map_err(StoreError::file("make a file in", folder))?;
        let write = || {
            let mut writer = BufWriter::new(file.as_file_mut());
            content(&mut writer)?;
            writer
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            Ok(file.as_file().metadata()?.len())
        };
        let length = write().map_err(StoreError::file("write a body into", folder))?;
        Ok(Self {
            file,
            folder: folder.to_owned(),
            length,
        })
    }

    /// In bytes.
    pub(super) fn len(&self) -> u64 {
        self.length
    }

    /// Gives it its name.
    pub(super) fn name(self, hash: &[u8], coding: Coding) -> Result<(), StoreError> {
        let path = path(&self.folder, hash, coding);
        self.file
            .persist(&path)
            .map_err(|error| StoreError::file("write", &path)(error.error))?;
        sync_folder(&self.folder).map_err(StoreError::file("flush", &self.folder))
    }

    /// Its bytes; the file is gone.
    pub(super) fn take_back(self) -> Result<Vec<u8>, StoreError> {
        fs::read(self.file.path()).map_err(StoreError::file("read", self.file.path()))
    }
}

/// Deletes the files that nobody needs any more; belongs into a transaction that writes. One that cannot be
/// deleted now is tried again at the next time.
pub(super) fn delete_dropped(transaction: &Connection) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare(
        "SELECT hash, EXISTS (SELECT 1 FROM body WHERE body.hash = dropped_file.hash) FROM dropped_file",
    )?;
    let dropped = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let dropped: Vec<(Vec<u8>, bool)> = dropped.collect::<Result<_, _>>()?;
    let mut done = transaction.prepare("DELETE FROM dropped_file WHERE hash = ?1")?;
    for (hash, is_needed_again) in dropped {
        let is_gone = is_needed_again
            || folder(transaction).is_none_or(|folder| {
                [Coding::Plain, Coding::Zstd]
                    .into_iter()
                    .all(|coding| delete(&path(&folder, &hash, coding)).is_ok())
            });
        if is_gone {
            done.execute([hash])?;
        }
    }
    Ok(())
}

/// Deletes the files of no content, and drafts of posttuis that died; likewise. Returns how many of the former
/// there were.
pub(super) fn delete_orphans(transaction: &Connection) -> rusqlite::Result<u64> {
    let Some(folder) = folder(transaction) else {
        return Ok(0);
    };
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(wrapped(StoreError::file("read", &folder)(error))),
    };
    let mut known = transaction.prepare(
        "SELECT EXISTS (SELECT 1 FROM body WHERE hash = unhex(?1) AND in_file = 1 AND coding = ?2)",
    )?;
    let mut orphans = 0;
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name.starts_with(DRAFT) {
            if is_older(&entry.path(), DRAFT_LIVES) {
                let _ = delete(&entry.path());
            }
            continue;
        }
        let (hash, coding) = match name.strip_suffix(".zst") {
            Some(hash) => (hash, Coding::Zstd),
            None => (name.as_str(), Coding::Plain),
        };
        // What is called otherwise is not ours to delete.
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash
            && !known.query_row((hash, coding.name()), |row| row.get(0))?
            && delete(&entry.path()).is_ok()
        {
            orphans += 1;
        }
    }
    Ok(orphans)
}

fn is_older(path: &Path, age: Duration) -> bool {
    let written = fs::metadata(path).and_then(|metadata| metadata.modified());
    written.is_ok_and(|written| {
        SystemTime::now()
            .duration_since(written)
            .is_ok_and(|since| since > age)
    })
}

/// What is not there needs no deleting.
fn delete(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
