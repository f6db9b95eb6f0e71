//! What happens between the send key and the wire: templates are expanded, what they need is fetched or
//! asked for, and whatever is dangerous is confirmed.
//!
//! ```text
//! send key ─► expand ─┬─► needs ─► edge, or the user at a prompt ─► expand again
//!                     ├─► problem ─► shown at its field; nothing goes out
//!                     ├─► answers ─► firsts: from the history, or sent first ─► expand again
//!                     └─► ready ─► files? ─► edge looks at them ─► prepare ─► production? twice? ─► start
//! ```

mod firsts;

use std::sync::Arc;

use crate::{
    model::{
        Body, BodyKind, Cell, Exchange, Focus, IdempotencyKey, Lineage, Origin, PreparedRequest,
        Recording, Request, RequestTab, Scope, Transport,
    },
    options::{self, OptionError},
    prepare::{Given, Place, PrepareError, as_it_was, needs_secrets, prepare_with},
    template::{self, AnswerNeed, Expanded, Expansion, Facts, Found, Need, Part, Problem},
};

use super::{
    Popup, State,
    effect::Effect,
    message::{JobId, Notice},
    panel::{confirm::Question, prompt::Prompt, response::Shown},
    past, replay, send, trust, wrong,
};

pub use firsts::{answered as answered_first, recalled};

/// A send that is not on the wire yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Departure {
    /// The last question to the edge.
    job: JobId,
    /// The draft as it was at the send key: what is typed meanwhile is for the next send.
    request: Box<Request>,
    /// Whether it is another request than the draft.
    beside: bool,
    scope: Scope,
    facts: Facts,
    /// What is known of the files that the request names.
    given: Option<Given>,
    /// Whether it waits until the cookies of its environment are read.
    waits_for_jar: bool,
    /// What the user has agreed to.
    agreed: Vec<Question>,
    /// The exchange that is sent again as it was.
    again: Option<Arc<Exchange>>,
    /// The saved request that it is.
    origin: Option<Origin>,
    /// The answer that has to come first.
    awaited: Option<AnswerNeed>,
    /// The send that waits for the answer to this one.
    parent: Option<Box<Departure>>,
}

impl Departure {
    /// What it is called in a message.
    fn name(&self) -> &str {
        match &self.origin {
            Some(origin) => &origin.path,
            None => "this request",
        }
    }
}

/// Begins to send the draft.
pub fn begin(state: &mut State) -> Vec<Effect> {
    let request = state.builder.request();
    begin_with(state, request, false, None)
}

/// Begins to send another request than the draft, which stays.
pub fn begin_beside(state: &mut State, request: Request) -> Vec<Effect> {
    begin_with(state, request, true, None)
}

/// Begins to send an exchange of the history again as it was; its secrets are those of now.
pub fn begin_again(state: &mut State, exchange: Arc<Exchange>) -> Vec<Effect> {
    let request = exchange.request.clone();
    begin_with(state, request, true, Some(exchange))
}

fn begin_with(
    state: &mut State,
    request: Request,
    beside: bool,
    again: Option<Arc<Exchange>>,
) -> Vec<Effect> {
    let request = Box::new(request);
    let scope = match state.scope() {
        Ok(scope) => scope,
        Err(error) => {
            state.notice = Some(Notice::error(format!(
                "Not sent: {error}. {} chooses another environment.",
                state.key_name(super::command::Context::Anywhere, "environments")
            )));
            return Vec::new();
        }
    };
    let departure = Departure {
        job: state.jobs,
        request,
        beside,
        scope,
        facts: Facts::at(state.now),
        given: None,
        waits_for_jar: false,
        agreed: Vec::new(),
        again,
        origin: state.builder.origin.as_deref().filter(|_| !beside).cloned(),
        awaited: None,
        parent: None,
    };
    advance(state, departure)
}

/// Takes what the edge has fetched; what belongs to a send given up meanwhile is dropped.
pub fn gathered(state: &mut State, job: JobId, found: Vec<(Need, Found)>) -> Vec<Effect> {
    let Some(mut departure) = state.departure.take_if(|departure| departure.job == job) else {
        return Vec::new();
    };
    for (need, found) in found {
        departure.facts.learn(need, found);
    }
    advance(state, departure)
}

