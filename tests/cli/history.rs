//! `posttui history`.

use crate::{
    program::{Program, Running},
    server::{Server, deaf_port},
};

/// Sends to a server that answers so, and gives back the URL.
fn sent(program: &Program, status_line: &str, path: &str, body: &[u8]) -> String {
    let server = Server::answering(status_line, &["content-type: text/plain"], body);
    let url = server.url(path);
    program.run(&["send", &url, "name=ann", "--on", "201=User created."]);
    server.received();
    url
}

#[test]
fn every_send_is_a_row_newest_first() {
    let program = Program::new();
    assert_eq!(program.run(&["history"]).text(), "");
    let created = sent(&program, "201 Created", "/users", b"hello");
    let refused = sent(&program, "404 Not Found", "/other", b"");
    let (_socket, deaf) = deaf_port();
    program.run(&["send", &format!("http://{deaf}/")]);

    let rows = program.run(&["history", "--json"]).ndjson();
    assert_eq!(rows.len(), 3);
    assert_eq!(
        (&rows[0]["failure"], &rows[0]["status"]),
        (&"refused".into(), &().into())
    );
    assert_eq!(
        (&rows[1]["url"], &rows[1]["status"]),
        (&refused.as_str().into(), &404.into())
    );
    let row = &rows[2];
    assert_eq!(
        (&row["id"], &row["url"]),
        (&1.into(), &created.as_str().into())
    );
    assert_eq!(
        (&row["method"], &row["body_bytes"]),
        (&"POST".into(), &5.into())
    );
    assert_eq!(row["message"], "User created.");
    assert!(row["duration_ms"].as_f64().unwrap() > 0.0);
    assert!(row["started_at"].as_str().unwrap().ends_with('Z'));

    let table = program.run(&["history"]);
    let lines: Vec<&str> = table.text().lines().collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(
        lines[1].starts_with("✕ ") && lines[1].contains("  refused · 127.0.0.1 refuses port "),
        "{lines:?}"
    );
    assert!(
        lines[3].starts_with("● ") && lines[3].contains(&created),
        "{lines:?}"
    );
    assert!(
        lines[3].ends_with("User created.") && !table.text().contains('\x1b'),
        "{lines:?}"
    );
}

#[test]
fn a_filter_and_a_limit_choose_rows() {
    let program = Program::new();
    for (line, path) in [
        ("200 OK", "/one"),
        ("404 Not Found", "/two"),
        ("200 OK", "/three"),
    ] {
        sent(&program, line, path, b"");
    }
    let paths = |words: &[&str]| -> Vec<String> {
        let run = program.run(&[&["history", "--json"], words].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        let paths = run
            .ndjson()
            .into_iter()
            .map(|row| row["url"].as_str().unwrap().to_owned());
        paths
            .map(|url| url.rsplit_once('/').unwrap().1.to_owned())
            .collect()
    };
    assert_eq!(paths(&["status:2xx"]), ["three", "one"]);
    assert_eq!(paths(&["-status:2xx"]), ["two"]);
    assert_eq!(paths(&["status:2xx", "three"]), ["three"]);
    assert_eq!(paths(&["--limit", "1"]), ["three"]);
    assert_eq!(paths(&["-n", "2", "-three"]), ["two", "one"]);
    let none = program.run(&["history", "nowhere"]);
    assert_eq!((none.code, none.text()), (0, ""));
    assert!(
        none.stderr.contains("No exchange matches"),
        "{}",
        none.stderr
    );
}

#[test]
fn a_filter_that_cannot_be_read_is_a_usage_error() {
    let run = Program::new().run(&["history", "status:abc"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("abc"), "{}", run.stderr);
}

#[test]
fn help_explains_the_filter() {
    let help = Program::new().run(&["history", "--help"]);
    assert!(
        help.text().contains("status:") && help.text().contains("since:"),
        "{}",
        help.text()
    );
}

#[test]
fn one_exchange_is_shown_whole_or_its_bodies_byte_for_byte() {
    let program = Program::new();
    let url = sent(&program, "201 Created", "/x", b"\x1b\xffbody");
    let shown = program.run(&["history", "show", "1"]).json();
    assert_eq!(
        (&shown["id"], &shown["request"]["url"]),
        (&1.into(), &url.as_str().into())
    );
    assert_eq!(shown["outcome"]["response"]["body"]["bytes"], 6);
    assert_eq!(
        program.run(&["history", "show", "1", "--body"]).stdout,
        b"\x1b\xffbody"
    );
    assert_eq!(
        program.run(&["history", "show", "1", "--sent"]).text(),
        "name=ann"
    );
    for id in ["2", "0", "-1"] {
        let missing = program.run(&["history", "show", "--", id]);
        assert_eq!((missing.code, missing.text()), (1, ""), "{id}");
        assert!(missing.stderr.contains(id), "{}", missing.stderr);
    }
}

#[test]
fn a_history_that_cannot_be_opened_is_told() {
    let program = Program::new();
    let file = program.home().join("a file");
    std::fs::write(&file, "").unwrap();
    let mut command = program.command(&["history"]);
    command.env("POSTTUI_HOME", &file);
    let run = Running::start(command).finish();
    assert_eq!((run.code, run.text()), (1, ""));
    assert!(
        run.stderr.contains("cannot open the history"),
        "{}",
        run.stderr
    );
}
