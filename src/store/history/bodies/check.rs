//! Whether every body is there, and is what it was.

use rusqlite::Connection;

use super::{
    Kept,
    files::{self, hexadecimal},
    folder, hash,
};

/// Puts right in a transaction what exchanges and contents say of each other.
pub(in crate::store::history) fn mend(transaction: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut repairs = Vec::new();
    let mut repair = |count: u64, what: &str| {
        if count > 0 {
            repairs.push(format!("{count} {what}"));
        }
    };
    let sql = "DELETE FROM body_use WHERE body NOT IN (SELECT id FROM body)";
    let missing = transaction.execute(sql, ())?;
    repair(
        missing as u64,
        "exchanges were told to have bodies that are not there; they have none now",
    );
    let sql = "DELETE FROM body WHERE NOT EXISTS (SELECT 1 FROM body_use WHERE body = body.id)";
    let unused = transaction.execute(sql, ())?;
    repair(unused as u64, "bodies of no exchange were deleted");
    files::delete_dropped(transaction)?;
    let orphans = files::delete_orphans(transaction)?;
    repair(orphans, "files of no exchange were deleted");
    Ok(repairs)
}

/// Reads every content and compares it with its hash. A line for each that is gone or not what it was; its
/// exchanges stay.
pub(in crate::store::history) fn lost(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let folder = folder(connection);
    let mut statement =
        connection.prepare("SELECT hash, size, coding, bytes, id FROM body ORDER BY id")?;
    let mut rows = statement.query(())?;
    let mut lost = Vec::new();
    while let Some(row) = rows.next()? {
        let kept = Kept::read(row, 0)?;
        let reason = match kept.unpack(folder.as_deref()) {
            Ok(bytes) if hash(&bytes).as_slice() == kept.hash => continue,
            Ok(_) => "its content is not what it was".to_owned(),
            Err(reason) => reason,
        };
        let users = users(connection, row.get(4)?)?;
        let name = hexadecimal(kept.hash.get(..6).unwrap_or(&kept.hash));
        lost.push(format!("the body {name}… of {users}: {reason}"));
    }
    Ok(lost)
}

/// The exchanges of a content in words.
fn users(connection: &Connection, body: i64) -> rusqlite::Result<String> {
    /// As many are named.
    const NAMED: usize = 5;
    let sql = "SELECT DISTINCT exchange FROM body_use WHERE body = ?1 ORDER BY exchange";
    let mut statement = connection.prepare_cached(sql)?;
    let all = statement.query_map([body], |row| row.get::<_, i64>(0))?;
    let all: Vec<String> = all
        .map(|id| id.map(|id| format!("#{id}")))
        .collect::<Result<_, _>>()?;
    let named = all.get(..NAMED).unwrap_or(&all).join(", ");
    Ok(match all.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    })
}
