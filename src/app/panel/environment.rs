//! One environment being edited: what it extends, whether it is production, its variables.

use crate::{
    app::editor::Editor,
    model::{
        Cell, Choices, Environment, EnvironmentSave, Environments, Field, Variable,
        is_environment_name, is_variable_name,
    },
};

use super::table::Table;

/// The lines above the variables, and the variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Name,
    Extends,
    Production,
    Variables,
}

/// An environment as texts being edited.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvironmentEditor {
    /// Only a new one can be given a name.
    pub is_new: bool,
    pub name: Editor,
    pub extends: Editor,
    pub production: bool,
    /// A row that is switched off is a secret one.
    pub variables: Table,
    pub line: Line,
    /// Edited in a window of their own.
    options: Choices,
    /// Why it cannot be kept; until the next edit.
    pub problem: Option<String>,
    /// Whether the user was told that leaving now throws changes away.
    pub warned: bool,
    /// As it was loaded; `None` for a new one.
    loaded: Option<Environment>,
}

impl EnvironmentEditor {
    /// A new environment.
    pub fn create() -> Self {
        Self {
            is_new: true,
            line: Line::Name,
            loaded: None,
            ..Self::edit(&Environment::default())
        }
    }

    /// A new environment with all that another one has.
    pub fn duplicate(environment: &Environment) -> Self {
        Self {
            is_new: true,
            line: Line::Name,
            name: Editor::new(format!("{}-copy", environment.name)),
            loaded: None,
            ..Self::edit(environment)
        }
    }

    /// An environment that is there.
    pub fn edit(environment: &Environment) -> Self {
        let rows: Vec<Field> = environment.variables.iter().map(row).collect();
        Self {
            is_new: false,
            name: Editor::new(&environment.name),
            extends: Editor::new(environment.extends.clone().unwrap_or_default()),
            production: environment.production,
            variables: Table::new(&rows),
            line: Line::Variables,
            options: environment.options.clone(),
            problem: None,
            warned: false,
            loaded: Some(environment.clone()),
        }
    }

    /// The environment as it is typed.
    pub fn environment(&self) -> Environment {
        let extends = self.extends.text().trim();
        let rows = self.variables.fields().into_iter();
        Environment {
            name: self.name.text().trim().to_owned(),
            extends: (!extends.is_empty()).then(|| extends.to_owned()),
            production: self.production,
            variables: rows
                .filter(|row| !row.is_blank())
                .map(|row| Variable {
                    name: row.name.trim().to_owned(),
                    value: row.value.into(),
                    secret: !row.enabled,
                })
                .collect(),
            options: self.options.clone(),
        }
    }

    /// One that is not on disk as it was typed: it counts as changed until it is.
    pub fn unsaved(save: &EnvironmentSave) -> Self {
        Self {
            loaded: save.loaded.clone(),
            ..Self::edit(&save.environment)
        }
    }

    /// As it was when it was loaded; `None` for a new one.
    pub fn loaded(&self) -> Option<&Environment> {
        self.loaded.as_ref()
    }

    /// Takes what is on disk now: it is shown where nothing was typed, else it is said, and asked about when it
    /// is to be kept.
    pub fn changed_outside(&mut self, now: &Environment) {
        if self.is_new || self.loaded.as_ref() == Some(now) {
            return;
        }
        if self.is_changed() {
            let told = "its file was changed outside: Enter asks before it goes over that";
            self.problem.get_or_insert_with(|| told.to_owned());
        } else {
            let line = self.line;
            *self = Self {
                line,
                ..Self::edit(now)
            };
        }
    }

    pub fn is_changed(&self) -> bool {
        let environment = self.environment();
        match &self.loaded {
            Some(loaded) => environment != *loaded,
            None => environment != Environment::default(),
        }
    }

    /// The text under the cursor.
    pub fn editor(&mut self) -> Option<&mut Editor> {
        match self.line {
            Line::Name => Some(&mut self.name),
            Line::Extends => Some(&mut self.extends),
            Line::Production => None,
            Line::Variables => self.variables.editor(),
        }
    }

    /// To be called after any edit.
    pub fn edited(&mut self) {
        self.variables.end_blank();
        (self.problem, self.warned) = (None, false);
    }

