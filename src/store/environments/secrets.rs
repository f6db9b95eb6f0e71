//! The values of secret variables: in the keyring of the desktop, or in one file that only the user can
//! read; the variables of the process come first.
//!
//! ```toml
//! [local]
//! token = "…"
//!
//! [staging]
//! in_the_keyring = true
//! ```

use std::{
    env, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use toml_edit::{DocumentMut, Item, Table, value};

use crate::{
    model::{Environment, Hidden},
    store::{
        Paths, StoreError,
        files::{make_folder, replace},
        settings::{KeyringUse, Settings},
    },
};

use super::keyring::{self, Keyring, KeyringError};

/// The part of the file that belongs to one folder of environments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SecretFile {
    path: PathBuf,
    /// Stands before the names of the environments of a collection.
    prefix: String,
    paths: Paths,
    /// In the place of that of the session.
    pub(super) pretended: Option<Keyring>,
}

/// Where the secrets of an environment are after they were saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretsKept {
    /// Nothing was to be written.
    AsBefore,
    Keyring,
    /// In the file, and why not in the keyring where the user did not choose so.
    File {
        path: PathBuf,
        because: Option<String>,
    },
}

/// Stands, as true, in a section whose values are in the keyring; a variable of that name would have a
/// text.
const MARK: &str = "in_the_keyring";

impl SecretFile {
    pub(super) fn of(paths: &Paths, collection: Option<&Path>) -> Self {
        Self {
            path: paths.data.join("secrets.toml"),
            prefix: collection.map_or_else(String::new, |folder| format!("{}/", folder.display())),
            paths: paths.clone(),
            pretended: None,
        }
    }

    /// Gives every secret variable its value, as far as there is one. The keyring is only asked when
    /// `ask` says so: it may take its time. Answers with what went wrong, and whether the keyring is
    /// left to be asked.
    pub(super) fn fill(&self, environments: &mut [Environment], ask: bool) -> (Vec<String>, bool) {
        let (mut problems, mut is_left) = (Vec::new(), false);
        let document = self.read().unwrap_or_else(|error| {
            problems.push(error.to_string());
            DocumentMut::new()
        });
        for environment in environments {
            for variable in environment.variables.iter_mut().filter(|it| it.secret) {
                if let Some(value) = of_process(&variable.name) {
                    variable.value = value;
                }
            }
            let missing = |it: &crate::model::Variable| it.secret && it.value.0.is_empty();
            let section = self.section(&environment.name);
            let Some(kept) = document.get(&section) else {
                continue;
            };
            if is_marked(kept) && !(ask && environment.variables.iter().any(missing)) {
                is_left |= environment.variables.iter().any(missing);
                continue;
            }
            match self.kept(&section, kept) {
                Ok(table) => take(environment, &table),
                Err(error) => problems.push(format!(
                    "The secrets of “{}” are not there: {error}.",
                    environment.name
                )),
            }
        }
        (problems, is_left)
    }

    /// Gives the secrets of one environment to another one, too.
    pub(super) fn copy(&self, from: &str, to: &str) -> Result<(), StoreError> {
        let mut document = self.read()?;
        let (from, to) = (self.section(from), self.section(to));
        let Some(secrets) = document.get(&from).cloned() else {
            return Ok(());
        };
        if is_marked(&secrets) {
            let kept = self.kept(&from, &secrets)?;
            let keyring = self.keyring().map_err(KeyringError::from);
            let put = |keyring: Keyring| keyring.put(self.item(&to), &text_of(&kept));
            keyring.and_then(put).map_err(|error| self.unkept(&error))?;
        }
        document.insert(&to, secrets);
        replace(&self.path, document.to_string().as_bytes())
    }

    /// Forgets the secrets of an environment.
    pub(super) fn forget(&self, name: &str) -> Result<(), StoreError> {
        let mut document = self.read()?;
        let section = self.section(name);
        let Some(gone) = document.remove(&section) else {
            return Ok(());
        };
        replace(&self.path, document.to_string().as_bytes())?;
        if is_marked(&gone) {
            self.forget_in_keyring(&section)?;
        }
        Ok(())
    }

