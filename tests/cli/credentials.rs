//! `posttui send` with credentials, against the playground and a scripted server.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Stdio,
};

use posttui::{demo::Playground, model::REDACTED};

use crate::{
    program::{Program, Running},
    server::{Server, answer},
};

struct Ground {
    playground: Playground,
    _runtime: tokio::runtime::Runtime,
}

impl Ground {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let playground = runtime.block_on(Playground::start(None)).unwrap();
        Self {
            playground,
            _runtime: runtime,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.playground.url())
    }
}

#[test]
fn every_kind_opens_its_door() {
    let ground = Ground::start();
    let program = Program::new();
    let file = program.home().join("token.txt");
    std::fs::write(&file, "secret-token\n").unwrap();
    let token = format!("@{}", file.display());
    let token_url = format!("token_url={}", ground.url("/oauth/token"));
    let oauth = [
        "--auth",
        "oauth2",
        "--auth-field",
        &token_url,
        "--auth-field",
        "client_id=posttui",
        "--auth-field",
        "client_secret=passwd",
    ];
    let by_password = [
        &oauth[..],
        &["--auth-field", "grant=password", "-u", "user:passwd"],
    ]
    .concat();
    let cases: [(&str, &[&str]); 8] = [
        ("/auth/basic", &["-u", "user:passwd"]),
        ("/auth/bearer", &["--bearer", "secret-token"]),
        ("/auth/bearer", &["--bearer", &token]),
        ("/auth/api-key", &["--api-key", "X-Api-Key=secret-key"]),
        (
            "/auth/api-key",
            &["--api-key", "api_key=secret-key", "--api-key-in", "query"],
        ),
        ("/auth/digest", &["-u", "user:passwd", "--digest"]),
        ("/auth/bearer", &oauth),
        ("/auth/bearer", &by_password),
    ];
    for (path, options) in cases {
        let url = ground.url(path);
        let run = program.run(&[&["send", &url, "a=b"], options].concat());
        assert_eq!(run.code, 0, "{options:?}: {}", run.stderr);
        assert_eq!(run.json()["authenticated"], true);
        let printed = format!("{}{}", run.text(), run.stderr);
        for secret in ["passwd", "secret-token", "secret-key"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
    let kept = program.run(&["history", "--json"]);
    assert!(!kept.text().contains("secret-"), "{}", kept.text());
    for id in 1..=cases.len() {
        let shown = program.run(&["history", "show", &id.to_string()]);
        for secret in ["passwd", "secret-token", "secret-key", "cGFzc3dk"] {
            assert!(!shown.text().contains(secret), "{}", shown.text());
        }
    }
    let shown = program.run(&["history", "show", "5"]);
    assert!(
        shown.text().contains(&format!("api_key={REDACTED}")),
        "{}",
        shown.text()
    );
    let database = std::fs::read_dir(program.home())
        .unwrap()
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                std::fs::read_dir(path)
                    .unwrap()
                    .map(|it| it.unwrap().path())
                    .collect()
            } else {
                vec![path]
            }
        })
        .filter(|path| path.is_file() && *path != file);
    for path in database {
        let bytes = std::fs::read(&path).unwrap();
        for secret in [&b"secret-key"[..], b"secret-token"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "{} holds a secret", path.display());
        }
    }
}

