//! The data options, put together as curl does.

use std::fmt::Write;

use super::options::{Deed, Given};

/// What `-d` and its relatives come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Data {
    pub(super) text: Option<String>,
    pub(super) is_json: bool,
    /// Options whose value is in a file, which is not read.
    pub(super) files: Vec<(String, String)>,
}

impl Data {
    /// Takes one of the data options.
    pub(super) fn add(&mut self, given: &Given) {
        let value = given.value.as_str();
        match given.deed {
            Deed::DataRaw => self.join("&", value),
            Deed::DataUrlencode => match urlencode(value) {
                Encoded::Text(text) => self.join("&", &text),
                Encoded::File(file) => self.file(given, file),
            },
            Deed::Json => {
                self.is_json = true;
                match value.strip_prefix('@') {
                    Some(file) => self.file(given, file),
                    None => self.join("", value),
                }
            }
            _ => match value.strip_prefix('@') {
                Some(file) => self.file(given, file),
                None => self.join("&", value),
            },
        }
    }

    fn file(&mut self, given: &Given, file: &str) {
        self.files.push((given.name.clone(), file.to_owned()));
    }

    fn join(&mut self, between: &str, value: &str) {
        match &mut self.text {
            Some(text) => {
                text.push_str(between);
                text.push_str(value);
            }
            None => self.text = Some(value.to_owned()),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_none() && self.files.is_empty()
    }
}

enum Encoded<'a> {
    Text(String),
    File(&'a str),
}

/// `content`, `=content`, `name=content`, `@file`, `name@file`: curl(1), --data-urlencode.
fn urlencode(value: &str) -> Encoded<'_> {
    if let Some((name, content)) = value.split_once('=') {
        let name = if name.is_empty() {
            String::new()
        } else {
            format!("{name}=")
        };
        return Encoded::Text(format!("{name}{}", escape(content)));
    }
    match value.split_once('@') {
        Some((_, file)) => Encoded::File(file),
        None => Encoded::Text(escape(value)),
    }
}

/// As curl encodes data: everything but the unreserved characters of RFC 3986, Section 2.3; a blank
/// becomes a plus.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            b' ' => escaped.push('+'),
            // Writing to a String cannot fail.
            other => drop(write!(escaped, "%{other:02X}")),
        }
    }
    escaped
}
