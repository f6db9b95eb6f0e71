//! Looks after the database: whether it is whole, what can be made right in place, and what can still be read out
//! of one that is not.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::{
    model::{ExchangeId, Relabel},
    store::StoreError,
};

use super::{History, bodies, read, schema};

/// What was found, and what was done about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// What SQLite says of the file, a line each; empty when it is whole.
    pub damages: Vec<String>,
    /// What was put right, in words.
    pub repairs: Vec<String>,
    /// Bodies that are gone or not what they were, a line each; their exchanges are there.
    pub lost_bodies: Vec<String>,
    pub exchanges: u64,
    /// Of the file, in bytes.
    pub size: u64,
    /// Of the file, in bytes: free for what comes.
    pub free: u64,
}

/// What came out of a damaged file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Salvage {
    pub saved: u64,
    /// Numbers of exchanges that are there but could not be read.
    pub lost: Vec<ExchangeId>,
    /// Whether the file had lost its list of tables, so that they were found by their rows.
    pub found_by_rows: bool,
}

impl History {
    /// Reads the whole database and compares what it says twice. What only repeats other things — counts, indexes,
    /// the words — is made anew where it is wrong; the rest is told.
    pub fn check(&self) -> Result<Findings, StoreError> {
        let connections = &self.0.connections;
        let mut findings = Findings {
            damages: self.damages()?,
            ..Findings::default()
        };
        if !findings.damages.is_empty() {
            // An index that is wrong is made of its table, if that one is whole.
            let mended = connections.outside(|writer| writer.execute_batch("REINDEX"));
            let left = self.damages()?;
            if mended.is_ok() && left.is_empty() {
                findings
                    .repairs
                    .push("indexes that were wrong were made anew".to_owned());
            }
            findings.damages = left;
        }
        if findings.damages.is_empty() {
            self.make_indexes()?;
            self.mend_counts(&mut findings)?;
            self.mend_words(&mut findings)?;
            self.check_bodies(&mut findings)?;
        }
        let numbers = connections.read(|connection| {
            let pragma =
                |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            let page = pragma("page_size")?;
            let rows: i64 =
                connection.query_row("SELECT count(*) FROM exchange", (), |row| row.get(0))?;
            Ok((
                rows,
                pragma("page_count")? * page,
                pragma("freelist_count")? * page,
            ))
        });
        let (rows, size, free) = numbers.map_err(self.failed("be read"))?;
        (findings.exchanges, findings.size, findings.free) =
            (rows as u64, size as u64, free as u64);
        Ok(findings)
    }

