//! What is deleted is moved to a folder from which it can be had back.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{Paths, StoreError, files::make_folder};

/// Moves a file or folder to the trash and answers with its place there.
pub(super) fn move_to_trash(
    place: &Path,
    paths: &Paths,
    now: Timestamp,
) -> Result<PathBuf, StoreError> {
    let trash = paths.data.join("trash");
    make_folder(&trash)?;
    let aside = free_name(&trash, place, now);
    move_to(place, &aside).map_err(StoreError::file("move to the trash", place))?;
    Ok(aside)
}

/// `20260304T120405Z login.toml`, with a number where there is one already.
fn free_name(trash: &Path, place: &Path, now: Timestamp) -> PathBuf {
    let stamp = now.strftime("%Y%m%dT%H%M%SZ");
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let mut free = trash.join(format!("{stamp} {name}"));
    let mut number = 2;
    while free.exists() {
        free = trash.join(format!("{stamp}-{number} {name}"));
        number += 1;
    }
    free
}

/// Renames; onto another disk it copies first and removes the old one when the copy is whole.
fn move_to(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {}
        renamed => return renamed,
    }
    copy(from, to)?;
    if from.is_dir() {
        fs::remove_dir_all(from)
    } else {
        fs::remove_file(from)
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
