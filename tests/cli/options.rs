//! `posttui send` and how a request is sent: options by the command line, the environment and the
//! configuration, further attempts, redirects that ask.

use std::{fs, io::Write};

use crate::{
    program::Program,
    server::{Answer, Server, answer},
};

fn busy() -> Answer {
    answer("503 Service Unavailable", &[], b"busy")
}

fn found() -> Answer {
    answer("302 Found", &["Location: /there"], b"")
}

fn ok() -> Answer {
    answer("200 OK", &[], b"fine")
}

fn configured(program: &Program, file: &str, text: &str) {
    let path = program.home().join("config").join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn key(head: &str) -> Option<&str> {
    head.lines()
        .find_map(|line| line.strip_prefix("idempotency-key: "))
}

#[test]
fn compression_that_was_asked_for_is_undone() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(b"{\"a\":1}").unwrap();
    let zipped = encoder.finish().unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    for _ in 0..65 {
        encoder.write_all(&vec![0; 1024 * 1024]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let headers = ["content-type: application/json", "content-encoding: gzip"];
    let printed = |body: &[u8], words: &[&str]| {
        let server = Server::answering("200 OK", &headers, body);
        let run = Program::new().run(&[&["send", "-q", &server.url("/")], words].concat());
        (run.stdout, run.stderr)
    };
    assert_eq!(printed(&zipped, &["--compression"]).0, b"{\"a\":1}");
    assert_eq!(
        printed(&zipped, &[]).0,
        zipped,
        "a server that was not asked"
    );
    let (wrong, why) = printed(b"no gzip", &["--compression"]);
    assert_eq!(wrong, b"no gzip");
    assert!(
        why.contains("printed as it came: the content-encoding says gzip"),
        "{why}"
    );
    let (stopped, why) = printed(&bomb, &["--compression"]);
    assert_eq!(stopped, bomb);
    assert!(
        why.contains("decoding gzip was stopped at 64.0 MiB"),
        "{why}"
    );
}

#[test]
fn the_command_line_wins_over_the_environment_which_wins_over_the_configuration() {
    let program = Program::new();
    configured(
        &program,
        "options.toml",
        "redirects = \"stop\"\ncompression = true\n",
    );
    configured(
        &program,
        "environments/follows.toml",
        "[options]\nredirects = \"follow\"\n[variables]\n",
    );
    let run = |words: &[&str], answers: Vec<Answer>| {
        let server = Server::start(answers);
        let url = server.url("/x");
        let run = program.run(&[&["send", "GET", url.as_str(), "-o", "json"], words].concat());
        assert!(
            server
                .received()
                .head
                .contains("accept-encoding: gzip, deflate, br, zstd")
        );
        run.json()["outcome"]["response"]["status"].as_u64()
    };
    assert_eq!(run(&[], vec![found()]), Some(302));
    assert_eq!(run(&["--env", "follows"], vec![found(), ok()]), Some(200));
    assert_eq!(
        run(&["--env", "follows", "--no-follow"], vec![found()]),
        Some(302)
    );
    let shown = program.run(&["env", "show", "follows"]);
    let text = shown.text();
    assert!(
        text.contains("options.redirects  follow  (environment follows)"),
        "{text}"
    );
    configured(
        &program,
        "options.toml",
        "redirects = \"maybe\"\nfast = true\n",
    );
    let wrong = program.run(&["send", ":9/x"]);
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
    for part in [
        "“maybe” is none of",
        "(options.toml)",
        "there is no option “fast”",
    ] {
        assert!(wrong.stderr.contains(part), "{part}: {}", wrong.stderr);
    }
    let rows = program.run(&["history", "--json"]).ndjson();
    assert_eq!(rows.len(), 3, "nothing was sent");
}

#[test]
fn a_get_is_tried_again_and_each_attempt_is_told() {
    let program = Program::new();
    let server = Server::start(vec![busy(), busy(), ok()]);
    let url = server.url("/x");
    let words = [
        "send",
        "GET",
        &url,
        "--retry",
        "2",
        "--retry-wait",
        "0.01",
        "-o",
        "json",
    ];
    let run = program.run(&words);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("After 503: attempt 2 of 3 in 10 ms."),
        "{}",
        run.stderr
    );
    let exchange = run.json();
    let attempts: Vec<_> = exchange["hops"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hop| hop["attempt"].as_u64())
        .collect();
    assert_eq!(attempts, [Some(1), Some(2), Some(3)]);
    assert_eq!(
        program.run(&["history", "--json"]).ndjson().len(),
        1,
        "one send"
    );
}

#[test]
fn a_post_is_tried_again_with_its_key_only_and_each_send_has_its_own() {
    let program = Program::new();
    let server = Server::start(vec![busy(), busy(), ok(), ok()]);
    let url = server.url("/x");
    let retried = ["send", &url, "a=1", "--retry", "2", "--retry-wait", "0"];
    let plain = program.run(&retried);
    assert_eq!(plain.text(), "busy");
    assert!(plain.stderr.contains("Not tried again"), "{}", plain.stderr);
    assert_eq!(key(&server.received().head), None);
    let run = program.run(&[&retried[..], &["--idempotency-key"]].concat());
    assert_eq!(run.text(), "fine", "{}", run.stderr);
    let (first, second) = (server.received().head, server.received().head);
    let made = key(&first).unwrap();
    assert_eq!(Some(made), key(&second), "the same for both attempts");
    assert_eq!(made.len(), 38, "a UUID in quotes");
    assert_eq!(made.as_bytes()[15], b'4', "{made}");
    program.run(&[&retried[..], &["--idempotency-key"]].concat());
    assert_ne!(
        Some(made),
        key(&server.received().head),
        "another send, another key"
    );
    let given = program.run(&["send", "--dry-run", ":9/x", "--idempotency-key=mine"]);
    assert!(
        given.text().contains("idempotency-key: \"mine\"\r\n"),
        "{}",
        given.text()
    );
}

#[test]
fn a_redirect_that_asks_stops_where_there_is_no_terminal() {
    let program = Program::new();
    let server = Server::start(vec![found()]);
    let run = program.run(&["send", &server.url("/x"), "--redirects", "ask"]);
    assert!(run.stderr.contains("302"), "{}", run.stderr);
    assert!(
        run.stderr.contains("nobody said to go on"),
        "{}",
        run.stderr
    );
    server.received();
}

#[test]
fn no_secret_of_the_way_is_kept_or_printed() {
    let program = Program::new();
    let proxy = Server::start(vec![ok()]);
    let url = format!("http://me:s3cret@127.0.0.1:{}", proxy.port);
    let certificate = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/certificates/modern.p12"
    );
    let run = program.run(&[
        "send",
        "127.0.0.1:9/x",
        "-x",
        &url,
        "--cert",
        certificate,
        "--cert-password",
        "secret",
        "-o",
        "json",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let wrong = program.run(&[
        "send",
        ":9/x",
        "--cert",
        certificate,
        "--cert-password",
        "guessed",
    ]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.stderr.contains("password is wrong"),
        "{}",
        wrong.stderr
    );
    let shown = program.run(&["history", "show", "1", "--json"]);
    for text in [run.text(), shown.text(), &run.stderr, &wrong.stderr] {
        assert!(
            !text.contains("s3cret") && !text.contains("guessed"),
            "{text}"
        );
        assert!(!text.contains("\"secret\""), "{text}");
    }
    let files = fs::read_dir(program.home().join("data")).unwrap();
    for file in files.flatten().filter(|file| file.path().is_file()) {
        let bytes = fs::read(file.path()).unwrap();
        assert!(
            !bytes.windows(6).any(|window| window == b"s3cret"),
            "{file:?}"
        );
    }
}
