//! Exchanges into the database. Nothing is written before its secrets are taken out.

use std::{borrow::Cow, time::Duration};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Statement, params};
use serde::Serialize;

use crate::{
    model::{
        ExchangeId, Failure, FailureKind, Header, Hop, Original, Outcome, Phase, PreparedRequest,
        Processed, Redact, Request, ResponseHead, RuleLevel, Standing, Verdict, find_header,
    },
    search::{haystack, host_of, path_of},
};

use super::{
    as_sent::StoredRequest,
    bodies::{self, Content, Side},
    labels::delete_removed,
    pieces::StoredPrepared,
    standing::{IN_FLIGHT, write_standing},
};

/// An exchange that is about to be sent, without its secrets.
pub(super) struct Beginning<'a> {
    request: &'a Request,
    prepared: PreparedRequest,
    pub body: Option<Content>,
    started_at: Timestamp,
}

impl<'a> Beginning<'a> {
    pub(super) fn new(
        request: &'a Request,
        prepared: &PreparedRequest,
        started_at: Timestamp,
    ) -> Self {
        let prepared = prepared.redacted();
        Self {
            request,
            body: Content::of(prepared.body.in_memory()),
            prepared,
            started_at,
        }
    }

    /// What takes too long for a transaction.
    pub(super) fn long_body(&mut self) -> Option<&mut Content> {
        self.body.as_mut().filter(|body| body.is_long())
    }
}

/// Writes rows of exchanges that begin; the statements are made once for many rows.
pub(super) struct Beginner<'c> {
    exchange: Statement<'c>,
    detail: Statement<'c>,
    connection: &'c Connection,
}

impl<'c> Beginner<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            exchange: connection.prepare(
                "INSERT INTO exchange (
                    started_at, latest_at, owner, method, url, host, path, standing, haystack,
                    environment, replayed_from, sent_bytes
                ) VALUES (
                    ?1, max(?1, coalesce((SELECT latest_at FROM exchange ORDER BY id DESC LIMIT 1), ?1)),
                    ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11
                )",
            )?,
            detail: connection.prepare(
                "INSERT INTO detail (id, request, prepared, hops) VALUES (?1, ?2, ?3, '[]')",
            )?,
            connection,
        })
    }

    pub(super) fn begin(
        &mut self,
        owner: &str,
        beginning: &mut Beginning<'_>,
    ) -> rusqlite::Result<ExchangeId> {
        let Beginning {
            request, prepared, ..
        } = &*beginning;
        let (method, url) = (&prepared.method, &prepared.url);
        self.exchange.execute(params![
            nanoseconds(beginning.started_at),
            owner,
            method,
            url,
            host_of(url),
            path_of(url),
            IN_FLIGHT,
            haystack(method, url, Standing::InFlight, None),
            prepared.lineage.environment.as_deref().unwrap_or_default(),
            prepared.lineage.replayed_from.map(|id| id.0),
            prepared.body.len() as i64,
        ])?;
        let id = self.connection.last_insert_rowid();
        let request = StoredRequest::of(Cow::Owned(request.redacted()), &prepared.body);
        let request = json(&request)?;
        let details = json(&StoredPrepared::of(prepared))?;
        self.detail.execute(params![id, request, details])?;
        if beginning.body.is_some() {
            bodies::attach(self.connection, id, Side::Sent, beginning.body.as_mut())?;
        }
        Ok(ExchangeId(id))
    }
}

/// Writes the outcomes of exchanges; the statements are made once for many rows.
pub(super) struct Finisher<'c> {
    address: Statement<'c>,
    exchange: Statement<'c>,
    detail: Statement<'c>,
    connection: &'c Connection,
}

/// What an exchange came to, without its secrets.
pub(super) struct Ending<'a> {
    pub hops: &'a [Hop],
    pub outcome: Outcome,
    pub body: Option<Content>,
    /// `None` when nobody saw the end.
    pub duration: Option<Duration>,
    pub message: Option<&'a str>,
    pub verdict: &'a Verdict,
    /// What stands in the row of what the exchange says.
    pub evidence: Option<&'a str>,
}

impl<'a> Ending<'a> {
    /// An outcome that nothing more is known of than the hops before it.
    pub(super) fn new(hops: &'a [Hop], outcome: &Outcome, verdict: &'a Verdict) -> Self {
        let outcome = outcome.redacted();
        let received = outcome.received().map(|response| response.body.clone());
        Self {
            hops,
            body: received.and_then(Content::of),
            outcome,
            duration: None,
            message: None,
            verdict,
            evidence: None,
        }
    }

