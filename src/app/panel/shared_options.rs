//! The options that requests share, in a window: those of an environment, or those of every send.
//!
//! The same rows as in the Options tab; what holds where nothing is chosen here comes from the
//! environments that this one extends, and from the configuration.

use crate::{
    app::editor::Editor,
    format::request_toml::as_written_options,
    model::{Choices, Environments, Layer},
};

use super::options::OptionsPanel;

/// The options being edited.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedOptions {
    /// The environment whose they are; `None` for the configuration.
    pub environment: Option<String>,
    pub options: OptionsPanel,
    /// Whether the list of environments is behind it.
    pub from_list: bool,
    /// Why they cannot be kept; until the next edit.
    pub problem: Option<String>,
    /// Whether the user was told that leaving now throws changes away.
    pub warned: bool,
    before: Choices,
}

impl SharedOptions {
    /// The options of an environment that is there, or of every send.
    pub fn edit(environments: &Environments, environment: Option<&str>) -> Self {
        let found = environment.and_then(|name| environments.get(name));
        let choices = match environment {
            Some(_) => found.map(|it| it.options.clone()).unwrap_or_default(),
            None => environments.usual.clone(),
        };
        let layers = below(environments, environment);
        Self {
            environment: environment.map(str::to_owned),
            options: OptionsPanel::shared(&choices, &Layer::origin_of(environment), &layers),
            from_list: true,
            problem: None,
            warned: false,
            before: choices,
        }
    }

    /// What was typed and is not written down, though it was to be.
    pub fn unsaved(
        environments: &Environments,
        environment: Option<&str>,
        choices: &Choices,
        loaded: &Choices,
    ) -> Self {
        let layers = below(environments, environment);
        let origin = Layer::origin_of(environment);
        Self {
            options: OptionsPanel::shared(choices, &origin, &layers),
            before: loaded.clone(),
            ..Self::edit(environments, environment)
        }
    }

    /// The same with nothing but the zones behind it.
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.from_list = false;
        self
    }

    pub fn choices(&self) -> Choices {
        self.options.choices()
    }

    /// As they were when the window was opened.
    pub fn loaded(&self) -> &Choices {
        &self.before
    }

    pub fn is_changed(&self) -> bool {
        self.choices() != self.before
    }

    /// The text under the cursor; none on a choice.
    pub fn editor(&mut self) -> Option<&mut Editor> {
        self.options.settings.editor()
    }

    /// To be called after any edit.
    pub fn edited(&mut self) {
        (self.problem, self.warned) = (None, false);
    }

    /// What is wrong, with the cursor put there; `None` when it can be kept.
    pub fn check(&mut self) -> Option<String> {
        let own = |name: &str| !self.options.text(name).is_empty();
        let mut problems = self.options.problems().into_iter();
        let found = problems
            .find(|(name, _)| own(name))
            .or_else(|| self.secret_in_clear());
        let (name, problem) = found?;
        self.options.settings.to_name(name);
        self.problem = Some(problem);
        self.problem.clone()
    }

    /// A secret that would be readable in the file. One that stands there already was put there by hand.
    fn secret_in_clear(&self) -> Option<(&'static str, String)> {
        let typed = self.choices();
        let written = as_written_options(&typed, &self.before);
        let mut rows = self.options.settings.rows().iter();
        let row = rows.find(|row| written.get(row.name) != typed.get(row.name))?;
        let problem = format!(
            "the file would show the {}: make it a secret variable, and write {{{{ its_name }}}} here",
            if Choices::is_secret(row.name) {
                "password"
            } else {
                "password in it"
            }
        );
        Some((row.name, problem))
    }
}

/// What holds where an environment chooses nothing, the nearest first.
fn below(environments: &Environments, environment: Option<&str>) -> Vec<Layer> {
    let Some(name) = environment else {
        return Vec::new();
    };
    let mut others = environments.clone();
    for it in others.all.iter_mut().filter(|it| it.name == name) {
        it.options = Choices::default();
    }
    let scope = others.scope(Some(name)).or_else(|_| others.scope(None));
    scope.map(|scope| scope.options).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Environment;

    fn environments() -> Environments {
        let environment = |name: &str, extends: Option<&str>, options| Environment {
            name: name.to_owned(),
            extends: extends.map(str::to_owned),
            options,
            ..Environment::default()
        };
        Environments {
            all: vec![
                environment("base", None, Choices::default().with("timeout", "5")),
                environment("local", Some("base"), Choices::default().with("http", "2")),
            ],
            usual: Choices::default().with("retry", "2"),
            ..Environments::default()
        }
    }

    fn default_of<'a>(editor: &'a SharedOptions, name: &str) -> &'a str {
        let mut rows = editor.options.settings.rows().iter();
        rows.find(|row| row.name == name).unwrap().default.as_ref()
    }

    fn type_into(editor: &mut SharedOptions, name: &str, text: &str) {
        editor.options.settings.to_name(name);
        editor.editor().unwrap().set(text);
    }

    #[test]
    fn what_holds_below_is_that_of_the_parents_and_the_configuration() {
        let editor = SharedOptions::edit(&environments(), Some("local"));
        assert_eq!(default_of(&editor, "timeout"), "5 s · environment base");
        assert_eq!(default_of(&editor, "retry"), "2 · options.toml");
        assert_eq!(editor.choices(), Choices::default().with("http", "2"));
        assert!(!editor.is_changed());
        let every = SharedOptions::edit(&environments(), None);
        assert_eq!(every.options.text("retry"), "2");
        assert_eq!(default_of(&every, "timeout"), "300 s · usual");
    }

    #[test]
    fn what_cannot_be_used_has_the_cursor() {
        let mut editor = SharedOptions::edit(&environments(), Some("local"));
        type_into(&mut editor, "proxy", "ftp://h");
        editor.options.settings.to_start();
        assert!(editor.check().unwrap().contains("ftp"));
        assert_eq!(editor.options.settings.current().unwrap().name, "proxy");
        type_into(&mut editor, "proxy", "");
        assert_eq!(editor.check(), None, "what is wrong below is not in here");
    }

    #[test]
    fn no_secret_is_written_into_the_file() {
        for (name, text, is_kept) in [
            ("client_password", "s3cret", false),
            ("client_password", "{{ p12 }}", true),
            ("client_password", "{{ prompt('p12') }}", true),
            ("proxy", "http://me:s3cret@h:1", false),
            ("proxy", "http://{{ user }}:{{ pass }}@h:1", true),
        ] {
            let mut editor = SharedOptions::edit(&environments(), None);
            type_into(&mut editor, name, text);
            let problem = editor.check();
            assert_eq!(problem.is_none(), is_kept, "{text}: {problem:?}");
            assert!(!problem.unwrap_or_default().contains("s3cret"));
        }
    }
}
