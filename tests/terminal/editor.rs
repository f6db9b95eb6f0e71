//! The user's own editor: it has the terminal and every key while it runs, and posttui after it.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use rustix::process::Signal;

use crate::{CTRL_C, ENTER, Server, TAB, pty::Pty};

/// A script as the editor.
fn editor(home: &Path, script: &str) -> String {
    let path = home.join("editor.sh");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    path.display().to_string()
}

/// posttui with this editor.
fn start(home: &Path, script: &str, url: &str) -> Pty {
    let editor = format!("EDITOR={}", editor(home, script));
    let program = env!("CARGO_BIN_EXE_posttui");
    let mut terminal = Pty::run(home, "env", &["-u", "VISUAL", &editor, program, url]);
    terminal.wait_for("History");
    terminal
}

#[test]
fn the_editor_has_the_terminal_and_its_keys() {
    let (home, server) = (tempfile::tempdir().unwrap(), Server::start());
    // It asks for a line, as an editor would for keys, and appends that to the file.
    let script =
        "stat -c %a \"$1\"\nprintf 'THE EDITOR ASKS: '\nread line\necho \"$line\" >> \"$1\"";
    let mut terminal = start(home.path(), script, &server.at("/echo"));
    terminal
        .keys(&[TAB, "a", TAB, "1"].concat())
        .wait_for("a  ");
    terminal.keys("\x1be").wait_for("THE EDITOR ASKS");
    let screen = terminal.screen();
    assert!(
        !screen.contains("History") && screen.contains("600"),
        "{screen}"
    );
    terminal.assert_restored();
    terminal
        .keys("typed=q y\r")
        .wait_for("typed")
        .wait_for("q y");
    terminal.wait_for("History");
    // Every key is posttui's again, from the first one on.
    terminal.keys(ENTER).wait_for("● 200 OK").wait_for("typed");
    // A second time works as the first.
    terminal.keys("\x1be");
    terminal.wait_until("second question", |screen| {
        screen.matches("THE EDITOR ASKS").count() == 2
    });
    terminal.keys("b=2\r").wait_for("History").wait_for("b  ");
    terminal.keys(CTRL_C).wait_for_end();
    terminal.assert_restored();
}

#[test]
fn an_editor_that_fails_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = start(home.path(), "echo lost > \"$1\"\nexit 3", "http://h/");
    terminal.keys(&[TAB, "kept", TAB, "1", "\x1be"].concat());
    terminal.wait_for("Nothing was changed").wait_for("kept");
    assert!(!terminal.screen().contains("lost"), "{}", terminal.screen());
    terminal.keys(CTRL_C).wait_for_end();
}

#[test]
fn ctrl_c_in_the_editor_is_the_editors() {
    let home = tempfile::tempdir().unwrap();
    // A shell acts on a signal between two commands: one that waited for a line might wait for ever with it.
    let script = "trap 'echo c=3 >> \"$1\"; exit 0' INT\necho READY\nwhile :; do sleep 1; done";
    let mut terminal = start(home.path(), script, "http://h/");
    terminal.keys(&[TAB, "a", TAB, "1", "\x1be"].concat());
    terminal.wait_for("READY").keys(CTRL_C);
    terminal.wait_for("History").wait_for("c  ");
    terminal.keys(CTRL_C).wait_for_end();
}

#[test]
fn being_ended_while_the_editor_runs_ends_both_and_keeps_the_draft() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = start(home.path(), "echo READY\nread line", "http://h/");
    terminal.keys(&[TAB, "kept", TAB, "1", "\x1be"].concat());
    terminal.wait_for("READY").signal(Signal::TERM);
    terminal.wait_for_end();
    terminal.assert_restored();
    let mut again = Pty::posttui(home.path(), &[]);
    again.wait_for("kept");
}
