//! `posttui env`, and the templates of `posttui send`.

use std::{fs, path::Path};

use crate::{
    program::{Program, Run, Running},
    server::Server,
};

const SECRET: &str = "hunter2-s3cret/ü&";

fn with_environments() -> Program {
    let program = Program::new();
    let folder = program.home().join("config/environments");
    fs::create_dir_all(&folder).unwrap();
    let files = [
        ("base", "[variables]\nuser = 'ann'\n"),
        (
            "local",
            "extends = 'base'\n[variables]\nauth = '{{ token | base64 }}'\ntoken = { secret = true }\n",
        ),
        ("prod", "production = true\n"),
    ];
    for (name, text) in files {
        fs::write(folder.join(format!("{name}.toml")), text).unwrap();
    }
    program
}

fn run_with_secret(program: &Program, words: &[&str]) -> Run {
    let mut command = program.command(words);
    command.env("POSTTUI_SECRET_TOKEN", SECRET);
    Running::start(command).finish()
}

/// Whether any file of a folder holds the bytes.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        let content = fs::read(path).unwrap();
        content.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn environments_are_listed_and_shown_without_their_secrets() {
    let program = with_environments();
    let run = run_with_secret(&program, &["env"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(
        run.text()
            .contains("local    2 variables, 1 secret, extends base"),
        "{}",
        run.text()
    );
    assert!(run.text().contains("PRODUCTION"));
    let run = run_with_secret(&program, &["env", "show", "local"]);
    assert!(run.text().contains("token  ••••"), "{}", run.text());
    assert!(
        run.text().contains("user   ann  (from base)"),
        "{}",
        run.text()
    );
    let run = program.run(&["env", "show", "local"]);
    assert!(
        run.text().contains("POSTTUI_SECRET_TOKEN"),
        "{}",
        run.text()
    );
    let run = program.run(&["env", "show", "loca"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("base, local, prod"), "{}", run.stderr);
    assert!(
        Program::new()
            .run(&["env", "list"])
            .text()
            .contains("No environments yet")
    );
}

#[test]
fn templates_are_expanded_in_every_field() {
    let program = with_environments();
    let server = Server::answering("200 OK", &[], b"");
    let url = format!("127.0.0.1:{}/{{{{ user }}}}?a={{{{ n }}}}", server.port);
    let run = program.run(&[
        "send",
        &url,
        "--env",
        "local",
        "--var",
        "n=7",
        "X-Who:{{ env('WHO') }}",
        "q=={{ 1 + 1 }}",
        "name={{ user | upper }}",
    ]);
    assert_eq!(run.code, 2, "WHO is not set");
    assert!(run.stderr.contains("WHO is not set"), "{}", run.stderr);
    assert!(
        run.stderr.contains("the value of header 1"),
        "{}",
        run.stderr
    );
    let run = program.run(&[
        "send",
        &url,
        "--env",
        "local",
        "--var",
        "n=7",
        "q=={{ 1 + 1 }}",
        "name={{ user | upper }}",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let received = server.received();
    assert!(
        received.head.starts_with("POST /ann?a=7&q=2 HTTP/1.1\r\n"),
        "{}",
        received.head
    );
    assert_eq!(received.body, b"name=ANN");
}

#[test]
fn json_fields_are_quoted_when_their_values_are_known() {
    let server = Server::answering("200 OK", &[], b"");
    let run = Program::new().run(&[
        "send",
        "--json",
        &server.url("/"),
        "--var",
        "who=a\"b",
        "--var",
        "n=3",
        "name=Dear {{ who }}, \"{{ \"x\" }}\"",
        "age:={{ n }}",
        "plain={}",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let body = String::from_utf8(server.received().body).unwrap();
    assert_eq!(body, r#"{"name":"Dear a\"b, \"x\"","age":3,"plain":"{}"}"#);
}

#[test]
fn a_wrong_template_sends_nothing_and_says_where() {
    let program = with_environments();
    for (words, part) in [
        (
            &[":1/{{ usr }}", "--env", "local"][..],
            "undefined: usr — did you mean user?",
        ),
        (
            &[":1/{{ usr }}", "--env", "local"],
            "line 1, column 7 of the URL",
        ),
        (&[":1", "a={{ x"], "never closed"),
        (&[":1", "--env", "nope"], "no environment “nope”"),
        (
            &[":1", "a={{ token }}", "--env", "local"],
            "POSTTUI_SECRET_TOKEN",
        ),
        (&[":1", "a={{ prompt('code') }}"], "--var 'code=…'"),
        (&[":1", "--var", "x"], "a name and its value"),
    ] {
        let run = program.run(&[&["send"], words].concat());
        assert_eq!((run.code, run.text()), (2, ""), "{words:?}");
        assert!(run.stderr.contains(part), "{words:?}: {}", run.stderr);
    }
    assert_eq!(program.run(&["history", "--json"]).text(), "");
}

#[test]
fn a_secret_is_sent_and_never_reaches_the_disk_or_the_screen() {
    let program = with_environments();
    let echo = format!("x-echo: {SECRET}");
    let server = Server::answering("200 OK", &[&echo], SECRET.as_bytes());
    let url = format!(
        "http://ann:{{{{ token | urlencode }}}}@127.0.0.1:{}/{{{{ token | urlencode }}}}",
        server.port
    );
    let run = run_with_secret(
        &program,
        &[
            "send",
            "--env",
            "local",
            "-o",
            "json",
            &url,
            "X-Token:{{ token }}",
            "X-Auth:{{ auth }}",
            "q=={{ token }}",
            "a={{ token }}",
            "otp={{ prompt('otp') }}",
            "--var",
            "otp=9876543",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    let received = server.received();
    assert!(
        received.head.contains("authorization: Basic "),
        "{}",
        received.head
    );
    let body = String::from_utf8(received.body).unwrap();
    assert!(
        body.starts_with("a=hunter2-s3cret%2F%C3%BC%26&otp=9876543"),
        "{body}"
    );
    let exchange = run.json();
    assert!(exchange["request"].to_string().contains("‹secret token›"));
    let shown = program.run(&["history", "show", "1"]);
    let listed = program.run(&["history"]);
    for text in [
        &exchange["request"].to_string(),
        shown.text(),
        listed.text(),
    ] {
        assert!(
            !text.contains("hunter2") && !text.contains("9876543"),
            "{text}"
        );
    }
    for spelling in ["hunter2", "aHVudGVy", "9876543"] {
        assert!(
            !holds(&program.home().join("data"), spelling.as_bytes()),
            "{spelling}"
        );
    }
    assert!(holds(
        &program.home().join("data"),
        "‹secret token›".as_bytes()
    ));
    assert!(
        holds(&program.home().join("data"), b"{{ token }}"),
        "it can be sent again"
    );
}

#[cfg(unix)]
#[test]
fn a_secret_comes_from_the_keyring_of_the_desktop() {
    use std::{os::unix::fs::PermissionsExt, process::Command};

    let program = with_environments();
    let bin = program.home().join("bin");
    fs::create_dir_all(&bin).unwrap();
    let tool = bin.join("secret-tool");
    // What it is asked for is told, too.
    let script =
        "#!/bin/sh\ntest \"$1\" = probe && exit\necho \"$*\" > \"$0.asked\"\ncat \"$0.item\"\n";
    fs::write(&tool, script).unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    // Another test that starts a program just now holds all that is open, the script too, for a moment.
    let is_busy = |probed: std::io::Error| probed.kind() == std::io::ErrorKind::ExecutableFileBusy;
    while Command::new(&tool)
        .arg("probe")
        .status()
        .is_err_and(is_busy)
    {
        std::thread::yield_now();
    }
    fs::write(bin.join("secret-tool.item"), "token = 'in-the-ring'\n").unwrap();
    let data = program.home().join("data");
    fs::create_dir_all(&data).unwrap();
    fs::write(
        data.join("secrets.toml"),
        "[local]\nin_the_keyring = true\n",
    )
    .unwrap();
    let server = Server::answering("200 OK", &[], b"");
    let url = format!("127.0.0.1:{}/", server.port);
    let send = |path: &str| {
        let words = [
            "send",
            &url,
            "--env",
            "local",
            "X-T:{{ token }}",
            "-d",
            "a=1",
        ];
        let mut command = program.command(&words);
        command
            .env("PATH", path)
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/x");
        Running::start(command).finish()
    };
    let run = send(&format!("{}:/usr/bin:/bin", bin.display()));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let asked = fs::read_to_string(bin.join("secret-tool.asked")).unwrap();
    assert_eq!(
        asked.trim(),
        format!(
            "lookup application posttui home {} environment local",
            data.display()
        )
    );
    let head = server.received().head;
    assert!(head.contains("X-T: in-the-ring"), "{head}");
    assert!(!holds(&data, b"in-the-ring"));
    // Where the keyring is gone, that is said, and nothing goes out.
    let run = send("/nowhere");
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("secret-tool is not installed"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_only_known_at_the_send_is_a_mark_where_nothing_is_sent() {
    let program = with_environments();
    let words = [
        "send",
        "--dry-run",
        "--env",
        "local",
        "--idempotency-key",
        "--var",
        "pin=12",
        ":9/{{ uuid() }}",
        "otp={{ prompt('one-time code') }}",
        "pin={{ prompt('pin') }}",
        "user={{ user }}",
    ];
    let run = program.run(&words);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let text = run.text();
    for part in [
        "POST /‹uuid()› HTTP/1.1\r\n",
        "idempotency-key: \"‹made when it is sent›\"\r\n",
        "content-length: ‹known when it is sent›\r\n",
        "\r\n\r\notp=‹prompt('one-time code')›&pin=‹secret pin›&user=ann",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}
