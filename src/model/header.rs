//! Header fields as they are on the wire.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One header field line (RFC 9110, Section 5): a value is bytes, most often but not always UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub name: String,
    #[serde(
        serialize_with = "serialize_value",
        deserialize_with = "deserialize_value"
    )]
    pub value: Vec<u8>,
}

impl Header {
    pub fn new(name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }

    /// Whether it is called `name`, whatever the case (RFC 9110, Section 5.1).
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value as text: UTF-8 where it is that, else one character a byte (ISO-8859-1, which RFC
    /// 9110, Section 5.5, names as the historical reading). Not yet fit for a terminal.
    pub fn text(&self) -> String {
        match std::str::from_utf8(&self.value) {
            Ok(text) => text.to_owned(),
            Err(_) => self.value.iter().copied().map(char::from).collect(),
        }
    }
}

/// The first field called `name`, whatever its case.
pub fn find_header<'a>(headers: &'a [Header], name: &str) -> Option<&'a Header> {
    headers_named(headers, name).next()
}

/// Every field called `name`, whatever its case, in their order.
pub fn headers_named<'a>(headers: &'a [Header], name: &str) -> impl Iterator<Item = &'a Header> {
    headers.iter().filter(move |header| header.is(name))
}

/// A value that is not UTF-8 is kept as a list of bytes, so that nothing is lost on disk.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredValue {
    Text(String),
    Bytes(Vec<u8>),
}

fn serialize_value<S: Serializer>(value: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match std::str::from_utf8(value) {
        Ok(text) => serializer.serialize_str(text),
        Err(_) => StoredValue::Bytes(value.to_vec()).serialize(serializer),
    }
}

fn deserialize_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    Ok(match StoredValue::deserialize(deserializer)? {
        StoredValue::Text(text) => text.into_bytes(),
        StoredValue::Bytes(bytes) => bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_not_utf8_survives_storing() {
        for value in [b"plain".to_vec(), "é".into(), vec![0xff, 0x80, b'a']] {
            let header = Header::new("x-name", value);
            let stored = serde_json::to_string(&header).unwrap();
            assert_eq!(serde_json::from_str::<Header>(&stored).unwrap(), header);
        }
    }

    #[test]
    fn names_are_found_in_any_case() {
        let headers = [Header::new("Content-Type", "text/plain")];
        assert_eq!(
            find_header(&headers, "content-type").unwrap().text(),
            "text/plain"
        );
        assert!(find_header(&headers, "content").is_none());
    }
}
