//! The parts of a 207: RFC 4918, Section 13, and the JSON lists that other services answer with.

use serde_json::Value;

use crate::status::catalogue;

use super::{Finding, Scene};

/// As many parts as are listed.
const LISTED: usize = 12;

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    if scene.status() != 207 {
        return Vec::new();
    }
    let parts = match (&scene.json, &scene.body) {
        (Some(json), _) => json_parts(json),
        (None, Some(body)) => xml_parts(&String::from_utf8_lossy(body)),
        (None, None) => Vec::new(),
    };
    let failed = parts.iter().filter(|(_, status)| *status >= 400).count();
    if parts.is_empty() {
        let text = "The body names no status of its parts that posttui can read: the 207 itself \
                    does not say whether they succeeded.";
        return vec![Finding::new(text).by("RFC 4918, Section 13")];
    }
    let text = format!("{failed} of {} parts failed.", parts.len());
    let mut findings = vec![Finding::new(text).by("RFC 4918, Section 13")];
    // What failed is what one looks for.
    let order = |ok: bool| {
        parts
            .iter()
            .filter(move |(_, status)| (*status < 400) == ok)
    };
    let lines = order(false).chain(order(true)).take(LISTED);
    findings.extend(lines.map(|(name, status)| {
        Finding::new(format!("{status} {}: {name}", catalogue::phrase(*status)))
    }));
    findings
}

/// `<D:response>` elements: the href of each with its status, or with the worst of its properties'.
fn xml_parts(text: &str) -> Vec<(String, u16)> {
    let mut parts: Vec<(String, u16)> = Vec::new();
    for piece in text.split('<').skip(1) {
        let Some((tag, content)) = piece.split_once('>') else {
            continue;
        };
        let name = tag.split(char::is_whitespace).next().unwrap_or_default();
        let local = name.rsplit(':').next().unwrap_or_default();
        match (local, parts.last_mut()) {
            ("href", part) if !name.starts_with('/') => {
                // Further names of one response share its status: they follow each other.
                if let Some((before, 0)) = part {
                    before.push_str(", ");
                    before.push_str(content.trim());
                } else {
                    parts.push((content.trim().to_owned(), 0));
                }
            }
            ("status", Some((_, status))) if !name.starts_with('/') => {
                let code = content.split_whitespace().nth(1);
                let code = code.and_then(|code| code.parse().ok()).unwrap_or(0);
                *status = (*status).max(code);
            }
            _ => {}
        }
    }
    parts.retain(|(_, status)| *status > 0);
    parts
}

/// The objects with a status of the list that the body is, or holds.
fn json_parts(json: &Value) -> Vec<(String, u16)> {
    let list = match json {
        Value::Array(list) => Some(list),
        Value::Object(members) => members.values().find_map(Value::as_array),
        _ => None,
    };
    let part = |(index, item): (usize, &Value)| {
        let status = ["status", "statusCode", "status_code", "code"]
            .iter()
            .find_map(|name| item.get(name))?;
        let status = match status {
            Value::String(text) => text.split_whitespace().find_map(|word| word.parse().ok()),
            other => other.as_u64().and_then(|number| u16::try_from(number).ok()),
        };
        let name = ["href", "id", "path", "name"]
            .iter()
            .find_map(|name| item.get(name));
        let name = match name {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => format!("part {}", index + 1),
        };
        Some((name, status.filter(|status| (100..600).contains(status))?))
    };
    list.map_or_else(Vec::new, |list| {
        list.iter().enumerate().filter_map(part).collect()
    })
}
