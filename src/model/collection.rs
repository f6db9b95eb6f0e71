//! Collections: folders of saved requests. A *path* here is the place of a request or a folder within
//! its collection: names joined by `/`, without the `.toml` of the file.

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

/// Which saved request a draft belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Origin {
    /// The folder of the collection.
    pub root: PathBuf,
    pub path: String,
}

/// What stands in a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    Folder,
    Request,
}

/// One request or folder of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub kind: EntryKind,
    pub path: String,
    /// Tells whether the file was changed: its length in bytes, and when it was written last, in
    /// nanoseconds since 1970. Zeros where nobody has looked at the file yet.
    pub stamp: (u64, u128),
}

impl Entry {
    /// The path, with a slash at the end of a folder's: what the order of a collection is written in.
    pub fn key(&self) -> String {
        match self.kind {
            EntryKind::Folder => format!("{}/", self.path),
            EntryKind::Request => self.path.clone(),
        }
    }

    /// How many folders it is in.
    pub fn depth(&self) -> usize {
        self.path.matches('/').count()
    }
}

/// What the tree shows of a saved request beside its name; it comes after the names, since every file
/// has to be read for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    Readable {
        method: String,
    },
    /// The file is no saved request, and why.
    Unreadable(String),
}

/// A collection as it is on disk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collection {
    pub root: PathBuf,
    pub name: String,
    /// Whether it is the user's own in the data folder, used where no other one is found.
    pub personal: bool,
    /// Whether its requests may reach for what is on this machine.
    pub trusted: bool,
    /// In the order of the tree.
    pub entries: Vec<Entry>,
    /// What could not be taken in, and why.
    pub complaints: Vec<String>,
}

/// The folder that a path is in; empty for the collection itself.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The last name of a path.
pub fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// A name in a folder.
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// The path of a copy: the name with a number behind it, or with the next one where it has one.
pub fn next_name(path: &str) -> String {
    let numbered = path.rsplit_once(' ').and_then(|(stem, number)| {
        let number: u64 = number.parse().ok().filter(|it| *it > 1)?;
        (!name(stem).trim().is_empty()).then_some((stem, number.checked_add(1)?))
    });
    match numbered {
        Some((stem, next)) => format!("{stem} {next}"),
        None => format!("{path} 2"),
    }
}

/// The paths of the requests that a name may mean: the one with that path, else those whose last name it
/// is.
pub fn requests_called<'a>(collection: &'a Collection, name: &str) -> Vec<&'a str> {
    let wanted = name.strip_suffix(".toml").unwrap_or(name);
    let requests = || {
        let entries = collection.entries.iter();
        let requests = entries.filter(|entry| entry.kind == EntryKind::Request);
        requests.map(|entry| entry.path.as_str())
    };
    match requests().find(|path| *path == wanted) {
        Some(path) => vec![path],
        None => requests()
            .filter(|path| self::name(path) == wanted)
            .collect(),
    }
}

/// Why a text cannot be the path of a saved request or folder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    #[error("type a name; a / in it names folders, as in users/create")]
    Empty,
    #[error("a name is missing beside a /")]
    EmptyName,
    #[error("“{0}” cannot be in the name of a file everywhere: leave it out")]
    Character(char),
    #[error(
        "“{0}” begins or ends with a dot or a blank, which file systems treat in their own way"
    )]
    Edge(String),
    #[error("“{0}” is longer than the 200 bytes that every file system has room for")]
    Long(String),
    #[error("“posttui” is the name of the file that describes the collection")]
    Marker,
}

/// Checks a path that was typed; blanks around its names and a `.toml` at its end are taken off.
pub fn check_path(typed: &str) -> Result<String, PathError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(PathError::Empty);
    }
    let typed = typed.strip_suffix(".toml").unwrap_or(typed);
    let names: Vec<&str> = typed.split('/').map(str::trim).collect();
    for name in &names {
        check_name(name)?;
    }
    if names.len() == 1 && typed.eq_ignore_ascii_case("posttui") {
        return Err(PathError::Marker);
    }
    Ok(names.join("/"))
}

/// A name has to be good on every system, since collections travel.
fn check_name(name: &str) -> Result<(), PathError> {
    if name.is_empty() {
        return Err(PathError::EmptyName);
    }
    let forbidden = |char: char| char.is_control() || "<>:\"\\|?*".contains(char);
    if let Some(char) = name.chars().find(|char| forbidden(*char)) {
        return Err(PathError::Character(char));
    }
    if name.starts_with('.') || name.ends_with('.') {
        return Err(PathError::Edge(name.to_owned()));
    }
    if name.len() > 200 {
        return Err(PathError::Long(name.to_owned()));
    }
    Ok(())
}

