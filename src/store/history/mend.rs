//! Rows of the list that are damaged, made anew from what is behind them: a row only repeats most of it.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    model::{Exchange, ExchangeId, Outcome, RuleLevel, Standing, Summary},
    search::{haystack, host_of, path_of},
    store::StoreError,
};

use super::{
    History, damaged,
    read::{self, joined_tags, read_summary},
    standing::write_standing,
    write::{interrupted, media},
};

impl History {
    /// Makes every damaged row anew behind which everything can be read. Returns how many there were.
    pub(super) fn mend_rows(&self) -> Result<u64, StoreError> {
        let connections = &self.0.connections;
        let mend = |id| {
            connections
                .write(|transaction| mend(transaction, id))
                .map_err(self.failed("be repaired"))
        };
        let damaged = connections.read(damaged_rows);
        let mut mended = 0;
        for id in damaged.map_err(self.failed("be read"))? {
            mended += u64::from(mend(id)?);
        }
        Ok(mended)
    }
}

/// The numbers of all rows.
pub(super) fn all_ids(connection: &Connection) -> rusqlite::Result<Vec<ExchangeId>> {
    let mut statement = connection.prepare("SELECT id FROM exchange ORDER BY id")?;
    let ids = statement.query_map((), |row| row.get(0).map(ExchangeId))?;
    ids.collect()
}

fn damaged_rows(connection: &Connection) -> rusqlite::Result<Vec<ExchangeId>> {
    let mut listed = connection.prepare(&row_sql())?;
    let mut damaged = Vec::new();
    for id in all_ids(connection)? {
        if listed.query_row([id.0], read_summary)?.damage.is_some() {
            damaged.push(id);
        }
    }
    Ok(damaged)
}

fn row_sql() -> String {
    format!("SELECT {} FROM exchange WHERE id = ?1", read::SUMMARY)
}

/// Says whether it could be done.
fn mend(connection: &Connection, id: ExchangeId) -> rusqlite::Result<bool> {
    let row = connection.query_row(&row_sql(), [id.0], read_summary);
    let Some(row) = row.optional()? else {
        return Ok(false);
    };
    let exchange = match read::load_without_bodies(connection, id) {
        Err(error) if damaged::reason(&error).is_some() => return Ok(false),
        loaded => loaded?,
    };
    let Some(exchange) = exchange.filter(|_| row.damage.is_some()) else {
        return Ok(false);
    };
    write(connection, &row, &exchange)?;
    Ok(true)
}

/// What only the row says is written as far as it could be read.
fn write(connection: &Connection, row: &Summary, exchange: &Exchange) -> rusqlite::Result<()> {
    let standing = standing(connection, exchange)?;
    let (method, url) = (&exchange.prepared.method, &exchange.prepared.url);
    let received = exchange.outcome.as_ref().and_then(Outcome::received);
    let mut statement = connection.prepare(
        "UPDATE exchange SET
            method = ?2, url = ?3, host = ?4, path = ?5, standing = ?6, haystack = ?7, version = ?8, media = ?9,
            message = ?10, level = ?11, evidence = ?12, name = ?13, note = ?14, tags = ?15, environment = ?16,
            rule_problem = ?17, indexed = 0
         WHERE id = ?1",
    )?;
    statement.execute(params![
        row.id.0,
        method,
        url,
        host_of(url),
        path_of(url),
        write_standing(standing),
        haystack(method, url, standing, row.message.as_deref()),
        received.map(|it| it.head.version.to_string()),
        received.map(|it| media(&it.head)).unwrap_or_default(),
        row.message,
        row.level.map(RuleLevel::name),
        row.evidence,
        row.label.name,
        row.label.note,
        joined_tags(&row.label.tags),
        row.lineage.environment.as_deref().unwrap_or_default(),
        exchange.verdict.problem,
    ])?;
    Ok(())
}

/// How the exchange stands: without an outcome it is in flight only while somebody sends it.
fn standing(connection: &Connection, exchange: &Exchange) -> rusqlite::Result<Standing> {
    if let Some(outcome) = &exchange.outcome {
        return Ok(outcome.standing());
    }
    let sql = "SELECT owner IS NOT NULL FROM exchange WHERE id = ?1";
    let is_sent: bool = connection.query_row(sql, [exchange.id.0], |row| row.get(0))?;
    Ok(if is_sent {
        Standing::InFlight
    } else {
        interrupted().standing()
    })
}

/// What cannot be read of each exchange that is damaged, a line each.
pub(super) fn unreadable(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut listed = connection.prepare(&row_sql())?;
    let mut unreadable = Vec::new();
    for id in all_ids(connection)? {
        let damage = listed.query_row([id.0], read_summary)?.damage;
        let behind = match read::load_without_bodies(connection, id) {
            Ok(_) => None,
            Err(error) => Some(match damaged::reason(&error) {
                Some(reason) => reason.to_owned(),
                None => error.to_string(),
            }),
        };
        if let Some(damage) = behind.or(damage) {
            unreadable.push(format!("#{id}: {damage}"));
        }
    }
    Ok(unreadable)
}
