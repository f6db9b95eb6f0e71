//! What of an answer reaches the disk, and what of a request whose shape is not told by its media type.

use std::io::Write;

use crate::{
    program::Program,
    server::{Server, answer},
    unkept::{files_with, write},
};

const SECRET: &str = "s3cr3t-value";

fn in_clear(program: &Program) -> Vec<String> {
    files_with(&program.home().join("data"), SECRET)
}

#[test]
fn secrets_of_an_answer_are_seen_once_and_never_reach_the_disk() {
    let token = format!("ghp_{}", "a1".repeat(18));
    for (media, body) in [
        (
            "application/json",
            format!("{{\"id\":7,\"token\":[\"{SECRET}\"]}}"),
        ),
        ("text/plain", format!("{{\"otp\":\"{SECRET}\"}}")),
        (
            "application/x-www-form-urlencoded",
            format!("access_token={SECRET}&a=1"),
        ),
        (
            "application/xml",
            format!("<a><password>{SECRET}</password></a>"),
        ),
        ("text/plain", format!("yours is {token}")),
    ] {
        let program = Program::new();
        let media = format!("content-type: {media}");
        let server = Server::answering("200 OK", &[&media], body.as_bytes());
        let run = program.run(&["send", &server.url("/"), "a=1"]);
        assert_eq!((run.code, run.text()), (0, body.as_str()));
        for secret in [SECRET, &token] {
            assert_eq!(
                files_with(&program.home().join("data"), secret),
                Vec::<String>::new()
            );
        }
        let shown = program.run(&["history", "show", "1"]);
        let response = &shown.ndjson()[0]["outcome"]["response"];
        assert_eq!(response["masked"], 1, "{response}");
        assert_eq!(response["received_bytes"], body.len(), "{response}");
        let alone = program.run(&["history", "show", "1", "--body"]);
        assert!(
            alone
                .stderr
                .contains("1 value of this body is kept as a mark"),
            "{}",
            alone.stderr
        );
        let listed = program.run(&["history", "--json"]).ndjson();
        assert_eq!(listed[0]["body_bytes"], body.len(), "{}", listed[0]);
    }
}

