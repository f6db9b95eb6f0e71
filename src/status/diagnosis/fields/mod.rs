//! What a server says is wrong with single fields, in the words of its framework.

mod lists;
mod maps;
mod member;
mod path;

use serde::Serialize;
use serde_json::Value;

use super::{Finding, Scene, Step, problem::explanation};

pub use member::find_member;
pub use path::fit_name;

/// As many complaints as are taken.
const MOST: usize = 40;

/// Statuses that complain about what was sent.
const COMPLAINTS: [u16; 4] = [400, 409, 412, 422];

/// The part of the request that a field belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldPlace {
    #[default]
    Body,
    Query,
    Header,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    pub place: FieldPlace,
    /// From the outermost name to the innermost; positions in a list are numbers from 0.
    pub path: Vec<String>,
    pub message: String,
}

impl FieldProblem {
    /// The field as one word: `user.email`.
    pub fn name(&self) -> String {
        self.path.join(".")
    }
}

/// Where complaints may stand: each reads what it knows of and answers with nothing otherwise.
const SHAPES: &[fn(&Value) -> Vec<FieldProblem>] = &[lists::read, maps::read];

pub(super) fn find(scene: &Scene) -> Vec<FieldProblem> {
    let Some(json) = scene
        .json
        .as_ref()
        .filter(|_| COMPLAINTS.contains(&scene.status()))
    else {
        return Vec::new();
    };
    let mut found = SHAPES
        .iter()
        .map(|read| read(json))
        .find(|found| !found.is_empty())
        .unwrap_or_default();
    found.retain(|it| !it.path.is_empty() && !it.message.is_empty());
    found.truncate(MOST);
    found
}

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    let section = if scene.media_type() == "application/problem+json" {
        "RFC 9457, Section 3"
    } else {
        explanation(scene.status())
    };
    scene
        .fields
        .iter()
        .map(|problem| {
            let field = problem.name();
            Finding::new(format!("{field}: {}", problem.message))
                .by(section)
                .offering([Step::ShowField { field }])
        })
        .collect()
}

#[cfg(test)]
mod tests;