/// Takes what is known of the files; likewise.
pub fn looked_at(state: &mut State, job: JobId, given: Given) -> Vec<Effect> {
    let Some(mut departure) = state.departure.take_if(|departure| departure.job == job) else {
        return Vec::new();
    };
    departure.given = Some(given);
    advance(state, departure)
}

/// The cookies are read: a send that waited for them goes on.
pub(super) fn jar_is_read(state: &mut State) -> Vec<Effect> {
    let Some(mut departure) = state.departure.take_if(|it| it.waits_for_jar) else {
        return Vec::new();
    };
    departure.waits_for_jar = false;
    advance(state, departure)
}

/// Takes the user's answer to a prompt.
pub fn answered(state: &mut State, prompt: Prompt) -> Vec<Effect> {
    let Some(mut departure) = state.departure.take() else {
        return Vec::new();
    };
    let answer = prompt.typed.text().to_owned();
    departure
        .facts
        .learn(Need::Prompt(prompt.question), Ok(answer.into()));
    advance(state, departure)
}

/// Goes on after the user has agreed to something.
pub fn agreed(state: &mut State, question: Question) -> Vec<Effect> {
    let Some(mut departure) = state.departure.take() else {
        return Vec::new();
    };
    departure.agreed.push(question);
    advance(state, departure)
}

fn advance(state: &mut State, departure: Departure) -> Vec<Effect> {
    if let Some(exchange) = departure.again.clone().filter(|it| !needs_secrets(it)) {
        let mut prepared = exchange.prepared.clone();
        prepared.lineage = Lineage {
            environment: departure.scope.name.clone(),
            replayed_from: Some(exchange.id),
        };
        prepared.options.recording = recording_now(&departure);
        return ask_or_start(state, departure, prepared);
    }
    match template::expand(&departure.request, &departure.scope, &departure.facts) {
        Err(problem) if departure.parent.is_some() => {
            let reason = problem.to_string();
            firsts::refused(state, departure, &reason)
        }
        Err(problem) => {
            let mut given = departure.given.clone().unwrap_or_default();
            given.jar = state.jar();
            let first = PrepareError::from(problem.clone());
            let further = wrong_beside(&departure, &given, &first);
            if let Some(exchange) = &departure.again {
                let environment = departure.scope.name.as_deref();
                let all = [&[first], &*further].concat();
                return replay::wrong(state, exchange, environment, &all);
            }
            show_problem(state, problem, further);
            Vec::new()
        }
        Ok(Expansion::Needs(needs)) => {
            // What comes from a collection that is not trusted reads nothing of this machine.
            let origin = departure.origin.as_ref();
            if needs.iter().any(Need::is_of_this_machine) && trust::reads_unasked(state, origin) {
                return Vec::new();
            }
            let Departure {
                request,
                scope,
                facts,
                ..
            } = &departure;
            if trust::environment_reads_unasked(state, request, scope, facts) {
                return Vec::new();
            }
            fetch(state, departure, needs)
        }
        Ok(Expansion::Ready(expanded)) => {
            let origin = departure.origin.as_ref();
            let own = &departure.request.options;
            if trust::chooses_unasked(state, origin, own, &departure.scope) {
                return Vec::new();
            }
            let body = &expanded.request.body;
            let way = way(&expanded.request);
            let needs_look =
                matches!(body.kind, BodyKind::Multipart | BodyKind::File) || way.is_some();
            if departure.given.is_none() && needs_look {
                let way = way.unwrap_or_default();
                let has_files = !body.file_paths().is_empty() || way.has_files();
                let body = Box::new(body.clone());
                if has_files && trust::reads_unasked(state, departure.origin.as_ref()) {
                    return Vec::new();
                }
                return look_at(state, departure, body, way);
            }
            depart(state, departure, *expanded)
        }
    }
}

/// Whether it is kept is chosen now, whatever was chosen when it was sent before.
fn recording_now(departure: &Departure) -> Recording {
    options::recording(&departure.request.options, &departure.scope.options)
}

/// The edge looks at the files, which may have templates in their paths.
fn look_at(
    state: &mut State,
    mut departure: Departure,
    body: Box<Body>,
    way: Box<Transport>,
) -> Vec<Effect> {
    state.jobs.0 += 1;
    departure.job = state.jobs;
    let job = departure.job;
    state.departure = Some(departure);
    vec![Effect::LookAt { job, body, way }]
}

