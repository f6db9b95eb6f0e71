//! Complaints in an object, by the name of the field: Rails, Laravel, ASP.NET, Django REST framework,
//! Mongoose, Zod's flattened errors.

use serde_json::{Map, Value};

use super::{FieldPlace, FieldProblem, path::split};

/// Members that hold such an object.
const MAPS: [&str; 3] = ["errors", "fieldErrors", "error"];

/// Names under which a framework complains about the whole request.
const WHOLE: [&str; 10] = [
    "errors",
    "error",
    "message",
    "messages",
    "non_field_errors",
    "base",
    "detail",
    "__all__",
    "formErrors",
    "_schema",
];

pub(super) fn read(json: &Value) -> Vec<FieldProblem> {
    let Value::Object(members) = json else {
        return Vec::new();
    };
    for name in MAPS {
        if let Some(Value::Object(inner)) = members.get(name) {
            let inner = match inner.get("fieldErrors") {
                Some(Value::Object(deeper)) => deeper,
                // What is called `error` most often describes one, rather than naming fields.
                _ if name == "error" && !inner.values().all(is_complaints) => continue,
                _ => inner,
            };
            return walk(inner, &mut Vec::new());
        }
    }
    // Django REST framework and Rails scaffolds answer with the object itself, whose members are lists of
    // sentences: anything else is not a list of complaints.
    if members.values().all(is_complaints) {
        walk(members, &mut Vec::new())
    } else {
        Vec::new()
    }
}

fn is_complaints(value: &Value) -> bool {
    match value {
        Value::Array(list) => {
            !list.is_empty() && list.iter().all(|it| it.is_string() || it.is_object())
        }
        Value::Object(members) => !members.is_empty() && members.values().all(is_complaints),
        _ => false,
    }
}

fn walk(members: &Map<String, Value>, before: &mut Vec<String>) -> Vec<FieldProblem> {
    let mut found = Vec::new();
    for (name, value) in members {
        if WHOLE.contains(&name.as_str()) {
            continue;
        }
        let depth = before.len();
        before.extend(split(name));
        found.extend(complaints(value, before));
        before.truncate(depth);
    }
    found
}

fn complaints(value: &Value, path: &mut Vec<String>) -> Vec<FieldProblem> {
    let Value::Array(list) = value else {
        return complaint(value, path, None);
    };
    let numbered = list.iter().enumerate();
    numbered
        .flat_map(|(index, item)| complaint(item, path, Some(index)))
        .collect()
}

/// A sentence, an object with one, or an object of further fields, which may be one of a list.
fn complaint(value: &Value, path: &mut Vec<String>, index: Option<usize>) -> Vec<FieldProblem> {
    match value {
        Value::String(message) => vec![problem(path, message)],
        Value::Object(members) => {
            if let Some(message) = sentence(members) {
                return vec![problem(path, message)];
            }
            let depth = path.len();
            path.extend(index.map(|index| index.to_string()));
            let found = walk(members, path);
            path.truncate(depth);
            found
        }
        _ => Vec::new(),
    }
}

/// Some complain with an object whose `message` is the sentence.
fn sentence(members: &Map<String, Value>) -> Option<&str> {
    ["message", "msg", "detail", "error"]
        .iter()
        .find_map(|name| members.get(*name)?.as_str())
}

fn problem(path: &[String], message: &str) -> FieldProblem {
    FieldProblem {
        place: FieldPlace::Body,
        path: path.to_vec(),
        message: message.to_owned(),
    }
}
