//! Private folders and files. What they hold may be secret, so that nobody else can read them from
//! their first instant on, whatever the umask says.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::StoreError;

/// Makes a folder and those above it, as far as they are missing, mode 0700. An existing folder keeps
/// its mode: it may be one that the user made.
pub(super) fn make_folder(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
        make_folder(above)?;
    }
    match make_private_folder(path) {
        // Another posttui was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made.map_err(StoreError::file("make the folder", path)),
    }
}

fn make_private_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        fs::DirBuilder::new().mode(0o700).create(path)?;
        // The umask may have taken away what the owner needs.
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))
    }
    #[cfg(not(unix))]
    fs::create_dir(path)
}

/// Opens a file for reading and writing; makes it, mode 0600, when it is missing.
pub(super) fn open_private(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    let opened = match make_private(&mut options.clone().create_new(true).clone(), path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => options.open(path),
        made => made,
    };
    opened.map_err(StoreError::file("open", path))
}

fn make_private(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    let file = options.open(path)?;
    make_owner_only(&file)?;
    Ok(file)
}

/// Gives back to the owner what the umask may have taken.
fn make_owner_only(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// Replaces a file as a whole: whenever the power goes, the old or the new one is there.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write_and_rename(path, bytes).map_err(StoreError::file("write", path))
}

/// As [`replace`], for a file that others may have a hand in: one that is there keeps its mode, and a
/// link to it stays a link.
pub(super) fn replace_shared(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let target = fs::canonicalize(path);
    let path = target.as_deref().unwrap_or(path);
    let mode = fs::metadata(path).map(|metadata| metadata.permissions());
    write_and_rename_with(path, bytes, mode.ok()).map_err(StoreError::file("write", path))
}

fn write_and_rename(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_and_rename_with(path, bytes, None)
}

fn write_and_rename_with(
    path: &Path,
    bytes: &[u8],
    mode: Option<fs::Permissions>,
) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".posttui-")
        .tempfile_in(folder)?;
    match mode {
        Some(mode) => file.as_file().set_permissions(mode)?,
        None => make_owner_only(file.as_file())?,
    }
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// A rename is on disk when its folder is.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// A name beside `path` that is free, made of the time: `name.broken-20260304T120405Z`.
pub(super) fn free_broken_name(path: &Path, now: Timestamp) -> PathBuf {
    let stamp = now.strftime("%Y%m%dT%H%M%SZ");
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".broken-{stamp}"));
    let mut free = PathBuf::from(&name);
    let mut number = 2;
    while free.exists() {
        let mut numbered = name.clone();
        numbered.push(format!("-{number}"));
        free = numbered.into();
        number += 1;
    }
    free
}

/// Moves a file that cannot be read out of the way; it is never deleted.
pub(super) fn set_aside(path: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
    let aside = free_broken_name(path, now);
    fs::rename(path, &aside).map_err(StoreError::file("move aside", path))?;
    Ok(aside)
}
