//! The templates of a send: `--env` and `--var` say what names stand for, this machine, the user and
//! earlier answers the rest.

use std::{cell::OnceCell, sync::Arc};

use jiff::Timestamp;

use crate::{
    app::drafted::Drafted,
    cli::{Stop, ask, env, output, runtime},
    courier::{Carried, Courier},
    files,
    model::{Jar, Origin, Outcome, PreparedRequest, Recording, Request, Scope, Secrets},
    net,
    options::{self, OptionError},
    prepare::{self, Given, PLACEHOLDER_KEY, Place, PrepareError},
    recall::recall,
    status::catalogue,
    store::{CookieFile, History, Library, Paths},
    supply,
    template::{self, Answer, AnswerNeed, Expansion, Facts, Found, Need, Recalled},
};

use super::{Meter, carry, dry_run::Drawn, production::Agreement, trust};

/// How many requests may wait for each other.
const DEEPEST: usize = 8;

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

/// Prepares requests, and sends those that have to be answered first.
pub struct Desk<'a> {
    pub environment: Option<&'a str>,
    pub variables: &'a [Variable],
    pub history: Option<History>,
    pub jars: CookieFile,
    pub jar: Arc<Jar>,
    pub library: Library,
    pub paths: Paths,
    /// Whether nothing may be sent.
    pub dry_run: bool,
    pub agreement: Agreement,
    /// What names stand for, once it is read.
    pub known: OnceCell<Scope>,
}

