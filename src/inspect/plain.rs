//! A body as one plain text, decoded as its header fields say.

use bytes::Bytes;

use super::{charset, decode, media::MediaType};

/// The text of a body: content codings undone, its charset read. Nothing fails: what cannot be decoded
/// stays as it is, and what is no text has `�` in it.
pub fn text_of(body: &Bytes, content_type: Option<&str>, content_encoding: Option<&str>) -> String {
    let decoded = decode::decode(body, content_encoding);
    let media = MediaType::parse(content_type.unwrap_or_default());
    let text = charset::decode(&decoded.body, &media).text;
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_and_charsets_are_undone() {
        let gzip = Bytes::from_static(include_bytes!("../../assets/samples/users.json.gz"));
        let text = text_of(&gzip, Some("application/json"), Some("gzip"));
        assert!(
            serde_json::from_str::<serde_json::Value>(&text).is_ok(),
            "{text}"
        );
        let latin = Bytes::from_static(b"caf\xe9");
        assert_eq!(
            text_of(&latin, Some("text/plain; charset=latin1"), None),
            "café"
        );
    }
}
