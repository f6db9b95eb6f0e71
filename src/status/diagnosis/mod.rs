//! What an outcome means: the catalogue or the failure's words, the user's own message, and the
//! evidence in this very exchange.
//!
//! ```text
//! Exchange ── Scene ──► FAMILIES, one after the other ──► Finding, Finding, … ──► Diagnosis
//!          (what is asked of it,  (each looks for its      (sentence, RFC section,
//!           read once)             own kind of evidence)    steps one key away)
//! ```
//!
//! A new kind of evidence is a file with a function, and a row in [`FAMILIES`].

mod advice;
mod answers;
mod attempts;
mod conditions;
mod connection;
mod credentials;
mod encryption;
mod failed;
mod fields;
mod finding;
mod forgery;
mod interim;
mod limits;
mod media;
mod methods;
mod multistatus;
mod operator;
mod paths;
mod problem;
mod proxied;
mod redirects;
mod scene;
mod size;
mod step;
mod token;

use jiff::Timestamp;
use serde::Serialize;

use crate::model::{
    Exchange, Failure, FailureKind, Outcome, OwnSecrets, PreparedRequest, Processed, Redact,
    Response, RuleLevel,
};

use super::{
    catalogue::{self, Class},
    failure,
};

pub use fields::{FieldPlace, FieldProblem, find_member, fit_name};
pub use finding::Finding;
pub use limits::{spoken_age, spoken_seconds};
pub use multistatus::Part;
pub use paths::{is_missed, near_miss};
pub use redirects::redirect_evidence;
pub use scene::{Scene, parse_date};
pub use step::Step;

use token::Token;

/// What an outcome means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    pub mark: Mark,
    /// `201 Created`, `refused`.
    pub title: String,
    /// The user's own message, where a rule matched.
    pub message: Option<String>,
    /// How that rule takes it.
    pub level: Option<RuleLevel>,
    pub meaning: String,
    /// What it means for a POST in particular; for a failure, whether the server may have acted.
    pub for_post: Option<String>,
    /// What this very exchange says, each a sentence: the texts of the findings.
    pub evidence: Vec<String>,
    /// The same with the sections that lay them down, and the steps that they offer.
    pub findings: Vec<Finding>,
    /// What the server says is wrong with single fields.
    pub fields: Vec<FieldProblem>,
    /// Of a 207, those first that failed.
    pub parts: Vec<Part>,
    pub causes: Vec<String>,
    pub next: String,
    /// Where the meaning is laid down: the RFC section or the vendor.
    pub reference: Option<String>,
}

/// The colour and symbol of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    Class(Class),
    Failure,
}

impl Mark {
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Class(class) => class.symbol(),
            Self::Failure => "✕",
        }
    }
}

/// A kind of evidence.
pub struct Family {
    pub name: &'static str,
    pub(super) look: fn(&Scene) -> Vec<Finding>,
}

const fn family(name: &'static str, look: fn(&Scene) -> Vec<Finding>) -> Family {
    Family { name, look }
}

/// Every family, in the order of their sentences: what happened on the way, then what the server
/// says in its own words, then what follows from its header fields.
pub const FAMILIES: &[Family] = &[
    family("attempts", attempts::look),
    family("interim answers", interim::look),
    family("redirects", redirects::look),
    family("failures", failed::look),
    family("what was made, and why there is no body", answers::look),
    family("parts of a 207", multistatus::look),
    family("single fields", fields::look),
    family("the server's own words", problem::look),
    family("forged requests", forgery::look),
    family("credentials", credentials::look),
    family("paths", paths::look),
    family("methods", methods::look),
    family("kinds of body", media::look),
    family("conditions", conditions::look),
    family("sizes", size::look),
    family("connections", connection::look),
    family("limits and waiting", limits::look),
    family("who answered, and whether to repeat", operator::look),
    family("the user's own rules", own_rules),
];

impl Diagnosis {
    /// Takes in a finding that needs more than the exchange to be made: it goes before those that every
    /// such exchange has.
    pub fn add(&mut self, finding: Finding) {
        self.evidence.insert(0, finding.text.clone());
        self.findings.insert(0, finding);
    }

    /// What can be done about it, in the order of the findings, each once; with the time from which
    /// on the server wants it.
    pub fn steps(&self) -> Vec<(&Step, Option<Timestamp>)> {
        let mut steps: Vec<(&Step, Option<Timestamp>)> = Vec::new();
        for finding in &self.findings {
            for step in &finding.steps {
                if !steps.iter().any(|(other, _)| *other == step) {
                    steps.push((step, finding.not_before));
                }
            }
        }
        steps
    }

