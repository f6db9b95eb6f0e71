//! The user's own messages: a text with `{{ … }}` in it, filled from what came back.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value, value::Rest};
use serde_json::{Map, Value as Json};

use super::{
    expression::to_text,
    filters::FILTERS,
    json::{self, Numbers, Open},
    scan::{Piece, pieces},
};

/// The names that a message may use, each with what it stands for.
pub const MESSAGE_NAMES: &[(&str, &str)] = &[
    ("status", "the status code"),
    ("phrase", "its phrase"),
    ("json", "the body, where it is JSON: json.items[0].id"),
    (
        "headers",
        "the header fields, by their names in lower case: headers.location, headers[\"x-id\"]",
    ),
    ("ms", "how long it took, in milliseconds"),
    ("size", "bytes of the body"),
    ("method", "the method that was sent"),
    ("url", "the URL that was sent"),
    ("failure", "the kind of failure, where no answer came"),
];

/// The text with every `{{ … }}` filled from the facts and, as `json`, from the body as it was written; else which
/// of them cannot be, and why.
pub fn fill(text: &str, facts: &Map<String, Json>, body: Option<&Bytes>) -> Result<String, String> {
    let environment = environment();
    let mut filled = String::new();
    for piece in pieces(text).map_err(|_| UNCLOSED.to_owned())? {
        match piece {
            Piece::Literal(literal) => filled.push_str(literal),
            Piece::Expression { text, .. } => {
                let values = values(facts, body, Numbers::of(text));
                let value = environment
                    .compile_expression(text)
                    .and_then(|expression| expression.eval(&values))
                    .map_err(|error| reason(text, &error))?;
                if value.is_undefined() {
                    return Err(format!("{} is not in the answer", text.trim()));
                }
                // A null is a value, too.
                filled.push_str(&if value.is_none() {
                    "null".to_owned()
                } else {
                    to_text(&value)?
                });
            }
        }
    }
    Ok(filled)
}

/// Whether a message can be filled at all; the reason where it cannot, whatever comes back.
pub fn check_message(text: &str) -> Result<(), String> {
    let environment = environment();
    for piece in pieces(text).map_err(|_| UNCLOSED.to_owned())? {
        if let Piece::Expression { text, .. } = piece {
            let expression = environment
                .compile_expression(text)
                .map_err(|error| reason(text, &error))?;
            let names = expression.undeclared_variables(false);
            let is_known = |name: &String| MESSAGE_NAMES.iter().any(|(known, _)| known == name);
            if let Some(unknown) = names.into_iter().find(|name| !is_known(name)) {
                let known: Vec<&str> = MESSAGE_NAMES.iter().map(|(name, _)| *name).collect();
                return Err(format!(
                    "a message knows no “{unknown}”: write {}",
                    known.join(", ")
                ));
            }
        }
    }
    Ok(())
}

/// Everything that a message may name.
fn values(facts: &Map<String, Json>, body: Option<&Bytes>, numbers: Numbers) -> Value {
    let named = facts.iter().map(|(name, it)| (name.clone(), to_value(it)));
    let mut values: BTreeMap<String, Value> = named.collect();
    let json = body.and_then(|body| json::read(body, numbers, Arc::new(Open)));
    values.extend(json.map(|json| ("json".to_owned(), json)));
    values.into()
}

/// The facts are two levels deep at the most, so that this may recurse.
fn to_value(json: &Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(it) => Value::from(*it),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(it), _) => Value::from(it),
            (None, Some(it)) => Value::from(it),
            (None, None) => Value::from(number.as_f64()),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(list) => list.iter().map(to_value).collect(),
        Json::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), to_value(value)))
            .collect::<BTreeMap<String, Value>>()
            .into(),
    }
}

const UNCLOSED: &str = "a {{ is never closed by }}";

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    for filter in FILTERS {
        environment.add_filter(filter.name, move |value: Value, arguments: Rest<Value>| {
            (filter.run)(&value, &arguments)
                .map_err(|reason| minijinja::Error::new(ErrorKind::InvalidOperation, reason))
        });
    }
    environment
}

fn reason(expression: &str, error: &minijinja::Error) -> String {
    let expression = expression.trim();
    match (error.kind(), error.detail()) {
        (ErrorKind::UndefinedError, _) => format!("{expression} is not in the answer"),
        (ErrorKind::SyntaxError, detail) => {
            format!(
                "“{expression}” cannot be read: {}",
                detail.unwrap_or("it is no expression")
            )
        }
        (kind, detail) => {
            let detail = detail.map_or_else(|| kind.to_string(), str::to_owned);
            format!("{expression}: {detail}")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_is_filled_from_what_came_back() {
        let body = Bytes::from_static(
            br#"{"id": 42, "user": {"name": "Ann"}, "none": null, "list": [1, "a"],
                "n": 123456789012345678901234567890123456789012, "price": 1.10, "deep": {"z": 1.50, "a": 18446744073709551616}}"#,
        );
        let Json::Object(facts) = json!({
            "status": 201, "ms": 84, "size": 12,
            "headers": {"location": "/users/42", "x-id": "7"},
        }) else {
            unreachable!()
        };
        let fill = |text: &str| fill(text, &facts, Some(&body));
        for (text, filled) in [
            (
                "Created {{ json.id }} in {{ ms }} ms",
                "Created 42 in 84 ms",
            ),
            ("{{ json.user.name | upper }}", "ANN"),
            (
                "{{ headers.location }} {{ headers[\"x-id\"] }}",
                "/users/42 7",
            ),
            ("{{ json.none }} {{ json.list }}", "null [1,\"a\"]"),
            ("{% stays %}", "{% stays %}"),
            ("{{ json.nobody | default('?') }}", "?"),
            (
                "{{ json.n }} {{ json.price }} {{ json.deep }}",
                "123456789012345678901234567890123456789012 1.10 {\"z\":1.50,\"a\":18446744073709551616}",
            ),
            (
                "{{ json.deep.a }} {{ json.deep.a + 1 }} {{ json.deep.a | tojson }}",
                "18446744073709551616 18446744073709551617 18446744073709551616",
            ),
            (
                "{{ json.price ~ ' EUR' }} {{ json.price * 2 }} {{ 'much' if json.price > 1 else 'little' }}",
                "1.10 EUR 2.2 much",
            ),
            (
                "{{ [json.n, json.price] }}",
                "[123456789012345678901234567890123456789012,1.10]",
            ),
            ("{{ json.list[-1] }}", "a"),
        ] {
            assert_eq!(fill(text).as_deref(), Ok(filled), "{text}");
        }
        for (text, reason) in [
            ("{{ json.nobody }}", "json.nobody is not in the answer"),
            ("{{ json.a.b }}", "json.a.b is not in the answer"),
            ("{{ json.id", UNCLOSED),
        ] {
            assert_eq!(fill(text), Err(reason.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_can_never_be_filled_is_refused_beforehand() {
        assert_eq!(check_message("{{ json.x }} {{ ms }}"), Ok(()));
        assert!(check_message("{{ jsn.x }}").unwrap_err().contains("“jsn”"));
        assert!(
            check_message("{{ json. }}")
                .unwrap_err()
                .contains("cannot be read")
        );
        assert!(check_message("{{").is_err());
    }
}
