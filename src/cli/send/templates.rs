//! The templates of a send: `--env` and `--var` say what names stand for, this machine and the user the
//! rest.

use jiff::Timestamp;

use crate::{
    cli::{Stop, ask, env},
    files,
    model::{PreparedRequest, Request, Scope, Secrets},
    net,
    options::{self, OptionError},
    prepare::{self, Given, Place, PrepareError},
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
                let options = options::read_fit(&expanded.request.options);
                let given = Given {
                    unusable: net::check(&options.transport),
                    ..files::look_at(&expanded.request.body)
                };
                let mut prepared = prepare::prepare_with(&expanded.request, &given)
                    .map_err(|error| wrong(&error, &secrets, request, &scope))?;
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

/// What keeps the request from being sent; an option that is chosen elsewhere says where.
fn wrong(error: &PrepareError, secrets: &Secrets, request: &Request, scope: &Scope) -> Stop {
    let reason = secrets.mask(&error.reason).into_owned();
    let reason = match error.place {
        Place::Option(name) => {
            let error = OptionError { name, reason };
            let error = options::located(error, &request.options, &scope.options);
            let label = options::find(name).map_or(name, |row| row.label);
            format!("{label}: {}", error.reason)
        }
        _ => reason,
    };
    Stop::usage(&reason)
}

fn scope(environment: Option<&str>, variables: &[Variable]) -> Result<Scope, Stop> {
    let environments = match environment {
        Some(_) => env::read()?.1,
        None => env::usual()?,
    };
    let mut scope = env::scope(&environments, environment)?;
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
