//! The history's file under kill -9, many writers, damage and leaked values.

use std::{
    collections::BTreeSet,
    io::{BufReader, Write},
    net::TcpListener,
    path::Path,
    process::Stdio,
    sync::Mutex,
    thread,
    time::Duration,
};

use crate::{
    program::{Program, Running},
    server::{Answer, Server, answer, read_request},
};

/// A server that answers every request of any number of clients; gives back its port.
fn busy_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(move || {
                let mut reader = BufReader::new(stream.unwrap());
                // A client that was killed has nothing to say.
                if read_request(&mut reader).is_some() {
                    let _ = reader.get_mut().write_all(
                        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok",
                    );
                }
            });
        }
    });
    port
}

/// The paths of the rows that a filter finds, with their status.
fn rows(program: &Program, filter: &[&str]) -> Vec<(String, Option<u64>)> {
    let run = program.run(&[&["history", "--json", "-n", "5000"], filter].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let rows = run.ndjson().into_iter().map(|row| {
        let url = row["url"].as_str().unwrap().to_owned();
        let path = url.rsplit_once('/').unwrap().1.to_owned();
        (path, row["status"].as_u64())
    });
    rows.collect()
}

/// Several programs send at once and are killed at any moment, hundreds of them.
#[test]
fn kill_9_at_any_moment_loses_no_finished_exchange_and_damages_nothing() {
    const WORKERS: u64 = 4;
    const KILLS: u64 = 60;
    let program = Program::new();
    let port = busy_server();
    let finished = Mutex::new(BTreeSet::new());
    thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (program, finished) = (&program, &finished);
            scope.spawn(move || {
                for turn in 0..KILLS {
                    let path = format!("{worker}-{turn}");
                    let url = format!("http://127.0.0.1:{port}/{path}");
                    let mut command = program.command(&["send", &url, "a=1"]);
                    command.stdout(Stdio::null()).stderr(Stdio::null());
                    let mut child = command.spawn().unwrap();
                    // The moment of the kill wanders over the whole life of a send.
                    thread::sleep(Duration::from_millis((turn * 7 + worker * 3) % 120));
                    let _ = child.kill();
                    if child.wait().unwrap().success() {
                        finished.lock().unwrap().insert(path);
                    }
                }
            });
        }
    });
    let doctor = program.run(&["history", "doctor"]);
    assert_eq!(doctor.code, 0, "{}{}", doctor.text(), doctor.stderr);
    assert!(!doctor.text().contains("Repaired"), "{}", doctor.text());
    let kept: BTreeSet<String> = rows(&program, &["status:200"])
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    let finished = finished.into_inner().unwrap();
    let lost: Vec<_> = finished.difference(&kept).collect();
    assert!(
        lost.is_empty(),
        "finished, but not in the history: {lost:?}"
    );
    assert!(rows(&program, &["is:in-flight"]).is_empty());
}

#[test]
fn sixteen_programs_write_at_once_and_no_row_is_lost() {
    let program = Program::new();
    let port = busy_server();
    thread::scope(|scope| {
        for number in 0..16 {
            let program = &program;
            scope.spawn(move || {
                let url = format!("http://127.0.0.1:{port}/{number}");
                let run = program.run(&["send", &url, "a=1"]);
                assert_eq!(run.code, 0, "{}", run.stderr);
                assert!(!run.stderr.contains("locked"), "{}", run.stderr);
            });
        }
    });
    let kept: BTreeSet<String> = rows(&program, &[]).into_iter().map(|row| row.0).collect();
    assert_eq!(kept.len(), 16);
}

fn sent(program: &Program, body: &[u8], arguments: &[&str]) {
    let server = Server::answering("200 OK", &["content-type: text/plain"], body);
    let url = server.url("/path");
    let run = program.run(&[&["send", &url], arguments].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    server.received();
}

fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, text);
        }
        let bytes = std::fs::read(path).unwrap();
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    })
}

#[test]
fn a_leaked_value_is_scrubbed_out_of_every_file() {
    let program = Program::new();
    sent(&program, b"it was my-leaked-value", &["x=my-leaked-value"]);
    sent(&program, b"harmless", &["x=1"]);
    assert!(holds(program.home(), "my-leaked-value"));
    let dry = program.run(&["history", "scrub", "--dry-run", "my-leaked-value"]);
    assert!(
        dry.stderr.contains("1 exchange holds it: 1."),
        "{}",
        dry.stderr
    );
    let scrubbed = program.run_with_stdin(&["history", "scrub", "-"], b"my-leaked-value\n");
    assert_eq!(scrubbed.code, 0, "{}", scrubbed.stderr);
    assert!(!holds(program.home(), "my-leaked-value"));
    assert_eq!(
        program.run(&["history", "show", "1", "--sent"]).text(),
        "x=‹secret scrubbed›"
    );
    assert_eq!(rows(&program, &["harmless"]).len(), 1);
    let short = program.run(&["history", "scrub", "abc"]);
    assert_eq!(short.code, 2, "{}", short.stderr);
}

