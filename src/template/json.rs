//! The JSON of an answer as an expression sees it: looked into only as far as the expression goes, its members in
//! their order, and each number as it was written.
//!
//! Whole numbers of up to 128 bits are numbers, and so are decimals that a float says in the same digits. Any other
//! one is the text that it is, as long as nothing is calculated with it: see [`Numbers`].

use std::{
    cmp::Ordering,
    fmt,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use minijinja::{
    Value,
    value::{DynObject, Enumerator, Object, ObjectRepr},
};
use serde_json::value::RawValue;

use crate::format::json_members::Members;

use super::{expression::refuse, functions::Refusal};

/// What becomes of numbers that are longer than a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// They are shown and sent as they were written.
    AsWritten,
    /// They are floats of 64 bits (IEEE 754), for an expression that calculates or compares.
    Calculated,
}

/// Words between values that compare or choose.
const COMPARING: [&str; 6] = ["and", "if", "in", "is", "not", "or"];

/// Filters that take a number as the text that it is.
const TAKING_TEXT: [&str; 17] = [
    "base64",
    "count",
    "d",
    "default",
    "first",
    "hmac_sha256",
    "items",
    "join",
    "last",
    "length",
    "lower",
    "replace",
    "sha256",
    "string",
    "tojson",
    "upper",
    "urlencode",
];

impl Numbers {
    /// What an expression needs, by what is written in it outside of quotes.
    pub(super) fn of(expression: &str) -> Self {
        let (mut before, mut word) = (' ', String::new());
        let mut letters = expression.chars().chain([' ']).peekable();
        while let Some(letter) = letters.next() {
            if letter.is_alphanumeric() || letter == '_' {
                word.push(letter);
                continue;
            }
            if !word.is_empty() {
                if is_calculating(before, &word) {
                    return Self::Calculated;
                }
                word.clear();
                before = 'w';
            }
            match letter {
                '"' | '\'' => skip_quoted(&mut letters, letter),
                // The last element: `[-1]`.
                '-' if before == '[' => {}
                '+' | '-' | '*' | '/' | '%' | '<' | '>' | '=' | '!' => return Self::Calculated,
                _ => {}
            }
            if !letter.is_whitespace() {
                before = letter;
            }
        }
        Self::AsWritten
    }
}

fn is_calculating(before: char, word: &str) -> bool {
    match before {
        '|' => !TAKING_TEXT.contains(&word),
        '.' => false,
        _ => COMPARING.contains(&word),
    }
}

fn skip_quoted(letters: &mut impl Iterator<Item = char>, quote: char) {
    while let Some(letter) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else if letter == quote {
            return;
        }
    }
}

/// Where the JSON is from: it may hold back a text.
pub(super) trait Source: fmt::Debug + Send + Sync {
    /// Why this text of it, or this part as it is written, cannot be had.
    fn refusal(&self, text: &str) -> Option<Refusal>;
}

/// A source that holds nothing back.
#[derive(Debug)]
pub(super) struct Open;

impl Source for Open {
    fn refusal(&self, _text: &str) -> Option<Refusal> {
        None
    }
}

/// JSON as a value; `None` where the text is none (RFC 8259).
pub(super) fn read(text: &Bytes, numbers: Numbers, source: Arc<dyn Source>) -> Option<Value> {
    let raw: &RawValue = serde_json::from_slice(text).ok()?;
    let text = text.slice_ref(raw.get().as_bytes());
    Some(value(&Part {
        text,
        numbers,
        source,
    }))
}

/// A value of the JSON as it is written.
#[derive(Debug, Clone)]
struct Part {
    text: Bytes,
    numbers: Numbers,
    source: Arc<dyn Source>,
}

impl Part {
    fn written(&self) -> &str {
        str::from_utf8(&self.text).unwrap_or_default()
    }

    fn inner(&self, raw: &RawValue) -> Self {
        Self {
            text: self.text.slice_ref(raw.get().as_bytes()),
            ..self.clone()
        }
    }
}

fn value(part: &Part) -> Value {
    let text = part.written();
    match text.as_bytes().first() {
        Some(b'{' | b'[') => Value::from_object(Node {
            part: part.clone(),
            parts: OnceLock::new(),
        }),
        Some(b'"') => {
            let text = serde_json::from_str::<String>(text).unwrap_or_default();
            match part.source.refusal(&text) {
                Some(refusal) => Value::from(refuse(refusal)),
                None => Value::from(text),
            }
        }
        Some(b't') => Value::from(true),
        Some(b'f') => Value::from(false),
        Some(b'n') | None => Value::from(()),
        Some(_) => number(text, part.numbers),
    }
}

/// A list or an object.
#[derive(Debug)]
struct Node {
    part: Part,
    /// Read when something in it is asked for: a level at a time, so that no depth is too deep.
    parts: OnceLock<Parts>,
}

#[derive(Debug)]
enum Parts {
    List(Vec<Part>),
    Members(Vec<(String, Part)>),
}

impl Node {
    fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| self.read())
    }

    fn read(&self) -> Parts {
        let (text, part) = (self.part.written(), &self.part);
        if self.is_list() {
            let elements: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
            return Parts::List(elements.into_iter().map(|it| part.inner(it)).collect());
        }
        let members: Result<Members<&RawValue>, _> = serde_json::from_str(text);
        let members = members.map(|it| it.0).unwrap_or_default().into_iter();
        Parts::Members(members.map(|(name, it)| (name, part.inner(it))).collect())
    }

    fn is_list(&self) -> bool {
        self.part.text.first() == Some(&b'[')
    }
}

