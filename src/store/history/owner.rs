//! Who is sending: every open history has a name and holds a lock on a file of that name for as long
//! as it lives. What a dead one left in flight is known by its lock, which anybody can take.

use std::{
    fs::{self, File, TryLockError},
    hash::{BuildHasher, Hasher, RandomState},
    path::{Path, PathBuf},
};

use crate::store::{
    StoreError,
    files::{make_folder, open_private},
};

/// The name of this history and the lock that shows it is alive.
pub(super) struct Owner {
    pub name: String,
    /// Where the locks are; `None` for a history in memory, which no other one sees.
    folder: Option<PathBuf>,
    _lock: Option<File>,
}

impl Owner {
    /// Takes a new name and its lock.
    pub(super) fn claim(folder: &Path) -> Result<Self, StoreError> {
        make_folder(folder)?;
        let name = new_name();
        // Under its name the file is locked from its first instant: without the rename, another
        // posttui could see it unlocked and take its owner for dead.
        let draft = folder.join(format!("{name}.new"));
        let path = lock_path(folder, &name);
        let lock = open_private(&draft)?;
        lock.lock().map_err(StoreError::file("lock", &draft))?;
        fs::rename(&draft, &path).map_err(StoreError::file("rename", &draft))?;
        Ok(Self {
            name,
            folder: Some(folder.to_owned()),
            _lock: Some(lock),
        })
    }

    /// The owner of a history that no other one sees.
    pub(super) fn alone() -> Self {
        Self {
            name: new_name(),
            folder: None,
            _lock: None,
        }
    }

    /// What another owner left, if it is dead and nobody else looks after it.
    pub(super) fn inherit(&self, name: &str) -> Option<Estate> {
        if name == self.name {
            return None;
        }
        let folder = self.folder.as_deref()?;
        if !name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            // No owner is called so: this is no name of a file to touch.
            return Some(Estate { file: None });
        }
        let path = lock_path(folder, name);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Some(Estate { file: None });
            }
            Err(_) => return None,
        };
        match file.try_lock() {
            Ok(()) => Some(Estate {
                file: Some((path, file)),
            }),
            // Where locks cannot be asked for, nobody is taken for dead.
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => None,
        }
    }

    /// The names of all that have a lock file, dead or alive.
    pub(super) fn known(&self) -> Vec<String> {
        let entries = self
            .folder
            .as_ref()
            .and_then(|folder| fs::read_dir(folder).ok());
        let names = entries.into_iter().flatten().flatten().filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            name.strip_suffix(".lock").map(str::to_owned)
        });
        names.collect()
    }
}

/// The processes that have the history open, by their numbers. Where locks cannot be asked for, every one counts.
pub(super) fn living(folder: &Path) -> Vec<String> {
    let lives = |path: &Path| {
        let file = File::open(path).ok()?;
        file.try_lock().is_err().then_some(())
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let processes = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let owner = name.strip_suffix(".lock")?;
        lives(&entry.path())?;
        Some(owner.split('-').next().unwrap_or(owner).to_owned())
    });
    let mut processes: Vec<String> = processes.collect();
    processes.sort();
    processes.dedup();
    processes
}

impl Drop for Owner {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // A file that stays is removed at the next start.
            let _ = fs::remove_file(lock_path(folder, &self.name));
        }
    }
}

/// The right to finish what a dead owner left in flight; while it is held, nobody else has it.
pub(super) struct Estate {
    file: Option<(PathBuf, File)>,
}

impl Estate {
    /// Everything is finished: the owner is forgotten.
    pub(super) fn close(self) {
        if let Some((path, _lock)) = self.file {
            // A file that stays is removed at the next start.
            let _ = fs::remove_file(path);
        }
    }
}

fn lock_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.lock"))
}

/// The process and a random number: no two have ever had one name.
fn new_name() -> String {
    let random = RandomState::new().build_hasher().finish();
    format!("{}-{random:016x}", std::process::id())
}
