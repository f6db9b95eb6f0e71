//! What fits an expression: the values that are then taken out, each in all its spellings.

use std::collections::BTreeSet;

use regex::bytes::Regex;
use rusqlite::Connection;

use crate::{
    inspect::decoded_up_to,
    model::{ExchangeId, Header, Outcome, find_header, has_mark},
    store::StoreError,
};

use super::{
    super::{History, damaged, mend::all_ids, read},
    LOOKED_THROUGH, raw,
};

impl History {
    /// The different texts in rows, header fields and bodies, without their codings, that fit an expression. Those in which
    /// marks stand are left out.
    pub fn fitting(&self, expression: &Regex) -> Result<BTreeSet<String>, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(|connection| {
                let mut found = BTreeSet::new();
                for id in all_ids(connection)? {
                    for text in raw::texts(connection, id)? {
                        add(&mut found, expression, text.written.as_bytes());
                    }
                    for body in bodies(connection, id)? {
                        add(&mut found, expression, &body);
                    }
                }
                Ok(found)
            })
            .map_err(self.failed("be searched"))
    }
}

fn add(found: &mut BTreeSet<String>, expression: &Regex, text: &[u8]) {
    let fitting = expression.find_iter(text);
    let texts = fitting.filter_map(|it| std::str::from_utf8(it.as_bytes()).ok());
    let values = texts.filter(|text| !text.is_empty() && !has_mark(text.as_bytes()));
    found.extend(values.map(str::to_owned));
}

/// What was sent and what came back, as far as it can be read.
fn bodies(connection: &Connection, id: ExchangeId) -> rusqlite::Result<Vec<bytes::Bytes>> {
    let exchange = match read::load_any(connection, id) {
        Err(error) if damaged::is_of_content(&error) => return Ok(Vec::new()),
        loaded => loaded?,
    };
    let Some(exchange) = exchange else {
        return Ok(Vec::new());
    };
    let plain = |body: bytes::Bytes, headers: &[Header]| {
        let coding = find_header(headers, "content-encoding").map(Header::text);
        decoded_up_to(&body, coding.as_deref(), LOOKED_THROUGH).unwrap_or(body)
    };
    let prepared = &exchange.prepared;
    let received = exchange.outcome.as_ref().and_then(Outcome::received);
    let sent = plain(prepared.body.in_memory(), &prepared.headers);
    let received = received.map(|it| plain(it.body.clone(), &it.head.headers));
    Ok([sent].into_iter().chain(received).collect())
}
