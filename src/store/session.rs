//! The unsent draft and where the user was: one JSON file, replaced whole at every change.
//!
//! The draft is kept as typed, secrets included, in a file that only the user can read. One posttui at
//! a time keeps it; a second one is told so and keeps none.

use std::{fs, io::ErrorKind, path::PathBuf};

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::model::Session;

use super::{
    Paths, StoreError,
    files::{make_folder, replace, set_aside},
    lock::{Lock, try_lock},
};

/// The session file, held by this posttui as long as the value lives.
#[derive(Debug)]
pub struct SessionFile {
    path: PathBuf,
    _lock: Lock,
}

impl SessionFile {
    /// Takes the session; [`StoreError::SessionTaken`] while another posttui has it.
    pub fn acquire(paths: &Paths) -> Result<Self, StoreError> {
        make_folder(&paths.data)?;
        let path = paths.data.join("session.json");
        match try_lock(&paths.data.join("session.lock"))? {
            Some(lock) => Ok(Self { path, _lock: lock }),
            None => Err(StoreError::SessionTaken { path }),
        }
    }

    /// What comparisons leave out by the session that was saved last, whoever has it; `None` where it says
    /// nothing of it.
    pub fn ignored(paths: &Paths) -> Option<Vec<String>> {
        let bytes = fs::read(paths.data.join("session.json")).ok()?;
        read(&bytes).ok()?.ignored
    }

    /// The session as it was saved last; `None` when there is none yet. One that cannot be read is
    /// moved aside, which [`StoreError::SessionUnreadable`] tells.
    pub fn load(&self) -> Result<Option<Session>, StoreError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::file("read", &self.path)(error)),
        };
        match read(&bytes) {
            Ok(session) => Ok(Some(session)),
            Err(error) => Err(StoreError::SessionUnreadable {
                moved_to: set_aside(&self.path, Timestamp::now())?,
                reason: error.to_string(),
            }),
        }
    }

    /// Keeps the session: on disk when this returns.
    pub fn save(&self, session: &Session) -> Result<(), StoreError> {
        let bytes = serde_json::to_vec(session)
            .map_err(|error| StoreError::file("write", &self.path)(std::io::Error::from(error)))?;
        replace(&self.path, &bytes)
    }
}

/// Reads a session of any version: what another version knows and this one does not (a tab, a zone)
/// is left out, so that it never costs the draft.
fn read(bytes: &[u8]) -> Result<Session, serde_json::Error> {
    let parts: Map<String, Value> = serde_json::from_slice(bytes)?;
    let is_readable = |name: &String, value: &Value| {
        let part = Map::from_iter([(name.clone(), value.clone())]);
        serde_json::from_value::<Session>(Value::Object(part)).is_ok()
    };
    let readable = parts
        .into_iter()
        .filter(|(name, value)| name == "draft" || is_readable(name, value))
        .collect();
    serde_json::from_value(Value::Object(readable))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Field, Focus, Request};

    fn home() -> (tempfile::TempDir, Paths) {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::within(folder.path());
        (folder, paths)
    }

    fn session() -> Session {
        Session {
            draft: Request {
                url: "https://me:s3cret@host".to_owned(),
                headers: vec![Field::new("authorization", "Bearer s3cret")],
                ..Request::default()
            },
            focus: Focus::History,
            ..Session::default()
        }
    }

    #[test]
    fn the_draft_is_kept_as_typed() {
        let (_folder, paths) = home();
        let file = SessionFile::acquire(&paths).unwrap();
        assert_eq!(file.load().unwrap(), None);
        file.save(&Session::default()).unwrap();
        file.save(&session()).unwrap();
        drop(file);
        let file = SessionFile::acquire(&paths).unwrap();
        assert_eq!(file.load().unwrap(), Some(session()));
        let names = fs::read_dir(&paths.data).unwrap().count();
        assert_eq!(names, 2, "the session, its lock, and no temporary file");
    }

    #[test]
    fn only_the_first_keeps_the_session() {
        let (_folder, paths) = home();
        let first = SessionFile::acquire(&paths).unwrap();
        let second = SessionFile::acquire(&paths).unwrap_err();
        assert!(
            matches!(second, StoreError::SessionTaken { .. }),
            "{second}"
        );
        assert!(
            second.to_string().contains("another posttui is running"),
            "{second}"
        );
        drop(first);
        SessionFile::acquire(&paths).unwrap();
    }

    #[test]
    fn what_cannot_be_read_is_moved_aside_and_told() {
        let (_folder, paths) = home();
        let file = SessionFile::acquire(&paths).unwrap();
        for broken in [
            "",
            "{\"draft\": {\"url\": \"https://a",
            "[]",
            "{\"draft\": 1}",
        ] {
            fs::write(paths.data.join("session.json"), broken).unwrap();
            let error = file.load().unwrap_err();
            let StoreError::SessionUnreadable { moved_to, .. } = &error else {
                panic!("{error}")
            };
            assert_eq!(fs::read_to_string(moved_to).unwrap(), broken);
            assert_eq!(file.load().unwrap(), None);
        }
    }

    #[test]
    fn sessions_of_other_versions_keep_their_draft() {
        let (_folder, paths) = home();
        let file = SessionFile::acquire(&paths).unwrap();
        for other in [
            "{}",
            r#"{"draft": {"url": "https://host/"}}"#,
            r#"{"draft": {"url": "https://host/", "later": 1}, "focus": "later", "later": []}"#,
        ] {
            fs::write(paths.data.join("session.json"), other).unwrap();
            let session = file.load().unwrap().unwrap();
            assert_eq!(session.draft.method, "POST");
            assert_eq!(session.focus, Focus::default());
            assert!(other == "{}" || session.draft.url == "https://host/");
        }
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let (folder, paths) = home();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let file = SessionFile::acquire(&paths).unwrap();
        file.save(&session()).unwrap();
        let mode =
            |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            mode(folder.path()),
            0o755,
            "the user's folder is left alone"
        );
        assert_eq!(mode(&paths.data), 0o700);
        assert_eq!(mode(&paths.data.join("session.json")), 0o600);
        assert_eq!(mode(&paths.data.join("session.lock")), 0o600);
    }
}
