//! `posttui send` with files: multipart forms, whole bodies, whatever their size.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    process::Stdio,
};

use crate::{
    program::{Program, Running},
    server::Server,
};

#[test]
fn files_and_texts_are_a_multipart_form_that_the_history_describes() {
    let program = Program::new();
    let path = program.home().join("ta ble.csv");
    fs::write(&path, "a;b\n\u{0}").unwrap();
    let path = path.to_str().unwrap();
    let server = Server::answering("200 OK", &[], b"");
    let url = server.url("/");
    let item = format!("table@{path};filename=t.csv");
    let run = program.run(&["send", &url, "note=x", &item]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let received = server.received();
    let body = String::from_utf8(received.body).unwrap();
    let head = received.head;
    let boundary = head
        .split_once("boundary=")
        .unwrap()
        .1
        .lines()
        .next()
        .unwrap();
    assert_eq!(
        body,
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"table\"; filename=\"t.csv\"\r\n\
             Content-Type: text/csv\r\n\r\na;b\n\u{0}\r\n--{boundary}--\r\n"
        )
    );
    let shown = program.run(&["history", "show", "1"]).json();
    let sent = &shown["request"]["body"];
    assert_eq!(sent["bytes"], body.len());
    assert_eq!(sent["pieces"][1]["file"], path);
    assert_eq!(sent["pieces"][1]["bytes"], 5);
    let run = program.run(&["history", "show", "1", "--sent"]);
    assert_eq!(run.text(), body.replace("a;b\n\u{0}", ""));
    assert!(run.stderr.contains(path), "{}", run.stderr);
}

#[test]
fn a_file_that_cannot_be_sent_is_told_and_nothing_goes_out() {
    let program = Program::new();
    let home = program.home().to_str().unwrap().to_owned();
    let missing = format!("{home}/none.bin");
    for words in [
        [format!("f@{missing}"), "a=b".to_owned()],
        ["--body".to_owned(), format!("@{missing}")],
    ] {
        let run = program.run(&["send", "127.0.0.1:1", &words[0], &words[1]]);
        assert_eq!(run.code, 2, "{}", run.stderr);
        let told = format!("there is no such file: {missing}");
        assert!(run.stderr.contains(&told), "{}", run.stderr);
    }
    let run = program.run(&["send", "127.0.0.1:1", &format!("f@{home}")]);
    assert!(run.stderr.contains("this is a folder"), "{}", run.stderr);
    let run = program.run(&["send", "127.0.0.1:1", "f@x;type=nonsense"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
}

/// The most memory that a process held, in KiB.
#[cfg(target_os = "linux")]
fn peak_memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// 300 MB, or `POSTTUI_UPLOAD_MB` of them: a sparse file costs no disk.
#[cfg(target_os = "linux")]
#[test]
fn a_big_file_is_sent_in_little_memory() {
    let megabytes = std::env::var("POSTTUI_UPLOAD_MB").ok();
    let megabytes: u64 = megabytes.map_or(300, |text| text.parse().unwrap());
    let program = Program::new();
    let path = program.home().join("big.bin");
    File::create(&path)
        .unwrap()
        .set_len(megabytes * 1_000_000)
        .unwrap();

    let mut command = program.command(&["demo", "--serve"]);
    command.stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    pipe.read_line(&mut line).unwrap();
    let playground = Running::watch(child);
    let url = line.trim_end().strip_prefix("listening on ").unwrap();

    let target = format!("{url}/upload");
    let body = format!("@{}", path.display());
    let arguments = ["send", &target, "--body", &body, "--timeout", "0"];
    let mut sending = program.command(&arguments);
    sending.stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut sending = sending.spawn().unwrap();
    // What is asked for last is nearest to the end; the peak never falls.
    let mut peak = 0;
    while sending.try_wait().unwrap().is_none() {
        peak = peak_memory(sending.id()).unwrap_or(peak);
        // Nothing waits for this: it only spares the processor between two looks.
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let output = sending.wait_with_output().unwrap();
    assert!(output.status.success());
    let receipt: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(receipt["bytes"], megabytes * 1_000_000);
    assert!((1..64 * 1024).contains(&peak), "{peak} KiB");
    drop((playground, pipe));
}
