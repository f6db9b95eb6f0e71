//! The keyring of the desktop, through the program that speaks with it: `secret-tool` of libsecret, which
//! GNOME Keyring, KWallet and KeePassXC answer.
//!
//! One item holds the secrets of one environment. They go to the program through its input, never as an
//! argument, which other users could read.

use std::{
    env,
    ffi::OsString,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::model::Hidden;

/// How long an answer may take: the desktop may ask for the password of the keyring first.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program.
const TOOL: &str = "secret-tool";

/// A keyring that may answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keyring {
    program: PathBuf,
    patience: Duration,
}

/// Why there is no keyring here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Absent {
    #[error("{TOOL} is not installed, by which the keyring of the desktop is reached")]
    NoProgram,
    #[error("there is no session of a desktop here that has a keyring")]
    NoSession,
}

/// Why a keyring did not do its part.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeyringError {
    #[error(transparent)]
    Absent(#[from] Absent),
    #[error("{TOOL} cannot be run: {0}")]
    Start(#[from] std::io::Error),
    #[error("the keyring did not answer within {} seconds", .0.as_secs())]
    Silent(Duration),
    #[error("the keyring refused: {0}")]
    Refused(String),
    #[error("the keyring does not give back what was put into it: it may be too long for it")]
    Changed,
}

/// What an item of the keyring is found by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    /// The data folder: several homes have secrets of their own.
    pub home: &'a Path,
    /// As the file of secrets calls the environment.
    pub environment: &'a str,
}

impl Keyring {
    /// The one of this session.
    pub(super) fn find() -> Result<Self, Absent> {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut places = env::split_paths(&path).map(|folder| folder.join(TOOL));
        let program = places.find(|place| place.is_file());
        let program = program.ok_or(Absent::NoProgram)?;
        if has_session_bus() {
            Ok(Self::at(program))
        } else {
            Err(Absent::NoSession)
        }
    }

    fn at(program: PathBuf) -> Self {
        Self {
            program,
            patience: PATIENCE,
        }
    }

    /// What was put into an item; `None` where there is none.
    pub(super) fn get(&self, item: Item) -> Result<Option<Hidden>, KeyringError> {
        let output = self.run("lookup", &[], item, "")?;
        if output.status.success() {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            return Ok(Some(Hidden(text)));
        }
        // An item that is not there is a failure without words.
        match refusal(&output) {
            Some(refusal) => Err(refusal),
            None => Ok(None),
        }
    }

    /// Puts secrets into an item, and looks whether they are there: a text that is too long is cut
    /// without a failure.
    pub(super) fn put(&self, item: Item, text: &str) -> Result<(), KeyringError> {
        let label = format!("--label=posttui: secrets of {}", item.environment);
        let output = self.run("store", &[label.into()], item, text)?;
        if !output.status.success() {
            let unknown = || KeyringError::Refused(output.status.to_string());
            return Err(refusal(&output).unwrap_or_else(unknown));
        }
        let kept = self.get(item)?;
        if kept.is_some_and(|kept| kept.0 == text) {
            return Ok(());
        }
        self.remove(item)?;
        Err(KeyringError::Changed)
    }

    /// Forgets an item, if it is there.
    pub(super) fn remove(&self, item: Item) -> Result<(), KeyringError> {
        let output = self.run("clear", &[], item, "")?;
        match refusal(&output) {
            Some(refusal) if !output.status.success() => Err(refusal),
            _ => Ok(()),
        }
    }

    fn run(
        &self,
        deed: &str,
        options: &[OsString],
        item: Item,
        input: &str,
    ) -> Result<Output, KeyringError> {
        let mut child = Command::new(&self.program)
            .arg(deed)
            .args(options)
            .args(["application", "posttui", "home"])
            .arg(item.home)
            .args(["environment", item.environment])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let output = read_beside(&mut child);
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ends without reading says why in its output.
            let _ = stdin.write_all(input.as_bytes());
        }
        let received = output.recv_timeout(self.patience);
        if received.is_err() {
            let _ = child.kill();
        }
        let status = child.wait()?;
        let (stdout, stderr) = received.map_err(|_| KeyringError::Silent(self.patience))?;
        Ok(Output {
            status,
            stdout,
            stderr,
        })
    }
}

