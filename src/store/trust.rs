//! The collections that the user trusts. A saved request from elsewhere may ask for what is on this
//! machine; whoever fills such a request in asks here first.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    Paths, StoreError,
    files::{make_folder, replace},
};

/// The list of trusted folders, in `trusted.json` in the data folder.
#[derive(Debug, Clone)]
pub struct Trust {
    paths: Paths,
}

#[derive(Default, Serialize, Deserialize)]
struct List {
    folders: Vec<PathBuf>,
}

impl Trust {
    pub fn new(paths: &Paths) -> Self {
        Self {
            paths: paths.clone(),
        }
    }

    /// Whether the collection in this folder is the user's own, or one that the user trusts. A list
    /// that cannot be read trusts nothing.
    pub fn is_trusted(&self, root: &Path) -> bool {
        let root = canonical(root);
        root.starts_with(canonical(&self.paths.data))
            || self.read().is_ok_and(|list| list.folders.contains(&root))
    }

    /// Trusts the collection in this folder from now on.
    pub fn trust(&self, root: &Path) -> Result<(), StoreError> {
        if self.is_trusted(root) {
            return Ok(());
        }
        let mut list = self.read()?;
        list.folders.push(canonical(root));
        make_folder(&self.paths.data)?;
        let bytes = serde_json::to_vec_pretty(&list).map_err(|error| {
            StoreError::file("write", &self.file())(std::io::Error::from(error))
        })?;
        replace(&self.file(), &bytes)
    }

    fn file(&self) -> PathBuf {
        self.paths.data.join("trusted.json")
    }

    fn read(&self) -> Result<List, StoreError> {
        let path = self.file();
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| StoreError::file("read", &path)(std::io::Error::from(error))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(List::default()),
            Err(error) => Err(StoreError::file("read", &path)(error)),
        }
    }
}

/// One folder has many names; it is trusted by its real one.
fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_user_trusts_and_owns_is_trusted() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::within(home.path());
        let trust = Trust::new(&paths);
        let other = tempfile::tempdir().unwrap();
        assert!(!trust.is_trusted(other.path()));
        assert!(trust.is_trusted(&paths.data.join("collection")));
        trust.trust(other.path()).unwrap();
        trust.trust(&other.path().join(".")).unwrap();
        let again = Trust::new(&paths);
        assert!(again.is_trusted(other.path()));
        assert!(!again.is_trusted(&other.path().join("inner")));
        fs::write(paths.data.join("trusted.json"), "[").unwrap();
        assert!(!again.is_trusted(other.path()));
        assert!(
            again.trust(other.path()).is_err(),
            "a broken list is left alone"
        );
    }
}
