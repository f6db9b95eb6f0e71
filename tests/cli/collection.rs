//! `posttui init`, `posttui collection` and `posttui send --request`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    program::{Program, Running},
    server::{Server, answer},
    unkept::files_with,
};

/// A collection in the program's folder, made by `posttui init`.
fn collection(program: &Program) -> PathBuf {
    let folder = program.home().join("api");
    let run = program.run(&["init", folder.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("posttui.toml"), "{}", run.stderr);
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

#[test]
fn a_collection_is_made_listed_and_shown() {
    let program = Program::new();
    let folder = collection(&program);
    let place = folder.to_str().unwrap();
    let again = program.run(&["init", place]);
    assert!(again.stderr.contains("there already"), "{}", again.stderr);
    let empty = program.run(&["collection", "--collection", place]);
    assert!(
        empty.stderr.contains("Nothing is saved"),
        "{}",
        empty.stderr
    );

    let create = "# mine\nurl = ':1/create'\n[form]\na = '1' # one\n";
    write(&folder, "users/create.toml", create);
    write(
        &folder,
        "orders/create.toml",
        "method = 'PUT'\nurl = ':1/o'\n",
    );
    write(&folder, "bad.toml", "url = [\n");
    let list = program.run(&["collection", "list", "--collection", place]);
    let lines: Vec<&str> = list.text().lines().collect();
    assert_eq!(
        lines[..2],
        ["PUT     orders/create", "POST    users/create"]
    );
    assert!(
        lines[2].starts_with("!       bad  line "),
        "{}",
        list.text()
    );

    let mut below = program.command(&["collection", "show", "users/create"]);
    below.current_dir(folder.join("users"));
    let shown = crate::program::Running::start(below).finish();
    assert_eq!(shown.text(), create, "found from below, byte for byte");
    for (name, reason) in [
        ("create", "orders/create, users/create"),
        ("users/crate", "did you mean “users/create”?"),
        ("nothing", "lists those there are"),
    ] {
        let run = program.run(&["collection", "show", name, "--collection", place]);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains(reason), "{}", run.stderr);
    }
}

#[test]
fn a_saved_request_is_sent_with_what_the_command_line_gives() {
    let program = Program::new();
    let folder = collection(&program);
    let server = Server::answering("201 Created", &[], b"made");
    let text = format!(
        "method = \"PUT\"\nurl = \"{}\"\n\n[query]\npage = \"1\"\n\n[headers]\nX-A = \"old\"\nX-B = \"kept\"\n\n[form]\nname = \"john\"\nage = 42\nold = {{ value = \"x\", enabled = false }}\n\n[on]\n201 = \"Saved words.\"\n",
        server.url("/users")
    );
    write(&folder, "users/create.toml", &text);
    let place = folder.to_str().unwrap();
    let run = program.run(&[
        "send",
        "--request",
        "create",
        "--collection",
        place,
        "name=ann",
        "x-a:new",
        "page==2",
        "new=1",
    ]);
    assert_eq!((run.code, run.text()), (0, "made"), "{}", run.stderr);
    assert!(run.stderr.contains("Saved words."), "{}", run.stderr);
    let received = server.received();
    assert!(
        received.head.starts_with("PUT /users?page=2 "),
        "{}",
        received.head
    );
    assert!(
        received.head.contains("x-a: new\r\nX-B: kept\r\n"),
        "{}",
        received.head
    );
    assert_eq!(received.body, b"name=ann&age=42&new=1");
    assert_eq!(
        fs::read_to_string(folder.join("users/create.toml")).unwrap(),
        text
    );
    assert_eq!(program.run(&["history", "--json"]).ndjson().len(), 1);
}

#[test]
fn what_cannot_be_sent_is_told_and_nothing_goes_out() {
    let program = Program::new();
    let folder = collection(&program);
    write(&folder, "bad.toml", "url = ':1'\nbody = 'xml'\n");
    write(&folder, "text.toml", "url = ':1'\n[text]\ncontent = 'x'\n");
    let place = folder.to_str().unwrap();
    let outside = program.home().to_str().unwrap().to_owned();
    for (words, reason) in [
        (&["--request", "bad", "--collection", place][..], "line 2"),
        (
            &["--request", "text", "--collection", place, "a=1"],
            "--body",
        ),
        (
            &["--request", "text", "--collection", place, "POST"],
            "method and URL",
        ),
        (
            &["--request", "text", "--collection", &outside],
            "posttui init",
        ),
        (&["--request", "none"], "is called “none”"),
        (&[":1", "--collection", place], "--request"),
    ] {
        let run = program.run(&[&["send"], words].concat());
        assert_eq!(run.code, 2, "{words:?}: {}", run.stderr);
        assert!(run.stderr.contains(reason), "{words:?}: {}", run.stderr);
    }
    assert!(program.run(&["history", "--json"]).text().is_empty());
}

const LOGIN: &str = "url = 'URL/login'\n\n[form]\nuser = 'ann'\n";
const ORDER: &str = "url = 'URL/orders'\n\n[headers]\nAuthorization = 'Bearer {{ response(\"login\", max_age=\"10m\").json.token }}'\n";

/// A collection of a login and what needs its token, and where it is sent to.
fn with_login(server: &Server) -> Program {
    let program = Program::new();
    let folder = program.home().join("api");
    assert_eq!(program.run(&["init", folder.to_str().unwrap()]).code, 0);
    for (name, text) in [("login", LOGIN), ("order", ORDER)] {
        let text = text.replace("URL", &server.url(""));
        std::fs::write(folder.join(format!("{name}.toml")), text).unwrap();
    }
    program
}

fn send_order(program: &Program, more: &[&str]) -> crate::program::Run {
    let folder = program.home().join("api");
    let words = [
        "send",
        "--request",
        "order",
        "--collection",
        folder.to_str().unwrap(),
    ];
    program.run(&[&words, more].concat())
}

#[test]
fn what_a_request_needs_is_sent_first_and_a_secret_of_it_is_in_no_history() {
    let token = answer(
        "200 OK",
        &["content-type: application/json"],
        br#"{"token":"t0ken"}"#,
    );
    let ok = answer("200 OK", &[], b"ok");
    let server = Server::start(vec![token.clone(), ok.clone(), token, ok]);
    let program = with_login(&server);
    let run = send_order(&program, &["--dry-run"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("“login” would have to be sent first"),
        "{}",
        run.stderr
    );
    let run = send_order(&program, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("“login” was sent first: 200 OK"),
        "{}",
        run.stderr
    );
    assert!(server.received().head.starts_with("POST /login "));
    let head = server.received().head;
    assert!(head.contains("Authorization: Bearer t0ken\r\n"), "{head}");
    assert!(files_with(program.home(), "t0ken").is_empty());
    // Another run finds a mark where the token was: the answer counts as missing.
    let run = send_order(&program, &[]);
    assert!(
        run.stderr.contains("“login” was sent first"),
        "{}",
        run.stderr
    );
    assert!(server.received().head.starts_with("POST /login "));
    let head = server.received().head;
    assert!(head.contains("Authorization: Bearer t0ken\r\n"), "{head}");
}

#[test]
fn what_was_secret_in_an_answer_is_secret_wherever_it_goes_and_is_had_again() {
    let headers = ["content-type: application/json"];
    let token = answer("200 OK", &headers, br#"{"access_token":"t0ken-of-ann"}"#);
    let ok = answer("200 OK", &[], b"you sent t0ken-of-ann");
    let server = Server::start(vec![token.clone(), ok.clone(), token, ok]);
    let program = with_login(&server);
    let order = r#"url = 'URL/orders'

[headers]
X-Foo = '{{ response("login").json.access_token }}'

[form]
t = '{{ response("login").json.access_token }}'
"#;
    let folder = program.home().join("api");
    std::fs::write(
        folder.join("order.toml"),
        order.replace("URL", &server.url("")),
    )
    .unwrap();
    let run = send_order(&program, &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(server.received().head.starts_with("POST /login "));
    assert_eq!(server.received().body, b"t=t0ken-of-ann");
    assert!(files_with(program.home(), "t0ken-of-ann").is_empty());
    let shown = program.run(&["history", "show", "2"]);
    assert!(
        shown.text().contains("‹secret login_json_access_token›"),
        "{}",
        shown.text()
    );
    let mut replay = program.command(&["replay", "2"]);
    replay.current_dir(&folder);
    let run = Running::start(replay).finish();
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(server.received().head.starts_with("POST /login "));
    let again = server.received();
    assert_eq!(again.body, b"t=t0ken-of-ann");
    assert!(
        again.head.contains("X-Foo: t0ken-of-ann\r\n"),
        "{}",
        again.head
    );
    assert!(files_with(program.home(), "t0ken-of-ann").is_empty());
}

#[test]
fn what_is_no_secret_is_taken_from_the_history() {
    let made = answer(
        "200 OK",
        &["content-type: application/json"],
        br#"{"id":17,"password":"s3cr3t"}"#,
    );
    let ok = answer("200 OK", &[], b"ok");
    let server = Server::start(vec![made, ok.clone(), ok]);
    let program = with_login(&server);
    let order = "url = 'URL/orders'\n\n[form]\nuser = '{{ response(\"login\").json.id }}'\n";
    let folder = program.home().join("api");
    let order = order.replace("URL", &server.url(""));
    std::fs::write(folder.join("order.toml"), order).unwrap();
    for _ in 0..2 {
        let run = send_order(&program, &[]);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    assert!(server.received().head.starts_with("POST /login "));
    for _ in 0..2 {
        let sent = server.received();
        assert!(sent.head.starts_with("POST /orders "), "{}", sent.head);
        assert_eq!(sent.body, b"user=17");
    }
    assert!(files_with(program.home(), "s3cr3t").is_empty());
}

#[test]
fn when_what_is_needed_is_refused_nothing_further_is_sent() {
    let server = Server::answering("401 Unauthorized", &[], b"no");
    let program = with_login(&server);
    let run = send_order(&program, &[]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .contains("“login” was sent first, and was answered 401 Unauthorized"),
        "{}",
        run.stderr
    );
}

/// A collection that came from elsewhere.
fn foreign(program: &Program) -> PathBuf {
    let folder = program.home().join("elsewhere");
    write(&folder, "posttui.toml", "");
    folder
}

#[test]
fn a_collection_that_is_not_trusted_does_not_choose_the_way() {
    let program = Program::new();
    let folder = foreign(&program);
    let place = folder.to_str().unwrap();
    let server = Server::answering("200 OK", &[], b"");
    for (option, label) in [
        ("proxy = 'http://127.0.0.1:2'", "proxy"),
        ("insecure = true", "insecure"),
        ("authorities = 'ca.pem'", "CA file"),
        ("client_certificate = 'me.pem'", "client certificate"),
        ("unix_socket = '/run/x'", "Unix socket"),
        ("addresses = 'localhost=127.0.0.2'", "addresses"),
    ] {
        let url = server.url("/");
        write(
            &folder,
            "a.toml",
            &format!("url = '{url}'\n[options]\n{option}\n"),
        );
        let run = program.run(&["send", "--request", "a", "--collection", place]);
        assert_eq!(run.code, 2, "{option}");
        for part in [label, "not trusted", "posttui init"] {
            assert!(run.stderr.contains(part), "{option}: {}", run.stderr);
        }
    }
    // What the user says is nobody's else.
    write(&folder, "a.toml", &format!("url = '{}'\n", server.url("/")));
    let send = ["send", "--request", "a", "--collection", place];
    let run = program.run(&[&send[..], &["--resolve", "x.test=127.0.0.1"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn an_environment_from_elsewhere_does_not_choose_the_way_and_its_reader_may_trust_it() {
    let program = Program::new();
    let folder = foreign(&program);
    let options = "[options]\naddresses = 'a.test=127.0.0.1'\n";
    write(&folder, "environments/local.toml", options);
    let server = Server::answering("200 OK", &[], b"");
    let url = format!("http://a.test:{}/", server.port);
    let send = || {
        let mut command = program.command(&["send", "--env", "local", &url, "a=1"]);
        command.current_dir(&folder);
        crate::program::Running::start(command).finish()
    };
    let run = send();
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("the environment “local” chooses options (addresses)"),
        "{}",
        run.stderr
    );
    program.run(&["init", folder.to_str().unwrap()]);
    let run = send();
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(server.received().head.starts_with("POST / "));
}

#[test]
fn an_environment_from_elsewhere_reads_nothing_of_this_machine() {
    let program = Program::new();
    let folder = foreign(&program);
    let variables = "[variables]\nz = '{{ file(\"/etc/passwd\") }}'\nh = '{{ env(\"HOME\") }}'\n";
    write(&folder, "environments/q.toml", variables);
    let server = Server::answering("200 OK", &[], b"");
    let url = server.url("/");
    let send = |item: &str| {
        let mut command = program.command(&["send", "--env", "q", &url, item]);
        command.current_dir(&folder).env("HOME", "/home/ann");
        crate::program::Running::start(command).finish()
    };
    for item in ["a={{ z }}", "a={{ h }}"] {
        let run = send(item);
        assert_eq!(run.code, 2, "{item}: {}", run.stderr);
        for part in ["the environment “q” reads", "not trusted", "posttui init"] {
            assert!(run.stderr.contains(part), "{item}: {}", run.stderr);
        }
    }
    // What the user asks for is nobody's else.
    assert_eq!(send("a={{ env('HOME') }}").code, 0);
    server.received();
    program.run(&["init", folder.to_str().unwrap()]);
    let server = Server::answering("200 OK", &[], b"");
    let url = server.url("/");
    let mut command = program.command(&["send", "--env", "q", &url, "a={{ h }}"]);
    command.current_dir(&folder).env("HOME", "/home/ann");
    let run = crate::program::Running::start(command).finish();
    assert_eq!(run.code, 0, "{}", run.stderr);
}