    /// What takes too long for a transaction.
    pub(super) fn long_body(&mut self) -> Option<&mut Content> {
        self.body.as_mut().filter(|body| body.is_long())
    }
}

impl<'c> Finisher<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            address: connection.prepare("SELECT method, url FROM exchange WHERE id = ?1")?,
            exchange: connection.prepare(
                "UPDATE exchange SET
                    owner = NULL, standing = ?2, message = ?3, duration = ?4, body_bytes = ?5, haystack = ?6,
                    version = ?7, media = ?8, indexed = 0, level = ?9, rule_problem = ?10,
                    evidence = ?11
                WHERE id = ?1",
            )?,
            detail: connection
                .prepare("UPDATE detail SET hops = ?2, outcome = ?3 WHERE id = ?1")?,
            connection,
        })
    }

    /// Says whether there is such an exchange. One that was taken for interrupted gets its true outcome.
    pub(super) fn finish(
        &mut self,
        id: ExchangeId,
        ending: &mut Ending<'_>,
    ) -> rusqlite::Result<bool> {
        let address = self.address.query_row([id.0], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        });
        let Some((method, url)) = address.optional()? else {
            return Ok(false);
        };
        let outcome = &ending.outcome;
        let standing = outcome.standing();
        let head = outcome.received().map(|response| &response.head);
        self.exchange.execute(params![
            id.0,
            write_standing(standing),
            ending.message,
            ending.duration.map(duration_nanoseconds),
            outcome.received().map(|response| response.size() as i64),
            haystack(&method, &url, standing, ending.message),
            head.map(|head| head.version.to_string()),
            head.map(media).unwrap_or_default(),
            ending.verdict.level.map(RuleLevel::name),
            ending.verdict.problem,
            ending.evidence,
        ])?;
        let hops: Vec<Hop> = ending.hops.iter().map(Redact::redacted).collect();
        self.detail
            .execute(params![id.0, json(&hops)?, json(outcome)?])?;
        bodies::replace(self.connection, id.0, Side::Received, ending.body.as_mut())?;
        Ok(true)
    }
}

/// The media type without its parameters, in lower case; empty where there is none.
pub(super) fn media(head: &ResponseHead) -> String {
    let field = find_header(&head.headers, "content-type");
    let text = field.map(Header::text).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// How much of a response's body is kept, in bytes: a history of gigabytes would help nobody.
const KEPT: usize = 64 * 1024 * 1024;

/// What the history keeps of an outcome: of a very long body its start, with a mark.
#[must_use]
pub fn kept(mut outcome: Outcome) -> Outcome {
    let response = outcome.received_mut();
    if let Some(response) = response.filter(|response| response.body.len() > KEPT) {
        response.whole = Some(Original::cut(response.size()));
        response.body.truncate(KEPT);
    }
    outcome
}

/// Finishes what `owner` left in flight: nobody saw how it ended. Returns how many there were.
pub(super) fn interrupt_all(connection: &Connection, owner: &str) -> rusqlite::Result<usize> {
    let mut left = connection.prepare("SELECT id FROM exchange WHERE owner = ?1")?;
    let ids: Vec<i64> = left
        .query_map([owner], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut finisher = Finisher::new(connection)?;
    for id in &ids {
        let verdict = Verdict::default();
        let mut ending = Ending::new(&[], &interrupted(), &verdict);
        finisher.finish(ExchangeId(*id), &mut ending)?;
    }
    delete_removed(connection, owner)?;
    Ok(ids.len())
}

/// The outcome of an exchange whose posttui ended before it did.
pub(super) fn interrupted() -> Outcome {
    Outcome::Failure(Failure {
        kind: FailureKind::Interrupted,
        phase: Phase::Send,
        causes: Vec::new(),
        processed: Processed::Maybe,
        partial: None,
    })
}

pub(super) fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// Nanoseconds since 1970; times beyond what 64 bits hold (1677 to 2262) become the nearest within.
pub(super) fn nanoseconds(at: Timestamp) -> i64 {
    let nanoseconds = at.as_nanosecond();
    nanoseconds.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

fn duration_nanoseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}
