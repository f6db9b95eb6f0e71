//! An environment on its way to its file: what it was when it was loaded goes along, so that what was changed
//! outside meanwhile is noticed, and only what was changed here is written.

use super::{Choices, Environment, Variable};

/// An environment to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentSave {
    pub environment: Environment,
    /// As it was loaded; `None` for a new one.
    pub loaded: Option<Environment>,
}

/// The options of every send, to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsualSave {
    pub choices: Choices,
    /// As they were loaded.
    pub loaded: Choices,
}

/// What was not kept, since its file is not as it was loaded, and what the file says now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overtaken {
    Environment {
        save: Box<EnvironmentSave>,
        /// `None` where the file is gone.
        now: Option<Environment>,
    },
    Usual {
        save: UsualSave,
        now: Choices,
    },
}

impl EnvironmentSave {
    /// Whether anything but the options was changed.
    pub fn changes_variables(&self) -> bool {
        let loaded = self.loaded.as_ref();
        loaded.is_none_or(|loaded| {
            let plain = |it: &Environment| Environment {
                options: Choices::default(),
                ..it.clone()
            };
            plain(loaded) != plain(&self.environment)
        })
    }

    pub fn changes_options(&self) -> bool {
        let loaded = self.loaded.as_ref();
        loaded.is_none_or(|loaded| loaded.options != self.environment.options)
    }

    /// Whether keeping it would undo what was changed outside since it was loaded.
    pub fn is_overtaken(&self, now: Option<&Environment>) -> bool {
        let (Some(loaded), Some(now)) = (&self.loaded, now) else {
            return self.loaded.is_some() != now.is_some();
        };
        let others = as_in_file(now);
        let variables = self.changes_variables()
            && others != as_in_file(loaded)
            && others != as_in_file(&self.environment);
        let options = self.changes_options()
            && now.options != loaded.options
            && now.options != self.environment.options;
        variables || options
    }

    /// The same to be kept over what the file says now; what was not changed here stays as it is there.
    #[must_use]
    pub fn over(self, now: Option<Environment>) -> Self {
        let Some(now) = now else {
            return Self {
                loaded: None,
                ..self
            };
        };
        let mut environment = now.clone();
        if self.changes_options() {
            environment.options.clone_from(&self.environment.options);
        }
        if self.changes_variables() {
            environment = Environment {
                options: environment.options,
                ..self.environment
            };
        }
        Self {
            environment,
            loaded: Some(now),
        }
    }
}

/// What the file says of everything but the options: the values of secrets are elsewhere.
fn as_in_file(environment: &Environment) -> (Option<&str>, bool, Vec<Variable>) {
    let variables = environment.variables.iter().map(|it| {
        if it.secret {
            Variable::secret(&it.name, "")
        } else {
            it.clone()
        }
    });
    (
        environment.extends.as_deref(),
        environment.production,
        variables.collect(),
    )
}

impl UsualSave {
    /// Whether keeping them would undo what was changed outside since they were loaded.
    pub fn is_overtaken(&self, now: &Choices) -> bool {
        *now != self.loaded && *now != self.choices
    }
}

impl Overtaken {
    /// What happened outside, as the beginning of a question.
    pub fn words(&self) -> String {
        match self {
            Self::Environment { save, now } => {
                let name = &save.environment.name;
                match (now, &save.loaded) {
                    (None, _) => format!("“{name}” was removed outside since it was loaded"),
                    (Some(_), None) => format!("“{name}” exists already"),
                    (Some(_), Some(_)) => {
                        format!("“{name}” was changed outside since it was loaded")
                    }
                }
            }
            Self::Usual { .. } => {
                "The options of every send were changed outside since they were loaded".to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(value: &str, timeout: &str) -> Environment {
        Environment {
            name: "local".into(),
            variables: vec![
                Variable::plain("a", value),
                Variable::secret("token", value),
            ],
            options: Choices::default().with("timeout", timeout),
            ..Environment::default()
        }
    }

    fn save(environment: Environment) -> EnvironmentSave {
        EnvironmentSave {
            environment,
            loaded: Some(local("1", "1")),
        }
    }

    #[test]
    fn only_what_was_changed_on_both_sides_is_asked_about() {
        for (kept, now, is_overtaken) in [
            (local("2", "1"), Some(local("1", "1")), false),
            (local("2", "1"), Some(local("1", "9")), false),
            (local("2", "1"), Some(local("9", "1")), true),
            (local("2", "1"), Some(local("2", "9")), false),
            (local("1", "2"), Some(local("9", "1")), false),
            (local("1", "2"), Some(local("1", "9")), true),
            (local("2", "1"), None, true),
        ] {
            let told = format!("{kept:?} {now:?}");
            let overtaken = save(kept).is_overtaken(now.as_ref());
            assert_eq!(overtaken, is_overtaken, "{told}");
        }
        let new = EnvironmentSave {
            loaded: None,
            ..save(local("1", "1"))
        };
        assert!(new.is_overtaken(Some(&local("1", "1"))) && !new.is_overtaken(None));
    }

    #[test]
    fn after_a_yes_what_was_not_changed_here_is_that_of_the_file() {
        let over = save(local("2", "1")).over(Some(local("9", "9")));
        assert_eq!(over.environment, local("2", "9"));
        assert!(over.changes_variables() && !over.changes_options());
        let over = save(local("1", "2")).over(Some(local("9", "9")));
        assert_eq!(over.environment, local("9", "2"));
        assert!(!over.changes_variables() && over.changes_options());
        assert!(!over.is_overtaken(Some(&local("9", "9"))));
    }
}
