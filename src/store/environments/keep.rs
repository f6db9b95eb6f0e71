//! Keeping environments and the options of every send: comments and what was not changed stay in their files
//! as they are, and nothing that was changed outside is written over unasked.

use toml_edit::DocumentMut;

use crate::{
    format::request_toml::{write_options, write_options_table},
    model::{Choices, Environment, EnvironmentSave, UsualSave},
    store::{
        StoreError,
        files::{make_folder, replace},
    },
};

use super::{EnvironmentFiles, SecretsKept, parse, parse_options, read_document, write};

/// What became of an environment that was to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvironmentKept {
    /// Where its secrets are now.
    Kept(SecretsKept),
    /// Nothing was written: the file is not as it was loaded but says this; `None` where it is gone.
    Overtaken(Option<Environment>),
}

impl EnvironmentFiles {
    /// Keeps what was changed of an environment, unless its file was changed outside since it was loaded.
    pub fn keep(&self, save: &EnvironmentSave) -> Result<EnvironmentKept, StoreError> {
        let path = self.file(&save.environment.name);
        let document = read_document(&path)?;
        let now = path.exists().then(|| {
            let parsed = parse(&save.environment.name, &document);
            parsed.map_err(|reason| StoreError::Unreadable {
                path: path.clone(),
                reason,
            })
        });
        let now = now.transpose()?.map(|(environment, _)| environment);
        if save.is_overtaken(now.as_ref()) {
            return Ok(EnvironmentKept::Overtaken(now));
        }
        let options = now.map(|now| now.options).unwrap_or_default();
        let kept = self.put(save, document, &options)?;
        Ok(EnvironmentKept::Kept(kept))
    }

    /// Writes what was changed into the document of the file, which has these options.
    pub(super) fn put(
        &self,
        save: &EnvironmentSave,
        mut document: DocumentMut,
        options: &Choices,
    ) -> Result<SecretsKept, StoreError> {
        let environment = &save.environment;
        make_folder(&self.folder)?;
        let mut kept = SecretsKept::AsBefore;
        if save.changes_options() {
            write_options(document.as_table_mut(), options, &environment.options);
        }
        if save.changes_variables() {
            write(&mut document, environment);
            // The secrets first: a value must not be in neither place.
            kept = self.secrets.save(environment)?;
        }
        replace(
            &self.file(&environment.name),
            document.to_string().as_bytes(),
        )?;
        Ok(kept)
    }

    /// Keeps the options of every send. Answers with what their file says where it was changed outside since
    /// they were loaded; nothing is written then.
    pub fn keep_usual(&self, save: &UsualSave) -> Result<Option<Choices>, StoreError> {
        let mut document = read_document(&self.usual)?;
        let now = parse_options(Some(document.as_table()), &mut Vec::new());
        let now = now.map_err(|reason| StoreError::Unreadable {
            path: self.usual.clone(),
            reason,
        })?;
        if save.is_overtaken(&now) {
            return Ok(Some(now));
        }
        write_options_table(document.as_table_mut(), &now, &save.choices);
        if let Some(folder) = self.usual.parent() {
            make_folder(folder)?;
        }
        replace(&self.usual, document.to_string().as_bytes())?;
        Ok(None)
    }
}
