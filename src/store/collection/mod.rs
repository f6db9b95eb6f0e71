//! Collections on disk: a folder with a marker file `posttui.toml`, saved requests as TOML files below
//! it, folders in it. Every file is replaced whole, so that at any moment the old or the new one is
//! there; what is deleted is moved to a trash folder.
//!
//! ```text
//! mod      where a collection is; reading and saving a request
//! scan     what is in it
//! marker   posttui.toml: its name and order
//! change   folders, moving, copying, deleting, reordering
//! ```

mod change;
mod marker;
mod scan;
#[cfg(test)]
mod tests;

use std::{
    fs,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    format::request_toml::{self, WriteError},
    model::{EntryKind, Request, collection::check_path},
};

use super::{
    Paths, StoreError,
    files::{make_folder, replace_shared},
};

/// The file that makes a folder a collection.
pub const MARKER: &str = "posttui.toml";

/// The largest file that is read as a saved request, in bytes: a body of any sense fits.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A collection: where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    root: PathBuf,
    personal: bool,
}

/// Why something in a collection could not be done.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0} is no folder with a {MARKER} in it: `posttui init` makes one")]
    NoCollection(PathBuf),
    #[error("“{0}” exists already: choose another name")]
    Exists(String),
    #[error("“{0}” is not in the collection any more")]
    Missing(String),
    #[error("“{0}” leads out of the collection or is no name that every system allows")]
    BadPath(String),
    #[error("{path} is not read as a saved request: {reason}")]
    Unreadable { path: PathBuf, reason: String },
    #[error("a folder cannot be moved into itself")]
    IntoItself,
}

/// Why a request was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file is not as it was when the draft was loaded from it.
    #[error("“{0}” was changed outside since it was loaded")]
    Changed(String),
    #[error("“{0}” was removed outside since it was loaded")]
    Gone(String),
    #[error(transparent)]
    Collection(#[from] CollectionError),
    #[error("“{path}” was not saved: {reason}")]
    Format { path: String, reason: WriteError },
}

impl From<StoreError> for SaveError {
    fn from(error: StoreError) -> Self {
        Self::Collection(error.into())
    }
}

/// What a save may write over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// Nothing: there must be no file yet.
    New,
    /// The file as it was read.
    Over(Arc<str>),
    /// Whatever is there, since the user was asked.
    Anyway,
}

impl Library {
    /// The collection that `folder` is in, or else the user's own in the data folder, which is made
    /// when something is saved.
    pub fn find(folder: &Path, paths: &Paths) -> Self {
        let found = folder
            .ancestors()
            .find(|above| above.join(MARKER).is_file());
        match found {
            Some(root) => Self {
                root: root.to_owned(),
                personal: false,
            },
            None => Self::personal(paths),
        }
    }

    /// The user's own collection.
    pub fn personal(paths: &Paths) -> Self {
        Self {
            root: paths.data.join("collection"),
            personal: true,
        }
    }

    /// The collection in a folder that the user named.
    pub fn open(folder: &Path) -> Result<Self, CollectionError> {
        let root =
            fs::canonicalize(folder).map_err(StoreError::file("open the collection", folder))?;
        if !root.join(MARKER).is_file() {
            return Err(CollectionError::NoCollection(root));
        }
        Ok(Self {
            root,
            personal: false,
        })
    }

    /// Makes a folder a collection; an existing marker is left as it is, which `false` tells.
    pub fn init(folder: &Path) -> Result<(Self, bool), CollectionError> {
        fs::create_dir_all(folder).map_err(StoreError::file("make the folder", folder))?;
        let root = fs::canonicalize(folder).map_err(StoreError::file("open", folder))?;
        let is_new = !root.join(MARKER).exists();
        if is_new {
            let name = root.file_name().map(|name| name.to_string_lossy());
            let text = marker::new_text(&name.unwrap_or_default());
            replace_shared(&root.join(MARKER), text.as_bytes())?;
        }
        Ok((
            Self {
                root,
                personal: false,
            },
            is_new,
        ))
    }

