//! A body exactly as it will go on the wire: bytes in memory, and files that are read only while
//! they are sent.

use std::path::PathBuf;

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;

/// A body as a sequence of pieces whose lengths are known. Cloning copies no content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreparedBody {
    pieces: Vec<Piece>,
}

/// A piece of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Memory(Bytes),
    File(FilePiece),
}

/// A file whose whole content is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePiece {
    pub path: PathBuf,
    /// In bytes; the file must still have just as many when it is sent.
    pub size: u64,
    /// When it was last written to, as its folder tells: by this a change is noticed. `None` where
    /// that is not known, as in what comes out of the history.
    pub modified: Option<Timestamp>,
}

impl Piece {
    /// In bytes.
    pub fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(file) => file.size,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl PreparedBody {
    /// Pieces one after the other.
    pub fn new(pieces: Vec<Piece>) -> Self {
        Self { pieces }
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// In bytes: what `content-length` says.
    pub fn len(&self) -> u64 {
        self.pieces.iter().map(Piece::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The files in it, in their order.
    pub fn files(&self) -> impl Iterator<Item = &FilePiece> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::File(file) => Some(file),
            Piece::Memory(_) => None,
        })
    }

    pub fn has_files(&self) -> bool {
        self.files().next().is_some()
    }

    /// The bytes that are in memory, without those of files: the whole body where it has none.
    pub fn in_memory(&self) -> Bytes {
        let mut parts = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Memory(bytes) => Some(bytes),
            Piece::File(_) => None,
        });
        let first = parts.next().cloned().unwrap_or_default();
        let Some(second) = parts.next() else {
            return first;
        };
        let mut all = BytesMut::from(first);
        all.extend_from_slice(second);
        parts.for_each(|bytes| all.extend_from_slice(bytes));
        all.freeze()
    }
}

impl<B: Into<Bytes>> From<B> for PreparedBody {
    fn from(bytes: B) -> Self {
        let bytes = bytes.into();
        if bytes.is_empty() {
            return Self::default();
        }
        Self::new(vec![Piece::Memory(bytes)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_add_up_and_files_are_not_read() {
        let body = PreparedBody::new(vec![
            Piece::Memory("head".into()),
            Piece::File(FilePiece {
                path: "/nowhere".into(),
                size: 1 << 40,
                modified: None,
            }),
            Piece::Memory("tail".into()),
        ]);
        assert_eq!(body.len(), (1 << 40) + 8);
        assert_eq!(body.in_memory(), "headtail");
        assert!(body.has_files());
        let memory = PreparedBody::from("text");
        assert_eq!((memory.len(), memory.in_memory()), (4, "text".into()));
        assert!(PreparedBody::from("").is_empty() && PreparedBody::from("").pieces().is_empty());
    }
}