/// The way of a request that needs something from outside: files that it names, or chance for an
/// Idempotency-Key.
fn way(request: &Request) -> Option<Box<Transport>> {
    let options = options::read(&request.options).ok()?;
    let needs_chance = options.idempotency_key == IdempotencyKey::Made;
    (needs_chance || options.transport.has_files()).then(|| Box::new(options.transport))
}

fn depart(state: &mut State, mut departure: Departure, expanded: Expanded) -> Vec<Effect> {
    if state.waits_for_jar(&expanded.request) {
        departure.waits_for_jar = true;
        state.departure = Some(departure);
        return Vec::new();
    }
    let mut given = departure.given.clone().unwrap_or_default();
    given.jar = state.jar();
    match prepare_with(&expanded.request, &given) {
        Ok(mut prepared) => {
            prepared.secrets = expanded.secrets;
            prepared
                .lineage
                .environment
                .clone_from(&departure.scope.name);
            let again = departure.again.as_ref();
            match again.map(|exchange| as_it_was(&exchange.prepared, &prepared)) {
                Some(Err(missing)) => replay::stopped(state, &missing.to_string()),
                Some(Ok(mut as_it_was)) => {
                    as_it_was.lineage.replayed_from = again.map(|exchange| exchange.id);
                    as_it_was.options.recording = recording_now(&departure);
                    ask_or_start(state, departure, as_it_was)
                }
                None => ask_or_start(state, departure, prepared),
            }
        }
        Err(problem) if departure.parent.is_some() => {
            let reason = expanded.secrets.mask(&problem.reason).into_owned();
            firsts::refused(state, departure, &reason)
        }
        Err(mut problem) => {
            if departure.beside && departure.again.is_none() {
                state.builder.load(&departure.request);
            }
            problem.reason = expanded.secrets.mask(&problem.reason).into_owned();
            if let Place::Option(name) = problem.place {
                let reason = problem.reason;
                let error = OptionError { name, reason };
                let layers = &departure.scope.options;
                problem = options::located(error, &departure.request.options, layers).into();
            }
            let further = wrong_beside(&departure, &given, &problem);
            if let Some(exchange) = &departure.again {
                let environment = departure.scope.name.as_deref();
                let all = [&[problem], &*further].concat();
                return replay::wrong(state, exchange, environment, &all);
            }
            send::show_problems(state, problem, further);
            Vec::new()
        }
    }
}

/// What else is wrong with a request, as far as that can be told before the first problem is mended.
fn wrong_beside(departure: &Departure, given: &Given, first: &PrepareError) -> Vec<PrepareError> {
    wrong::further(&departure.request, first, |request| match template::expand(
        request,
        &departure.scope,
        &departure.facts,
    ) {
        Err(problem) => Some(problem.into()),
        Ok(Expansion::Needs(_)) => None,
        Ok(Expansion::Ready(expanded)) => {
            let given = wrong::trusting(given, &expanded.request);
            let mut problem = prepare_with(&expanded.request, &given).err()?;
            problem.reason = expanded.secrets.mask(&problem.reason).into_owned();
            Some(problem)
        }
    })
}

fn ask_or_start(state: &mut State, departure: Departure, prepared: PreparedRequest) -> Vec<Effect> {
    match question(state, &departure, &prepared) {
        Some(question) => {
            state.departure = Some(departure);
            state.popup = Some(Popup::Question(question));
            Vec::new()
        }
        None => start(state, departure, prepared),
    }
}

fn start(state: &mut State, departure: Departure, prepared: PreparedRequest) -> Vec<Effect> {
    let request = *departure.request;
    let is_looked_at = departure.beside && departure.parent.is_none();
    let beside = is_looked_at.then(|| past::viewed(&request, state.builder.tab));
    let (origin, waiting) = (departure.origin, departure.parent);
    state.names.learn(&request);
    state.give_way_to_answer();
    if !departure.beside {
        // Whatever kept the draft back before is mended.
        state.builder.problem = None;
    }
    let effects = send::start(state, request, prepared, origin, waiting);
    if let (Some(_), Shown::InFlight(send)) = (&departure.again, state.response.shown()) {
        let send = *send;
        replay::departed(state, send);
    }
    if beside.is_some() {
        (state.viewing, state.viewed, state.focus) = (true, beside, Focus::Response);
    }
    effects
}

