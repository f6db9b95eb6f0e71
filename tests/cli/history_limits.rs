//! What the history keeps, and what it does not.

use std::fs;

use crate::{program::Program, server::Server};

fn sent(program: &Program, arguments: &[&str]) -> String {
    let server = Server::answering("200 OK", &[], b"an answer");
    let run = program.run(&[&["send", &server.url("/path"), "a=confidential"], arguments].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    server.received();
    run.stderr
}

fn configure(program: &Program, file: &str, text: &str) {
    let path = program.home().join("config").join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn count(program: &Program) -> usize {
    program.run(&["history", "--json"]).ndjson().len()
}

#[test]
fn limits_of_the_configuration_hold_and_what_is_forgotten_is_told() {
    let program = Program::new();
    configure(&program, "environments/prod.toml", "");
    for _ in 0..3 {
        sent(&program, &[]);
        sent(&program, &["--env", "prod"]);
    }
    configure(
        &program,
        "history.toml",
        "count = 4\n[environments.prod]\ncount = 1\n",
    );
    let listed = program.run(&["history"]);
    assert_eq!(listed.code, 0);
    let told =
        "The history keeps within its limits: 2 exchanges are forgotten (2 of prod beyond 1)";
    assert!(listed.stderr.contains(told), "{}", listed.stderr);
    assert_eq!(program.run(&["history"]).stderr, "");
    assert_eq!(
        program
            .run(&["history", "--json", "env:prod"])
            .ndjson()
            .len(),
        1
    );
    assert_eq!(count(&program), 4);
    configure(&program, "history.toml", "count = 'many'");
    let wrong = program.run(&["history"]);
    assert_eq!(wrong.code, 0);
    assert!(
        wrong.stderr.contains("history.toml cannot be read"),
        "{}",
        wrong.stderr
    );
    assert_eq!(count(&program), 4);
}

#[test]
fn what_its_options_keep_back_is_in_no_file() {
    let program = Program::new();
    let holds = |text: &[u8]| -> bool {
        let folder = program.home().join("data");
        let Ok(entries) = fs::read_dir(folder) else {
            return false;
        };
        let mut files = entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file());
        files.any(|file| {
            fs::read(file)
                .unwrap()
                .windows(text.len())
                .any(|window| window == text)
        })
    };
    configure(
        &program,
        "environments/bank.toml",
        "[options]\nrecorded = 'off'\n",
    );
    let kept_back = sent(&program, &["--env", "bank"]);
    assert!(
        kept_back.contains("not saved") && !kept_back.contains("not in the history"),
        "{kept_back}"
    );
    configure(
        &program,
        "options.toml",
        "unrecorded_hosts = 'example.com, 127.0.0.*'\n",
    );
    assert!(sent(&program, &[]).contains("not saved"));
    assert_eq!(count(&program), 0);
    assert!(!holds(b"confidential"));
    configure(
        &program,
        "options.toml",
        "unrecorded_hosts = 'example.com'\n",
    );
    sent(&program, &[]);
    assert_eq!(count(&program), 1);
    configure(&program, "options.toml", "unrecorded_hosts = ','\n");
    let wrong = program.run(&["send", "http://127.0.0.1:9/", "a=1"]);
    assert_ne!(wrong.code, 0);
    assert!(wrong.stderr.contains("api.example.com"), "{}", wrong.stderr);
}
