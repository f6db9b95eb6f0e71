//! The values that the history has met, for whoever types a filter: from the tally, without a look at the rows.

use rusqlite::Connection;

use crate::{
    model::Met,
    search::without_port,
    store::{StoreError, history::facets::Facet},
};

use super::{History, read};

/// As many values of each kind are told: more are not walked through while typing.
const MOST: usize = 500;

/// As many of the newest rows with tags are looked at.
const TAGGED: i64 = 2_000;

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
    Ok(Met {
        hosts: once_each(hosts.iter().map(|host| without_port(host))),
        methods: once_each(methods.iter().map(String::as_str)),
        environments: values(connection, Facet::Environment)?,
        media: values(connection, Facet::Media)?,
        tags: tags(connection)?,
    })
}

fn values(connection: &Connection, facet: Facet) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "SELECT value FROM tally WHERE facet = ?1 AND total > 0 AND value <> ''
         ORDER BY total DESC, value LIMIT ?2",
    )?;
    let rows = statement.query_map((facet.column(), MOST as i64), |row| row.get(0))?;
    rows.collect()
}

fn tags(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "SELECT DISTINCT tags FROM (
            SELECT tags FROM exchange INDEXED BY exchange_tags
            WHERE tags IS NOT NULL AND removed_by IS NULL LIMIT ?1
        )",
    )?;
    let rows = statement.query_map([TAGGED], |row| row.get::<_, String>(0))?;
    let rows: Vec<String> = rows.collect::<Result<_, _>>()?;
    let all: Vec<String> = rows.iter().flat_map(|row| read::tags(Some(row))).collect();
    Ok(once_each(all.iter().map(String::as_str)))
}

fn once_each<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let fresh = values.filter(|value| seen.insert(*value));
    fresh.take(MOST).map(str::to_owned).collect()
}
