//! The thin room around minijinja: one expression and the values of its names -> a text.

use std::{
    collections::BTreeMap,
    error::Error as _,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use minijinja::{
    Environment, Error, ErrorKind, UndefinedBehavior, Value,
    value::{Rest, ValueKind, ValueOrKwargs},
};
use serde_json::value::RawValue;

use super::{
    facts::{Facts, Need},
    filters::FILTERS,
    functions::{Call, FUNCTIONS, Refusal},
    json::{self, Numbers},
};

/// Evaluates the expressions of one request.
pub(super) struct Engine {
    environment: Environment<'static>,
    /// Whether the expression that is evaluated calculates, as functions have to know.
    calculates: Arc<AtomicBool>,
}

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    Unmet(Need),
    Wrong {
        /// Bytes from the start of the expression.
        at: usize,
        reason: String,
    },
}

/// A refusal of a function on its way through minijinja.
#[derive(Debug)]
struct Refused(Refusal);

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a function refused")
    }
}

impl std::error::Error for Refused {}

impl Engine {
    pub(super) fn new(facts: &Facts) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let (facts, draws) = (Arc::new(facts.clone()), Arc::new(AtomicU64::new(0)));
        let calculates = Arc::new(AtomicBool::new(false));
        for function in FUNCTIONS {
            let (facts, draws) = (facts.clone(), draws.clone());
            let calculates = calculates.clone();
            environment.add_function(function.name, move |arguments: Rest<ValueOrKwargs>| {
                let arguments = arguments.into_values();
                let call = Call {
                    name: function.name,
                    arguments: &arguments,
                    facts: &facts,
                    draws: &draws,
                    numbers: if calculates.load(Ordering::Relaxed) {
                        Numbers::Calculated
                    } else {
                        Numbers::AsWritten
                    },
                };
                (function.run)(&call).map_err(refuse)
            });
        }
        for filter in FILTERS {
            environment.add_filter(filter.name, move |value: Value, arguments: Rest<Value>| {
                if let Some(refusal) = json::refusal(&value) {
                    return Err(refuse(refusal));
                }
                (filter.run)(&value, &arguments)
                    .map_err(|reason| refuse(Refusal::Wrong(format!("{}: {reason}", filter.name))))
            });
        }
        Self {
            environment,
            calculates,
        }
    }

    /// The names that an expression asks for, functions included, in alphabetical order.
    pub(super) fn names(&self, expression: &str) -> Vec<String> {
        let compiled = self.environment.compile_expression(expression);
        let mut names: Vec<String> = compiled.map_or_else(
            |_| Vec::new(),
            |compiled| compiled.undeclared_variables(false).into_iter().collect(),
        );
        names.sort();
        names
    }

    pub(super) fn evaluate(
        &self,
        expression: &str,
        values: BTreeMap<String, String>,
    ) -> Result<String, Failure> {
        if expression.trim().is_empty() {
            return Err(wrong(0, "nothing stands between {{ and }}"));
        }
        let calculates = Numbers::of(expression) == Numbers::Calculated;
        self.calculates.store(calculates, Ordering::Relaxed);
        let result = self
            .environment
            .compile_expression(expression)
            .and_then(|compiled| compiled.eval(Value::from(values)));
        match result {
            Ok(value) if let Some(refusal) = json::refusal(&value) => Err(match refusal {
                Refusal::Unmet(need) => Failure::Unmet(need),
                Refusal::Wrong(reason) => wrong(0, &reason),
            }),
            Ok(value) => to_text(&value).map_err(|reason| wrong(0, &reason)),
            Err(error) => Err(failure(&error)),
        }
    }
}

fn wrong(at: usize, reason: &str) -> Failure {
    Failure::Wrong {
        at,
        reason: reason.to_owned(),
    }
}

pub(super) fn refuse(refusal: Refusal) -> Error {
    Error::new(ErrorKind::InvalidOperation, "refused").with_source(Refused(refusal))
}

fn failure(error: &Error) -> Failure {
    let at = error.range().map_or(0, |range| range.start);
    let mut source = error.source();
    while let Some(cause) = source {
        match cause.downcast_ref::<Refused>() {
            Some(Refused(Refusal::Unmet(need))) => return Failure::Unmet(need.clone()),
            Some(Refused(Refusal::Wrong(reason))) => return wrong(at, reason),
            None => source = cause.source(),
        }
    }
    let detail = error.detail().unwrap_or_default();
    let reason = match error.kind() {
        ErrorKind::SyntaxError => format!("this cannot be read: {detail}"),
        _ if detail.is_empty() => error.kind().to_string(),
        _ => detail.to_owned(),
    };
    wrong(at, &reason)
}

/// A value as it stands in a field: texts and numbers as they are, lists and maps as JSON.
pub(super) fn to_text(value: &Value) -> Result<String, String> {
    match value.kind() {
        ValueKind::Undefined => Err("this has no value".to_owned()),
        ValueKind::None => Err("this is none, which is no text".to_owned()),
        ValueKind::Seq | ValueKind::Map | ValueKind::Iterable => to_json(value),
        _ => Ok(value.to_string()),
    }
}

/// A value as JSON: RFC 8259.
pub(super) fn to_json(value: &Value) -> Result<String, String> {
    let mut json = String::new();
    write_json(value, &mut json)?;
    Ok(json)
}

/// The values of an answer as they were written; no number goes by way of a float.
fn write_json(value: &Value, json: &mut String) -> Result<(), String> {
    if let Some(written) = json::written(value) {
        json.push_str(&written);
        return Ok(());
    }
    let reason = |error: Error| error.to_string();
    match value.kind() {
        ValueKind::None => json.push_str("null"),
        ValueKind::Bool => json.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number => {
            let number = value.to_string();
            serde_json::from_str::<&RawValue>(&number)
                .map_err(|_| format!("{number} is no number that JSON has"))?;
            json.push_str(&number);
        }
        ValueKind::Seq | ValueKind::Iterable => {
            let items = value.try_iter().map_err(reason)?;
            write_list(json, ['[', ']'], items, |item, json| {
                write_json(&item, json)
            })?;
        }
        ValueKind::Map => {
            let names = value.try_iter().map_err(reason)?;
            write_list(json, ['{', '}'], names, |name, json| {
                let member = value.get_item(&name).map_err(reason)?;
                write_text(&to_text(&name)?, json);
                json.push(':');
                write_json(&member, json)
            })?;
        }
        ValueKind::Undefined => return Err("this has no value".to_owned()),
        _ => write_text(&value.to_string(), json),
    }
    Ok(())
}

fn write_list(
    json: &mut String,
    brackets: [char; 2],
    items: impl Iterator<Item = Value>,
    write: impl Fn(Value, &mut String) -> Result<(), String>,
) -> Result<(), String> {
    let [open, close] = brackets;
    json.push(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            json.push(',');
        }
        write(item, json)?;
    }
    json.push(close);
    Ok(())
}

fn write_text(text: &str, json: &mut String) {
    json.push_str(&serde_json::Value::from(text).to_string());
}
