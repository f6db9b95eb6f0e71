//! One line of a JSON text while it is typed: its tokens, whether or not the whole is JSON already.

use super::token;
use crate::inspect::TokenKind;

/// The pieces of a line, in order and without gaps. No token of JSON goes beyond its line, so that a
/// line can be read by itself.
pub fn line_tokens(line: &str) -> Vec<(TokenKind, &str)> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let bytes = rest.as_bytes();
        let length = match token::gap(bytes) {
            None => rest.len(),
            Some(0) => token::token(bytes).unwrap_or(rest.len()).max(1),
            Some(blanks) => blanks,
        };
        // Every sign that ends a token is ASCII, so that this never falls within a character.
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        pieces.push((kind(piece, after), piece));
        rest = after;
    }
    pieces
}

fn kind(piece: &str, after: &str) -> TokenKind {
    match piece.as_bytes().first() {
        Some(b'"') if after.trim_start().starts_with(':') => TokenKind::Key,
        Some(b'"') => TokenKind::String,
        Some(b'{' | b'}' | b'[' | b']' | b',' | b':') => TokenKind::Punctuation,
        Some(b'-' | b'0'..=b'9') => TokenKind::Number,
        _ if matches!(piece, "true" | "false" | "null") => TokenKind::Literal,
        _ => TokenKind::Plain,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_has_its_tokens_while_it_is_typed() {
        use TokenKind::{Key, Literal, Number, Plain, Punctuation, String};
        let kinds: Vec<_> = line_tokens(r#"  "a" : [1.0, "b\"", true, nul, "é"#)
            .into_iter()
            .filter(|(_, text)| !text.trim().is_empty())
            .collect();
        assert_eq!(
            kinds,
            [
                (Key, r#""a""#),
                (Punctuation, ":"),
                (Punctuation, "["),
                (Number, "1.0"),
                (Punctuation, ","),
                (String, r#""b\"""#),
                (Punctuation, ","),
                (Literal, "true"),
                (Punctuation, ","),
                (Plain, "nul"),
                (Punctuation, ","),
                (String, "\"é"),
            ]
        );
    }

    proptest! {
        #[test]
        fn nothing_of_a_line_is_lost(line in any::<String>()) {
            let whole: String = line_tokens(&line).into_iter().map(|(_, piece)| piece).collect();
            prop_assert_eq!(whole, line);
        }
    }
}
