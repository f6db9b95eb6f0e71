//! What is done about the files beside the database, apart from the sends.

use std::path::PathBuf;

use crate::store::StoreError;

use super::{
    super::{History, connections::Connections},
    files, folder_of,
};

impl History {
    /// Where the files are; `None` for a history in memory.
    pub(in crate::store::history) fn bodies_folder(&self) -> Option<PathBuf> {
        let is_on_disk = self.0.connections.is_on_disk();
        is_on_disk.then(|| folder_of(&self.0.path))
    }

    /// Deletes the files of bodies that no exchange has any more.
    pub(in crate::store::history) fn delete_files(&self) -> Result<(), StoreError> {
        delete_files(&self.0.connections).map_err(self.failed("delete files"))
    }

    /// Deletes what posttuis that died left among the files.
    pub fn sweep(&self) -> Result<(), StoreError> {
        self.delete_files()?;
        match self.bodies_folder() {
            Some(folder) if folder.exists() => {
                let connections = &self.0.connections;
                let swept = connections.write(|transaction| files::delete_orphans(transaction));
                swept.map(|_| ()).map_err(self.failed("delete files"))
            }
            _ => Ok(()),
        }
    }
}

/// See [`History::delete_files`].
pub(in crate::store::history) fn delete_files(connections: &Connections) -> rusqlite::Result<()> {
    let any = connections.read(|connection| {
        let sql = "SELECT EXISTS (SELECT 1 FROM dropped_file)";
        connection.query_row(sql, (), |row| row.get::<_, bool>(0))
    })?;
    if !any {
        return Ok(());
    }
    // A power cut must not bring exchanges back whose files are gone.
    connections.flush()?;
    connections.write(|transaction| files::delete_dropped(transaction))
}
