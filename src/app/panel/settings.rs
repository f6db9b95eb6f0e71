//! Rows with fixed labels and values to be typed or chosen: the auth tab and the options tab.
//!
//! The cursor is always in the value of a row. A choice has no text: there single keys turn it.

use std::borrow::Cow;

use crate::app::editor::Editor;

/// The rows, and where the cursor is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    rows: Vec<Setting>,
    row: usize,
    /// Whether secrets are shown.
    pub revealed: bool,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub name: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    /// What holds while nothing is typed.
    pub default: Cow<'static, str>,
    /// Where what is typed belongs to, said behind it; empty where that goes without saying.
    pub origin: Cow<'static, str>,
    pub value: Value,
}

/// What a row holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(Editor),
    /// Shown as dots unless the cursor is in it.
    Secret(Editor),
    Choice(Choice),
}

/// One of several: each with what it stands for and how the screen calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub options: Vec<(String, String)>,
    pub chosen: usize,
}

impl Choice {
    pub fn value(&self) -> &str {
        self.options
            .get(self.chosen)
            .map_or("", |(value, _)| value.as_str())
    }

    pub fn label(&self) -> &str {
        self.options
            .get(self.chosen)
            .map_or("", |(_, label)| label.as_str())
    }
}

impl Setting {
    /// What the row says; empty where nothing is typed.
    pub fn text(&self) -> &str {
        match &self.value {
            Value::Text(editor) | Value::Secret(editor) => editor.text(),
            Value::Choice(choice) => choice.value(),
        }
    }
}

impl Settings {
    pub fn new(rows: Vec<Setting>) -> Self {
        Self {
            rows,
            row: 0,
            revealed: false,
        }
    }

    pub fn rows(&self) -> &[Setting] {
        &self.rows
    }

    pub fn row(&self) -> usize {
        self.row
    }

    pub fn current(&self) -> Option<&Setting> {
        self.rows.get(self.row)
    }

    /// The text under the cursor; none on a choice.
    pub fn editor(&mut self) -> Option<&mut Editor> {
        match &mut self.rows.get_mut(self.row)?.value {
            Value::Text(editor) | Value::Secret(editor) => Some(editor),
            Value::Choice(_) => None,
        }
    }

    /// Whether the cursor is on a choice.
    pub fn on_choice(&self) -> bool {
        self.current()
            .is_some_and(|row| matches!(row.value, Value::Choice(_)))
    }

    /// Turns the choice under the cursor; false in a text.
    pub fn turn(&mut self, forward: bool) -> bool {
        let Some(Setting {
            value: Value::Choice(choice),
            ..
        }) = self.rows.get_mut(self.row)
        else {
            return false;
        };
        choice.chosen = super::step(choice.chosen, choice.options.len(), forward);
        true
    }

    /// Takes back what is typed or chosen in the row under the cursor.
    pub fn clear(&mut self) {
        match self.rows.get_mut(self.row).map(|row| &mut row.value) {
            Some(Value::Text(editor) | Value::Secret(editor)) => editor.set(""),
            Some(Value::Choice(choice)) => choice.chosen = 0,
            None => {}
        }
    }

    /// A row up; false on the first one.
    pub fn up(&mut self) -> bool {
        let moved = self.row > 0;
        self.row = self.row.saturating_sub(1);
        moved
    }

    /// A row down; false on the last one.
    pub fn down(&mut self) -> bool {
        let moved = self.row + 1 < self.rows.len();
        self.to_row(self.row + 1);
        moved
    }

    pub fn to_start(&mut self) {
        self.row = 0;
    }

    pub fn to_end(&mut self) {
        self.to_row(usize::MAX);
    }

    /// Puts the cursor into a row, as far as the rows reach.
    pub fn to_row(&mut self, row: usize) {
        self.row = row.min(self.rows.len().saturating_sub(1));
    }

    /// Puts the cursor into the row of that name, if there is one.
    pub fn to_name(&mut self, name: &str) {
        if let Some(row) = self.rows.iter().position(|row| row.name == name) {
            self.row = row;
        }
    }

    /// Other rows; the cursor stays in the row that it is in, where that is still there.
    pub fn replace(&mut self, rows: Vec<Setting>) {
        let name = self.current().map(|row| row.name);
        self.rows = rows;
        self.to_row(self.row);
        if let Some(name) = name {
            self.to_name(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        let row = |name, value| Setting {
            name,
            label: name,
            help: "",
            default: Cow::Borrowed(""),
            origin: Cow::Borrowed(""),
            value,
        };
        let options = ["a", "b"].map(|it| (it.to_owned(), it.to_uppercase()));
        Settings::new(vec![
            row(
                "kind",
                Value::Choice(Choice {
                    options: options.to_vec(),
                    chosen: 0,
                }),
            ),
            row("text", Value::Text(Editor::new("x"))),
            row("secret", Value::Secret(Editor::default())),
        ])
    }

    #[test]
    fn a_choice_turns_and_a_text_is_typed_into() {
        let mut settings = settings();
        assert!(settings.on_choice() && settings.editor().is_none());
        assert!(settings.turn(true));
        assert_eq!(settings.rows()[0].text(), "b");
        assert!(settings.turn(true) && settings.turn(false));
        assert_eq!(settings.rows()[0].text(), "b");
        assert!(settings.down() && !settings.turn(true));
        settings.editor().unwrap().insert("y");
        assert_eq!(settings.rows()[1].text(), "xy");
    }

    #[test]
    fn the_cursor_stays_within_the_rows() {
        let mut settings = settings();
        assert!(!settings.up() && settings.down() && settings.down() && !settings.down());
        let mut rows = settings.rows().to_vec();
        rows.remove(1);
        settings.replace(rows.clone());
        assert_eq!(
            (settings.row(), settings.current().unwrap().name),
            (1, "secret")
        );
        rows.truncate(1);
        settings.replace(rows);
        assert_eq!(settings.row(), 0);
        settings.replace(Vec::new());
        assert!(settings.editor().is_none() && !settings.down() && !settings.turn(true));
    }
}
