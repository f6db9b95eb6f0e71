//! What the user chose for posttui as a whole: `settings.toml` in the configuration folder.
//!
//! ```toml
//! keyring = "off"          # auto: where there is one; on: there or nowhere
//! ```

use std::{fs, io::ErrorKind, path::PathBuf};

use toml_edit::DocumentMut;

use super::{Paths, StoreError};

/// Where the values of secret variables are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeyringUse {
    /// In the keyring of the desktop where one answers, else in the file that only the user can read.
    #[default]
    Auto,
    /// In the keyring, or they are not kept at all.
    On,
    /// In the file.
    Off,
}

/// Every setting, with its usual value where the file says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settings {
    pub keyring: KeyringUse,
}

impl Settings {
    /// The file, existing or not.
    pub fn file(paths: &Paths) -> PathBuf {
        paths.config.join("settings.toml")
    }

    /// Reads them. What is no setting is passed over: a later posttui may know it.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where a setting has no value that there is.
    pub fn read(paths: &Paths) -> Result<Self, StoreError> {
        let path = Self::file(paths);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(StoreError::file("read", &path)(error)),
        };
        parse(&text).map_err(|reason| StoreError::Unreadable { path, reason })
    }
}

fn parse(text: &str) -> Result<Settings, String> {
    let document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| error.message().replace('\n', ", "))?;
    let mut settings = Settings::default();
    if let Some(item) = document.get("keyring") {
        settings.keyring = match item.as_str() {
            Some("auto") => KeyringUse::Auto,
            Some("on") => KeyringUse::On,
            Some("off") => KeyringUse::Off,
            _ => return Err("keyring is one of \"auto\", \"on\" and \"off\"".to_owned()),
        };
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_what_cannot_be_is_told() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::within(home.path());
        assert_eq!(Settings::read(&paths).unwrap(), Settings::default());
        fs::create_dir_all(&paths.config).unwrap();
        for (text, keyring) in [
            ("", KeyringUse::Auto),
            ("keyring = 'off' # over SSH\nlater = 1", KeyringUse::Off),
            ("keyring = 'on'", KeyringUse::On),
        ] {
            fs::write(Settings::file(&paths), text).unwrap();
            assert_eq!(Settings::read(&paths).unwrap().keyring, keyring);
        }
        for text in ["keyring = true", "keyring = 'maybe'", "keyring ="] {
            fs::write(Settings::file(&paths), text).unwrap();
            let error = Settings::read(&paths).unwrap_err().to_string();
            assert!(error.contains("settings.toml"), "{error}");
        }
    }
}
