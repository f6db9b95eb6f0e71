//! curl commands and dry runs on the command line.

use crate::{program::Program, server::Server};

#[test]
fn a_curl_command_is_sent_and_what_it_leaves_out_is_told() {
    let server = Server::answering("201 Created", &[], b"done");
    let program = Program::new();
    let command = format!(
        "curl --netrc -X PUT '{}' \\\n -H 'X-A: 1' -d a=1",
        server.url("/x")
    );
    let refused = program.run(&["send", "--curl", &command]);
    assert_eq!((refused.code, refused.text()), (2, ""));
    for part in ["--netrc: no file is read", "nothing was sent", "--lossy"] {
        assert!(refused.stderr.contains(part), "{}", refused.stderr);
    }
    assert_eq!(program.run(&["history", "--json"]).text(), "");
    let run = program.run(&["send", "--lossy", "--curl", &command, "--on", "201=Made."]);
    let received = server.received();
    assert!(
        received.head.starts_with("PUT /x HTTP/1.1\r\n"),
        "{}",
        received.head
    );
    assert!(received.head.contains("X-A: 1\r\n"), "{}", received.head);
    assert_eq!(received.body, b"a=1");
    assert_eq!((run.code, run.text()), (0, "done"), "{}", run.stderr);
    assert!(
        run.stderr.contains("--netrc: no file is read"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("Made."), "{}", run.stderr);
    assert_eq!(program.run(&["history", "--json"]).ndjson().len(), 1);
}

#[test]
fn a_dry_run_prints_the_wire_and_sends_nothing() {
    let program = Program::new();
    let words = ["send", "--dry-run", ":9/x", "a=ü", "X-A:1", "q==2"];
    let run = program.run(&words);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        run.text(),
        format!(
            "POST /x?q=2 HTTP/1.1\r\nhost: localhost:9\r\nX-A: 1\r\ncontent-type: application/x-www-form-urlencoded\r\nuser-agent: posttui/{version}\r\naccept: */*\r\ncontent-length: 8\r\n\r\na=%C3%BC"
        )
    );
    let bad = program.run(&["send", "--dry-run", "ftp://h/"]);
    assert_eq!((bad.code, bad.text()), (2, ""));
    assert_eq!(program.run(&["history", "--json"]).text(), "");
}

#[test]
fn a_dry_run_shows_what_is_added_at_the_send() {
    let program = Program::new();
    let dry = |words: &[&str]| {
        let run = program.run(&[&["send", "--dry-run", ":9/x", "a=1"], words].concat());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{words:?}");
        String::from_utf8(run.stdout).unwrap()
    };
    let signed = dry(&["--aws-sigv4", "eu-west-1/lambda", "-u", "AK:SK"]);
    assert!(signed.contains("\r\nx-amz-date: 20"), "{signed}");
    let (_, signature) = signed
        .split_once("/eu-west-1/lambda/aws4_request, ")
        .unwrap();
    assert!(
        signature.starts_with("SignedHeaders=content-type;host;x-amz-date, Signature="),
        "{signed}"
    );
    assert!(!signed.contains('‹'), "{signed}");
    let digest = dry(&["--digest", "-u", "ann:pw"]);
    assert!(digest.contains("authorization: ‹Digest, once"), "{digest}");
    let token = dry(&[
        "--auth",
        "oauth2",
        "--auth-field",
        "token_url=:9/t",
        "--auth-field",
        "client_id=c",
    ]);
    assert!(
        token.contains("authorization: Bearer ‹a token from http://localhost:9/t"),
        "{token}"
    );
}

#[test]
fn options_about_output_alone_do_not_keep_a_curl_command_back() {
    let server = Server::answering("200 OK", &[], b"");
    let command = format!("curl -sS -o out '{}' -d a=1 | jq .", server.url("/"));
    let run = Program::new().run(&["send", "--curl", &command]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(server.received().body, b"a=1");
}

#[test]
fn a_command_comes_from_stdin_or_a_file_too() {
    let program = Program::new();
    let command = b"curl http://h/ -d a=1";
    let run = program.run_with_stdin(&["send", "--dry-run", "--curl", "-"], command);
    assert!(run.text().ends_with("\r\n\r\na=1"), "{}", run.text());
    let file = program.home().join("request.sh");
    std::fs::write(&file, command).unwrap();
    let file = format!("@{}", file.display());
    let run = program.run(&["send", "--dry-run", "--curl", &file]);
    assert!(
        run.text().starts_with("POST / HTTP/1.1\r\n"),
        "{}",
        run.text()
    );
}

#[test]
fn a_wrong_command_is_refused_and_secrets_are_not_told() {
    let program = Program::new();
    for (words, part) in [
        (&["--curl", "wget x"][..], "does not begin with curl"),
        (&["--curl", "curl h --next i"], "--next"),
        (
            &["--curl", "curl h", ":1"],
            "--curl brings the whole request along",
        ),
        (&["--curl", "curl h -u ann:s3cret --frob"], "--frob"),
        (&["--curl", "curl h:99999 -u ann:s3cret"], "URL"),
    ] {
        let run = program.run(&[&["send"], words].concat());
        assert_eq!((run.code, run.text()), (2, ""), "{words:?}");
        assert!(run.stderr.contains(part), "{words:?}: {}", run.stderr);
        assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
    }
    assert_eq!(program.run(&["import", "curl", "/nowhere/x"]).code, 1);
    assert_eq!(program.run_with_stdin(&["import", "curl"], b"wget").code, 2);
}

#[test]
fn braces_of_a_curl_command_are_text() {
    let program = Program::new();
    let command = "curl http://h/ --data-raw 'p={{ env(\"HOME\") }}&q={{7*7}}'";
    let run = program.run(&["send", "--dry-run", "--curl", command]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let out = String::from_utf8_lossy(&run.stdout);
    assert!(out.contains("p={{ env(\"HOME\") }}&q={{7*7}}"), "{out}");
}
