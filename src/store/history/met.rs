//! The values that the history has met, for whoever types a filter: from the tally, without a look at the rows.

use rusqlite::Connection;

use crate::{
    model::Met,
    search::without_port,
    store::{StoreError, history::facets::Facet},
};

use super::{History, damaged::lossy, names, read};

/// As many values of each kind are told: more are not walked through while typing.
const MOST: usize = 500;

/// As many of the newest rows with tags are looked at.
const TAGGED: i64 = 2_000;

/// As many of the newest rows are asked for their paths, and as many answers for the names of their fields.
const NEWEST: i64 = 2_000;
const ANSWERS: i64 = 100;

impl History {
    /// What this history has met, the most frequent first.
    pub fn met(&self) -> Result<Met, StoreError> {
        let connections = &self.0.connections;
        connections.read(met).map_err(self.failed("be read"))
    }
}

fn met(connection: &Connection) -> rusqlite::Result<Met> {
    let hosts = values(connection, Facet::Host)?;
    let methods = values(connection, Facet::Method)?;
    // Case never matters, and this is how they are typed.
    let methods: Vec<String> = methods.iter().map(|it| it.to_lowercase()).collect();
    let sent = names::of_newest(connection)?;
    Ok(Met {
        hosts: once_each(hosts.iter().map(|host| without_port(host))),
        methods: once_each(methods.iter().map(String::as_str)),
        environments: values(connection, Facet::Environment)?,
        media: values(connection, Facet::Media)?,
        tags: tags(connection)?,
        paths: paths(connection)?,
        headers: headers(connection, &sent.headers)?,
        fields: sent.fields,
        names: given_names(connection)?,
    })
}

/// The places that most of the newest requests went to.
fn paths(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "SELECT path FROM (
            SELECT path FROM exchange WHERE removed_by IS NULL ORDER BY id DESC LIMIT ?1
        ) GROUP BY path ORDER BY count(*) DESC, path LIMIT ?2",
    )?;
    let rows = statement.query_map((NEWEST, MOST as i64), |row| lossy(row, 0))?;
    rows.collect()
}

/// Those that were typed, then those of the newest answers.
fn headers(connection: &Connection, sent: &[String]) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "SELECT lower(header.value ->> 'name') FROM (
            SELECT outcome FROM detail JOIN exchange USING (id)
            WHERE removed_by IS NULL AND json_valid(outcome) ORDER BY id DESC LIMIT ?1
        ), json_each(outcome, '$.response.head.headers') AS header
        GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ?2",
    )?;
    let rows = statement.query_map((ANSWERS, MOST as i64), |row| lossy(row, 0))?;
    let received: Vec<String> = rows.collect::<Result<_, _>>()?;
    let sent: Vec<String> = sent.iter().map(|name| name.to_lowercase()).collect();
    Ok(once_each(sent.iter().chain(&received).map(String::as_str)))
}

fn given_names(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "SELECT DISTINCT name FROM exchange INDEXED BY exchange_name
         WHERE name IS NOT NULL AND removed_by IS NULL LIMIT ?1",
    )?;
    let rows = statement.query_map([MOST as i64], |row| lossy(row, 0))?;
    rows.collect()
}

fn values(connection: &Connection, facet: Facet) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "SELECT value FROM tally WHERE facet = ?1 AND total > 0 AND value <> ''
         ORDER BY total DESC, value LIMIT ?2",
    )?;
    let rows = statement.query_map((facet.column(), MOST as i64), |row| lossy(row, 0))?;
    rows.collect()
}

fn tags(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "SELECT DISTINCT tags FROM (
            SELECT tags FROM exchange INDEXED BY exchange_tags
            WHERE tags IS NOT NULL AND removed_by IS NULL LIMIT ?1
        )",
    )?;
    let rows = statement.query_map([TAGGED], |row| lossy(row, 0))?;
    let rows: Vec<String> = rows.collect::<Result<_, _>>()?;
    let all: Vec<String> = rows.iter().flat_map(|row| read::tags(Some(row))).collect();
    Ok(once_each(all.iter().map(String::as_str)))
}

fn once_each<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let fresh = values.filter(|value| seen.insert(*value));
    fresh.take(MOST).map(str::to_owned).collect()
}
