//! The built program in a real pseudo-terminal: keys go in as bytes, the screen is what a terminal
//! makes of the bytes that come out.

use std::{
    fmt::Display,
    io::{Read, Write},
    num::NonZero,
    path::Path,
    process::Command,
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant, SystemTime},
};

use portable_pty::{
    Child, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system,
};
use rustix::process::{Pid, Signal, kill_process};

/// How long anything may take before a test gives up: generous, since the machine may be busy, and nobody waits
/// for it where all is well.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// How long the processor is left to others between two looks at what tells nothing by itself.
const LOOK: Duration = Duration::from_millis(2);

/// What a person may have set for posttui and the programs that it starts.
const OF_THE_USER: [&str; 13] = [
    "BROWSER",
    "EDITOR",
    "KITTY_WINDOW_ID",
    "KONSOLE_VERSION",
    "LC_TERMINAL",
    "NO_COLOR",
    "PAGER",
    "POSTTUI_IMAGES",
    "POSTTUI_NO_WAL",
    "RUST_BACKTRACE",
    "TERM_PROGRAM",
    "VISUAL",
    "XDG_RUNTIME_DIR",
];

/// What has come out so far, as a terminal and as bytes.
struct Output {
    parser: vt100::Parser,
    bytes: Vec<u8>,
}

type Shared = Arc<(Mutex<Output>, Condvar)>;

/// A program in a terminal of its own.
pub struct Pty {
    master: Box<dyn MasterPty + Send>,
    /// Kept open, so that the terminal outlives the program and can be asked how it was left.
    _slave: Box<dyn SlavePty + Send>,
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    output: Shared,
}

impl Pty {
    /// Starts the built posttui with its files below `home`.
    pub fn posttui(home: &Path, arguments: &[&str]) -> Self {
        Self::run(home, env!("CARGO_BIN_EXE_posttui"), arguments)
    }

