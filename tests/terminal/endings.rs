//! Whatever ends the program: the terminal is given back, nothing is lost.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use posttui::tui::Terminal;
use rustix::process::Signal;

use crate::{
    CTRL_C, CTRL_Z, ENTER, Server,
    pty::{Pty, kill, look_until},
};

fn started() -> (tempfile::TempDir, Pty) {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Pty::posttui(home.path(), &[]);
    terminal.wait_for("where to?");
    assert!(terminal.settings().contains(" -icanon"));
    (home, terminal)
}

#[test]
fn quitting_restores_the_terminal() {
    let (_home, mut terminal) = started();
    terminal.keys(CTRL_C);
    assert!(terminal.wait_for_end().success());
    terminal.assert_restored();
}

#[test]
fn signals_restore_the_terminal_and_keep_the_draft() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT] {
        let (home, mut terminal) = started();
        terminal.keys(":3000/draft").wait_for(":3000/draft");
        terminal.signal(signal);
        terminal.wait_for_end();
        terminal.assert_restored();
        let mut again = Pty::posttui(home.path(), &[]);
        again.wait_for(":3000/draft");
    }
}

#[test]
fn a_kill_keeps_the_draft_and_the_row_in_flight_says_what_happened() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start();
    let mut terminal = Pty::posttui(home.path(), &[]);
    terminal
        .wait_for("where to?")
        .keys(&server.at("/hang"))
        .keys(ENTER);
    terminal
        .wait_for("waiting for the response")
        .wait_for("History 1");
    terminal.keys("\tname\tunsent").wait_for("unsent");
    wait_for_draft(home.path(), "unsent");
    terminal.signal(Signal::KILL);
    terminal.wait_for_end();

    let mut again = Pty::posttui(home.path(), &[]);
    again.wait_for("unsent").wait_for("interrupted");
}

/// The draft is written beside the screen: waits until it is on disk.
fn wait_for_draft(home: &std::path::Path, text: &str) {
    let file = home.join("data/session.json");
    look_until(
        || fs::read_to_string(&file).is_ok_and(|session| session.contains(text)),
        || "the draft does not reach the disk".to_owned(),
    );
}

#[test]
fn a_kill_while_saving_leaves_the_old_or_the_new_file() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data/collection");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("saved.toml");
    let text = |times: usize| format!("url = \":1/{}\"\n\n[form]\n", "x".repeat(times));
    fs::write(&file, text(0)).unwrap();
    let mut saved = 0;
    for _ in 0..4 {
        let mut terminal = Pty::posttui(home.path(), &[]);
        terminal.wait_for("Collection 1").keys("\x1b7");
        terminal.wait_for("POST    saved").keys(ENTER);
        terminal.wait_for("is in the builder");
        // Many saves, none of which is waited for.
        for _ in 0..20 {
            terminal.keys("\x1bux\x1bOQ");
        }
        terminal.signal(Signal::KILL);
        terminal.wait_for_end();
        let present = fs::read_to_string(&file).unwrap();
        saved = (saved..=saved + 20)
            .find(|times| text(*times) == present)
            .unwrap_or_else(|| panic!("half a file: {present}"));
    }
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_takes_it_again() {
    let home = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_posttui");
    let mut shell = Pty::run(home.path(), "bash", &["--norc", "--noprofile", "-i"]);
    shell.keys("PS1='ready''> '\r").wait_for("ready> ");
    shell.keys(program).keys("\r").wait_for("where to?");
    shell.keys(":3000/kept").wait_for(":3000/kept");
    shell
        .keys(CTRL_Z)
        .wait_for("Stopped")
        .wait_until("new prompt", |screen| screen.trim_end().ends_with("ready>"));
    shell.assert_restored_for_a_shell();
    shell.keys("echo shell-''works\r").wait_for("shell-works");
    shell
        .keys("fg\r")
        .wait_for(":3000/kept")
        .wait_for("History");
    shell.keys("/more").wait_for(":3000/kept/more");
    // What is typed before the shell is back would be read by nobody.
    shell
        .keys(CTRL_C)
        .wait_until("new prompt", |screen| screen.trim_end().ends_with("ready>"));
    shell.keys("exit\r");
    shell.wait_for_end();
}

#[test]
fn a_lost_terminal_ends_the_program_without_burning_the_processor() {
    assert_ends_after_hang_up("exec \"$POSTTUI\"");
}

#[test]
fn a_lost_terminal_ends_the_program_where_the_hang_up_signal_is_ignored() {
    assert_ends_after_hang_up("trap '' HUP; exec \"$POSTTUI\"");
}

