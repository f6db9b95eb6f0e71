//! How fast the built program feels, beside a bare ratatui program in the same pseudo-terminal and
//! beside curl: `cargo bench --bench terminal`.
//!
//! What is built for benchmarks is optimised across crates by less than a release: `cargo install --path .`, and
//! `POSTTUI_MEASURED=~/.cargo/bin/posttui cargo bench --bench terminal` measures that.
//!
//! Every figure is a median, with its ratio to the yardstick that was measured in the same run.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::large_stack_arrays,
    clippy::print_stdout,
    reason = "a benchmark prints its report and breaks off when something is wrong"
)]

mod bare;
mod program;
mod server;

use std::{
    process::Command,
    time::{Duration, Instant},
};

use program::Program;
use server::Server;

const STARTS: usize = 40;
const KEYS: usize = 300;
const SENDS: usize = 60;

/// A row of the report: name, posttui's figure, the yardstick's.
type Row = (&'static str, Duration, Option<Duration>);

fn main() {
    if std::env::args().any(|argument| argument == "--bare") {
        bare::run();
        return;
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    let mut rows = vec![first_frame(&home), key_to_screen(&home)];
    let server = Server::start();
    rows.extend(sends(&home, &server));
    rows.push(command_line(&home, &server));
    print_rows(&rows);
    print_at_rest(&home);
    program::clean_up();
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn times(count: usize, mut one: impl FnMut() -> Duration) -> Duration {
    median((0..count).map(|_| one()).collect())
}

/// The two in turns, so that both meet the same state of the machine.
fn first_frame(home: &tempfile::TempDir) -> Row {
    let (mut posttui, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        bare.push(program::start_until(program::bare(), b"bare"));
        let command = program::posttui(home.path(), &[]);
        posttui.push(program::start_until(command, b"where"));
    }
    ("exec to first frame", median(posttui), Some(median(bare)))
}

/// A letter typed until the row that it stands in shows it. Only that row is looked at: reading a whole
/// screen back takes longer than a key does, and a full screen longer than an empty one.
fn key_to_screen(home: &tempfile::TempDir) -> Row {
    let key = |mut program: Program, text: &str| {
        program.wait_for(text);
        program.keys("#");
        program.wait_for("#");
        let row = program.row_of("#");
        let mut typed = String::from("#");
        times(KEYS, || {
            if typed.len() == 30 {
                typed.truncate(1);
                program.keys("\x15#");
                program.wait_until_gone("#b");
                program.wait_in_row(row, "#");
            }
            let letter = char::from(b'a' + (typed.len() % 26) as u8);
            typed.push(letter);
            let started = Instant::now();
            program.keys(&letter.to_string());
            program.wait_in_row(row, &typed);
            started.elapsed()
        })
    };
    (
        "key to screen",
        key(Program::posttui(home.path(), &[]), "where to?"),
        Some(key(Program::bare(), "bare program")),
    )
}

fn sends(home: &tempfile::TempDir, server: &Server) -> Vec<Row> {
    let mut program = Program::posttui(home.path(), &[&server.url()]);
    program.wait_for(&server.url());
    let (mut on_the_wire, mut drawn) = (Vec::new(), Vec::new());
    for number in 1..=SENDS {
        let started = Instant::now();
        program.keys("\r");
        on_the_wire.push(server.received().duration_since(started));
        program.wait_for(&format!("#{number} "));
        drawn.push(started.elapsed());
    }
    println!("first send to status drawn: {:?}", drawn[0]);
    println!("memory after {SENDS} sends: {}", program.memory());
    vec![
        ("send key to request on the wire", median(on_the_wire), None),
        ("send key to status drawn", median(drawn), None),
    ]
}

fn command_line(home: &tempfile::TempDir, server: &Server) -> Row {
    let url = server.url();
    let posttui = times(SENDS, || {
        let started = Instant::now();
        let mut command = Command::new(program::posttui_path());
        command.args(["send", "--quiet", &url, "a=1"]);
        command.env("POSTTUI_HOME", home.path());
        assert!(command.output().expect("posttui runs").status.success());
        started.elapsed()
    });
    let has_curl = Command::new("curl").arg("--version").output().is_ok();
    let curl = has_curl.then(|| {
        times(SENDS, || {
            let started = Instant::now();
            let mut command = Command::new("curl");
            command.args(["--silent", "--noproxy", "*", "--data", "a=1", &url]);
            assert!(command.output().expect("curl runs").status.success());
            started.elapsed()
        })
    });
    ("`send` beside curl, as processes", posttui, curl)
}

fn print_rows(rows: &[Row]) {
    println!(
        "{:34} {:>12} {:>12} {:>7}",
        "", "posttui", "yardstick", "ratio"
    );
    for (name, posttui, yardstick) in rows {
        let (other, ratio) = yardstick.map_or_else(Default::default, |yardstick| {
            let ratio = posttui.as_secs_f64() / yardstick.as_secs_f64();
            (format!("{yardstick:.2?}"), format!("{ratio:.2}"))
        });
        println!(
            "{name:34} {:>12} {other:>12} {ratio:>7}",
            format!("{posttui:.2?}")
        );
    }
}

/// What it does while nobody does anything.
fn print_at_rest(home: &tempfile::TempDir) {
    let program = Program::posttui(home.path(), &[]);
    program.wait_for("History");
    program.wait_until_quiet();
    let (wakeups, bytes) = (program.wakeups(), program.written());
    std::thread::sleep(Duration::from_secs(2));
    println!(
        "at rest for 2 s: {} wake-ups, {} bytes written; memory {}; bare program {}",
        program.wakeups() - wakeups,
        program.written() - bytes,
        program.memory(),
        Program::bare_memory(),
    );
}
