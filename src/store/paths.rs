//! Where posttui keeps its files.

use std::path::{Path, PathBuf, absolute};

use super::StoreError;

/// The folders, existing or not: whoever writes into one makes it first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// What the user writes: keys, settings.
    pub config: PathBuf,
    /// What must not be lost: the history, the draft.
    pub data: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
    /// Whether the user named one folder for all of them: nothing is kept outside of it then.
    pub in_one_folder: bool,
}

impl Paths {
    /// The folders that `POSTTUI_HOME` names, or else those that this system has for the purpose.
    pub fn find() -> Result<Self, StoreError> {
        match std::env::var_os("POSTTUI_HOME") {
            Some(home) if !home.is_empty() => {
                let home = PathBuf::from(home);
                // The programs that posttui starts may change their folder, posttui does not.
                let home = absolute(&home).map_err(StoreError::file("find", &home))?;
                Ok(Self::within(&home))
            }
            _ => Self::of_system(),
        }
    }

    /// All of them in one folder.
    pub fn within(home: &Path) -> Self {
        Self {
            config: home.join("config"),
            data: home.join("data"),
            cache: home.join("cache"),
            in_one_folder: true,
        }
    }

    fn of_system() -> Result<Self, StoreError> {
        let folders =
            directories::ProjectDirs::from("", "", "posttui").ok_or(StoreError::NoHome)?;
        Ok(Self {
            config: folders.config_dir().to_owned(),
            data: folders.data_local_dir().to_owned(),
            cache: folders.cache_dir().to_owned(),
            in_one_folder: false,
        })
    }
}
