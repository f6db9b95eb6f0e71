//! The viewer of a body in the real program: a body of many megabytes, records as they arrive, the pager,
//! a file.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use crate::{CTRL_U, ENTER, ESC, Server, pty::Pty};

const TO_BODY: &str = "\x1b5";

fn sent(home: &Path, url: &str) -> Pty {
    let pager = home.join("pager.sh");
    let script = "#!/bin/sh\nprintf 'THE PAGER HAS: '\nhead -2 \"$1\" | tail -1\nread line\n";
    fs::write(&pager, script).unwrap();
    fs::set_permissions(&pager, fs::Permissions::from_mode(0o700)).unwrap();
    let pager = format!("PAGER={}", pager.display());
    let program = env!("CARGO_BIN_EXE_posttui");
    let mut terminal = Pty::run(home, "env", &[&pager, program, url]);
    terminal.wait_for("History").keys(ENTER);
    terminal
}

#[test]
fn a_long_body_is_read_at_both_ends_and_searched() {
    let (home, server) = (tempfile::tempdir().unwrap(), Server::start());
    let mut terminal = sent(home.path(), &server.at("/lines/20?lines=0"));
    terminal.wait_for("● 200 OK").keys(TO_BODY);
    terminal.wait_for("000000000001 a line");
    terminal.wait_for("· 19.1 MiB ·").keys("G");
    terminal.wait_for("100 %").keys("/000000123456 ");
    terminal.wait_for("1 of 1").keys(ENTER);
    // The lines are wrapped within the long one.
    terminal.wait_for("56 a line of text that goes").keys("g");
    terminal.wait_for("000000000001 a line");
    // Nothing of it is left in the cache folder, while it is still on the screen.
    let cache = home.path().join("cache");
    assert_eq!(fs::read_dir(cache).unwrap().count(), 0);
}

#[test]
fn records_are_seen_while_they_arrive() {
    let (home, server) = (tempfile::tempdir().unwrap(), Server::start());
    let mut terminal = sent(home.path(), &server.at("/events/1000?ms=100"));
    terminal.wait_for("message  tick 1").keys(TO_BODY);
    terminal.wait_for("created  #3  {\"id\":3}").keys(ESC);
    terminal.wait_for("cancelled");
}

#[test]
fn a_filter_without_an_end_leaves_every_key_alive() {
    let (home, server) = (tempfile::tempdir().unwrap(), Server::start());
    let mut terminal = sent(home.path(), &server.at("/json/0.001"));
    terminal.wait_for("\"user_0\"").keys(TO_BODY);
    terminal
        .keys("flast(repeat(1))")
        .wait_for("last(repeat(1))");
    terminal.wait_for("running… Esc ends it").keys(ENTER);
    terminal.wait_for("jq is running").keys(ESC);
    // A terminal that has Esc and a letter at once takes them for Alt and the letter.
    terminal.wait_until("the filter is ended", |screen| {
        !screen.contains("jq is running")
    });
    terminal.keys("f");
    terminal.keys(CTRL_U).keys(".[0].email");
    terminal.wait_for("\"user_0@example.com\"").keys(ESC);
    terminal.wait_for("\"username\": \"user_0\"");
}

#[test]
fn a_body_goes_to_the_pager_and_into_a_file() {
    let (home, server) = (tempfile::tempdir().unwrap(), Server::start());
    let mut terminal = sent(home.path(), &server.at("/csv/3"));
    terminal.wait_for("Lee, 1").keys(TO_BODY).keys("w");
    terminal.wait_for("THE PAGER HAS: 1,\"Lee, 1\",7.50");
    terminal.keys(ENTER).wait_for("Lee, 3");
    terminal.keys("s").wait_for("save as orders €.csv");
    let nowhere = home.path().join("nowhere/orders.csv");
    terminal
        .keys(CTRL_U)
        .keys(&nowhere.display().to_string())
        .keys(ENTER);
    terminal.wait_for("could not be saved to");
    // What was typed is there to be mended.
    terminal
        .wait_for("save as /")
        .wait_for("nowhere/orders.csv");
    let file = home.path().join("orders.csv");
    terminal.keys(CTRL_U).keys(&file.display().to_string());
    terminal.keys(ENTER).wait_for("Saved");
    let saved = fs::read(&file).unwrap();
    assert!(saved.starts_with(b"id,name,amount,city,note\r\n1,"));
    fs::write(&file, "mine").unwrap();
    terminal
        .keys("s")
        .keys(CTRL_U)
        .keys(&file.display().to_string());
    terminal.keys(ENTER).wait_for("is there already").keys("n");
    terminal.keys("G").wait_for("100 %");
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}
