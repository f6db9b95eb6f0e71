//! Whether a body is text at all, and what a binary one is by its first bytes.

use super::media::MediaType;
use crate::units::human_size;

/// How much of a body is looked at.
const LOOKED_AT: usize = 8 * 1024;

/// What a body begins with, where, and what that makes it.
struct Magic {
    offset: usize,
    bytes: &'static [u8],
    name: &'static str,
}

const fn magic(bytes: &'static [u8], name: &'static str) -> Magic {
    magic_at(0, bytes, name)
}

const fn magic_at(offset: usize, bytes: &'static [u8], name: &'static str) -> Magic {
    Magic {
        offset,
        bytes,
        name,
    }
}

/// The first one that matches counts.
const MAGICS: &[Magic] = &[
    magic(b"\x89PNG\r\n\x1a\n", "PNG image"),
    magic(b"\xFF\xD8\xFF", "JPEG image"),
    magic(b"GIF87a", "GIF image"),
    magic(b"GIF89a", "GIF image"),
    magic_at(8, b"WEBP", "WebP image"),
    magic_at(4, b"ftypavif", "AVIF image"),
    magic_at(4, b"ftypheic", "HEIC image"),
    magic(b"II*\0", "TIFF image"),
    magic(b"MM\0*", "TIFF image"),
    magic(b"\0\0\x01\0", "icon"),
    magic(b"%PDF-", "PDF document"),
    magic(b"PK\x03\x04", "ZIP archive"),
    magic(b"PK\x05\x06", "empty ZIP archive"),
    magic(b"\x1F\x8B", "gzip data"),
    magic(b"BZh", "bzip2 data"),
    magic(b"\xFD7zXZ\0", "xz data"),
    magic(b"\x28\xB5\x2F\xFD", "Zstandard data"),
    magic(b"7z\xBC\xAF\x27\x1C", "7-Zip archive"),
    magic(b"Rar!\x1a\x07", "RAR archive"),
    magic_at(257, b"ustar", "tar archive"),
    magic(b"\x7FELF", "ELF program"),
    magic(b"\xCF\xFA\xED\xFE", "Mach-O program"),
    magic(
        b"\xCA\xFE\xBA\xBE",
        "Java class or universal Mach-O program",
    ),
    magic(b"MZ", "Windows program"),
    magic(b"\0asm", "WebAssembly module"),
    magic(b"SQLite format 3\0", "SQLite database"),
    magic(b"PAR1", "Parquet file"),
    magic_at(4, b"ftyp", "MP4 or QuickTime film"),
    magic(b"\x1A\x45\xDF\xA3", "Matroska or WebM film"),
    magic_at(8, b"AVI ", "AVI film"),
    magic_at(8, b"WAVE", "WAV sound"),
    magic(b"OggS", "Ogg sound"),
    magic(b"fLaC", "FLAC sound"),
    magic(b"ID3", "MP3 sound"),
    magic(b"wOFF", "WOFF font"),
    magic(b"wOF2", "WOFF2 font"),
    magic(b"OTTO", "OpenType font"),
    magic(b"\0\x01\0\0\0", "TrueType font"),
];

/// Whether a body is to be shown as bytes.
pub fn is_binary(body: &[u8], media: &MediaType) -> bool {
    if body.is_empty() {
        return false;
    }
    if media.is_binary() {
        return true;
    }
    if encoding_rs::Encoding::for_bom(body).is_some() {
        return false;
    }
    let start = body.get(..LOOKED_AT).unwrap_or(body);
    let is_wide = media
        .charset
        .as_deref()
        .is_some_and(|charset| charset.to_ascii_lowercase().starts_with("utf-16"));
    if is_wide {
        return false;
    }
    let controls = start.iter().filter(|byte| is_odd_in_text(**byte)).count();
    let is_strange = controls * 10 > start.len();
    if media.is_text() {
        return is_strange;
    }
    is_strange || start.contains(&0) || (controls > 0 && find(body).is_some())
}

/// A control character that texts do not hold: all but tab, line ends, form feed, backspace and the
/// escapes of coloured logs.
fn is_odd_in_text(byte: u8) -> bool {
    byte == 0x7F || byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x08 | 0x0C | 0x1B)
}

/// Whether a body is an image of a kind that can be drawn.
pub fn is_drawable(body: &[u8]) -> bool {
    matches!(
        find(body),
        Some("PNG image" | "JPEG image" | "GIF image" | "WebP image")
    )
}

