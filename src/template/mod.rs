//! `{{ … }}` in any field of a request.
//!
//! ```text
//! Request ─ expand ─┬─► Needs    what has to be fetched first: files, variables of the process, answers
//!    ▲              ├─► Problem  what is wrong, in which field, line and column
//! Scope, Facts      └─► Ready    the request as it will be prepared, and the secrets in it
//!
//! scan         where the templates in a text are          facts      what is known of the world
//! answer       response(): the parts of an earlier answer
//! outline      a request before its send, with stand-ins for what is only known then
//! fields       which texts of a request may hold them     functions  env, file, uuid …: FUNCTIONS
//! expression   one expression -> a text, by minijinja     filters    base64, sha256 …: FILTERS
//! ```
//!
//! A text without `{{` is never looked at, so that what looks like another template language in a
//! body goes out as it was typed. `{{ "{{" }}` writes the braces themselves.

mod answer;
mod expression;
mod facts;
mod fields;
mod filters;
mod functions;
mod json;
mod message;
mod outline;
mod scan;

use std::{
    cell::{Cell, OnceCell},
    collections::BTreeMap,
};

use crate::{
    model::{Request, Scope, Secrets},
    prepare::{Place, PrepareError, complete_path},
};

use expression::{Engine, Failure};
use scan::Piece;

pub use answer::{Answer, answers_in};
pub use facts::{AnswerNeed, Facts, Found, Need, Recalled};
pub use fields::{Part, Spot};
pub use filters::{FILTERS, Filter};
pub use functions::{FUNCTIONS, Function};
pub use message::{MESSAGE_NAMES, check_message, fill};
pub use outline::{Open, Outline, outline};
pub use scan::has_template;

/// What became of a request's templates.
#[derive(Debug, Clone, PartialEq)]
pub enum Expansion {
    /// Nothing is left to expand.
    Ready(Box<Expanded>),
    /// What has to be fetched before it can go on; afterwards there may be more.
    Needs(Vec<Need>),
}

/// A request without templates.
#[derive(Debug, Clone, PartialEq)]
pub struct Expanded {
    pub request: Request,
    /// Every secret that may be in it.
    pub secrets: Secrets,
}

/// A template that cannot be expanded. Nothing has gone out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} (line {line}, column {column} of {})", spot.words())]
pub struct Problem {
    pub spot: Spot,
    /// Bytes from the start of the text.
    pub offset: usize,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub reason: String,
}

impl From<Problem> for PrepareError {
    fn from(problem: Problem) -> Self {
        let Problem { line, column, .. } = problem;
        let place = match line {
            1 => format!("column {column}"),
            _ => format!("line {line}, column {column}"),
        };
        Self {
            place: problem.spot.place,
            reason: format!("{} ({place})", problem.reason),
        }
    }
}

/// Expands every template of a request, or tells what is missing for it.
pub fn expand(request: &Request, scope: &Scope, facts: &Facts) -> Result<Expansion, Problem> {
    let mut whole = request.clone();
    scope.fill(&mut whole.options);
    let mut secrets = known_secrets(scope, facts);
    let mut needs = Vec::new();
    let expander = Expander::new(scope, facts);
    for (spot, text) in fields::texts(&mut whole) {
        if !has_template(text) {
            continue;
        }
        match expander.expand(text, &[]) {
            Ok(output) => {
                for (name, value) in output.tainted {
                    secrets.add(&name, &value, None);
                }
                *text = output.text;
            }
            Err(Failure::Unmet(need)) if needs.contains(&need) => {}
            Err(Failure::Unmet(need)) => needs.push(need),
            Err(Failure::Wrong { at, reason }) => return Err(problem(spot, text, at, reason)),
        }
    }
    Ok(if needs.is_empty() {
        Expansion::Ready(Box::new(Expanded {
            request: whole,
            secrets,
        }))
    } else {
        Expansion::Needs(needs)
    })
}