impl Desk<'_> {
    /// The request as it will go on the wire, its templates expanded. `origin` is the saved request that
    /// it is.
    pub fn prepare(
        &mut self,
        request: &Request,
        origin: Option<&Origin>,
    ) -> Result<PreparedRequest, Stop> {
        let waiting: Vec<Origin> = origin.into_iter().cloned().collect();
        self.prepare_within(request, &waiting)
    }

    /// The last of `waiting` is the request itself, where it is a saved one.
    fn prepare_within(
        &mut self,
        request: &Request,
        waiting: &[Origin],
    ) -> Result<PreparedRequest, Stop> {
        let scope = self.scope()?;
        trust::check_environment(&request.options, &scope, &self.paths)?;
        let mut facts = Facts::at(Timestamp::now());
        loop {
            match expand(request, &scope, &facts)? {
                Expansion::Ready(expanded) => {
                    let secrets = expanded.secrets;
                    let given = self.given(&expanded.request);
                    let mut prepared = prepare::prepare_with(&expanded.request, &given)
                        .map_err(|error| wrong(&error, &secrets, request, &scope))?;
                    prepared.secrets = secrets;
                    prepared.lineage.environment.clone_from(&scope.name);
                    return Ok(prepared);
                }
                Expansion::Needs(needs) => self.learn(&mut facts, needs, request, waiting)?,
            }
        }
    }

    /// The request as it would go out, as far as that is known before it is sent: what would be asked for,
    /// made up or told by the clock then is a mark.
    pub fn draw(&mut self, request: &Request, origin: Option<&Origin>) -> Result<Drawn, Stop> {
        let waiting: Vec<Origin> = origin.into_iter().cloned().collect();
        let scope = self.scope()?;
        trust::check_environment(&request.options, &scope, &self.paths)?;
        let mut facts = Facts::at(Timestamp::now());
        while let Expansion::Needs(mut needs) = expand(request, &scope, &facts)? {
            needs.retain(|need| is_known_before(need, self.variables));
            if needs.is_empty() {
                break;
            }
            self.learn(&mut facts, needs, request, &waiting)?;
        }
        let drafted = Drafted::of(request.clone(), &scope, &facts);
        if drafted.open().is_empty() {
            return Ok(Drawn::whole(self.prepare(request, origin)?));
        }
        let given = self.given(drafted.request());
        let sketch = drafted.sketch(&given);
        let secrets = Secrets::default();
        let sketch = sketch.map_err(|error| wrong(&error, &secrets, request, &scope))?;
        Ok(Drawn::with_marks(sketch.prepared, drafted))
    }

    /// What a request needs from outside. Where nothing is sent, no key is made for the send.
    fn given(&self, request: &Request) -> Given {
        let options = options::read_fit(&request.options);
        let mut given = Given {
            unusable: net::check(&options.transport),
            jar: Some(Arc::clone(&self.jar)),
            ..files::look_at(&request.body)
        };
        if self.dry_run {
            PLACEHOLDER_KEY.clone_into(&mut given.key);
        }
        given
    }

    fn learn(
        &mut self,
        facts: &mut Facts,
        needs: Vec<Need>,
        request: &Request,
        waiting: &[Origin],
    ) -> Result<(), Stop> {
        self.check_trust(&needs, waiting.last())?;
        trust::check_environment_reads(request, &self.scope()?, facts, &self.paths)?;
        for need in &needs {
            match need {
                Need::Response(answer) => {
                    let found = self.answer_of(answer, waiting)?;
                    facts.learn(need.clone(), found);
                }
                Need::Prompt(question) => {
                    let answer = answer(question, self.variables)?;
                    facts.learn(need.clone(), Ok(answer.into()));
                }
                Need::Randomness | Need::Env(_) | Need::File(_) => {}
            }
        }
        for (need, found) in supply::fetch(needs) {
            facts.learn(need, found);
        }
        Ok(())
    }

    /// What comes from a collection that is not trusted reads nothing of this machine.
    fn check_trust(&self, needs: &[Need], origin: Option<&Origin>) -> Result<(), Stop> {
        let Some(origin) = origin.filter(|_| needs.iter().any(Need::is_of_this_machine)) else {
            return Ok(());
        };
        if self.is_trusted(origin) {
            return Ok(());
        }
        let path = &origin.path;
        let what = format!("“{path}” reads files or the environment of this machine");
        Err(trust::refused(&what, &origin.root))
    }

    fn is_trusted(&self, origin: &Origin) -> bool {
        let library = Library::at(&origin.root, &self.paths);
        library.list(&self.paths).trusted
    }

    /// The answer that a template takes a part of: that of the history, or of the request sent now.
    fn answer_of(&mut self, need: &AnswerNeed, waiting: &[Origin]) -> Result<Found, Stop> {
        let history = self.history.as_ref();
        let now = Timestamp::now();
        let (origin, request) = match recall(history, &self.library, &self.paths, need, now) {
            Ok(Recalled::Answer(found)) => return Ok(Ok(found)),
            Ok(Recalled::Send { origin, request }) => (origin, *request),
            Err(reason) => return Ok(Err(reason)),
        };
        if waiting.contains(&origin) || waiting.len() >= DEEPEST {
            let names = waiting.iter().chain([&origin]);
            let names: Vec<&str> = names.map(|it| it.path.as_str()).collect();
            let circle = names.join(" → ");
            return Ok(Err(format!(
                "they wait for each other in a circle: {circle}"
            )));
        }
        if self.dry_run {
            return Err(Stop::usage(&format!(
                "“{}” would have to be sent first, and --dry-run sends nothing",
                origin.path
            )));
        }
        let is_trusted = self.is_trusted(&origin);
        trust::check_saved(&request, &origin.path, &origin.root, is_trusted)?;
        let waiting = [waiting, std::slice::from_ref(&origin)].concat();
        let prepared = self.prepare_within(&request, &waiting)?;
        self.check_production(&prepared, None)?;
        self.send_first(request, prepared, &origin)
    }

    fn send_first(
        &mut self,
        request: Request,
        prepared: PreparedRequest,
        origin: &Origin,
    ) -> Result<Found, Stop> {
        let courier = self.courier();
        let carried = runtime::run_one(carry(
            &courier,
            request,
            prepared,
            Some(origin),
            &Meter::silent(),
        ))?;
        let Some(Carried { exchange, jar, .. }) = carried else {
            return Ok(Err("it was cancelled".to_owned()));
        };
        if let Some(Ok(jar)) = jar {
            self.jar = Arc::new(jar);
        }
        let name = &origin.path;
        Ok(match &exchange.outcome {
            Some(Outcome::Response(response)) => {
                let status = response.head.status;
                let phrase = catalogue::phrase(status);
                if status < 400 {
                    output::complain(&format!("“{name}” was sent first: {status} {phrase}"));
                    Answer::of(response).and_then(|answer| answer.found())
                } else {
                    Err(format!(
                        "“{name}” was sent first, and was answered {status} {phrase}"
                    ))
                }
            }
            Some(Outcome::Failure(failure)) => {
                let what = crate::status::failure::describe(failure.kind).name;
                let why = failure.causes.last();
                let why = why.map(|why| format!(": {why}")).unwrap_or_default();
                Err(format!("“{name}” was sent first, and failed: {what}{why}"))
            }
            None => Err(format!("“{name}” was sent first, and has no answer")),
        })
    }

    /// Whether a request is kept that is sent again: that is chosen now, not when it was sent before.
    pub fn recording(&self, request: &Request) -> Result<Recording, Stop> {
        let scope = self.scope()?;
        Ok(options::recording(&request.options, &scope.options))
    }

    /// Lets a request go out that may change something in production, or says why it does not. `before` is
    /// the environment that it went to, where it is sent again.
    pub fn check_production(
        &self,
        prepared: &PreparedRequest,
        before: Option<&str>,
    ) -> Result<(), Stop> {
        let scope = self.scope()?;
        let chosen = scope.name.as_deref().filter(|_| scope.production);
        let asked = chosen.or_else(|| before.filter(|name| env::is_production(name)));
        asked.map_or(Ok(()), |name| self.agreement.check(name, prepared))
    }

    /// What names stand for; read once, so that what is wrong with the files is told once.
    fn scope(&self) -> Result<Scope, Stop> {
        if let Some(scope) = self.known.get() {
            return Ok(scope.clone());
        }
        let read = scope(self.environment, self.variables)?;
        Ok(self.known.get_or_init(|| read).clone())
    }

    /// What sends, remembers and keeps cookies.
    pub fn courier(&self) -> Courier {
        Courier::new(super::client(), self.history.clone()).with_jars(self.jars.clone())
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
        Place::Path(_) => format!("{reason}; --path NAME=VALUE gives it one"),
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

fn expand(request: &Request, scope: &Scope, facts: &Facts) -> Result<Expansion, Stop> {
    template::expand(request, scope, facts).map_err(|problem| Stop::usage(&problem))
}

/// Whether a need is met without a send: chance is another one at each, and nobody is asked before it.
fn is_known_before(need: &Need, variables: &[Variable]) -> bool {
    match need {
        Need::Randomness => false,
        Need::Prompt(question) => given_answer(question, variables).is_some(),
        Need::Env(_) | Need::File(_) | Need::Response(_) => true,
    }
}

fn given_answer<'a>(question: &str, variables: &'a [Variable]) -> Option<&'a Variable> {
    variables.iter().rfind(|it| it.name == question.trim())
}

/// What `--var` says of the question, or the user at the terminal.
fn answer(question: &str, variables: &[Variable]) -> Result<String, Stop> {
    match given_answer(question, variables) {
        Some(variable) => Ok(variable.value.clone()),
        None if ask::can_ask() => Ok(ask::ask(question)?),
        None => Err(Stop::usage(&format!(
            "“{question}” is asked for before it is sent, and there is no terminal to ask at: add --var '{question}=…'"
        ))),
    }
}
