//! A program in a pseudo-terminal of 160x45.

use std::{
    fs,
    io::{Read, Write},
    num::NonZero,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, LazyLock, Mutex},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const SIZE: PtySize = PtySize {
    rows: 45,
    cols: 160,
    pixel_width: 0,
    pixel_height: 0,
};
/// The variable that names another posttui to measure, such as an installed one.
const OTHER: &str = "POSTTUI_MEASURED";
const PATIENCE: Duration = Duration::from_secs(20);

struct Output {
    parser: vt100::Parser,
    written: usize,
}

/// The programs as an installation leaves them, by copying. What the linker has just written is kept by the system
/// in single pages, which take it longer to map.
struct Installed {
    folder: tempfile::TempDir,
}

static INSTALLED: LazyLock<Installed> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bare = std::env::current_exe().expect("this program has a path");
    let built = || PathBuf::from(env!("CARGO_BIN_EXE_posttui"));
    let posttui = std::env::var_os(OTHER).map_or_else(built, PathBuf::from);
    for (source, name) in [(&posttui, "posttui"), (&bare, "bare")] {
        fs::copy(source, folder.path().join(name)).expect("it can be copied");
    }
    Installed { folder }
});

fn installed(name: &str) -> PathBuf {
    INSTALLED.folder.path().join(name)
}

/// The built posttui.
pub fn posttui_path() -> PathBuf {
    installed("posttui")
}

/// Takes the copies away.
pub fn clean_up() {
    let _ = fs::remove_dir_all(INSTALLED.folder.path());
}

/// posttui with its files in a folder of its own.
pub fn posttui(home: &Path, arguments: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(posttui_path());
    command.args(arguments);
    command.env("POSTTUI_HOME", home);
    command.env("TERM", "xterm-256color");
    command
}

/// The yardstick.
pub fn bare() -> CommandBuilder {
    let mut command = CommandBuilder::new(installed("bare"));
    command.arg("--bare");
    command.env("TERM", "xterm-256color");
    command
}

/// From the start of a program to a text in what it writes: nothing but reading is done meanwhile, since
/// what the program does beside its first frame needs the other core.
pub fn start_until(command: CommandBuilder, text: &[u8]) -> Duration {
    let pair = native_pty_system().openpty(SIZE).expect("a terminal");
    let mut reader = pair.master.try_clone_reader().expect("a reader");
    let (mut written, mut buffer) = (Vec::new(), [0; 64 * 1024]);
    let started = Instant::now();
    let mut child = pair.slave.spawn_command(command).expect("it starts");
    while !written.windows(text.len()).any(|part| part == text) {
        let count = reader.read(&mut buffer).expect("it writes");
        written.extend_from_slice(&buffer[..count]);
    }
    let elapsed = started.elapsed();
    // At once and for both alike: one that ends in an orderly way would have the next start wait meanwhile.
    let process = child.process_id().expect("it runs").cast_signed();
    let process = Pid::from_raw(process).expect("no process is 0");
    kill_process(process, Signal::KILL).expect("it runs");
    child.wait().expect("it ends");
    elapsed
}

/// The running program; dropping ends it.
pub struct Program {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    output: Arc<(Mutex<Output>, Condvar)>,
    _master: Box<dyn MasterPty + Send>,
}

impl Program {
    pub fn posttui(home: &Path, arguments: &[&str]) -> Self {
        Self::start(posttui(home, arguments))
    }

    pub fn bare() -> Self {
        Self::start(bare())
    }

    fn start(command: CommandBuilder) -> Self {
        let pair = native_pty_system().openpty(SIZE).expect("a terminal");
        let child = pair.slave.spawn_command(command).expect("it starts");
        drop(pair.slave);
        let reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        Self {
            child,
            writer,
            output: read_on(reader),
            _master: pair.master,
        }
    }

