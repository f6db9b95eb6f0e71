//! How a body that holds files is written down: its bytes in memory like those of any other body, and
//! beside the request which pieces they belong to, with path and size of each file, not its content.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::model::{FilePiece, Piece, PreparedBody, PreparedRequest};

/// A prepared request as it is written. One whose body is all in memory has no list of pieces.
#[derive(Serialize)]
pub(super) struct StoredPrepared<'a> {
    #[serde(flatten)]
    request: &'a PreparedRequest,
    #[serde(skip_serializing_if = "Option::is_none")]
    pieces: Option<Vec<StoredPiece<'a>>>,
}

/// A prepared request as it is read, still without its bytes.
#[derive(Deserialize)]
pub(super) struct PreparedAgain {
    #[serde(flatten)]
    pub(super) request: PreparedRequest,
    pub(super) pieces: Option<Vec<PieceAgain>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum StoredPiece<'a> {
    /// So many of the bytes that are kept.
    Memory { length: u64 },
    File {
        #[serde(serialize_with = "lossy")]
        path: &'a Path,
        size: u64,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum PieceAgain {
    Memory { length: u64 },
    File { path: PathBuf, size: u64 },
}

/// A path that is not UTF-8 is written as well as it can be: it is a description.
fn lossy<S: serde::Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

impl<'a> StoredPrepared<'a> {
    pub(super) fn of(request: &'a PreparedRequest) -> Self {
        let pieces = request.body.pieces().iter().map(|piece| match piece {
            Piece::Memory(bytes) => StoredPiece::Memory {
                length: bytes.len() as u64,
            },
            Piece::File(file) => StoredPiece::File {
                path: &file.path,
                size: file.size,
            },
        });
        Self {
            request,
            pieces: request.body.has_files().then(|| pieces.collect()),
        }
    }
}

/// The body of those pieces, whose bytes were kept together.
pub(super) fn assemble(pieces: Option<Vec<PieceAgain>>, mut bytes: Bytes) -> PreparedBody {
    let Some(pieces) = pieces else {
        return bytes.into();
    };
    let mut body: Vec<Piece> = pieces
        .into_iter()
        .map(|piece| match piece {
            PieceAgain::Memory { length } => {
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                Piece::Memory(bytes.split_to(length.min(bytes.len())))
            }
            PieceAgain::File { path, size } => Piece::File(FilePiece {
                path,
                size,
                modified: None,
            }),
        })
        .collect();
    // Only in a damaged history are there more; they are not kept from being seen.
    if !bytes.is_empty() {
        body.push(Piece::Memory(bytes));
    }
    PreparedBody::new(body)
}
