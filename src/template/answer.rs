//! `response("login")`: an answer that a template takes a part of.
//!
//! | part | is |
//! |---|---|
//! | `.status` | the number |
//! | `.headers["x-token"]` | the first field of that name, in any case |
//! | `.text` | the body as text |
//! | `.json` | the body as JSON: members by name, elements by number |

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use minijinja::{
    Value,
    value::{Kwargs, Object, ObjectRepr, from_args},
};
use serde::{Deserialize, Serialize};

use crate::{
    inspect::Received,
    model::{Header, Hidden, OwnSecrets, Redact, Response, marks_in},
};

use super::{
    expression::refuse,
    facts::{AnswerNeed, Need},
    functions::{Call, Refusal},
    json::{self, Numbers, Source},
};

/// The largest body that a template takes a part of, in bytes after decoding.
const LARGEST: usize = 16 * 1024 * 1024;

/// What is known of an answer: what the edge hands to a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    text: String,
    /// As the history keeps it, where that is less.
    #[serde(default)]
    kept: Option<Box<Self>>,
}

impl Answer {
    /// The answer that a response is; `Err` says why no template can use it.
    pub fn of(response: &Response) -> Result<Self, String> {
        let too_large = || "its body is larger than the 16 MiB that a template takes".to_owned();
        if response.cut_from().is_some() || response.body.len() > LARGEST {
            return Err(too_large());
        }
        let headers = &response.head.headers;
        let text = Received::of(response, false).text();
        if text.len() > LARGEST {
            return Err(too_large());
        }
        let answer = Self {
            status: response.head.status,
            headers: named_texts(headers),
            text,
            kept: None,
        };
        let kept = answer.without_secrets(response);
        Ok(Self {
            kept: (kept != answer).then(|| Box::new(kept)),
            ..answer
        })
    }

    fn without_secrets(&self, response: &Response) -> Self {
        let (own, headers) = (OwnSecrets::default(), &response.head.headers);
        let taken = own.take_from_received(self.text.as_bytes(), headers);
        let body = taken.map(|taken| String::from_utf8_lossy(&taken.body).into_owned());
        Self {
            headers: named_texts(&response.redacted().head.headers),
            text: body.unwrap_or_else(|| self.text.clone()),
            ..self.clone()
        }
    }

    /// What was handed over, as the history keeps it.
    pub(super) fn found_without_secrets(found: &Hidden) -> Hidden {
        let kept = serde_json::from_str::<Self>(&found.0)
            .ok()
            .and_then(|answer| answer.kept?.found().ok());
        kept.unwrap_or_else(|| found.clone())
    }

    /// As it is handed over, which may hold secrets.
    pub fn found(&self) -> Result<Hidden, String> {
        let text = serde_json::to_string(self).map_err(|error| error.to_string())?;
        Ok(Hidden(text))
    }
}

fn named_texts(headers: &[Header]) -> Vec<(String, String)> {
    let fields = headers.iter();
    fields.map(|it| (it.name.clone(), it.text())).collect()
}

/// `response(name, max_age="10m")`.
pub(super) fn response(call: &Call) -> Result<Value, Refusal> {
    let need = need(call)?;
    let name = need.name.clone();
    if call.facts.is_preview() {
        return Ok(Value::from_object(StandIn(format!("response {name}"))));
    }
    let fresh = fresh(&name);
    let known = call.facts.get(&fresh);
    let is_fresh = known.is_some() || Need::Response(need.clone()) == fresh;
    let found = match known.or_else(|| call.facts.get(&Need::Response(need.clone()))) {
        None => return Err(Refusal::Unmet(Need::Response(need))),
        Some(Err(reason)) => return Err(Refusal::Wrong(format!("response(): {reason}"))),
        Some(Ok(found)) => found,
    };
    let answer = serde_json::from_str(&found.0)
        .map_err(|_| Refusal::Wrong(format!("response(): the answer of “{name}” is lost")))?;
    Ok(Value::from_object(Answered {
        name,
        answer,
        is_fresh,
        numbers: call.numbers,
    }))
}

/// The answer of a request that is sent now, whatever the history has.
fn fresh(name: &str) -> Need {
    Need::Response(AnswerNeed {
        name: name.to_owned(),
        max_age: Some(Duration::ZERO),
    })
}

fn need(call: &Call) -> Result<AnswerNeed, Refusal> {
    let wrong = |reason: &str| Refusal::Wrong(format!("response(): {reason}"));
    let (name, named) = from_args::<(Option<String>, Kwargs)>(call.arguments)
        .map_err(|_| wrong("write response(\"name\") or response(\"name\", max_age=\"10m\")"))?;
    let name = name.filter(|name| !name.trim().is_empty());
    let name =
        name.ok_or_else(|| wrong("the name of a saved request is missing, write it in quotes"))?;
    let max_age: Option<Value> = named
        .get("max_age")
        .map_err(|_| wrong("max_age is no age"))?;
    named
        .assert_all_used()
        .map_err(|_| wrong("max_age alone can be given beside the name"))?;
    let max_age = max_age
        .map(|age| {
            parse_age(&age.to_string()).ok_or_else(|| {
                wrong("max_age is a number of seconds, or such as \"30s\", \"10m\", \"2h\", \"1d\"")
            })
        })
        .transpose()?;
    Ok(AnswerNeed {
        name: name.trim().to_owned(),
        max_age,
    })
}