    /// Keeps the secrets of an environment, and none that it does not have any more. What comes from the
    /// process stays there.
    pub(super) fn save(&self, environment: &Environment) -> Result<SecretsKept, StoreError> {
        let mut document = self.read()?;
        let section = self.section(&environment.name);
        let present = document.get(&section);
        if present.is_none() && !environment.variables.iter().any(|it| it.secret) {
            return Ok(SecretsKept::AsBefore);
        }
        let was_marked = present.is_some_and(is_marked);
        let wanted = Settings::read(&self.paths)?.keyring;
        let before = match present.map(|item| self.kept(&section, item)) {
            None => Table::new(),
            // Who wants no keyring has given up what one that does not answer holds.
            Some(Err(StoreError::Keyring { .. })) if wanted == KeyringUse::Off => Table::new(),
            Some(kept) => kept?,
        };
        let mut table = before.clone();
        bring(&mut table, environment, was_marked);
        let is_same = text_of(&table) == text_of(&before);
        if table.is_empty() && !is_same {
            document.remove(&section);
            self.write(&document)?;
            if was_marked {
                self.forget_in_keyring(&section)?;
            }
            return Ok(SecretsKept::AsBefore);
        }
        if table.is_empty() {
            return Ok(SecretsKept::AsBefore);
        }
        let standing = (is_same, was_marked);
        self.place(&mut document, &section, table, wanted, standing)
    }

    /// Writes the secrets where the settings want them. What is in one place already, and not wanted in
    /// another one, stays as it is.
    fn place(
        &self,
        document: &mut DocumentMut,
        section: &str,
        table: Table,
        wanted: KeyringUse,
        (is_same, was_marked): (bool, bool),
    ) -> Result<SecretsKept, StoreError> {
        let in_keyring = match wanted {
            KeyringUse::Off => Err(None),
            // Who names one folder for everything has everything there.
            KeyringUse::Auto if self.paths.in_one_folder => Err(None),
            KeyringUse::Auto | KeyringUse::On if is_same && was_marked => {
                return Ok(SecretsKept::AsBefore);
            }
            KeyringUse::Auto | KeyringUse::On => {
                let keyring = self.keyring().map_err(KeyringError::from);
                let put = |keyring: Keyring| keyring.put(self.item(section), &text_of(&table));
                keyring.and_then(put).map_err(Some)
            }
        };
        match in_keyring {
            Ok(()) => {
                let mut marked = Table::new();
                marked.insert(MARK, value(true));
                document.insert(section, Item::Table(marked));
                self.write(document)?;
                Ok(SecretsKept::Keyring)
            }
            Err(Some(error)) if wanted == KeyringUse::On => Err(self.unkept(&error)),
            Err(_) if is_same && !was_marked => Ok(SecretsKept::AsBefore),
            Err(error) => {
                document.insert(section, Item::Table(table));
                self.write(document)?;
                let left = was_marked
                    .then(|| self.forget_in_keyring(section).err())
                    .flatten();
                let left = left.map(|_| "what the keyring has is still there".to_owned());
                Ok(SecretsKept::File {
                    path: self.path.clone(),
                    because: error.map(|error| error.to_string()).or(left),
                })
            }
        }
    }

    /// The secrets of a section, wherever they are.
    fn kept(&self, section: &str, item: &Item) -> Result<Table, StoreError> {
        if !is_marked(item) {
            let table = item.clone().into_table();
            return table.map_err(|_| self.unreadable(format!("“{section}” is no table")));
        }
        let keyring = self.keyring().map_err(KeyringError::from);
        let found = keyring.and_then(|keyring| keyring.get(self.item(section)));
        let text = found.map_err(|error| self.unkept(&error))?;
        let Some(text) = text else {
            return Ok(Table::new());
        };
        let document = text.0.parse::<DocumentMut>();
        // What the parser says may quote a secret.
        let document = document.map_err(|_| {
            self.unkept(&KeyringError::Refused(
                "what is in it was not put there by posttui".to_owned(),
            ))
        })?;
        Ok(document.as_table().clone())
    }

