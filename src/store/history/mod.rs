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
//! keep         one before and after its send                  ask          pages, counts, one whole
//! settle       what others left in flight                     damaged      rows of which something cannot be read
//! write        exchanges in, without their secrets            read         exchanges out
//! answers      what is secret in answers
//! bodies       each content once, compressed; large ones as files
//! as_sent      typed texts that are such a content
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
mod as_sent;
mod ask;
mod backup;
mod bodies;
mod changes;
mod check;
mod compare;
mod connections;
mod damaged;
mod discard;
mod examples;
mod facets;
mod few;
mod full_text;
mod gather;
mod import;
mod indexes;
mod journal;
mod keep;
mod labels;
mod limits;
mod mend;
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
mod settle;
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
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64},
    },
};

use crate::model::OwnSecrets;

use self::{
    answers::Remembered,
    connections::{Connections, Place},
    open::Opened,
    owner::Owner,
};
use super::{Paths, StoreError, own_secrets_path, read_own_secrets};

/// The folder of the locks, in that of the history.
const RUNNING: &str = "running";

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

    /// Brings what is written to the disk itself, so that it survives a power cut, too. It may take long
    /// on a busy disk; nothing else waits for it.
    pub fn flush(&self) -> Result<(), StoreError> {
        let connections = &self.0.connections;
        connections.flush().map_err(self.failed("be flushed"))
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
    paths.data.join(RUNNING)
}

#[cfg(test)]
mod tests;
