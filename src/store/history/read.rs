//! Exchanges out of the database.

use std::{path::Path, time::Duration};

use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::{
    Connection, OptionalExtension, Row,
    types::{FromSqlError, Type},
};
use serde::de::DeserializeOwned;

use crate::model::{
    Exchange, ExchangeId, HttpVersion, LOST_BODY, Label, Lineage, Outcome, RuleLevel, Summary,
    Verdict,
};

use super::{
    bodies::{self, Side},
    pieces::{PreparedAgain, assemble},
    standing::read_standing,
};

/// The columns of a list row, in the order in which [`read_summary`] takes them.
pub(super) const SUMMARY: &str = "id, started_at, method, url, standing, message, duration, body_bytes, sent_bytes, version, media, name, note, tags, pinned, environment, replayed_from, level, evidence";

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
        sent_bytes: row.get::<_, Option<i64>>(8)?.map(i64::cast_unsigned),
        version: version(row.get_ref(9)?.as_str_or_null()?),
        media: said(row.get(10)?),
        found: None,
        label: Label {
            name: row.get(11)?,
            note: row.get(12)?,
            tags: tags(row.get_ref(13)?.as_str_or_null()?),
            pinned: row.get(14)?,
        },
        lineage: Lineage {
            environment: said(row.get(15)?),
            replayed_from: row.get::<_, Option<i64>>(16)?.map(ExchangeId),
        },
        level: level(row, 17)?,
        evidence: row.get(18)?,
    })
}

/// A column in which nothing is an empty text.
fn said(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// A version that this posttui does not know is none.
fn version(name: Option<&str>) -> Option<HttpVersion> {
    serde_json::from_value(name?.into()).ok()
}

/// The tags of a column as [`joined_tags`] writes it.
pub(super) fn tags(column: Option<&str>) -> Vec<String> {
    let tags = column.unwrap_or_default().split_whitespace();
    tags.map(str::to_owned).collect()
}

/// Each tag between blanks, so that each is found as a whole; nothing for no tags.
pub(super) fn joined_tags(tags: &[String]) -> Option<String> {
    (!tags.is_empty()).then(|| format!(" {} ", tags.join(" ")))
}

/// One exchange with its bodies; `None` when there is no such number.
pub(super) fn load(connection: &Connection, id: ExchangeId) -> rusqlite::Result<Option<Exchange>> {
    let sql = "SELECT 1 FROM exchange WHERE id = ?1 AND removed_by IS NULL";
    let there = connection.query_row(sql, [id.0], |_| Ok(())).optional()?;
    if there.is_some() {
        load_any(connection, id)
    } else {
        Ok(None)
    }
}

/// Likewise, of those that were removed too.
pub(super) fn load_any(
    connection: &Connection,
    id: ExchangeId,
) -> rusqlite::Result<Option<Exchange>> {
    load_any_from(connection, id, bodies::folder(connection).as_deref())
}

/// Likewise, with its bodies' files in another folder than that beside the database.
pub(super) fn load_any_from(
    connection: &Connection,
    id: ExchangeId,
    folder: Option<&Path>,
) -> rusqlite::Result<Option<Exchange>> {
    load_with(connection, id, |side| {
        bodies::load(connection, folder, id.0, side)
    })
}

/// Likewise, where a body cannot be read with the reason in its place.
pub(super) fn load_despite_bodies(
    connection: &Connection,
    id: ExchangeId,
    folder: Option<&Path>,
) -> rusqlite::Result<Option<Exchange>> {
    load_with(connection, id, |side| {
        let loaded = bodies::load(connection, folder, id.0, side);
        Ok(loaded.unwrap_or_else(|error| format!("{LOST_BODY}{error}›").into()))
    })
}

/// Likewise, of those that were removed too, without a look at the bodies.
pub(super) fn load_without_bodies(
    connection: &Connection,
    id: ExchangeId,
) -> rusqlite::Result<Option<Exchange>> {
    load_with(connection, id, |_| Ok(Bytes::new()))
}

/// Likewise, with no more than so many bytes of each body, and these as they are: whether they are what was
/// kept is known of the whole of it alone.
pub(super) fn load_beginning(
    connection: &Connection,
    id: ExchangeId,
    most: usize,
) -> rusqlite::Result<Option<Exchange>> {
    let folder = bodies::folder(connection);
    load_with(connection, id, |side| {
        bodies::beginning(connection, folder.as_deref(), (id.0, side), most)
    })
}

fn load_with(
    connection: &Connection,
    id: ExchangeId,
    body: impl Fn(Side) -> rusqlite::Result<Bytes>,
) -> rusqlite::Result<Option<Exchange>> {
    let mut statement = connection.prepare(
        "SELECT started_at, duration, message, request, prepared, hops, outcome,
            environment, replayed_from, level, rule_problem
         FROM exchange JOIN detail USING (id) WHERE id = ?1",
    )?;
    let exchange = statement.query_row([id.0], |row| {
        let PreparedAgain {
            mut request,
            pieces,
        } = from_json(row, 4)?;
        request.lineage = Lineage {
            environment: said(row.get("environment")?),
            replayed_from: row.get::<_, Option<i64>>("replayed_from")?.map(ExchangeId),
        };
        let exchange = Exchange {
            id,
            started_at: timestamp(row.get(0)?)?,
            duration: row.get::<_, Option<i64>>(1)?.map(duration),
            message: row.get(2)?,
            verdict: Verdict {
                level: level(row, 9)?,
                problem: row.get(10)?,
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
    exchange.prepared.body = assemble(pieces, body(Side::Sent)?);
    put_back(&mut exchange, body(Side::Received)?);
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
