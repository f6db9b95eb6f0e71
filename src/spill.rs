//! Bodies too large for the memory: a file without a name, and a map of it.
//!
//! The file is in the cache folder and has no name from its first instant on, so that nobody else can open
//! it and it is gone with its last map, however the program ends: nothing is ever left behind to be swept.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use bytes::Bytes;
use memmap2::{Mmap, UncheckedAdvice};

/// Bytes that are gathered before they are written.
const BUFFER: usize = 256 * 1024;

/// A body on its way to the disk. Only this program has the file, and it only grows.
#[derive(Debug)]
pub struct Spill {
    file: File,
    written: usize,
    gathered: Vec<u8>,
}

/// A body cannot be put on the disk.
#[derive(Debug, thiserror::Error)]
#[error("the body cannot be put into {}, where bodies too large for the memory are kept", folder.display())]
pub struct SpillError {
    folder: PathBuf,
    source: io::Error,
}

impl Spill {
    /// A new file, mode 0600, in this folder, which is made where it is missing.
    pub fn create(folder: &Path) -> Result<Self, SpillError> {
        let made = make_folder(folder).and_then(|()| tempfile::tempfile_in(folder));
        Ok(Self {
            file: made.map_err(|source| SpillError {
                folder: folder.to_owned(),
                source,
            })?,
            written: 0,
            gathered: Vec::with_capacity(BUFFER),
        })
    }

    /// Bytes so far.
    pub fn len(&self) -> usize {
        self.written + self.gathered.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds to the end.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= BUFFER {
            self.write_out()?;
        }
        Ok(())
    }

    fn write_out(&mut self) -> io::Result<()> {
        self.file.write_all(&self.gathered)?;
        self.written += self.gathered.len();
        self.gathered.clear();
        Ok(())
    }

    /// What has come so far, as bytes that the system reads from the file when they are looked at. What comes
    /// later does not change them. What the disk did not take is not among them.
    pub fn map(&mut self) -> io::Result<Bytes> {
        self.write_out()?;
        if self.written == 0 {
            return Ok(Bytes::new());
        }
        let mut options = memmap2::MmapOptions::new();
        #[expect(
            unsafe_code,
            reason = "a map is the only way to look at a large body without reading all of it"
        )]
        // SAFETY: the file has no name, so that no other program can shorten or change it, and this one
        // only appends to it, beyond what is mapped.
        let map = unsafe { options.len(self.written).map(&self.file) }?;
        let map = Arc::new(map);
        register(&map);
        Ok(Bytes::from_owner(Mapped(map)))
    }

    /// What is on the disk when the rest of it cannot be written any more.
    pub fn map_written(&mut self) -> Bytes {
        self.gathered.clear();
        self.map().unwrap_or_default()
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// A map as the owner of bytes.
struct Mapped(Arc<Mmap>);

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The maps that there are: whoever has read through a part of one can say so, knowing only its bytes.
static MAPS: Mutex<Vec<Weak<Mmap>>> = Mutex::new(Vec::new());

fn register(map: &Arc<Mmap>) {
    let mut maps = MAPS.lock().unwrap_or_else(PoisonError::into_inner);
    maps.retain(|map| map.strong_count() > 0);
    maps.push(Arc::downgrade(map));
}

/// Lets the system take back the memory of bytes that were read and are not needed soon. For bytes that
/// are not of a spilled body it does nothing.
pub fn let_go(bytes: &[u8]) {
    let start = bytes.as_ptr().addr();
    let maps = MAPS.lock().unwrap_or_else(PoisonError::into_inner);
    for map in maps.iter().filter_map(Weak::upgrade) {
        let Some(offset) = start.checked_sub(map.as_ptr().addr()) else {
            continue;
        };
        if offset + bytes.len() > map.len() {
            continue;
        }
        #[expect(
            unsafe_code,
            reason = "nothing else lowers the memory that a map takes"
        )]
        // SAFETY: the map is of a file and never written to, so that the pages are read again with the
        // same content when they are looked at again.
        let advised =
            unsafe { map.unchecked_advise_range(UncheckedAdvice::DontNeed, offset, bytes.len()) };
        // Advice that is not taken costs memory, nothing else.
        drop(advised);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_read_back_and_the_folder_stays_empty() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("cache");
        let mut spill = Spill::create(&inside).unwrap();
        assert!(spill.map().unwrap().is_empty());
        spill.append(b"one ").unwrap();
        let head = spill.map().unwrap();
        let long = vec![b'x'; 3 * BUFFER];
        spill.append(&long).unwrap();
        spill.append(b" end").unwrap();
        let whole = spill.map().unwrap();
        drop(spill);
        assert_eq!(head, "one ");
        assert_eq!(whole.len(), 8 + long.len());
        let_go(&whole);
        let_go(&whole[5000..]);
        let_go(b"not mapped");
        assert_eq!(&whole[whole.len() - 5..], b"x end");
        assert_eq!(fs::read_dir(&inside).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_cannot_be_used_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = Spill::create(&file).unwrap_err();
        assert!(error.to_string().contains("file, where"), "{error}");
    }
}