/// What a binary body is, in words: kind, dimensions where they are easily had, size, declared type.
pub fn describe(body: &[u8], media: &MediaType) -> String {
    let bytes = body.len() as u64;
    let mut facts = vec![find(body).unwrap_or("binary data").to_owned()];
    if let Some((width, height)) = dimensions(body) {
        facts.push(format!("{width}×{height} pixels"));
    }
    facts.push(match human_size(bytes) {
        size if bytes < 1024 => size,
        size => format!("{size} ({bytes} bytes)"),
    });
    if !media.essence().is_empty() {
        facts.push(format!("declared as {}", media.essence()));
    }
    facts.join(", ")
}

fn find(body: &[u8]) -> Option<&'static str> {
    let fits = |magic: &&Magic| {
        body.get(magic.offset..)
            .is_some_and(|rest| rest.starts_with(magic.bytes))
    };
    MAGICS.iter().find(fits).map(|magic| magic.name)
}

/// Width and height in pixels of a PNG (its IHDR chunk), a GIF (its logical screen) or a JPEG.
fn dimensions(body: &[u8]) -> Option<(u32, u32)> {
    match body {
        [0x89, b'P', b'N', b'G', ..] => Some((big_endian(body, 16, 4)?, big_endian(body, 20, 4)?)),
        [b'G', b'I', b'F', ..] => match body.get(6..10)? {
            [w0, w1, h0, h1] => Some((
                u16::from_le_bytes([*w0, *w1]).into(),
                u16::from_le_bytes([*h0, *h1]).into(),
            )),
            _ => None,
        },
        [0xFF, 0xD8, ..] => jpeg_dimensions(body),
        _ => None,
    }
}

/// The segments of a JPEG are stepped over up to the frame header (ITU-T T.81, Annex B.2.2).
fn jpeg_dimensions(body: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    while body.get(at) == Some(&0xFF) {
        let marker = *body.get(at + 1)?;
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            return Some((big_endian(body, at + 7, 2)?, big_endian(body, at + 5, 2)?));
        }
        at += 2 + big_endian(body, at + 2, 2)? as usize;
    }
    None
}

fn big_endian(body: &[u8], at: usize, length: usize) -> Option<u32> {
    let bytes = body.get(at..at + length)?;
    Some(
        bytes
            .iter()
            .fold(0, |number, byte| number << 8 | u32::from(*byte)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binary(body: &[u8], content_type: &str) -> bool {
        is_binary(body, &MediaType::parse(content_type))
    }

    #[test]
    fn text_is_told_from_bytes() {
        assert!(!binary(b"plain\r\n\ttext \x1b[31mred\x1b[0m", ""));
        assert!(!binary("日本語".as_bytes(), "application/unheard-of"));
        assert!(
            !binary(b"\xFF\xFEa\0", ""),
            "a byte order mark makes it text"
        );
        assert!(!binary(b"a\0b\0", "text/plain; charset=UTF-16LE"));
        assert!(!binary(
            b"{\"a\":\"one NUL\0 in a long text\"}",
            "application/json"
        ));
        assert!(!binary(b"MZ is how this text begins", "text/plain"));
        assert!(!binary(b"", "image/png"));
        assert!(binary(b"a\0b", ""));
        assert!(binary(b"\x01\x02\x03 abc", "text/plain"));
        assert!(binary(b"hello", "application/octet-stream"));
        assert!(binary(b"%PDF-1.7\n\x01", ""));
    }

    #[test]
    fn a_binary_body_is_named_with_its_size() {
        let media = MediaType::parse("image/png");
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xE0";
        assert_eq!(
            describe(png, &media),
            "PNG image, 640×480 pixels, 24 B, declared as image/png"
        );
        let none = MediaType::default();
        assert_eq!(
            describe(b"GIF89a\x10\0\x20\0", &none),
            "GIF image, 16×32 pixels, 10 B"
        );
        let jpeg = b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xC0\0\x0B\x08\x01\xE0\x02\x80";
        assert_eq!(describe(jpeg, &none), "JPEG image, 640×480 pixels, 17 B");
        assert_eq!(describe(b"\x7FELF", &none), "ELF program, 4 B");
        assert_eq!(
            describe(&[7; 2048], &none),
            "binary data, 2.0 KiB (2048 bytes)"
        );
        assert_eq!(describe(b"RIFF....WEBP", &none), "WebP image, 12 B");
    }

    #[test]
    fn broken_images_have_no_dimensions() {
        for body in [
            &b"\x89PNG"[..],
            b"GIF89a\x10",
            b"\xFF\xD8\xFF",
            b"\xFF\xD8\xFF\xC0\0",
            b"\xFF\xD8\xFF\xE0\0\0\xFF\xE0\0\0",
        ] {
            assert_eq!(dimensions(body), None, "{body:?}");
        }
    }
}
