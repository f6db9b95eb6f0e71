//! What bodies look like when they are laid out.

mod forms;
mod json;
mod properties;

use bytes::Bytes;
use proptest::prelude::*;

use super::{Folds, Layout, TokenKind, View, Way};

fn layout(body: &[u8], content_type: &str, columns: u16) -> Layout {
    let content_type = Some(content_type).filter(|it| !it.is_empty());
    Layout::new(&Bytes::copy_from_slice(body), content_type, None, columns)
}

fn row_text(layout: &Layout, index: usize) -> String {
    layout
        .row(index)
        .into_iter()
        .map(|(_, text)| text)
        .collect()
}

fn rows(layout: &Layout) -> Vec<String> {
    (0..layout.rows())
        .map(|index| row_text(layout, index))
        .collect()
}

fn shown(body: &[u8], content_type: &str, columns: u16) -> Vec<String> {
    rows(&layout(body, content_type, columns))
}

/// The tokens of a layout, without what posttui adds: blanks and notes.
fn tokens(layout: &Layout) -> String {
    (0..layout.rows())
        .flat_map(|index| layout.row(index))
        .filter(|(kind, _)| !matches!(kind, TokenKind::Plain | TokenKind::Note))
        .map(|(_, text)| text)
        .collect()
}

/// JSON of any shape, with any strings and blanks.
fn any_json() -> impl Strategy<Value = String> {
    let blanks = "[ \t\n]{0,2}";
    let scalar = prop_oneof![
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
        Just("true".to_owned()),
        Just("null".to_owned()),
    ];
    let scalar = (blanks, scalar, blanks).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
    scalar.prop_recursive(4, 24, 4, move |inner| {
        let members = prop::collection::vec((any::<String>(), inner.clone()), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            members.prop_map(|members| {
                let members: Vec<String> = members
                    .iter()
                    .map(|(key, value)| format!("{}:{value}", serde_json::to_string(key).unwrap()))
                    .collect();
                format!("{{{}}}", members.join(" , "))
            }),
        ]
    })
}

/// A text without the blanks between its tokens.
fn without_blanks(json: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    json.chars()
        .filter(|char| {
            let keep = in_string || !char.is_ascii_whitespace();
            if *char == '"' && !escaped {
                in_string = !in_string;
            }
            escaped = in_string && *char == '\\' && !escaped;
            keep
        })
        .collect()
}

/// How it looks with these folds.
fn folded(layout: &Layout, folds: Folds) -> Layout {
    let view = View {
        folds,
        ..View::default()
    };
    Layout::of(layout.document().clone(), view, layout.columns())
}

const NESTED: &str =
    r#"{"items":[{"id":1,"a b":"x"},{"id":2,"t":[[],{}]}],"n":1.50,"o":{"k":{"z":null}}}"#;
