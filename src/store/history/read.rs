//! Exchanges out of the database.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::{
    Connection, OptionalExtension, Row,
    types::{FromSqlError, Type},
};
use serde::de::DeserializeOwned;

use crate::model::{Exchange, ExchangeId, Outcome, RuleLevel, Summary, Verdict};

use super::{
    pieces::{PreparedAgain, assemble},
    standing::read_standing,
};

/// The columns of a list row, in the order in which [`read_summary`] takes them.
pub(super) const SUMMARY: &str =
    "id, started_at, method, url, standing, message, duration, body_bytes, level, evidence";

pub(super) fn read_summary(row: &Row<'_>) -> rusqlite::Result<Summary> {
    Ok(Summary {
        id: ExchangeId(row.get(0)?),
        started_at: timestamp(row.get(1)?)?,
        method: row.get(2)?,
        url: row.get(3)?,
        standing: read_standing(row.get_ref(4)?.as_str()?),
        message: row.get(5)?,
        duration: row.get::<_, Option<i64>>(6)?.map(duration),
        body_bytes: row.get::<_, Option<i64>>(7)?.map(i64::cast_unsigned),
        level: level(row, 8)?,
        evidence: row.get(9)?,
    })
}

/// One exchange with its bodies; `None` when there is no such number.
pub(super) fn load(connection: &Connection, id: ExchangeId) -> rusqlite::Result<Option<Exchange>> {
    let mut statement = connection.prepare(
        "SELECT started_at, duration, message, request, prepared, hops, outcome, level, rule_problem
         FROM exchange JOIN detail USING (id) WHERE id = ?1",
    )?;
    let exchange = statement.query_row([id.0], |row| {
        let PreparedAgain { request, pieces } = from_json(row, 4)?;
        let exchange = Exchange {
            id,
            started_at: timestamp(row.get(0)?)?,
            duration: row.get::<_, Option<i64>>(1)?.map(duration),
            message: row.get(2)?,
            verdict: Verdict {
                level: level(row, 7)?,
                problem: row.get(8)?,
            },
            request: from_json(row, 3)?,
            prepared: request,
            hops: from_json(row, 5)?,
            outcome: match row.get_ref(6)?.as_str_or_null()? {
                Some(_) => Some(from_json(row, 6)?),
                None => None,
            },
        };
        Ok((exchange, pieces))
    });
    let Some((mut exchange, pieces)) = exchange.optional()? else {
        return Ok(None);
    };
    exchange.prepared.body = assemble(pieces, body(connection, "request_body", id)?);
    put_back(&mut exchange, body(connection, "response_body", id)?);
    Ok(Some(exchange))
}

/// A level that this posttui does not know is none.
fn level(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<RuleLevel>> {
    let name: Option<String> = row.get(column)?;
    Ok(name.and_then(|name| RuleLevel::named(&name)))
}

/// The response's body, which is stored beside the outcome, goes back into it.
fn put_back(exchange: &mut Exchange, body: Bytes) {
    match &mut exchange.outcome {
        Some(Outcome::Response(response)) => response.body = body,
        Some(Outcome::Failure(failure)) => {
            if let Some(partial) = &mut failure.partial {
                partial.body = body;
            }
        }
        None => {}
    }
}

fn body(connection: &Connection, table: &'static str, id: ExchangeId) -> rusqlite::Result<Bytes> {
    let sql = format!("SELECT bytes FROM {table} WHERE id = ?1 ORDER BY part");
    let mut statement = connection.prepare(&sql)?;
    let mut parts = statement.query([id.0])?;
    let mut body = Vec::new();
    while let Some(part) = parts.next()? {
        body.extend_from_slice(part.get_ref(0)?.as_blob()?);
    }
    Ok(body.into())
}

fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

fn timestamp(nanoseconds: i64) -> rusqlite::Result<Timestamp> {
    Timestamp::from_nanosecond(nanoseconds.into())
        .map_err(|_| FromSqlError::OutOfRange(nanoseconds).into())
}

fn duration(nanoseconds: i64) -> Duration {
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or_default())
}
