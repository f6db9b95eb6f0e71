//! What is done with exchanges of the history: `posttui diff`, `replay`, `history export`, `history --sql`
//! and `import har`.

use crate::{
    program::Program,
    server::{Server, answer},
};

/// Sends to a server that answers so; gives back what the server got.
fn sent(program: &Program, status_line: &str, body: &[u8], words: &[&str]) -> String {
    let server = Server::answering(status_line, &["content-type: application/json"], body);
    let url = server.url("/users");
    program.run(&[&["send", &url], words].concat());
    server.received();
    url
}

fn with_two() -> Program {
    let program = Program::new();
    sent(
        &program,
        "201 Created",
        br#"{"id":1,"name":"ann"}"#,
        &["name=ann"],
    );
    sent(
        &program,
        "400 Bad Request",
        br#"{"id":2,"error":"taken"}"#,
        &["name=bob"],
    );
    program
}

#[test]
fn two_exchanges_differ_and_the_exit_code_says_so() {
    let program = with_two();
    let run = program.run(&["diff", "1", "2"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let text = run.text();
    for line in [
        "- came to: 201 Created",
        "+ came to: 400 Bad Request",
        "- name: ann",
        "+ name: bob",
        "- .name: \"ann\"",
        "+ .error: \"taken\"",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}\n{text}");
    }
    let same = program.run(&["diff", "1", "1"]);
    assert_eq!((same.code, same.text()), (0, ""));
    let json = program
        .run(&["diff", "1", "2", "--json", "--ignore", ".id"])
        .json();
    assert_eq!(json["differs"], true);
    let names: Vec<&str> = json["sections"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|section| section["part"] == "response-body")
        .flat_map(|section| section["rows"].as_array().unwrap())
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, [".name", ".error"]);
    let beside = program.run(&["diff", "1", "2", "-y"]);
    assert!(beside.text().contains("201 Created"), "{}", beside.text());
    assert!(beside.text().contains(" │ "), "{}", beside.text());
}

#[test]
fn what_cannot_be_compared_is_a_usage_error() {
    let program = with_two();
    for words in [
        &["diff", "1", "9"][..],
        &["diff", "1"],
        &["diff", "1", "2", "--ignore", "a b"],
        &["diff", "x"],
    ] {
        let run = program.run(words);
        assert_eq!((run.code, run.text()), (2, ""), "{words:?}");
        assert!(!run.stderr.is_empty());
    }
}

#[test]
fn an_exchange_is_sent_again_byte_for_byte() {
    let program = Program::new();
    let server = Server::start(vec![
        answer("200 OK", &["content-type: text/plain"], b"one"),
        answer("503 Service Unavailable", &[], b"two"),
    ]);
    let url = server.url("/again");
    let words = [
        "send",
        &url,
        "X-Id:{{ uuid() }}",
        "--json",
        "-d",
        "{\"a\": 1.0}",
    ];
    assert_eq!(program.run(&words).code, 0);
    let first = server.received();
    let run = program.run(&["replay", "1"]);
    assert_eq!((run.code, run.text()), (5, "two"), "{}", run.stderr);
    let second = server.received();
    assert_eq!((second.head, second.body), (first.head, first.body));
}