    fn lines(&self) -> &'static [Line] {
        const ALL: [Line; 4] = [Line::Name, Line::Extends, Line::Production, Line::Variables];
        if self.is_new { &ALL } else { &ALL[1..] }
    }

    pub fn up(&mut self) {
        if self.line != Line::Variables || !self.variables.up() {
            self.turn(false);
        }
    }

    pub fn down(&mut self) {
        if self.line == Line::Variables {
            self.variables.down();
        } else {
            self.turn(true);
        }
    }

    /// Tab and Shift-Tab: through the cells of the rows too.
    pub fn go_on(&mut self, forward: bool) {
        let within = self.line == Line::Variables
            && if forward {
                self.variables.next_cell()
            } else {
                self.variables.previous_cell()
            };
        if within {
            return;
        }
        self.turn(forward);
        if self.line == Line::Variables {
            if forward {
                self.variables.to_start();
            } else {
                self.variables.to_end();
            }
        }
    }

    fn turn(&mut self, forward: bool) {
        self.line = super::turn(self.lines(), self.line, forward);
    }

    /// Switches what the cursor is on: production, or whether a variable is secret.
    pub fn toggle(&mut self) {
        match self.line {
            Line::Production => self.production = !self.production,
            Line::Variables => self.variables.toggle(),
            Line::Name | Line::Extends => {}
        }
        self.edited();
    }

    /// Changes the rows, when the cursor is among them.
    pub fn change_rows(&mut self, change: fn(&mut Table)) {
        if self.line == Line::Variables {
            change(&mut self.variables);
            self.edited();
        }
    }

    /// What is wrong, with the cursor put there; `None` when it can be kept.
    pub fn check(&mut self, others: &Environments) -> Option<String> {
        let environment = self.environment();
        let problem = self
            .check_head(&environment, others)
            .or_else(|| self.check_rows());
        self.problem.clone_from(&problem);
        problem
    }

    fn check_head(&mut self, environment: &Environment, others: &Environments) -> Option<String> {
        let name = environment.name.as_str();
        if self.is_new && !is_environment_name(name) {
            self.line = Line::Name;
            return Some(
                "the name becomes a file's name: letters, digits, -, _ and dots within".to_owned(),
            );
        }
        if self.is_new && others.get(name).is_some() {
            self.line = Line::Name;
            return Some(format!("there is an environment “{name}” already"));
        }
        let mut all = others.clone();
        all.all.retain(|it| it.name != name);
        all.all.push(environment.clone());
        let error = all.scope(Some(name)).err()?;
        self.line = Line::Extends;
        Some(error.to_string())
    }

    fn check_rows(&mut self) -> Option<String> {
        let fields = self.variables.fields();
        for (index, row) in fields.iter().enumerate().filter(|(_, row)| !row.is_blank()) {
            let name = row.name.trim();
            let twice = fields.iter().take(index).any(|it| it.name.trim() == name);
            let problem = if !is_variable_name(name) {
                format!("“{name}” is no variable name: a letter, then letters, digits and _")
            } else if twice {
                format!("there is a variable “{name}” above")
            } else {
                continue;
            };
            self.line = Line::Variables;
            self.variables.to_place(index, Cell::Name);
            return Some(problem);
        }
        None
    }
}

fn row(variable: &Variable) -> Field {
    Field {
        enabled: !variable.secret,
        name: variable.name.clone(),
        value: variable.value.0.clone(),
        ..Field::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local() -> Environment {
        Environment {
            options: crate::model::Choices::default(),
            name: "local".into(),
            extends: Some("base".into()),
            production: true,
            variables: vec![Variable::plain("a", "1"), Variable::secret("b", "2")],
        }
    }

    fn others() -> Environments {
        let base = Environment {
            name: "base".into(),
            ..Environment::default()
        };
        Environments {
            usual: crate::model::Choices::default(),
            all: vec![base, local()],
            ..Environments::default()
        }
    }

    #[test]
    fn an_environment_is_read_back_unchanged() {
        let editor = EnvironmentEditor::edit(&local());
        assert_eq!(editor.environment(), local());
        assert!(!editor.is_changed());
    }

    #[test]
    fn what_changes_outside_is_shown_or_told() {
        let mut now = local();
        now.variables[0] = Variable::plain("a", "9");
        let mut editor = EnvironmentEditor::edit(&local());
        editor.changed_outside(&local());
        assert_eq!(editor.problem, None);
        editor.changed_outside(&now);
        assert_eq!((editor.environment(), editor.is_changed()), (now, false));
        editor.extends.set("other");
        editor.changed_outside(&local());
        assert!(editor.problem.as_ref().unwrap().contains("outside"));
        assert_eq!(editor.environment().extends.as_deref(), Some("other"));
        assert!(editor.is_changed());
    }

    #[test]
    fn what_is_wrong_has_the_cursor() {
        let mut editor = EnvironmentEditor::edit(&local());
        assert_eq!(editor.check(&others()), None);
        editor.extends.set("local");
        assert!(editor.check(&others()).unwrap().contains("circle"));
        assert_eq!(editor.line, Line::Extends);
        editor.extends.set("");
        editor.variables.to_place(2, Cell::Name);
        editor.variables.editor().unwrap().set("a");
        assert!(editor.check(&others()).unwrap().contains("above"));
        assert_eq!(editor.variables.row(), 2);
        let mut new = EnvironmentEditor::create();
        for name in ["", "a/b", "local"] {
            new.name.set(name);
            assert!(new.check(&others()).is_some(), "{name}");
        }
    }
}
