//! Addresses of a host that were answered well: what a path that was not found is compared with.

use rusqlite::Connection;

use crate::{
    model::Exchange,
    search::host_of,
    status::diagnosis::{Finding, is_missed, near_miss},
};

use super::{History, damaged::lossy};

/// As many rows of the host are looked through, the newest first: enough for years of one server's work,
/// and read in a moment.
const LOOKED_THROUGH: i64 = 20_000;

/// As many different addresses are taken.
const MOST: i64 = 2_000;

impl History {
    /// Which of the addresses that were answered before the path of a 404 was most likely meant to be. A
    /// history that cannot be read has no suggestion, and nothing else is lost.
    pub fn near_miss(&self, exchange: &Exchange) -> Option<Finding> {
        if !is_missed(exchange) {
            return None;
        }
        let last = exchange.hops.last().map(|hop| hop.url.as_str());
        let host = host_of(last.unwrap_or(&exchange.prepared.url));
        let answered = self.answered_urls(&host).ok()?;
        near_miss(exchange, answered.iter().map(String::as_str))
    }
}

/// The addresses of a host (with its port) that were answered with less than 400.
pub(super) fn answered(connection: &Connection, host: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "SELECT DISTINCT url FROM (
            SELECT url, standing FROM exchange WHERE host = ?1 ORDER BY id DESC LIMIT ?2
        ) WHERE standing GLOB '[123][0-9][0-9]' LIMIT ?3",
    )?;
    let urls = statement.query_map((host, LOOKED_THROUGH, MOST), |row| lossy(row, 0))?;
    urls.collect()
}
