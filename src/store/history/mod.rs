//! The history: every exchange, failed ones included, in one SQLite database.
//!
//! ```text
//! begin ──► row, in flight ── finish ──► row with its outcome        page, count ──► rows of a filter
//!              └── its posttui died ──► row that says so             load ──► one exchange, whole
//!
//! open         the file: new, older, newer, damaged          migrations   its shape, version by version
//! read_only    where nothing can be written         journal      what is written first, also on a network
//! changes      whether others have written
//! connections  one that writes, several that read             owner        which posttui sends what
//! write        exchanges in, without their secrets            read         exchanges out
//! answers      what is secret in answers
//! bodies       each content once, compressed; large ones as files
//! labels       what the user puts on them; removing, and back
//! gather       their words into the full-text index         full_text, few   words and rare things in SQL
//! discard      what turned out not to be kept
//! query        filter -> SQL        facets, window            what keeps the SQL from scanning
//! indexes      made late on long histories
//! standing     how a standing is written                     saved        which saved request was sent
//! schema, roots  the tables of a damaged file, found by their rows
//! examples     named answers of saved requests
//! near         what a wrong path is compared with
//! met          the values that keys of the filter can have
//! ```

mod answers;
mod backup;
mod bodies;
mod changes;
mod check;
mod compare;
mod connections;
mod discard;
mod examples;
mod facets;
mod few;
mod full_text;
mod gather;
mod indexes;
mod journal;
mod labels;
mod limits;
mod met;
mod migrations;
mod names;
mod near;
mod open;
mod owner;
mod pieces;
mod query;
mod read;
mod read_only;
mod roots;
mod salvage;
mod saved;
mod schema;
mod scrub;
mod snippets;
mod sql;
mod standing;
mod window;
mod write;

pub use answers::without_secrets;
pub use changes::Changes;
pub use check::Findings;
pub use compare::CompareError;
pub use examples::ExampleError;
pub use limits::Forgotten;
pub use salvage::Salvage;
pub use scrub::SHORTEST_SCRUBBED;
pub use sql::{Cell, Reader, SqlError, VIEWS};
pub use write::kept;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64},
    },
    time::Duration,
};

use jiff::Timestamp;

use crate::{
    model::{
        Exchange, ExchangeId, Hop, Names, Outcome, OwnSecrets, PreparedRequest, Request, Summary,
        Verdict,
    },
    search::Filter,
    status::rules::Said,
};

use self::{
    answers::{Remembered, take_secrets, take_secrets_of, without},
    bodies::Content,
    connections::{Connections, Place},
    open::Opened,
    owner::Owner,
    write::{Beginner, Beginning, Ending, Finisher},
};
use super::{Paths, StoreError, own_secrets_path, read_own_secrets};

/// So many of the latest rows are made findable before words are looked for.
const GATHERED_FIRST: usize = 256;

/// Every exchange, kept. All calls block; clones share one database.
///
/// Credentials never reach the disk: see [`crate::model::REDACTED`].
#[derive(Clone)]
pub struct History(Arc<Shared>);

struct Shared {
    connections: Connections,
    owner: Owner,
    /// For messages.
    path: PathBuf,
    /// What the user holds secret, or why that cannot be read: then nothing is written.
    own_secrets: Result<OwnSecrets, Unreadable>,
    remembered: Remembered,
    /// Whether anything was removed that has to go when this one ends.
    has_removed: AtomicBool,
    /// See [`Changes`].
    others_wrote: AtomicI64,
}

/// A file that says what is secret, and cannot be read.
struct Unreadable {
    path: PathBuf,
    reason: String,
}

impl From<&Unreadable> for StoreError {
    fn from(unreadable: &Unreadable) -> Self {
        Self::Unreadable {
            path: unreadable.path.clone(),
            reason: unreadable.reason.clone(),
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let Self {
            connections, owner, ..
        } = self;
        if *self.has_removed.get_mut() {
            // What cannot be deleted now is when somebody opens the history next.
            let _ = connections
                .write(|transaction| labels::delete_removed(transaction, &owner.name))
                .and_then(|()| bodies::delete_files(connections));
        }
    }
}

impl History {
    /// Opens the history on disk, and makes it when there is none. What posttuis that died left in
    /// flight is finished as interrupted. [`StoreError::Damaged`] when the file is no readable database.
    pub fn open(paths: &Paths) -> Result<Self, StoreError> {
        Ok(Self::open_with(paths, false)?.0)
    }

