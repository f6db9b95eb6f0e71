//! The tree of saved requests: walked with the arrows, folders opened and closed, narrowed by typing.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    app::editor::Editor,
    model::{
        EntryKind, ExampleName, Head,
        collection::{Collection, Entry, name, parent},
    },
};

/// Rows above the list: the filter line.
pub const HEAD_ROWS: u16 = 1;

/// The zone's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CollectionPanel {
    open: Option<Arc<Collection>>,
    heads: HashMap<String, Head>,
    /// By the path of their request.
    examples: HashMap<String, Vec<ExampleName>>,
    /// Paths of folders whose content is not shown.
    closed: BTreeSet<String>,
    /// Indices of the entries shown, in order.
    rows: Vec<usize>,
    /// The paths in lower case, made when the first one is looked for.
    lower: Vec<String>,
    /// The key of the chosen entry.
    selected: Option<String>,
    /// Index of the first row shown.
    scroll: usize,
    /// Rows that fit.
    visible: usize,
    pub filter: Editor,
    /// Whether the filter line has the cursor.
    pub filtering: bool,
    /// Whether the user was asked in this run whether the collection is trusted.
    pub asked_for_trust: bool,
    /// The folders of trusted collections that the draft may come from, though another one is open.
    trusted_elsewhere: BTreeSet<PathBuf>,
}

impl CollectionPanel {
    /// The collection, once it is listed.
    pub fn open(&self) -> Option<&Collection> {
        self.open.as_deref()
    }

    /// The entries that fit on the screen, in order.
    pub fn rows_in_view(&self) -> impl Iterator<Item = &Entry> {
        let rows = self.rows.iter().skip(self.scroll).take(self.visible);
        rows.filter_map(|row| self.entries().get(*row))
    }

    pub fn row_count(&self) -> usize {
        self.rows.len()
    }

    pub fn scroll(&self) -> usize {
        self.scroll
    }

    fn entries(&self) -> &[Entry] {
        self.open.as_deref().map_or(&[], |open| &open.entries)
    }

    pub fn head(&self, path: &str) -> Option<&Head> {
        self.heads.get(path)
    }

    /// The named answers of a request.
    pub fn examples(&self, path: &str) -> &[ExampleName] {
        self.examples.get(path).map_or(&[], Vec::as_slice)
    }

    /// Takes all of them.
    pub fn take_examples(&mut self, names: Vec<ExampleName>) {
        self.examples.clear();
        for name in names {
            let of = self.examples.entry(name.path.clone()).or_default();
            of.push(name);
        }
    }

    pub fn is_closed(&self, path: &str) -> bool {
        self.closed.contains(path)
    }

    pub fn is_selected(&self, entry: &Entry) -> bool {
        let key = self.selected.as_deref();
        key.is_some_and(|key| match entry.kind {
            EntryKind::Request => key == entry.path,
            EntryKind::Folder => key.strip_suffix('/') == Some(&entry.path),
        })
    }

    /// The chosen entry.
    pub fn selected(&self) -> Option<&Entry> {
        self.rows
            .iter()
            .filter_map(|row| self.entries().get(*row))
            .find(|entry| self.is_selected(entry))
    }

    /// The folder that something new goes into: the chosen one, or that of the chosen request.
    pub fn folder(&self) -> &str {
        match self.selected() {
            Some(entry) if entry.kind == EntryKind::Folder => &entry.path,
            Some(entry) => parent(&entry.path),
            None => "",
        }
    }

    /// Whether there is an entry with this key.
    pub fn contains(&self, key: &str) -> bool {
        self.entries().iter().any(|entry| entry.key() == key)
    }

    /// Takes the collection as it is now.
    pub fn take(&mut self, collection: Arc<Collection>) {
        self.open = Some(collection);
        self.lower.clear();
        self.arrange();
    }

    pub fn take_heads(&mut self, heads: Vec<(String, Head)>) {
        self.heads.extend(heads);
    }

    /// Whether the collection in this folder is trusted. One of which nothing is known yet is not.
    pub fn trusts(&self, root: &Path) -> bool {
        match self.open() {
            Some(open) if open.root == root => open.trusted,
            _ => self.trusted_elsewhere.contains(root),
        }
    }

    /// Takes whether a collection, which need not be the open one, is trusted.
    pub fn take_trust(&mut self, root: &Path, trusted: bool) {
        if trusted {
            self.trusted_elsewhere.insert(root.to_owned());
        } else {
            self.trusted_elsewhere.remove(root);
        }
    }

    /// The collection in this folder is trusted now.
    pub fn trusted(&mut self, root: &Path) {
        self.take_trust(root, true);
        if let Some(open) = &mut self.open
            && open.root == root
        {
            Arc::make_mut(open).trusted = true;
        }
    }

    /// Chooses an entry by its key, also one that the next listing brings.
    pub fn select(&mut self, key: &str) {
        self.selected = Some(key.to_owned());
        self.open_folders_of(key.trim_end_matches('/'));
    }

    fn open_folders_of(&mut self, path: &str) {
        let mut folder = parent(path);
        while !folder.is_empty() {
            self.closed.remove(folder);
            folder = parent(folder);
        }
        self.arrange();
    }

