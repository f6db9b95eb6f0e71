//! Exchanges that are not to be kept: nothing of them is anywhere on the disk.

use std::{fs, path::Path};

use crate::{
    program::Program,
    server::{Answer, Server, answer},
};

/// In what is sent and in what comes back, in heads and bodies.
const MARKER: &str = "m4rker-of-this-exchange";

/// The files below a folder that hold a text.
pub fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        if memchr::memmem::find(&bytes, text.as_bytes()).is_some() {
            found.push(path.display().to_string());
        }
    }
    found
}

fn marked(program: &Program) -> Vec<String> {
    files_with(program.home(), MARKER)
}

fn marking(status_line: &str) -> Server {
    Server::start(vec![marking_answer(status_line); 4])
}

fn marking_answer(status_line: &str) -> Answer {
    let cookie = format!("set-cookie: sid={MARKER}; Max-Age=600");
    // Longer than what stays in memory otherwise.
    let body = format!("{{\"it\":\"{MARKER}\"}}{}", " ".repeat(5 * 1024 * 1024));
    let header = format!("x-marker: {MARKER}");
    answer(
        status_line,
        &["content-type: application/json", &cookie, &header],
        body.as_bytes(),
    )
}

/// Sends the marker, and looks at what came back.
fn send(program: &Program, url: &str, words: &[&str]) {
    let field = format!("a={MARKER}");
    let run = program.run(&[&["send", url, &field, "-o", "json"], words].concat());
    let json = run.json();
    let said = json.to_string();
    assert!(said.contains(MARKER), "the answer is seen: {}", run.stderr);
    assert_eq!(json["id"], serde_json::Value::Null);
    assert!(!run.stderr.contains("not in the history"), "{}", run.stderr);
}

fn assert_nothing_is_kept(program: &Program) {
    assert_eq!(marked(program), Vec::<String>::new());
    assert!(program.run(&["history", "--json"]).ndjson().is_empty());
}

/// Writes a file of the configuration.
pub fn write(program: &Program, path: &str, text: &str) {
    let file = program.home().join("config").join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

#[test]
fn what_is_kept_is_found_by_this_search() {
    let program = Program::new();
    let server = marking("200 OK");
    let url = server.url("/kept");
    program.run(&["send", &url, &format!("a={MARKER}")]);
    server.received();
    assert!(!marked(&program).is_empty());
}

#[test]
fn the_configuration_can_say_that_nothing_is_kept() {
    let program = Program::new();
    write(&program, "options.toml", "history = \"off\"\n");
    let server = marking("500 Internal Server Error");
    send(&program, &server.url(&format!("/?q={MARKER}")), &[]);
    server.received();
    assert_nothing_is_kept(&program);
}

#[test]
fn an_environment_can_and_a_private_send_does() {
    let program = Program::new();
    write(
        &program,
        "environments/bank.toml",
        "[options]\nhistory = \"off\"\n",
    );
    let server = marking("201 Created");
    send(&program, &server.url("/a"), &["--env", "bank"]);
    server.received();
    send(&program, &server.url("/b"), &["--private"]);
    server.received();
    assert_nothing_is_kept(&program);
}

#[test]
fn hosts_can_be_left_out_also_where_a_redirect_leads_to_them() {
    let program = Program::new();
    let server = marking("200 OK");
    let hosts = format!(
        "history_never = \"*.bank.example, 127.0.0.1:{}\"\n",
        server.port
    );
    write(&program, "options.toml", &hosts);
    send(&program, &server.url("/direct"), &[]);
    server.received();
    let location = format!("location: {}", server.url("/led"));
    let other = Server::answering("307 Temporary Redirect", &[&location], b"");
    send(&program, &other.url("/first"), &[]);
    other.received();
    server.received();
    assert_nothing_is_kept(&program);
}

#[test]
fn a_saved_request_can_be_left_out() {
    let program = Program::new();
    let server = marking("200 OK");
    let text = format!(
        "method = \"POST\"\nurl = \"{}\"\n\n[options]\nhistory = \"off\"\n",
        server.url("/saved")
    );
    let folder = program.home().join("api");
    let root = folder.to_str().unwrap();
    assert_eq!(program.run(&["init", root]).code, 0);
    fs::write(folder.join("login.toml"), text).unwrap();
    let run = program.run(&["send", "-r", "login", "--collection", root]);
    assert!(run.text().contains(MARKER), "{}", run.stderr);
    server.received();
    assert_nothing_is_kept(&program);
}

#[test]
fn what_was_kept_once_is_sent_again_as_is_chosen_now() {
    let program = Program::new();
    let quiet = answer("200 OK", &[], b"quiet");
    let server = Server::start(vec![quiet, marking_answer("200 OK")]);
    program.run(&["send", &server.url("/again"), "a=1"]);
    server.received();
    write(&program, "options.toml", "history = \"off\"\n");
    let run = program.run(&["replay", "1"]);
    assert!(run.text().contains(MARKER), "{}", run.stderr);
    server.received();
    assert_eq!(marked(&program), Vec::<String>::new());
    assert_eq!(program.run(&["history", "--json"]).ndjson().len(), 1);
}
