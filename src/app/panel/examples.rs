//! The list of a saved request's examples.

use crate::{
    app::message::JobId,
    model::{Examples, ExchangeId, Summary},
};

/// The window.
#[derive(Debug, Clone, PartialEq)]
pub struct ExamplesPanel {
    job: JobId,
    /// `None` until they are read.
    examples: Option<Examples>,
    /// Why they cannot be read, or why there can be none.
    pub problem: Option<String>,
    pub chosen: usize,
}

impl ExamplesPanel {
    pub fn new(job: JobId) -> Self {
        Self {
            job,
            examples: None,
            problem: None,
            chosen: 0,
        }
    }

    /// Takes them, unless they answer an older question.
    pub fn take(&mut self, job: JobId, found: Result<Examples, String>) {
        if job != self.job {
            return;
        }
        match found {
            Ok(examples) => self.examples = Some(examples),
            Err(reason) => self.problem = Some(reason),
        }
    }

    /// The path of the saved request, once it is known.
    pub fn path(&self) -> Option<&str> {
        self.examples.as_ref().map(|it| it.origin.path.as_str())
    }

    pub fn rows(&self) -> &[Summary] {
        self.examples.as_ref().map_or(&[], |it| &it.rows)
    }

    pub fn is_read(&self) -> bool {
        self.examples.is_some()
    }

    pub fn chosen_row(&self) -> Option<&Summary> {
        self.rows().get(self.chosen)
    }

    /// What the examples are compared with.
    pub fn fresh(&self) -> Option<ExchangeId> {
        self.examples.as_ref()?.fresh
    }

    pub fn walk(&mut self, down: bool) {
        self.chosen = super::step(self.chosen, self.rows().len(), down);
    }

    /// One is an example no more.
    pub fn leave(&mut self, id: ExchangeId) {
        if let Some(examples) = &mut self.examples {
            examples.rows.retain(|row| row.id != id);
            self.chosen = self.chosen.min(examples.rows.len().saturating_sub(1));
        }
    }
}
