//! Complaints in a list of objects, one a complaint: FastAPI, Spring, express-validator, JSON:API, Zod,
//! Google, GitHub, Symfony, and problem details with a list of their own (RFC 9457, Section 3).

use serde_json::Value;

use super::{FieldPlace, FieldProblem, path::split};

/// Members that hold such a list.
const LISTS: [&str; 9] = [
    "errors",
    "detail",
    "details",
    "violations",
    "issues",
    "invalid-params",
    "invalid_params",
    "fieldErrors",
    "fieldViolations",
];

/// Members that may hold one of [`LISTS`] in turn.
const WRAPPINGS: [&str; 2] = ["error", "data"];

/// Members of a complaint that name the field.
const NAMES: [&str; 10] = [
    "pointer",
    "loc",
    "field",
    "fieldName",
    "propertyPath",
    "path",
    "param",
    "property",
    "name",
    "parameter",
];

/// Members of a complaint that say what is wrong, the most telling first.
const MESSAGES: [&str; 9] = [
    "detail",
    "defaultMessage",
    "message",
    "msg",
    "reason",
    "description",
    "title",
    "code",
    "type",
];

pub(super) fn read(json: &Value) -> Vec<FieldProblem> {
    let wrapped = WRAPPINGS.iter().filter_map(|name| json.get(name));
    let mut found: Vec<FieldProblem> = std::iter::once(json)
        .chain(wrapped)
        .flat_map(|holder| LISTS.iter().filter_map(|name| holder.get(name)))
        .chain(json.is_array().then_some(json))
        .filter_map(Value::as_array)
        .flatten()
        .flat_map(complaints)
        .collect();
    found.extend(single(json));
    found
}

/// A complaint, or (as Google's `error.details`) an object with a list of them.
fn complaints(item: &Value) -> Vec<FieldProblem> {
    match item.get("fieldViolations").and_then(Value::as_array) {
        Some(list) => list.iter().filter_map(complaint).collect(),
        None => complaint(item).into_iter().collect(),
    }
}

/// Stripe complains about one parameter at a time.
fn single(json: &Value) -> Option<FieldProblem> {
    let error = json.get("error")?;
    error.get("param")?;
    complaint(error)
}

fn complaint(item: &Value) -> Option<FieldProblem> {
    let message = MESSAGES
        .iter()
        .find_map(|name| item.get(name).and_then(Value::as_str))
        .filter(|text| !text.is_empty())?;
    let (place, path) = named(item)?;
    Some(FieldProblem {
        place,
        path,
        message: message.to_owned(),
    })
}

/// Which field: by a member of the complaint, or of its `source` (JSON:API).
fn named(item: &Value) -> Option<(FieldPlace, Vec<String>)> {
    if let Some(source) = item.get("source").filter(|source| source.is_object()) {
        let text = |name: &str| source.get(name).and_then(Value::as_str);
        if let Some(name) = text("parameter") {
            return Some((FieldPlace::Query, split(name)));
        }
        if let Some(name) = text("header") {
            return Some((FieldPlace::Header, vec![name.to_owned()]));
        }
        return Some((FieldPlace::Body, split(text("pointer")?)));
    }
    let value = NAMES.iter().find_map(|name| item.get(name))?;
    let mut path = match value {
        Value::String(text) => split(text),
        Value::Array(parts) => parts.iter().map(part).collect(),
        _ => return None,
    };
    let place = match item.get("location").or_else(|| item.get("in")) {
        Some(place) => place_called(place.as_str().unwrap_or_default()),
        None => None,
    };
    // FastAPI's loc begins with the place.
    let first = path.first().filter(|_| path.len() > 1 && value.is_array());
    let by_path = first.and_then(|first| place_called(first));
    if by_path.is_some() {
        path.remove(0);
    }
    Some((place.or(by_path).unwrap_or_default(), path))
}

fn part(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn place_called(name: &str) -> Option<FieldPlace> {
    Some(match name.to_ascii_lowercase().as_str() {
        "body" | "form" => FieldPlace::Body,
        "query" | "querystring" => FieldPlace::Query,
        "header" | "headers" => FieldPlace::Header,
        _ => return None,
    })
}