/// The terminal belongs to a process of its own here, so that it is gone when that is killed.
fn assert_ends_after_hang_up(script: &str) {
    // Of its own accord the holder takes nothing away: it is killed.
    let home = tempfile::tempdir().unwrap();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "endings::holds_a_terminal", "--ignored"])
        .arg("--nocapture")
        .env("HELD_SCRIPT", script)
        .env("HELD_HOME", home.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    let process = lines
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("holding ")?.parse::<u32>().ok())
        .expect("the holder tells the process");
    let before = processor_ticks(process).expect("it runs");
    holder.kill().unwrap();
    holder.wait().unwrap();
    let mut last = before;
    look_until(
        || {
            let ticks = processor_ticks(process);
            last = ticks.unwrap_or(last);
            ticks.is_none()
        },
        || "it goes on".to_owned(),
    );
    // A tick is a hundredth of a second. How long it takes by the clock is up to the machine; the work of the start,
    // which goes on behind the first frame, is in it, too.
    assert!(last - before < 200, "it used {} ticks", last - before);
}

/// Run by the tests above: holds the terminal of a posttui until it is killed.
#[test]
#[ignore = "it is the terminal that the tests of a lost one take away"]
fn holds_a_terminal() {
    let home = std::env::var("HELD_HOME").unwrap();
    let script = std::env::var("HELD_SCRIPT").unwrap();
    let script = script.replace("$POSTTUI", env!("CARGO_BIN_EXE_posttui"));
    let mut terminal = Pty::run(home.as_ref(), "bash", &["-c", &script]);
    terminal.wait_for("where to?");
    println!("holding {}", terminal.process());
    terminal.wait_for_end();
}

/// The processor time of a process, fields 14 and 15 of its `stat` (proc(5)); `None` when it has
/// ended.
fn processor_ticks(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    if fields.first() == Some(&"Z") {
        return None;
    }
    let ticks = fields.iter().skip(11).take(2);
    Some(ticks.filter_map(|field| field.parse::<u64>().ok()).sum())
}

#[test]
fn a_panic_leaves_its_message_on_a_usable_terminal() {
    let home = tempfile::tempdir().unwrap();
    let test = std::env::current_exe().unwrap();
    let mut terminal = Pty::run(
        home.path(),
        test.to_str().unwrap(),
        &[
            "--exact",
            "endings::panics_in_the_terminal",
            "--ignored",
            "--nocapture",
        ],
    );
    terminal.wait_for_end();
    terminal.assert_restored();
    // Whatever is printed behind the message, the message stays.
    terminal
        .wait_for("test result: FAILED")
        .wait_for("a defect for the test");
}

/// Run by the test above, in a terminal of its own.
#[test]
#[ignore = "it is the program that the panic test looks at"]
fn panics_in_the_terminal() {
    let mut terminal = Terminal::take(|_| {}).unwrap();
    terminal
        .draw((80, 24), |frame| {
            frame.render_widget("posttui", frame.area());
        })
        .unwrap();
    panic!("a defect for the test");
}

#[test]
fn without_a_terminal_it_says_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_posttui"))
        .env("POSTTUI_HOME", home.path())
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(complaint.contains("posttui send"), "{complaint}");
}

#[test]
fn a_terminal_that_is_taken_twice_is_drawn_again_after_a_stop_from_outside() {
    let (_home, mut terminal) = started();
    terminal.keys("abc").wait_for("abc");
    kill(terminal.process(), Signal::STOP);
    kill(terminal.process(), Signal::CONT);
    terminal.keys("def").wait_for("abcdef");
}

#[test]
fn a_window_that_is_pulled_larger_and_smaller_is_filled() {
    let (_home, mut terminal) = started();
    terminal.keys("abc").wait_for("abc");
    for (columns, rows) in [(80, 24), (140, 40), (40, 10), (120, 36)] {
        terminal.resize(columns, rows);
        terminal.wait_until("the picture of that size", |screen| {
            let lines: Vec<&str> = screen.lines().collect();
            let corner = lines.iter().rev().find(|line| line.contains('┘'));
            let is_wide = corner.is_some_and(|line| line.chars().count() == usize::from(columns));
            let has_hints = lines.last().is_some_and(|line| line.contains("send"));
            is_wide && has_hints && lines.len() == usize::from(rows) && screen.contains("abc")
        });
    }
    terminal.keys("def").wait_for("abcdef");
}

#[test]
fn with_no_writable_disk_it_works_and_says_that_nothing_is_kept() {
    let server = Server::start();
    let nowhere = std::path::Path::new("/dev/null/nowhere");
    let mut terminal = Pty::posttui(nowhere, &[&server.at("/status/204")]);
    terminal.wait_for("not kept").keys(ENTER).wait_for("● 204");
    terminal.wait_for("History 1");
    terminal.keys(CTRL_C);
    assert!(terminal.wait_for_end().success());
    terminal.assert_restored();
}
