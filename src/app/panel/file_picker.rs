//! Choosing a file to send: one folder at a time, filtered as you type.

use std::path::Path;

use crate::{
    app::{editor::Editor, effect::Effect, message::JobId},
    model::{Entry, Folder},
};

/// How the way up is listed.
const PARENT: &str = "..";

/// The list with the line that filters it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePicker {
    pub typed: Editor,
    pub chosen: usize,
    /// What is listed; `None` while the first folder is being read.
    pub folder: Option<Folder>,
    /// Why the last folder asked for cannot be read.
    pub problem: Option<String>,
    job: JobId,
}

/// What Enter takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    File(String),
    Folder(String),
}

impl FilePicker {
    /// Begins in the folder of the path that stands in the cell, what follows it as the filter.
    pub fn open(path: &str, jobs: &mut JobId) -> (Self, Effect) {
        let (folder, name) = match path.rfind('/') {
            Some(slash) => path.split_at_checked(slash + 1).unwrap_or((path, "")),
            None => ("", path),
        };
        let mut picker = Self {
            typed: Editor::new(name),
            chosen: 0,
            folder: None,
            problem: None,
            job: JobId::default(),
        };
        let effect = picker.read(folder.to_owned(), jobs);
        (picker, effect)
    }

    /// Asks for a folder.
    pub fn read(&mut self, path: String, jobs: &mut JobId) -> Effect {
        jobs.0 += 1;
        self.job = *jobs;
        Effect::ReadFolder {
            job: self.job,
            path,
        }
    }

    /// Takes a folder that was read, unless another one was asked for meanwhile.
    pub fn take(&mut self, job: JobId, read: Result<Folder, String>) {
        if job != self.job {
            return;
        }
        match read {
            Ok(folder) => {
                let entered = self.folder.replace(folder).is_some();
                self.problem = None;
                if entered {
                    self.typed = Editor::default();
                }
                self.chosen = 0;
            }
            Err(reason) => self.problem = Some(reason),
        }
    }

    /// The entries that hold what was typed, those that begin with it first. Hidden ones are listed
    /// when a dot is typed first.
    pub fn matches(&self) -> Vec<Entry> {
        let Some(folder) = &self.folder else {
            return Vec::new();
        };
        let typed = self.typed.text().to_lowercase();
        let mut found: Vec<Entry> = parent_entry(folder)
            .into_iter()
            .chain(folder.entries.iter().cloned())
            .filter(|entry| {
                let hidden = entry.name.starts_with('.') && entry.name != PARENT;
                let wanted = !hidden || typed.starts_with('.');
                wanted && entry.name.to_lowercase().contains(&typed)
            })
            .collect();
        // Stable, so that within each group the order of the folder stays.
        found.sort_by_key(|entry| !entry.name.to_lowercase().starts_with(&typed));
        // With a folder open and nothing typed, the way up is not what Enter takes.
        let is_first = found.first().is_some_and(|entry| entry.name == PARENT);
        if typed.is_empty() && is_first {
            found.rotate_left(1);
        }
        found
    }

    /// What Enter takes: the chosen entry, or what was typed when no entry holds it.
    pub fn picked(&self) -> Option<Picked> {
        let folder = self.folder.as_ref()?;
        let matches = self.matches();
        let typed = self.typed.text();
        match matches.get(self.chosen.min(matches.len().saturating_sub(1))) {
            Some(entry) if entry.name == PARENT => parent(&folder.path).map(Picked::Folder),
            Some(entry) if entry.is_folder => {
                Some(Picked::Folder(inside(&folder.path, &entry.name)))
            }
            Some(entry) => Some(Picked::File(inside(&folder.path, &entry.name))),
            None if typed.is_empty() => None,
            None if typed.starts_with(['/', '~']) => Some(Picked::File(typed.to_owned())),
            None => Some(Picked::File(inside(&folder.path, typed))),
        }
    }

    /// The folder above.
    pub fn above(&self) -> Option<String> {
        parent(&self.folder.as_ref()?.path)
    }

    pub fn walk(&mut self, down: bool) {
        let count = self.matches().len();
        self.chosen = super::step(self.chosen, count, down);
    }
}

fn parent_entry(folder: &Folder) -> Option<Entry> {
    parent(&folder.path).map(|_| Entry {
        name: PARENT.to_owned(),
        is_folder: true,
        size: 0,
    })
}

fn parent(path: &str) -> Option<String> {
    let parent = Path::new(path).parent()?;
    Some(parent.to_string_lossy().into_owned())
}

fn inside(folder: &str, name: &str) -> String {
    Path::new(folder).join(name).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, is_folder: bool) -> Entry {
        Entry {
            name: name.into(),
            is_folder,
            size: 1,
        }
    }

    fn picker(typed: &str) -> FilePicker {
        let mut jobs = JobId::default();
        let (mut picker, effect) = FilePicker::open(typed, &mut jobs);
        let Effect::ReadFolder { job, .. } = effect else {
            panic!("{effect:?}");
        };
        let folder = Folder {
            path: "/data".into(),
            entries: vec![
                entry("sub", true),
                entry(".hidden", false),
                entry("my photo.png", false),
                entry("photo.png", false),
            ],
            is_cut: false,
        };
        picker.take(job, Ok(folder));
        picker
    }

    fn names(picker: &FilePicker) -> Vec<String> {
        picker.matches().into_iter().map(|it| it.name).collect()
    }

    #[test]
    fn a_path_in_the_cell_opens_its_folder_with_its_name_as_the_filter() {
        let mut jobs = JobId::default();
        let (picker, effect) = FilePicker::open("~/pictures/pho", &mut jobs);
        assert_eq!(picker.typed.text(), "pho");
        assert!(matches!(effect, Effect::ReadFolder { path, .. } if path == "~/pictures/"));
    }

    #[test]
    fn typing_narrows_and_enter_takes_files_and_opens_folders() {
        let mut picker = picker("");
        assert_eq!(names(&picker), ["sub", "my photo.png", "photo.png", ".."]);
        assert_eq!(picker.picked(), Some(Picked::Folder("/data/sub".into())));
        picker.typed.insert("PHO");
        assert_eq!(names(&picker), ["photo.png", "my photo.png"]);
        assert_eq!(
            picker.picked(),
            Some(Picked::File("/data/photo.png".into()))
        );
        picker.typed.set(".");
        assert_eq!(names(&picker).first().map(String::as_str), Some(".."));
        assert!(names(&picker).contains(&".hidden".to_owned()));
        picker.typed.set("..");
        assert_eq!(picker.picked(), Some(Picked::Folder("/".into())));
        picker.typed.set("/tmp/new.bin");
        assert_eq!(picker.picked(), Some(Picked::File("/tmp/new.bin".into())));
    }

    #[test]
    fn a_folder_that_cannot_be_read_leaves_the_list_as_it_was() {
        let mut picker = picker("");
        let mut jobs = JobId(7);
        let effect = picker.read("/data/sub".into(), &mut jobs);
        picker.take(JobId(3), Err("late".into()));
        assert_eq!(picker.problem, None);
        assert!(matches!(effect, Effect::ReadFolder { job, .. } if job == jobs));
        picker.take(jobs, Err("you may not".into()));
        assert_eq!(picker.problem.as_deref(), Some("you may not"));
        assert_eq!(names(&picker).len(), 4);
    }
}