/// Whether the environment, by its variables or its options, reads what is still unknown of this machine.
/// What the request itself asks for does not count.
pub fn environment_reads(request: &Request, scope: &Scope, facts: &Facts) -> bool {
    let mut whole = request.clone();
    scope.fill(&mut whole.options);
    let expander = Expander::new(scope, facts);
    fields::texts(&mut whole).into_iter().any(|(spot, text)| {
        if !has_template(text) {
            return false;
        }
        let Err(Failure::Unmet(need)) = expander.expand(text, &[]) else {
            return false;
        };
        need.is_of_this_machine()
            && (expander.met_in_variable.get() || is_chosen_beside(spot, request, scope))
    })
}

/// Whether the text is that of an option which the environment chooses for the request.
fn is_chosen_beside(spot: Spot, request: &Request, scope: &Scope) -> bool {
    let Place::Option(name) = spot.place else {
        return false;
    };
    let mut layers = scope.options.iter();
    request.options.get(name).is_empty()
        && layers.any(|it| it.is_of_environment() && !it.choices.get(name).is_empty())
}

/// The names of the saved requests whose answers a request takes parts of, each once.
pub fn answers_needed(request: &Request) -> Vec<String> {
    let mut names = Vec::new();
    for (_, text) in fields::texts(&mut request.clone()) {
        if has_template(text) {
            names.extend(answers_in(text));
        }
    }
    names.sort();
    names.dedup();
    names
}

/// What a text will become, for showing it: secrets are dots, and what is only known at the send has a
/// stand-in. `Err` says what is wrong with it.
pub fn preview(text: &str, scope: &Scope, facts: &Facts) -> Result<String, String> {
    let masked = scope.masked();
    match Expander::new(&masked, facts).expand(text, &[]) {
        Ok(output) => Ok(output.text),
        Err(Failure::Wrong { reason, .. }) => Err(reason),
        Err(Failure::Unmet(_)) => Err("this is known when it is sent".to_owned()),
    }
}

/// Makes texts of what would be templates, and of what would be path parameters: a command that comes from elsewhere
/// means its braces and colons as they stand, and must not read a file or a variable.
pub fn take_literally(request: &mut Request) {
    complete_path(request);
    // A row that is off sends its parameter as written.
    for row in request.path.iter_mut().filter(|row| row.value.is_empty()) {
        row.enabled = false;
    }
    for (_, text) in fields::texts(request) {
        if text.contains("{{") {
            *text = text.replace("{{", LITERAL_BRACES);
        }
    }
}

/// The template that becomes two opening braces.
const LITERAL_BRACES: &str = "{{ \"{{\" }}";

/// A text with templates as one template that makes a JSON string of it; `None` where there is nothing to
/// expand, or a template that is wrong and has to be told as it was typed.
pub fn quoted(text: &str) -> Option<String> {
    if !has_template(text) {
        return None;
    }
    let pieces = scan::pieces(text).ok()?;
    let parts: Vec<String> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(literal) => serde_json::Value::from(*literal).to_string(),
            Piece::Expression { text, .. } => format!("({})", text.trim()),
        })
        .collect();
    Some(format!("{{{{ (\"\" ~ {}) | tojson }}}}", parts.join(" ~ ")))
}

/// An expression as it was typed: without what [`quoted`] has put around it.
fn unquoted(expression: &str) -> &str {
    let inner = expression
        .strip_prefix("(\"\" ~ ")
        .and_then(|rest| rest.strip_suffix(") | tojson"));
    let Some(inner) = inner else {
        return expression;
    };
    // One that stands alone needs no parentheses either.
    let alone = inner
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    alone
        .filter(|it| scan::closes_what_it_opens(it))
        .unwrap_or(inner)
}

