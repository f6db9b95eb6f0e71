//! Whether somebody else has written the history, or has died.

use std::{
    path::{Path, PathBuf},
    sync::{Weak, atomic::Ordering},
};

use super::{History, RUNNING, Shared};

/// Asks whether somebody else has written; it does not keep the history open.
pub struct Changes {
    shared: Weak<Shared>,
    database: PathBuf,
}

impl History {
    /// `None` for a history that nobody else can see.
    pub fn changes(&self) -> Option<Changes> {
        let shared = &self.0;
        shared.connections.is_on_disk().then(|| {
            let changes = Changes {
                shared: std::sync::Arc::downgrade(shared),
                database: shared.path.clone(),
            };
            // What was written before does not count.
            changes.any();
            changes
        })
    }
}

impl Changes {
    /// The folder of the files that are written, and that of the locks of all that have the history open.
    pub fn folders(&self) -> [PathBuf; 2] {
        let data = self.database.parent().unwrap_or(Path::new("."));
        [data.to_owned(), data.join(RUNNING)]
    }

    /// Says of a file that was written whether it is one of the database's; the shared memory of its log only
    /// tells that somebody reads.
    pub fn concern(&self) -> impl Fn(&Path) -> bool + Send + use<> {
        let name = |path: &Path| {
            let name = path.file_name().unwrap_or_default();
            name.to_string_lossy().into_owned()
        };
        let database = name(&self.database);
        move |file| {
            let name = name(file);
            name.starts_with(&database) && !name.ends_with("-shm")
        }
    }

    /// Says of a file whether it is the lock of a posttui. Its process holds it open until it ends, however it ends.
    pub fn is_lock(file: &Path) -> bool {
        let folder = file.parent().and_then(Path::file_name);
        folder.is_some_and(|name| name == RUNNING)
            && file.extension().is_some_and(|it| it == "lock")
    }

    /// Finishes what others left in flight that have died; says whether there was anything.
    pub fn settle(&self) -> bool {
        let shared = self.shared.upgrade();
        shared.is_some_and(|shared| History(shared).settle_dead())
    }

    /// Whether somebody else has written since this was asked last; no once the history is closed.
    pub fn any(&self) -> bool {
        let Some(shared) = self.shared.upgrade() else {
            return false;
        };
        let Ok(version) = shared.connections.version_of_others() else {
            return false;
        };
        shared.others_wrote.swap(version, Ordering::Relaxed) != version
    }
}
