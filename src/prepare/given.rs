//! What a request needs and does not hold: it comes from outside, as time does, so that preparing
//! stays pure.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    model::{FilePiece, Jar},
    options::OptionError,
};

/// Stands for the boundary where none was given: in what is only looked at. It is as long as those that are made, so
/// that what it stands in is, too.
pub const PLACEHOLDER_BOUNDARY: &str = "posttui-boundary-made-when-it-is-sent---";

/// Stands for the Idempotency-Key where none was made: a mark, since whoever copied it as a key would share it.
pub const PLACEHOLDER_KEY: &str = "‹made when it is sent›";

/// What the world gives to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// What separates the parts of a multipart body: a random one cannot stand in a file by chance.
    pub boundary: String,
    /// The files, by their paths as typed; in place of one that cannot be sent, the reason.
    pub files: BTreeMap<String, Result<FilePiece, String>>,
    /// The cookies of the environment, none of them at its end; `None` where there is no jar.
    pub jar: Option<Arc<Jar>>,
    /// What makes the send one that can be told from every other, whatever the attempts.
    pub key: String,
    /// An option that the disk says cannot be used, such as the file of a certificate.
    pub unusable: Option<OptionError>,
}

impl Default for Given {
    fn default() -> Self {
        Self {
            boundary: PLACEHOLDER_BOUNDARY.to_owned(),
            files: BTreeMap::new(),
            jar: None,
            key: PLACEHOLDER_KEY.to_owned(),
            unusable: None,
        }
    }
}

impl Given {
    /// The file at this path, or why it cannot be sent.
    pub fn file(&self, path: &str) -> Result<FilePiece, String> {
        if path.is_empty() {
            return Err("no file is named: type its path".to_owned());
        }
        let unseen = || Err(format!("nobody has looked at the file {path} yet"));
        self.files.get(path).cloned().unwrap_or_else(unseen)
    }
}
