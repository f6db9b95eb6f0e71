//! Locks of the operating system on files of ours. They end with the process, also when it is
//! killed, so that none is ever left behind.

use std::{
    fs::{File, TryLockError},
    path::Path,
    time::{Duration, Instant},
};

use super::{StoreError, files::open_private};

/// How often a lock that another one holds is tried again.
const PAUSE: Duration = Duration::from_millis(5);

/// A lock that lasts as long as the value.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // To close the file would not do: a program that is just being started has it open as well for a moment.
        // Where this fails, closing it ends the lock all the same, only later.
        let _ = self.0.unlock();
    }
}

/// Locks the file, which is made when it is missing; `None` when another one holds it.
pub(super) fn try_lock(path: &Path) -> Result<Option<Lock>, StoreError> {
    let file = open_private(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(StoreError::file("lock", path)(error)),
    }
}

/// Locks the file, waiting for at most `patience` while another one holds it.
pub(super) fn lock_within(path: &Path, patience: Duration) -> Result<Lock, StoreError> {
    let begun = Instant::now();
    loop {
        if let Some(lock) = try_lock(path)? {
            return Ok(lock);
        }
        if begun.elapsed() >= patience {
            return Err(StoreError::Busy {
                path: path.to_owned(),
                seconds: patience.as_secs(),
            });
        }
        std::thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_ends_with_its_value_whoever_has_the_file_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("session.lock");
        let lock = try_lock(&path).unwrap().unwrap();
        assert!(try_lock(&path).unwrap().is_none());
        // As the child has it that another thread starts just now.
        let inherited = lock.0.try_clone().unwrap();
        drop(lock);
        assert!(try_lock(&path).unwrap().is_some());
        drop(inherited);
    }
}
