//! Where the templates in a text are. Only `{{ … }}` is one; everything else, `{%` and `{#` included, is
//! the user's own text.

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    Literal(&'a str),
    /// What stands between `{{` and `}}`.
    Expression {
        text: &'a str,
        /// Bytes from the start of the whole text to `text`.
        start: usize,
    },
}

/// A `{{` without its `}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclosed {
    /// Bytes from the start of the text to the `{{`.
    pub at: usize,
}

/// Whether there is anything to expand.
pub fn has_template(text: &str) -> bool {
    text.contains("{{")
}

/// The parts of a text in their order.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Unclosed> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((literal, after)) = rest.split_once("{{") {
        let at = text.len() - after.len() - 2;
        let length = expression_length(after).ok_or(Unclosed { at })?;
        let (expression, closed) = after.split_at(length);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        pieces.push(Piece::Expression {
            text: expression,
            start: at + 2,
        });
        rest = closed.get(2..).unwrap_or_default();
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    Ok(pieces)
}

/// Whether every parenthesis outside of quotes is closed after it was opened.
pub fn closes_what_it_opens(expression: &str) -> bool {
    let (mut quote, mut is_escaped, mut depth) = (None, false, 0_usize);
    for char in expression.chars() {
        match (quote, char) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), '\\') => is_escaped = true,
            (Some(open), _) if char == open => quote = None,
            (None, '"' | '\'') => quote = Some(char),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => return false,
            (None, ')') => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}

/// The bytes before the `}}` that closes. One within quotes or within braces of the expression does not.
fn expression_length(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut is_escaped = false;
    let mut depth = 0_usize;
    for (index, char) in text.char_indices() {
        match (quote, char) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), '\\') => is_escaped = true,
            (Some(open), _) if char == open => quote = None,
            (None, '"' | '\'') => quote = Some(char),
            (None, '{') => depth += 1,
            (None, '}') if depth > 0 => depth -= 1,
            (None, '}') if text.get(index..).is_some_and(|rest| rest.starts_with("}}")) => {
                return Some(index);
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expressions(text: &str) -> Vec<&str> {
        pieces(text)
            .unwrap()
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Expression { text: found, start } => {
                    assert_eq!(text.get(start..start + found.len()), Some(found));
                    Some(found)
                }
                Piece::Literal(_) => None,
            })
            .collect()
    }

    #[test]
    fn only_double_braces_are_templates() {
        for text in ["", "{% if %}", "{# a #}", "{\"a\":{\"b\":{}}}", "}}", "{ {"] {
            assert!(expressions(text).is_empty(), "{text}");
        }
        assert_eq!(expressions("a{{ b }}c{{d}}"), [" b ", "d"]);
    }

    #[test]
    fn quotes_and_braces_within_do_not_close() {
        assert_eq!(expressions(r#"{{ "}}" }}x"#), [r#" "}}" "#]);
        assert_eq!(expressions(r#"{{ "a\"}}" }}"#), [r#" "a\"}}" "#]);
        assert_eq!(expressions("{{ {'a': {'b': 1}} }}"), [" {'a': {'b': 1}} "]);
    }

    #[test]
    fn what_is_not_closed_is_told_with_its_place() {
        assert_eq!(pieces("a {{ b"), Err(Unclosed { at: 2 }));
        assert_eq!(pieces("{{ a }} {{ 'b }}"), Err(Unclosed { at: 8 }));
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_scanner(text in "[{}'\"\\\\a ü]{0,24}") {
            if let Ok(pieces) = pieces(&text) {
                let whole: String = pieces.iter().map(|piece| match piece {
                    Piece::Literal(text) => (*text).to_owned(),
                    Piece::Expression { text, .. } => format!("{{{{{text}}}}}"),
                }).collect();
                proptest::prop_assert_eq!(whole, text);
            }
        }
    }
}
