//! What the user holds secret beside what everybody does: `masks.toml` of the configuration.

use std::fs;

use crate::{
    program::Program,
    server::Server,
    unkept::{files_with, write},
};

const FILE: &str =
    "fields = [\"pin\", \"x-internal-id\"]\n\n[patterns]\nemployee = 'EMP-[0-9]{6}'\n";

/// Sends all of it in every place, and gets it back in every place.
fn send(program: &Program) {
    let body = br#"{"pin": "s3cr3t-pin", "badge": "EMP-123456", "kept": "k3pt"}"#;
    let headers = [
        "content-type: application/json",
        "x-internal-id: s3cr3t-pin",
        "x-badge: EMP-123456",
    ];
    let server = Server::answering("200 OK", &headers, body);
    let run = program.run(&[
        "send",
        &server.url("/EMP-123456?pin=s3cr3t-pin&q=EMP-123456"),
        "pin=s3cr3t-pin",
        "badge=EMP-123456",
        "kept=k3pt",
        "X-Internal-Id:s3cr3t-pin",
        "X-Badge:EMP-123456",
    ]);
    assert!(
        run.text().contains("EMP-123456"),
        "the answer is seen whole"
    );
    let received = server.received();
    assert!(received.head.contains("EMP-123456"), "it is sent as it is");
}

#[test]
fn fields_and_shapes_of_the_user_never_reach_the_disk() {
    let program = Program::new();
    write(&program, "masks.toml", FILE);
    send(&program);
    for secret in ["s3cr3t-pin", "EMP-123456"] {
        let found = files_with(&program.home().join("data"), secret);
        assert_eq!(found, Vec::<String>::new(), "{secret}");
    }
    let shown = program.run(&["history", "show", "1"]);
    let text = shown.text();
    for kept in ["k3pt", "‹secret employee›", "‹redacted by posttui›"] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    let found = program.run(&["history", "--json", "123456"]);
    assert!(found.ndjson().is_empty(), "not even in the index");
}

#[test]
fn what_is_printed_of_the_request_and_the_heads_is_masked_and_the_answer_is_as_it_came() {
    let program = Program::new();
    write(&program, "masks.toml", FILE);
    let answer = br#"{"pin": "s3cr3t-pin", "badge": "EMP-123456"}"#;
    let headers = [
        "content-type: application/json",
        "x-internal-id: s3cr3t-pin",
    ];
    let server = Server::answering("200 OK", &headers, answer);
    let run = program.run(&[
        "send",
        "-v",
        "-o",
        "json",
        &server.url("/EMP-123456?pin=s3cr3t-pin"),
        "pin=s3cr3t-pin",
        "X-Internal-Id:s3cr3t-pin",
        "--on",
        "200=Done with EMP-123456.",
    ]);
    assert_eq!(server.received().body, b"pin=s3cr3t-pin");
    let mut printed = run.json();
    let text = printed["outcome"]["response"]["body"]["text"].take();
    assert_eq!(text.as_str().unwrap().as_bytes(), answer);
    for secret in ["s3cr3t-pin", "EMP-123456"] {
        assert!(!printed.to_string().contains(secret), "{printed}");
        assert!(!run.stderr.contains(secret), "{}", run.stderr);
    }
    assert_eq!(
        printed["request"]["body"]["bytes"], 14,
        "as many as were sent"
    );
    let kept = program.run(&["history", "show", "1"]).json();
    assert_eq!(kept["request"], printed["request"]);
}

#[test]
fn sending_again_names_what_is_missing() {
    let program = Program::new();
    write(&program, "masks.toml", FILE);
    send(&program);
    let run = program.run(&["replay", "1"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("#1: the history does not keep"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("employee"), "{}", run.stderr);
}

#[test]
fn what_comes_in_from_elsewhere_is_looked_through_too() {
    let program = Program::new();
    send(&program);
    let har = program.home().join("out.har");
    let har = har.to_str().unwrap();
    let out = program.run(&["history", "export", "--format", "har", "-o", har]);
    assert_eq!(out.code, 0, "{}", out.stderr);
    let other = Program::new();
    write(&other, "masks.toml", FILE);
    let run = other.run(&["import", "har", har]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(other.run(&["history", "--json"]).ndjson().len(), 1);
    let found = files_with(&other.home().join("data"), "EMP-123456");
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn while_the_file_cannot_be_read_nothing_is_kept_and_that_is_told() {
    let program = Program::new();
    write(&program, "masks.toml", "[patterns]\nemployee = 'EMP-['\n");
    let server = Server::answering("200 OK", &[], b"fine");
    let run = program.run(&["send", &server.url("/"), "badge=EMP-123456"]);
    assert_eq!((run.code, run.text()), (0, "fine"));
    for said in [
        "Nothing new is kept in the history",
        "masks.toml",
        "“employee”",
    ] {
        assert!(run.stderr.contains(said), "{said}: {}", run.stderr);
    }
    assert!(files_with(program.home(), "EMP-123456").is_empty());
    // What is there can be read all the same.
    let listed = program.run(&["history"]);
    assert_eq!(listed.code, 0, "{}", listed.stderr);
    assert!(listed.stderr.contains("masks.toml"), "{}", listed.stderr);
    fs::remove_file(program.home().join("config/masks.toml")).unwrap();
    assert!(program.run(&["history", "--json"]).ndjson().is_empty());
}