    /// Like [`History::open`], but a damaged file is moved aside, never deleted, and a new one begun:
    /// then the second value is what to tell the user.
    pub fn open_or_recover(paths: &Paths) -> Result<(Self, Option<String>), StoreError> {
        let (history, moved_to, notice) = Self::open_with(paths, true)?;
        let moved = moved_to.map(|moved_to| {
            format!(
                "The history was damaged. It was moved to {0} and a new one begun; `posttui history doctor --from {0}` brings back what can be read of it.",
                moved_to.display()
            )
        });
        Ok((history, moved.or(notice)))
    }

    /// Like [`History::open_or_recover`]; the second value is where the damaged file is now.
    /// [`StoreError::InUse`] where that would be moved from under another posttui.
    pub fn open_or_set_aside(paths: &Paths) -> Result<(Self, Option<PathBuf>), StoreError> {
        match Self::open_with(paths, false) {
            Err(StoreError::Damaged { .. }) => refuse_in_use(paths)?,
            opened => return opened.map(|(history, _, _)| (history, None)),
        }
        let (history, moved_to, _) = Self::open_with(paths, true)?;
        Ok((history, moved_to))
    }

    /// Moves the history aside, damaged or not, and begins a new one. [`StoreError::InUse`] while another posttui
    /// is running: it would go on writing into the old one.
    pub fn begin_anew(paths: &Paths) -> Result<(Self, PathBuf), StoreError> {
        refuse_in_use(paths)?;
        let aside = open::put_aside(paths)?;
        Ok((Self::open(paths)?, aside))
    }

    /// A history that ends with the program.
    pub fn in_memory() -> Result<Self, StoreError> {
        let path = Path::new("memory");
        let writer = open::open_in_memory().map_err(StoreError::database("be opened", path))?;
        Ok(Self(Arc::new(Shared {
            connections: Connections::new(writer, None),
            owner: Owner::alone(),
            path: path.to_owned(),
            own_secrets: Ok(OwnSecrets::default()),
            remembered: Remembered::default(),
            has_removed: AtomicBool::new(false),
            others_wrote: AtomicI64::default(),
        })))
    }

    /// Also gives back where a damaged one is now, and what the user should know besides.
    fn open_with(
        paths: &Paths,
        recover: bool,
    ) -> Result<(Self, Option<PathBuf>, Option<String>), StoreError> {
        let own_secrets = read_own_secrets(paths).map_err(|error| Unreadable {
            path: own_secrets_path(paths),
            reason: match error {
                StoreError::Unreadable { reason, .. } => reason,
                other => other.to_string(),
            },
        });
        let Opened {
            writer,
            path,
            place,
            moved_to,
            notice,
        } = open::open(paths, recover)?;
        let owner = match &place {
            Place::Writable(_) => Owner::claim(&owners(paths))?,
            // It sends nothing that would be in the history.
            Place::ReadOnly { .. } => Owner::alone(),
        };
        let blocked = own_secrets.as_ref().err().map(|unreadable| {
            format!(
                "Nothing new is kept in the history: {}",
                StoreError::from(unreadable)
            )
        });
        let notice = notice.or(blocked);
        let history = Self(Arc::new(Shared {
            connections: Connections::new(writer, Some(place)),
            owner,
            path,
            own_secrets,
            remembered: Remembered::default(),
            has_removed: AtomicBool::new(false),
            others_wrote: AtomicI64::default(),
        }));
        let known = history.0.owner.known();
        history.settle(known)?;
        history.settle(history.others_in_flight()?)?;
        Ok((history, moved_to, notice))
    }

    /// Writes the row of an exchange that is about to be sent; when this returns, it survives whatever
    /// happens to the program.
    pub fn begin(
        &self,
        request: &Request,
        prepared: &PreparedRequest,
        started_at: Timestamp,
    ) -> Result<ExchangeId, StoreError> {
        let owner = &self.0.owner.name;
        let (request, prepared) = self.without_own_secrets(request, prepared)?;
        let connections = &self.0.connections;
        let mut beginning = self.beginning(&request, &prepared, started_at)?;
        connections
            .write(|transaction| Beginner::new(transaction)?.begin(owner, &mut beginning))
            .map_err(self.failed("keep the request"))
    }

    /// The request without what the user holds secret; other secrets go where it is written.
    fn without_own_secrets(
        &self,
        request: &Request,
        prepared: &PreparedRequest,
    ) -> Result<(Request, PreparedRequest), StoreError> {
        let own = self.own_secrets()?;
        Ok((own.hide_in_request(request), own.hide_in_prepared(prepared)))
    }

    /// What the user holds secret: while that cannot be read, nothing may be written.
    pub fn own_secrets(&self) -> Result<&OwnSecrets, StoreError> {
        self.0.own_secrets.as_ref().map_err(StoreError::from)
    }

