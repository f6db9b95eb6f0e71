//! The command palette: everything that can be done here, found by typing a part of it.

use crate::app::{
    command::{Command, Context},
    editor::Editor,
};

/// The list with the line that filters it.
#[derive(Debug, Clone, PartialEq)]
pub struct Palette {
    pub typed: Editor,
    pub chosen: usize,
    /// The contexts that held when it was opened: its commands run there.
    contexts: Vec<Context>,
}

impl Palette {
    pub fn new(contexts: Vec<Context>) -> Self {
        Self {
            typed: Editor::default(),
            chosen: 0,
            contexts,
        }
    }

    /// The commands that hold every typed word in their name or help.
    pub fn matches(&self) -> Vec<&'static Command> {
        let typed = self.typed.text().to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        self.contexts
            .iter()
            .filter(|context| **context != Context::Text)
            .flat_map(|context| crate::app::command::of(*context))
            .filter(|command| {
                let text = format!("{} {}", command.name, command.help).to_lowercase();
                words.iter().all(|word| text.contains(word))
            })
            .collect()
    }

    pub fn picked(&self) -> Option<&'static Command> {
        let matches = self.matches();
        matches
            .get(self.chosen.min(matches.len().saturating_sub(1)))
            .copied()
    }

    pub fn walk(&mut self, down: bool) {
        let count = self.matches().len();
        self.chosen = super::step(self.chosen, count, down);
    }
}