/// `90`, `30s`, `10m`, `2h`, `1d`.
fn parse_age(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (number, seconds) = match text.chars().last()? {
        's' => (text.strip_suffix('s')?, 1),
        'm' => (text.strip_suffix('m')?, 60),
        'h' => (text.strip_suffix('h')?, 60 * 60),
        'd' => (text.strip_suffix('d')?, 24 * 60 * 60),
        _ => (text, 1),
    };
    let number: u64 = number.trim().parse().ok()?;
    number.checked_mul(seconds).map(Duration::from_secs)
}

/// The names of saved requests that a text takes answers of, as far as they are written out.
pub fn answers_in(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for after in text.split("response(").skip(1) {
        let after = after.trim_start();
        let quote = after.chars().next().filter(|char| "\"'".contains(*char));
        let name = quote.and_then(|quote| after.split(quote).nth(1));
        if let Some(name) = name.filter(|name| !names.iter().any(|known| known == name)) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The answer as an expression sees it.
#[derive(Debug)]
struct Answered {
    name: String,
    answer: Answer,
    /// Whether it was sent for this very send.
    is_fresh: bool,
    numbers: Numbers,
}

impl Object for Answered {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "status" => Some(Value::from(self.answer.status)),
            "text" => Some(self.text(self.answer.text.as_str(), ".text")),
            "headers" => Some(Value::from_object(Headers(Arc::clone(self)))),
            "json" => Some(self.json()),
            other => Some(wrong(&format!(
                "an answer has .json, .text, .status and .headers, and no .{other}"
            ))),
        }
    }
}

impl Answered {
    /// A text of the answer, where it can be had.
    fn text(&self, text: &str, part: &str) -> Value {
        match self.withheld(text, part) {
            Some(refusal) => Value::from(refuse(refusal)),
            None => Value::from(text),
        }
    }

    /// In the place of a secret the history has a mark: then the answer counts as missing, and the request is
    /// sent first.
    fn withheld(&self, text: &str, part: &str) -> Option<Refusal> {
        if !holds_mark(text) {
            None
        } else if self.is_fresh {
            Some(Refusal::Wrong(format!(
                "response(): the history does not keep what {part} of “{}” holds",
                self.name
            )))
        } else {
            Some(Refusal::Unmet(fresh(&self.name)))
        }
    }

    fn json(self: &Arc<Self>) -> Value {
        let text = Bytes::copy_from_slice(self.answer.text.as_bytes());
        json::read(&text, self.numbers, self.clone()).unwrap_or_else(|| {
            wrong(&format!(
                "the latest answer of “{}” ({}) is no JSON",
                self.name, self.answer.status
            ))
        })
    }
}

impl Source for Answered {
    fn refusal(&self, text: &str) -> Option<Refusal> {
        self.withheld(text, "a member")
    }
}

/// A value that is an error wherever it is used.
fn wrong(reason: &str) -> Value {
    Value::from(refuse(Refusal::Wrong(format!("response(): {reason}"))))
}

/// The header fields, by their names in any case.
#[derive(Debug)]
struct Headers(Arc<Answered>);

impl Object for Headers {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        let fields = &self.0.answer.headers;
        let (_, value) = fields
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))?;
        Some(self.0.text(value, name))
    }
}

/// Stands for an answer, and for any part of it, where nothing is asked for.
#[derive(Debug)]
struct StandIn(String);

impl Object for StandIn {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(Value::from_object(Self(format!("{}.{key}", self.0))))
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "‹{}›", self.0)
    }
}

fn holds_mark(text: &str) -> bool {
    text.contains('‹') && marks_in(text.as_bytes()) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read() {
        for (text, seconds) in [
            ("90", 90),
            ("30s", 30),
            ("10m", 600),
            (" 2 h", 7200),
            ("1d", 86400),
        ] {
            assert_eq!(
                parse_age(text),
                Some(Duration::from_secs(seconds)),
                "{text}"
            );
        }
        for text in ["", "m", "-1", "1.5h", "10 minutes", "99999999999999999999d"] {
            assert_eq!(parse_age(text), None, "{text}");
        }
    }

    #[test]
    fn the_requests_that_come_first_are_found() {
        let text = r#"{{ response("login").json.t }} {{ response( 'a/b', max_age="1m") }} {{ response("login") }} response(x)"#;
        assert_eq!(answers_in(text), ["login", "a/b"]);
    }
}
