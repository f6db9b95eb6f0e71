//! A body as plain text: for searching, not for showing.

use bytes::Bytes;

use super::{charset, decode, kind, media::MediaType};

/// The body decoded to text, of which no more than about `largest` bytes: a long one is cut off. `None` for a
/// body that is no text. Forms become `name value` a line, and escapes in JSON the letters they stand for.
pub fn plain_text(
    body: &Bytes,
    content_type: Option<&str>,
    content_encoding: Option<&str>,
    largest: usize,
) -> Option<String> {
    if body.is_empty() {
        return None;
    }
    let media = MediaType::parse(content_type.unwrap_or_default());
    let bytes = match content_encoding {
        None => body.slice(..body.len().min(largest)),
        Some(coding) => {
            let decoded = decode::decode_beginning(body, coding, largest)?;
            decoded.slice(..decoded.len().min(largest))
        }
    };
    if kind::is_binary(&bytes, &media) {
        return None;
    }
    let text = charset::decode(&bytes, &media).text;
    let beginning = text.get(..largest).unwrap_or(&text);
    let text = String::from_utf8_lossy(beginning).into_owned();
    if media.essence() == "application/x-www-form-urlencoded" {
        let pairs = form_urlencoded::parse(text.as_bytes());
        let lines = pairs.flat_map(|(name, value)| [name, " ".into(), value, "\n".into()]);
        return Some(lines.collect());
    }
    Some(if text.contains("\\u") {
        without_escapes(&text)
    } else {
        text
    })
}

/// With the letters that `\u00e9` and the like stand for (RFC 8259, Section 7); what is no such escape stays.
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\u") {
        plain.push_str(before);
        let unit = |text: &str| {
            let digits = text.get(..4)?;
            u16::from_str_radix(digits, 16).ok()
        };
        let first = unit(after);
        let second = after.get(4..).and_then(|text| text.strip_prefix("\\u"));
        let units = [first, second.and_then(unit)];
        let mut read = char::decode_utf16(units.into_iter().flatten());
        if let (Some(_), Some(Ok(char))) = (first, read.next()) {
            plain.push(char);
            let length = if char.len_utf16() == 2 { 10 } else { 4 };
            rest = after.get(length..).unwrap_or_default();
        } else {
            plain.push_str("\\u");
            rest = after;
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(body: &[u8], content_type: &str) -> Option<String> {
        plain_text(&Bytes::copy_from_slice(body), Some(content_type), None, 100)
    }

    #[test]
    fn bodies_become_text_that_can_be_searched() {
        assert_eq!(
            plain(
                b"name=J%C3%BCrgen+M&x=1",
                "application/x-www-form-urlencoded"
            )
            .unwrap(),
            "name J\u{fc}rgen M\nx 1\n"
        );
        assert_eq!(
            plain(
                br#"{"a":"J\u00fcrgen \ud83d\ude00 \uZZ \ud83d"}"#,
                "application/json"
            )
            .unwrap(),
            "{\"a\":\"J\u{fc}rgen \u{1f600} \\uZZ \\ud83d\"}"
        );
        assert_eq!(
            plain(b"gr\xfc\xdfe", "text/plain; charset=iso-8859-1").unwrap(),
            "gr\u{fc}\u{df}e"
        );
        assert_eq!(plain(b"\x89PNG\r\n\x1a\n\0\0\0", "image/png"), None);
        assert_eq!(plain(b"", "text/plain"), None);
        assert_eq!(
            plain(&"é".repeat(200).into_bytes(), "text/plain").unwrap(),
            "é".repeat(50)
        );
    }
}
