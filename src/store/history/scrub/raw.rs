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

/// A text without the value, and the table and the column that it belongs to.
pub(super) struct Text {
    table: &'static str,
    column: &'static str,
    clean: String,
}

/// The texts that hold the value.
pub(super) fn scrubbed(
    connection: &Connection,
    id: ExchangeId,
    secrets: &Secrets,
) -> rusqlite::Result<Vec<Text>> {
    let mut texts = Vec::new();
    for (table, columns) in PLACES {
        for column in columns {
            let sql = format!("SELECT {column} FROM {table} WHERE id = ?1");
            let found = connection.query_row(&sql, [id.0], |row| lossy(row, 0));
            let text = found.optional()?.unwrap_or_default();
            let clean = secrets.mask(&text);
            if clean != text {
                texts.push(Text {
                    table,
                    column,
                    clean: clean.into_owned(),
                });
            }
        }
    }
    Ok(texts)
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
            transaction.execute(&sql, params![id.0, text.clean])?;
        }
        Ok(())
    })?;
    let sql = "UPDATE exchange SET indexed = 0 WHERE id = ?1";
    transaction.execute(sql, [id.0])?;
    transaction.execute("DELETE FROM words WHERE rowid = ?1", [id.0])?;
    Ok(())
}
