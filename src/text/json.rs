//! JSON that is fit for a terminal and still means the same: what could steer it or hide is written as an
//! escape, which RFC 8259, Section 7 allows for any character.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use super::hidden::is_hidden;

/// Writes a value as JSON on one line, every hidden character of its texts as an escape.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_json(out: impl io::Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Escaping);
    Ok(value.serialize(&mut serializer)?)
}

/// As [`CompactFormatter`], which escapes the controls of ASCII alone.
struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((start, char)) = first_hidden(rest) {
            let (before, after) = rest.split_at(start);
            CompactFormatter.write_string_fragment(out, before)?;
            for unit in char.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = after.get(char.len_utf8()..).unwrap_or_default();
        }
        CompactFormatter.write_string_fragment(out, rest)
    }
}

/// What is hidden whatever stands around it: the joiners within a word or an emoji need no escape.
fn first_hidden(text: &str) -> Option<(usize, char)> {
    if super::is_plain(text) {
        return None;
    }
    let before = text.chars().scan(None, |last, char| {
        last.replace(char).map(Some).or(Some(None))
    });
    let mut found = text.char_indices().zip(before);
    let around = |(start, char): (usize, char), before| {
        let after = text
            .get(start + char.len_utf8()..)
            .and_then(|rest| rest.chars().next());
        is_hidden(char, before, after)
    };
    found
        .find(|(at, before)| around(*at, *before))
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_is_left_and_nothing_is_lost() {
        let text = "a\u{9b}31m \u{202e}b\u{7f} 👨\u{200d}👩 \u{e0041} \"q\" ü\n";
        let mut out = Vec::new();
        write_json(&mut out, &serde_json::json!({ text: [text] })).unwrap();
        let written = String::from_utf8(out).unwrap();
        assert_eq!(
            super::super::display(&written),
            written,
            "fit for a terminal"
        );
        assert!(
            written.contains("a\\u009b31m \\u202eb\\u007f 👨"),
            "{written}"
        );
        let read: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(read, serde_json::json!({ text: [text] }));
    }
}
