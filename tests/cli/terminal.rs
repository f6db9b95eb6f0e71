//! What a terminal gets: colours, and no control that a server sent.

use std::{
    io::Read,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::channel,
    },
    thread,
};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::{
    program::{PATIENCE, Program},
    server::{Server, answer},
    unkept::write,
};

/// Runs the program in a terminal of 80 columns; gives back its raw output and its exit code.
fn run(program: &Program, arguments: &[&str], variables: &[(&str, &str)]) -> (String, u32) {
    run_seen(program, arguments, variables, |_| ())
}

/// The same for somebody who looks at the output so far whenever there is more.
fn run_seen(
    program: &Program,
    arguments: &[&str],
    variables: &[(&str, &str)],
    look: impl Fn(&str) + Send + 'static,
) -> (String, u32) {
    let size = PtySize {
        rows: 24,
        cols: 80,
        ..PtySize::default()
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_posttui"));
    command.args(arguments);
    // Else it would begin in the home folder of whoever runs the tests, and use a collection that is there.
    command.cwd(program.home());
    command.env("POSTTUI_HOME", program.home());
    command.env("TERM", "xterm-256color");
    command.env("NO_PROXY", "*");
    command.env_remove("NO_COLOR");
    for (name, value) in variables {
        command.env(name, value);
    }
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // A terminal whose last program has ended gives an error instead of an end on Linux.
        let mut part = [0; 4096];
        while let Ok(length @ 1..) = reader.read(&mut part) {
            bytes.extend_from_slice(&part[..length]);
            look(&String::from_utf8_lossy(&bytes));
        }
        let _ = sender.send(bytes);
    });
    let bytes = receiver.recv_timeout(PATIENCE).expect("the program ends");
    let code = child.wait().unwrap().exit_code();
    (String::from_utf8(bytes).unwrap(), code)
}

/// The output without the colours that the program itself sets.
fn without_colours(output: &str) -> String {
    let mut parts = output.split("\x1b[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let codes = part.find(|char: char| !char.is_ascii_digit() && char != ';');
        match codes.filter(|end| part[*end..].starts_with('m')) {
            Some(end) => plain += &part[end + 1..],
            None => plain = format!("{plain}\x1b[{part}"),
        }
    }
    plain
}

#[test]
fn no_control_of_a_server_reaches_the_terminal() {
    let body = "a\x1b]52;c;cGF3bmVk\x07\x1b[2J\u{202e}b\u{9b}31m\u{7f}";
    let reason = "200 O\u{202e}K";
    let headers = [
        "content-type: text/plain; charset=utf-8",
        "x-note: \u{9b}31m",
    ];
    let hostile = answer(reason, &headers, body.as_bytes());
    let server = Server::start(vec![hostile.clone(), hostile]);
    let url = server.url("/");
    let program = Program::new();
    let send = ["send", &url, "--on", "2xx=\x1b[31mred"];
    for (arguments, shown) in [
        (&send[..], "red"),
        (&[&send[..], &["-o", "json"]].concat(), "\\u009b31m"),
        (&["history", "--json"], "red"),
        (&["history", "show", "1"], "\\u009b31m"),
        (&["history", "export", "--format", "har"], "\\u009b31m"),
        (&["history", "export", "--format", "ndjson"], "\\u009b31m"),
    ] {
        let (output, code) = run(&program, arguments, &[]);
        assert_eq!(code, 0, "{output:?}");
        let plain = without_colours(&output);
        let harmful = |char: char| {
            char.is_control() && !"\r\n".contains(char) || ('\u{202a}'..='\u{202e}').contains(&char)
        };
        assert!(!plain.contains(harmful), "{arguments:?}: {plain:?}");
        assert!(plain.contains('a') && plain.contains(shown), "{plain:?}");
    }
}

#[test]
fn what_the_user_holds_secret_is_a_mark_in_a_dry_run_on_a_terminal() {
    let program = Program::new();
    write(
        &program,
        "masks.toml",
        "fields = [\"pin\"]\n[patterns]\nbadge = 'EMP-[0-9]{6}'\n",
    );
    let sent = [":9/x", "pin=s3cr3t-pin", "X-Note:EMP-123456", "kept=k3pt"];
    let (output, code) = run(&program, &[&["send", "--dry-run"], &sent[..]].concat(), &[]);
    assert_eq!(code, 0, "{output}");
    assert!(
        !output.contains("s3cr3t-pin") && !output.contains("EMP-123456"),
        "{output}"
    );
    assert!(output.contains("k3pt"), "{output}");
}

