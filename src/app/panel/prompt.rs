//! A value that is asked for before a send: `prompt("one-time code")` in a template.

use crate::app::editor::Editor;

/// The question and what was typed so far, which is shown as dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    pub question: String,
    pub typed: Editor,
}

impl Prompt {
    pub fn new(question: String) -> Self {
        Self {
            question,
            typed: Editor::default(),
        }
    }
}
