//! What is read from disk before the first frame: the keys and the session.

use std::{fs, io::ErrorKind};

use crate::{
    app::{keymap::Keymap, message::Notice},
    model::{Environments, Session},
    store::{EnvironmentFiles, Paths, SessionFile},
};

/// The user's keys; what is wrong in them is told, and the shipped ones hold.
pub fn read_keymap(paths: &Paths, notices: &mut Vec<Notice>) -> Keymap {
    let path = paths.config.join("keys.toml");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Keymap::default(),
        Err(error) => {
            let path = path.display();
            notices.push(Notice::error(format!(
                "Cannot read {path}: {error}. The usual keys hold."
            )));
            return Keymap::default();
        }
    };
    Keymap::with_changes(&text).unwrap_or_else(|error| {
        let path = path.display();
        notices.push(Notice::error(format!(
            "{path}: {error}. The usual keys hold."
        )));
        Keymap::default()
    })
}

/// The session of the run before, and the file to keep this one in. Of two posttuis at once the first
/// has it; the other one starts empty, which is told.
pub fn read_session(paths: &Paths, notices: &mut Vec<Notice>) -> (Option<SessionFile>, Session) {
    let file = match SessionFile::acquire(paths) {
        Ok(file) => file,
        Err(error) => {
            notices.push(Notice::warning(format!("The draft is not kept: {error}")));
            return (None, Session::default());
        }
    };
    let session = file.load().unwrap_or_else(|error| {
        notices.push(Notice::warning(error.to_string()));
        None
    });
    (Some(file), session.unwrap_or_default())
}

/// The environments; what is wrong with a file is told. Answers with whether the keyring is left to be asked for secrets.
pub fn read_environments(
    files: &EnvironmentFiles,
    notices: &mut Vec<Notice>,
) -> (Environments, bool) {
    let (environments, is_left) = files.read_at_once();
    let problems = environments.problems.iter();
    notices.extend(problems.map(|problem| Notice::warning(problem.clone())));
    (environments, is_left)
}
