//! Named answers of saved requests: which exchanges they are, and which request they belong to.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    model::{EntryKind, ExampleName, Examples, ExamplesOf, ExchangeId, Origin, Relabel, Summary},
    store::StoreError,
};

use super::{
    History,
    read::{SUMMARY, read_summary},
    saved::{key, origin_of},
    standing::read_standing,
};

/// Which rows are examples.
const EXAMPLES: &str =
    "pinned <> 0 AND name IS NOT NULL AND saved IS NOT NULL AND removed_by IS NULL";

/// Why an exchange is no example, or there is none.
#[derive(Debug, thiserror::Error)]
pub enum ExampleError {
    #[error("no exchange has the number {0}")]
    Missing(ExchangeId),
    #[error(
        "#{0} belongs to no saved request, which an example is of: save the request first, or name one"
    )]
    NoRequest(ExchangeId),
    #[error("“{name}” is an example of “{path}” already: #{id}")]
    Taken {
        name: String,
        path: String,
        id: ExchangeId,
    },
    #[error("“{path}” has no example “{name}”{}", others(.known))]
    Unknown {
        name: String,
        path: String,
        known: Vec<String>,
    },
    #[error("an example needs a name")]
    NoName,
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn others(names: &[String]) -> String {
    match names {
        [] => ", nor any other".to_owned(),
        names => format!(", only {}", names.join(", ")),
    }
}

impl History {
    /// Makes an exchange an example: of the saved request that it was sent from, or else of the given one.
    /// Returns the request that it is an example of.
    pub fn name_example(
        &self,
        id: ExchangeId,
        name: &str,
        of: Option<&Origin>,
    ) -> Result<Origin, ExampleError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(ExampleError::NoName);
        }
        let origin = self.saved_of(id, of)?;
        let there = self.examples(&ExamplesOf::Saved(origin.clone()))?;
        let same = |row: &&Summary| row.id != id && row.label.name.as_deref() == Some(name);
        if let Some(taken) = there.rows.iter().find(same) {
            return Err(ExampleError::Taken {
                name: name.to_owned(),
                path: origin.path,
                id: taken.id,
            });
        }
        let connections = &self.0.connections;
        connections
            .write(|transaction| {
                transaction
                    .execute(
                        "UPDATE exchange SET saved = ?2 WHERE id = ?1",
                        params![id.0, key(&origin)],
                    )
                    .map(drop)
            })
            .map_err(self.failed("keep the example"))?;
        self.relabel(&[id], &Relabel::Name(Some(name.to_owned())))?;
        self.relabel(&[id], &Relabel::Pin(true))?;
        Ok(origin)
    }

    /// An exchange is an example no more; it stays in the history, and may be forgotten as any other.
    pub fn drop_example(&self, id: ExchangeId) -> Result<(), StoreError> {
        self.relabel(&[id], &Relabel::Name(None))?;
        self.relabel(&[id], &Relabel::Pin(false)).map(drop)
    }

    /// The examples of a saved request, and what they may be compared with.
    pub fn examples(&self, of: &ExamplesOf) -> Result<Examples, ExampleError> {
        let (origin, asked) = match of {
            ExamplesOf::Saved(origin) => (origin.clone(), None),
            ExamplesOf::Exchange(id, given) => (self.saved_of(*id, given.as_ref())?, Some(*id)),
        };
        let saved = key(&origin);
        let connections = &self.0.connections;
        let (rows, newest) = connections
            .read(|connection| Ok((rows(connection, &saved)?, newest(connection, &saved)?)))
            .map_err(self.failed("be read"))?;
        Ok(Examples {
            origin,
            rows,
            fresh: asked.or(newest),
        })
    }

    /// The example of this name of the saved request that an exchange belongs to.
    pub fn example_called(&self, name: &str, of: ExchangeId) -> Result<ExchangeId, ExampleError> {
        let examples = self.examples(&ExamplesOf::Exchange(of, None))?;
        let name_of = |row: &Summary| row.label.name.clone();
        let mut rows = examples.rows.iter();
        let found = rows.find(|row| name_of(row).as_deref() == Some(name));
        found
            .map(|row| row.id)
            .ok_or_else(|| ExampleError::Unknown {
                name: name.to_owned(),
                path: examples.origin.path.clone(),
                known: examples.rows.iter().filter_map(name_of).collect(),
            })
    }

    /// Every example of the requests in one folder, the oldest first.
    pub fn example_names(&self, root: &Path) -> Result<Vec<ExampleName>, StoreError> {
        let connections = &self.0.connections;
        let all = connections
            .read(all_names)
            .map_err(self.failed("be read"))?;
        let here = all.into_iter().filter(|(origin, _)| origin.root == root);
        Ok(here.map(|(_, example)| example).collect())
    }

    /// A saved request, or all in a folder, have another path now: what was sent from them goes along.
    pub fn rename_saved(
        &self,
        root: &Path,
        kind: EntryKind,
        from: &str,
        to: &str,
    ) -> Result<(), StoreError> {
        let at = |path: &str| {
            key(&Origin {
                root: root.to_owned(),
                path: path.to_owned(),
            })
        };
        let (from, to) = (at(from), at(to));
        let connections = &self.0.connections;
        connections
            .write(|transaction| rename(transaction, kind, &from, &to))
            .map_err(self.failed("keep the change"))
    }

    fn saved_of(&self, id: ExchangeId, given: Option<&Origin>) -> Result<Origin, ExampleError> {
        let connections = &self.0.connections;
        let found = connections
            .read(|connection| {
                let sql = "SELECT saved FROM exchange WHERE id = ?1 AND removed_by IS NULL";
                let row = connection.query_row(sql, [id.0], |row| row.get(0));
                row.optional()
            })
            .map_err(self.failed("be read"))?;
        let saved: Option<String> = found.ok_or(ExampleError::Missing(id))?;
        let own = saved.as_deref().and_then(origin_of);
        own.or_else(|| given.cloned())
            .ok_or(ExampleError::NoRequest(id))
    }
}