    /// What is written of an exchange that begins; what takes long is done already.
    fn beginning<'a>(
        &self,
        request: &'a Request,
        prepared: &PreparedRequest,
        started_at: Timestamp,
    ) -> Result<Beginning<'a>, StoreError> {
        let mut beginning = Beginning::new(request, prepared, started_at);
        self.pack_ahead(beginning.long_body())?;
        Ok(beginning)
    }

    fn pack_ahead(&self, body: Option<&mut Content>) -> Result<(), StoreError> {
        let Some(body) = body else {
            return Ok(());
        };
        let connections = &self.0.connections;
        connections
            .read(|connection| body.pack_ahead(connection))
            .map_err(self.failed("keep the body"))
    }

    /// Writes what the exchange came to, and what the user's rules said of it; [`StoreError::Missing`] when there is no such row.
    pub fn finish(
        &self,
        id: ExchangeId,
        hops: &[Hop],
        outcome: &Outcome,
        duration: Duration,
        said: &Said,
    ) -> Result<(), StoreError> {
        let own = self.own_secrets()?;
        let (hops, mut outcome) = (own.hide_in_hops(hops), own.hide_in_outcome(outcome));
        let values = take_secrets(&mut outcome, own);
        let hide =
            |text: &Option<String>| text.clone().map(|text| without(own.hidden(text), &values));
        let (message, evidence) = (hide(&said.message), hide(&said.evidence));
        let verdict = Verdict {
            problem: hide(&said.verdict.problem),
            ..said.verdict.clone()
        };
        let mut ending = Ending {
            duration: Some(duration),
            message: message.as_deref(),
            evidence: evidence.as_deref(),
            ..Ending::new(&hops, &outcome, &verdict)
        };
        self.pack_ahead(ending.long_body())?;
        let connections = &self.0.connections;
        let found = connections
            .write(|transaction| Finisher::new(transaction)?.finish(id, &mut ending))
            .map_err(self.failed("keep the outcome"))?;
        if found {
            Ok(())
        } else {
            Err(StoreError::Missing(id))
        }
    }

    /// Adds many exchanges at once, all or none; they get numbers of their own, in the order given. One
    /// without an outcome is kept as interrupted, since nobody is going to finish it. Returns how many
    /// there were. Nobody else can write meanwhile.
    pub fn import(&self, exchanges: impl IntoIterator<Item = Exchange>) -> Result<u64, StoreError> {
        Ok(self.import_all(exchanges)?.len() as u64)
    }

    /// Likewise; returns their numbers.
    fn import_all(
        &self,
        exchanges: impl IntoIterator<Item = Exchange>,
    ) -> Result<Vec<ExchangeId>, StoreError> {
        let owner = &self.0.owner.name;
        let own = self.own_secrets()?;
        let connections = &self.0.connections;
        connections
            .write(|transaction| {
                let mut beginner = Beginner::new(transaction)?;
                let mut finisher = Finisher::new(transaction)?;
                let mut added = Vec::new();
                for exchange in exchanges {
                    let mut exchange = own.hide_in_exchange(exchange);
                    take_secrets_of(&mut exchange, own);
                    let (request, prepared) = (&exchange.request, &exchange.prepared);
                    let mut beginning = Beginning::new(request, prepared, exchange.started_at);
                    let id = beginner.begin(owner, &mut beginning)?;
                    let outcome = exchange.outcome.unwrap_or_else(write::interrupted);
                    let mut ending = Ending {
                        duration: exchange.duration,
                        message: exchange.message.as_deref(),
                        ..Ending::new(&exchange.hops, &outcome, &exchange.verdict)
                    };
                    finisher.finish(id, &mut ending)?;
                    added.push(id);
                }
                Ok(added)
            })
            .map_err(self.failed("add exchanges"))
    }

    /// Like [`History::page`], but breaks off soon after `is_awaited` says no, and says of the first rows where words
    /// were found that the rows themselves do not show.
    pub fn page_while(
        &self,
        filter: &Filter,
        before: Option<ExchangeId>,
        limit: usize,
        is_awaited: impl Fn() -> bool + Clone + Send + 'static,
    ) -> Result<Vec<Summary>, StoreError> {
        self.settle_dead();
        self.gather_first(filter);
        let still_awaited = is_awaited.clone();
        let connections = &self.0.connections;
        connections
            .read_while(is_awaited, |connection| {
                let mut rows = query::page(connection, filter, before, limit)?;
                snippets::add(connection, filter, &mut rows, &still_awaited)?;
                Ok(rows)
            })
            .map_err(self.failed("be searched"))
    }

    /// Like [`History::count`], but breaks off soon after `is_awaited` says no.
    pub fn count_while(
        &self,
        filter: &Filter,
        is_awaited: impl Fn() -> bool + Send + 'static,
    ) -> Result<u64, StoreError> {
        let connections = &self.0.connections;
        connections
            .read_while(is_awaited, |connection| query::count(connection, filter))
            .map_err(self.failed("be counted"))
    }

    fn gather_first(&self, filter: &Filter) {
        if filter.looks_for_words() {
            // What cannot be indexed now is not found yet; the rest is.
            let _ = self.gather_words(GATHERED_FIRST);
        }
    }

    /// The newest rows that satisfy the filter, of those before `before`, at most `limit`.
    pub fn page(
        &self,
        filter: &Filter,
        before: Option<ExchangeId>,
        limit: usize,
    ) -> Result<Vec<Summary>, StoreError> {
        self.settle_dead();
        self.gather_first(filter);
        let connections = &self.0.connections;
        connections
            .read(|connection| query::page(connection, filter, before, limit))
            .map_err(self.failed("be searched"))
    }

    /// Brings what is written to the disk itself, so that it survives a power cut, too. It may take long
    /// on a busy disk; nothing else waits for it.
    pub fn flush(&self) -> Result<(), StoreError> {
        let connections = &self.0.connections;
        connections.flush().map_err(self.failed("be flushed"))
    }

    /// How many rows satisfy the filter. Known without counting for the default filter and for those
    /// about nothing but statuses, methods or hosts.
    pub fn count(&self, filter: &Filter) -> Result<u64, StoreError> {
        self.gather_first(filter);
        let connections = &self.0.connections;
        connections
            .read(|connection| query::count(connection, filter))
            .map_err(self.failed("be counted"))
    }

    /// The names of header fields, parameters and form fields in the newest requests.
    pub fn names(&self) -> Result<Names, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(names::of_newest)
            .map_err(self.failed("be read"))
    }

    /// The addresses of a host (with its port) that were answered with less than 400; of the newest rows
    /// only, where there are very many.
    pub fn answered_urls(&self, host: &str) -> Result<Vec<String>, StoreError> {
        let connections = &self.0.connections;
        connections
            .read(|connection| near::answered(connection, host))
            .map_err(self.failed("be searched"))
    }

    /// One exchange, whole; `None` when there is no such number.
    pub fn load(&self, id: ExchangeId) -> Result<Option<Exchange>, StoreError> {
        self.settle_dead();
        let connections = &self.0.connections;
        connections
            .read(|connection| read::load(connection, id))
            .map_err(self.failed("be read"))
    }

    /// Finishes what other posttuis left in flight when they died. Costs next to nothing while there is
    /// nothing of others in flight. What cannot be finished now goes on reading as in flight.
    fn settle_dead(&self) {
        let _ = self
            .others_in_flight()
            .and_then(|owners| self.settle(owners));
    }

    /// The other owners that have rows in flight.
    fn others_in_flight(&self) -> Result<BTreeSet<String>, StoreError> {
        let own = &self.0.owner.name;
        let connections = &self.0.connections;
        connections
            .read(|connection| {
                let sql =
                    "SELECT owner FROM exchange WHERE owner IS NOT NULL AND owner <> ?1
                     UNION
                     SELECT removed_by FROM exchange WHERE removed_by IS NOT NULL AND removed_by <> ?1";
                let mut statement = connection.prepare(sql)?;
                let owners = statement.query_map([own], |row| row.get(0))?;
                owners.collect()
            })
            .map_err(self.failed("be read"))
    }

    /// Finishes the rows of those owners that are dead.
    fn settle(&self, owners: impl IntoIterator<Item = String>) -> Result<(), StoreError> {
        for owner in owners {
            let Some(estate) = self.0.owner.inherit(&owner) else {
                continue;
            };
            let connections = &self.0.connections;
            connections
                .write(|transaction| write::interrupt_all(transaction, &owner))
                .map_err(self.failed("finish what was interrupted"))?;
            estate.close();
        }
        Ok(())
    }

    fn failed(&self, deed: &'static str) -> impl FnOnce(rusqlite::Error) -> StoreError {
        StoreError::database(deed, &self.0.path)
    }
}

/// While another posttui has the history open, its file has to stay where it is.
fn refuse_in_use(paths: &Paths) -> Result<(), StoreError> {
    match owner::living(&owners(paths)).as_slice() {
        [] => Ok(()),
        living => Err(StoreError::InUse {
            path: paths.data.join("history.sqlite3"),
            processes: living.join(", "),
        }),
    }
}

/// Where the locks of those are that have the history open.
fn owners(paths: &Paths) -> PathBuf {
    paths.data.join("running")
}

#[cfg(test)]
mod tests;