impl Object for Node {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        if self.is_list() {
            ObjectRepr::Seq
        } else {
            ObjectRepr::Map
        }
    }

    /// Of members with one name it is the last one, as in most readers of JSON.
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let part = match self.parts() {
            Parts::List(elements) => elements.get(key.as_usize()?)?,
            Parts::Members(members) => {
                let name = key.as_str()?;
                let mut members = members.iter().rev();
                &members.find(|(own, _)| own == name)?.1
            }
        };
        Some(value(part))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match self.parts() {
            Parts::List(elements) => Enumerator::Seq(elements.len()),
            Parts::Members(members) => {
                let names = members.iter().map(|(name, _)| Value::from(name.as_str()));
                let mut seen = std::collections::BTreeSet::new();
                Enumerator::Values(names.filter(|name| seen.insert(name.clone())).collect())
            }
        }
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&compact(self.part.written()))
    }
}

/// A number that only its own digits say exactly.
#[derive(Debug)]
struct Number(String);

impl Object for Number {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        Some(self.0.cmp(&other.downcast_ref::<Self>()?.0))
    }
}

fn number(text: &str, numbers: Numbers) -> Value {
    let is_same = |value: &Value| value.to_string() == text;
    let whole = text.parse::<i128>().ok().map(|it| match i64::try_from(it) {
        Ok(it) => Value::from(it),
        Err(_) => Value::from(it),
    });
    let float = || text.parse::<f64>().ok().filter(|it| it.is_finite());
    if let Some(whole) = whole.filter(is_same) {
        return whole;
    }
    match float().map(Value::from) {
        Some(float) if numbers == Numbers::Calculated || is_same(&float) => float,
        _ => Value::from_object(Number(text.to_owned())),
    }
}

/// A value of this JSON as it is written, without the white space; `None` for any other value.
pub(super) fn written(value: &Value) -> Option<String> {
    if let Some(node) = value.downcast_object_ref::<Node>() {
        return Some(compact(node.part.written()));
    }
    let number = value.downcast_object_ref::<Number>()?;
    Some(number.0.clone())
}

/// Why the whole of a value cannot be had.
pub(super) fn refusal(value: &Value) -> Option<Refusal> {
    let node = value.downcast_object_ref::<Node>()?;
    node.part.source.refusal(node.part.written())
}

/// JSON without the white space between its tokens.
fn compact(json: &str) -> String {
    let (mut is_text, mut is_escaped) = (false, false);
    json.chars()
        .filter(|letter| {
            if is_text {
                is_text = is_escaped || *letter != '"';
                is_escaped = !is_escaped && *letter == '\\';
                return true;
            }
            is_text = *letter == '"';
            !letter.is_ascii_whitespace()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str, numbers: Numbers) -> Value {
        read(
            &Bytes::copy_from_slice(json.as_bytes()),
            numbers,
            Arc::new(Open),
        )
        .unwrap()
    }

    #[test]
    fn numbers_stay_as_they_were_written() {
        for text in [
            "1",
            "-5",
            "1.5",
            "1.10",
            "-0",
            "1e400",
            "1E5",
            "12345678901234567890",
            "123456789012345678901234567890123456789012345",
            "0.1000000000000000055511151231257827",
            "0.0",
        ] {
            assert_eq!(of(text, Numbers::AsWritten).to_string(), text);
        }
        assert_eq!(of("1.10", Numbers::Calculated), Value::from(1.1));
        assert_eq!(
            of("12345678901234567890", Numbers::Calculated).to_string(),
            "12345678901234567890"
        );
    }

    #[test]
    fn what_calculates_is_told_from_what_only_names() {
        for expression in [
            "json.price",
            " json.list[-1].id | tojson",
            r#"json["a+b"] ~ ' is ' ~ json.in"#,
            r#"response("a-b", "x").json.n"#,
            "json.n | default('?')",
        ] {
            assert_eq!(Numbers::of(expression), Numbers::AsWritten, "{expression}");
        }
        for expression in [
            "json.price * 2",
            "json.a - 1",
            "'a' if json.price else 'b'",
            "json.price is number",
            "json.list | sum",
            "json.a == json.b",
            "not json.price",
        ] {
            assert_eq!(Numbers::of(expression), Numbers::Calculated, "{expression}");
        }
    }

    #[test]
    fn a_part_is_written_as_it_came() {
        let value = of(
            r#" {"z" : [1.10, "a \" b" , {"y":1 , "b": 12345678901234567890123}], "a":1, "a":2} "#,
            Numbers::AsWritten,
        );
        assert_eq!(
            written(&value).as_deref(),
            Some(r#"{"z":[1.10,"a \" b",{"y":1,"b":12345678901234567890123}],"a":1,"a":2}"#)
        );
        let names: Vec<String> = value.try_iter().unwrap().map(|it| it.to_string()).collect();
        assert_eq!(names, ["z", "a"]);
        assert_eq!(value.get_attr("a").unwrap(), Value::from(2));
        assert_eq!(
            read(&Bytes::from("{"), Numbers::AsWritten, Arc::new(Open)),
            None
        );
    }

    #[test]
    fn no_depth_is_too_deep() {
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        let value = of(&deep, Numbers::AsWritten);
        assert_eq!(written(&value).map(|it| it.len()), Some(deep.len()));
        assert_eq!(value.get_item(&Value::from(0)).unwrap().len(), Some(1));
    }
}
