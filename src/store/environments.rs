//! Environments on disk: one TOML file each, made to be shared and read in a diff; the values of secret
//! variables are in none of them but in a file of their own that only the user can read.
//!
//! ```toml
//! extends = "base"
//! production = true
//!
//! [variables]
//! base_url = "https://api.example.com"
//! token = { secret = true }
//! ```

mod change;
mod keep;
mod keyring;
mod secrets;

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

use crate::{
    format::request_toml::read_options,
    model::{Choices, Environment, Environments, Variable, is_environment_name, is_variable_name},
};

use super::{Library, Paths, StoreError};

use secrets::SecretFile;

pub use keep::EnvironmentKept;
pub use secrets::SecretsKept;

/// The folder of environments beside a collection, or in the configuration folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentFiles {
    folder: PathBuf,
    secrets: SecretFile,
    paths: Paths,
    /// How requests are sent where neither they nor the environment choose.
    usual: PathBuf,
    /// The folder of the collection, where they are beside one.
    beside: Option<PathBuf>,
}

/// The file of [`Environments::usual`] in the configuration folder.
const USUAL: &str = "options.toml";

impl EnvironmentFiles {
    /// Those that belong to no collection.
    pub fn of(paths: &Paths) -> Self {
        Self {
            folder: paths.config.join("environments"),
            secrets: SecretFile::of(paths, None),
            paths: paths.clone(),
            usual: paths.config.join(USUAL),
            beside: None,
        }
    }

    /// Those that hold in a folder: beside the collection that it is in, where that has a folder of
    /// environments, else the user's own.
    pub fn find(folder: &Path, paths: &Paths) -> Self {
        match collection_of(folder, paths) {
            Some(root) => Self::beside(&root, paths),
            None => Self::of(paths),
        }
    }

    /// Those beside a collection. Its secrets are kept apart from those of other collections.
    pub fn beside(collection: &Path, paths: &Paths) -> Self {
        Self {
            folder: collection.join("environments"),
            secrets: SecretFile::of(paths, Some(collection)),
            paths: paths.clone(),
            usual: paths.config.join(USUAL),
            beside: Some(collection.to_owned()),
        }
    }

    /// Where the files are, existing or not.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of the options that hold for every send, existing or not.
    pub fn usual_file(&self) -> &Path {
        &self.usual
    }

    /// Every environment with its secrets; what cannot be read is told in [`Environments::problems`].
    pub fn read(&self) -> Environments {
        self.read_asking(true).0
    }

    /// As [`Self::read`], without the secrets that are in the keyring, which may take its time; and
    /// whether there are such.
    pub fn read_at_once(&self) -> (Environments, bool) {
        self.read_asking(false)
    }

    fn read_asking(&self, ask: bool) -> (Environments, bool) {
        let mut environments = Environments {
            beside: self.beside.clone(),
            ..Environments::default()
        };
        self.read_usual(&mut environments);
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) => {
                if error.kind() != ErrorKind::NotFound {
                    let folder = self.folder.display();
                    environments.problems.push(format!(
                        "The environments in {folder} cannot be read: {error}."
                    ));
                }
                return (environments, false);
            }
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                Self::read_file(&path, &mut environments);
            }
        }
        environments
            .all
            .sort_by(|one, other| one.name.cmp(&other.name));
        environments.problems.sort();
        let (problems, is_left) = self.secrets.fill(&mut environments.all, ask);
        environments.problems.extend(problems);
        (environments, is_left)
    }

    /// The configuration alone, without any environment.
    pub fn usual(&self) -> Environments {
        let mut environments = Environments::default();
        self.read_usual(&mut environments);
        environments
    }

    /// Reads the options of the configuration, if there are any.
    fn read_usual(&self, environments: &mut Environments) {
        let read = match fs::read_to_string(&self.usual) {
            Ok(text) => parse_document(&text),
            Err(error) if error.kind() == ErrorKind::NotFound => return,
            Err(error) => Err(error.to_string()),
        };
        let mut warnings = Vec::new();
        let parsed =
            read.and_then(|document| parse_options(Some(document.as_table()), &mut warnings));
        let path = self.usual.display();
        match parsed {
            Ok(choices) => environments.usual = choices,
            Err(reason) => environments
                .problems
                .push(format!("{path} cannot be read: {reason}.")),
        }
        let warnings = warnings.into_iter();
        environments
            .problems
            .extend(warnings.map(|warning| format!("{path}: {warning}.")));
    }

    fn read_file(path: &Path, environments: &mut Environments) {
        let name = path.file_stem().and_then(|stem| stem.to_str());
        let Some(name) = name.filter(|name| is_environment_name(name)) else {
            return;
        };
        let read = fs::read_to_string(path).map_err(|error| error.to_string());
        let read = read.and_then(|text| parse_document(&text));
        match read.and_then(|document| parse(name, &document)) {
            Ok((environment, warnings)) => {
                let warnings = warnings.into_iter();
                environments
                    .problems
                    .extend(warnings.map(|warning| format!("{}: {warning}.", path.display())));
                environments.all.push(environment);
            }
            Err(reason) => environments
                .problems
                .push(format!("{} cannot be read: {reason}.", path.display())),
        }
    }
}

/// The folder of the collection whose environments hold in a folder; `None` where the user's own do.
pub(super) fn collection_of(folder: &Path, paths: &Paths) -> Option<PathBuf> {
    let library = Library::find(folder, paths);
    let has_own = !library.is_personal() && library.root().join("environments").is_dir();
    has_own.then(|| library.root().to_owned())
}