#[test]
fn tokens_and_fields_that_are_called_secret_never_reach_the_disk() {
    let program = Program::new();
    let token = format!("ghp_{}", "Zz9".repeat(12));
    let header = format!("X-Any:{token}");
    let field = format!("note=see {token}");
    sent(
        &program,
        format!("you sent {token}").as_bytes(),
        &[&header, &field, "password=hunter2-hunter2", "user=ann"],
    );
    assert!(!holds(program.home(), &token));
    assert!(!holds(program.home(), "hunter2-hunter2"));
    let kept = program.run(&["history", "show", "1", "--sent"]);
    assert!(kept.text().contains("user=ann"), "{}", kept.text());
    assert_eq!(rows(&program, &["field:user=ann"]).len(), 1);
}

#[test]
fn a_damaged_history_is_kept_and_what_can_be_read_comes_back() {
    let program = Program::new();
    for number in 0..5 {
        sent(&program, format!("answer {number}").as_bytes(), &["a=1"]);
    }
    let backup = program.home().join("copy.sqlite3");
    let backup = backup.to_str().unwrap();
    assert_eq!(program.run(&["history", "backup", backup]).code, 0);
    assert_eq!(program.run(&["history", "backup", backup]).code, 1);
    let file = program.home().join("data/history.sqlite3");
    std::fs::remove_file(program.home().join("data/history.sqlite3-wal")).unwrap();
    std::fs::write(&file, b"no database").unwrap();

    let listed = program.run(&["history"]);
    assert_eq!(listed.code, 0, "{}", listed.stderr);
    assert!(listed.stderr.contains("doctor --from"), "{}", listed.stderr);
    let doctor = program.run(&["history", "doctor", "--from", backup]);
    assert_eq!(doctor.code, 0, "{}", doctor.stderr);
    assert!(doctor.text().contains("5 exchanges"), "{}", doctor.text());
    assert_eq!(rows(&program, &["answer"]).len(), 5);
    let forgotten = program.run(&["history", "forget", "--count", "2"]);
    assert!(
        forgotten.stderr.contains("3 exchanges"),
        "{}",
        forgotten.stderr
    );
    assert_eq!(rows(&program, &[]).len(), 2);
}

#[test]
fn a_private_send_leaves_nothing_on_the_disk() {
    let program = Program::new();
    sent(&program, b"hush", &["a=confidential", "--private"]);
    assert!(!holds(program.home(), "confidential"));
    assert!(rows(&program, &[]).is_empty());
}

#[test]
fn words_of_bodies_are_found_from_the_command_line() {
    let program = Program::new();
    sent(
        &program,
        b"a needle in the answer",
        &["email=ann@example.com"],
    );
    sent(&program, b"other", &["email=bob@example.com"]);
    for filter in [
        "body:\"needle in\"",
        "field:email=ann@example.com",
        "needle",
    ] {
        assert_eq!(rows(&program, &[filter]).len(), 1, "{filter}");
    }
    let wrong = program.run(&["history", "took:soon"]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.stderr.contains("column 1") && wrong.stderr.contains(">1s"),
        "{}",
        wrong.stderr
    );
    let mut command = program.command(&["history", "type:text"]);
    command.env("NO_COLOR", "1");
    assert_eq!(Running::start(command).finish().code, 0);
}

#[test]
fn a_row_that_cannot_be_opened_is_told_and_holds_up_no_other() {
    let program = Program::new();
    let server = Server::start(vec![answer("200 OK", &[], b"ok"); 3]);
    for _ in 0..3 {
        program.run(&["send", &server.url("/"), "a=1"]);
    }
    let backup = program.home().join("backup.sqlite3");
    let backup = backup.to_str().unwrap();
    assert_eq!(program.run(&["history", "backup", backup]).code, 0);
    let database = program.home().join("data/history.sqlite3");
    let database = rusqlite::Connection::open(database).unwrap();
    let sql = "UPDATE detail SET hops = 'no JSON' WHERE id = 2";
    database.execute_batch(sql).unwrap();
    drop(database);
    let exported = program.run(&["history", "export", "--format", "ndjson"]);
    assert_eq!((exported.code, exported.ndjson().len()), (1, 2));
    assert!(
        exported.stderr.contains("#2 is left out: "),
        "{}",
        exported.stderr
    );
    let doctor = program.run(&["history", "doctor"]);
    assert_eq!(doctor.code, 1, "{}", doctor.text());
    assert!(
        doctor.text().contains("Cannot be opened: #2: ")
            && doctor.text().contains("is whole but for that"),
        "{}",
        doctor.text()
    );
    let doctor = program.run(&["history", "doctor", "--from", backup]);
    for told in [
        "1 exchange of it is in the history now.",
        "1 of them has another number than before.",
        "2 exchanges were there already and were not added again; 0 bodies that had been lost are back.",
    ] {
        assert!(doctor.text().contains(told), "{told}: {}", doctor.text());
    }
}

