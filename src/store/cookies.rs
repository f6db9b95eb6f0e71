//! The cookie jars: one file that only the user can read, a jar for each environment in it.
//!
//! What is written are changes, under a lock, over what is in the file at that moment: two posttuis that
//! are open at once lose nothing of each other's.

mod held;

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{Cookie, CookieChange, Jar};

use super::{
    Paths, StoreError,
    environments::collection_of,
    files::{make_folder, replace, set_aside},
    lock::lock_within,
};

use held::Held;

/// How long other posttuis are waited for: many that write at once, on a slow disk.
const PATIENCE: Duration = Duration::from_secs(10);

/// The jars of the environments in one place.
#[derive(Debug, Clone)]
pub struct CookieFile {
    path: PathBuf,
    /// Stands before the names of the environments of a collection.
    prefix: String,
    /// What is not written down.
    held: Held,
    is_read_only: bool,
}

/// The file as it is written.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Jars {
    /// By the name of the environment; that of no environment has none.
    jars: BTreeMap<String, Vec<Cookie>>,
}

impl CookieFile {
    /// The jars of the environments that belong to no collection, or to the one in a folder.
    pub fn of(paths: &Paths, collection: Option<&Path>) -> Self {
        Self {
            path: paths.data.join("cookies.json"),
            prefix: collection.map_or_else(String::new, |folder| format!("{}/", folder.display())),
            held: Held::default(),
            is_read_only: false,
        }
    }

