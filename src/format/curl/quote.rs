//! Words for a shell.

use std::fmt::Write;

/// A text as one word of a POSIX shell; where it holds controls or what would be shown as something
/// else, as bash, zsh and ksh read `$'…'`.
pub(super) fn quote(text: &str) -> String {
    if text.chars().any(is_hidden) {
        return quote_hidden(text.as_bytes());
    }
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "-._/:@%+,".contains(char);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The argument of `printf` that makes these bytes, whatever they are.
pub(super) fn printf(bytes: &[u8]) -> String {
    let mut format = String::from("'");
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            // At the beginning it would be taken for an option.
            b'-' if index == 0 => format.push_str("\\055"),
            b'\\' => format.push_str("\\\\"),
            b'%' => format.push_str("%%"),
            b' '..=b'~' if *byte != b'\'' => format.push(char::from(*byte)),
            // Writing to a String cannot fail.
            other => drop(write!(format, "\\{other:03o}")),
        }
    }
    format.push('\'');
    format
}

/// Controls, and the characters that change the direction of what follows or cannot be seen.
fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(char, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn quote_hidden(bytes: &[u8]) -> String {
    let mut word = String::from("$'");
    for char in String::from_utf8_lossy(bytes).chars() {
        match char {
            '\'' | '\\' => word.extend(['\\', char]),
            '\n' => word.push_str("\\n"),
            '\r' => word.push_str("\\r"),
            '\t' => word.push_str("\\t"),
            other if is_hidden(other) => {
                for byte in other.encode_utf8(&mut [0; 4]).bytes() {
                    // Writing to a String cannot fail.
                    let _ = write!(word, "\\{byte:03o}");
                }
            }
            other => word.push(other),
        }
    }
    word.push('\'');
    word
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::words::split, *};

    #[test]
    fn words_are_quoted_as_little_as_needed() {
        for (text, word) in [
            ("https://h/x", "https://h/x"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", "'it'\\''s'"),
            ("$HOME!`id`", "'$HOME!`id`'"),
            ("a\nb'\u{1b}\u{202e}1", "$'a\\nb\\'\\033\\342\\200\\2561'"),
        ] {
            assert_eq!(quote(text), word);
        }
        assert_eq!(printf(b"--a"), "'\\055-a'");
        assert_eq!(printf(b"a\0'%\\\xff"), "'a\\000\\047%%\\\\\\377'");
    }

    proptest! {
        #[test]
        fn a_quoted_word_is_read_back(text in any::<String>().prop_filter("no NUL", |text| !text.contains('\0'))) {
            let line = format!("curl {}", quote(&text));
            prop_assert_eq!(&split(&line).unwrap().all[1], &text);
        }
    }
}