    fn damages(&self) -> Result<Vec<String>, StoreError> {
        let read = self.0.connections.read(|connection| {
            let mut statement = connection.prepare("PRAGMA integrity_check")?;
            let lines = statement.query_map((), |row| row.get::<_, String>(0))?;
            let mut lines: Vec<String> = lines.collect::<Result<_, _>>()?;
            lines.retain(|line| line != "ok");
            let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
            let orphans = statement.query_map((), |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(2)?))
            })?;
            let orphans: Vec<_> = orphans.collect::<Result<_, _>>()?;
            // Bodies that are not there are looked after later.
            let orphans = orphans.iter().filter(|(_, of)| of != "body");
            lines.extend(
                orphans.map(|(table, _)| format!("a row of {table} belongs to no exchange")),
            );
            Ok(lines)
        });
        match read.map_err(self.failed("be checked")) {
            Err(StoreError::Damaged { source, .. }) => Ok(vec![source.to_string()]),
            other => other,
        }
    }

    fn mend_counts(&self, findings: &mut Findings) -> Result<(), StoreError> {
        let mended = self.0.connections.write(|transaction| {
            let wrong: bool = transaction.query_row(
                &format!(
                    "SELECT EXISTS (
                        SELECT facet, value, total FROM tally WHERE total <> 0 AND facet <> 'all'
                        EXCEPT SELECT * FROM ({COUNTED})
                    ) OR EXISTS (
                        {COUNTED} EXCEPT SELECT facet, value, total FROM tally
                    ) OR (SELECT total FROM tally WHERE facet = 'all')
                        IS NOT (SELECT count(*) FROM exchange WHERE removed_by IS NULL)"
                ),
                (),
                |row| row.get(0),
            )?;
            if wrong {
                transaction.execute_batch(&format!(
                    "DELETE FROM tally;
                     INSERT INTO tally (facet, value, total)
                     SELECT 'all', '', count(*) FROM exchange WHERE removed_by IS NULL;
                     INSERT INTO tally (facet, value, total) {COUNTED};"
                ))?;
            }
            Ok(wrong)
        });
        if mended.map_err(self.failed("be counted"))? {
            findings
                .repairs
                .push("counts that were wrong were made anew".to_owned());
        }
        Ok(())
    }

    fn mend_words(&self, findings: &mut Findings) -> Result<(), StoreError> {
        let checked = self.0.connections.outside(|writer| {
            writer.execute_batch("INSERT INTO words (words) VALUES ('integrity-check')")
        });
        if checked.is_ok() {
            return Ok(());
        }
        let emptied = self.0.connections.write(|transaction| {
            transaction.execute_batch(
                "INSERT INTO words (words) VALUES ('delete-all'); UPDATE exchange SET indexed = 0;",
            )
        });
        emptied.map_err(self.failed("be indexed"))?;
        while self.gather_words(1_000)? > 0 {}
        findings
            .repairs
            .push("the full-text index was made anew".to_owned());
        Ok(())
    }

    /// What exchanges and bodies say of each other is put right; bodies that are lost are told.
    fn check_bodies(&self, findings: &mut Findings) -> Result<(), StoreError> {
        while self.move_bodies(1_000)? > 0 {}
        let connections = &self.0.connections;
        let repairs = connections.write(|transaction| bodies::mend(transaction));
        findings
            .repairs
            .extend(repairs.map_err(self.failed("be repaired"))?);
        findings.lost_bodies = connections
            .read(bodies::lost)
            .map_err(self.failed("be read"))?;
        Ok(())
    }

    /// Adds what can still be read of another history's file, damaged or not, to this one; the file itself is only
    /// read. The exchanges get numbers of their own.
    pub fn salvage(&self, file: &Path) -> Result<Salvage, StoreError> {
        let failed = |source| StoreError::database("be read", file)(source);
        let source = open_copy(file)?;
        let mut salvage = Salvage {
            found_by_rows: source.found_by_rows,
            ..Salvage::default()
        };
        for id in readable_ids(&source.connection) {
            match read::load_any_from(&source.connection, id, Some(&source.bodies)) {
                Ok(Some(exchange)) => {
                    let kept = self.import_all([exchange])?;
                    // A label that cannot be read is not worth losing the exchange.
                    for change in labels(&source.connection, id).unwrap_or_default() {
                        self.relabel(&kept, &change)?;
                    }
                    salvage.saved += 1;
                }
                Ok(None) | Err(_) => salvage.lost.push(id),
            }
        }
        if salvage.saved == 0 && salvage.lost.is_empty() {
            // Nothing at all: the reason is worth more than a number.
            let sql = "SELECT count(*) FROM exchange";
            source
                .connection
                .query_row(sql, (), |_| Ok(()))
                .map_err(failed)?;
        }
        Ok(salvage)
    }
}

const COUNTED: &str = "
    SELECT 'standing', standing, count(*) FROM exchange WHERE removed_by IS NULL GROUP BY standing
    UNION ALL SELECT 'method', method, count(*) FROM exchange WHERE removed_by IS NULL GROUP BY method
    UNION ALL SELECT 'host', host, count(*) FROM exchange WHERE removed_by IS NULL GROUP BY host
    UNION ALL SELECT 'environment', environment, count(*) FROM exchange WHERE removed_by IS NULL GROUP BY environment
    UNION ALL SELECT 'media', media, count(*) FROM exchange WHERE removed_by IS NULL GROUP BY media";

/// A damaged database is read from a copy: SQLite would tidy up beside the original.
struct Copied {
    connection: Connection,
    /// Where the files of the original's bodies are.
    bodies: PathBuf,
    found_by_rows: bool,
    _folder: tempfile::TempDir,
}