/// The secret values of the environment and the answers to prompts.
fn known_secrets(scope: &Scope, facts: &Facts) -> Secrets {
    let mut secrets = Secrets::default();
    for binding in scope.bindings().iter().filter(|it| it.secret) {
        let template = Some(format!("{{{{ {} }}}}", binding.name));
        secrets.add(&binding.name, &binding.value.0, template);
    }
    for (question, answer) in facts.answers() {
        let question_text = serde_json::Value::from(question);
        let template = Some(format!("{{{{ prompt({question_text}) }}}}"));
        secrets.add(question, answer, template);
    }
    secrets
}

fn problem(spot: Spot, text: &str, offset: usize, reason: String) -> Problem {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count();
    Problem {
        spot,
        offset,
        line: before.matches('\n').count() + 1,
        column: column + 1,
        reason,
    }
}

/// A text after expansion.
#[derive(Debug, Default)]
struct Output {
    text: String,
    /// What was made of secrets, each with the name of the secret.
    tainted: Vec<(String, String)>,
}

/// Expands texts with the values of one scope.
struct Expander<'a> {
    /// Made when the first template is met: most texts have none.
    engine: OnceCell<Engine>,
    /// Knows of answers only what is not secret in them.
    unknowing: OnceCell<Engine>,
    scope: &'a Scope,
    facts: &'a Facts,
    /// Whether the value of a variable needs something of this machine.
    met_in_variable: Cell<bool>,
}

impl<'a> Expander<'a> {
    fn new(scope: &'a Scope, facts: &'a Facts) -> Self {
        Self {
            engine: OnceCell::new(),
            unknowing: OnceCell::new(),
            scope,
            facts,
            met_in_variable: Cell::new(false),
        }
    }

    fn engine(&self) -> &Engine {
        self.engine.get_or_init(|| Engine::new(self.facts))
    }

    /// Whether what was made of an answer would be another text, or none, without the secrets of the answer.
    fn is_made_of_secrets(
        &self,
        expression: &str,
        values: BTreeMap<String, String>,
        text: &str,
    ) -> bool {
        let engine = self
            .unknowing
            .get_or_init(|| Engine::new(&self.facts.without_secrets()));
        engine
            .evaluate(expression, values)
            .map_or(true, |other| other != text)
    }

