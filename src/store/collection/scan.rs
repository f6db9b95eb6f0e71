//! What is in a collection. The names come first, from the folders alone; whether a file was changed needs
//! a look at each, and what a request is sent by needs every file read: these come after.

use std::{
    fs::{self, DirEntry},
    path::Path,
    time::UNIX_EPOCH,
};

use crate::{
    format::request_toml,
    model::{
        EntryKind, Head,
        collection::{Collection, Entry, arrange, join},
    },
    store::{Paths, Trust},
};

use super::{Library, MARKER, marker};

/// Folders inside folders that are looked into; deeper ones are a circle of links or a mistake.
const DEEPEST: usize = 24;

/// Entries at the most: beyond it the folder is no collection.
const MOST: usize = 200_000;

/// Folders that belong to other programs and hold thousands of files.
const FOREIGN: [&str; 3] = ["node_modules", "target", "environments"];

impl Library {
    /// Lists the collection, with what tells whether a file was changed.
    pub fn scan(&self, paths: &Paths) -> Collection {
        let mut collection = self.list(paths);
        self.stamp(&mut collection);
        collection
    }

    /// Lists the names alone: no file is looked at, so that thousands are listed about as fast as ten. What
    /// cannot be read is a complaint, and the rest is there.
    pub fn list(&self, paths: &Paths) -> Collection {
        let mut found = Found::default();
        if self.root.exists() {
            found.walk(&self.root, "", 0);
        }
        let marker = marker::read(self).unwrap_or_else(|reason| {
            found.complaints.push(reason);
            marker::Marker::default()
        });
        let folder_name = self.root.file_name().map(|name| name.to_string_lossy());
        let usual_name = if self.personal {
            "My requests".to_owned()
        } else {
            folder_name.unwrap_or_default().into_owned()
        };
        Collection {
            root: self.root.clone(),
            name: marker.name.unwrap_or(usual_name),
            personal: self.personal,
            trusted: self.personal || Trust::new(paths).is_trusted(&self.root),
            entries: arrange(found.entries, &marker.order),
            complaints: found.complaints,
        }
    }

    /// Looks at each file of a listed collection.
    pub fn stamp(&self, collection: &mut Collection) {
        let requests = collection.entries.iter_mut();
        for entry in requests.filter(|entry| entry.kind == EntryKind::Request) {
            entry.stamp = self.file(&entry.path).map_or((0, 0), |file| stamp(&file));
        }
    }

    /// What the tree shows of a saved request.
    pub fn head(&self, path: &str) -> Head {
        let text = self.read(path).map_err(|error| error.to_string());
        let read =
            text.and_then(|text| request_toml::read(&text).map_err(|error| error.to_string()));
        match read {
            Ok(read) => Head::Readable {
                method: read.request.method,
            },
            Err(reason) => Head::Unreadable(reason),
        }
    }
}

#[derive(Default)]
struct Found {
    entries: Vec<Entry>,
    complaints: Vec<String>,
}

impl Found {
    fn walk(&mut self, folder: &Path, path: &str, depth: usize) {
        let listed = match fs::read_dir(folder) {
            Ok(listed) => listed,
            Err(error) => {
                let folder = folder.display();
                self.complaints
                    .push(format!("cannot list {folder}: {error}"));
                return;
            }
        };
        for entry in listed.flatten() {
            if self.entries.len() >= MOST {
                let text = format!("only the first {MOST} entries are shown");
                if self.complaints.last() != Some(&text) {
                    self.complaints.push(text);
                }
                return;
            }
            self.take(&entry, path, depth);
        }
    }

    fn take(&mut self, entry: &DirEntry, folder: &str, depth: usize) {
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            let name = name.to_string_lossy();
            self.complaints
                .push(format!("the name of “{name}” is no UTF-8: rename it"));
            return;
        };
        let Ok(kind) = entry.file_type() else { return };
        if name.starts_with('.') {
            return;
        }
        if kind.is_dir() {
            if FOREIGN.contains(&name) || depth >= DEEPEST {
                return;
            }
            let path = join(folder, name);
            self.push(EntryKind::Folder, path.clone());
            self.walk(&entry.path(), &path, depth + 1);
        } else if let Some(stem) = name.strip_suffix(".toml")
            && !stem.is_empty()
            && !(folder.is_empty() && name == MARKER)
        {
            self.push(EntryKind::Request, join(folder, stem));
        }
    }

    fn push(&mut self, kind: EntryKind, path: String) {
        let stamp = (0, 0);
        self.entries.push(Entry { kind, path, stamp });
    }
}

/// Length and time of the last change of a file.
fn stamp(file: &Path) -> (u64, u128) {
    let Ok(metadata) = fs::metadata(file) else {
        return (0, 0);
    };
    let changed = metadata.modified().ok();
    let since = changed.and_then(|changed| changed.duration_since(UNIX_EPOCH).ok());
    (metadata.len(), since.map_or(0, |since| since.as_nanos()))
}
