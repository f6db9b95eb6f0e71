//! Parts in JSON: the objects with a status of the list that the body is, or holds.

use serde_json::Value;

use super::{MOST, Part};

const STATUS: [&str; 4] = ["status", "statusCode", "status_code", "code"];
const NAME: [&str; 5] = ["href", "id", "path", "name", "index"];
const DESCRIPTION: [&str; 5] = ["description", "message", "detail", "title", "error"];

pub(super) fn parts(json: &Value) -> Vec<Part> {
    let list = match json {
        Value::Array(list) => Some(list),
        Value::Object(members) => members.values().find_map(Value::as_array),
        _ => None,
    };
    list.map_or_else(Vec::new, |list| {
        let numbered = list.iter().enumerate().take(MOST);
        numbered.filter_map(part).collect()
    })
}

fn part((index, item): (usize, &Value)) -> Option<Part> {
    let status = match first(item, &STATUS)? {
        Value::String(text) => text.split_whitespace().find_map(|word| word.parse().ok()),
        other => other.as_u64().and_then(|number| u16::try_from(number).ok()),
    };
    let name = match first(item, &NAME) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => format!("part {}", index + 1),
    };
    let description = match first(item, &DESCRIPTION) {
        Some(Value::String(text)) => Some(text.clone()),
        // `{"error": {"message": "…"}}`
        Some(inner) => first(inner, &DESCRIPTION)
            .and_then(Value::as_str)
            .map(str::to_owned),
        None => None,
    };
    Some(Part {
        name,
        status: status.filter(|status| (100..600).contains(status))?,
        description,
    })
}

fn first<'a>(item: &'a Value, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| item.get(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_of_several_services_are_read() {
        let found = parts(&json!({"results": [
            {"id": 7, "status": 201},
            {"status": "404 Not Found", "message": "no such user"},
            {"name": "c", "statusCode": 500, "error": {"message": "it broke"}},
            {"name": "no status"},
        ]}));
        let told: Vec<_> = found
            .iter()
            .map(|part| (part.name.as_str(), part.status, part.description.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                ("7", 201, None),
                ("part 2", 404, Some("no such user")),
                ("c", 500, Some("it broke")),
            ]
        );
        assert!(parts(&json!({"status": 207})).is_empty());
        assert!(parts(&json!([{"status": 42}, 1, null])).is_empty());
    }
}
