//! The filters that a template can put behind a value: one row each, beside those that every template
//! language of this family has (`upper`, `trim`, `replace`, `default`, `join` …).

use base64::{Engine, engine::general_purpose::STANDARD};
use minijinja::Value;
use ring::{digest, hmac};

use crate::units::hexadecimal;

/// One filter.
pub struct Filter {
    pub name: &'static str,
    pub help: &'static str,
    pub example: &'static str,
    pub(super) run: fn(&Value, &[Value]) -> Result<String, String>,
}

/// Every filter of our own.
pub const FILTERS: &[Filter] = &[
    Filter {
        name: "base64",
        help: "as Base64 (RFC 4648, Section 4)",
        example: r#"{{ (user ~ ":" ~ password) | base64 }}"#,
        run: |value, _| Ok(STANDARD.encode(text_of(value)?)),
    },
    Filter {
        name: "base64decode",
        help: "the text that is written as Base64",
        example: "{{ token | base64decode }}",
        run: |value, _| {
            let bytes = STANDARD
                .decode(text_of(value)?.trim())
                .map_err(|error| format!("this is no Base64: {error}"))?;
            String::from_utf8(bytes).map_err(|_| "what it stands for is no text".to_owned())
        },
    },
    Filter {
        name: "hmac_sha256",
        help: "HMAC with SHA-256 and this key, in hexadecimal (RFC 2104)",
        example: "{{ body_text | hmac_sha256(key) }}",
        run: |value, arguments| {
            let key = arguments.first().ok_or("the key is missing")?;
            let key = hmac::Key::new(hmac::HMAC_SHA256, text_of(key)?.as_bytes());
            let tag = hmac::sign(&key, text_of(value)?.as_bytes());
            Ok(hexadecimal(tag.as_ref()))
        },
    },
    Filter {
        name: "sha256",
        help: "its SHA-256 in hexadecimal",
        example: "{{ password | sha256 }}",
        run: |value, _| {
            let hash = digest::digest(&digest::SHA256, text_of(value)?.as_bytes());
            Ok(hexadecimal(hash.as_ref()))
        },
    },
    Filter {
        name: "tojson",
        help: "as JSON: a text gets its quotes and escapes",
        example: r#"{"name": {{ name | tojson }}}"#,
        run: |value, _| super::expression::to_json(value),
    },
    Filter {
        name: "urlencode",
        help: "percent-encoded, for one part of a path or query",
        example: "{{ base_url }}/users/{{ name | urlencode }}",
        run: |value, _| {
            let encoded: String =
                form_urlencoded::byte_serialize(text_of(value)?.as_bytes()).collect();
            Ok(encoded.replace('+', "%20"))
        },
    },
];

fn text_of(value: &Value) -> Result<String, String> {
    super::expression::to_text(value)
}
