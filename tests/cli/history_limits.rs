//! What the history keeps, and what it does not.

use std::fs;

use crate::{program::Program, server::Server};

fn sent(program: &Program, arguments: &[&str]) -> String {
    let server = Server::answering("200 OK", &[], b"an answer");
    let run = program.run(&[&["send", &server.url("/path"), "a=confidential"], arguments].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    server.received();
    run.stderr
}

fn configure(program: &Program, file: &str, text: &str) {
    let path = program.home().join("config").join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn count(program: &Program) -> usize {
    program.run(&["history", "--json"]).ndjson().len()
}

#[test]
fn limits_of_the_configuration_hold_and_what_is_forgotten_is_told() {
    let program = Program::new();
    configure(&program, "environments/prod.toml", "");
    for _ in 0..3 {
        sent(&program, &[]);
        sent(&program, &["--env", "prod"]);
    }
    configure(
        &program,
        "history.toml",
        "count = 4\n[environments.prod]\ncount = 1\n",
    );
    let listed = program.run(&["history"]);
    assert_eq!(listed.code, 0);
    let told =
        "The history keeps within its limits: 2 exchanges are forgotten (2 of prod beyond 1)";
    assert!(listed.stderr.contains(told), "{}", listed.stderr);
    assert_eq!(program.run(&["history"]).stderr, "");
    assert_eq!(
        program
            .run(&["history", "--json", "env:prod"])
            .ndjson()
            .len(),
        1
    );
    assert_eq!(count(&program), 4);
    configure(&program, "history.toml", "count = 'many'");
    let wrong = program.run(&["history"]);
    assert_eq!(wrong.code, 0);
    assert!(
        wrong.stderr.contains("history.toml cannot be read"),
        "{}",
        wrong.stderr
    );
    assert_eq!(count(&program), 4);
}

#[test]
fn while_more_is_beyond_the_limits_nobody_is_told_that_they_hold() {
    let program = Program::new();
    let entry = |number: usize| {
        serde_json::json!({
            "request": { "method": "GET", "url": format!("http://h/{number}") },
            "response": { "status": 200 },
        })
    };
    let entries: Vec<_> = (0..203).map(entry).collect();
    let har = program.home().join("some.har");
    let archive = serde_json::json!({ "log": { "entries": entries } });
    fs::write(&har, archive.to_string()).unwrap();
    let imported = program.run(&["import", "har", har.to_str().unwrap()]);
    assert_eq!(imported.code, 0, "{}", imported.stderr);
    configure(&program, "history.toml", "count = 1");
    for told in [
        "The history is beyond its limits: 200 exchanges are forgotten (200 beyond 1)",
        "The history keeps within its limits: 2 exchanges are forgotten (2 beyond 1)",
    ] {
        let listed = program.run(&["history"]);
        assert!(listed.stderr.contains(told), "{}", listed.stderr);
        let goes_on = listed.stderr.contains("More goes with the next command");
        assert_eq!(goes_on, told.contains("is beyond"), "{}", listed.stderr);
    }
    assert_eq!(program.run(&["history"]).stderr, "");
}

#[test]
fn what_fits_an_expression_is_taken_out_and_not_told() {
    let program = Program::new();
    sent(&program, &["X-Note: leaked-1111"]);
    sent(&program, &["b=leaked-2222"]);
    sent(&program, &[]);
    let scrub = |arguments: &[&str]| {
        let run = program.run(&[&["history", "scrub", "--regex"], arguments].concat());
        assert!(!run.stderr.contains("1111"), "{}", run.stderr);
        (run.code, run.stderr)
    };
    let (code, told) = scrub(&["--dry-run", "leaked-[0-9]+"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("2 different texts fit"), "{told}");
    assert!(told.contains("2 exchanges hold it: 1, 2."), "{told}");
    assert_eq!(scrub(&["leaked-[0-9]+"]).0, 0);
    let (_, told) = scrub(&["leaked-[0-9]+"]);
    assert!(told.contains("No exchange holds it"), "{told}");
    assert_eq!(count(&program), 3);
    for wrong in ["leaked-(", "[a-z]"] {
        assert_eq!(scrub(&[wrong]).0, 2, "{wrong}");
    }
}