/// Reads what a child writes until it ends.
fn read_beside(child: &mut Child) -> mpsc::Receiver<(Vec<u8>, Vec<u8>)> {
    let (sender, receiver) = mpsc::channel();
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    thread::spawn(move || {
        let (mut said, mut complained) = (Vec::new(), Vec::new());
        if let Some(mut stdout) = stdout {
            let _ = stdout.read_to_end(&mut said);
        }
        if let Some(mut stderr) = stderr {
            let _ = stderr.read_to_end(&mut complained);
        }
        // Nobody waits any more where it took too long.
        let _ = sender.send((said, complained));
    });
    receiver
}

/// What the program complains of, in a line.
fn refusal(output: &Output) -> Option<KeyringError> {
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let line = line.strip_prefix("secret-tool: ").unwrap_or(line);
    Some(KeyringError::Refused(line.to_owned()))
}

/// Whether D-Bus, by which a keyring is reached, runs for this user.
fn has_session_bus() -> bool {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    is_set("DBUS_SESSION_BUS_ADDRESS") || runtime.is_some_and(|folder| folder.join("bus").exists())
}

/// A keyring made of files, for tests: a script in a folder that does what `secret-tool` does.
#[cfg(unix)]
#[cfg(test)]
pub(super) mod pretended {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    /// `script` stands in the place of what the program does.
    pub(in crate::store::environments) fn keyring(folder: &Path, script: &str) -> Keyring {
        let program = folder.join(TOOL);
        let text = format!(
            "#!/bin/sh\ntest \"$1\" = probe && exit\ncd '{}'\n{script}\n",
            folder.display()
        );
        fs::write(&program, text).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        // A child that another test starts just now holds the file open for a moment.
        let busy = || {
            let probed = Command::new(&program).arg("probe").status();
            probed.is_err_and(|error| error.kind() == std::io::ErrorKind::ExecutableFileBusy)
        };
        while busy() {
            thread::yield_now();
        }
        Keyring {
            program,
            patience: Duration::from_secs(20),
        }
    }

    /// An item is a file named after its environment; what it was called with is in `calls`.
    pub(in crate::store::environments) const WORKING: &str = r#"echo "$*" >> calls
for last; do :; done
item=item-$(echo "$last" | tr / _)
case "$1" in
store) cat > "$item" ;;
lookup) test -f "$item" && cat "$item" ;;
clear) test -f "$item" && rm "$item" ;;
esac"#;
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs;

    use super::{
        pretended::{WORKING, keyring},
        *,
    };

    fn item(folder: &Path) -> Item<'_> {
        Item {
            home: folder,
            environment: "local",
        }
    }

    #[test]
    fn what_is_put_in_is_got_back_and_never_an_argument() {
        let folder = tempfile::tempdir().unwrap();
        let keyring = keyring(folder.path(), WORKING);
        let item = item(folder.path());
        assert_eq!(keyring.get(item).unwrap(), None);
        let text = "token = \"hunter2 ü\"\n\n";
        keyring.put(item, text).unwrap();
        assert_eq!(keyring.get(item).unwrap().unwrap().0, text);
        keyring.remove(item).unwrap();
        keyring.remove(item).unwrap();
        assert_eq!(keyring.get(item).unwrap(), None);
        let calls = fs::read_to_string(folder.path().join("calls")).unwrap();
        assert!(calls.contains("store --label=posttui: secrets of local application posttui home"));
        assert!(!calls.contains("hunter2"), "{calls}");
    }

    #[test]
    fn a_keyring_that_cuts_refuses_or_is_silent_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let told = |script: &str| {
            let mut keyring = keyring(folder.path(), script);
            keyring.patience = Duration::from_millis(200);
            keyring
                .put(item(folder.path()), "abc")
                .unwrap_err()
                .to_string()
        };
        assert!(told("exec sleep 60").contains("did not answer"));
        let mut cutting = keyring(
            folder.path(),
            "case $1 in store) head -c 2 > x;; *) cat x;; esac",
        );
        cutting.patience = PATIENCE;
        let error = cutting.put(item(folder.path()), "abc").unwrap_err();
        assert!(matches!(error, KeyringError::Changed), "{error}");
        let refusing = keyring(
            folder.path(),
            "echo 'secret-tool: it is locked' >&2; exit 1",
        );
        let error = refusing.get(item(folder.path())).unwrap_err();
        assert_eq!(error.to_string(), "the keyring refused: it is locked");
        let gone = Keyring::at(folder.path().join("nowhere"));
        assert!(matches!(
            gone.get(item(folder.path())),
            Err(KeyringError::Start(_))
        ));
    }
}
