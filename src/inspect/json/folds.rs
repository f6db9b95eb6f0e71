//! Which objects and arrays are folded.

use std::{collections::BTreeSet, sync::Arc};

/// All from a level on, but for those that were folded or unfolded singly. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folds {
    /// Whatever lies this deep is folded; the whole value lies at level 0.
    level: Option<u32>,
    /// The numbers of those of which the opposite is true.
    turned: Arc<BTreeSet<u32>>,
}

impl Folds {
    /// Everything folded from a level on, nothing at all without one.
    pub fn from_level(level: Option<u32>) -> Self {
        Self {
            level,
            turned: Arc::default(),
        }
    }

    pub fn level(&self) -> Option<u32> {
        self.level
    }

    /// Nothing is folded.
    pub fn is_empty(&self) -> bool {
        self.level.is_none() && self.turned.is_empty()
    }

    #[inline]
    pub(super) fn has(&self, node: u32, depth: u32) -> bool {
        let by_level = self.level.is_some_and(|level| depth >= level);
        by_level != (!self.turned.is_empty() && self.turned.contains(&node))
    }

    /// With these of them folded where they are unfolded, and the other way round.
    #[must_use]
    pub fn turn(&self, nodes: impl IntoIterator<Item = u32>) -> Self {
        let mut turned = BTreeSet::clone(&self.turned);
        for node in nodes {
            if !turned.remove(&node) {
                turned.insert(node);
            }
        }
        Self {
            level: self.level,
            turned: Arc::new(turned),
        }
    }
}
