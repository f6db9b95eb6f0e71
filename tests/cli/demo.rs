//! `posttui demo --serve`.

#![cfg(unix)]

use std::{
    io::{BufRead, BufReader},
    process::{ChildStdout, Stdio},
    sync::mpsc::channel,
    thread,
};

use crate::program::{PATIENCE, Program, Running};

/// The first line, and the pipe that has to stay open.
fn first_line(stdout: ChildStdout) -> (String, BufReader<ChildStdout>) {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(stdout);
        let mut line = String::new();
        let _ = reader.read_line(&mut line);
        let _ = sender.send((line, reader));
    });
    receiver.recv_timeout(PATIENCE).expect("the server starts")
}

#[test]
fn it_says_where_it_listens_answers_and_ends_on_a_signal() {
    let program = Program::new();
    for signal in ["TERM", "INT"] {
        let mut command = program.command(&["demo", "--serve"]);
        command.stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (line, pipe) = first_line(child.stdout.take().unwrap());
        let running = Running::watch(child);
        let url = line.trim_end().strip_prefix("listening on ").unwrap();
        assert!(url.starts_with("http://127.0.0.1:"), "{line}");

        let target = format!("{url}/api/create_user");
        let words = ["send", &target, "username=ann", "email=ann@example.com"];
        let run = program.run(&[&words[..], &["--on", "2xx=Made."]].concat());
        assert!(
            run.stderr.contains("201 Created") || run.stderr.contains("409"),
            "{}",
            run.stderr
        );

        running.signal(signal);
        let run = running.finish();
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{signal}");
        drop(pipe);
    }
}

#[test]
fn a_taken_port_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = Program::new().run(&["demo", "--serve", "--port", &port]);
    assert_eq!((run.code, run.text()), (1, ""));
    assert!(run.stderr.contains("none for a free one"), "{}", run.stderr);
    for once in [&port, "cannot listen", "another program"] {
        assert_eq!(run.stderr.matches(once).count(), 1, "{}", run.stderr);
    }
}
