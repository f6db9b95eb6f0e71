//! Files that somebody else changes while posttui is open: no key is needed to notice it.

use std::fs;

use crate::{Server, pty::Pty};

const GO_COLLECTION: &str = "\x1b7";

#[test]
fn a_collection_changed_outside_is_shown_and_loaded_at_once() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data/collection");
    fs::create_dir_all(folder.join("users")).unwrap();
    fs::write(folder.join("first.toml"), "url = ':3000/first'\n").unwrap();
    let mut terminal = Pty::posttui(home.path(), &[]);
    terminal.wait_for("where to?").keys(GO_COLLECTION);
    terminal.wait_for("first").keys("/first\r");
    terminal.wait_for("is in the builder");
    fs::write(folder.join("users/second.toml"), "url = ':3000/second'\n").unwrap();
    terminal.wait_for("users");
    fs::write(folder.join("first.toml"), "url = ':3000/changed'\n").unwrap();
    terminal.wait_for("was changed outside and is loaded anew");
    terminal.wait_for("3000/changed");
    fs::write(
        folder.join("third.toml"),
        "method = 'PUT'\nurl = ':3000/third'\n",
    )
    .unwrap();
    terminal.wait_for("third");
}

#[test]
fn an_environment_changed_outside_holds_at_once() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Pty::posttui(home.path(), &["{{ base }}/x"]);
    terminal.wait_for("{{ base }}");
    terminal
        .keys("\x1b[19~")
        .wait_for("names in {{ }} stand for nothing");
    let folder = home.path().join("config/environments");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("local.toml"),
        "[variables]\nbase = 'one.test'\n",
    )
    .unwrap();
    terminal.wait_for("local").wait_for("1 variable");
    fs::write(
        folder.join("local.toml"),
        "production = true\n[variables]\nbase = 'two.test'\nb = '2'\n",
    )
    .unwrap();
    terminal.wait_for("2 variables").wait_for("PRODUCTION");
}

#[test]
fn cookies_go_from_one_posttui_to_the_other() {
    let (home, server) = (tempfile::tempdir().unwrap(), Server::start());
    let mut terminal = Pty::posttui(home.path(), &[&server.at("/api/login")]);
    terminal.wait_for("/api/login");
    terminal.keys("\tusername\tuser\tpassword\tpasswd\r");
    terminal.wait_for("● 200 OK");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_posttui"))
        .args(["send", "-q", &server.at("/echo")])
        .env("POSTTUI_HOME", home.path())
        .output()
        .unwrap();
    let echoed = String::from_utf8(run.stdout).unwrap();
    assert!(echoed.contains("session=playground"), "{echoed}");
    terminal.keys("\x1b[20~").wait_for("HttpOnly");
    let deleted = std::process::Command::new(env!("CARGO_BIN_EXE_posttui"))
        .args(["cookies", "clear"])
        .env("POSTTUI_HOME", home.path())
        .status()
        .unwrap();
    assert!(deleted.success());
    terminal.keys("q\x1b[20~").wait_for("None yet");
}