/// The edge fetches what it can; then the user is asked, one question at a time.
fn fetch(state: &mut State, mut departure: Departure, mut needs: Vec<Need>) -> Vec<Effect> {
    let prompt = needs.iter().find_map(|need| match need {
        Need::Prompt(question) => Some(question.clone()),
        Need::Randomness | Need::Env(_) | Need::File(_) | Need::Response(_) => None,
    });
    let answer = needs.iter().find_map(|need| match need {
        Need::Response(need) => Some(need.clone()),
        Need::Randomness | Need::Env(_) | Need::File(_) | Need::Prompt(_) => None,
    });
    needs.retain(|need| !matches!(need, Need::Prompt(_) | Need::Response(_)));
    let mut effects = Vec::new();
    // The user is asked last: a code that is good for a minute must not wait for another answer.
    if needs.is_empty()
        && let Some(answer) = answer
    {
        return firsts::ask(state, departure, answer);
    }
    if needs.is_empty() {
        state.popup = prompt.map(|question| Popup::Prompt(Prompt::new(question)));
    } else {
        state.jobs.0 += 1;
        departure.job = state.jobs;
        let job = departure.job;
        effects.push(Effect::Gather { job, needs });
    }
    state.departure = Some(departure);
    effects
}

/// What has to be confirmed before this goes out.
fn question(state: &State, departure: &Departure, prepared: &PreparedRequest) -> Option<Question> {
    if send::is_safe(&prepared.method) {
        return None;
    }
    let environment = production(state, departure);
    let production = environment.map(|environment| Question::Production {
        environment,
        method: prepared.method.clone(),
    });
    let shown = prepared.masked();
    // A multipart body has another boundary each time, so that the same as built counts, too.
    let same = |it: &send::InFlight| it.prepared == shown || it.request == *departure.request;
    let twice = state.sends.all().any(same);
    let asked = production
        .into_iter()
        .chain(twice.then_some(Question::SendTwice));
    asked
        .into_iter()
        .find(|question| !departure.agreed.contains(question))
}

/// The production environment that it goes to: the chosen one, or the one that it went to before, where an
/// exchange goes out again as it was.
fn production(state: &State, departure: &Departure) -> Option<String> {
    if departure.scope.production {
        return Some(departure.scope.name.clone().unwrap_or_default());
    }
    let before = departure
        .again
        .as_ref()?
        .prepared
        .lineage
        .environment
        .clone()?;
    let scope = state.environments.scope(Some(&before)).ok()?;
    scope.production.then_some(before)
}

/// Puts the cursor where the template is wrong.
fn show_problem(state: &mut State, problem: Problem, further: Vec<PrepareError>) {
    let (part, offset) = (problem.spot.part, problem.offset);
    let problem = PrepareError::from(problem);
    let place = problem.place;
    send::show_problems(state, problem, further);
    let cell = if part == Part::Name {
        Cell::Name
    } else {
        Cell::Value
    };
    if let Place::Header(row)
    | Place::Path(row)
    | Place::Query(row)
    | Place::Form(row)
    | Place::Part(row, _) = place
        && let Some(table) = state.builder.table()
    {
        table.to_place(row, cell);
    }
    let focus = state.focus;
    if place != Place::Method
        && let Some(editor) = state.builder.editor(focus)
    {
        editor.move_to(offset);
    }
}

/// Opens the tab of a place, the cursor at it.
pub(super) fn go_to(state: &mut State, place: Place) {
    let (tab, row) = match place {
        Place::Url | Place::Method => {
            state.focus = Focus::Url;
            return;
        }
        Place::Header(row) => (RequestTab::Headers, Some((row, Cell::Value))),
        Place::Path(row) => (RequestTab::Path, Some((row, Cell::Value))),
        Place::Query(row) => (RequestTab::Query, Some((row, Cell::Value))),
        Place::Form(row) => (RequestTab::Body, Some((row, Cell::Value))),
        Place::Part(row, cell) => (RequestTab::Body, Some((row, cell))),
        Place::Body(spot) => {
            state.builder.to_spot(spot);
            (RequestTab::Body, None)
        }
        Place::Option(name) => {
            state.builder.options.settings.to_name(name);
            (RequestTab::Options, None)
        }
        Place::Auth(field) => {
            state.builder.auth.settings.to_name(field);
            (RequestTab::Auth, None)
        }
    };
    state.focus = Focus::Request;
    state.builder.open_tab(tab);
    if let (Some((row, cell)), Some(table)) = (row, state.builder.table()) {
        table.to_place(row, cell);
    }
}
