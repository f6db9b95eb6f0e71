//! The shape of the database: a list that only ever grows at its end. A step that has been published
//! is never changed; the number of steps is the version (`user_version`).

use rusqlite::{Connection, TransactionBehavior};

pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_exchanges.sql"),
    include_str!("migrations/0002_saved.sql"),
    include_str!("migrations/0003_labels.sql"),
    include_str!("migrations/0004_words.sql"),
    include_str!("migrations/0005_levels.sql"),
    include_str!("migrations/0006_bodies.sql"),
    include_str!("migrations/0007_rules.sql"),
    include_str!("migrations/0008_typed.sql"),
];

/// The version that this posttui writes.
pub(super) const VERSION: i64 = MIGRATIONS.len() as i64;

/// The version of an open database; 0 for a new one.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings the database to [`VERSION`]; each step is whole or not at all.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    for (index, step) in (1..).zip(MIGRATIONS) {
        if version(connection)? >= index {
            continue;
        }
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another posttui may have done it while this one waited for its turn.
        if version(&transaction)? < index {
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "user_version", index)?;
        }
        transaction.commit()?;
    }
    Ok(())
}

/// The version in the file's header (SQLite file format, Section 1.3), read without SQLite, which would
/// leave traces; `None` for what is no database yet.
pub(super) fn version_in_header(header: &[u8]) -> Option<i64> {
    if !header.starts_with(b"SQLite format 3\0") {
        return None;
    }
    let bytes: [u8; 4] = header.get(60..64)?.try_into().ok()?;
    Some(i64::from(i32::from_be_bytes(bytes)))
}