    /// To be called when the filter or what is closed has changed.
    pub fn arrange(&mut self) {
        self.rows = if self.filter.text().trim().is_empty() {
            self.tree_rows()
        } else {
            if self.lower.is_empty() {
                let paths = self.entries().iter().map(|it| it.path.to_lowercase());
                self.lower = paths.collect();
            }
            self.found_rows()
        };
        self.keep_in_view();
    }

    fn tree_rows(&self) -> Vec<usize> {
        let mut closed: Option<&str> = None;
        let mut rows = Vec::with_capacity(self.entries().len());
        for (index, entry) in self.entries().iter().enumerate() {
            let path = entry.path.as_str();
            let is_hidden = closed.is_some_and(|folder| {
                path.strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
            });
            if is_hidden {
                continue;
            }
            let is_closed = entry.kind == EntryKind::Folder && self.closed.contains(path);
            closed = is_closed.then_some(path);
            rows.push(index);
        }
        rows
    }

    /// The requests whose path or method has every typed word.
    fn found_rows(&self) -> Vec<usize> {
        let typed = self.filter.text().to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let is_method = |entry: &Entry, word: &str| match self.heads.get(&entry.path) {
            Some(Head::Readable { method }) => method.eq_ignore_ascii_case(word),
            _ => false,
        };
        let fits = |entry: &Entry, path: &str| {
            let has = |word: &&str| path.contains(word) || is_method(entry, word);
            entry.kind == EntryKind::Request && words.iter().all(has)
        };
        let entries = self.entries().iter().zip(&self.lower).enumerate();
        entries
            .filter(|(_, (entry, path))| fits(entry, path))
            .map(|(index, _)| index)
            .collect()
    }

    pub fn is_filtered(&self) -> bool {
        !self.filter.text().trim().is_empty()
    }

    pub fn resize(&mut self, rows: u16) {
        self.visible = usize::from(rows).max(1);
        self.keep_in_view();
    }

    fn selected_row(&self) -> Option<usize> {
        let entries = self.entries();
        self.rows.iter().position(|row| {
            entries
                .get(*row)
                .is_some_and(|entry| self.is_selected(entry))
        })
    }

    /// Walks by rows.
    pub fn walk(&mut self, by: isize) {
        let Some(last) = self.rows.len().checked_sub(1) else {
            return;
        };
        let row = match self.selected_row() {
            Some(row) => row.saturating_add_signed(by).min(last),
            None if by == isize::MAX => last,
            None => 0,
        };
        let entry = self.rows.get(row).and_then(|row| self.entries().get(*row));
        self.selected = entry.map(Entry::key);
        self.keep_in_view();
    }

    /// How many rows a page key walks.
    pub fn page(&self) -> isize {
        self.visible.saturating_sub(1).max(1).cast_signed()
    }

    fn keep_in_view(&mut self) {
        if let Some(row) = self.selected_row() {
            self.scroll = self.scroll.min(row);
            if row >= self.scroll + self.visible {
                self.scroll = row + 1 - self.visible;
            }
        }
        self.scroll = self
            .scroll
            .min(self.rows.len().saturating_sub(self.visible));
    }

    /// Opens the chosen folder; false when there is nothing to open.
    pub fn open_folder(&mut self) -> bool {
        let Some(path) = self.selected_folder() else {
            return false;
        };
        let was_closed = self.closed.remove(&path);
        self.arrange();
        was_closed
    }

    /// Closes the chosen folder, or goes to the folder that the chosen entry is in.
    pub fn close_folder(&mut self) {
        match self.selected_folder() {
            Some(path) if !self.closed.contains(&path) => {
                self.closed.insert(path);
                self.arrange();
            }
            _ => {
                let folder = self.selected().map(|entry| parent(&entry.path).to_owned());
                if let Some(folder) = folder.filter(|folder| !folder.is_empty()) {
                    self.select(&format!("{folder}/"));
                }
            }
        }
    }

    fn selected_folder(&self) -> Option<String> {
        let entry = self.selected()?;
        (entry.kind == EntryKind::Folder).then(|| entry.path.clone())
    }

    /// The folder of the chosen entry, and the keys of its members in the order that they have when the
    /// chosen one is moved up or down among them; `None` where it cannot be moved.
    pub fn shifted(&self, down: bool) -> Option<(String, Vec<String>)> {
        let selected = self.selected()?;
        let folder = parent(&selected.path);
        let members = self
            .entries()
            .iter()
            .filter(|entry| parent(&entry.path) == folder);
        let mut keys: Vec<String> = members.map(Entry::key).collect();
        let from = keys.iter().position(|key| *key == selected.key())?;
        let to = if down { from + 1 } else { from.checked_sub(1)? };
        if to >= keys.len() || self.is_filtered() {
            return None;
        }
        keys.swap(from, to);
        Some((folder.to_owned(), keys))
    }
}

/// How an entry is called in the tree: its name, or its whole path among what a filter found.
pub fn label(entry: &Entry, is_filtered: bool) -> &str {
    if is_filtered {
        &entry.path
    } else {
        name(&entry.path)
    }
}