#[test]
fn nothing_is_sent_again_while_a_number_or_a_secret_is_missing() {
    let program = Program::new();
    sent(
        &program,
        "200 OK",
        b"{}",
        &["Authorization:Bearer s3cret", "a=1"],
    );
    let missing = program.run(&["replay", "1", "7"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("number 7"), "{}", missing.stderr);
    let stale = program.run(&["replay", "1"]);
    assert_eq!(stale.code, 2);
    assert!(!stale.stderr.contains("s3cret"), "{}", stale.stderr);
    assert_eq!(program.run(&["history", "--json"]).ndjson().len(), 1);
}

#[test]
fn an_archive_goes_out_and_comes_in_again() {
    let program = with_two();
    let file = program.home().join("all.har");
    let path = file.to_str().unwrap();
    let run = program.run(&["history", "export", "--format", "har", "-o", path]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let archive: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let entries = archive["log"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(
        entries[0]["request"]["postData"]["params"][0]["value"],
        "ann"
    );
    assert_eq!(entries[1]["response"]["status"], 400);

    let again = program.run(&["history", "export", "--format", "har", "-o", path]);
    assert_eq!(again.code, 2, "a file that is there is not written over");

    let other = Program::new();
    let run = other.run(&["import", "har", path]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let rows = other.run(&["history", "--json"]).ndjson();
    let statuses: Vec<&serde_json::Value> = rows.iter().map(|row| &row["status"]).collect();
    assert_eq!(statuses, [&400, &201]);
    let (before, after) = (
        program.run(&["history", "show", "1", "--body"]),
        other.run(&["history", "show", "1", "--body"]),
    );
    assert_eq!(before.stdout, after.stdout);
    let nonsense = other.run_with_stdin(&["import", "har", "-"], b"{}");
    assert_eq!(nonsense.code, 2, "{}", nonsense.stderr);
}

#[test]
fn a_report_and_a_folder_hold_no_secrets() {
    let program = Program::new();
    sent(
        &program,
        "422 Unprocessable Content",
        b"{\"error\":\"no\"}",
        &["Authorization:Bearer s3cret", "a=1"],
    );
    let report = program.run(&["history", "export", "--format", "markdown"]);
    let text = report.text();
    for part in [
        "## POST ",
        "422",
        "### Request",
        "a=1",
        "{\"error\":\"no\"}",
        "curl",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("s3cret"), "{text}");
    let folder = program.home().join("out");
    let path = folder.to_str().unwrap();
    let run = program.run(&["history", "export", "--format", "folder", "-o", path]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let place = folder.join("000001-POST-users");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&place)), (0o700, 0o700));
        for file in std::fs::read_dir(&place).unwrap() {
            assert_eq!(mode(&file.unwrap().path()), 0o600);
        }
    }
    assert_eq!(
        std::fs::read(place.join("response.json")).unwrap(),
        b"{\"error\":\"no\"}"
    );
    let head = std::fs::read_to_string(place.join("request.head")).unwrap();
    assert!(
        head.starts_with("POST /users HTTP/1.1\r\n") && !head.contains("s3cret"),
        "{head}"
    );
    let lines = program
        .run(&["history", "export", "--format", "ndjson"])
        .ndjson();
    assert_eq!(lines[0]["diagnosis"]["title"], "422 Unprocessable Content");
}

#[test]
fn sql_reads_and_never_writes() {
    let program = with_two();
    let rows = program.run(&[
        "history",
        "--json",
        "--sql",
        "SELECT id, status, method, path, failure FROM exchanges ORDER BY id",
    ]);
    assert_eq!(rows.code, 0, "{}", rows.stderr);
    assert_eq!(
        rows.text(),
        "{\"id\":1,\"status\":201,\"method\":\"POST\",\"path\":\"/users\",\"failure\":null}\n\
         {\"id\":2,\"status\":400,\"method\":\"POST\",\"path\":\"/users\",\"failure\":null}\n"
    );
    let table = program.run(&[
        "history",
        "--sql",
        "SELECT name, value FROM response_headers WHERE id = 1",
    ]);
    assert!(
        table.text().contains("content-type    application/json"),
        "{}",
        table.text()
    );
    for statement in [
        "DELETE FROM exchange",
        "CREATE TABLE x (a)",
        "SELECT 1; DELETE FROM exchange",
        "PRAGMA user_version = 0",
        "nonsense",
    ] {
        let run = program.run(&["history", "--sql", statement]);
        assert_eq!(run.code, 2, "{statement}: {}", run.stderr);
    }
    assert_eq!(program.run(&["history", "--json"]).ndjson().len(), 2);
    let schema = program.run(&["history", "--sql"]);
    assert!(
        schema.text().contains("CREATE TEMP VIEW exchanges"),
        "{}",
        schema.text()
    );
}

#[test]
fn what_is_masked_on_both_sides_is_not_called_equal() {
    let program = Program::new();
    for password in ["first-one", "other-one"] {
        sent(
            &program,
            "200 OK",
            b"{}",
            &[&format!("password={password}")],
        );
    }
    let run = program.run(&["diff", "1", "2", "--all"]);
    let told = "masked on both sides: not compared";
    assert!(run.text().contains(told), "{}", run.text());
    assert!(
        run.stderr
            .contains(&format!("Request body, password: {told}.")),
        "{}",
        run.stderr
    );
    let json = program.run(&["diff", "1", "2", "--json"]).json();
    assert_eq!(json["not_compared"][0]["names"][0], "password", "{json}");
}

#[test]
fn an_archive_of_posttui_brings_its_labels_along() {
    let program = with_two();
    let database = program.home().join("data/history.sqlite3");
    let database = rusqlite::Connection::open(database).unwrap();
    let sql = "UPDATE exchange SET name = 'before the fix', note = 'n0te', tags = ' bug ', pinned = 1 WHERE id = 2";
    database.execute_batch(sql).unwrap();
    drop(database);
    let archive = program.home().join("all.har");
    let archive = archive.to_str().unwrap();
    let run = program.run(&["history", "export", "--format", "har", "-o", archive]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let other = Program::new();
    let run = other.run(&["import", "har", archive]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let rows = other.run(&["history", "--json", "tag:bug"]).ndjson();
    assert_eq!(rows.len(), 1);
    let row = rows[0].to_string();
    for label in ["before the fix", "n0te", "\"pinned\":true"] {
        assert!(row.contains(label), "{row}");
    }
}
