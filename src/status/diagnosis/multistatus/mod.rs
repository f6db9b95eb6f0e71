//! The parts of a 207: RFC 4918, Section 13, and the JSON lists that other services answer with.

mod json;
mod xml;

use serde::Serialize;

use crate::status::catalogue;

use super::{Finding, Scene};

/// As many parts are read; who sends more says nothing new with them.
const MOST: usize = 1000;

/// One part of an answer, with a status of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What the status is about: its `href`, and the properties where only some of them are meant.
    pub name: String,
    pub status: u16,
    /// What the server says of it.
    pub description: Option<String>,
}

impl Part {
    /// Whether it was refused, or went wrong.
    pub fn has_failed(&self) -> bool {
        self.status >= 400
    }

    /// `423 Locked`.
    pub fn title(&self) -> String {
        format!("{} {}", self.status, catalogue::phrase(self.status))
    }

    /// What the server says of it, else what its status means.
    pub fn meaning(&self) -> String {
        let usual = || catalogue::explain(self.status).meaning;
        self.description.clone().unwrap_or_else(usual)
    }
}

/// The parts of the answer, those first that failed: they are what one looks for.
pub(super) fn find(scene: &Scene) -> Vec<Part> {
    if scene.status() != 207 {
        return Vec::new();
    }
    let mut parts = match (&scene.json, &scene.body) {
        (Some(json), _) => json::parts(json),
        (None, Some(body)) => xml::parts(&String::from_utf8_lossy(body)),
        (None, None) => Vec::new(),
    };
    parts.sort_by_key(|part| !part.has_failed());
    parts
}

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    if scene.status() != 207 {
        return Vec::new();
    }
    let parts = &scene.parts;
    let failed = parts.iter().filter(|part| part.has_failed()).count();
    let text = match (parts.len(), failed) {
        (0, _) => "The body names no status of its parts that posttui can read: the 207 itself \
                   does not say whether they succeeded."
            .to_owned(),
        (1, 0) => "Its one part succeeded.".to_owned(),
        (1, _) => "Its one part failed.".to_owned(),
        (all, 0) => format!("None of its {all} parts failed."),
        (all, failed) if failed == all => format!("All of its {all} parts failed."),
        (all, failed) => format!("{failed} of its {all} parts failed."),
    };
    vec![Finding::new(text).by("RFC 4918, Section 13")]
}