fn rows(connection: &Connection, saved: &str) -> rusqlite::Result<Vec<Summary>> {
    let sql = format!("SELECT {SUMMARY} FROM exchange WHERE saved = ?1 AND {EXAMPLES} ORDER BY id");
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([saved], read_summary)?;
    rows.collect()
}

/// The newest exchange of a saved request that has an outcome and is no example.
fn newest(connection: &Connection, saved: &str) -> rusqlite::Result<Option<ExchangeId>> {
    let sql = format!(
        "SELECT id FROM exchange WHERE saved = ?1 AND owner IS NULL AND removed_by IS NULL
            AND NOT ({EXAMPLES}) ORDER BY id DESC LIMIT 1"
    );
    let found = connection.query_row(&sql, [saved], |row| row.get(0));
    Ok(found.optional()?.map(ExchangeId))
}

fn all_names(connection: &Connection) -> rusqlite::Result<Vec<(Origin, ExampleName)>> {
    let sql = format!("SELECT saved, name, standing FROM exchange WHERE {EXAMPLES} ORDER BY id");
    let mut statement = connection.prepare(&sql)?;
    let mut found = statement.query(())?;
    let mut all = Vec::new();
    while let Some(row) = found.next()? {
        let Some(origin) = origin_of(row.get_ref(0)?.as_str()?) else {
            continue;
        };
        let example = ExampleName {
            path: origin.path.clone(),
            name: row.get(1)?,
            standing: read_standing(row.get_ref(2)?.as_str()?),
        };
        all.push((origin, example));
    }
    Ok(all)
}

fn rename(
    transaction: &Transaction<'_>,
    kind: EntryKind,
    from: &str,
    to: &str,
) -> rusqlite::Result<()> {
    match kind {
        EntryKind::Request => transaction.execute(
            "UPDATE exchange SET saved = ?2 WHERE saved = ?1",
            params![from, to],
        ),
        // A slash is the last sign before those that follow it in a path: 0 comes after /.
        EntryKind::Folder => transaction.execute(
            "UPDATE exchange SET saved = ?2 || substr(saved, length(?1) + 1)
             WHERE saved >= ?1 || '/' AND saved < ?1 || '0'",
            params![from, to],
        ),
    }
    .map(drop)
}
