//! Takes a value that should never have been kept out of the history: out of rows, bodies, their files and the
//! full-text index, and out of the free pages of the file, where deleted things stay otherwise.

mod fitting;
mod raw;

use std::borrow::Cow;

use rusqlite::{Connection, Transaction, params};
use serde_json::Value;

use crate::{
    inspect::decoded_up_to,
    model::{Exchange, ExchangeId, Header, Outcome, Request, Secrets, find_header},
    search::{haystack, host_of, path_of},
    store::StoreError,
};

use super::{
    History,
    as_sent::StoredRequest,
    bodies::{self, Content, Side},
    damaged::{self, Columns},
    mend::all_ids,
    pieces::StoredPrepared,
    read, write,
};

/// Shorter values would be found by chance all over the place. In bytes.
pub const SHORTEST_SCRUBBED: usize = 4;

/// Stands in the mark: `‹secret scrubbed›`.
const NAME: &str = "scrubbed";

/// What a whole body becomes that held the value under a content coding.
const BODY: &str = "‹a body that held a secret was scrubbed›";

/// Of a coded body no more than this is looked through, in bytes.
const LOOKED_THROUGH: usize = 64 * 1024 * 1024;

impl History {
    /// The exchanges that hold one of the values in any spelling: as it is, percent-encoded, as Base64, also
    /// together with other things, as JSON writes it. Changes nothing.
    pub fn holding(&self, values: &[&str]) -> Result<Vec<ExchangeId>, StoreError> {
        let secrets = scrubber(values);
        let connections = &self.0.connections;
        connections
            .read(|connection| {
                let mut holding = Vec::new();
                for id in all_ids(connection)? {
                    if scrubbed(connection, id, &secrets)?.is_some() {
                        holding.push(id);
                    }
                }
                Ok(holding)
            })
            .map_err(self.failed("be searched"))
    }

    /// Puts a mark in the place of each value everywhere, and makes the file anew, so that nothing of it is left
    /// in there. Returns the exchanges that held it. It needs free disk space of the size of the history, and
    /// [`StoreError::Busy`] says that another posttui still reads what was there before: the value is gone from
    /// the rows, but not yet from the file.
    pub fn scrub(&self, values: &[&str]) -> Result<Vec<ExchangeId>, StoreError> {
        let secrets = scrubber(values);
        let connections = &self.0.connections;
        let ids = self.holding(values)?;
        for id in &ids {
            connections
                .write(|transaction| {
                    transaction.pragma_update(None, "secure_delete", true)?;
                    match scrubbed(transaction, *id, &secrets)? {
                        Some(Clean::Whole(exchange, labels)) => {
                            put(transaction, &exchange, &labels)
                        }
                        Some(Clean::Texts(texts)) => raw::put(transaction, *id, &texts),
                        None => Ok(()),
                    }
                })
                .map_err(self.failed("be scrubbed"))?;
        }
        self.delete_files()?;
        while self.gather_words(1_000)? > 0 {}
        connections
            .outside(|writer| {
                // Words of deleted rows stay in the index until its parts are merged.
                writer.execute_batch("INSERT INTO words (words) VALUES ('optimize'); VACUUM;")?;
                writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| {
                    row.get::<_, bool>(0)
                })
            })
            .map_err(self.failed("be made anew"))
            .and_then(|is_busy| {
                if is_busy {
                    let path = self.0.path.clone();
                    return Err(StoreError::Busy { path, seconds: 10 });
                }
                Ok(ids)
            })
    }
}

fn scrubber(values: &[&str]) -> Secrets {
    let mut secrets = Secrets::default();
    for value in values {
        secrets.add_leak(NAME, value);
    }
    secrets
}

/// What only the row says of an exchange: what the user put on it, and what was said of its answer.
const LABELS: [&str; 5] = ["name", "note", "tags", "evidence", "rule_problem"];

type Labels = [Option<String>; LABELS.len()];

/// An exchange without the value.
enum Clean {
    Whole(Box<Exchange>, Labels),
    /// Of one that cannot be opened, the texts that held it.
    Texts(Vec<raw::Text>),
}

/// `None` where the exchange and its labels do not hold the value.
fn scrubbed(
    connection: &Connection,
    id: ExchangeId,
    secrets: &Secrets,
) -> rusqlite::Result<Option<Clean>> {
    let exchange = match read::load_any(connection, id) {
        Err(error) if damaged::is_of_content(&error) => {
            let texts = raw::scrubbed(connection, id, secrets)?;
            return Ok((!texts.is_empty()).then_some(Clean::Texts(texts)));
        }
        loaded => loaded?,
    };
    let Some(exchange) = exchange else {
        return Ok(None);
    };
    let sql = format!("SELECT {} FROM exchange WHERE id = ?1", LABELS.join(", "));
    let labels: Labels = connection.query_row(&sql, [id.0], |row| {
        let mut columns = Columns::of(row);
        Ok([0, 1, 2, 3, 4].map(|column| columns.text(column)))
    })?;
    let clean = clean(exchange.clone(), secrets);
    let clean_labels = labels
        .clone()
        .map(|label| label.map(|text| secrets.mask(&text).into_owned()));
    let is_clean = clean == exchange && clean_labels == labels;
    Ok((!is_clean).then(|| Clean::Whole(Box::new(clean), clean_labels)))
}

