//! Named variables for the `{{ … }}` of a request, some of them secret.

use std::path::PathBuf;

use super::{Choices, Hidden, Layer};

/// One environment as its file and the store of secrets have it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// The name of its file without `.toml`.
    pub name: String,
    /// The environment whose variables it has too, unless it has its own of that name.
    pub extends: Option<String>,
    /// Whether every method that changes something has to be confirmed here.
    pub production: bool,
    pub variables: Vec<Variable>,
    /// How requests are sent here, where they do not choose themselves.
    pub options: Choices,
}

/// One variable. The value of a secret one is empty where none was given yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    pub value: Hidden,
    pub secret: bool,
}

impl Variable {
    pub fn plain(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: Hidden(value.into()),
            secret: false,
        }
    }

    pub fn secret(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            secret: true,
            ..Self::plain(name, value)
        }
    }
}

/// Why the variables of an environment cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentError {
    #[error("there is no environment “{name}”: {known}")]
    Missing { name: String, known: String },
    #[error("the environment “{child}” extends “{parent}”, which is not there")]
    NoParent { child: String, parent: String },
    #[error("the environments extend each other in a circle: {0}")]
    Circle(String),
}

/// Every environment that was found, and what is wrong with the files of others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environments {
    /// By name.
    pub all: Vec<Environment>,
    /// What cannot be read and why, each a sentence.
    pub problems: Vec<String>,
    /// How requests are sent where neither they nor their environment choose: the configuration.
    pub usual: Choices,
    /// The folder of the collection beside which they stand; `None` for the user's own.
    pub beside: Option<PathBuf>,
}

impl Environments {
    pub fn get(&self, name: &str) -> Option<&Environment> {
        self.all.iter().find(|it| it.name == name)
    }

    /// Whether an environment, or one that it extends, is marked as production.
    pub fn is_production(&self, name: &str) -> bool {
        self.line_of(name)
            .is_ok_and(|line| line.iter().any(|it| it.production))
    }

    /// The variables of the environment `name` with those that it extends; none at all without a name.
    pub fn scope(&self, name: Option<&str>) -> Result<Scope, EnvironmentError> {
        let mut scope = Scope {
            name: name.map(str::to_owned),
            beside: self.beside.clone().filter(|_| name.is_some()),
            ..Scope::default()
        };
        let line = name.map(|name| self.line_of(name)).transpose()?;
        for environment in line.into_iter().flatten() {
            scope.production |= environment.production;
            if !environment.options.is_empty() {
                scope.options.push(Layer {
                    origin: Layer::origin_of(Some(&environment.name)),
                    choices: environment.options.clone(),
                });
            }
            for variable in &environment.variables {
                scope.add(variable, &environment.name);
            }
        }
        if !self.usual.is_empty() {
            scope.options.push(Layer {
                origin: Layer::origin_of(None),
                choices: self.usual.clone(),
            });
        }
        Ok(scope)
    }

    /// What is chosen for an option where the request chooses nothing; empty for the usual.
    pub fn chosen(&self, name: Option<&str>, option: &str) -> &str {
        let line = name.map(|name| self.line_of(name).unwrap_or_default());
        let environments = line.iter().flatten().map(|it| &it.options);
        environments
            .chain([&self.usual])
            .map(|choices| choices.get(option))
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }

    /// The environment and those that it extends, the nearest first.
    fn line_of(&self, name: &str) -> Result<Vec<&Environment>, EnvironmentError> {
        let mut line = vec![self.get(name).ok_or_else(|| self.missing(name))?];
        while let Some((child, parent)) = line
            .last()
            .and_then(|last| Some((&last.name, last.extends.as_ref()?)))
        {
            if line.iter().any(|it| it.name == *parent) {
                let mut names: Vec<&str> = line.iter().map(|it| it.name.as_str()).collect();
                names.push(parent);
                return Err(EnvironmentError::Circle(names.join(" → ")));
            }
            let found = self.get(parent).ok_or_else(|| EnvironmentError::NoParent {
                child: child.clone(),
                parent: parent.clone(),
            })?;
            line.push(found);
        }
        Ok(line)
    }

    fn missing(&self, name: &str) -> EnvironmentError {
        let names: Vec<&str> = self.all.iter().map(|it| it.name.as_str()).collect();
        EnvironmentError::Missing {
            name: name.to_owned(),
            known: if names.is_empty() {
                "there is none yet".to_owned()
            } else {
                format!("there is {}", names.join(", "))
            },
        }
    }
}

/// What the names in a template stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// The chosen environment.
    pub name: Option<String>,
    pub production: bool,
    /// The folder of the collection that the environment comes from; `None` for one of the user's own.
    pub beside: Option<PathBuf>,
    bindings: Vec<Binding>,
    /// What is chosen for a send where the request does not choose, the nearest first.
    pub options: Vec<Layer>,
}

/// What one name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    pub name: String,
    pub value: Hidden,
    pub secret: bool,
    /// The environment that it comes from.
    pub origin: String,
    /// Whether a `{{` in the value is just text, as it is in secrets and in values from outside.
    pub literal: bool,
}

