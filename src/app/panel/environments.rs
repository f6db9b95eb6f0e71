//! The list of environments to choose from.

use crate::model::Environments;

/// The list; its first row stands for none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvironmentPicker {
    pub chosen: usize,
}

impl EnvironmentPicker {
    /// The list with the cursor on the environment of that name.
    pub fn at(environments: &Environments, name: Option<&str>) -> Self {
        let index = environments
            .all
            .iter()
            .position(|it| Some(it.name.as_str()) == name);
        Self {
            chosen: index.map_or(0, |index| index + 1),
        }
    }

    /// The name under the cursor; `None` on the row for no environment.
    pub fn picked<'a>(&self, environments: &'a Environments) -> Option<&'a str> {
        let index = self.chosen.checked_sub(1)?;
        environments.all.get(index).map(|it| it.name.as_str())
    }

    pub fn walk(&mut self, environments: &Environments, down: bool) {
        self.chosen = super::step(self.chosen, environments.all.len() + 1, down);
    }
}