fn clean(exchange: Exchange, secrets: &Secrets) -> Exchange {
    let Exchange {
        request,
        mut prepared,
        hops,
        outcome,
        message,
        ..
    } = exchange;
    if holds_in_coded(&prepared.body.in_memory(), &prepared.headers, secrets) {
        prepared.body = bytes::Bytes::from_static(BODY.as_bytes()).into();
    }
    let lineage = prepared.lineage.clone();
    let mut prepared = secrets.mask_prepared(&prepared);
    prepared.lineage = lineage;
    let outcome = outcome.map(|mut outcome| {
        if let Some(response) = outcome.received_mut()
            && holds_in_coded(&response.body, &response.head.headers, secrets)
        {
            response.body = bytes::Bytes::from_static(BODY.as_bytes());
        }
        secrets.mask_outcome_whole(outcome)
    });
    Exchange {
        request: masked_request(&request, secrets),
        prepared,
        hops: hops.into_iter().map(|hop| secrets.mask_hop(hop)).collect(),
        outcome,
        message: message.map(|text| secrets.mask(&text).into_owned()),
        ..exchange
    }
}

/// A request as built: every text in it.
fn masked_request(request: &Request, secrets: &Secrets) -> Request {
    let masked = serde_json::to_value(request).and_then(|mut value| {
        mask_texts(&mut value, secrets);
        serde_json::from_value(value)
    });
    // A request always becomes JSON; a text of a fixed choice that holds the value does not read back.
    masked.unwrap_or_else(|_| secrets.mask_request(request))
}

fn mask_texts(value: &mut Value, secrets: &Secrets) {
    match value {
        Value::String(text) => *text = secrets.mask(text).into_owned(),
        Value::Array(members) => {
            for member in members {
                mask_texts(member, secrets);
            }
        }
        Value::Object(members) => {
            for member in members.values_mut() {
                mask_texts(member, secrets);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a body under a content coding holds the value once the coding is undone.
fn holds_in_coded(body: &bytes::Bytes, headers: &[Header], secrets: &Secrets) -> bool {
    let Some(coding) = find_header(headers, "content-encoding").map(Header::text) else {
        return false;
    };
    let decoded = decoded_up_to(body, Some(&coding), LOOKED_THROUGH);
    decoded.is_some_and(|bytes| secrets.are_in(&bytes))
}

fn put(
    transaction: &Transaction<'_>,
    exchange: &Exchange,
    [name, note, tags, evidence, problem]: &Labels,
) -> rusqlite::Result<()> {
    let (id, prepared) = (exchange.id.0, &exchange.prepared);
    let standing = exchange
        .outcome
        .as_ref()
        .map_or(crate::model::Standing::InFlight, Outcome::standing);
    let message = exchange.message.as_deref();
    let (method, url) = (&prepared.method, &prepared.url);
    counted_anew(transaction, id, || {
        transaction.execute(
            "UPDATE exchange SET
                method = ?2, url = ?3, host = ?4, path = ?5, message = ?6, haystack = ?7,
                name = ?8, note = ?9, tags = ?10, evidence = ?11, rule_problem = ?12, indexed = 0
            WHERE id = ?1",
            params![
                id,
                method,
                url,
                host_of(url),
                path_of(url),
                message,
                haystack(method, url, standing, message),
                name,
                note,
                tags,
                evidence,
                problem,
            ],
        )?;
        Ok(())
    })?;
    transaction.execute(
        "UPDATE detail SET request = ?2, prepared = ?3, hops = ?4, outcome = ?5 WHERE id = ?1",
        params![
            id,
            write::json(&StoredRequest::of(
                Cow::Borrowed(&exchange.request),
                &prepared.body
            ))?,
            write::json(&StoredPrepared::of(prepared))?,
            write::json(&exchange.hops)?,
            exchange.outcome.as_ref().map(write::json).transpose()?,
        ],
    )?;
    let received = exchange.outcome.as_ref().and_then(Outcome::received);
    let received = received.map(|response| response.body.clone());
    for (side, body) in [
        (Side::Sent, prepared.body.in_memory()),
        (Side::Received, received.unwrap_or_default()),
    ] {
        bodies::replace(transaction, id, side, Content::of(body).as_mut())?;
    }
    transaction.execute("DELETE FROM words WHERE rowid = ?1", [id])?;
    Ok(())
}

/// Host and media type are counted by value: a row whose host changes is taken out and counted anew.
fn counted_anew(
    transaction: &Transaction<'_>,
    id: i64,
    change: impl FnOnce() -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let taken = "UPDATE exchange SET removed_by = coalesce(removed_by, 'scrub') WHERE id = ?1";
    let was_removed: bool = transaction.query_row(
        "SELECT removed_by IS NOT NULL FROM exchange WHERE id = ?1",
        [id],
        |row| row.get(0),
    )?;
    transaction.execute(taken, [id])?;
    change()?;
    if !was_removed {
        transaction.execute("UPDATE exchange SET removed_by = NULL WHERE id = ?1", [id])?;
    }
    Ok(())
}