    /// The same jars, of which nothing is written down from now on: what changes lasts as long as the program.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self {
            is_read_only: true,
            ..self
        }
    }

    /// The jars of the playground. It is on this machine, as the user's own servers are, and cookies do not
    /// know ports: in the user's jars they would go to those, too.
    pub fn of_playground(paths: &Paths) -> Self {
        Self::of(paths, Some(Path::new("playground:")))
    }

    /// The jars of the environments that hold in a folder: see [`super::EnvironmentFiles::find`].
    pub fn find(folder: &Path, paths: &Paths) -> Self {
        Self::of(paths, collection_of(folder, paths).as_deref())
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The jar of an environment, without what has come to its end.
    pub fn read(&self, environment: Option<&str>) -> Result<Jar, StoreError> {
        let mut jars = self.read_all()?;
        let key = self.key(environment);
        let mut jar = Jar {
            environment: environment.map(str::to_owned),
            cookies: jars.jars.remove(&key).unwrap_or_default(),
        };
        self.held.apply(&key, &mut jar);
        jar.drop_expired(Timestamp::now());
        Ok(jar)
    }

    /// Changes the jar of an environment for as long as the program runs; nothing of it is written down.
    pub fn hold(
        &self,
        environment: Option<&str>,
        changes: Vec<CookieChange>,
    ) -> Result<Jar, StoreError> {
        self.held.add(&self.key(environment), changes);
        self.read(environment)
    }

    /// Changes the jar of an environment; answers with what is in it then.
    pub fn change(
        &self,
        environment: Option<&str>,
        changes: Vec<CookieChange>,
    ) -> Result<Jar, StoreError> {
        if self.is_read_only {
            return self.hold(environment, changes);
        }
        let key = self.key(environment);
        self.held.follow(&key, &changes);
        let written = self.update(|jars| {
            let mut jar = Jar {
                environment: environment.map(str::to_owned),
                cookies: jars.jars.remove(&key).unwrap_or_default(),
            };
            for change in changes {
                jar.apply(change);
            }
            jar.drop_expired(Timestamp::now());
            if !jar.cookies.is_empty() {
                jars.jars.insert(key.clone(), jar.cookies.clone());
            }
            jar
        });
        let mut jar = written?;
        self.held.apply(&key, &mut jar);
        Ok(jar)
    }

    /// The jar of an environment belongs to the one with the new name from now on.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), StoreError> {
        self.update(|jars| {
            if let Some(cookies) = jars.jars.remove(&self.key(Some(from))) {
                jars.jars.insert(self.key(Some(to)), cookies);
            }
        })
    }

    /// Forgets the jar of an environment that is no more.
    pub fn forget(&self, environment: &str) -> Result<(), StoreError> {
        self.update(|jars| drop(jars.jars.remove(&self.key(Some(environment)))))
    }

    fn key(&self, environment: Option<&str>) -> String {
        format!("{}{}", self.prefix, environment.unwrap_or_default())
    }

    fn update<T>(&self, change: impl FnOnce(&mut Jars) -> T) -> Result<T, StoreError> {
        if let Some(folder) = self.path.parent() {
            make_folder(folder)?;
        }
        let _lock = lock_within(&self.path.with_extension("lock"), PATIENCE)?;
        let mut jars = match self.read_all() {
            // It is moved aside, not lost, and the cookies begin anew.
            Err(StoreError::Unreadable { .. }) => {
                set_aside(&self.path, Timestamp::now())?;
                Jars::default()
            }
            read => read?,
        };
        let before = self.text(&jars)?;
        let answer = change(&mut jars);
        let after = self.text(&jars)?;
        if before != after {
            replace(&self.path, after.as_bytes())?;
        }
        Ok(answer)
    }

    fn text(&self, jars: &Jars) -> Result<String, StoreError> {
        serde_json::to_string_pretty(jars).map_err(|error| self.unreadable(error.to_string()))
    }

    fn read_all(&self) -> Result<Jars, StoreError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(Jars::default());
            }
            Err(error) => return Err(StoreError::file("read", &self.path)(error)),
        };
        // What the parser says may quote what it met, and with it a cookie.
        serde_json::from_str(&text).map_err(|error| {
            self.unreadable(format!("line {} is not as posttui writes it", error.line()))
        })
    }

    fn unreadable(&self, reason: String) -> StoreError {
        StoreError::Unreadable {
            path: self.path.clone(),
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookie(name: &str, value: &str) -> Cookie {
        Cookie {
            name: name.to_owned(),
            value: value.into(),
            domain: "localhost".to_owned(),
            host_only: true,
            path: "/".to_owned(),
            secure: false,
            http_only: false,
            same_site: None,
            expires: None,
            created: Timestamp::UNIX_EPOCH,
        }
    }

    fn file() -> (tempfile::TempDir, CookieFile) {
        let folder = tempfile::tempdir().unwrap();
        let file = CookieFile::of(&Paths::within(folder.path()), None);
        (folder, file)
    }

    #[test]
    fn each_environment_has_a_jar_and_nobody_else_can_read_them() {
        let (_folder, file) = file();
        assert!(file.read(None).unwrap().cookies.is_empty());
        file.change(None, vec![CookieChange::Set(cookie("a", "1"))])
            .unwrap();
        file.change(Some("prod"), vec![CookieChange::Set(cookie("a", "2"))])
            .unwrap();
        assert_eq!(file.read(None).unwrap().cookies[0].value.0, "1");
        assert_eq!(file.read(Some("prod")).unwrap().cookies[0].value.0, "2");
        file.rename("prod", "live").unwrap();
        assert!(file.read(Some("prod")).unwrap().cookies.is_empty());
        assert_eq!(file.read(Some("live")).unwrap().cookies.len(), 1);
        file.forget("live").unwrap();
        assert!(file.read(Some("live")).unwrap().cookies.is_empty());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(file.path()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn the_playground_has_jars_of_its_own() {
        let (folder, file) = file();
        let playground = CookieFile::of_playground(&Paths::within(folder.path()));
        let set = CookieChange::Set(cookie("session", "1"));
        playground.change(None, vec![set]).unwrap();
        assert!(file.read(None).unwrap().cookies.is_empty());
        assert_eq!(playground.read(None).unwrap().cookies.len(), 1);
    }

    #[test]
    fn what_is_held_is_in_the_jar_and_never_in_the_file() {
        let (_folder, file) = file();
        let set = |name, value| vec![CookieChange::Set(cookie(name, value))];
        file.change(None, set("a", "1")).unwrap();
        let jar = file.hold(None, set("a", "s3cret")).unwrap();
        assert_eq!(jar.cookies[0].value.0, "s3cret");
        let other = file.clone();
        assert_eq!(other.read(None).unwrap().cookies[0].value.0, "s3cret");
        assert!(!fs::read_to_string(file.path()).unwrap().contains("s3cret"));
        // What is written later counts more.
        let jar = file.change(None, set("a", "3")).unwrap();
        assert_eq!(jar.cookies[0].value.0, "3");
        let private = file.read_only();
        private.change(None, vec![CookieChange::Clear]).unwrap();
        assert!(private.read(None).unwrap().cookies.is_empty());
        assert!(fs::read_to_string(private.path()).unwrap().contains('3'));
    }

    #[test]
    fn two_that_write_at_once_keep_what_the_other_one_wrote() {
        let (_folder, file) = file();
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let file = file.clone();
                std::thread::spawn(move || {
                    for number in 0..10 {
                        let set = CookieChange::Set(cookie(&format!("{writer}-{number}"), "1"));
                        file.change(None, vec![set]).unwrap();
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        assert_eq!(file.read(None).unwrap().cookies.len(), 40);
    }

    #[test]
    fn a_broken_file_is_told_without_its_cookies_and_moved_aside_not_lost() {
        let (folder, file) = file();
        file.change(None, Vec::new()).unwrap();
        fs::write(file.path(), "{\"jars\": {\"\": [\"s3cret\"]}}").unwrap();
        let error = file.read(None).unwrap_err().to_string();
        assert!(!error.contains("s3cret"), "{error}");
        file.change(None, vec![CookieChange::Set(cookie("a", "1"))])
            .unwrap();
        let data = fs::read_dir(folder.path().join("data")).unwrap();
        let names: Vec<String> = data
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert!(
            names.iter().any(|name| name.contains("broken")),
            "{names:?}"
        );
        assert_eq!(file.read(None).unwrap().cookies.len(), 1);
    }
}
