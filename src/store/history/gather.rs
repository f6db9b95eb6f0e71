//! The words of exchanges into the full-text index: after they have ended, in batches, so that neither a send
//! nor the screen ever waits for it.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    inspect::Received,
    model::{Exchange, ExchangeId, Header, Outcome, Standing},
    search::{haystack, lower},
    store::StoreError,
};

use super::{
    History,
    damaged::{self, Columns, NO_STANDING, lossy},
    read,
    standing::{read_known_standing, write_standing},
    write,
};

/// Rows gathered in one transaction: another posttui waits for no more than these.
const BATCH: usize = 64;

/// Of longer bodies the start can be found, in bytes of text.
const FINDABLE: usize = 256 * 1024;

/// How much of a body is read for that, in bytes: with its codings it is shorter than without.
const READ: usize = 4 * FINDABLE;

/// What the index gets of one exchange: a text for each of its columns.
struct Texts {
    id: ExchangeId,
    row: String,
    name: Option<String>,
    note: Option<String>,
    request_headers: String,
    response_headers: String,
    sent: Option<String>,
    received: Option<String>,
    media: String,
    tags: Option<String>,
    standing: String,
}

impl History {
    /// Makes what was written lately findable by its words, the newest first, of at most `limit` rows.
    /// Returns how many were done; fewer than `limit` when that was all.
    pub fn gather_words(&self, limit: usize) -> Result<usize, StoreError> {
        let mut done = 0;
        while done < limit {
            let batch = self.gather_batch(BATCH.min(limit - done))?;
            done += batch;
            if batch < BATCH {
                break;
            }
        }
        Ok(done)
    }

    fn gather_batch(&self, limit: usize) -> Result<usize, StoreError> {
        let connections = &self.0.connections;
        let failed = || self.failed("be indexed");
        // Decoding takes longer than writing: it is done while others may write.
        let read: Vec<Result<Texts, ExchangeId>> = connections
            .read(|connection| {
                let ids = unindexed(connection, limit)?;
                ids.into_iter()
                    .map(|id| match texts(connection, id) {
                        Err(error) if damaged::reason(&error).is_some() => Ok(Some(Err(id))),
                        texts => Ok(texts?.map(Ok)),
                    })
                    .filter_map(Result::transpose)
                    .collect()
            })
            .map_err(failed())?;
        if read.is_empty() {
            return Ok(0);
        }
        connections
            .write(|transaction| {
                let mut done = 0;
                for texts in &read {
                    done += match texts {
                        Ok(texts) => put(transaction, texts)?,
                        Err(id) => put_row_alone(transaction, *id)?,
                    };
                }
                Ok(done)
            })
            .map_err(failed())
    }
}

/// Of a row with nothing behind it that can be read, what it shows itself.
fn put_row_alone(connection: &Connection, id: ExchangeId) -> rusqlite::Result<usize> {
    let sql = "UPDATE exchange SET indexed = 1 WHERE id = ?1";
    let there = connection.execute(sql, [id.0])?;
    connection.execute(
        "INSERT OR REPLACE INTO words (
            rowid, row_words, name_words, note_words, request_headers, response_headers, sent, received
        ) SELECT id, haystack, name, note, '', '', NULL, NULL FROM exchange WHERE id = ?1",
        [id.0],
    )?;
    Ok(there)
}

fn unindexed(connection: &Connection, limit: usize) -> rusqlite::Result<Vec<ExchangeId>> {
    let sql = "SELECT id FROM exchange INDEXED BY exchange_unindexed WHERE indexed = 0
               ORDER BY id DESC LIMIT ?1";
    let mut statement = connection.prepare(sql)?;
    let ids = statement.query_map([limit as i64], |row| row.get(0).map(ExchangeId))?;
    ids.collect()
}

