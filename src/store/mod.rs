//! What stays when the program ends: files that only the user can read, and never half-written ones.
//!
//! ```text
//! paths     where the folders are
//! session   the unsent draft: one JSON file, kept by one posttui at a time
//! environments  variables for templates: a TOML file each, their secrets apart from them
//! cookies   the jars of the environments: one file, changed by all that run
//! own_secrets what the user holds secret beside what everybody does
//! history   every exchange: one SQLite database, shared by all that run
//! retention how much of the history is kept, of everything and of single environments
//! collection saved requests: folders of TOML files, the user's own or beside a project
//! settings  what the user chose for posttui as a whole
//! trust     the collections from elsewhere that the user trusts
//! trash     where what is deleted is moved to
//! files     private folders and files, replaced whole, never deleted when unreadable
//! lock      locks of the operating system: they end with the process, however it ends
//! error     what can go wrong, by kind
//! ```
//!
//! Everything here blocks; whoever must not be held up calls it from a thread of its own.

mod collection;
mod cookies;
mod environments;
mod error;
mod files;
mod history;
mod lock;
mod own_secrets;
mod paths;
mod retention;
mod session;
mod settings;
mod trash;
mod trust;

pub use collection::{CollectionError, Library, MARKER, SaveError, Written};
pub use cookies::CookieFile;
pub use environments::{EnvironmentFiles, EnvironmentKept, SecretsKept};
pub use error::StoreError;
pub use history::{
    Cell, Changes, CompareError, ExampleError, Findings, Forgotten, History, Reader,
    SHORTEST_SCRUBBED, Salvage, SqlError, VIEWS, kept, without_secrets,
};
pub use own_secrets::{own_secrets_path, read_own_secrets};
pub use paths::Paths;
pub use retention::{Limits, Retention};
pub use session::SessionFile;
pub use settings::{KeyringUse, Settings};
pub use trust::Trust;