impl Scope {
    fn add(&mut self, variable: &Variable, origin: &str) {
        if self.get(&variable.name).is_none() {
            self.bindings.push(Binding {
                name: variable.name.clone(),
                value: variable.value.clone(),
                secret: variable.secret,
                origin: origin.to_owned(),
                literal: variable.secret,
            });
        }
    }

    /// Gives a name its value for this one time, whatever the environment says. It stays as secret as
    /// the environment has it.
    pub fn set(&mut self, name: &str, value: &str) {
        let secret = self.get(name).is_some_and(|binding| binding.secret);
        self.bindings.retain(|binding| binding.name != name);
        self.bindings.push(Binding {
            name: name.to_owned(),
            value: value.into(),
            secret,
            origin: "command line".to_owned(),
            literal: true,
        });
    }

    pub fn get(&self, name: &str) -> Option<&Binding> {
        self.bindings.iter().find(|binding| binding.name == name)
    }

    /// Chooses what a request leaves open.
    pub fn fill(&self, choices: &mut Choices) {
        for layer in &self.options {
            choices.fill(&layer.choices);
        }
    }

    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// The same names with dots for the secrets: what a screen may show.
    #[must_use]
    pub fn masked(&self) -> Self {
        let mut masked = self.clone();
        for binding in masked.bindings.iter_mut().filter(|it| it.secret) {
            if !binding.value.0.is_empty() {
                binding.value = super::DOTS.into();
            }
        }
        masked
    }
}

/// Whether a template can use the name: a letter or `_`, then letters, digits and `_`.
pub fn is_variable_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|char| char.is_ascii_alphanumeric() || char == '_')
}

/// Whether a file can have the name in every system: letters, digits, `-`, `_` and dots within.
pub fn is_environment_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(['.', '-'])
        && !name.ends_with('.')
        && name
            .chars()
            .all(|char| char.is_alphanumeric() || "-_.".contains(char))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str, extends: Option<&str>, variables: &[Variable]) -> Environment {
        Environment {
            name: name.to_owned(),
            extends: extends.map(str::to_owned),
            production: false,
            variables: variables.to_vec(),
            options: Choices::default(),
        }
    }

    fn family() -> Environments {
        let base = [Variable::plain("host", "a"), Variable::plain("user", "ann")];
        let own = [Variable::plain("host", "b"), Variable::secret("token", "t")];
        Environments {
            all: vec![
                environment("base", None, &base),
                environment("local", Some("base"), &own),
                environment("one", Some("two"), &[]),
                environment("two", Some("one"), &[]),
                environment("orphan", Some("gone"), &[]),
            ],
            ..Environments::default()
        }
    }

    #[test]
    fn the_nearest_variable_wins_and_the_others_are_inherited() {
        let scope = family().scope(Some("local")).unwrap();
        assert_eq!(scope.get("host").unwrap().value.0, "b");
        assert_eq!(scope.get("user").unwrap().origin, "base");
        assert!(scope.get("token").unwrap().literal);
        assert_eq!(scope.masked().get("token").unwrap().value.0, "••••");
        assert_eq!(family().scope(None).unwrap(), Scope::default());
    }

    #[test]
    fn options_are_chosen_by_the_nearest() {
        let mut environments = family();
        environments.all[0].options = Choices::default().with("http", "2").with("retry", "1");
        environments.all[1].options = Choices::default().with("http", "1.1");
        environments.usual = Choices::default().with("retry", "9").with("timeout", "5");
        let scope = environments.scope(Some("local")).unwrap();
        let mut choices = Choices::default().with("timeout", "7");
        scope.fill(&mut choices);
        let chosen: Vec<_> = choices.iter().collect();
        assert_eq!(chosen, [("http", "1.1"), ("retry", "1"), ("timeout", "7")]);
        let origins: Vec<_> = scope.options.iter().map(|it| it.origin.as_str()).collect();
        assert_eq!(
            origins,
            ["environment local", "environment base", "options.toml"]
        );
        assert_eq!(environments.scope(None).unwrap().options.len(), 1);
        assert_eq!(environments.chosen(Some("local"), "http"), "1.1");
        assert_eq!(environments.chosen(None, "retry"), "9");
        assert_eq!(environments.chosen(Some("orphan"), "http"), "");
    }

    #[test]
    fn production_is_inherited() {
        let mut environments = family();
        environments.all[0].production = true;
        assert!(environments.scope(Some("local")).unwrap().production);
    }

    #[test]
    fn what_cannot_be_resolved_is_told() {
        let error = |name| family().scope(Some(name)).unwrap_err().to_string();
        assert!(error("one").contains("one → two → one"));
        assert!(error("orphan").contains("“gone”"));
        assert!(error("nope").contains("base, local"));
    }

    #[test]
    fn nothing_of_a_value_is_printed() {
        let text = format!("{:?}", family().scope(Some("local")).unwrap());
        assert!(!text.contains("ann") && text.contains("user"), "{text}");
    }

    #[test]
    fn names_are_checked() {
        assert!(is_variable_name("base_url2") && is_variable_name("_x"));
        assert!(!is_variable_name("base-url") && !is_variable_name("2x") && !is_variable_name(""));
        assert!(is_environment_name("prod-eu.1"));
        for name in ["", ".x", "a/b", "a\\b", "..", "a b", "-n"] {
            assert!(!is_environment_name(name), "{name}");
        }
    }
}
