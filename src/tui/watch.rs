//! Tells when somebody else changes the collection's files. The system tells it (inotify and the like):
//! while nothing changes, nothing wakes up.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use crate::model::{EntryKind, collection::Collection};

/// What happens together is told once: an editor writes a file in several steps, and a checkout writes
/// many.
const SETTLING: Duration = Duration::from_millis(60);

/// The folders that are watched.
pub struct Watch {
    /// `None` where the system does not let files be watched: then a change is noticed when the terminal
    /// gets the keyboard back.
    watcher: Option<RecommendedWatcher>,
    folders: BTreeSet<PathBuf>,
    told: Arc<AtomicBool>,
}

impl Watch {
    /// Begins with no folder. `tell` is called on a thread of its own, and not again before
    /// [`Watch::hear`].
    pub fn start(tell: impl Fn() + Send + 'static) -> Self {
        let told = Arc::new(AtomicBool::new(false));
        let is_told = Arc::clone(&told);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| matters(&event)) && !is_told.swap(true, Ordering::AcqRel) {
                std::thread::sleep(SETTLING);
                tell();
            }
        });
        Self {
            watcher: watcher.ok(),
            folders: BTreeSet::new(),
            told,
        }
    }

    /// What changes from now on is told again.
    pub fn hear(&self) {
        self.told.store(false, Ordering::Release);
    }

    /// Watches the folders of a collection, and no other ones any more; says whether there is one that was not
    /// watched before.
    pub fn follow(&mut self, collection: &Collection) -> bool {
        let root = &collection.root;
        let folders = collection
            .entries
            .iter()
            .filter(|entry| entry.kind == EntryKind::Folder)
            .map(|entry| root.join(&entry.path));
        self.follow_folders(folders.chain([root.clone()]).collect())
    }

    /// Watches these folders, and no other ones any more; says whether there is one that was not watched before.
    pub fn follow_folders(&mut self, wanted: BTreeSet<PathBuf>) -> bool {
        let Some(watcher) = &mut self.watcher else {
            return false;
        };
        let mut has_more = false;
        for gone in self.folders.difference(&wanted) {
            // One that was removed is watched no more anyway.
            let _ = watcher.unwatch(gone);
        }
        // What cannot be watched, since it is not there yet or there are too many, is tried again at the
        // next change.
        self.folders.retain(|folder| wanted.contains(folder));
        for folder in wanted {
            if !self.folders.contains(&folder)
                && watcher.watch(&folder, RecursiveMode::NonRecursive).is_ok()
            {
                self.folders.insert(folder);
                has_more = true;
            }
        }
        has_more
    }
}

/// Whether an event may change what the tree shows: files of ours and folders, not that they were read,
/// nor the files that a write goes by way of.
fn matters(event: &Event) -> bool {
    !event.kind.is_access() && event.paths.iter().any(|path| is_of_collection(path))
}

fn is_of_collection(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let extension = path.extension();
    !name.starts_with('.') && extension.is_none_or(|extension| extension == "toml")
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::mpsc::channel, time::Duration};

    use super::*;
    use crate::model::collection::Entry;

    const PATIENCE: Duration = Duration::from_secs(20);

    fn collection(root: &Path, folders: &[&str]) -> Collection {
        let folder = |path: &&str| Entry {
            kind: EntryKind::Folder,
            path: (*path).to_owned(),
            stamp: (0, 0),
        };
        Collection {
            root: root.to_owned(),
            entries: folders.iter().map(folder).collect(),
            ..Collection::default()
        }
    }

    #[test]
    fn a_change_in_any_folder_is_told_once_until_it_is_heard() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("users")).unwrap();
        let (sender, told) = channel();
        let mut watch = Watch::start(move || {
            let _ = sender.send(());
        });
        watch.follow(&collection(folder.path(), &["users", "not-there"]));
        fs::write(folder.path().join("users/a.toml"), "url = ':1'").unwrap();
        told.recv_timeout(PATIENCE).expect("a file in a folder");
        fs::write(folder.path().join("b.toml"), "url = ':1'").unwrap();
        watch.hear();
        fs::remove_file(folder.path().join("b.toml")).unwrap();
        told.recv_timeout(PATIENCE).expect("a file that is removed");
    }

    #[test]
    fn only_files_of_a_collection_matter() {
        for (path, counts) in [
            ("/a/login.toml", true),
            ("/a/users", true),
            ("/a/.posttui-x1.toml", false),
            ("/a/notes.md", false),
            ("/a/.login.toml.swp", false),
        ] {
            assert_eq!(is_of_collection(Path::new(path)), counts, "{path}");
        }
    }
}
