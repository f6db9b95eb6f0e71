//! The hash of a body before it goes out, which a signature needs: files are read once more for it.

use std::io::Read;

use ring::digest::{Context, SHA256};

use crate::{
    auth::aws,
    model::{FilePiece, Piece, PreparedBody},
};

use super::{failure::Trouble, upload};

/// How much of a file is read at a time, in bytes.
const CHUNK: usize = 64 * 1024;

/// SHA-256 in hexadecimal digits.
pub(super) async fn hash(body: &PreparedBody) -> Result<String, Trouble> {
    if !body.has_files() {
        return Ok(aws::payload_hash(&body.in_memory()));
    }
    let pieces = body.pieces().to_vec();
    let hashing = tokio::task::spawn_blocking(move || hash_pieces(&pieces));
    // The task ends early only with the program itself.
    hashing.await.unwrap_or_else(|_| Ok(String::new()))
}

fn hash_pieces(pieces: &[Piece]) -> Result<String, Trouble> {
    let mut context = Context::new(&SHA256);
    for piece in pieces {
        match piece {
            Piece::Memory(bytes) => context.update(bytes),
            Piece::File(file) => hash_file(file, &mut context)?,
        }
    }
    Ok(aws::hex(context.finish().as_ref()))
}

fn hash_file(piece: &FilePiece, context: &mut Context) -> Result<(), Trouble> {
    let mut file = upload::open(piece)?;
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = file
            .read(&mut chunk)
            .map_err(|cause| upload::unreadable(piece, cause))?;
        match chunk.get(..length) {
            Some(read) if length > 0 => context.update(read),
            _ => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_hashed_as_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("part");
        let content = "x".repeat(CHUNK + 1);
        std::fs::write(&path, &content).unwrap();
        let file = FilePiece {
            path,
            size: content.len() as u64,
            modified: None,
        };
        let body = PreparedBody::new(vec![
            Piece::Memory("head".into()),
            Piece::File(file.clone()),
            Piece::Memory("tail".into()),
        ]);
        let whole = PreparedBody::from(format!("head{content}tail"));
        assert_eq!(hash(&body).await.unwrap(), hash(&whole).await.unwrap());
        let resized = FilePiece { size: 1, ..file };
        let body = PreparedBody::new(vec![Piece::File(resized)]);
        assert!(hash(&body).await.is_err());
    }
}
