//! Exchanges out of the database.

use std::{path::Path, time::Duration};

use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, types::ValueRef};
use serde::de::DeserializeOwned;

use crate::model::{
    Exchange, ExchangeId, FailureKind, HttpVersion, LOST_BODY, Label, Lineage, Outcome, RuleLevel,
    Standing, Summary, Verdict,
};

use super::{
    as_sent::LeftOut,
    bodies::{self, Side},
    damaged::{self, Columns, GONE, NO_STANDING},
    pieces::{PieceAgain, PreparedAgain, assemble},
    standing::read_known_standing,
};

/// The columns of a list row, in the order in which [`read_summary`] takes them.
pub(super) const SUMMARY: &str = "id, started_at, method, url, standing, message, duration, body_bytes, sent_bytes, version, media, name, note, tags, pinned, environment, replayed_from, level, evidence, saved IS NOT NULL";

/// Of a row that is damaged, what can be read, and what is wrong with it.
pub(super) fn read_summary(row: &Row<'_>) -> rusqlite::Result<Summary> {
    let id = ExchangeId(row.get(0)?);
    let mut columns = Columns::of(row);
    let started_at = columns.integer(1).map(timestamp).unwrap_or_default();
    let method = columns.text(2).unwrap_or_default();
    let url = columns.text(3).unwrap_or_default();
    let standing = read_known_standing(&columns.text(4).unwrap_or_default());
    if standing.is_none() {
        columns.add(4, NO_STANDING);
    }
    let number = |number: Option<i64>| number.map(i64::cast_unsigned);
    Ok(Summary {
        standing: standing.unwrap_or(Standing::Failed(FailureKind::Other)),
        message: columns.text(5),
        duration: columns.integer(6).map(duration),
        body_bytes: number(columns.integer(7)),
        sent_bytes: number(columns.integer(8)),
        version: version(columns.text(9).as_deref()),
        media: columns.text(10).and_then(said),
        label: Label {
            name: columns.text(11),
            note: columns.text(12),
            tags: tags(columns.text(13).as_deref()),
            pinned: columns.integer(14).is_some_and(|pinned| pinned != 0),
        },
        lineage: Lineage {
            environment: columns.text(15).and_then(said),
            replayed_from: columns.integer(16).map(ExchangeId),
        },
        level: columns.text(17).and_then(|name| RuleLevel::named(&name)),
        evidence: columns.text(18),
        is_saved: columns.integer(19) == Some(1),
        damage: columns.damage(),
        ..Summary::begun(id, started_at, &method, &url)
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
    let found = statement.query_row([id.0], |row| Ok(read_exchange(row, id)));
    let Some(read) = found.optional()? else {
        let sql = "SELECT 1 FROM exchange WHERE id = ?1";
        let is_there = connection.query_row(sql, [id.0], |_| Ok(())).optional()?;
        return is_there.map_or(Ok(None), |()| Err(damaged::error(id, GONE.to_owned())));
    };
    let (mut exchange, pieces, left_out) = read.map_err(|reason| damaged::error(id, reason))?;
    exchange.prepared.body = assemble(pieces, body(Side::Sent)?);
    left_out.put_back(&mut exchange.request, &exchange.prepared.body);
    put_back(&mut exchange, body(Side::Received)?);
    Ok(Some(exchange))
}

/// An exchange without its bodies, or what of it cannot be read and why. What only its row says is taken as far as it
/// can be read.
fn read_exchange(
    row: &Row<'_>,
    id: ExchangeId,
) -> Result<(Exchange, Option<Vec<PieceAgain>>, LeftOut), String> {
    let mut columns = Columns::of(row);
    let PreparedAgain {
        mut request,
        pieces,
    } = from_json(row, 4)?;
    request.lineage = Lineage {
        environment: columns.text(7).and_then(said),
        replayed_from: columns.integer(8).map(ExchangeId),
    };
    let has_outcome = !matches!(row.get_ref(6), Ok(ValueRef::Null));
    let exchange = Exchange {
        id,
        started_at: columns.integer(0).map(timestamp).unwrap_or_default(),
        duration: columns.integer(1).map(duration),
        message: columns.text(2),
        verdict: Verdict {
            level: columns.text(9).and_then(|name| RuleLevel::named(&name)),
            problem: columns.text(10),
        },
        request: from_json(row, 3)?,
        prepared: request,
        hops: from_json(row, 5)?,
        outcome: has_outcome.then(|| from_json(row, 6)).transpose()?,
    };
    Ok((exchange, pieces, from_json(row, 3)?))
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

/// The error names the column.
fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, String> {
    let name = row.as_ref().column_name(column).unwrap_or("?");
    let text = row
        .get_ref(column)
        .map(|value| value.as_str().map(serde_json::from_str));
    let reason = match text {
        Ok(Ok(Ok(read))) => return Ok(read),
        Ok(Ok(Err(error))) => error.to_string(),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    Err(format!("its {name} cannot be read: {reason}"))
}

/// All that 64 bits hold are times.
fn timestamp(nanoseconds: i64) -> Timestamp {
    Timestamp::from_nanosecond(nanoseconds.into()).unwrap_or_default()
}

fn duration(nanoseconds: i64) -> Duration {
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or_default())
}