    fn forget_in_keyring(&self, section: &str) -> Result<(), StoreError> {
        let keyring = self.keyring().map_err(KeyringError::from);
        let removed = keyring.and_then(|keyring| keyring.remove(self.item(section)));
        removed.map_err(|error| self.unkept(&error))
    }

    fn keyring(&self) -> Result<Keyring, keyring::Absent> {
        self.pretended.clone().map_or_else(Keyring::find, Ok)
    }

    fn item<'a>(&'a self, section: &'a str) -> keyring::Item<'a> {
        keyring::Item {
            home: &self.paths.data,
            environment: section,
        }
    }

    #[cfg(test)]
    pub(super) fn paths_mut(&mut self) -> &mut Paths {
        &mut self.paths
    }

    fn section(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    fn write(&self, document: &DocumentMut) -> Result<(), StoreError> {
        if let Some(folder) = self.path.parent() {
            make_folder(folder)?;
        }
        replace(&self.path, document.to_string().as_bytes())
    }

    fn read(&self) -> Result<DocumentMut, StoreError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(DocumentMut::new()),
            Err(error) => return Err(StoreError::file("read", &self.path)(error)),
        };
        // What the parser says may quote the line, and with it a secret.
        text.parse::<DocumentMut>().map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.unwrap_or_default().matches('\n').count() + 1;
            self.unreadable(format!("line {line} is no TOML"))
        })
    }

    fn unreadable(&self, reason: String) -> StoreError {
        StoreError::Unreadable {
            path: self.path.clone(),
            reason,
        }
    }

    fn unkept(&self, error: &KeyringError) -> StoreError {
        StoreError::Keyring {
            reason: error.to_string(),
            settings: Settings::file(&self.paths),
        }
    }
}

impl SecretsKept {
    /// What the user is told; nothing where nothing was written.
    pub fn words(&self, environment: &str) -> Option<String> {
        match self {
            Self::AsBefore => None,
            Self::Keyring => Some(format!(
                "The secrets of “{environment}” are in the keyring of the desktop."
            )),
            Self::File { path, because } => {
                let path = path.display();
                let text = format!(
                    "The secrets of “{environment}” are in {path}, which only you can read"
                );
                Some(match because {
                    Some(because) => format!("{text}: {because}."),
                    None => format!("{text}."),
                })
            }
        }
    }
}

fn is_marked(item: &Item) -> bool {
    item.get(MARK).and_then(Item::as_bool) == Some(true)
}

/// The table as TOML.
fn text_of(table: &Table) -> String {
    DocumentMut::from(table.clone()).to_string()
}

fn take(environment: &mut Environment, kept: &Table) {
    let secrets = environment.variables.iter_mut().filter(|it| it.secret);
    for variable in secrets {
        let value = kept.get(&variable.name).and_then(Item::as_str);
        if let Some(value) = value
            && of_process(&variable.name).is_none()
        {
            variable.value = value.into();
        }
    }
}

/// Brings the kept values to what an environment has. Whoever has no value may be one that the keyring
/// has not told yet (`keep_unknown`): that one stays.
fn bring(table: &mut Table, environment: &Environment, keep_unknown: bool) {
    let gone: Vec<String> = table.iter().map(|(name, _)| name.to_owned()).collect();
    for name in gone {
        let is_secret = |it: &crate::model::Variable| it.name == name && it.secret;
        if !environment.variables.iter().any(is_secret) {
            table.remove(&name);
        }
    }
    for variable in environment.variables.iter().filter(|it| it.secret) {
        if of_process(&variable.name).as_ref() == Some(&variable.value) {
            continue;
        }
        if variable.value.0.is_empty() {
            if !keep_unknown {
                table.remove(&variable.name);
            }
        } else if table.get(&variable.name).and_then(Item::as_str) != Some(&variable.value.0) {
            table.insert(&variable.name, value(variable.value.0.as_str()));
        }
    }
}

/// The value that the process was started with: `POSTTUI_SECRET_TOKEN` for `token`.
fn of_process(name: &str) -> Option<Hidden> {
    let name = format!("POSTTUI_SECRET_{}", name.to_ascii_uppercase());
    if name.contains(['=', '\0']) {
        return None;
    }
    let value = env::var(name).ok()?;
    (!value.is_empty()).then_some(Hidden(value))
}