    pub fn keys(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).expect("it listens");
        self.writer.flush().expect("it listens");
    }

    pub fn wait_for(&self, text: &str) {
        self.wait(|screen| screen.contents().contains(text));
    }

    pub fn wait_until_gone(&self, text: &str) {
        self.wait(|screen| !screen.contents().contains(text));
    }

    /// Waits for a text in one row, which costs little whatever else is on the screen.
    pub fn wait_in_row(&self, row: u16, text: &str) {
        self.wait(|screen| {
            screen
                .contents_between(row, 0, row, SIZE.cols)
                .contains(text)
        });
    }

    /// The row that a text stands in.
    pub fn row_of(&self, text: &str) -> u16 {
        let shown = self.output.0.lock().expect("no panic");
        let mut rows = shown.parser.screen().rows(0, SIZE.cols);
        rows.position(|row| row.contains(text))
            .expect("the text is on the screen") as u16
    }

    fn wait(&self, is_there: impl Fn(&vt100::Screen) -> bool) {
        let (output, changed) = &*self.output;
        let mut shown = output.lock().expect("no panic");
        while !is_there(shown.parser.screen()) {
            let (next, late) = changed.wait_timeout(shown, PATIENCE).expect("no panic");
            shown = next;
            assert!(
                !late.timed_out(),
                "it never came to\n{}",
                shown.parser.screen().contents()
            );
        }
    }

    /// Waits until nothing was written for half a second.
    pub fn wait_until_quiet(&self) {
        let (output, changed) = &*self.output;
        let mut shown = output.lock().expect("no panic");
        loop {
            let half = Duration::from_millis(500);
            let (next, late) = changed.wait_timeout(shown, half).expect("no panic");
            shown = next;
            if late.timed_out() {
                return;
            }
        }
    }

    /// Bytes written to the terminal so far.
    pub fn written(&self) -> usize {
        self.output.0.lock().expect("no panic").written
    }

    fn process(&self) -> u32 {
        self.child.process_id().expect("it runs")
    }

    /// Resident memory now, and the most there was (proc(5)).
    pub fn memory(&self) -> String {
        let status = format!("/proc/{}/status", self.process());
        let Ok(status) = fs::read_to_string(status) else {
            return "unknown on this system".to_owned();
        };
        let line = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            let number = line.and_then(|line| line.split_whitespace().nth(1));
            number
                .and_then(|number| number.parse::<f64>().ok())
                .unwrap_or(0.0)
                / 1024.0
        };
        format!("{:.1} MiB, at most {:.1} MiB", line("VmRSS"), line("VmHWM"))
    }

    pub fn bare_memory() -> String {
        let program = Self::bare();
        program.wait_for("bare program");
        program.memory()
    }

    /// How often any thread of it was woken so far.
    pub fn wakeups(&self) -> u64 {
        let tasks = format!("/proc/{}/task", self.process());
        let Ok(tasks) = fs::read_dir(tasks) else {
            return 0;
        };
        let statuses = tasks
            .flatten()
            .filter_map(|task| fs::read_to_string(task.path().join("status")).ok());
        statuses
            .filter_map(|status| {
                let line = status
                    .lines()
                    .find(|line| line.starts_with("voluntary_ctxt_switches"));
                line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
            })
            .sum()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a terminal has cells")
}

fn read_on(mut reader: Box<dyn Read + Send>) -> Arc<(Mutex<Output>, Condvar)> {
    let output = Output {
        parser: vt100::Parser::new(cells(SIZE.rows), cells(SIZE.cols), 0),
        written: 0,
    };
    let shared = Arc::new((Mutex::new(output), Condvar::new()));
    let written = Arc::clone(&shared);
    thread::spawn(move || {
        let mut buffer = [0; 64 * 1024];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            let mut output = written.0.lock().expect("no panic");
            output.parser.process(&buffer[..count]);
            output.written += count;
            drop(output);
            written.1.notify_all();
        }
    });
    shared
}
