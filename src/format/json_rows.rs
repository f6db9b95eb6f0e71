//! A JSON object -> rows, its members in their order and its numbers as they are written.

use serde_json::value::RawValue;

use crate::model::Field;

use super::json_members::Members;

/// The rows of a JSON object: a list of plain values becomes a row for each, `null` a row that is
/// switched off, what is nested stays JSON text. `None` for what is no JSON object.
pub fn read(text: &str) -> Option<Vec<Field>> {
    let members: Members = serde_json::from_str(text.trim()).ok()?;
    Some(
        members
            .0
            .iter()
            .flat_map(|(name, value)| member(name, value.get()))
            .collect(),
    )
}

fn member(name: &str, value: &str) -> Vec<Field> {
    if value == "null" {
        let row = Field::new(name, "");
        return vec![Field {
            enabled: false,
            ..row
        }];
    }
    let elements: Option<Vec<Box<RawValue>>> = serde_json::from_str(value).ok();
    match elements {
        Some(elements) if is_list_of_plain(&elements) => elements
            .iter()
            .map(|element| Field::new(name, plain(element.get())))
            .collect(),
        _ => vec![Field::new(name, plain(value))],
    }
}

fn is_list_of_plain(elements: &[Box<RawValue>]) -> bool {
    !elements.is_empty() && elements.iter().all(|element| is_plain(element.get()))
}

fn is_plain(value: &str) -> bool {
    !value.starts_with(['{', '[']) && value != "null"
}

/// A string as what it says, anything else as it is written.
fn plain(value: &str) -> String {
    serde_json::from_str::<String>(value).unwrap_or_else(|_| value.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn members_become_rows() {
        let text =
            r#"{"name":"J\n\"D\"","n":1.10,"t":["a",2],"x":null,"o":{"b":[1, 2]},"n":true,"e":[]}"#;
        let rows = read(text).unwrap();
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (row.enabled, row.name.as_str(), row.value.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                (true, "name", "J\n\"D\""),
                (true, "n", "1.10"),
                (true, "t", "a"),
                (true, "t", "2"),
                (false, "x", ""),
                (true, "o", r#"{"b":[1, 2]}"#),
                (true, "n", "true"),
                (true, "e", "[]"),
            ]
        );
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["", "[]", "1", "{", "{\"a\":}", "{'a': 1}", "{} x"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in any::<String>()) {
            let _ = read(&text);
        }
    }
}