/// `None` for a row that went meanwhile.
fn texts(connection: &Connection, id: ExchangeId) -> rusqlite::Result<Option<Texts>> {
    let Some(exchange) = read::load_beginning(connection, id, READ)? else {
        return Ok(None);
    };
    let sql = "SELECT name, note, tags, standing FROM exchange WHERE id = ?1";
    let mut statement = connection.prepare(sql)?;
    let label = statement.query_row([id.0], |row| {
        let mut columns = Columns::of(row);
        let label = [0, 1, 2].map(|column| columns.text(column));
        if read_known_standing(&lossy(row, 3)?).is_none() {
            columns.add(3, NO_STANDING);
        }
        Ok((label, columns.damage()))
    });
    let Some(([name, note, tags], damage)) = label.optional()? else {
        return Ok(None);
    };
    if let Some(damage) = damage {
        return Err(damaged::error(id, damage));
    }
    Ok(Some(texts_of(&exchange, name, note, tags)))
}

/// All texts of an exchange in which words are found, but for what its row shows.
pub(super) fn findable(connection: &Connection, id: ExchangeId) -> rusqlite::Result<Vec<String>> {
    let Some(texts) = texts(connection, id)? else {
        return Ok(Vec::new());
    };
    let said = [texts.note, texts.name, texts.tags];
    let heads = [texts.request_headers, texts.response_headers];
    let bodies = [texts.sent, texts.received];
    let all = said.into_iter().chain(bodies).flatten().chain(heads);
    Ok(all.collect())
}

fn texts_of(
    exchange: &Exchange,
    name: Option<String>,
    note: Option<String>,
    tags: Option<String>,
) -> Texts {
    let Exchange {
        prepared, outcome, ..
    } = exchange;
    let standing = outcome
        .as_ref()
        .map_or(Standing::InFlight, Outcome::standing);
    let row = haystack(
        &prepared.method,
        &prepared.url,
        standing,
        exchange.message.as_deref(),
    );
    let received = outcome.as_ref().and_then(Outcome::received);
    Texts {
        id: exchange.id,
        row: apart(row.lines().chain(tags.as_deref())),
        tags,
        standing: write_standing(standing),
        name,
        note,
        request_headers: lines(&prepared.headers),
        response_headers: received.map_or_else(String::new, |it| lines(&it.head.headers)),
        sent: text(&prepared.body.in_memory(), &prepared.headers),
        received: received.and_then(|it| text(&it.body, &it.head.headers)),
        media: received.map_or_else(String::new, |it| write::media(&it.head)),
    }
}

/// Lines with a letter between them that is in no text (Unicode, private use), so that no words are found across
/// them.
fn apart<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.collect::<Vec<_>>().join(" \u{e000} ")
}

fn lines(headers: &[Header]) -> String {
    let lines = headers.iter();
    let lines = lines.flat_map(|header| {
        [
            header.name.clone(),
            ": ".to_owned(),
            header.text(),
            "\n".to_owned(),
        ]
    });
    lines.collect()
}

fn text(body: &Bytes, headers: &[Header]) -> Option<String> {
    Received::with_headers(body, headers).searchable(FINDABLE)
}

/// Returns how many were put: one, or none.
fn put(connection: &Connection, texts: &Texts) -> rusqlite::Result<usize> {
    // The row may have gone, or changed, since it was read: a changed one is gathered again.
    let mut statement = connection.prepare(
        "UPDATE exchange SET indexed = 1, media = ?2
         WHERE id = ?1 AND standing = ?3 AND name IS ?4 AND note IS ?5 AND tags IS ?6",
    )?;
    let there = statement.execute(params![
        texts.id.0,
        texts.media,
        texts.standing,
        texts.name,
        texts.note,
        texts.tags,
    ])?;
    if there == 0 {
        return Ok(0);
    }
    let mut statement = connection.prepare(
        "INSERT OR REPLACE INTO words (
            rowid, row_words, name_words, note_words, request_headers, response_headers, sent, received
        ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    statement.execute(params![
        texts.id.0,
        lower(&texts.row),
        texts.name.as_deref().map(lower),
        texts.note.as_deref().map(lower),
        lower(&texts.request_headers),
        lower(&texts.response_headers),
        texts.sent.as_deref().map(lower),
        texts.received.as_deref().map(lower),
    ])?;
    Ok(there)
}
