//! What can still be read of another history's file, damaged or not, comes into this one.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use rusqlite::{Connection, OpenFlags};

use crate::{
    model::{Exchange, ExchangeId, LOST_BODY, Outcome, Redact, Relabel},
    store::StoreError,
};

use super::{
    History,
    answers::take_secrets_of,
    bodies::{self, Side},
    read, schema,
    write::{self, Beginning, Ending, nanoseconds},
};

/// What came out of another file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Salvage {
    pub saved: u64,
    /// Of these, how many have another number than there.
    pub renumbered: u64,
    /// Of these, how many came without a body that could not be read.
    pub without_body: u64,
    /// Exchanges that were here already.
    pub same: u64,
    /// Bodies that these had lost and have again.
    pub bodies: u64,
    /// Numbers of exchanges that are there but could not be read.
    pub lost: Vec<ExchangeId>,
    /// Whether the file had lost its list of tables, so that they were found by their rows.
    pub found_by_rows: bool,
}

impl History {
    /// Adds what can still be read of another history's file, damaged or not, to this one; the file itself is only
    /// read. What is here already only gets the bodies that it has lost; the others get numbers of their own.
    pub fn salvage(&self, file: &Path) -> Result<Salvage, StoreError> {
        let failed = |source| StoreError::database("be read", file)(source);
        let source = open_copy(file)?;
        let mut salvage = Salvage {
            found_by_rows: source.found_by_rows,
            ..Salvage::default()
        };
        let mut present = self.by_their_starts()?;
        for id in readable_ids(&source.connection) {
            let Some(exchange) = source.load(id) else {
                salvage.lost.push(id);
                continue;
            };
            if let Some(same) = self.take_same(&mut present, &exchange)? {
                salvage.same += 1;
                salvage.bodies += self.bring_bodies_back(same, exchange)?;
                continue;
            }
            salvage.without_body += u64::from(bodies_of(&exchange).iter().any(is_lost));
            let kept = self.import_all([exchange])?;
            // A label that cannot be read is not worth losing the exchange.
            for change in labels(&source.connection, id).unwrap_or_default() {
                self.relabel(&kept, &change)?;
            }
            salvage.saved += 1;
            salvage.renumbered += u64::from(kept != [id]);
        }
        if salvage.saved + salvage.same == 0 && salvage.lost.is_empty() {
            // Nothing at all: the reason is worth more than a number.
            let sql = "SELECT count(*) FROM exchange";
            source
                .connection
                .query_row(sql, (), |_| Ok(()))
                .map_err(failed)?;
        }
        Ok(salvage)
    }

    /// The numbers of this history's exchanges by when they began.
    fn by_their_starts(&self) -> Result<HashMap<i64, Vec<ExchangeId>>, StoreError> {
        let read = self.0.connections.read(|connection| {
            let mut statement = connection.prepare("SELECT started_at, id FROM exchange")?;
            let mut rows = statement.query(())?;
            let mut present: HashMap<i64, Vec<ExchangeId>> = HashMap::new();
            while let Some(row) = rows.next()? {
                let ids = present.entry(row.get(0)?).or_default();
                ids.push(ExchangeId(row.get(1)?));
            }
            Ok(present)
        });
        read.map_err(self.failed("be read"))
    }

    /// The exchange of this history that is the same as that of another one. It is taken for one only: what is
    /// there twice is here twice.
    fn take_same(
        &self,
        present: &mut HashMap<i64, Vec<ExchangeId>>,
        exchange: &Exchange,
    ) -> Result<Option<ExchangeId>, StoreError> {
        let Some(ids) = present.get_mut(&nanoseconds(exchange.started_at)) else {
            return Ok(None);
        };
        let own = self.own_secrets()?;
        let request = own.hide_in_request(&exchange.request).redacted();
        let prepared = own.hide_in_prepared(&exchange.prepared).redacted();
        let is_same = |id: &ExchangeId| {
            let read = self
                .0
                .connections
                .read(|connection| read::load_without_bodies(connection, *id));
            matches!(read, Ok(Some(here)) if here.request == request
                && here.prepared.method == prepared.method
                && here.prepared.url == prepared.url)
        };
        let found = ids.iter().position(is_same);
        Ok(found.map(|index| ids.swap_remove(index)))
    }

    /// Returns how many bodies the exchange of this history has again.
    fn bring_bodies_back(&self, id: ExchangeId, there: Exchange) -> Result<u64, StoreError> {
        let loaded = self
            .0
            .connections
            .read(|connection| read::load_any(connection, id));
        let Ok(Some(here)) = loaded else {
            return Ok(0);
        };
        let own = self.own_secrets()?;
        let mut there = own.hide_in_exchange(there);
        take_secrets_of(&mut there, own);
        let beginning = Beginning::new(&there.request, &there.prepared, there.started_at);
        let outcome = there.outcome.clone().unwrap_or_else(write::interrupted);
        let ending = Ending::new(&there.hops, &outcome, &there.verdict);
        let contents = [(Side::Sent, beginning.body), (Side::Received, ending.body)];
        let mut brought = 0;
        for ((old, new), (side, content)) in bodies_of(&here)
            .iter()
            .zip(&bodies_of(&there))
            .zip(contents)
        {
            let is_wanted = (old.is_empty() || is_lost(old)) && !new.is_empty() && !is_lost(new);
            if let Some(mut content) = content.filter(|_| is_wanted) {
                let put = self
                    .0
                    .connections
                    .write(|transaction| bodies::bring_back(transaction, id.0, side, &mut content));
                put.map_err(self.failed("keep the body"))?;
                brought += 1;
            }
        }
        Ok(brought)
    }
}

/// What was sent and what came back.
fn bodies_of(exchange: &Exchange) -> [Bytes; 2] {
    let received = exchange.outcome.as_ref().and_then(Outcome::received);
    let received = received.map(|response| response.body.clone());
    [
        exchange.prepared.body.in_memory(),
        received.unwrap_or_default(),
    ]
}

fn is_lost(body: &Bytes) -> bool {
    body.starts_with(LOST_BODY.as_bytes())
}

/// A damaged database is read from a copy: SQLite would tidy up beside the original.
struct Copied {
    connection: Connection,
    /// Where the files of the original's bodies are.
    bodies: PathBuf,
    found_by_rows: bool,
    _folder: tempfile::TempDir,
}

impl Copied {
    /// An exchange as far as it can be read: where a body cannot, its reason stands in its place.
    fn load(&self, id: ExchangeId) -> Option<Exchange> {
        let whole = read::load_any_from(&self.connection, id, Some(&self.bodies));
        let or_without = || read::load_despite_bodies(&self.connection, id, Some(&self.bodies));
        whole.or_else(|_| or_without()).ok().flatten()
    }
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
