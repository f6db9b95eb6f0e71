//! `posttui send`.

use std::process::Stdio;

use crate::{
    program::{Program, Running},
    server::{Answer, Server, answer, deaf_port},
};

#[test]
fn a_form_goes_out_and_the_body_comes_back_byte_for_byte() {
    let body = b"{\"n\":1.0,\x1b[31m\xff}";
    let server = Server::answering("201 Created", &["content-type: application/json"], body);
    let url = server.url("/api/create_user?a=1");
    let program = Program::new();
    let run = program.run(&[
        "send",
        &url,
        "username=john doe",
        "X-Trace: 7",
        "q==ü",
        "note=",
    ]);
    let received = server.received();
    assert!(
        received
            .head
            .starts_with("POST /api/create_user?a=1&q=%C3%BC HTTP/1.1\r\n")
    );
    assert!(
        received.head.to_lowercase().contains("\r\nx-trace: 7\r\n"),
        "{}",
        received.head
    );
    assert!(
        received
            .head
            .contains("content-type: application/x-www-form-urlencoded\r\n")
    );
    assert_eq!(received.body, b"username=john+doe&note=");
    assert_eq!(run.stdout, body);
    assert!(run.stderr.starts_with("● 201 Created  "), "{}", run.stderr);
    assert!(!run.stderr.contains('\x1b'));
    assert_eq!(run.code, 0);
}

#[test]
fn json_text_and_stdin_are_bodies_too() {
    let program = Program::new();
    let file = program.home().join("body.txt");
    std::fs::write(&file, "from a file\n").unwrap();
    let file = format!("@{}", file.display());
    let send = |words: &[&str], input: &[u8]| {
        let server = Server::answering("200 OK", &[], b"");
        let url = server.url("/");
        let run = program.run_with_stdin(&[&["send", &url], words].concat(), input);
        assert_eq!((run.code, run.text()), (0, ""), "{}", run.stderr);
        let received = server.received();
        (received.head, String::from_utf8(received.body).unwrap())
    };
    let (head, body) = send(
        &["--json", "name=Ann", "age:=42.0", "o:={\"b\":[1, 2]}"],
        b"",
    );
    assert!(
        head.contains("content-type: application/json\r\n"),
        "{head}"
    );
    assert_eq!(body, "{\"name\":\"Ann\",\"age\":42.0,\"o\":{\"b\":[1, 2]}}");
    let (_, body) = send(&["-d", "@-"], b"as curl has it");
    assert_eq!(body, "as curl has it");
    let (head, body) = send(&["--body", "-"], "stdin ü\n".as_bytes());
    assert!(
        head.contains("content-type: text/plain; charset=utf-8\r\n"),
        "{head}"
    );
    assert_eq!(body, "stdin ü\n");
    assert_eq!(send(&["--data", &file], b"").1, "from a file\n");
}

#[test]
fn the_exit_code_is_the_class_of_the_answer() {
    let program = Program::new();
    for (line, code) in [
        ("200 OK", 0),
        ("204 No Content", 0),
        ("304 Not Modified", 3),
        ("404 Not Found", 4),
        ("422 Nope", 4),
        ("503 Service Unavailable", 5),
        ("700 Odd", 5),
    ] {
        let server = Server::answering(line, &[], b"");
        let run = program.run(&["send", &server.url("/")]);
        assert_eq!(run.code, code, "{line}: {}", run.stderr);
        assert!(run.stderr.contains(line), "{line}: {}", run.stderr);
    }
}

#[test]
fn a_redirect_that_makes_a_get_of_a_post_is_said_or_not_followed() {
    let program = Program::new();
    let moved = answer("302 Found", &["location: /there"], b"");
    let server = Server::start(vec![moved.clone(), answer("200 OK", &[], b"there")]);
    let run = program.run(&["send", &server.url("/here"), "a=b"]);
    assert_eq!((run.code, run.text()), (0, "there"), "{}", run.stderr);
    assert!(run.stderr.contains("BECAME A GET"), "{}", run.stderr);
    server.received();
    assert!(server.received().head.starts_with("GET /there "));

    let server = Server::start(vec![moved]);
    let run = program.run(&["send", "--no-follow", &server.url("/here")]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("Location: /there"), "{}", run.stderr);
}

