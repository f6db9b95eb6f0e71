//! Bytes -> text: by byte order mark, else by the charset of the Content-Type, else by what an HTML or XML
//! text says of itself, else UTF-8.

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::media::MediaType;

/// A body as UTF-8, and what has to be said about how it came to be that.
pub struct Decoded {
    /// Known to be UTF-8; shared with the body where it was that already.
    pub text: Bytes,
    pub notes: Vec<String>,
}

/// Reads a body as text. Nothing fails: what a charset has no character for is shown as `�` and said.
pub fn decode(body: &Bytes, media: &MediaType) -> Decoded {
    let mut notes = Vec::new();
    if let Some((encoding, mark)) = Encoding::for_bom(body) {
        let text = convert(&body.slice(mark..), encoding, &mut notes);
        return Decoded { text, notes };
    }
    let own = match media.charset {
        None if media.is_markup() => own_charset(body),
        _ => None,
    };
    let declared = media.charset.as_deref().or(own.as_deref());
    let known = declared.and_then(|label| Encoding::for_label(label.as_bytes()));
    if let (Some(label), None) = (declared, known) {
        notes.push(format!("the charset “{label}” is not known: read as UTF-8"));
    }
    let text = match known {
        Some(encoding) => convert(body, encoding, &mut notes),
        None => convert_undeclared(body, &mut notes),
    };
    Decoded { text, notes }
}

/// How much of a text is looked through for what it says of its charset (the HTML standard, Section 13.2.3.2).
const LOOKED_AT: usize = 1024;

/// The charset that `<meta charset=…>`, a `<meta>` with a content type, or `<?xml encoding=…?>` names.
fn own_charset(body: &[u8]) -> Option<String> {
    let start = body.get(..LOOKED_AT).unwrap_or(body);
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let in_tag = |tag: &str, name: &str| {
        start.split(tag).skip(1).find_map(|rest| {
            let inside = rest.split('>').next()?;
            let (_, value) = inside.split_once(name)?;
            let value = value.trim_start().strip_prefix('=')?;
            let value = value.trim_start().trim_start_matches(['"', '\'']);
            let is_end = |char: char| char.is_whitespace() || "\"'/?;>".contains(char);
            let value = value.split(is_end).next()?;
            (!value.is_empty()).then(|| value.to_owned())
        })
    };
    in_tag("<?xml", "encoding").or_else(|| in_tag("<meta", "charset"))
}

fn convert(body: &Bytes, encoding: &'static Encoding, notes: &mut Vec<String>) -> Bytes {
    if encoding == UTF_8 && str::from_utf8(body).is_ok() {
        return body.clone();
    }
    let (text, wrong) = encoding.decode_without_bom_handling(body);
    if wrong {
        let place = (encoding == UTF_8)
            .then(|| str::from_utf8(body).err())
            .flatten();
        let place = place.map_or_else(String::new, |error| {
            format!(" from byte {} on", error.valid_up_to())
        });
        let name = encoding.name();
        notes.push(format!(
            "not valid {name}{place}: what cannot be read is shown as �"
        ));
    }
    if encoding != UTF_8 {
        notes.push(format!("read as {}", encoding.name()));
    }
    text.into_owned().into()
}

/// Without a charset a text is UTF-8 nowadays; an old one is in Western Europe's most likely.
fn convert_undeclared(body: &Bytes, notes: &mut Vec<String>) -> Bytes {
    let Err(error) = str::from_utf8(body) else {
        return body.clone();
    };
    // A body cut off in the middle of a character is still UTF-8, and so is one with wide letters in it.
    let cut_off = error.error_len().is_none();
    let has_wide = body
        .get(..error.valid_up_to())
        .is_some_and(|valid| !valid.is_ascii());
    if cut_off || has_wide || !fits_windows_1252(body) {
        return convert(body, UTF_8, notes);
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(body);
    notes.push(format!(
        "no charset is declared, and byte {} is not valid UTF-8: read as windows-1252",
        error.valid_up_to()
    ));
    text.into_owned().into()
}

/// Whether no byte is one of the five that windows-1252 leaves open.
fn fits_windows_1252(body: &[u8]) -> bool {
    !body
        .iter()
        .any(|byte| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(body: &[u8], content_type: &str) -> (String, String) {
        let body = Bytes::copy_from_slice(body);
        let decoded = decode(&body, &MediaType::parse(content_type));
        let text = String::from_utf8(decoded.text.to_vec()).unwrap();
        (text, decoded.notes.join("; "))
    }

    #[test]
    fn utf8_is_shared_and_needs_no_note() {
        let body = Bytes::from_static("Jürgen".as_bytes());
        let text = decode(&body, &MediaType::default()).text;
        assert_eq!(text.as_ptr(), body.as_ptr());
        assert_eq!(
            decoded("é".as_bytes(), "text/plain; charset=UTF-8"),
            ("é".into(), String::new())
        );
        assert_eq!(decoded(b"\xEF\xBB\xBFx", ""), ("x".into(), String::new()));
    }

    #[test]
    fn a_declared_charset_is_obeyed_unless_a_mark_says_otherwise() {
        assert_eq!(
            decoded(b"J\xFCrgen", "text/plain; charset=iso-8859-1"),
            ("Jürgen".into(), "read as windows-1252".into())
        );
        assert_eq!(
            decoded(b"\x93\xFA\x96\x7B", "text/html; charset=Shift_JIS"),
            ("日本".into(), "read as Shift_JIS".into())
        );
        assert_eq!(
            decoded(b"\xFF\xFEa\0b\0", "text/plain; charset=utf-8"),
            ("ab".into(), "read as UTF-16LE".into())
        );
    }

    #[test]
    fn html_and_xml_name_their_own_charset() {
        for (body, kind) in [
            (&b"<meta charset=latin1><p>J\xFCrgen"[..], "text/html"),
            (b"<head><META http-equiv='Content-Type' content='text/html; charset=ISO-8859-1'>J\xFCrgen", "text/html"),
            (b"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a>J\xFCrgen</a>", "application/xml"),
        ] {
            let (text, notes) = decoded(body, kind);
            assert!(text.contains("Jürgen"), "{text}");
            assert_eq!(notes, "read as windows-1252");
        }
        let (text, _) = decoded(b"charset=utf-16 <p>plain", "text/html");
        assert_eq!(text, "charset=utf-16 <p>plain");
        let (_, notes) = decoded(b"<meta charset=martian>", "text/html");
        assert!(notes.contains("martian"), "{notes}");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let (text, notes) = decoded(b"abc\xFF", "text/plain; charset=utf-8");
        assert_eq!(text, "abc\u{FFFD}");
        assert!(notes.contains("from byte 3 on"), "{notes}");
        let (text, notes) = decoded(b"J\xFCrgen", "text/plain");
        assert_eq!(text, "Jürgen");
        assert!(notes.contains("windows-1252"), "{notes}");
        let (_, notes) = decoded(b"x", "text/plain; charset=martian");
        assert!(notes.contains("“martian”"), "{notes}");
    }

    #[test]
    fn a_text_cut_off_within_a_letter_stays_utf8() {
        let (text, _) = decoded(b"na\xC3\xAFve \xC3", "text/plain");
        assert_eq!(text, "naïve \u{FFFD}");
        let (text, _) = decoded(b"abc \xE2\x82", "");
        assert_eq!(text, "abc \u{FFFD}");
    }
}
