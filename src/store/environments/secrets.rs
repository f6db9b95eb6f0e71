//! The values of secret variables: one file that only the user can read, and the variables of the
//! process, which come first.

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
    },
};

/// The part of the file that belongs to one folder of environments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SecretFile {
    path: PathBuf,
    /// Stands before the names of the environments of a collection.
    prefix: String,
}

impl SecretFile {
    pub(super) fn of(paths: &Paths, collection: Option<&Path>) -> Self {
        Self {
            path: paths.data.join("secrets.toml"),
            prefix: collection.map_or_else(String::new, |folder| format!("{}/", folder.display())),
        }
    }

    /// Gives every secret variable its value, as far as there is one.
    pub(super) fn fill(&self, environments: &mut [Environment]) -> Result<(), String> {
        let (document, problem) = match self.read() {
            Ok(document) => (document, None),
            Err(error) => (DocumentMut::new(), Some(error.to_string())),
        };
        for environment in environments {
            let section = document.get(&self.section(environment));
            for variable in environment.variables.iter_mut().filter(|it| it.secret) {
                let kept = section.and_then(|section| section.get(&variable.name)?.as_str());
                let value = of_process(&variable.name).or_else(|| kept.map(Hidden::from));
                if let Some(value) = value {
                    variable.value = value;
                }
            }
        }
        problem.map_or(Ok(()), Err)
    }

    /// Gives the secrets of one environment to another one, too.
    pub(super) fn copy(&self, from: &str, to: &str) -> Result<(), StoreError> {
        self.change(|document, section| {
            if let Some(secrets) = document.get(&section(from)).cloned() {
                document.insert(&section(to), secrets);
            }
        })
    }

    /// Forgets the secrets of an environment.
    pub(super) fn forget(&self, name: &str) -> Result<(), StoreError> {
        self.change(|document, section| drop(document.remove(&section(name))))
    }

    fn change(
        &self,
        change: impl FnOnce(&mut DocumentMut, &dyn Fn(&str) -> String),
    ) -> Result<(), StoreError> {
        let mut document = self.read()?;
        let before = document.to_string();
        change(&mut document, &|name| format!("{}{name}", self.prefix));
        let after = document.to_string();
        if after == before {
            return Ok(());
        }
        replace(&self.path, after.as_bytes())
    }

    /// Keeps the secrets of an environment, and none that it does not have any more. What comes from the
    /// process stays there.
    pub(super) fn save(&self, environment: &Environment) -> Result<(), StoreError> {
        let mut document = self.read()?;
        let before = document.to_string();
        let name = self.section(environment);
        let section = document
            .entry(&name)
            .or_insert_with(|| Item::Table(Table::new()));
        let Some(table) = section.as_table_like_mut() else {
            return Err(self.unreadable(format!("“{name}” is no table")));
        };
        let gone: Vec<String> = table.iter().map(|(name, _)| name.to_owned()).collect();
        for name in gone {
            let is_secret = |it: &&crate::model::Variable| it.name == name && it.secret;
            if environment.variables.iter().find(is_secret).is_none() {
                table.remove(&name);
            }
        }
        for variable in environment.variables.iter().filter(|it| it.secret) {
            if of_process(&variable.name).as_ref() == Some(&variable.value) {
                continue;
            }
            if variable.value.0.is_empty() {
                table.remove(&variable.name);
            } else if table.get(&variable.name).and_then(Item::as_str) != Some(&variable.value.0) {
                table.insert(&variable.name, value(variable.value.0.as_str()));
            }
        }
        if table.is_empty() {
            document.remove(&name);
        }
        let after = document.to_string();
        if after == before {
            return Ok(());
        }
        if let Some(folder) = self.path.parent() {
            make_folder(folder)?;
        }
        replace(&self.path, after.as_bytes())
    }

    fn section(&self, environment: &Environment) -> String {
        format!("{}{}", self.prefix, environment.name)
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
