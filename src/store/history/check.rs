//! Looks after the database: whether it is whole, and what can be made right in place.

use rusqlite::Connection;

use crate::{store::StoreError, units::counted};

use super::{History, bodies, mend::unreadable};

/// What was found, and what was done about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// What SQLite says of the file, a line each; empty when it is whole.
    pub damages: Vec<String>,
    /// What was put right, in words.
    pub repairs: Vec<String>,
    /// Bodies that are gone or not what they were, a line each; their exchanges are there.
    pub lost_bodies: Vec<String>,
    /// Exchanges that are there and cannot be opened, a line each.
    pub unreadable: Vec<String>,
    /// Whether nothing could be put right, since nothing can be written.
    pub is_read_only: bool,
    pub exchanges: u64,
    /// Of the file, in bytes.
    pub size: u64,
    /// Of the file, in bytes: free for what comes.
    pub free: u64,
}

impl History {
    /// Reads the whole database and compares what it says twice. What only repeats other things — counts, indexes,
    /// the words — is made anew where it is wrong; the rest is told.
    pub fn check(&self) -> Result<Findings, StoreError> {
        let connections = &self.0.connections;
        let mut findings = Findings {
            damages: self.damages()?,
            is_read_only: connections.is_read_only(),
            ..Findings::default()
        };
        if !findings.damages.is_empty() && !findings.is_read_only {
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
            if !findings.is_read_only {
                self.mend(&mut findings)?;
            }
            let read =
                |connection: &Connection| Ok((bodies::lost(connection)?, unreadable(connection)?));
            let found = connections.read(read).map_err(self.failed("be read"))?;
            (findings.lost_bodies, findings.unreadable) = found;
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

    /// What only repeats other things is made anew where it is wrong.
    fn mend(&self, findings: &mut Findings) -> Result<(), StoreError> {
        self.make_indexes()?;
        let rows = self.mend_rows()?;
        if rows > 0 {
            let them = if rows == 1 { "it" } else { "them" };
            let told = counted(rows, "damaged row");
            let repair = format!("{told} made anew from the exchange behind {them}");
            findings.repairs.push(repair);
        }
        self.mend_counts(findings)?;
        self.mend_words(findings)?;
        self.mend_bodies(findings)
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

    /// What exchanges and bodies say of each other is put right.
    fn mend_bodies(&self, findings: &mut Findings) -> Result<(), StoreError> {
        while self.move_bodies(1_000)? > 0 {}
        let connections = &self.0.connections;
        let repairs = connections.write(|transaction| bodies::mend(transaction));
        findings
            .repairs
            .extend(repairs.map_err(self.failed("be repaired"))?);
        Ok(())
    }
}

const COUNTED: &str = "
    SELECT 'standing', standing, count(*) FROM exchange WHERE removed_by IS NULL GROUP BY standing
    UNION ALL SELECT 'method', method, count(*) FROM exchange WHERE removed_by IS NULL GROUP BY method
    UNION ALL SELECT 'host', host, count(*) FROM exchange WHERE removed_by IS NULL GROUP BY host
    UNION ALL SELECT 'environment', environment, count(*) FROM exchange WHERE removed_by IS NULL GROUP BY environment
    UNION ALL SELECT 'media', media, count(*) FROM exchange WHERE removed_by IS NULL GROUP BY media";