    /// The one sentence for a row: what the first step follows from, else what is found first.
    pub fn row_evidence(&self) -> Option<&str> {
        let own = || self.findings.iter().filter(|it| !it.is_general);
        let finding = match self.mark {
            Mark::Failure => own().next(),
            Mark::Class(_) => own()
                .find(|it| !it.steps.is_empty())
                .or_else(|| own().next()),
        };
        Some(&finding.or_else(|| self.findings.first())?.text)
    }

    /// The finding that offers the first step.
    pub fn leading(&self) -> Option<&Finding> {
        self.findings.iter().find(|it| !it.steps.is_empty())
    }
}

/// What the outcome of an exchange means; `None` while it is in flight.
pub fn diagnose(exchange: &Exchange) -> Option<Diagnosis> {
    diagnose_with(exchange, Token::sent_with(exchange).as_ref())
}

/// As [`diagnose`], for what is printed: nothing in it is secret, neither to everybody nor to the user. What a
/// token says about itself is read before the secrets go.
pub fn diagnose_without_secrets(exchange: &Exchange, own: &OwnSecrets) -> Option<Diagnosis> {
    let token = Token::sent_with(exchange);
    let hidden = own.hide_around_answer(exchange.clone()).redacted();
    diagnose_with(&hidden, token.as_ref())
}

fn diagnose_with(exchange: &Exchange, token: Option<&Token>) -> Option<Diagnosis> {
    let outcome = exchange.outcome.as_ref()?;
    let scene = Scene::new(exchange, outcome, token);
    let findings: Vec<Finding> = FAMILIES
        .iter()
        .flat_map(|family| (family.look)(&scene))
        .collect();
    let mut diagnosis = match outcome {
        Outcome::Response(response) => explain_response(exchange, response),
        Outcome::Failure(failure) => explain_failure(&scene, failure),
    };
    if let Some(next) = redirects::next(&scene).or_else(|| forgery::next(&scene)) {
        diagnosis.next = next;
    }
    Some(Diagnosis {
        evidence: findings.iter().map(|it| it.text.clone()).collect(),
        findings,
        fields: scene.fields,
        parts: scene.parts,
        ..diagnosis
    })
}

fn explain_response(exchange: &Exchange, response: &Response) -> Diagnosis {
    let explanation = catalogue::explain(response.head.status);
    let phrase = response
        .head
        .reason
        .clone()
        .unwrap_or_else(|| explanation.phrase.clone());
    Diagnosis {
        mark: Mark::Class(explanation.class),
        title: format!("{} {phrase}", response.head.status),
        message: exchange.message.clone(),
        level: exchange.verdict.level,
        meaning: explanation.meaning,
        for_post: is_answer_to_post(exchange).then_some(explanation.for_post),
        evidence: Vec::new(),
        findings: Vec::new(),
        fields: Vec::new(),
        parts: Vec::new(),
        causes: explanation.causes,
        next: explanation.next,
        reference: Some(explanation.reference),
    }
}

fn explain_failure(scene: &Scene, failure: &Failure) -> Diagnosis {
    let exchange = scene.exchange;
    let text = failure::describe(failure.kind);
    let meaning = advice::meaning(scene, failure).unwrap_or(text.meaning);
    let next = advice::next(scene, failure).unwrap_or(text.next);
    Diagnosis {
        mark: Mark::Failure,
        title: text.name.to_owned(),
        message: exchange.message.clone(),
        level: exchange.verdict.level,
        meaning: meaning.to_owned(),
        for_post: Some(failure::processed_sentence(failure).to_owned()),
        evidence: Vec::new(),
        findings: Vec::new(),
        fields: Vec::new(),
        parts: Vec::new(),
        causes: failure.causes.clone(),
        next: next_after_failure(failure, next),
        reference: None,
    }
}

fn next_after_failure(failure: &Failure, usual: &str) -> String {
    match failure.processed {
        Processed::Answered
            if failure.kind != FailureKind::Credentials && failure.partial.is_none() =>
        {
            format!("{usual} An earlier hop was answered; see Hops.")
        }
        Processed::No | Processed::Maybe | Processed::Answered => usual.to_owned(),
    }
}

/// Rules that could not be evaluated: they hide nothing, and say why.
fn own_rules(scene: &Scene) -> Vec<Finding> {
    let problem = scene.exchange.verdict.problem.as_ref();
    problem.map(Finding::new).into_iter().collect()
}

/// Whether what was answered is a POST: on the way a redirect may have made a GET of it.
fn is_answer_to_post(exchange: &Exchange) -> bool {
    let last = exchange.hops.last();
    last.map_or_else(
        || is_post(&exchange.prepared),
        |hop| hop.method.eq_ignore_ascii_case("post"),
    )
}

fn is_post(prepared: &PreparedRequest) -> bool {
    prepared.method.eq_ignore_ascii_case("post")
}

#[cfg(test)]
mod tests;