/// The document in a file; an empty one where there is no file.
fn read_document(path: &Path) -> Result<DocumentMut, StoreError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(StoreError::file("read", path)(error)),
    };
    parse_document(&text).map_err(|reason| StoreError::Unreadable {
        path: path.to_owned(),
        reason,
    })
}

fn parse_document(text: &str) -> Result<DocumentMut, String> {
    text.parse::<DocumentMut>().map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.unwrap_or_default().matches('\n').count() + 1;
        format!("line {line}: {}", error.message().replace('\n', ", "))
    })
}

fn parse(name: &str, document: &DocumentMut) -> Result<(Environment, Vec<String>), String> {
    let mut environment = Environment {
        name: name.to_owned(),
        ..Environment::default()
    };
    let mut warnings = Vec::new();
    for (key, item) in document.iter() {
        match key {
            "extends" => {
                let parent = item
                    .as_str()
                    .ok_or("extends needs the name of an environment")?;
                environment.extends = Some(parent.to_owned());
            }
            "production" => {
                environment.production =
                    item.as_bool().ok_or("production is either true or false")?;
            }
            "variables" => {
                let table = item.as_table_like().ok_or("[variables] is no table")?;
                for (name, item) in table.iter() {
                    environment
                        .variables
                        .push(parse_variable(name, item, &mut warnings)?);
                }
            }
            "options" => environment.options = parse_options(item.as_table_like(), &mut warnings)?,
            other => warnings.push(format!("“{other}” means nothing here")),
        }
    }
    Ok((environment, warnings))
}

fn parse_options(
    table: Option<&dyn TableLike>,
    warnings: &mut Vec<String>,
) -> Result<Choices, String> {
    let table = table.ok_or("[options] is no table")?;
    let (choices, unknown) = read_options(table).map_err(|wrong| wrong.reason)?;
    let unknown = unknown.iter();
    warnings.extend(unknown.map(|name| format!("there is no option “{name}”")));
    Ok(choices)
}

fn parse_variable(name: &str, item: &Item, warnings: &mut Vec<String>) -> Result<Variable, String> {
    if !is_variable_name(name) {
        warnings.push(format!(
            "no template can use “{name}”: a letter, then letters, digits and _"
        ));
    }
    if let Some(text) = scalar(item) {
        return Ok(Variable::plain(name, text));
    }
    let wrong = || format!("{name} needs a text, a number, true or false, or {{ secret = true }}");
    let table = item.as_table_like().ok_or_else(wrong)?;
    let secret = table.get("secret").and_then(Item::as_bool).unwrap_or(false);
    let value = table.get("value").and_then(scalar);
    if secret && value.is_some() {
        warnings.push(format!(
            "the value of the secret {name} stands in this file: save the environment to move it out"
        ));
    }
    if !secret && value.is_none() {
        return Err(wrong());
    }
    Ok(Variable {
        secret,
        ..Variable::plain(name, value.unwrap_or_default())
    })
}

/// A text, number or truth value as a template sees it.
fn scalar(item: &Item) -> Option<String> {
    match item.as_value()? {
        Value::String(text) => Some(text.value().clone()),
        Value::Integer(number) => Some(number.value().to_string()),
        Value::Float(number) => Some(number.value().to_string()),
        Value::Boolean(truth) => Some(truth.value().to_string()),
        Value::Datetime(moment) => Some(moment.value().to_string()),
        Value::Array(_) | Value::InlineTable(_) => None,
    }
}

fn write(document: &mut DocumentMut, environment: &Environment) {
    match &environment.extends {
        Some(parent) => assign(document.as_table_mut(), "extends", parent.as_str().into()),
        None => drop(document.remove("extends")),
    }
    if environment.production {
        assign(document.as_table_mut(), "production", true.into());
    } else {
        // Where it says so, it goes on to say so: the user may have written why.
        if document.contains_key("production") {
            assign(document.as_table_mut(), "production", false.into());
        }
    }
    let variables = document
        .entry("variables")
        .or_insert_with(|| Item::Table(Table::new()));
    let Some(table) = variables.as_table_like_mut() else {
        return;
    };
    let gone: Vec<String> = table
        .iter()
        .map(|(name, _)| name.to_owned())
        .filter(|name| !environment.variables.iter().any(|it| it.name == *name))
        .collect();
    for name in gone {
        table.remove(&name);
    }
    for variable in &environment.variables {
        write_variable(table, variable);
    }
    if let Some(table) = variables.as_table_mut() {
        let place = |name: &str| environment.variables.iter().position(|it| it.name == name);
        table.sort_values_by(|one, _, other, _| place(one.get()).cmp(&place(other.get())));
    }
}

fn write_variable(table: &mut dyn TableLike, variable: &Variable) {
    let present = table.get(&variable.name);
    if variable.secret {
        let is_kept = present.and_then(Item::as_table_like).is_some_and(|kept| {
            let is_secret = kept.get("secret").and_then(Item::as_bool) == Some(true);
            is_secret && !kept.contains_key("value")
        });
        if !is_kept {
            let mut mark = InlineTable::new();
            mark.insert("secret", true.into());
            assign(table, &variable.name, mark.into());
        }
    } else if present.and_then(scalar).as_deref() != Some(&variable.value.0) {
        assign(table, &variable.name, variable.value.0.as_str().into());
    }
}

/// Sets a value; blanks and comments around the old one stay.
fn assign(table: &mut dyn TableLike, key: &str, mut value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => drop(table.insert(key, Item::Value(value))),
    }
}

#[cfg(test)]
mod tests;
