//! What the server says in its own words: problem details (RFC 9457) and the members that others use.

use serde_json::Value;

use crate::{model::RequestTab, status::catalogue};

use super::{Finding, Scene, Step};

/// The longest sentence of a server that is quoted whole, in characters.
const LONGEST: usize = 300;

/// Where servers put a sentence, the most telling first. `error.message` is a member of a member.
const SENTENCES: &[&str] = &[
    "detail",
    "error_description",
    "message",
    "error.message",
    "error",
    "title",
    "errors",
    "description",
    "reason",
];

/// Where frameworks put what they say of the whole request, beside what they say of single fields: Django REST
/// framework, Django, Rails, Zod, ASP.NET.
const WHOLE: &[&str] = &[
    "non_field_errors",
    "__all__",
    "base",
    "formErrors",
    "errors.non_field_errors",
    "errors.__all__",
    "errors.base",
    "errors.formErrors",
    "error.formErrors",
    "errors.",
];

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    let Some(json) = scene.json.as_ref().filter(|_| scene.status() >= 400) else {
        return Vec::new();
    };
    let is_problem = scene.media_type() == "application/problem+json"
        || (json.get("title").is_some_and(Value::is_string) && json.get("status").is_some());
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    let mut findings = Vec::new();
    let said = match (is_problem, text("title"), text("detail")) {
        (true, Some(title), Some(detail)) => Some(format!("{title}: {detail}")),
        (true, Some(title), None) => Some(title.to_owned()),
        _ => SENTENCES
            .iter()
            // What was said of single fields is not said once more.
            .filter(|path| **path != "errors" || scene.fields.is_empty())
            .find_map(|path| sentence(json, path)),
    };
    // The phrase of the status is above already.
    let phrase = catalogue::phrase(scene.status());
    let said = said.map(|said| match said.split_once(": ") {
        Some((title, detail)) if title == phrase => detail.to_owned(),
        _ => said,
    });
    let section = if is_problem {
        "RFC 9457, Section 3.1"
    } else {
        explanation(scene.status())
    };
    let said = said.filter(|said| said != phrase);
    let whole = WHOLE.iter().find_map(|path| sentence(json, path));
    let whole = whole.filter(|whole| Some(whole) != said.as_ref());
    for said in said.into_iter().chain(whole) {
        let finding = Finding::new(format!("The server says: {}", shortened(&said)));
        // Where a field is named, going there is offered already.
        let to_body = matches!(scene.status(), 400 | 422) && scene.fields.is_empty();
        findings.push(
            finding
                .by(section)
                .offering(to_body.then_some(Step::OpenTab {
                    tab: RequestTab::Body,
                })),
        );
    }
    if let Some(kind) = text("type").filter(|kind| is_problem && *kind != "about:blank") {
        let finding = Finding::new(format!("This kind of problem is described at {kind}"));
        findings.push(finding.by("RFC 9457, Section 3.1.1"));
    }
    findings
}

/// Where servers are told to explain an error in its body.
pub(super) fn explanation(status: u16) -> &'static str {
    if status < 500 {
        "RFC 9110, Section 15.5"
    } else {
        "RFC 9110, Section 15.6"
    }
}

/// The text at a path, or the texts of the list there.
fn sentence(json: &Value, path: &str) -> Option<String> {
    let found = path
        .split('.')
        .try_fold(json, |value, name| value.get(name))?;
    match found {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Array(list) => {
            let texts: Vec<&str> = list
                .iter()
                .filter_map(|item| item.as_str().or_else(|| item.get("message")?.as_str()))
                .collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        }
        _ => None,
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