#[test]
fn damaged_rows_are_listed_as_such_beside_the_others() {
    let program = Program::new();
    let server = Server::start(vec![answer("200 OK", &[], b"ok"); 4]);
    for number in 0..4 {
        program.run(&["send", &server.url(&format!("/{number}")), "a=1"]);
    }
    let database = program.home().join("data/history.sqlite3");
    let database = rusqlite::Connection::open(database).unwrap();
    let sql =
        "UPDATE exchange SET standing = 'garbage', tags = CAST(x'20ff20' AS TEXT) WHERE id = 2;
               DELETE FROM detail WHERE id = 3;";
    database.execute_batch(sql).unwrap();
    drop(database);
    let list = program.run(&["history"]);
    assert_eq!(list.code, 0, "{}", list.stderr);
    for told in [
        "#2 is damaged: its standing is no known status or failure, its tags is not UTF-8",
        "#3 is damaged: its request and its answer are gone",
    ] {
        assert!(list.text().contains(told), "{told}: {}", list.text());
    }
    assert_eq!(list.text().matches("200").count(), 3, "{}", list.text());
    let rows = program.run(&["history", "--json"]).ndjson();
    assert_eq!(rows.len(), 4);
    assert_eq!(
        (&rows[2]["status"], &rows[2]["failure"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
    assert!(rows[2]["damage"].is_string() && rows[0].get("damage").is_none());
    for format in ["har", "markdown", "ndjson"] {
        let exported = program.run(&["history", "export", "--format", format]);
        assert_eq!(exported.code, 1, "{}", exported.stderr);
        let told = "#3 is left out: its request and its answer are gone";
        assert!(exported.stderr.contains(told), "{}", exported.stderr);
        assert!(
            exported.stderr.contains("1 exchange left out"),
            "{}",
            exported.stderr
        );
        assert!(exported.text().contains("/1") && exported.text().contains("/3"));
    }
    let shown = program.run(&["history", "show", "3"]);
    assert!(shown.stderr.contains("#3 is damaged"), "{}", shown.stderr);
    let doctor = program.run(&["history", "doctor"]);
    assert_eq!(doctor.code, 1, "{}", doctor.text());
    for told in [
        "Repaired: 1 damaged row made anew from the exchange behind it.",
        "Cannot be opened: #3: its request and its answer are gone.",
    ] {
        assert!(doctor.text().contains(told), "{told}: {}", doctor.text());
    }
    assert_eq!(
        program
            .run(&["history", "status:200", "--json"])
            .ndjson()
            .len(),
        4
    );
    let database = program.home().join("data/history.sqlite3");
    let database = rusqlite::Connection::open(database).unwrap();
    let sql = "UPDATE detail SET hops = 'no JSON', prepared = '{', outcome = '' WHERE id = 1;
               UPDATE exchange SET standing = '\"half' WHERE id = 1;";
    database.execute_batch(sql).unwrap();
    drop(database);
    for (view, count) in [
        ("exchanges", 4),
        ("hops", 2),
        ("response_headers WHERE name = 'content-length'", 2),
        ("request_headers WHERE name = 'host'", 2),
    ] {
        let sql = format!(
            "SELECT count(failure), count(*) AS all_rows FROM exchanges, (SELECT count(*) FROM {view})"
        );
        assert_eq!(program.run(&["history", "--sql", &sql]).code, 0);
        let sql = format!("SELECT count(*) AS found FROM {view}");
        let found = program.run(&["history", "--sql", &sql, "--json"]);
        assert_eq!(found.code, 0, "{}", found.stderr);
        assert_eq!(found.ndjson()[0]["found"], count, "{view}");
    }
}

#[test]
fn nothing_is_rebuilt_under_another_posttui() {
    let program = Program::new();
    let server = Server::start(vec![answer("200 OK", &[], b"ok"), Answer::Hang]);
    program.run(&["send", &server.url("/"), "a=1"]);
    let mut other = Running::start(program.command(&["send", &server.url("/"), "a=1"]));
    server.received();
    server.received();
    let rebuilt = program.run(&["history", "doctor", "--rebuild"]);
    assert_eq!(rebuilt.code, 1, "{}", rebuilt.text());
    let process = format!("process {}", other.child.id());
    assert!(rebuilt.stderr.contains(&process), "{}", rebuilt.stderr);
    other.child.kill().unwrap();
    other.child.wait().unwrap();
    let rebuilt = program.run(&["history", "doctor", "--rebuild"]);
    assert_eq!(rebuilt.code, 0, "{}", rebuilt.stderr);
}