#[test]
fn a_token_that_is_not_given_is_an_outcome_with_the_servers_reason() {
    let ground = Ground::start();
    let program = Program::new();
    let token_url = format!("token_url={}", ground.url("/oauth/token"));
    let run = program.run(&[
        "send",
        &ground.url("/auth/bearer"),
        "--auth",
        "oauth2",
        "--auth-field",
        &token_url,
        "--auth-field",
        "client_id=other",
        "--auth-field",
        "client_secret=hunter2",
    ]);
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(run.stderr.contains("✕ no credentials"), "{}", run.stderr);
    assert!(run.stderr.contains("invalid_client"), "{}", run.stderr);
    assert!(
        run.stderr.contains("sending again is safe"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
}

#[test]
fn aws_signs_what_is_sent() {
    let server = Server::start(vec![answer("200 OK", &[], b"")]);
    let run = Program::new().run(&[
        "send",
        &server.url("/x"),
        "--aws-sigv4",
        "eu-west-1/s3",
        "-u",
        "AK:sk",
        "a=b",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let head = server.received().head;
    assert!(head.contains("/eu-west-1/s3/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, "), "{head}");
}

#[test]
fn what_is_missing_is_said_before_anything_is_sent() {
    let program = Program::new();
    for (options, reason) in [
        (&["--bearer", ""][..], "the token is missing"),
        (&["--auth", "oauth2"], "the token URL is missing"),
        (&["--auth", "later"], "oauth2"),
        (&["-u", "ann"], "USER:PASSWORD"),
    ] {
        let run = program.run(&[&["send", ":9/x"], options].concat());
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(run.stderr.contains(reason), "{}", run.stderr);
    }
}

/// The login in the browser: the test is the browser.
#[test]
fn a_login_in_the_browser_ends_the_waiting() {
    let ground = Ground::start();
    let program = Program::new();
    let token_url = format!("token_url={}", ground.url("/oauth/token"));
    let authorize_url = format!("authorize_url={}", ground.url("/oauth/authorize"));
    let mut command = program.command(&[
        "send",
        &ground.url("/auth/bearer"),
        "--auth",
        "oauth2",
        "--auth-field",
        "grant=authorization-code",
        "--auth-field",
        &token_url,
        "--auth-field",
        &authorize_url,
        "--auth-field",
        "client_id=posttui",
    ]);
    for name in ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY"] {
        command.env_remove(name);
    }
    command.stdout(Stdio::null());
    let mut running = Running::start_reading(command);
    let mut told = String::new();
    let mut stderr = BufReader::new(running.child.stderr.take().unwrap());
    while !told.contains("state=") {
        assert!(stderr.read_line(&mut told).unwrap() > 0, "{told}");
    }
    let page = told
        .split_whitespace()
        .find(|word| word.starts_with("http://"))
        .unwrap();
    let back = visit(page);
    let location = back
        .lines()
        .find_map(|line| line.strip_prefix("Location: "))
        .unwrap();
    assert!(visit(location.trim()).contains("close this page"));
    assert!(running.child.wait().unwrap().success());
}

fn visit(url: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (address, target) = rest.split_at(rest.find('/').unwrap());
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

#[test]
fn a_dry_run_writes_what_goes_out_and_tells_what_comes_later() {
    let program = Program::new();
    let plain = program.run(&["send", "--dry-run", ":9/x", "--bearer", "s3cret"]);
    assert!(
        plain.text().contains("authorization: Bearer s3cret\r\n"),
        "{}",
        plain.text()
    );
    let digest = program.run(&["send", "--dry-run", ":9/x", "--digest", "-u", "ann:s3cret"]);
    let later = "authorization: ‹Digest, once the server's 401 has told its challenge›\r\n";
    assert!(digest.text().contains(later), "{}", digest.text());
    assert!(!digest.text().contains("s3cret"), "{}", digest.text());
}

/// A secret in a file of a collection is a question; the command line may answer it, or replace the kind.
#[test]
fn a_saved_request_brings_its_auth_along() {
    let program = Program::new();
    let folder = program.home().join("api");
    program.run(&["init", folder.to_str().unwrap()]);
    let text = "url = ':9/x'\n[auth]\nkind = 'basic'\nusername = 'ann'\npassword = '{{ prompt(\"password\") }}'\n";
    std::fs::write(folder.join("login.toml"), text).unwrap();
    let dry = |options: &[&str]| {
        let saved = ["send", "--dry-run", "--request", "login", "--collection"];
        let run = program.run(&[&saved[..], &[folder.to_str().unwrap()], options].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.text().to_owned()
    };
    // “ann:passwd”
    let sent = dry(&["-u", "ann:passwd"]);
    assert!(
        sent.contains("authorization: Basic YW5uOnBhc3N3ZA==\r\n"),
        "{sent}"
    );
    let asked = dry(&["--var", "password=passwd"]);
    assert!(
        asked.contains("authorization: Basic ") && !asked.contains("passwd"),
        "{asked}"
    );
    assert!(dry(&["--auth", "none"]).find("authorization").is_none());
    assert!(dry(&["--bearer", "t0"]).contains("authorization: Bearer t0\r\n"));
}
