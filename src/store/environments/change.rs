//! Renaming and deleting environments, with all that belongs to them.

use std::{fs, path::PathBuf};

use jiff::Timestamp;

use crate::store::{StoreError, files::replace, trash::move_to_trash};

use super::{EnvironmentFiles, assign, read_document};

impl EnvironmentFiles {
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.toml"))
    }

    /// Gives an environment another name; those that extend it extend it under that name. Its secrets go
    /// along. [`StoreError::Exists`] when there is one of that name.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), StoreError> {
        let (old, new) = (self.file(from), self.file(to));
        // A name that differs in its case alone is the same file on some systems.
        if new.exists() && !from.eq_ignore_ascii_case(to) {
            return Err(StoreError::Exists(new));
        }
        // The secrets are under both names until the file has its new one: a crash loses none.
        self.secrets.copy(from, to)?;
        fs::rename(&old, &new).map_err(StoreError::file("rename", &old))?;
        self.secrets.forget(from)?;
        for heir in self.read().all {
            if heir.extends.as_deref() == Some(from) {
                let path = self.file(&heir.name);
                let mut document = read_document(&path)?;
                assign(document.as_table_mut(), "extends", to.into());
                replace(&path, document.to_string().as_bytes())?;
            }
        }
        Ok(())
    }

    /// Moves the file of an environment to the trash, and forgets its secrets. Answers with the place in
    /// the trash.
    pub fn delete(&self, name: &str) -> Result<PathBuf, StoreError> {
        let aside = move_to_trash(&self.file(name), &self.paths, Timestamp::now())?;
        self.secrets.forget(name)?;
        Ok(aside)
    }
}