    /// A collection by its folder, as it is remembered.
    pub fn at(root: &Path, paths: &Paths) -> Self {
        let personal = Self::personal(paths);
        if personal.root == root {
            return personal;
        }
        Self {
            root: root.to_owned(),
            personal: false,
        }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn is_personal(&self) -> bool {
        self.personal
    }

    /// The file of a saved request.
    pub fn file(&self, path: &str) -> Result<PathBuf, CollectionError> {
        self.place(EntryKind::Request, path)
    }

    /// The file or folder of a path. The path is checked: it may come from a file of anybody's.
    fn place(&self, kind: EntryKind, path: &str) -> Result<PathBuf, CollectionError> {
        let bad = || CollectionError::BadPath(path.to_owned());
        let mut place = self.root.clone();
        if check_path(path).is_err() {
            // An existing file may have a name that would not be given to a new one.
            let is_inside = |name: &str| {
                !name.is_empty() && !name.starts_with('.') && !name.contains(['\\', '\0'])
            };
            if !path.split('/').all(is_inside) {
                return Err(bad());
            }
        }
        place.extend(path.split('/'));
        if kind == EntryKind::Request {
            let mut file = place.into_os_string();
            file.push(".toml");
            place = file.into();
        }
        Ok(place)
    }

    /// The text of a saved request.
    pub fn read(&self, path: &str) -> Result<String, CollectionError> {
        let file = self.file(path)?;
        read_text(&file)?.ok_or_else(|| CollectionError::Missing(path.to_owned()))
    }

    /// Saves a request and answers with the text of its file. Comments, order and unknown keys of a
    /// file that is written over stay.
    pub fn save(&self, path: &str, request: &Request, over: &Written) -> Result<String, SaveError> {
        let file = self.file(path)?;
        let present = read_text(&file)?;
        let existing = match (over, &present) {
            (Written::New, Some(_)) => {
                return Err(CollectionError::Exists(path.to_owned()).into());
            }
            (Written::Over(read), Some(present)) if **read != **present => {
                return Err(SaveError::Changed(path.to_owned()));
            }
            (Written::Over(_), None) => return Err(SaveError::Gone(path.to_owned())),
            (_, present) => present.as_deref(),
        };
        let written = request_toml::write(request, existing);
        // What was loaded could be read: who goes over a text that cannot was asked about that very text, of which
        // nothing can stay.
        let written = match (over, existing) {
            (Written::Over(_), Some(text)) if request_toml::read(text).is_err() => {
                request_toml::write(request, None).or(written)
            }
            _ => written,
        };
        let text = written.map_err(|reason| SaveError::Format {
            path: path.to_owned(),
            reason,
        })?;
        if present.as_deref() != Some(&text) {
            self.make_folder_of(&file)?;
            replace_shared(&file, text.as_bytes())?;
        }
        Ok(text)
    }

    fn make_folder_of(&self, file: &Path) -> Result<(), CollectionError> {
        let folder = file.parent().unwrap_or(&self.root);
        Ok(make_folder(folder)?)
    }
}

/// The text of a file; `None` where there is none.
fn read_text(file: &Path) -> Result<Option<String>, CollectionError> {
    let unreadable = |reason: String| CollectionError::Unreadable {
        path: file.to_owned(),
        reason,
    };
    let failed = |error| CollectionError::from(StoreError::file("read", file)(error));
    let metadata = match fs::metadata(file) {
        Ok(metadata) => metadata,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    // A pipe or a device would keep whoever reads it waiting.
    if !metadata.is_file() {
        return Err(unreadable("it is no file".to_owned()));
    }
    if metadata.len() > LARGEST {
        return Err(unreadable("it is larger than 64 MiB".to_owned()));
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    fs::File::open(file)
        .and_then(|file| file.take(LARGEST).read_to_end(&mut bytes))
        .map_err(failed)?;
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|error| unreadable(format!("it is no UTF-8 text: {}", error.utf8_error())))
}

fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
