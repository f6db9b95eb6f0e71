//! What may change something in production takes a word on the command line where nobody can be asked.

use std::fs;

use crate::{
    program::Program,
    server::{Server, answer},
};

fn program() -> Program {
    let program = Program::new();
    let folder = program.home().join("config/environments");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("prod.toml"), "production = true\n").unwrap();
    fs::write(folder.join("live.toml"), "extends = 'prod'\n").unwrap();
    program
}

#[test]
fn without_a_terminal_a_send_to_production_is_refused_unless_it_is_agreed_to() {
    let program = program();
    let ok = answer("200 OK", &[], b"");
    let server = Server::start(vec![ok.clone(), ok]);
    let url = server.url("/orders?token=s3cret");
    for environment in ["prod", "live"] {
        let refused = program.run(&["send", "--env", environment, &url, "a=1"]);
        assert_eq!((refused.code, refused.text()), (2, ""));
        for part in [
            &format!("“{environment}” is PRODUCTION"),
            "--yes",
            "POST http://127.0.0.1",
            "/orders",
            "nothing was sent",
        ] {
            assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
        }
        assert!(!refused.stderr.contains("s3cret"), "{}", refused.stderr);
    }
    assert_eq!(program.run(&["history", "--json"]).text(), "");
    // What changes nothing goes out, and so does what was agreed to.
    let safe = program.run(&["send", "--env", "prod", "GET", &server.url("/safe")]);
    assert_eq!(safe.code, 0, "{}", safe.stderr);
    assert!(server.received().head.starts_with("GET /safe"));
    let agreed = program.run(&["send", "--env", "live", "--yes", &url, "a=1"]);
    assert_eq!(agreed.code, 0, "{}", agreed.stderr);
    assert!(server.received().head.starts_with("POST /orders"));
    let shown = program.run(&["send", "--env", "prod", "--dry-run", &url, "a=1"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
}

#[test]
fn what_went_to_production_is_sent_there_again_with_the_same_word() {
    let program = program();
    let ok = answer("200 OK", &[], b"");
    let server = Server::start(vec![ok.clone(), ok]);
    let url = server.url("/orders");
    program.run(&["send", "--env", "prod", "-y", &url, "a=1"]);
    server.received();
    for words in [&["replay", "1"][..], &["replay", "1", "--env", "prod"]] {
        let refused = program.run(words);
        assert_eq!(refused.code, 2, "{words:?}");
        assert!(refused.stderr.contains("--yes"), "{}", refused.stderr);
    }
    let again = program.run(&["replay", "1", "--yes"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert_eq!(server.received().body, b"a=1");
}

#[test]
fn a_saved_request_that_is_sent_first_is_asked_about_too() {
    let program = program();
    let folder = program.home().join("data/collection");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("login.toml"), "url = ':9/login'\n").unwrap();
    let run = program.run(&[
        "send",
        "--env",
        "prod",
        "GET",
        ":9/me",
        "X-T:{{ response(\"login\").json.token }}",
    ]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("POST http://localhost:9/login"),
        "{}",
        run.stderr
    );
    assert_eq!(program.run(&["history", "--json"]).text(), "");
}
