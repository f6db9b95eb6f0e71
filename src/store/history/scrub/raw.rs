//! An exchange that cannot be opened: the value goes from its texts as they stand there.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::model::{ExchangeId, Secrets};

use super::super::damaged::lossy;

/// The texts of an exchange.
const PLACES: [(&str, &[&str]); 2] = [
    (
        "exchange",
        &[
            "method",
            "url",
            "host",
            "path",
            "message",
            "haystack",
            "name",
            "note",
            "tags",
            "evidence",
            "rule_problem",
        ],
    ),
    ("detail", &["request", "prepared", "hops", "outcome"]),
];

/// A text, and the table and the column that it belongs to.
pub(super) struct Text {
    table: &'static str,
    column: &'static str,
    pub written: String,
}

/// All of them.
pub(super) fn texts(connection: &Connection, id: ExchangeId) -> rusqlite::Result<Vec<Text>> {
    let mut texts = Vec::new();
    for (table, columns) in PLACES {
        for column in columns {
            let sql = format!("SELECT {column} FROM {table} WHERE id = ?1");
            let mut statement = connection.prepare_cached(&sql)?;
            let found = statement.query_row([id.0], |row| lossy(row, 0));
            let text = found.optional()?.unwrap_or_default();
            texts.push(Text {
                table,
                column,
                written: text,
            });
        }
    }
    Ok(texts)
}

/// The texts that hold a value, without it.
pub(super) fn scrubbed(
    connection: &Connection,
    id: ExchangeId,
    secrets: &Secrets,
) -> rusqlite::Result<Vec<Text>> {
    let texts = texts(connection, id)?.into_iter();
    let scrubbed = texts.filter_map(|text| {
        let clean = secrets.mask(&text.written);
        let changed = (clean != text.written).then(|| clean.into_owned())?;
        Some(Text {
            written: changed,
            ..text
        })
    });
    Ok(scrubbed.collect())
}

/// Writes them; what is not text, such as the bodies, stays.
pub(super) fn put(
    transaction: &Transaction<'_>,
    id: ExchangeId,
    texts: &[Text],
) -> rusqlite::Result<()> {
    super::counted_anew(transaction, id.0, || {
        for text in texts {
            let sql = format!(
                "UPDATE {} SET {} = ?2 WHERE id = ?1",
                text.table, text.column
            );
            transaction.execute(&sql, params![id.0, text.written])?;
        }
        Ok(())
    })?;
    let sql = "UPDATE exchange SET indexed = 0 WHERE id = ?1";
    transaction.execute(sql, [id.0])?;
    transaction.execute("DELETE FROM words WHERE rowid = ?1", [id.0])?;
    Ok(())
}
