//! The cookies of `posttui send`, and `posttui cookies`.

use crate::{
    program::Program,
    server::{Server, answer},
};

fn login_server() -> Server {
    let login = answer(
        "200 OK",
        &[
            "set-cookie: sid=s3cret; Path=/; HttpOnly",
            "set-cookie: theme=dark",
        ],
        b"in",
    );
    let me = answer("200 OK", &[], b"you");
    Server::start(vec![login, me.clone(), me.clone(), me])
}

#[test]
fn cookies_are_kept_from_send_to_send() {
    let (program, server) = (Program::new(), login_server());
    let run = program.run(&["send", &server.url("/login"), "user=ann"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!server.received().head.contains("cookie:"));
    let run = program.run(&["send", "GET", &server.url("/me"), "-o", "json"]);
    assert!(
        server
            .received()
            .head
            .contains("cookie: sid=s3cret; theme=dark\r\n")
    );
    assert!(!run.text().contains("s3cret"), "{}", run.text());
    program.run(&["send", "GET", &server.url("/me"), "--no-cookies"]);
    assert!(!server.received().head.contains("cookie:"));
    program.run(&[
        "send",
        "GET",
        &server.url("/me"),
        "--cookie",
        "a=1",
        "--cookie",
        "b=2",
    ]);
    assert!(server.received().head.contains("Cookie: a=1; b=2\r\n"));
    let run = program.run(&["history", "-o", "json"]);
    assert!(!run.text().contains("s3cret"), "{}", run.text());
}

#[test]
fn cookies_are_listed_and_deleted() {
    let (program, server) = (Program::new(), login_server());
    program.run(&["send", &server.url("/login")]);
    let run = program.run(&["cookies"]);
    assert!(run.text().contains("sid"), "{}", run.text());
    assert!(run.text().contains("session"));
    assert!(!run.text().contains("s3cret"));
    let run = program.run(&["cookies", "list", "--values"]);
    assert!(run.text().contains("s3cret"));
    assert_eq!(program.run(&["cookies", "remove", "nope"]).code, 2);
    let run = program.run(&["cookies", "remove", "sid", "--domain", "127.0.0.1"]);
    assert_eq!(run.code, 0);
    let run = program.run(&["cookies"]);
    assert!(run.text().contains("theme") && !run.text().contains("sid"));
    program.run(&["cookies", "clear"]);
    assert!(program.run(&["cookies"]).stderr.contains("No cookies."));
    assert_eq!(program.run(&["cookies", "--env", "nope"]).code, 2);
}

#[test]
fn a_parameter_of_the_path_is_filled_or_the_request_is_kept_back() {
    let (program, server) = (Program::new(), login_server());
    let url = server.url("/users/:id/{tab}");
    let run = program.run(&["send", &url, "--path", "id=a/b"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--path NAME=VALUE"), "{}", run.stderr);
    let run = program.run(&["send", &url, "--path", "nope=1"]);
    assert!(run.stderr.contains("it has id, tab"), "{}", run.stderr);
    program.run(&["send", &url, "--path", "id=a/b", "--path", "tab=x y"]);
    let head = server.received().head;
    assert!(
        head.starts_with("POST /users/a%2Fb/x%20y HTTP/1.1\r\n"),
        "{head}"
    );
}
