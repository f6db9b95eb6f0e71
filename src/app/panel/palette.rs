//! The command palette: everything that can be done here, found by typing a part of it.

use crate::app::{
    command::{Command, Context, of},
    editor::Editor,
};

/// The zones whose commands are found from everywhere; they run there.
const ZONES: [Context; 3] = [Context::History, Context::Response, Context::Collection];

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

    /// The commands that hold every typed word in their name or help: those of here, then those of other zones.
    pub fn matches(&self) -> Vec<&'static Command> {
        let typed = self.typed.text().to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let here = self.contexts.iter();
        let mut found: Vec<&Command> = here
            .filter(|context| **context != Context::Text)
            .flat_map(|context| of(*context))
            .collect();
        if !words.is_empty() {
            for command in ZONES.into_iter().flat_map(of) {
                // What is done here under the same name is meant for here.
                if found.iter().all(|other| other.name != command.name) {
                    found.push(command);
                }
            }
        }
        found.retain(|command| {
            let text = format!("{} {}", command.name, command.help).to_lowercase();
            words.iter().all(|word| text.contains(word))
        });
        found
    }

    /// Whether a command is one of another zone than that in which the palette was opened.
    pub fn is_elsewhere(&self, command: &Command) -> bool {
        !self.contexts.contains(&command.context)
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
