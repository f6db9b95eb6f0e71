//! A copy of the history while it is in use, through SQLite's online backup: other posttuis go on writing.

use std::{fs, path::Path, time::Duration};

use rusqlite::{Connection, backup::Backup};

use crate::store::{StoreError, files::open_private};

use super::{History, bodies};

/// Pages copied before others may write: 4 MiB.
const PAGES: i32 = 1024;

impl History {
    /// Copies the whole history into a new file: one database, complete at one moment, the bodies in it that are
    /// files otherwise, readable by its owner only. Returns its size in bytes. A file that is there already is not touched.
    pub fn back_up(&self, target: &Path) -> Result<u64, StoreError> {
        if fs::symlink_metadata(target).is_ok() {
            return Err(StoreError::Exists(target.to_owned()));
        }
        let draft = target.with_added_extension("part");
        let copied = self.copy_to(&draft).and_then(|()| {
            fs::rename(&draft, target).map_err(StoreError::file("rename", &draft))?;
            let written = fs::metadata(target).map_err(StoreError::file("read", target))?;
            Ok(written.len())
        });
        if copied.is_err() {
            // The half-made copy is of no use.
            let _ = fs::remove_file(&draft);
        }
        copied
    }

    fn copy_to(&self, draft: &Path) -> Result<(), StoreError> {
        let file = open_private(draft).map_err(|error| match error {
            StoreError::File { source, .. } => StoreError::Backup {
                path: draft.to_owned(),
                source,
            },
            other => other,
        })?;
        file.set_len(0).map_err(StoreError::file("empty", draft))?;
        let failed = |source| StoreError::database("be backed up", draft)(source);
        let mut copy = Connection::open(draft).map_err(failed)?;
        let copied = self.0.connections.read_outside(|source| {
            let backup = Backup::new(source, &mut copy)?;
            backup.run_to_completion(PAGES, Duration::ZERO, None)
        });
        copied.map_err(failed)?;
        if let Some(folder) = self.bodies_folder() {
            bodies::take_files_in(&copy, &folder).map_err(failed)?;
        }
        // A log of its own would be a second file, and a copy is to be one.
        copy.pragma_update(None, "journal_mode", "delete")
            .map_err(failed)?;
        drop(copy);
        file.sync_all().map_err(StoreError::file("flush", draft))
    }
}
