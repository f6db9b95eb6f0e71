//! Changes of jars that are not written down: they last as long as the program does.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::model::{CookieChange, Jar};

/// The changes by the jar, in the order in which they were made. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Held(Arc<Mutex<BTreeMap<String, Vec<CookieChange>>>>);

impl Held {
    pub(super) fn add(&self, jar: &str, changes: Vec<CookieChange>) {
        self.lock()
            .entry(jar.to_owned())
            .or_default()
            .extend(changes);
    }

    /// Adds changes that are written down, too, where they have to come after some that are not.
    pub(super) fn follow(&self, jar: &str, changes: &[CookieChange]) {
        if let Some(held) = self.lock().get_mut(jar) {
            held.extend_from_slice(changes);
        }
    }

    /// The jar as it is with them.
    pub(super) fn apply(&self, name: &str, jar: &mut Jar) {
        for change in self.lock().get(name).into_iter().flatten() {
            jar.apply(change.clone());
        }
    }

    /// A panic elsewhere leaves no change half made.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Vec<CookieChange>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
