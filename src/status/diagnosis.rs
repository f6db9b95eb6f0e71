//! What an outcome means: the catalogue or the failure's words, the user's own message, and the
//! evidence in this very exchange.

use serde::Serialize;

use crate::model::{
    Exchange, Failure, FailureKind, Header, Hop, Outcome, PreparedRequest, Processed, Purpose,
    Response, find_header,
};

use super::{
    catalogue::{self, Class},
    failure,
};

/// What an outcome means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    pub mark: Mark,
    /// `201 Created`, `refused`.
    pub title: String,
    /// The user's own message, where a rule matched.
    pub message: Option<String>,
    pub meaning: String,
    /// What it means for a POST in particular; for a failure, whether the server may have acted.
    pub for_post: Option<String>,
    /// What this very exchange says, each a sentence.
    pub evidence: Vec<String>,
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

/// What the outcome of an exchange means; `None` while it is in flight.
pub fn diagnose(exchange: &Exchange) -> Option<Diagnosis> {
    Some(match exchange.outcome.as_ref()? {
        Outcome::Response(response) => diagnose_response(exchange, response),
        Outcome::Failure(failure) => diagnose_failure(exchange, failure),
    })
}

fn diagnose_response(exchange: &Exchange, response: &Response) -> Diagnosis {
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
        meaning: explanation.meaning,
        for_post: is_post(&exchange.prepared).then_some(explanation.for_post),
        evidence: response_evidence(exchange, response),
        causes: explanation.causes,
        next: explanation.next,
        reference: Some(explanation.reference),
    }
}

fn diagnose_failure(exchange: &Exchange, failure: &Failure) -> Diagnosis {
    let text = failure::describe(failure.kind);
    let mut evidence = redirect_evidence(exchange);
    if failure.kind != FailureKind::Credentials {
        evidence.push(format!("It failed while {}.", failure.phase.doing()));
    }
    if let Some(partial) = &failure.partial {
        evidence.push(format!(
            "A {} head and {} bytes of its body had arrived.",
            partial.head.status,
            partial.body.len()
        ));
    }
    Diagnosis {
        mark: Mark::Failure,
        title: text.name.to_owned(),
        message: None,
        meaning: text.meaning.to_owned(),
        for_post: Some(failure::processed_sentence(failure).to_owned()),
        evidence,
        causes: failure.causes.clone(),
        next: next_after_failure(failure, text.next),
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

fn is_post(prepared: &PreparedRequest) -> bool {
    prepared.method.eq_ignore_ascii_case("post")
}

/// Header fields whose value is the evidence itself, and the statuses they belong to (RFC 9110
/// throughout; `*` for any).
const TELLING_HEADERS: &[(&[u16], &str, &str)] = &[
    (
        &[201, 202, 300, 301, 302, 303, 307, 308],
        "location",
        "Location",
    ),
    (&[405], "allow", "Allowed methods"),
    (&[401], "www-authenticate", "The server asks for"),
    (&[407], "proxy-authenticate", "The proxy asks for"),
    (&[413, 429, 503], "retry-after", "Retry-After"),
    (&[415], "accept-post", "Accepted bodies"),
    (&[415], "accept", "Accepted bodies"),
    (&[426], "upgrade", "Upgrade to"),
];

fn response_evidence(exchange: &Exchange, response: &Response) -> Vec<String> {
    let mut evidence = redirect_evidence(exchange);
    let head = &response.head;
    evidence.extend(
        TELLING_HEADERS
            .iter()
            .filter(|(statuses, _, _)| statuses.contains(&head.status))
            .filter_map(|(_, name, words)| {
                let header = find_header(&head.headers, name)?;
                Some(format!("{words}: {}", header.text()))
            }),
    );
    if matches!(head.status, 401 | 403) {
        evidence.push(credentials_evidence(exchange));
    }
    evidence
}

fn credentials_evidence(exchange: &Exchange) -> String {
    let headers: &[Header] = exchange.hops.last().map_or(&[], |hop| &hop.request_headers);
    let sent = ["authorization", "cookie"]
        .iter()
        .find_map(|name| find_header(headers, name));
    match sent {
        Some(header) => format!("The request did carry {}.", header.name),
        None => "The request carried no Authorization and no Cookie.".to_owned(),
    }
}

/// What redirects did to the request: a POST that became a GET is said out loud.
pub fn redirect_evidence(exchange: &Exchange) -> Vec<String> {
    let hops = exchange.hops.iter();
    let own: Vec<&Hop> = hops.filter(|hop| hop.purpose != Purpose::Token).collect();
    own.iter()
        .zip(own.iter().skip(1))
        .filter(|(_, to)| to.purpose != Purpose::Challenge)
        .map(|(from, to)| hop_evidence(from, to))
        .collect()
}

fn hop_evidence(from: &Hop, to: &Hop) -> String {
    let status = from.response.as_ref().map_or(0, |head| head.status);
    let dropped = match to.dropped.as_slice() {
        [] => String::new(),
        dropped => format!(" Not sent along: {}.", dropped.join(", ")),
    };
    if from.method == to.method {
        format!(
            "Redirected by {status} to {}, still a {}.{dropped}",
            to.url, to.method
        )
    } else {
        format!(
            "REDIRECTED by {status}: the {} BECAME A {} to {}.{dropped}",
            from.method, to.method, to.url
        )
    }
}
