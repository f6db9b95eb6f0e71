//! A body as received with what its head says of it, and the texts that it is: as it is shown by a
//! [`Document`](super::Document), whole for templates, its beginning for searching.

use bytes::Bytes;

use super::{charset, decode, kind, media::MediaType};
use crate::model::{Header, Response, find_header};

/// A body as received, and what is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    pub body: Bytes,
    pub content_type: Option<String>,
    pub content_encoding: Option<String>,
    /// How long it was, in bytes, where only its start is here.
    pub whole: Option<u64>,
    /// How many bytes came, where it is here otherwise.
    pub original: Option<u64>,
    /// How many values of it are marks.
    pub masked: u64,
    /// More of it is to come.
    pub is_arriving: bool,
    /// What is here is not all of it, and no more is to come.
    pub is_cut_off: bool,
    /// How long it was to be, in bytes, where less than that came.
    pub announced: Option<u64>,
}

impl Received {
    /// The body of an answer, with what its head says of it.
    pub fn of(response: &Response, is_arriving: bool) -> Self {
        Self {
            whole: response.cut_from(),
            original: response.whole.map(|whole| whole.size),
            masked: response.masked(),
            is_arriving,
            announced: response.announced(),
            ..Self::with_headers(&response.body, &response.head.headers)
        }
    }

    /// A body with the header fields that came with it.
    pub fn with_headers(body: &Bytes, headers: &[Header]) -> Self {
        let header = |name| find_header(headers, name).map(Header::text);
        Self {
            body: body.clone(),
            content_type: header("content-type"),
            content_encoding: header("content-encoding"),
            ..Self::default()
        }
    }

    pub(super) fn media(&self) -> MediaType {
        MediaType::parse(self.content_type.as_deref().unwrap_or_default())
    }

    /// The whole text: content codings undone, its charset read. Nothing fails: what cannot be decoded stays as
    /// it is, and what is no text has `�` in it.
    pub fn text(&self) -> String {
        let decoded = decode::decode(&self.body, self.content_encoding.as_deref());
        self.read(&decoded.body)
    }

    /// What is found by searching, of which no more than about `largest` bytes: a long one is cut off. `None`
    /// for a body that is no text. Forms become `name value` a line, and escapes in JSON the letters they stand
    /// for.
    pub fn searchable(&self, largest: usize) -> Option<String> {
        if self.body.is_empty() {
            return None;
        }
        let bytes = match &self.content_encoding {
            None => self.body.clone(),
            Some(coding) => decode::decode_beginning(&self.body, coding, largest)?,
        };
        let bytes = bytes.slice(..bytes.len().min(largest));
        let media = self.media();
        if kind::is_binary(&bytes, &media) {
            return None;
        }
        let mut text = self.read(&bytes);
        text.truncate(text.floor_char_boundary(largest));
        Some(if media.essence() == "application/x-www-form-urlencoded" {
            let pairs = form_urlencoded::parse(text.as_bytes());
            let lines = pairs.flat_map(|(name, value)| [name, " ".into(), value, "\n".into()]);
            lines.collect()
        } else if text.contains("\\u") {
            without_escapes(&text)
        } else {
            text
        })
    }

    fn read(&self, decoded: &Bytes) -> String {
        let text = charset::decode(decoded, &self.media()).text;
        String::from_utf8_lossy(&text).into_owned()
    }
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

    fn received(body: &[u8], content_type: &str) -> Received {
        Received {
            body: Bytes::copy_from_slice(body),
            content_type: Some(content_type.to_owned()),
            ..Received::default()
        }
    }

    #[test]
    fn codings_and_charsets_are_undone() {
        let gzip = Received {
            content_encoding: Some("gzip".to_owned()),
            ..received(
                include_bytes!("../../assets/samples/users.json.gz"),
                "application/json",
            )
        };
        let text = gzip.text();
        assert!(
            serde_json::from_str::<serde_json::Value>(&text).is_ok(),
            "{text}"
        );
        assert!(text.starts_with(&gzip.searchable(10).unwrap()));
        let latin = received(b"caf\xe9", "text/plain; charset=latin1");
        assert_eq!(latin.text(), "café");
    }

    fn plain(body: &[u8], content_type: &str) -> Option<String> {
        received(body, content_type).searchable(100)
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
