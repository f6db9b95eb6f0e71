//! Form rows into a JSON object and back.

use serde_json::value::RawValue;

use crate::{
    format::json_members::Members,
    inspect::{Shape, check_json},
    model::Field,
};

/// Why a JSON text cannot become rows. Nothing is changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    #[error("it is not JSON, line {line}, column {column}: {what}")]
    NotJson {
        line: usize,
        column: usize,
        what: String,
    },
    #[error("only an object, {{…}}, can become rows")]
    NoObject,
    #[error("“{name}” holds {what}, which no row can hold")]
    Nested { name: String, what: &'static str },
}

/// The rows that are sent, as an object with one member a line. A name that comes twice becomes a
/// list; every value is a string, since a form knows nothing else.
pub fn rows_to_json(rows: &[Field]) -> String {
    let mut members: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in rows.iter().filter(|row| row.is_sent()) {
        match members.iter_mut().find(|(name, _)| *name == row.name) {
            Some((_, values)) => values.push(&row.value),
            None => members.push((&row.name, vec![&row.value])),
        }
    }
    let lines: Vec<String> = members
        .iter()
        .map(|(name, values)| format!("  {}: {}", quote(name), value_of(values)))
        .collect();
    if lines.is_empty() {
        return "{}".to_owned();
    }
    format!("{{\n{}\n}}", lines.join(",\n"))
}

fn value_of(values: &[&str]) -> String {
    match values {
        [value] => quote(value),
        values => {
            let quoted: Vec<String> = values.iter().map(|value| quote(value)).collect();
            format!("[{}]", quoted.join(", "))
        }
    }
}

/// A text as a JSON string: RFC 8259, Section 7.
fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The members of an object as rows: a string as its text, any other scalar as it is written, a list
/// of those as a row each.
pub fn json_to_rows(text: &str) -> Result<Vec<Field>, ConvertError> {
    if let Some(problem) = check_json(text.as_bytes(), Shape::One).problem {
        let (line, column) = problem.line_and_column(text.as_bytes());
        return Err(ConvertError::NotJson {
            line,
            column,
            what: problem.what.to_owned(),
        });
    }
    let Members::<Box<RawValue>>(members) =
        serde_json::from_str(text).map_err(|_| ConvertError::NoObject)?;
    let mut rows = Vec::new();
    for (name, value) in members {
        if value.get().starts_with('[') {
            let Ok(values) = serde_json::from_str::<Vec<&RawValue>>(value.get()) else {
                return Err(nested(name, "a list"));
            };
            if values.is_empty() {
                return Err(nested(name, "an empty list"));
            }
            for value in values {
                let value = scalar(value.get()).map_err(|what| nested(name.clone(), what))?;
                rows.push(Field::new(name.clone(), value));
            }
        } else {
            let value = scalar(value.get()).map_err(|what| nested(name.clone(), what))?;
            rows.push(Field::new(name, value));
        }
    }
    Ok(rows)
}

fn nested(name: String, what: &'static str) -> ConvertError {
    ConvertError::Nested { name, what }
}

fn scalar(json: &str) -> Result<String, &'static str> {
    match json.as_bytes().first() {
        Some(b'{') => Err("an object"),
        Some(b'[') => Err("a list within a list"),
        Some(b'"') => {
            serde_json::from_str(json).map_err(|_| "half of a character pair (\\ud800 to \\udfff)")
        }
        _ => Ok(json.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_become_an_object_and_names_that_come_twice_a_list() {
        let off = Field {
            enabled: false,
            ..Field::new("off", "x")
        };
        let rows = [
            Field::new("b", "1"),
            Field::new("a", "q\"\n"),
            off,
            Field::new("b", "true"),
            Field::default(),
        ];
        assert_eq!(
            rows_to_json(&rows),
            "{\n  \"b\": [\"1\", \"true\"],\n  \"a\": \"q\\\"\\n\"\n}"
        );
        assert_eq!(rows_to_json(&[]), "{}");
    }

    #[test]
    fn an_object_becomes_rows_with_its_numbers_as_written() {
        let json =
            r#"{"n": 1.10, "t": true, "z": null, "s": "é\u0021", "l": ["a", 2], "n": 1e400}"#;
        let rows = json_to_rows(json).unwrap();
        let pairs: Vec<_> = rows
            .iter()
            .map(|row| (row.name.as_str(), row.value.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [
                ("n", "1.10"),
                ("t", "true"),
                ("z", "null"),
                ("s", "é!"),
                ("l", "a"),
                ("l", "2"),
                ("n", "1e400")
            ]
        );
    }

    #[test]
    fn what_cannot_be_a_row_is_said_by_its_name() {
        for (json, said) in [
            (r#"{"address": {"city": "x"}}"#, "“address” holds an object"),
            (r#"{"a": [1, [2]]}"#, "“a” holds a list within a list"),
            (r#"{"a": []}"#, "an empty list"),
            ("[1]", "only an object"),
            ("\"x\"", "only an object"),
            ("{\n\"a\": }", "line 2, column 6"),
        ] {
            let error = json_to_rows(json).unwrap_err().to_string();
            assert!(error.contains(said), "{json}: {error}");
        }
        let deep = format!("{{\"a\": {}1{}}}", "[".repeat(500), "]".repeat(500));
        assert!(json_to_rows(&deep).is_err());
    }

    proptest! {
        #[test]
        fn rows_come_back_from_json_grouped_by_name(
            pairs in prop::collection::vec(("[ab\"é]{1,2}", any::<String>()), 0..6),
        ) {
            let rows: Vec<Field> = pairs.iter().map(|(n, v)| Field::new(n, v)).collect();
            let mut expected: Vec<Field> = Vec::new();
            for row in &rows {
                let after = expected.iter().rposition(|other| other.name == row.name);
                expected.insert(after.map_or(expected.len(), |index| index + 1), row.clone());
            }
            prop_assert_eq!(json_to_rows(&rows_to_json(&rows)).unwrap(), expected);
        }
    }
}
