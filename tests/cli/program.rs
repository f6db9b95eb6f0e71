//! Runs the built program, and never waits for ever.

use std::{
    io::{Read, Write},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use tempfile::TempDir;

/// How long anything may take before it counts as stuck: nobody waits for it where all is well.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// The program with a folder of its own.
pub struct Program {
    home: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Run {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout).unwrap()
    }

    /// Each line as JSON.
    pub fn ndjson(&self) -> Vec<serde_json::Value> {
        self.text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

impl Program {
    pub fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
        }
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The command, ready to be changed and started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_posttui"));
        command
            .args(arguments)
            .env("POSTTUI_HOME", self.home())
            .env_remove("NO_COLOR")
            .env("NO_PROXY", "*")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs to the end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        Running::start(self.command(arguments)).finish()
    }

    /// Runs to the end with a text on stdin.
    pub fn run_with_stdin(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped());
        let mut running = Running::start(command);
        let mut stdin = running.child.stdin.take().unwrap();
        stdin.write_all(input).unwrap();
        drop(stdin);
        running.finish()
    }
}

/// A run under way; it is ended when the test gives it up.
pub struct Running {
    pub child: Child,
    stdout: Option<Receiver<Vec<u8>>>,
    stderr: Option<Receiver<Vec<u8>>>,
}

impl Running {
    /// Starts the command; what is not piped is not read.
    pub fn start(mut command: Command) -> Self {
        Self::watch(command.spawn().unwrap())
    }

    /// Starts the command; the test reads its stderr itself.
    pub fn start_reading(mut command: Command) -> Self {
        Self {
            child: command.spawn().unwrap(),
            stdout: None,
            stderr: None,
        }
    }

    /// Takes over a run that was started elsewhere.
    pub fn watch(mut child: Child) -> Self {
        Self {
            stdout: child.stdout.take().map(read_all),
            stderr: child.stderr.take().map(read_all),
            child,
        }
    }

    /// Sends a signal by its name, as `kill` knows it.
    #[cfg(unix)]
    pub fn signal(&self, name: &str) {
        let line = format!("kill -{name} {}", self.child.id());
        assert!(
            Command::new("sh")
                .args(["-c", &line])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits for the end.
    pub fn finish(mut self) -> Run {
        let receive = |side: Option<Receiver<Vec<u8>>>| {
            side.map_or_else(Vec::new, |side| {
                side.recv_timeout(PATIENCE).expect("the program ends")
            })
        };
        let stdout = receive(self.stdout.take());
        let stderr = receive(self.stderr.take());
        let status: ExitStatus = self.child.wait().unwrap();
        Run {
            code: status.code().expect("the program ends by itself"),
            stdout,
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_all(mut side: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = side.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}
