//! One walk through a body: which names are secret, what stands beside them, and what has to be put in its place.

use std::{collections::HashMap, ops::Range};

use super::{REDACTED, template_only::is_template_only};
use crate::model::is_mark;

/// Whether a field of this name holds a secret.
pub(super) type IsSecret<'a> = &'a dyn Fn(&str) -> bool;

/// Shorter values are not looked for in the words that are kept of an answer: they would be found by chance.
const SHORTEST_TOLD: usize = 4;
/// So many values, and of this length in bytes, are looked for there.
const MOST_TOLD: usize = 64;
const LONGEST_TOLD: usize = 4096;

/// What is asked and found on one walk.
pub(super) struct Masking<'a> {
    is_secret: IsSecret<'a>,
    /// A long answer has few names, many times over.
    known: HashMap<Vec<u8>, bool>,
    /// What was taken out.
    values: Vec<String>,
}

impl<'a> Masking<'a> {
    pub(super) fn new(is_secret: IsSecret<'a>) -> Self {
        Self {
            is_secret,
            known: HashMap::new(),
            values: Vec::new(),
        }
    }

    /// Whether a name, as it is written, is one of a secret.
    pub(super) fn is_secret(&mut self, name: &[u8]) -> bool {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let is_secret = (self.is_secret)(&plain(name));
        self.known.insert(name.to_vec(), is_secret);
        is_secret
    }

    /// Whether the value of a secret has to go: nothing, a template and what is a mark already stay.
    pub(super) fn takes(&mut self, value: &[u8]) -> bool {
        let text = String::from_utf8_lossy(value);
        let stays = text.is_empty()
            || is_template_only(&text, &[])
            || is_mark(&text)
            || text.trim() == REDACTED;
        if stays {
            return false;
        }
        let is_told = (SHORTEST_TOLD..=LONGEST_TOLD).contains(&text.len());
        if is_told && self.values.len() < MOST_TOLD {
            self.values.push(text.into_owned());
        }
        true
    }

    /// What was taken out, as far as it has to be looked for elsewhere.
    pub(super) fn into_values(self) -> Vec<String> {
        self.values
    }
}

/// A name without the escapes of JSON: RFC 8259, Section 7.
fn plain(name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name);
    if !text.contains('\\') {
        return text.into_owned();
    }
    serde_json::from_str(&format!("\"{text}\"")).unwrap_or_else(|_| text.into_owned())
}

/// What is to be put in the place of parts of a text, in order.
#[derive(Default)]
pub(super) struct Patches(Vec<(Range<usize>, Vec<u8>)>);

impl Patches {
    pub(super) fn put(&mut self, place: Range<usize>, new: impl Into<Vec<u8>>) {
        self.0.push((place, new.into()));
    }

    /// A mark in the place of a value.
    pub(super) fn mark(&mut self, place: Range<usize>) {
        self.put(place, REDACTED);
    }

    /// The text with them; `None` where there are none.
    pub(super) fn apply(self, text: &[u8]) -> Option<Vec<u8>> {
        if self.0.is_empty() {
            return None;
        }
        let mut patched = Vec::with_capacity(text.len());
        let mut from = 0;
        for (place, new) in self.0 {
            patched.extend_from_slice(text.get(from..place.start).unwrap_or_default());
            patched.extend_from_slice(&new);
            from = place.end;
        }
        patched.extend_from_slice(text.get(from..).unwrap_or_default());
        Some(patched)
    }
}
