//! How a content is kept: as it is or compressed, in the table or in a file.

use std::{
    io::{self, BufRead, Read, Write},
    path::Path,
};

use crate::{spill, store::StoreError};

use super::{CHUNK, files::Draft};

/// Shorter contents become no shorter by compressing them. In bytes.
const SHORT: usize = 200;

/// A content that takes more than this in the table is put into a file. In bytes.
const LARGE: usize = 1024 * 1024;

/// Of a large content so much is tried, to know whether compressing helps. In bytes.
const TRIED: usize = 128 * 1024;

/// 270 MB of JSON a second; level 3 takes twice as long and saves nothing of that.
const LEVEL: i32 = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Plain,
    Zstd,
}

impl Coding {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Zstd => "zstd",
        }
    }

    /// Nothing else is ever written.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "zstd" => Self::Zstd,
            _ => Self::Plain,
        }
    }
}

/// A content ready to be kept.
pub(super) struct Packed {
    pub(super) coding: Coding,
    /// In bytes, as it is kept.
    pub(super) stored: usize,
    pub(super) place: Place,
}

pub(super) enum Place {
    /// In the table, just as it is.
    AsItIs,
    Table(Vec<u8>),
    File(Draft),
}

impl Packed {
    /// Packs a content; without a folder everything goes into the table.
    pub(super) fn of(bytes: &[u8], folder: Option<&Path>) -> Result<Self, StoreError> {
        let coding = if is_worth_it(bytes) {
            Coding::Zstd
        } else {
            Coding::Plain
        };
        match folder.filter(|_| bytes.len() > LARGE) {
            Some(folder) => Self::large(bytes, coding, folder),
            None => Ok(Self::small(bytes, coding)),
        }
    }

    fn small(bytes: &[u8], coding: Coding) -> Self {
        let coded = (coding == Coding::Zstd).then(|| zstd::bulk::compress(bytes, LEVEL));
        match coded {
            Some(Ok(coded)) if is_shorter(coded.len(), bytes.len()) => Self {
                coding,
                stored: coded.len(),
                place: Place::Table(coded),
            },
            _ => Self {
                coding: Coding::Plain,
                stored: bytes.len(),
                place: Place::AsItIs,
            },
        }
    }

    fn large(bytes: &[u8], coding: Coding, folder: &Path) -> Result<Self, StoreError> {
        let draft = Self::file(bytes, coding, folder)?;
        if draft.len() > LARGE as u64 {
            return Ok(Self {
                coding,
                stored: usize::try_from(draft.len()).unwrap_or(usize::MAX),
                place: Place::File(draft),
            });
        }
        let coded = draft.take_back()?;
        Ok(Self {
            coding,
            stored: coded.len(),
            place: Place::Table(coded),
        })
    }

    /// Writes a content into a new file that has no name yet.
    pub(super) fn file(bytes: &[u8], coding: Coding, folder: &Path) -> Result<Draft, StoreError> {
        Draft::write(folder, |file| {
            let mut chunks = bytes.chunks(CHUNK);
            match coding {
                Coding::Plain => chunks.try_for_each(|chunk| {
                    file.write_all(chunk)?;
                    spill::let_go(chunk);
                    Ok(())
                }),
                Coding::Zstd => {
                    let mut encoder = zstd::Encoder::new(file, LEVEL)?;
                    encoder.include_checksum(true)?;
                    chunks.try_for_each(|chunk| {
                        encoder.write_all(chunk)?;
                        spill::let_go(chunk);
                        Ok::<_, std::io::Error>(())
                    })?;
                    encoder.finish().map(|_| ())
                }
            }
        })
    }

    pub(super) fn is_file(&self) -> bool {
        matches!(self.place, Place::File(_))
    }
}

/// Whether compressing helps, as far as its start tells.
fn is_worth_it(bytes: &[u8]) -> bool {
    let start = bytes.get(..TRIED).unwrap_or(bytes);
    match bytes.len() {
        0..SHORT => false,
        // It is compressed as a whole anyway.
        SHORT..=TRIED => true,
        _ => zstd::bulk::compress(start, LEVEL)
            .is_ok_and(|coded| is_shorter(coded.len(), start.len())),
    }
}

/// By less than an eighth is not worth unpacking it each time.
fn is_shorter(coded: usize, plain: usize) -> bool {
    coded < plain - plain / 8
}

/// The content of what was packed, or what is wrong with it.
pub(super) fn unpack(packed: &[u8], coding: Coding, size: u64) -> Result<Vec<u8>, String> {
    let mut bytes = match coding {
        Coding::Plain => packed.to_vec(),
        Coding::Zstd => {
            let mut bytes = Vec::new();
            let decoder = zstd::Decoder::with_buffer(packed);
            // A damaged frame must not fill the memory.
            decoder
                .and_then(|decoder| decoder.take(size + 1).read_to_end(&mut bytes))
                .map_err(|error| error.to_string())?;
            bytes
        }
    };
    if bytes.len() as u64 == size {
        bytes.shrink_to_fit();
        Ok(bytes)
    } else {
        Err(format!("it has {} bytes in place of {size}", bytes.len()))
    }
}

/// The first bytes of the content of what was packed, so many at the most.
pub(super) fn begin(packed: impl BufRead, coding: Coding, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match coding {
        Coding::Plain => packed.take(most as u64).read_to_end(&mut bytes)?,
        Coding::Zstd => zstd::Decoder::with_buffer(packed)?
            .take(most as u64)
            .read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that nothing can compress.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 56) as u8
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn what_is_packed_comes_out_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let text = |length: usize| b"{\"name\": \"ann\"}, ".repeat(length / 17);
        for (bytes, coding, is_file) in [
            (b"short".to_vec(), Coding::Plain, false),
            (text(500), Coding::Zstd, false),
            (noise(500), Coding::Plain, false),
            (noise(LARGE), Coding::Plain, false),
            (text(3 * LARGE), Coding::Zstd, false),
            (noise(LARGE + 1), Coding::Plain, true),
            ([noise(LARGE), text(LARGE)].concat(), Coding::Plain, true),
            ([text(LARGE), noise(2 * LARGE)].concat(), Coding::Zstd, true),
        ] {
            let packed = Packed::of(&bytes, Some(folder.path())).unwrap();
            assert_eq!((packed.coding, packed.is_file()), (coding, is_file));
            let stored = match packed.place {
                Place::AsItIs => bytes.clone(),
                Place::Table(coded) => coded,
                Place::File(draft) => draft.take_back().unwrap(),
            };
            assert_eq!(stored.len(), packed.stored);
            assert!(unpack(&stored, coding, bytes.len() as u64).unwrap() == bytes);
            assert!(unpack(&stored, coding, bytes.len() as u64 - 1).is_err());
            let begun = begin(stored.as_slice(), coding, 100).unwrap();
            assert!(begun == bytes[..bytes.len().min(100)]);
            let in_memory = Packed::of(&bytes, None).unwrap();
            assert!(!in_memory.is_file());
        }
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 0, "drafts that were not named are gone");
    }

    #[test]
    fn what_is_damaged_is_no_content() {
        let bytes = b"a text, again and again ".repeat(100);
        let Place::Table(mut coded) = Packed::of(&bytes, None).unwrap().place else {
            panic!("it is compressed");
        };
        assert!(unpack(&coded[..coded.len() - 1], Coding::Zstd, 2_400).is_err());
        coded[0] ^= 1;
        assert!(unpack(&coded, Coding::Zstd, 2_400).is_err());
    }
}