#[test]
fn a_compressed_answer_is_looked_into_and_stays_compressed() {
    let program = Program::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    write!(gzip, "{{\"token\":\"{SECRET}\",\"id\":7}}").unwrap();
    let body = gzip.finish().unwrap();
    let headers = ["content-type: application/json", "content-encoding: gzip"];
    let server = Server::answering("200 OK", &headers, &body);
    let run = program.run(&["send", &server.url("/"), "a=1"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let told = program.run(&["history", "export", "--format", "markdown"]);
    let text = told.text();
    assert!(
        text.contains("content-encoding: gzip") && text.contains("‹redacted by posttui›"),
        "{text}"
    );
    assert!(!text.contains(SECRET), "{text}");
}

#[test]
fn who_wants_answers_as_they_came_has_them() {
    let program = Program::new();
    write(
        &program,
        "masks.toml",
        "answers = \"as they came\"\nfields = [\"pin\"]\n",
    );
    let body = br#"{"token":"t0ken-kept","pin":"s3cr3t-value"}"#;
    let headers = ["content-type: application/json"];
    let server = Server::answering("200 OK", &headers, body);
    program.run(&["send", &server.url("/"), "a=1"]);
    let shown = program.run(&["history", "show", "1"]);
    assert!(shown.text().contains("t0ken-kept"), "{}", shown.text());
    assert_eq!(in_clear(&program), Vec::<String>::new());
}

#[test]
fn a_request_hides_its_secrets_in_every_shape() {
    let json = format!("{{\"password\":[\"{SECRET}\"]}}");
    let query = format!("{{\"query\":\"mutation {{ a(password: \\\"{SECRET}\\\") }}\"}}");
    for (media, body) in [
        ("application/json", &json),
        ("text/plain", &json),
        ("application/json", &query),
        (
            "application/graphql",
            &format!("mutation {{ a(password: \"{SECRET}\") }}"),
        ),
        (
            "text/xml",
            &format!("<l><token>{SECRET}</token><u pwd='{SECRET}'/></l>"),
        ),
    ] {
        let program = Program::new();
        let server = Server::answering("200 OK", &[], b"ok");
        let media = format!("Content-Type:{media}");
        let run = program.run(&["send", &server.url("/"), "--body", body, &media]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let sent = server.received();
        assert_eq!(String::from_utf8_lossy(&sent.body), body.as_str());
        assert_eq!(in_clear(&program), Vec::<String>::new(), "{body}");
    }
}

#[test]
fn an_archive_that_tells_the_media_type_beside_the_body_alone_is_masked() {
    let program = Program::new();
    let har = program.home().join("in.har");
    for (media, text) in [
        (
            "application/json",
            format!("{{\\\"password\\\":\\\"{SECRET}\\\"}}"),
        ),
        (
            "application/x-www-form-urlencoded",
            format!("password={SECRET}"),
        ),
        ("text/xml", format!("<password>{SECRET}</password>")),
    ] {
        let text = format!(
            "{{\"log\":{{\"entries\":[{{\"startedDateTime\":\"2026-01-01T00:00:00Z\",\"time\":1,\
              \"request\":{{\"method\":\"POST\",\"url\":\"http://h/\",\"headers\":[],\
              \"postData\":{{\"mimeType\":\"{media}\",\"text\":\"{text}\"}}}},\
              \"response\":{{\"status\":200,\"headers\":[],\"content\":{{}}}}}}]}}}}"
        );
        std::fs::write(&har, text).unwrap();
        let run = program.run(&["import", "har", har.to_str().unwrap()]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(in_clear(&program), Vec::<String>::new(), "{media}");
    }
}

#[test]
fn a_file_that_is_gone_is_named_before_anything_is_sent_again() {
    let program = Program::new();
    let file = program.home().join("notes.txt");
    std::fs::write(&file, "content").unwrap();
    let server = Server::answering("200 OK", &[], b"ok");
    let part = format!("file@{}", file.display());
    let run = program.run(&["send", &server.url("/"), &part]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    std::fs::remove_file(&file).unwrap();
    let run = program.run(&["replay", "1"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("#1 was not sent") && run.stderr.contains("notes.txt cannot be read"),
        "{}",
        run.stderr
    );
    assert_eq!(program.run(&["history", "--json"]).ndjson().len(), 1);
}

#[test]
fn a_typed_password_of_a_form_is_not_sent_again_as_a_mark() {
    let program = Program::new();
    let server = Server::answering("200 OK", &[], b"ok");
    let run = program.run(&[
        "send",
        &server.url("/"),
        "user=ann",
        "password=s3cr3t-value",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = program.run(&["replay", "1"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("#1"), "{}", run.stderr);
}

#[test]
fn what_the_user_put_on_an_exchange_goes_along_everywhere() {
    let program = Program::new();
    let server = Server::answering("200 OK", &[], b"ok");
    program.run(&["send", &server.url("/"), "a=1"]);
    let database = program.home().join("data/history.sqlite3");
    let database = rusqlite::Connection::open(database).unwrap();
    let sql =
        "UPDATE exchange SET name = 'before the fix', note = 'n0te', tags = ' bug ', pinned = 1";
    database.execute(sql, ()).unwrap();
    drop(database);
    let json = program.run(&["history", "--json"]).ndjson().remove(0);
    assert_eq!(
        (&json["name"], &json["pinned"]),
        (&"before the fix".into(), &true.into())
    );
    let shown = program.run(&["history", "show", "1"]).ndjson().remove(0);
    assert_eq!(shown["label"]["tags"][0], "bug", "{shown}");
    for words in [
        &["history"][..],
        &["history", "export", "--format", "har"],
        &["history", "export", "--format", "ndjson"],
        &["history", "export", "--format", "markdown"],
    ] {
        let run = program.run(words);
        for said in ["before the fix", "n0te", "bug"] {
            assert!(run.text().contains(said), "{words:?}: {}", run.text());
        }
    }
    let folder = program.home().join("out");
    let words = [
        "history",
        "export",
        "--format",
        "folder",
        "-o",
        folder.to_str().unwrap(),
    ];
    assert_eq!(program.run(&words).code, 0);
    let again = program.run(&words);
    assert_eq!(again.code, 2, "{}", again.stderr);
    assert!(again.stderr.contains("--force"), "{}", again.stderr);
    assert_eq!(program.run(&[&words[..], &["--force"]].concat()).code, 0);
}

#[test]
fn limits_hold_after_a_send() {
    let program = Program::new();
    write(&program, "history.toml", "count = 2\n");
    let server = Server::start(vec![crate::server::answer("200 OK", &[], b"ok"); 4]);
    for _ in 0..4 {
        program.run(&["send", &server.url("/"), "a=1"]);
    }
    let database = rusqlite::Connection::open(program.home().join("data/history.sqlite3")).unwrap();
    let count: i64 = database
        .query_row("SELECT count(*) FROM exchange", (), |row| row.get(0))
        .unwrap();
    assert_eq!(count, 2);
}

#[test]
fn what_is_sent_again_has_the_secrets_of_its_own_environment() {
    let program = Program::new();
    for name in ["one", "two"] {
        let file = format!("environments/{name}.toml");
        write(&program, &file, "[variables]\ntoken = { secret = true }\n");
    }
    let data = program.home().join("data");
    std::fs::create_dir_all(&data).unwrap();
    let secrets = "[one]\ntoken = 'first-t0ken'\n\n[two]\ntoken = 'second-t0ken'\n";
    std::fs::write(data.join("secrets.toml"), secrets).unwrap();
    let server = Server::start(vec![crate::server::answer("200 OK", &[], b"ok"); 4]);
    for name in ["one", "two"] {
        let url = server.url("/");
        let run = program.run(&["send", &url, "--env", name, "X-T:{{ token }}", "a=1"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        server.received();
    }
    let run = program.run(&["replay", "1", "2"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for token in ["first-t0ken", "second-t0ken"] {
        let head = server.received().head;
        assert!(head.contains(token), "{head}");
    }
}

/// Every kind of secret that a request carries, and an answer that says them all under names of its own.
#[test]
fn what_was_sent_in_secret_fields_is_not_kept_where_the_server_sends_it_back() {
    let sent = [
        "EchoField1",
        "EchoBearer2",
        "EchoKey3",
        "EchoCookie4",
        "EchoQuery5",
        "EchoPass6",
        "bWU6RWNob1Bhc3M2",
        "EchoBody7",
        "EchoPart8",
    ];
    let body = format!("you sent {}", sent.join(", "));
    let headers = ["content-type: text/plain", "x-echo: EchoField1 EchoBearer2"];
    let server = Server::start(vec![answer("200 OK", &headers, body.as_bytes()); 3]);
    let program = Program::new();
    let file = program.home().join("notes.txt");
    std::fs::write(&file, "content").unwrap();
    let part = format!("file@{}", file.display());
    for arguments in [
        &[
            "password=EchoField1",
            "--bearer",
            "EchoBearer2",
            "X-Api-Key:EchoKey3",
            "--cookie",
            "sid=EchoCookie4",
            "token==EchoQuery5",
        ] as &[&str],
        &["-u", "me:EchoPass6", "--body", r#"{"otp":"EchoBody7"}"#],
        &["secret=EchoPart8", &part],
    ] {
        let url = server.url("/echo");
        let run = program.run(&[&["send", &url] as &[&str], arguments].concat());
        assert_eq!((run.code, run.text()), (0, body.as_str()), "{}", run.stderr);
    }
    let kept = |id: &str| {
        let shown = program.run(&["history", "show", id]);
        let body = program.run(&["history", "show", id, "--body"]);
        format!("{}{}", shown.text(), body.text())
    };
    let [first, second, third] = ["1", "2", "3"].map(kept);
    for (text, values) in [
        (first, &sent[..5]),
        (second, &sent[5..8]),
        (third, &sent[8..]),
    ] {
        for value in values {
            assert!(!text.contains(value), "{value}: {text}");
        }
    }
}
