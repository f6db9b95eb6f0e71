//! Answers kept as examples of saved requests, and the views that show them.

use crate::{
    program::Program,
    server::{Server, answer},
};

/// Two sends of the saved request `create`, which is in the folder whose path comes along.
fn with_saved() -> (Program, String) {
    let program = Program::new();
    let json = &["content-type: application/json"];
    let server = Server::start(vec![
        answer("201 Created", json, br#"{"id":1,"name":"ann"}"#),
        answer("201 Created", json, br#"{"id":2,"user":"ann"}"#),
    ]);
    let folder = program.home().join("api");
    let root = folder.to_str().unwrap().to_owned();
    assert_eq!(program.run(&["init", &root]).code, 0);
    let text = format!("method = \"POST\"\nurl = \"{}\"\n", server.url("/users"));
    std::fs::write(folder.join("create.toml"), text).unwrap();
    for _ in 0..2 {
        program.run(&["send", "-r", "create", "--collection", &root, "a=1"]);
        server.received();
    }
    (program, root)
}

#[test]
fn a_fresh_answer_is_compared_with_an_example() {
    let (program, _) = with_saved();
    let named = program.run(&["history", "example", "1", "happy path"]);
    assert_eq!(named.code, 0, "{}", named.stderr);
    assert!(named.stderr.contains("of create now"), "{}", named.stderr);
    let run = program.run(&["diff", "2", "--example", "happy path", "--ignore", ".id"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.text().contains("- .name: \"ann\""), "{}", run.text());
    let same = program.run(&["diff", "1", "--example", "happy path"]);
    assert_eq!(same.code, 0, "{}", same.stderr);
    let unknown = program.run(&["diff", "2", "--example", "sad path"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.stderr.contains("only happy path"),
        "{}",
        unknown.stderr
    );
    program.run(&["history", "forget", "--count", "0"]);
    assert_eq!(program.run(&["history", "--json"]).ndjson().len(), 1);
}

#[test]
fn an_exchange_that_was_typed_needs_the_name_of_a_request() {
    let (program, root) = with_saved();
    let server = Server::answering("200 OK", &[], b"x");
    program.run(&["send", &server.url("/typed"), "a=1"]);
    server.received();
    let refused = program.run(&["history", "example", "3", "typed"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("no saved request"),
        "{}",
        refused.stderr
    );
    let words = ["history", "example", "3", "typed", "-r", "create"];
    let named = program.run(&[&words[..], &["--collection", &root]].concat());
    assert_eq!(named.code, 0, "{}", named.stderr);
}

#[test]
fn labels_tags_examples_and_bodies_can_be_read_in_sql() {
    let (program, _) = with_saved();
    program.run(&["history", "example", "2", "made"]);
    let sql = |statement: &str| {
        let run = program.run(&["history", "--json", "--sql", statement]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.ndjson()
    };
    let rows = sql("SELECT id, name, request, status FROM examples");
    assert_eq!(
        rows,
        [serde_json::json!({"id": 2, "name": "made", "request": "create", "status": 201})]
    );
    let rows = sql("SELECT name, pinned, media, sent_bytes FROM exchanges ORDER BY id");
    assert_eq!(rows[0]["name"], serde_json::Value::Null);
    assert_eq!(rows[1]["pinned"], 1);
    assert_eq!(rows[1]["media"], "application/json");
    let rows = sql("SELECT json_extract(body(hash), '$.id') AS it FROM bodies
         WHERE side = 'received' ORDER BY id");
    assert_eq!(
        (rows[0]["it"].as_i64(), rows[1]["it"].as_i64()),
        (Some(1), Some(2))
    );
    assert!(sql("SELECT * FROM tags").is_empty());
    let shown = program.run(&["history", "--sql"]);
    for view in [
        "exchanges",
        "tags",
        "examples",
        "bodies",
        "request_headers",
        "hops",
    ] {
        let made = format!("CREATE TEMP VIEW {view} AS");
        assert!(shown.text().contains(&made), "{view}");
    }
}