    /// `within` are the variables whose values are being expanded, the outermost first.
    fn expand(&self, text: &str, within: &[&str]) -> Result<Output, Failure> {
        let pieces = scan::pieces(text).map_err(|unclosed| Failure::Wrong {
            at: unclosed.at,
            reason: "this {{ is never closed by }}".to_owned(),
        })?;
        let mut output = Output::default();
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => output.text.push_str(literal),
                Piece::Expression { text, start } => {
                    let value = self
                        .evaluate(text, within)
                        .map_err(|failure| shift(failure, start))?;
                    output.text.push_str(&value.text);
                    output.tainted.extend(value.tainted);
                }
            }
        }
        Ok(output)
    }

    fn evaluate(&self, expression: &str, within: &[&str]) -> Result<Output, Failure> {
        let engine = self.engine();
        let mut values = BTreeMap::new();
        let mut tainted = Vec::new();
        let mut secret = None;
        let names = engine.names(expression);
        for name in &names {
            if name == "prompt" {
                secret = Some(name.clone());
            }
            let Some(value) = self.value_of(name, within) else {
                continue;
            };
            let value = value.map_err(|failure| shift(failure, place_of(name, expression)))?;
            if let Some((source, _)) = value.tainted.last() {
                secret = Some(source.clone());
            }
            tainted.extend(value.tainted);
            values.insert(name.clone(), value.text);
        }
        let known: Vec<String> = values.keys().cloned().collect();
        let text = engine
            .evaluate(expression, values.clone())
            .map_err(|failure| self.explain(failure, expression, &names, &known))?;
        let is_of_answer = secret.is_none() && names.iter().any(|name| name == "response");
        if is_of_answer && self.is_made_of_secrets(expression, values, &text) {
            secret = Some(name_of_part(expression));
        }
        if let Some(name) = secret {
            tainted.push((name, text.clone()));
        }
        Ok(Output { text, tainted })
    }

    /// The value of a variable; `None` where the scope has none of that name.
    fn value_of(&self, name: &str, within: &[&str]) -> Option<Result<Output, Failure>> {
        let binding = self.scope.get(name)?;
        let wrong = |reason: String| Some(Err(Failure::Wrong { at: 0, reason }));
        if binding.secret && binding.value.0.is_empty() {
            let process = name.to_ascii_uppercase();
            return wrong(format!(
                "the secret {name} of {} has no value here: give it one in the list of environments, or set POSTTUI_SECRET_{process}",
                binding.origin
            ));
        }
        let text = binding.value.0.clone();
        if binding.secret {
            let tainted = vec![(name.to_owned(), text.clone())];
            return Some(Ok(Output { text, tainted }));
        }
        if binding.literal || !has_template(&text) {
            return Some(Ok(Output {
                text,
                ..Output::default()
            }));
        }
        if within.contains(&name) {
            return wrong(format!("the variable {name} is made of itself"));
        }
        let inner = self.expand(&text, &[within, &[name]].concat());
        if let Err(Failure::Unmet(need)) = &inner
            && need.is_of_this_machine()
        {
            self.met_in_variable.set(true);
        }
        Some(inner.map_err(|failure| match failure {
            Failure::Wrong { reason, .. } => Failure::Wrong {
                at: 0,
                reason: format!("in the variable {name}: {reason}"),
            },
            unmet @ Failure::Unmet(_) => unmet,
        }))
    }

    /// Says which name is not known, and what may have been meant, where that is what is wrong.
    fn explain(
        &self,
        failure: Failure,
        expression: &str,
        names: &[String],
        known: &[String],
    ) -> Failure {
        let Failure::Wrong { at, reason } = failure else {
            return failure;
        };
        let is_function = |name: &str| FUNCTIONS.iter().any(|it| it.name == name);
        let unknown = names
            .iter()
            .find(|name| !known.contains(name) && !is_function(name));
        match unknown {
            Some(name) => Failure::Wrong {
                at: place_of(name, expression),
                reason: format!("undefined: {name}{}", self.suggestion(name)),
            },
            None => Failure::Wrong { at, reason },
        }
    }

    fn suggestion(&self, name: &str) -> String {
        let variables = self.scope.bindings().iter().map(|it| it.name.as_str());
        let functions = FUNCTIONS.iter().map(|it| it.name);
        let nearest = variables
            .chain(functions)
            .map(|other| (strsim::jaro_winkler(name, other), other))
            .max_by(|(one, _), (other, _)| one.total_cmp(other));
        match nearest {
            Some((score, other)) if score > ALIKE => format!(" — did you mean {other}?"),
            _ if self.scope.name.is_none() => " (no environment is chosen)".to_owned(),
            _ => String::new(),
        }
    }
}

/// What a mark calls a part of an answer: `login_json_token` for `response("login").json.token`.
fn name_of_part(expression: &str) -> String {
    let words = expression.split(|char: char| !char.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty() && *word != "response");
    words.collect::<Vec<_>>().join("_")
}

/// How much alike two names must be (Jaro-Winkler, 0 to 1) for one to be suggested for the other.
const ALIKE: f64 = 0.8;

/// Bytes from the start of the expression to the name as a whole word.
fn place_of(name: &str, expression: &str) -> usize {
    let is_part = |char: char| char.is_alphanumeric() || char == '_';
    let found = expression.match_indices(name).find(|(start, _)| {
        let before = expression.get(..*start).unwrap_or_default();
        let after = expression.get(start + name.len()..).unwrap_or_default();
        !before.ends_with(is_part) && !after.starts_with(is_part)
    });
    found.map_or(0, |(start, _)| start)
}

fn shift(failure: Failure, by: usize) -> Failure {
    match failure {
        Failure::Wrong { at, reason } => Failure::Wrong {
            at: at + by,
            reason,
        },
        unmet @ Failure::Unmet(_) => unmet,
    }
}

#[cfg(test)]
mod tests;
