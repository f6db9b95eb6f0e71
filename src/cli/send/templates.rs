//! The templates of a send: `--env` and `--var` say what names stand for, this machine and the user the
//! rest.

use jiff::Timestamp;

use crate::{
    cli::{Stop, ask, env},
    files,
    model::{PreparedRequest, Request, Scope},
    prepare::{self, Place, PrepareError},
    supply,
    template::{self, Expansion, Facts, Need},
};

/// One `--var`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    name: String,
    value: String,
}

/// Reads `--var NAME=VALUE`.
pub fn parse_variable(text: &str) -> Result<Variable, String> {
    let (name, value) = text
        .split_once('=')
        .filter(|(name, _)| !name.trim().is_empty())
        .ok_or("write a name and its value, such as user=ann")?;
    Ok(Variable {
        name: name.trim().to_owned(),
        value: value.to_owned(),
    })
}

/// The request as it will go on the wire, its templates expanded.
pub fn prepare(
    request: &Request,
    environment: Option<&str>,
    variables: &[Variable],
) -> Result<PreparedRequest, Stop> {
    let scope = scope(environment, variables)?;
    let mut facts = Facts::at(Timestamp::now());
    loop {
        let expansion = template::expand(request, &scope, &facts);
        match expansion.map_err(|problem| Stop::usage(&problem))? {
            Expansion::Ready(expanded) => {
                let secrets = expanded.secrets;
                let given = files::look_at(&expanded.request.body);
                let mut prepared = prepare::prepare_with(&expanded.request, &given)
                    .map_err(|error| Stop::usage(&secrets.mask(&reason(&error))))?;
                prepared.secrets = secrets;
                return Ok(prepared);
            }
            Expansion::Needs(needs) => {
                for need in &needs {
                    if let Need::Prompt(question) = need {
                        let answer = answer(question, variables)?;
                        facts.learn(need.clone(), Ok(answer.into()));
                    }
                }
                for (need, found) in supply::fetch(needs) {
                    facts.learn(need, found);
                }
            }
        }
    }
}

/// What is wrong, and how the command line puts it right.
fn reason(error: &PrepareError) -> String {
    match error.place {
        Place::Path(_) => format!("{}; --path NAME=VALUE gives it one", error.reason),
        _ => error.reason.clone(),
    }
}

fn scope(environment: Option<&str>, variables: &[Variable]) -> Result<Scope, Stop> {
    let mut scope = match environment {
        Some(_) => env::scope(&env::read()?.1, environment)?,
        None => Scope::default(),
    };
    for variable in variables {
        scope.set(&variable.name, &variable.value);
    }
    Ok(scope)
}

/// What `--var` says of the question, or the user at the terminal.
fn answer(question: &str, variables: &[Variable]) -> Result<String, Stop> {
    let given = variables.iter().rfind(|it| it.name == question.trim());
    match given {
        Some(variable) => Ok(variable.value.clone()),
        None if ask::can_ask() => Ok(ask::ask(question)?),
        None => Err(Stop::usage(&format!(
            "“{question}” is asked for before it is sent, and there is no terminal to ask at: add --var '{question}=…'"
        ))),
    }
}
