//! A list of tables for a copy of a database that has lost its own: the tables are found by their rows, so that
//! what they hold can be read again.

use std::{fs, path::Path};

use rusqlite::{Connection, params};

use crate::store::StoreError;

use super::{bodies::wrapped, migrations::VERSION, open, roots::Pages};

/// The table whose rows are found by their first columns, not by a number.
const WITHOUT_ROWID: &str = "body_use";

/// Tables whose first column is the number of the row.
const NUMBERED: [&str; 3] = ["exchange", "detail", "body"];

/// Puts a new list of tables on the first page of the copy. Nothing else of it changes; it is for reading only.
/// `false` where no rows of exchanges are found in it.
pub(super) fn make_anew(copy: &Path) -> Result<bool, StoreError> {
    let mut bytes = fs::read(copy).map_err(StoreError::file("read", copy))?;
    let pages = Pages::of(&bytes);
    let roots = pages.roots();
    if roots
        .iter()
        .any(|(name, root)| root.is_none() && NUMBERED.iter().take(2).any(|it| it == name))
    {
        return Ok(false);
    }
    let (size, count) = (pages.size, pages.count());
    let first = first_page(copy, &pages, &roots)
        .map_err(StoreError::database("be given a list of tables", copy))?;
    if let (Some(place), Some(first)) = (bytes.get_mut(..size), first.get(..size)) {
        place.copy_from_slice(first);
    }
    // The size of the database, which counts because the two counters of changes are the same; no free pages.
    let fields: [(usize, u32); 5] = [(24, 1), (28, count), (32, 0), (36, 0), (92, 1)];
    for (at, value) in fields {
        if let Some(place) = bytes.get_mut(at..at + 4) {
            place.copy_from_slice(&value.to_be_bytes());
        }
    }
    fs::write(copy, &bytes).map_err(StoreError::file("write", copy))?;
    Ok(true)
}

/// The first page of a database with these tables, which begin where they are found.
fn first_page(
    copy: &Path,
    pages: &Pages<'_>,
    roots: &[(&'static str, Option<u32>)],
) -> rusqlite::Result<Vec<u8>> {
    let place = copy.with_extension("tables");
    let usual = open::open_in_memory()?;
    let made = Connection::open(&place)?;
    made.pragma_update(None, "page_size", pages.size as i64)?;
    made.pragma_update(None, "auto_vacuum", if pages.has_map { 2 } else { 0 })?;
    for (name, root) in roots {
        made.execute_batch(&declaration(&usual, name, root.is_some())?)?;
    }
    made.pragma_update(None, "user_version", VERSION)?;
    made.pragma_update(None, "writable_schema", true)?;
    for (name, root) in roots {
        if let Some(root) = root {
            let sql = "UPDATE sqlite_schema SET rootpage = ?2 WHERE name = ?1";
            made.execute(sql, params![name, root])?;
        }
    }
    drop(made);
    let bytes = fs::read(&place).map_err(|error| wrapped(StoreError::file("read", &place)(error)));
    // It is in a folder that goes anyway.
    let _ = fs::remove_file(&place);
    bytes
}

/// The table without its indexes and what it refers to; one that is not there has no rows.
fn declaration(usual: &Connection, name: &str, is_there: bool) -> rusqlite::Result<String> {
    let mut statement =
        usual.prepare("SELECT name, type, dflt_value FROM pragma_table_info(?1)")?;
    let columns = statement.query_map([name], |row| {
        let (column, kind): (String, String) = (row.get(0)?, row.get(1)?);
        let usual: Option<String> = row.get(2)?;
        Ok((column, kind, usual))
    })?;
    let columns: Vec<_> = columns.collect::<Result<_, _>>()?;
    if !is_there {
        let none = columns
            .iter()
            .map(|(column, ..)| format!("NULL AS {column}"));
        let none: Vec<String> = none.collect();
        return Ok(format!(
            "CREATE VIEW {name} AS SELECT {} WHERE 0",
            none.join(", ")
        ));
    }
    let columns = columns
        .iter()
        .enumerate()
        .map(|(index, (column, kind, usual))| {
            let usual = usual.as_ref().map(|value| format!(" DEFAULT {value}"));
            let number = if index == 0 && NUMBERED.contains(&name) {
                " PRIMARY KEY"
            } else {
                ""
            };
            format!("{column} {kind}{number}{}", usual.unwrap_or_default())
        });
    let columns = columns.collect::<Vec<_>>().join(", ");
    Ok(if name == WITHOUT_ROWID {
        format!("CREATE TABLE {name} ({columns}, PRIMARY KEY (exchange, side)) WITHOUT ROWID")
    } else {
        format!("CREATE TABLE {name} ({columns})")
    })
}
