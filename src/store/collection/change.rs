//! Changes of a collection beside the saving of requests.

use std::{fs, path::PathBuf};

use jiff::Timestamp;

use crate::{
    model::{EntryKind, collection::next_name},
    store::{Paths, trash::move_to_trash},
};

use super::{CollectionError, Library, StoreError, make_folder, marker};

impl Library {
    pub fn make_folder(&self, path: &str) -> Result<(), CollectionError> {
        let folder = self.place(EntryKind::Folder, path)?;
        if folder.exists() {
            return Err(CollectionError::Exists(path.to_owned()));
        }
        Ok(make_folder(&folder)?)
    }

    /// Gives a request or folder another path; its place in the order stays.
    pub fn rename(&self, kind: EntryKind, from: &str, to: &str) -> Result<(), CollectionError> {
        if kind == EntryKind::Folder && format!("{to}/").starts_with(&format!("{from}/")) {
            return Err(CollectionError::IntoItself);
        }
        let (old, new) = (self.place(kind, from)?, self.place(kind, to)?);
        if !old.exists() {
            return Err(CollectionError::Missing(from.to_owned()));
        }
        // On a disk that does not tell cases apart, a name may change its case.
        let is_same = fs::canonicalize(&new).ok() == fs::canonicalize(&old).ok();
        if new.exists() && !is_same {
            return Err(CollectionError::Exists(to.to_owned()));
        }
        self.make_folder_of(&new)?;
        fs::rename(&old, &new).map_err(StoreError::file("rename", &old))?;
        let (from, to) = (key(kind, from), key(kind, to));
        marker::change_order(self, |order| marker::renamed(order, &from, &to))
    }

    /// Copies a request beside itself and answers with the copy's path.
    pub fn duplicate(&self, path: &str) -> Result<String, CollectionError> {
        let text = self.read(path)?;
        let mut copy = next_name(path);
        loop {
            let file = self.file(&copy)?;
            if !file.exists() {
                super::replace_shared(&file, text.as_bytes())?;
                return Ok(copy);
            }
            copy = next_name(&copy);
        }
    }

    /// Moves a request or folder to the trash and answers with its place there.
    pub fn delete(
        &self,
        kind: EntryKind,
        path: &str,
        paths: &Paths,
        now: Timestamp,
    ) -> Result<PathBuf, CollectionError> {
        let place = self.place(kind, path)?;
        if !place.exists() {
            return Err(CollectionError::Missing(path.to_owned()));
        }
        let trash = move_to_trash(&place, paths, now)?;
        // It is gone in any case: a name too many in the order does no harm.
        let _ = marker::change_order(self, |order| marker::removed(order, &key(kind, path)));
        Ok(trash)
    }

    /// Keeps the order of one folder's members, given by their keys.
    pub fn reorder(&self, folder: &str, members: &[String]) -> Result<(), CollectionError> {
        marker::change_order(self, |order| marker::reordered(order, folder, members))
    }
}

fn key(kind: EntryKind, path: &str) -> String {
    match kind {
        EntryKind::Folder => format!("{path}/"),
        EntryKind::Request => path.to_owned(),
    }
}
