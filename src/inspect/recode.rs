//! A body changed within its content codings: undone, changed, and done again, so that its header stays true.

use std::io::{self, Write};

use bytes::Bytes;

use super::decode::{Coding, decode_up_to};

/// Compressing what was changed need not be the best: of these few bytes the history compresses all again.
const LEVEL: u32 = 6;

/// What `change` makes of the body without its codings, in the codings that it had; `None` where it changes
/// nothing, or where they cannot all be undone within `largest` bytes. Of a coded body that is cut off, what
/// there is of it is changed.
pub fn changed_within(
    body: &Bytes,
    content_encoding: Option<&str>,
    largest: usize,
    change: impl FnOnce(&Bytes) -> Option<Vec<u8>>,
) -> Option<Bytes> {
    let names = Coding::names(content_encoding.unwrap_or_default());
    if names.is_empty() {
        return (body.len() <= largest)
            .then(|| change(body))
            .flatten()
            .map(Bytes::from);
    }
    let decoded = decode_up_to(body, content_encoding.unwrap_or_default(), largest);
    // Servers send bodies that are in no coding, whatever they say: these are changed as they are.
    let is_coded = !decoded.notes.is_empty() && decoded.body != *body;
    if decoded.is_coded || decoded.body.len() >= largest {
        return None;
    }
    let changed = change(&decoded.body)?;
    if !is_coded {
        return Some(changed.into());
    }
    let mut coded = changed;
    for name in &names {
        coded = Coding::named(name)?.apply(&coded).ok()?;
    }
    Some(coded.into())
}

impl Coding {
    fn apply(self, plain: &[u8]) -> io::Result<Vec<u8>> {
        let level = flate2::Compression::new(LEVEL);
        match self {
            Self::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
                encoder.write_all(plain)?;
                encoder.finish()
            }
            Self::Deflate => {
                let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), level);
                encoder.write_all(plain)?;
                encoder.finish()
            }
            Self::Brotli => Ok(stored_brotli(plain)),
            Self::Zstandard => zstd::bulk::compress(plain, 0),
        }
    }
}

/// The most bytes of one meta-block whose length is written in 16 bits.
const BLOCK: usize = 1 << 16;

/// Brotli that only wraps: meta-blocks that are not compressed (RFC 7932, Sections 9.1 and 9.2). The history
/// compresses what it keeps anyway.
fn stored_brotli(plain: &[u8]) -> Vec<u8> {
    let mut bits = Bits::default();
    // A window of 2^16 bytes.
    bits.put(0, 1);
    for block in plain.chunks(BLOCK) {
        // Not the last one; four nibbles of length; not compressed.
        bits.put(0, 1);
        bits.put(0, 2);
        bits.put(block.len() as u32 - 1, 16);
        bits.put(1, 1);
        bits.fill();
        bits.bytes.extend_from_slice(block);
    }
    // The last one, and empty.
    bits.put(0b11, 2);
    bits.fill();
    bits.bytes
}

/// Bits from the lowest of each byte on.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    open: u64,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.open |= u64::from(value) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push((self.open & 0xFF) as u8);
            self.open >>= 8;
            self.count -= 8;
        }
    }

    /// Up to the next whole byte.
    fn fill(&mut self) {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::decode::decoded_up_to, *};

    const LARGEST: usize = 1024 * 1024;

    fn coded(plain: &[u8], codings: &str) -> Bytes {
        let mut bytes = plain.to_vec();
        for name in Coding::names(codings) {
            bytes = Coding::named(&name).unwrap().apply(&bytes).unwrap();
        }
        bytes.into()
    }

    #[test]
    fn every_coding_is_undone_and_done_again() {
        let long = vec![b'x'; 3 * BLOCK + 7];
        for codings in ["gzip", "deflate", "br", "zstd", "br, gzip", "x-gzip"] {
            for plain in [b"".as_slice(), b"one secret", &long] {
                let body = coded(plain, codings);
                let add = |plain: &Bytes| Some([plain, b" more".as_slice()].concat());
                let changed = changed_within(&body, Some(codings), LARGEST, add).unwrap();
                let undone = decoded_up_to(&changed, Some(codings), LARGEST).unwrap();
                assert_eq!(undone, [plain, b" more"].concat(), "{codings}");
            }
        }
    }

    #[test]
    fn what_cannot_be_undone_stays_and_what_is_in_no_coding_is_changed_as_it_is() {
        let all = |_: &Bytes| Some(b"changed".to_vec());
        let body = Bytes::from_static(b"plain");
        assert_eq!(changed_within(&body, Some("own"), LARGEST, all), None);
        assert_eq!(changed_within(&body, None, 4, all), None);
        assert_eq!(changed_within(&body, None, 5, all).unwrap(), "changed");
        assert_eq!(
            changed_within(&body, Some("gzip"), LARGEST, all).unwrap(),
            "changed"
        );
        let gzip = coded(&[0; 1000], "gzip");
        assert_eq!(changed_within(&gzip, Some("gzip"), 100, all), None);
        assert_eq!(changed_within(&gzip, Some("gzip"), LARGEST, |_| None), None);
    }
}