#[test]
fn the_users_own_words_are_told() {
    let server = Server::answering("401 Unauthorized", &[], b"");
    let rules = ["--on", "4xx=Refused.", "--on", "401=Authentication failed."];
    let url = server.url("/");
    let run = Program::new().run(&[&["send", &url], &rules[..]].concat());
    assert!(
        run.stderr.contains("\n  Authentication failed.\n"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("Refused."), "{}", run.stderr);
}

#[test]
fn quiet_prints_the_body_alone() {
    let server = Server::answering("404 Not Found", &[], b"gone");
    let run = Program::new().run(&["send", "--quiet", &server.url("/")]);
    assert_eq!((run.code, run.text(), run.stderr.as_str()), (4, "gone", ""));
}

#[test]
fn json_output_holds_the_whole_exchange() {
    let headers = ["content-type: text/plain", "x-one: a", "x-one: b"];
    let server = Server::answering("409 Taken", &headers, b"\xff\x00");
    let run = Program::new().run(&[
        "send",
        "-o",
        "json",
        &server.url("/x"),
        "a=b",
        "--on",
        "409=Taken!",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (4, ""));
    let exchange = run.json();
    assert_eq!(exchange["id"], 1);
    assert!(exchange["started_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(exchange["request"]["method"], "POST");
    assert_eq!(exchange["request"]["url"], server.url("/x"));
    assert_eq!(exchange["request"]["body"]["text"], "a=b");
    let response = &exchange["outcome"]["response"];
    assert_eq!(
        (&response["status"], &response["phrase"]),
        (&409.into(), &"Taken".into())
    );
    assert_eq!(
        response["body"],
        serde_json::json!({"bytes": 2, "base64": "/wA="})
    );
    assert_eq!(exchange["hops"][0]["response"]["status"], 409);
    assert_eq!(exchange["diagnosis"]["message"], "Taken!");
    assert!(exchange["timing"]["duration_ms"].as_f64().unwrap() > 0.0);
}

#[test]
fn no_answer_says_whether_the_server_may_have_acted() {
    let program = Program::new();
    let (_socket, deaf) = deaf_port();
    let run = program.run(&["send", &format!("http://{deaf}/")]);
    assert_eq!((run.code, run.text()), (6, ""));
    assert!(run.stderr.starts_with("✕ refused  "), "{}", run.stderr);
    assert!(
        run.stderr.contains("cannot have processed it"),
        "{}",
        run.stderr
    );

    let server = Server::start(vec![Answer::Hang]);
    let run = program.run(&["send", "--timeout", "2", &server.url("/"), "a=b"]);
    assert_eq!(run.code, 6);
    assert!(run.stderr.starts_with("✕ timeout  "), "{}", run.stderr);
    assert!(
        run.stderr.contains("may already have processed"),
        "{}",
        run.stderr
    );

    let cut = Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_vec());
    let server = Server::start(vec![cut]);
    let run = program.run(&["send", &server.url("/")]);
    assert_eq!((run.code, run.text()), (6, "half"));
    assert!(run.stderr.starts_with("✕ truncated  "), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_signal_cancels_and_the_history_keeps_it() {
    let program = Program::new();
    let server = Server::start(vec![Answer::Hang]);
    let running = Running::start(program.command(&["send", &server.url("/"), "a=b"]));
    server.received();
    running.signal("INT");
    let run = running.finish();
    assert_eq!(run.code, 130, "{}", run.stderr);
    assert!(run.stderr.starts_with("✕ cancelled  "), "{}", run.stderr);
    let rows = program.run(&["history", "--json"]).ndjson();
    assert_eq!((rows.len(), &rows[0]["failure"]), (1, &"cancelled".into()));
}

#[test]
fn a_wrong_command_line_sends_nothing_and_says_why() {
    let program = Program::new();
    for (words, part) in [
        (&[][..], "the URL is missing"),
        (&["POST"], "the URL is missing"),
        (&["a=b"], "stands where the URL should"),
        (&[":1", "oops"], "“oops” is neither a field"),
        (&[":1", "n:=1"], "--json"),
        (&["--json", ":1", "n:=tru"], "“n:=tru”"),
        (&[":1", "--on", "20x=No"], "20x"),
        (
            &[":1", "--timeout", "soon"],
            "--timeout: “soon” is no number of seconds",
        ),
        (&[":1", "--cert", "/dev/null"], "no certificate"),
        (
            &[":1", "--cacert", "/no/such.pem"],
            "CA file: there is no such file",
        ),
        (&[":1", "-x", "gopher://h"], "gopher"),
        (&[":1", "--body", "x", "a=b"], "--body"),
        (&["ftp://h/"], "http and https"),
        (&[":1", "Bad Name:x"], "no header name"),
        (&["CONNECT", ":1"], "CONNECT"),
    ] {
        let run = program.run(&[&["send"], words].concat());
        assert_eq!((run.code, run.text()), (2, ""), "{words:?}");
        assert!(run.stderr.contains(part), "{words:?}: {}", run.stderr);
    }
    assert_eq!(program.run(&["history", "--json"]).text(), "");
}

#[test]
fn a_password_in_the_url_is_sent_but_never_printed() {
    let program = Program::new();
    let server = Server::answering("200 OK", &[], b"");
    let run = program.run(&["send", &format!("ann:hunter2@127.0.0.1:{}/", server.port)]);
    assert!(
        server
            .received()
            .head
            .contains("authorization: Basic YW5uOmh1bnRlcjI=\r\n")
    );
    let (_socket, deaf) = deaf_port();
    let refused = program.run(&["send", &format!("http://ann:hunter2@{deaf}/")]);
    let bad = program.run(&["send", "http://ann:hunter2@ho st/"]);
    let listed = program.run(&["history"]);
    let shown = program.run(&["history", "show", "1"]);
    for run in [run, refused, bad, listed, shown] {
        for secret in ["hunter2", "YW5uOmh1bnRlcjI"] {
            assert!(!run.stderr.contains(secret), "{}", run.stderr);
            assert!(!run.text().contains(secret), "{}", run.text());
        }
    }
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let body = vec![b'x'; 4 << 20];
    let server = Server::answering("503 Service Unavailable", &[], &body);
    let mut command = Program::new().command(&["send", &server.url("/")]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    command.stdout(Stdio::from(writer));
    let run = Running::start(command).finish();
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(
        !run.stderr.contains("panicked") && !run.stderr.contains("posttui:"),
        "{}",
        run.stderr
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let server = Server::answering("200 OK", &[], b"body");
    let program = Program::new();
    let mut command = program.command(&["send", &server.url("/")]);
    command.stdout(
        std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap(),
    );
    let run = Running::start(command).finish();
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("cannot write to stdout: "),
        "{}",
        run.stderr
    );
}

#[test]
fn it_sends_even_where_no_history_can_be_kept() {
    let program = Program::new();
    let file = program.home().join("a file");
    std::fs::write(&file, "").unwrap();
    let server = Server::answering("200 OK", &[], b"fine");
    let mut command = program.command(&["send", &server.url("/")]);
    command.env("POSTTUI_HOME", &file);
    let run = Running::start(command).finish();
    assert_eq!((run.code, run.text()), (0, "fine"), "{}", run.stderr);
    assert!(run.stderr.contains("history"), "{}", run.stderr);
    assert!(run.stderr.contains("● 200 OK"), "{}", run.stderr);
}

#[test]
fn what_the_answer_says_comes_with_its_section_and_steps() {
    let headers = ["location: /users/42"];
    let server = Server::answering("201 Created", &headers, b"");
    let program = Program::new();
    let run = program.run(&["send", &server.url("/users"), "a=b"]);
    assert!(run.stderr.contains("Location: /users/42"), "{}", run.stderr);
    let step = format!("Step: open {} as a GET", server.url("/users/42"));
    assert!(run.stderr.contains(&step), "{}", run.stderr);

    let server = Server::answering("201 Created", &headers, b"");
    let run = program.run(&["send", &server.url("/users"), "a=b", "-o", "json"]);
    let finding = &run.json()["diagnosis"]["findings"][0];
    assert_eq!(finding["reference"], "RFC 9110, Section 15.3.2");
    assert_eq!(finding["steps"][0]["kind"], "open-as-get");
    assert_eq!(finding["steps"][0]["url"], server.url("/users/42"));
}

#[test]
fn wrong_fields_are_named_one_by_one() {
    let body = br#"{"errors":{"email":["is invalid"]}}"#;
    let headers = ["content-type: application/json"];
    let server = Server::answering("422 Unprocessable Content", &headers, body);
    let program = Program::new();
    let run = program.run(&["send", &server.url("/users"), "email=x", "-o", "json"]);
    let field = &run.json()["diagnosis"]["fields"][0];
    assert_eq!(field["path"][0], "email");
    assert_eq!(field["message"], "is invalid");
    assert_eq!(run.code, 4);
}

#[test]
fn a_token_is_explained_and_never_printed() {
    // {"alg":"HS256"} . {"exp":1,"iss":"me"} . a signature
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjEsImlzcyI6Im1lIn0.c2lnbmVk";
    let header = format!("Authorization: Bearer {token}");
    let challenge = ["www-authenticate: Bearer error=\"invalid_token\""];
    let program = Program::new();
    for output in ["body", "json"] {
        let server = Server::answering("401 Unauthorized", &challenge, b"");
        let run = program.run(&["send", &server.url("/"), &header, "a=b", "-o", output]);
        let printed = format!("{}{}", run.text(), run.stderr);
        assert!(printed.contains("THE TOKEN HAD EXPIRED"), "{printed}");
        assert!(!printed.contains(token), "{printed}");
    }
}

#[test]
fn a_rule_with_a_condition_fills_its_message_and_its_level_is_the_exit_code() {
    let program = Program::new();
    let rules = [
        "--rule",
        "fail 2xx if .error => It says no: {{ json.error }}",
        "--rule",
        "warn 2xx if header x-cache ~ hit => Old, of {{ size }} bytes",
        "--rule",
        "ok 404 => As it should be",
    ];
    let send = |status: &str, fields: &[&str], body: &[u8]| {
        let server = Server::answering(status, fields, body);
        let url = server.url("/");
        let run = program.run(&[&["send", &url][..], &rules].concat());
        server.received();
        (run.code, run.stderr)
    };
    let (code, said) = send("200 OK", &[], b"{\"error\":\"sold out\"}");
    assert_eq!(code, 8, "{said}");
    assert!(said.contains("✗ It says no: sold out"), "{said}");
    let (code, said) = send("200 OK", &["x-cache: HIT"], b"{}");
    assert_eq!(code, 7, "{said}");
    assert!(said.contains("! Old, of 2 bytes"), "{said}");
    let (code, said) = send("404 Not Found", &[], b"");
    assert_eq!(code, 0, "{said}");
    let (code, said) = send("200 OK", &[], b"<html>");
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("was not evaluated: the body is not JSON"),
        "{said}"
    );
    let run = program.run(&["send", ":9/", "--rule", "200 if .a | => x"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    let rows = program.run(&["history", "--json"]);
    assert!(
        rows.text().contains("\"level\":\"fail\""),
        "{}",
        rows.text()
    );
}

#[test]
fn the_whole_way_is_told_when_it_is_asked_for() {
    let server = Server::answering("200 OK", &["X-Own: 1"], b"hi");
    let url = server.url("/x");
    let run = Program::new().run(&["send", "-v", &url, "a=1"]);
    server.received();
    for part in [
        "> POST ",
        "> content-type: application/x-www-form-urlencoded",
        "< HTTP/1.1 200 OK",
        "< X-Own: 1",
        "* connect",
        "* first byte",
        "new connection, 127.0.0.1:",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert_eq!(run.text(), "hi");
}

#[test]
fn interim_heads_and_what_is_no_head_are_told() {
    let program = Program::new();
    let early = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
    let reply = format!("{early}HTTP/1.1 200 OK\r\nX-Own: 1\r\nContent-Length: 2\r\n\r\nhi");
    let server = Server::saying(reply.as_bytes());
    let run = program.run(&["send", "-v", "-o", "json", &server.url("/"), "a=1"]);
    let at = |part: &str| {
        let found = run.stderr.find(part);
        found.unwrap_or_else(|| panic!("no {part}: {}", run.stderr))
    };
    assert!(at("< HTTP/1.1 103 Early Hints") < at("< Link: </a.css>; rel=preload"));
    assert!(at("< Link: ") < at("< HTTP/1.1 200 OK"));
    let told: serde_json::Value = serde_json::from_str(run.text()).unwrap();
    let interim = &told["hops"][0]["transit"]["interim"];
    assert_eq!(interim[0]["status"], 103);
    assert_eq!(interim[0]["headers"][0]["name"], "Link");
    let words = "103 Early Hints came before the final answer: Link: </a.css>; rel=preload.";
    assert!(run.text().contains(words), "{}", run.text());

    let server = Server::saying(b"HTTP/1.1 abc OK\r\nX-A: 1\r\n\r\n");
    let run = program.run(&["send", "-v", &server.url("/"), "a=1"]);
    assert!(
        run.stderr.contains("< HTTP/1.1 abc OK\n< X-A: 1\n"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("  Came: HTTP/1.1 abc OK\n  Came: X-A: 1\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_filter_prints_what_it_makes_of_the_body() {
    let body = br#"{"items":[{"price":1.50},{"price":2e400}]}"#;
    let server = Server::answering("200 OK", &["content-type: application/json"], body);
    let program = Program::new();
    let run = program.run(&["send", &server.url("/"), "--jq", ".items[].price"]);
    assert_eq!(
        (run.text(), run.code),
        ("1.50\n2e400\n", 0),
        "{}",
        run.stderr
    );

    let refused = program.run(&["send", &server.url("/"), "--jq", ".items[ | x"]);
    assert_eq!((refused.code, refused.text()), (2, ""));
    assert!(
        refused.stderr.contains("at letter 12 of"),
        "{}",
        refused.stderr
    );

    let server = Server::answering("200 OK", &[], b"<p>not JSON</p>");
    let run = program.run(&["send", &server.url("/"), "--jq", "."]);
    assert!(
        run.stderr.contains("not JSON: line 1, column 1"),
        "{}",
        run.stderr
    );
    assert_eq!(run.code, 1, "a script must not take nothing for all");
    let server = Server::answering("404 Not Found", &[], b"not JSON");
    let run = program.run(&["send", &server.url("/"), "--jq", "."]);
    assert_eq!(run.code, 4);
}

#[test]
fn what_is_told_has_its_section_and_a_404_what_was_answered_before() {
    let program = Program::new();
    let ok = answer("201 Created", &["location: /users/7"], b"");
    let server = Server::start(vec![ok, answer("404 Not Found", &[], b"")]);
    let run = program.run(&["send", &server.url("/api/users"), "a=b"]);
    let cited = "  Location: /users/7 [RFC 9110, Section 15.3.2]\n";
    assert!(run.stderr.contains(cited), "{}", run.stderr);
    let run = program.run(&["send", &server.url("/api/user"), "a=b"]);
    let near = "/api/users, which differs little, was answered before. [RFC 9110, Section 15.5.5]";
    assert!(run.stderr.contains(near), "{}", run.stderr);
    let step = format!("Step: use {} instead", server.url("/api/users"));
    assert!(run.stderr.contains(&step), "{}", run.stderr);
    let rows = program.run(&["history", "--json"]).ndjson();
    let told = rows[0]["evidence"].as_str().unwrap();
    assert!(told.starts_with("/api/users, which"), "{told}");
    let list = program.run(&["history"]);
    assert!(
        list.text().contains("Not Found · /api/users, which"),
        "{}",
        list.text()
    );
}

#[test]
fn a_proxy_that_is_not_there_is_named_with_who_named_it() {
    let program = Program::new();
    let (_socket, address) = deaf_port();
    let proxy = format!("http://me:s3cret@{address}");
    let run = program.run(&["send", "--proxy", &proxy, "http://api.example/", "a=b"]);
    assert_eq!(run.code, 6);
    let named =
        proxy.replace("me:s3cret@", "") + " is the proxy, named by the options of this request";
    assert!(run.stderr.contains(&named), "{}", run.stderr);
    assert!(
        run.stderr
            .contains("It failed while connecting to the proxy."),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
    let mut command = program.command(&["send", "http://api.example/", "a=b", "-o", "json"]);
    for variable in ["HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"] {
        command.env_remove(variable);
    }
    command.env("ALL_PROXY", &proxy);
    let run = Running::start(command).finish();
    let json = run.json();
    let used = &json["hops"][0]["transit"]["proxy"];
    assert_eq!(used["named_by"]["environment"], "ALL_PROXY", "{json}");
    assert_eq!(used["has_credentials"], true);
    assert!(!json.to_string().contains("s3cret"), "{json}");
}

#[test]
fn a_job_is_asked_for_until_it_is_done() {
    let program = Program::new();
    let accepted = answer(
        "202 Accepted",
        &["location: /jobs/7", "retry-after: 0"],
        b"",
    );
    let open = answer("202 Accepted", &["retry-after: 0"], b"");
    let server = Server::start(vec![accepted.clone(), open, answer("200 OK", &[], b"done")]);
    let run = program.run(&["send", "--poll", &server.url("/jobs"), "a=b"]);
    assert_eq!((run.code, run.text()), (0, "done"), "{}", run.stderr);
    assert!(
        run.stderr.contains("Asked 2 times: 200 OK."),
        "{}",
        run.stderr
    );
    server.received();
    assert!(server.received().head.starts_with("GET /jobs/7 "));
    assert_eq!(program.run(&["history", "--json"]).ndjson().len(), 3);

    let failed = answer("200 OK", &[], b"{\"status\": \"failed\"}");
    let server = Server::start(vec![accepted, failed]);
    let run = program.run(&["send", "--poll", &server.url("/jobs"), "a=b"]);
    assert_eq!(run.code, 8, "{}", run.stderr);
    assert!(run.stderr.contains("status: failed"), "{}", run.stderr);
    let server = Server::answering("404 Not Found", &[], b"");
    let run = program.run(&["send", "--poll", &server.url("/jobs")]);
    assert_eq!(run.code, 4, "{}", run.stderr);
}

#[test]
fn the_request_line_is_told_as_it_was_sent() {
    let old = b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec();
    let server = Server::start(vec![Answer::Bytes(old)]);
    let run = Program::new().run(&["send", "-v", &server.url("/x?y=1"), "a=b"]);
    assert!(
        run.stderr.contains("> POST /x?y=1 HTTP/1.1\n"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("< HTTP/1.0 200 OK\n"), "{}", run.stderr);
}