    /// Starts any program with posttui's files below `home`.
    pub fn run(home: &Path, program: &str, arguments: &[&str]) -> Self {
        let size = PtySize {
            rows: 36,
            cols: 120,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        // Else it would begin in the home folder of whoever runs the tests, and use a collection that is there.
        command.cwd(if home.is_dir() { home } else { Path::new("/") });
        command.env("POSTTUI_HOME", home);
        command.env("TERM", "xterm-256color");
        command.env("TZ", where_it_is_midday());
        // What the person who runs the tests has set says nothing about what is shown here.
        for name in OF_THE_USER {
            command.env_remove(name);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        Self {
            master: pair.master,
            _slave: pair.slave,
            child,
            writer,
            output: read_on(reader),
        }
    }

    /// Types bytes as a keyboard would.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        self
    }

    /// Waits until the screen shows `text`.
    pub fn wait_for(&mut self, text: &str) -> &mut Self {
        self.wait_until(format!("“{text}”"), |screen| screen.contains(text))
    }

    /// Waits until the screen is as wanted.
    pub fn wait_until(&mut self, what: impl Display, wanted: impl Fn(&str) -> bool) -> &mut Self {
        let (output, changed) = &*self.output;
        let mut shown = output.lock().unwrap();
        let deadline = Instant::now() + PATIENCE;
        while !wanted(&shown.parser.screen().contents()) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let contents = shown.parser.screen().contents();
                // Who reads the terminal goes on.
                drop(shown);
                panic!("no {what} on the screen:\n{contents}");
            }
            shown = changed.wait_timeout(shown, left).unwrap().0;
        }
        drop(shown);
        self
    }

    pub fn screen(&self) -> String {
        contents(&self.output)
    }

    /// Every byte that the program has written.
    pub fn bytes(&self) -> Vec<u8> {
        self.with(|output| output.bytes.clone())
    }

    fn with<T>(&self, look: impl FnOnce(&Output) -> T) -> T {
        look(&self.output.0.lock().unwrap())
    }

    /// Makes the terminal larger or smaller, as a user does with its window.
    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        let size = PtySize {
            rows,
            cols: columns,
            ..PtySize::default()
        };
        let (output, _) = &*self.output;
        let mut shown = output.lock().unwrap();
        let screen = shown.parser.screen_mut();
        screen.set_size(cells(rows), cells(columns));
        drop(shown);
        self.master.resize(size).unwrap();
        self
    }

    pub fn process(&self) -> u32 {
        self.child.process_id().expect("it was started")
    }

    pub fn signal(&self, signal: Signal) {
        kill(self.process(), signal);
    }

    /// Waits for the end of the program.
    pub fn wait_for_end(&mut self) -> ExitStatus {
        let (child, output) = (&mut self.child, &self.output);
        let mut ended = None;
        look_until(
            || {
                ended = child.try_wait().unwrap();
                ended.is_some()
            },
            || format!("it does not end:\n{}", contents(output)),
        );
        ended.expect("it was looked for until there is one")
    }

    /// Asserts that the terminal is as a shell wants it: cooked, on the main screen, the cursor shown,
    /// no mouse, no bracketed paste.
    pub fn assert_restored(&self) {
        let settings = self.settings();
        for wanted in [" icanon", " echo", " isig", " opost"] {
            assert!(settings.contains(wanted), "no{wanted} in {settings}");
        }
        let (output, changed) = &*self.output;
        let mut shown = output.lock().unwrap();
        let deadline = Instant::now() + PATIENCE;
        // What the program wrote last may still be on its way here.
        while let Some(wrong) = left_on(shown.parser.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{wrong} was left on");
            shown = changed.wait_timeout(shown, left).unwrap().0;
        }
    }

    /// As [`Self::assert_restored`], for a shell that edits its own line: bash keeps the terminal raw
    /// and bracketed paste on while it waits for a command.
    pub fn assert_restored_for_a_shell(&self) {
        let (screen, cursor) = self.with(|output| {
            let screen = output.parser.screen();
            (screen.alternate_screen(), screen.hide_cursor())
        });
        assert!(
            !screen && !cursor,
            "alternate screen {screen}, hidden cursor {cursor}"
        );
    }

    /// The terminal's line settings, as `stty -a` names them.
    pub fn settings(&self) -> String {
        let name = self.master.tty_name().expect("the terminal has a name");
        let stty = Command::new("stty").arg("-a").arg("-F").arg(name).output();
        let stty = stty.expect("stty runs");
        String::from_utf8_lossy(&stty.stdout).replace('\n', " ")
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A time zone as POSIX writes them (XBD, 8.3) in which it is between noon and one: whatever a test does, it is over
/// before the day is, so that what was today stays so.
fn where_it_is_midday() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let hour = now.unwrap().as_secs() / 3600 % 24;
    // The hours that are to be added to get the universal time.
    format!("MID{}", hour.cast_signed() - 12)
}

fn contents(output: &Shared) -> String {
    output.0.lock().unwrap().parser.screen().contents()
}

fn left_on(screen: &vt100::Screen) -> Option<&'static str> {
    [
        ("the alternate screen", screen.alternate_screen()),
        ("bracketed paste", screen.bracketed_paste()),
        ("the hidden cursor", screen.hide_cursor()),
        (
            "the mouse",
            screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None,
        ),
    ]
    .into_iter()
    .find_map(|(name, on)| on.then_some(name))
}

/// Looks again and again until it is so, and says what is wrong where that takes too long: for what tells
/// nothing by itself, such as a file or a process.
pub fn look_until(mut is_so: impl FnMut() -> bool, wrong: impl Fn() -> String) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{}", wrong());
        // Nothing waits for this: without it the test would take the processor from what it looks at.
        thread::sleep(LOOK);
    }
}

/// Sends a signal.
pub fn kill(process: u32, signal: Signal) {
    let process = Pid::from_raw(process.cast_signed()).expect("no process is 0");
    kill_process(process, signal).unwrap();
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a terminal has cells")
}

fn read_on(mut reader: Box<dyn Read + Send>) -> Shared {
    let output = Output {
        parser: vt100::Parser::new(cells(36), cells(120), 0),
        bytes: Vec::new(),
    };
    let shared: Shared = Arc::new((Mutex::new(output), Condvar::new()));
    let written = Arc::clone(&shared);
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count) = reader.read(&mut buffer) {
            if count == 0 {
                break;
            }
            let mut output = written.0.lock().unwrap();
            output.parser.process(&buffer[..count]);
            output.bytes.extend_from_slice(&buffer[..count]);
            drop(output);
            written.1.notify_all();
        }
    });
    shared
}
