//! Saved requests, whatever happens while they are written: the old file or the new one is there, never half.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rustix::process::Signal;

use crate::{
    CTRL_U,
    pty::{Pty, look_until},
};

const GO_COLLECTION: &str = "\x1b7";
const F2: &str = "\x1bOQ";

/// A saved request that takes a while to be written.
fn big(home: &Path, bytes: usize) -> (PathBuf, String) {
    let file = home.join("data/collection/big.toml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let value = "a".repeat(bytes);
    let text = format!("url = \":3000/big\"\n\n[headers]\nX-Big = \"{value}\"\nX-Last = \"1\"\n");
    fs::write(&file, &text).unwrap();
    (file, text)
}

fn load(terminal: &mut Pty) {
    terminal.wait_for("where to?").keys(GO_COLLECTION);
    terminal.wait_for("big").keys("/big\r");
    terminal.wait_for("is in the builder");
}

/// How often the letter was typed and saved; the rest of the file has to be as it was.
fn saved(file: &Path, before: &str) -> usize {
    let text = fs::read_to_string(file).unwrap();
    let (line, rest) = text.split_once('\n').unwrap();
    assert!(before.ends_with(rest) && rest.ends_with("X-Last = \"1\"\n"));
    let typed = line
        .strip_prefix("url = \":3000/big")
        .and_then(|rest| rest.strip_suffix('"'));
    let typed = typed.unwrap_or_else(|| panic!("half a line: {line}"));
    assert_eq!(typed, "x".repeat(typed.len()));
    typed.len()
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_file_or_the_new_one() {
    for moment in 1..=6 {
        let home = tempfile::tempdir().unwrap();
        let (file, before) = big(home.path(), 300_000);
        let mut terminal = Pty::posttui(home.path(), &[]);
        load(&mut terminal);
        terminal.keys(&format!("x{F2}").repeat(12));
        // By then it writes the next one.
        look_until(
            || saved(&file, &before) >= moment,
            || format!("not saved {moment} times:\n{}", terminal.screen()),
        );
        terminal.signal(Signal::KILL);
        terminal.wait_for_end();
        assert!(saved(&file, &before) >= moment);
        // What it was writing is no request.
        let mut listed = Pty::posttui(home.path(), &["collection"]);
        listed.wait_for("POST    big").wait_for_end();
        assert_eq!(
            listed
                .screen()
                .lines()
                .filter(|it| !it.trim().is_empty())
                .count(),
            1
        );
    }
}

#[test]
fn a_disk_that_is_full_keeps_the_old_file_and_the_draft() {
    let home = tempfile::tempdir().unwrap();
    let (file, before) = big(home.path(), 60_000);
    let program = env!("CARGO_BIN_EXE_posttui");
    // No file may grow beyond 64 KiB; what is written beyond it fails as on a full disk.
    let limited = format!("trap '' XFSZ; ulimit -f 64; exec '{program}' --private");
    let mut terminal = Pty::run(home.path(), "bash", &["-c", &limited]);
    load(&mut terminal);
    let pasted = "x".repeat(8000);
    terminal.keys(&format!("\x1b[200~{pasted}\x1b[201~"));
    terminal.wait_for("xxxxxxxx");
    terminal.keys(F2).wait_for("Not saved");
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    let folder = fs::read_dir(file.parent().unwrap()).unwrap();
    assert_eq!(folder.count(), 1, "nothing is left of what was begun");
    // The draft is still there, and is saved when there is room.
    terminal.keys(CTRL_U).keys(":3000/bigx").keys(F2);
    terminal.wait_for("Saved “big”");
    assert_eq!(saved(&file, &before), 1);
}