fn open_copy(file: &Path) -> Result<Copied, StoreError> {
    let parent = file.parent().unwrap_or(Path::new("."));
    let folder = tempfile::Builder::new()
        .prefix(".salvage-")
        .tempdir_in(parent)
        .map_err(StoreError::file("make a folder in", parent))?;
    let copy = folder.path().join("copy.sqlite3");
    std::fs::copy(file, &copy).map_err(StoreError::file("read", file))?;
    let log: PathBuf = beside(file, "-wal");
    if log.exists() {
        std::fs::copy(&log, beside(&copy, "-wal")).map_err(StoreError::file("read", &log))?;
    }
    let (connection, found_by_rows) = match open_readable(&copy, true) {
        Ok(connection) => (connection, false),
        // The log of the copy is in it now: whoever closes a database last takes it over.
        Err(error) => {
            if !schema::make_anew(&copy)? {
                return Err(StoreError::Unsalvageable {
                    path: file.to_owned(),
                    source: error,
                });
            }
            let again = open_readable(&copy, false);
            let told = |source| StoreError::Unsalvageable {
                path: file.to_owned(),
                source,
            };
            (again.map_err(told)?, true)
        }
    };
    Ok(Copied {
        connection,
        bodies: bodies::folder_of(file),
        found_by_rows,
        _folder: folder,
    })
}

/// An older one gets the columns that are read here. Damage to the list of tables shows at once.
fn open_readable(copy: &Path, migrates: bool) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(copy, flags)?;
    if migrates {
        super::migrations::migrate(&mut connection)?;
    }
    connection.prepare("SELECT id FROM exchange JOIN detail USING (id)")?;
    Ok(connection)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// So far behind the last number that could be read, the next ones are looked for where the end cannot be read.
const FARTHEST: i64 = 1 << 32;

/// All numbers that can be read: from the end down to the damage, and from the start over every damaged part.
fn readable_ids(connection: &Connection) -> Vec<ExchangeId> {
    let (mut ids, _) = walk(connection, i64::MAX, "<=", "DESC");
    let end = ids.last().copied().unwrap_or(FARTHEST);
    let (mut last, mut step) = (0, 0);
    while last + step < end {
        let (found, is_end) = walk(connection, last + step, ">", "ASC");
        if let (Some(first), true) = (found.first(), step > 0) {
            // The step may have gone too far.
            ids.extend(walk(connection, *first, "<", "DESC").0);
        }
        match found.last() {
            Some(newest) => (last, step) = (*newest, 1),
            None => step = (step * 2).max(1),
        }
        ids.extend(found);
        if is_end {
            break;
        }
    }
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(ExchangeId).collect()
}

/// The numbers from there on until damage is met; says whether there was none.
fn walk(connection: &Connection, from: i64, side: &str, order: &str) -> (Vec<i64>, bool) {
    let sql = format!("SELECT id FROM exchange NOT INDEXED WHERE id {side} ?1 ORDER BY id {order}");
    let Ok(mut statement) = connection.prepare(&sql) else {
        return (Vec::new(), true);
    };
    let Ok(rows) = statement.query_map([from], |row| row.get(0)) else {
        return (Vec::new(), true);
    };
    let mut is_end = true;
    let ids = rows.map_while(|id| {
        is_end = id.is_ok();
        id.ok()
    });
    (ids.collect(), is_end)
}

fn labels(connection: &Connection, id: ExchangeId) -> rusqlite::Result<Vec<Relabel>> {
    let sql = "SELECT name, note, tags, pinned FROM exchange WHERE id = ?1";
    connection.query_row(sql, [id.0], |row| {
        let tags: Option<String> = row.get(2)?;
        let mut changes = Vec::new();
        changes.extend(
            row.get::<_, Option<String>>(0)?
                .map(|name| Relabel::Name(Some(name))),
        );
        changes.extend(
            row.get::<_, Option<String>>(1)?
                .map(|note| Relabel::Note(Some(note))),
        );
        changes.extend(read::tags(tags.as_deref()).into_iter().map(Relabel::Tag));
        changes.extend(row.get::<_, bool>(3)?.then_some(Relabel::Pin(true)));
        Ok(changes)
    })
}
