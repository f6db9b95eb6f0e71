use std::io::Write;

use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder, ZlibEncoder},
};
use proptest::prelude::*;

use super::*;

const TEXT: &[u8] = b"{\"message\": \"hello hello hello hello\"}";
/// `TEXT`, as the reference implementations of the two compress it.
const BROTLI: &[u8] = b"\x1F\x25\x00\xF8\x1D\x09\x76\xEC\xC4\x0A\x66\x47\xE4\xB5\x08\x08\xDB\xDE\xD6\x29\x43\xEB\x53\x6C\x6F\x29\x49\x25\x42\xD5\x01\x1A\x74\x67\x24\x67\x18";
const ZSTANDARD: &[u8] = b"\x28\xB5\x2F\xFD\x04\x68\xDD\x00\x00\xA8\x7B\x22\x6D\x65\x73\x73\x61\x67\x65\x22\x3A\x20\x22\x68\x65\x6C\x6C\x6F\x20\x22\x7D\x01\x00\x33\x97\x30\xF4\x86\x97\xA9";
const ZSTANDARD_SKIPPABLE: &[u8] = b"\x50\x2A\x4D\x18\x03\x00\x00\x00abc";

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn zlib(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn deflate(body: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn undo(body: &[u8], content_encoding: &str) -> Decoded {
    decode_up_to(&Bytes::copy_from_slice(body), content_encoding, 100_000)
}

#[test]
fn every_coding_is_undone() {
    for (body, name) in [
        (gzip(TEXT), "gzip"),
        (gzip(TEXT), " X-GZip "),
        (zlib(TEXT), "deflate"),
        (deflate(TEXT), "deflate"),
        (BROTLI.to_vec(), "br"),
        (ZSTANDARD.to_vec(), "zstd"),
        (TEXT.to_vec(), "identity"),
        (TEXT.to_vec(), ""),
        (gzip(BROTLI), "br, gzip"),
        ([&gzip(&TEXT[..9])[..], &gzip(&TEXT[9..])].concat(), "gzip"),
        ([ZSTANDARD_SKIPPABLE, ZSTANDARD].concat(), "zstd"),
    ] {
        let decoded = undo(&body, name);
        assert_eq!(decoded.body, TEXT, "{name}: {:?}", decoded.notes);
        assert!(!decoded.is_coded);
        let notes = usize::from(!matches!(name, "identity" | ""));
        assert_eq!(decoded.notes.len(), notes, "{:?}", decoded.notes);
    }
    let note = undo(&gzip(BROTLI), "br,identity, gzip").notes.remove(0);
    assert!(
        note.starts_with("decoded from br, gzip: ") && note.ends_with(" → 38 B"),
        "{note}"
    );
}

#[test]
fn a_bomb_stops_at_the_cap() {
    let decoded = undo(&gzip(&vec![b'0'; 1_000_000]), "gzip");
    assert_eq!(decoded.body.len(), 100_000);
    assert!(
        decoded.notes[1].contains("stopped at 97.7 KiB"),
        "{:?}",
        decoded.notes
    );
    let full = undo(&gzip(&vec![b'0'; 100_000]), "gzip");
    assert_eq!((full.body.len(), full.notes.len()), (100_000, 1));
}

#[test]
fn layers_beyond_the_fourth_are_left() {
    let body = (0..5).fold(TEXT.to_vec(), |body, _| gzip(&body));
    let decoded = undo(&body, "gzip, gzip, gzip, gzip, gzip");
    assert!(decoded.is_coded);
    assert_eq!(&decoded.body[..2], b"\x1F\x8B");
    assert!(
        decoded.notes[1].contains("more than 4"),
        "{:?}",
        decoded.notes
    );
}

#[test]
fn an_unknown_coding_is_named() {
    let decoded = undo(&gzip(b"?"), "martian, gzip");
    assert!(decoded.is_coded);
    assert_eq!(decoded.body, "?");
    assert!(
        decoded.notes[1].contains("“martian”"),
        "{:?}",
        decoded.notes
    );
}

#[test]
fn broken_data_is_shown_as_far_as_it_goes() {
    let random: Vec<u8> = (0..60_000_u32)
        .map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    let blocks = random.repeat(5);
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    let zstandard = ruzstd::encoding::compress_to_vec(&blocks[..], level);
    assert_eq!(decode(&zstandard.clone().into(), Some("zstd")).body, blocks);
    for (body, whole, name) in [
        (gzip(&random), &random, "gzip"),
        (zlib(&random), &random, "deflate"),
        (zstandard, &blocks, "zstd"),
    ] {
        let cut: Bytes = body[..body.len() * 3 / 4].to_vec().into();
        let decoded = decode(&cut, Some(name));
        assert!(decoded.body.len() > 1000 && whole.starts_with(&decoded.body));
        let note = &decoded.notes[1];
        assert!(
            note.contains("cut off") && note.contains("too early"),
            "{note}"
        );
    }
}

#[test]
fn what_was_never_coded_is_shown_as_received() {
    for name in ["gzip", "deflate", "br", "zstd"] {
        let decoded = undo(b"\xFFplain text all along", name);
        assert_eq!(decoded.body, &b"\xFFplain text all along"[..], "{name}");
        assert!(
            decoded.notes[0].contains("shown as received"),
            "{:?}",
            decoded.notes
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_bytes_are_survived(
        body in prop::collection::vec(any::<u8>(), 0..200),
        name in "(gzip|deflate|br|zstd|identity|x)(, ?(gzip|br|zstd)){0,3}",
    ) {
        undo(&body, &name);
    }

    #[test]
    fn damage_is_survived(
        at in 0_usize..64, value in any::<u8>(), cut in 0_usize..64, which in 0_usize..4,
    ) {
        let (mut body, name) = match which {
            0 => (gzip(TEXT), "gzip"),
            1 => (zlib(TEXT), "deflate"),
            2 => (BROTLI.to_vec(), "br"),
            _ => (ZSTANDARD.to_vec(), "zstd"),
        };
        if let Some(byte) = body.get_mut(at) {
            *byte = value;
        }
        body.truncate(body.len().saturating_sub(cut / 2));
        undo(&body, name);
    }
}
