//! Whether an exchange is written down.

use serde::{Deserialize, Serialize};

/// What is chosen for the keeping of an exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recording {
    /// Whether it is in the history at all.
    pub is_on: bool,
    /// Hosts of which nothing is kept, whatever else is chosen, as typed: see [`crate::pattern::read_hosts`].
    pub never: String,
}

impl Default for Recording {
    fn default() -> Self {
        Self {
            is_on: true,
            never: String::new(),
        }
    }
}
