//! A folder as it is looked through for a file to send.

/// What a folder holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// From the root on.
    pub path: String,
    /// Folders first, each group by name.
    pub entries: Vec<Entry>,
    /// Whether there are more than are handed out.
    pub is_cut: bool,
}

/// A file or a folder in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub is_folder: bool,
    /// In bytes; of a folder 0.
    pub size: u64,
}
