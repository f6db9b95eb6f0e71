//! The history beside another posttui, on a full disk, and where it can only be read.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};

use crate::{CTRL_C, ENTER, Server, pty::Pty};

/// Runs a subcommand to its end; gives back what it printed.
fn run(home: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_posttui"))
        .args(arguments)
        .env("POSTTUI_HOME", home)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    String::from_utf8(output.stdout).unwrap() + &told
}

#[test]
fn rows_of_another_posttui_come_in_by_themselves() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start();
    let mut watching = Pty::posttui(home.path(), &[]);
    watching.wait_for("Nothing was sent yet.");
    let mut other = Pty::posttui(home.path(), &[&server.at("/status/204")]);
    other
        .wait_for("Nothing was sent yet.")
        .keys(ENTER)
        .wait_for("● 204");
    watching.wait_for("History 1").wait_for("● 204");
    run(home.path(), &["send", &server.at("/status/201")]);
    watching.wait_for("History 2").wait_for("● 201");
    other.wait_for("History 2");
}

#[test]
fn what_a_killed_posttui_sent_is_interrupted_without_a_key() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start();
    let mut watching = Pty::posttui(home.path(), &[]);
    watching.wait_for("Nothing was sent yet.");
    let mut other = Command::new(env!("CARGO_BIN_EXE_posttui"))
        .args(["send", &server.at("/hang")])
        .env("POSTTUI_HOME", home.path())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    watching.wait_for("History 1").wait_for("in flight");
    other.kill().unwrap();
    other.wait().unwrap();
    watching.wait_for("interrupted");
}

#[test]
fn a_full_disk_is_told_the_answer_shown_and_nothing_lost() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start();
    run(home.path(), &["send", &server.at("/status/201")]);
    // No file may become longer than 64 KiB, and the history's are already.
    let script = format!(
        "trap '' XFSZ; ulimit -f 64; exec '{}' '{}'",
        env!("CARGO_BIN_EXE_posttui"),
        server.at("/status/204")
    );
    let mut terminal = Pty::run(home.path(), "bash", &["-c", &script]);
    terminal.wait_for("History 1").keys(ENTER);
    terminal
        .wait_for("● 204")
        .wait_for("nothing more can be written to")
        .wait_for("not saved")
        .wait_for("● 201");
    terminal.keys(CTRL_C);
    assert!(terminal.wait_for_end().success());
    terminal.assert_restored();
    let doctor = run(home.path(), &["history", "doctor"]);
    assert!(doctor.contains("is whole: 1 exchange"), "{doctor}");
    run(home.path(), &["send", &server.at("/status/202")]);
    let listed = run(home.path(), &["history"]);
    assert!(listed.contains("201") && listed.contains("202"), "{listed}");
}

/// Takes the right to write from everybody, and gives the right to read.
fn make_read_only(path: &Path) {
    let mode = if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            make_read_only(&entry.unwrap().path());
        }
        0o555
    } else {
        0o444
    };
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn make_writable(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            make_writable(&path);
        }
    }
}

/// The program as somebody whom permissions hold back; `None` where the test itself is root and nobody else can
/// be asked for.
fn as_somebody() -> Option<(&'static str, Vec<&'static str>)> {
    let program = env!("CARGO_BIN_EXE_posttui");
    if !rustix::process::geteuid().is_root() {
        return Some((program, Vec::new()));
    }
    let words = vec!["--reuid=65534", "--regid=65534", "--clear-groups", program];
    let tried = Command::new("setpriv")
        .args(&words)
        .arg("--version")
        .output();
    tried
        .is_ok_and(|tried| tried.status.success())
        .then_some(("setpriv", words))
}

#[test]
fn a_history_that_can_only_be_read_is_shown_and_said_so() {
    let Some((program, words)) = as_somebody() else {
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let server = Server::start();
    run(home.path(), &["send", &server.at("/status/201")]);
    for without_log in [false, true] {
        if without_log {
            let path = home.path().join("data/history.sqlite3");
            let database = rusqlite::Connection::open(path).unwrap();
            let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
            database.query_row(checkpoint, (), |_| Ok(())).unwrap();
            drop(database);
            for suffix in ["-wal", "-shm"] {
                let _ = fs::remove_file(home.path().join(format!("data/history.sqlite3{suffix}")));
            }
        }
        make_read_only(home.path());
        let url = server.at("/status/204");
        let arguments = [&words[..], &[url.as_str()]].concat();
        let mut terminal = Pty::run(home.path(), program, &arguments);
        terminal
            .wait_for("The history can only be read")
            .wait_for("● 201")
            .keys(ENTER);
        terminal.wait_for("● 204").wait_for("History 1");
        terminal.keys(CTRL_C);
        assert!(terminal.wait_for_end().success());
        make_writable(home.path());
    }
}
