//! What a text pasted into a table is: rows in one of the forms that people copy them in.

use crate::model::Field;

use super::{json_rows, lines, python, query};

/// The rows of a pasted text, and the form they were in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasted {
    pub rows: Vec<Field>,
    /// In words: `a JSON object`.
    pub form: &'static str,
}

type Reader = fn(&str) -> Option<Vec<Field>>;

/// Every form, the stricter ones first.
const FORMS: [(&str, Reader); 4] = [
    ("a JSON object", json_rows::read),
    ("a Python dictionary", python::read),
    ("a query string", query::read),
    ("lines of name and value", lines::read),
];

/// The rows that a text holds; `None` for a text that is just a text.
pub fn recognise(text: &str) -> Option<Pasted> {
    FORMS.iter().find_map(|(form, read)| {
        let rows = read(text).filter(|rows| !rows.is_empty())?;
        Some(Pasted { rows, form })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_form_is_recognised() {
        for (text, form) in [
            ("{\"a\": 1}", "a JSON object"),
            ("{'a': 1}", "a Python dictionary"),
            ("data={\"a\": 1}", "a Python dictionary"),
            ("a=1&b=2", "a query string"),
            ("a: 1\nb: 2", "lines of name and value"),
            ("X-Token: abc", "lines of name and value"),
        ] {
            assert_eq!(
                recognise(text).map(|pasted| pasted.form),
                Some(form),
                "{text}"
            );
        }
        for text in [
            "",
            "{}",
            "plain",
            "two\nlines",
            "https://h/x?a=1&b=2",
            "[1]",
        ] {
            assert_eq!(recognise(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_readers(text in any::<String>()) {
            let _ = recognise(&text);
        }
    }
}
