//! What can go wrong on disk, by kind, each with what to do about it.

use std::{
    io,
    path::{Path, PathBuf},
};

use rusqlite::ErrorCode;

use crate::model::ExchangeId;

/// Why something could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(
        "this system names no home folder: set POSTTUI_HOME to a folder that posttui may keep its files in"
    )]
    NoHome,
    #[error(
        "cannot {deed} {path}: {source}; check that you may write there, or set POSTTUI_HOME to another folder"
    )]
    File {
        deed: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error(
        "{path} belongs to a newer posttui (its version is {found}, this one knows {known}): run that one, or set POSTTUI_HOME to another folder; nothing was changed"
    )]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    #[error(
        "{path} is damaged ({source}): end every posttui and run `posttui history doctor --rebuild`, which keeps the file and saves what can be read of it"
    )]
    Damaged {
        path: PathBuf,
        source: rusqlite::Error,
    },
    #[error(
        "nothing can be brought back from {path} ({source}): no rows of exchanges were found in it; the file stays as it is, and a backup that `posttui history backup` made comes back with `posttui history doctor --from`"
    )]
    Unsalvageable {
        path: PathBuf,
        source: rusqlite::Error,
    },
    #[error("the disk that holds {path} is full: free some space")]
    DiskFull { path: PathBuf },
    #[error(
        "{path} can only be read: check its permissions, those of its folder, and whether the disk is writable"
    )]
    ReadOnly { path: PathBuf },
    #[error(
        "{path} was written by an older posttui and can only be read, so that it cannot be brought into today's shape: make it writable once, or copy it into another folder that POSTTUI_HOME names"
    )]
    Outdated { path: PathBuf },
    #[error(
        "nothing more can be written to {path}: the disk may be full, or a quota or a limit of file sizes reached; free some space"
    )]
    NoRoom { path: PathBuf },
    #[error("another posttui has held {path} for {seconds} seconds: end it, or try again")]
    Busy { path: PathBuf, seconds: u64 },
    #[error(
        "{path} stays as it is: another posttui has it open (process {processes}), and would go on writing into the file that is moved aside; end it, then try again"
    )]
    InUse { path: PathBuf, processes: String },
    #[error(
        "another posttui is running and keeps its draft in {path}; this one's draft is not kept"
    )]
    SessionTaken { path: PathBuf },
    #[error(
        "the kept draft cannot be read ({reason}): it was moved to {moved_to}, and an empty one begun"
    )]
    SessionUnreadable { moved_to: PathBuf, reason: String },
    #[error("{path} cannot be read ({reason}): correct it first; nothing was changed")]
    Unreadable { path: PathBuf, reason: String },
    #[error(
        "the secrets are in the keyring of the desktop, or are to be kept there, and {reason}; unlock it, or write keyring = \"off\" into {settings} and give the secrets anew"
    )]
    Keyring { reason: String, settings: PathBuf },
    #[error(
        "the backup cannot be written to {path}: {source}; is its folder there, and may you write into it?"
    )]
    Backup { path: PathBuf, source: io::Error },
    #[error("{0} exists already: choose another name")]
    Exists(PathBuf),
    #[error(
        "exchange #{id} is damaged ({reason}), the others are not: `posttui history doctor` names all that are, and `posttui history doctor --from BACKUP` adds what a backup has of them"
    )]
    DamagedRow { id: ExchangeId, reason: String },
    #[error("the history holds no exchange {0}")]
    Missing(ExchangeId),
    #[error("the history cannot {deed}: {source} ({path})")]
    Database {
        deed: &'static str,
        path: PathBuf,
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// Whether the file may be there and only be forbidden to be written.
    pub(super) fn is_about_rights(&self) -> bool {
        match self {
            Self::ReadOnly { .. } => true,
            Self::File { source, .. } => source.kind() == io::ErrorKind::PermissionDenied,
            Self::Database { source, .. } => {
                source.sqlite_error_code() == Some(ErrorCode::CannotOpen)
            }
            _ => false,
        }
    }

    /// For `map_err` on what the file system did.
    pub(super) fn file(deed: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::FileTooLarge => Self::NoRoom {
                path: path.to_owned(),
            },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull {
                path: path.to_owned(),
            },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly {
                path: path.to_owned(),
            },
            _ => Self::File {
                deed,
                path: path.to_owned(),
                source,
            },
        }
    }

    /// For `map_err` on what SQLite did.
    pub(super) fn database(
        deed: &'static str,
        path: &Path,
    ) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| {
            let path = path.to_owned();
            let source = match source {
                // What the file system did while a transaction was under way.
                rusqlite::Error::ToSqlConversionFailure(inner) => match inner.downcast::<Self>() {
                    Ok(error) => return *error,
                    Err(inner) => rusqlite::Error::ToSqlConversionFailure(inner),
                },
                source => source,
            };
            match source.sqlite_error_code() {
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    Self::Damaged { path, source }
                }
                Some(ErrorCode::DiskFull) => Self::DiskFull { path },
                // What the system says besides a full disk, SQLite does not tell apart.
                Some(ErrorCode::SystemIoFailure) if is_about_writing(&source) => {
                    Self::NoRoom { path }
                }
                Some(ErrorCode::ReadOnly) => Self::ReadOnly { path },
                _ => Self::Database { deed, path, source },
            }
        }
    }
}

/// Whether SQLite could not write or lengthen a file, and not for want of space.
fn is_about_writing(source: &rusqlite::Error) -> bool {
    let code = source.sqlite_error().map(|error| error.extended_code);
    matches!(
        code,
        Some(rusqlite::ffi::SQLITE_IOERR_WRITE | rusqlite::ffi::SQLITE_IOERR_TRUNCATE)
    )
}
