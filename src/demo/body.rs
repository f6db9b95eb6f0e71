//! The body of a request, piece by piece: RFC 9112, Sections 6 and 7.1.

use bytes::{Bytes, BytesMut};

use super::{
    head::{Framing, Refusal},
    wire::{Trouble, Wire},
};

/// The largest body that is kept in memory, in bytes; a larger one gets a 413.
pub const BODY_LIMIT: u64 = 64 * 1024 * 1024;
/// The longest line with the size of a chunk, and the longest trailer line, in bytes.
const LINE_LIMIT: usize = 8 * 1024;

/// What is left of the present request's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    Nothing,
    /// This many bytes, and then the body is over.
    Length(u64),
    /// The line with the size of the next chunk.
    ChunkSize,
    /// This many bytes of the present chunk, and then further chunks.
    Chunk(u64),
    /// The line end behind a chunk.
    ChunkEnd,
    /// Lines behind the last chunk, up to an empty one.
    Trailers,
}

impl From<Framing> for Unread {
    fn from(framing: Framing) -> Self {
        match framing {
            Framing::Length(0) => Self::Nothing,
            Framing::Length(length) => Self::Length(length),
            Framing::Chunked => Self::ChunkSize,
        }
    }
}

impl Wire {
    /// The whole body; a 413 where it is larger than [`BODY_LIMIT`].
    pub async fn read_body(&mut self) -> Result<Bytes, Trouble> {
        if let Unread::Length(length) = self.unread
            && length > BODY_LIMIT
        {
            return Err(too_large().into());
        }
        let mut body = BytesMut::new();
        while let Some(piece) = self.read_piece().await? {
            if (body.len() + piece.len()) as u64 > BODY_LIMIT {
                return Err(too_large().into());
            }
            body.extend_from_slice(&piece);
        }
        Ok(body.freeze())
    }

    /// Reads the body away, however large it is.
    pub async fn skip_body(&mut self) -> Result<(), Trouble> {
        while self.read_piece().await?.is_some() {}
        Ok(())
    }

    /// The next piece of the body as it arrives; `None` at its end.
    pub async fn read_piece(&mut self) -> Result<Option<Bytes>, Trouble> {
        if self.owes_continue {
            self.owes_continue = false;
            // A client that did not wait needs no answer (RFC 9110, Section 10.1.1).
            if self.unread != Unread::Nothing && self.buffer.is_empty() {
                self.write_raw(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
            }
        }
        loop {
            match self.unread {
                Unread::Nothing => return Ok(None),
                Unread::Length(left) => {
                    let (piece, left) = self.take(left).await?;
                    self.unread = Unread::from(Framing::Length(left));
                    return Ok(Some(piece));
                }
                Unread::Chunk(left) => {
                    let (piece, left) = self.take(left).await?;
                    self.unread = match left {
                        0 => Unread::ChunkEnd,
                        left => Unread::Chunk(left),
                    };
                    return Ok(Some(piece));
                }
                Unread::ChunkSize | Unread::ChunkEnd | Unread::Trailers => {
                    let line = self.take_line().await?;
                    self.unread = after_line(self.unread, &line)?;
                }
            }
        }
    }

    /// Up to `left` bytes, at least one, and how many are then left.
    async fn take(&mut self, left: u64) -> Result<(Bytes, u64), Trouble> {
        if self.buffer.is_empty() {
            self.fill_body().await?;
        }
        let length = self
            .buffer
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        let piece = self.buffer.split_to(length).freeze();
        Ok((piece, left - length as u64))
    }

    /// The next line, its end included.
    async fn take_line(&mut self) -> Result<Bytes, Trouble> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                return Ok(self.buffer.split_to(end + 1).freeze());
            }
            if self.buffer.len() > LINE_LIMIT {
                return Err(Refusal::new(400, "A line of the chunked body has no end.").into());
            }
            self.fill_body().await?;
        }
    }

    async fn fill_body(&mut self) -> Result<(), Trouble> {
        match self.fill().await? {
            0 => Err(Refusal::new(400, "The body ended before its announced end.").into()),
            _ => Ok(()),
        }
    }
}

fn too_large() -> Refusal {
    let detail = format!("The body is larger than {BODY_LIMIT} bytes; /upload takes any size.");
    Refusal::new(413, detail)
}

/// What follows the line of a chunked body that `unread` waited for.
fn after_line(unread: Unread, line: &[u8]) -> Result<Unread, Refusal> {
    let is_empty = matches!(line, b"\r\n" | b"\n");
    match unread {
        Unread::ChunkEnd if is_empty => Ok(Unread::ChunkSize),
        Unread::ChunkEnd => Err(Refusal::new(400, "A chunk is longer than its size says.")),
        Unread::Trailers if is_empty => Ok(Unread::Nothing),
        Unread::ChunkSize => match chunk_size(line) {
            Some(0) => Ok(Unread::Trailers),
            Some(size) => Ok(Unread::Chunk(size)),
            None => Err(Refusal::new(
                400,
                format!("“{}” is no chunk size.", line.trim_ascii().escape_ascii()),
            )),
        },
        unread => Ok(unread),
    }
}

fn chunk_size(line: &[u8]) -> Option<u64> {
    // The parser takes a line without a digit for a zero, which would end the body.
    if !line.first()?.is_ascii_hexdigit() {
        return None;
    }
    match httparse::parse_chunk_size(line) {
        Ok(httparse::Status::Complete((_, size))) => Some(size),
        Ok(httparse::Status::Partial) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_chunked_body_lead_on() {
        for (before, line, after) in [
            (Unread::ChunkSize, "1f\r\n", Some(Unread::Chunk(31))),
            (Unread::ChunkSize, "2;a=b\r\n", Some(Unread::Chunk(2))),
            (Unread::ChunkSize, "0\r\n", Some(Unread::Trailers)),
            (Unread::ChunkSize, "\r\n", None),
            (Unread::ChunkSize, "xyz\r\n", None),
            (Unread::ChunkSize, "ffffffffffffffffff\r\n", None),
            (Unread::ChunkEnd, "\r\n", Some(Unread::ChunkSize)),
            (Unread::ChunkEnd, "a\r\n", None),
            (Unread::Trailers, "a: b\r\n", Some(Unread::Trailers)),
            (Unread::Trailers, "\r\n", Some(Unread::Nothing)),
        ] {
            let found = after_line(before, line.as_bytes()).ok();
            assert_eq!(found, after, "{before:?} {line:?}");
        }
    }
}