/// Puts entries in the order of the tree: in each folder first those that `order` names, in its order,
/// then the others, folders before requests, by name.
pub fn arrange(entries: Vec<Entry>, order: &[String]) -> Vec<Entry> {
    let ranks: HashMap<&str, usize> = order
        .iter()
        .enumerate()
        .map(|(rank, key)| (key.as_str(), rank))
        .collect();
    // Most collections have no order of their own: then no key is made.
    let rank = |entry: &Entry| {
        let rank = (!ranks.is_empty()).then(|| ranks.get(entry.key().as_str()));
        rank.flatten().copied()
    };
    let mut folders: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        let folder = parent(&entry.path);
        match folders.get_mut(folder) {
            Some(members) => members.push(entry),
            None => drop(folders.insert(folder.to_owned(), vec![entry])),
        }
    }
    for members in folders.values_mut() {
        members.sort_by_cached_key(|entry| {
            let name = name(&entry.path);
            (
                rank(entry).unwrap_or(usize::MAX),
                entry.kind,
                name.to_lowercase(),
                name.to_owned(),
            )
        });
    }
    let mut arranged = Vec::new();
    push_folder(&mut arranged, &mut folders, "");
    arranged
}

fn push_folder(
    arranged: &mut Vec<Entry>,
    folders: &mut BTreeMap<String, Vec<Entry>>,
    folder: &str,
) {
    for entry in folders.remove(folder).unwrap_or_default() {
        let inner = (entry.kind == EntryKind::Folder).then(|| entry.path.clone());
        arranged.push(entry);
        if let Some(inner) = inner {
            push_folder(arranged, folders, &inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str) -> Entry {
        let (path, kind) = match key.strip_suffix('/') {
            Some(path) => (path, EntryKind::Folder),
            None => (key, EntryKind::Request),
        };
        Entry {
            kind,
            path: path.to_owned(),
            stamp: (0, 0),
        }
    }

    fn arranged(keys: &[&str], order: &[&str]) -> Vec<String> {
        let order: Vec<String> = order.iter().map(ToString::to_string).collect();
        let entries = keys.iter().map(|key| entry(key)).collect();
        arrange(entries, &order).iter().map(Entry::key).collect()
    }

    #[test]
    fn the_order_comes_first_then_folders_then_names() {
        let keys = [
            "b",
            "A",
            "users/z",
            "users/",
            "users/a",
            "c",
            "users/b/",
            "users/b/x",
        ];
        assert_eq!(
            arranged(&keys, &[]),
            [
                "users/",
                "users/b/",
                "users/b/x",
                "users/a",
                "users/z",
                "A",
                "b",
                "c"
            ]
        );
        assert_eq!(
            arranged(&keys, &["c", "users/", "users/z", "gone"]),
            [
                "c",
                "users/",
                "users/z",
                "users/b/",
                "users/b/x",
                "users/a",
                "A",
                "b"
            ]
        );
    }

    #[test]
    fn a_copy_has_the_next_number() {
        for (path, copy) in [
            ("a b/login", "a b/login 2"),
            ("login 2", "login 3"),
            ("login 99", "login 100"),
            ("step 1", "step 1 2"),
            ("a/ 2", "a/ 2 2"),
            ("of 2024 x", "of 2024 x 2"),
        ] {
            assert_eq!(next_name(path), copy, "{path}");
        }
    }

    #[test]
    fn paths_are_taken_apart_and_joined() {
        assert_eq!((parent("a/b/c"), name("a/b/c")), ("a/b", "c"));
        assert_eq!((parent("a"), name("a")), ("", "a"));
        assert_eq!(join("", "a"), "a");
        assert_eq!(join("a/b", "c"), "a/b/c");
    }

    #[test]
    fn a_typed_path_is_good_on_every_system_or_refused() {
        for (typed, path) in [
            (" users / Create user.toml ", "users/Create user"),
            ("ü/名前", "ü/名前"),
            ("users/posttui", "users/posttui"),
        ] {
            assert_eq!(check_path(typed).as_deref(), Ok(path));
        }
        for typed in [
            "",
            " ",
            "/a",
            "a/",
            "a//b",
            "..",
            "a/../b",
            ".git/x",
            "a:b",
            "C:\\x",
            "a\nb",
            "a.",
            "posttui",
            "Posttui.toml",
        ] {
            assert!(check_path(typed).is_err(), "{typed}");
        }
        assert!(check_path(&"x".repeat(201)).is_err());
    }
}
