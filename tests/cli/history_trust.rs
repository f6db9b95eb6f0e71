//! The history's file damaged, on a network, and large bodies under kill -9.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufReader, Write},
    net::TcpListener,
    process::Stdio,
    sync::Mutex,
    thread,
    time::Duration,
};

use crate::{
    program::{Program, Running},
    server::{Server, read_request},
};

/// Answers each path with a body of its own that nothing can compress; gives back its port.
fn server_of_large_bodies(size: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(move || {
                let mut reader = BufReader::new(stream.unwrap());
                let Some(request) = read_request(&mut reader) else {
                    return;
                };
                let beginning = request.head.bytes().take(40);
                let mut state = beginning.fold(7_u64, |state, byte| {
                    state.wrapping_mul(31) + u64::from(byte)
                });
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: {size}\r\nconnection: close\r\n\r\n"
                );
                let body = (0..size).map(|_| {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    (state >> 56) as u8
                });
                let answer: Vec<u8> = head.into_bytes().into_iter().chain(body).collect();
                // A client that was killed has nothing to say.
                let _ = reader.get_mut().write_all(&answer);
            });
        }
    });
    port
}

fn paths_with_200(program: &Program) -> BTreeSet<String> {
    let run = program.run(&["history", "--json", "-n", "5000", "status:200"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let rows = run.ndjson().into_iter();
    rows.map(|row| {
        row["url"]
            .as_str()
            .unwrap()
            .rsplit_once('/')
            .unwrap()
            .1
            .to_owned()
    })
    .collect()
}

/// So many programs at once, each killed so many times at any moment of its life, while bodies become files.
fn kill(workers: u64, kills: u64) {
    let program = Program::new();
    let port = server_of_large_bodies(1_300_000);
    let finished = Mutex::new(BTreeSet::new());
    thread::scope(|scope| {
        for worker in 0..workers {
            let (program, finished) = (&program, &finished);
            scope.spawn(move || {
                for turn in 0..kills {
                    // Half of them get what others got, too.
                    let path = format!("{worker}-{turn}");
                    let body = if turn % 2 == 0 { "same" } else { &path };
                    let url = format!("http://127.0.0.1:{port}/{body}?{path}/{path}");
                    let mut command = program.command(&["send", &url, "a=1"]);
                    command.stdout(Stdio::null()).stderr(Stdio::null());
                    let mut child = command.spawn().unwrap();
                    // The moment of the kill wanders over the whole life of a send; each fifth one lives.
                    if turn % 5 > 0 {
                        let moment = (turn * 37 + worker * 5) % 900;
                        thread::sleep(Duration::from_millis(moment));
                        let _ = child.kill();
                    }
                    if child.wait().unwrap().success() {
                        finished.lock().unwrap().insert(path);
                    }
                }
            });
        }
    });
    let finished = finished.into_inner().unwrap();
    assert!(finished.len() as u64 >= workers * kills / 5, "{finished:?}");
    let doctor = program.run(&["history", "doctor"]);
    assert_eq!(doctor.code, 0, "{}{}", doctor.text(), doctor.stderr);
    // A file whose program died before its row was there is the one thing that may be left.
    let repaired = doctor
        .text()
        .lines()
        .filter(|line| line.contains("Repaired"));
    assert!(
        repaired
            .into_iter()
            .all(|line| line.contains("files of no exchange")),
        "{}",
        doctor.text()
    );
    let lost: Vec<_> = finished
        .difference(&paths_with_200(&program))
        .cloned()
        .collect();
    assert!(
        lost.is_empty(),
        "finished, but not in the history: {lost:?}"
    );
}

#[test]
fn kill_9_while_bodies_become_files_loses_nothing() {
    kill(3, 14);
}

#[test]
#[ignore = "minutes: a thousand kills"]
fn a_thousand_kills_while_bodies_become_files_lose_nothing() {
    kill(8, 125);
}

/// Each of sixteen programs sends so many times.
fn write_at_once(times: usize) {
    let program = Program::new();
    let port = server_of_large_bodies(100);
    thread::scope(|scope| {
        for number in 0..16 {
            let program = &program;
            scope.spawn(move || {
                for turn in 0..times {
                    let url = format!("http://127.0.0.1:{port}/{number}-{turn}");
                    let run = program.run(&["send", &url, "a=1"]);
                    assert_eq!(run.code, 0, "{}", run.stderr);
                    assert!(!run.stderr.contains("locked"), "{}", run.stderr);
                    assert!(!run.stderr.contains("not in the history"), "{}", run.stderr);
                }
            });
        }
    });
    assert_eq!(paths_with_200(&program).len(), 16 * times);
}

#[test]
#[ignore = "minutes: sixteen programs, fifty sends each"]
fn sixteen_programs_write_for_long_and_no_row_is_lost() {
    write_at_once(50);
}

fn sent(program: &Program) {
    let server = Server::answering("200 OK", &[], b"an answer");
    let run = program.run(&["send", &server.url("/path"), "a=1"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    server.received();
}

/// Whatever is wrong with the file: it is kept as it is, under its name or another, and posttui goes on.
#[test]
fn a_truncated_or_altered_database_is_kept_and_posttui_goes_on() {
    for damage in ["half", "header", "start", "middle", "end"] {
        let program = Program::new();
        for _ in 0..20 {
            sent(&program);
        }
        let data = program.home().join("data");
        let file = data.join("history.sqlite3");
        let database = rusqlite::Connection::open(&file).unwrap();
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        database.query_row(checkpoint, (), |_| Ok(())).unwrap();
        drop(database);
        let mut bytes = fs::read(&file).unwrap();
        let pages = bytes.len() / 4096;
        match damage {
            "half" => bytes.truncate(pages / 2 * 4096),
            "header" => bytes[..16].fill(0),
            place => {
                let page = match place {
                    "start" => 1,
                    "middle" => pages / 2,
                    _ => pages - 1,
                };
                for byte in &mut bytes[page * 4096..][..4096] {
                    *byte ^= 0x55;
                }
            }
        }
        fs::write(&file, &bytes).unwrap();
        let listed = program.run(&["history"]);
        let told = format!("{damage}: {} {}", listed.text(), listed.stderr);
        let is_told = listed.stderr.contains("damaged") && listed.stderr.contains("doctor");
        assert!(listed.code == 0 || is_told, "{told}");
        // A send goes out whatever the history is like.
        sent(&program);
        let rebuilt = program.run(&["history", "doctor", "--rebuild"]);
        assert_eq!(
            rebuilt.code,
            0,
            "{told}\n{}{}",
            rebuilt.text(),
            rebuilt.stderr
        );
        sent(&program);
        let rows = program.run(&["history", "--json", "-n", "1"]);
        assert_eq!((rows.code, rows.ndjson().len()), (0, 1), "{damage}");
        let is_kept = fs::read_dir(&data).unwrap().any(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.contains(".broken-") && fs::read(&path).is_ok_and(|kept| kept.len() >= bytes.len())
        });
        assert!(is_kept, "{told}");
    }
}

#[test]
fn where_no_log_can_be_shared_there_is_none_and_it_is_told_once() {
    let program = Program::new();
    let run = || {
        let server = Server::answering("200 OK", &[], b"");
        let mut command = program.command(&["send", &server.url("/path"), "a=1"]);
        command.env("POSTTUI_NO_WAL", "1");
        let run = Running::start(command).finish();
        assert_eq!(run.code, 0, "{}", run.stderr);
        server.received();
        run.stderr
    };
    let told = run();
    assert!(told.contains("without a log that is shared"), "{told}");
    assert!(!program.home().join("data/history.sqlite3-wal").exists());
    assert!(!run().contains("without a log"));
    // Where there is no reason for it, the log comes back.
    sent(&program);
    assert!(program.home().join("data/history.sqlite3-wal").exists());
    assert_eq!(program.run(&["history", "--json"]).ndjson().len(), 3);
}
