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

/// Locks the file, which is made when it is missing; `None` when another one holds it. The lock lasts
/// as long as the value.
pub(super) fn try_lock(path: &Path) -> Result<Option<File>, StoreError> {
    let file = open_private(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(StoreError::file("lock", path)(error)),
    }
}

/// Locks the file, waiting for at most `patience` while another one holds it.
pub(super) fn lock_within(path: &Path, patience: Duration) -> Result<File, StoreError> {
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