#[test]
fn a_table_has_its_header() {
    let kind = ["content-type: text/csv"];
    let server = Server::answering("200 OK", &kind, b"id,name\n1,ann\n2,bob\n");
    let (output, _) = run(&Program::new(), &["send", "-q", &server.url("/")], &[]);
    let plain = without_colours(&output);
    let names = plain
        .lines()
        .position(|line| line.contains("id") && line.contains("name"));
    let first = plain.lines().position(|line| line.contains("ann"));
    assert!(names.is_some() && names < first, "{plain}");
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let program = Program::new();
    let (output, _) = run(&program, &["status", "404"], &[]);
    assert!(
        output.contains("\x1b[1;33m▲ 404 Not Found\x1b[0m"),
        "{output:?}"
    );
    for variable in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let (output, _) = run(&program, &["status", "404"], &[variable]);
        assert!(
            output.contains("▲ 404 Not Found") && !output.contains('\x1b'),
            "{output:?}"
        );
    }
}

#[test]
fn a_binary_body_is_named_instead_of_shown() {
    let server = Server::answering(
        "200 OK",
        &["content-type: image/png"],
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    );
    let (output, _) = run(&Program::new(), &["send", &server.url("/")], &[]);
    assert!(
        output.contains("Binary body (image/png, 16 B)"),
        "{output:?}"
    );
}

#[test]
fn a_table_fits_the_terminal() {
    let program = Program::new();
    let server = Server::answering("200 OK", &[], b"");
    program.run(&["send", &server.url(&format!("/{}", "x".repeat(300)))]);
    for command in [&["status"][..], &["history"]] {
        let (output, _) = run(&program, command, &[("NO_COLOR", "1")]);
        for line in output.lines() {
            assert!(line.trim_end().chars().count() <= 80, "{line}");
        }
    }
}

/// Reads an upload slowly as long as it is to after so many reads, then as fast as it comes, and answers.
fn slow_reader(is_slow: impl Fn(usize) -> bool + Send + 'static) -> std::net::SocketAddr {
    use std::{io::Write, net::TcpListener, time::Duration};

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut reads, mut left, mut head) = (0, None::<usize>, Vec::new());
        let mut part = vec![0; 256 * 1024];
        while left != Some(0) {
            let length = stream.read(&mut part).unwrap();
            if let Some(left) = &mut left {
                *left -= length;
            } else {
                head.extend_from_slice(&part[..length]);
                let end = head.windows(4).position(|it| it == b"\r\n\r\n");
                left = end.map(|end| UPLOAD - (head.len() - end - 4));
            }
            reads += 1;
            if is_slow(reads) {
                // Nothing waits for this: it is what makes the server a slow one.
                thread::sleep(Duration::from_millis(30));
            }
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
        stream.write_all(answer).unwrap();
    });
    address
}

/// More than what the system's buffers take at once, in bytes.
const UPLOAD: usize = 64 * 1024 * 1024;

#[test]
fn a_long_upload_shows_how_far_it_is_and_takes_that_away() {
    let program = Program::new();
    let file = program.home().join("big.bin");
    std::fs::File::create(&file)
        .unwrap()
        .set_len(UPLOAD as u64)
        .unwrap();
    let body = format!("@{}", file.display());
    let is_seen = Arc::new(AtomicBool::new(false));
    let (seen, looked) = (Arc::clone(&is_seen), Arc::clone(&is_seen));
    let reader = slow_reader(move |_| !seen.load(Ordering::Relaxed));
    let url = format!("http://{reader}/");
    let words = ["send", &url, "--body", &body];
    let (shown, code) = run_seen(&program, &words, &[], move |output| {
        looked.fetch_or(output.contains(" left"), Ordering::Relaxed);
    });
    assert_eq!(code, 0, "{shown}");
    let (meter, rest) = shown.rsplit_once("\r\x1b[K").unwrap();
    assert!(
        meter.contains(" of 64.0 MiB · ") && meter.contains(" left"),
        "{meter}"
    );
    assert!(
        rest.contains("200 OK") && !rest.contains("of 64.0 MiB"),
        "{rest}"
    );
    // Who asks for quiet, or looks at it later, gets none of that.
    let url = format!("http://{}/", slow_reader(|reads| reads < 60));
    let (quiet, _) = run(&program, &["send", "-q", &url, "--body", &body], &[]);
    assert_eq!(quiet.trim_end(), "ok");
}
