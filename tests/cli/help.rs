//! Help, the version, and what is said to a wrong command line.

use crate::program::Program;

#[test]
fn help_teaches_every_command() {
    let program = Program::new();
    for command in [
        &["--help"][..],
        &["send", "--help"],
        &["status", "--help"],
        &["history", "--help"],
        &["history", "show", "--help"],
        &["env", "--help"],
        &["demo", "--help"],
        &["help", "send"],
    ] {
        let run = program.run(command);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{command:?}");
        assert!(run.text().contains("Examples:"), "{command:?}");
    }
}

#[test]
fn help_names_the_files_the_environment_and_the_exit_codes() {
    let program = Program::new();
    let help = program.run(&["--help"]);
    for part in [
        "POSTTUI_HOME",
        "NO_COLOR",
        "keys.toml",
        "Exit codes:",
        "130",
    ] {
        assert!(help.text().contains(part), "{part}");
    }
    let home = program.home().to_str().unwrap();
    assert!(help.text().contains(home), "{}", help.text());
}

#[test]
fn the_version_is_the_crates() {
    let run = Program::new().run(&["--version"]);
    assert_eq!(
        run.text(),
        concat!("posttui ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn what_needs_no_files_makes_none() {
    let program = Program::new();
    for command in [
        &["--help"][..],
        &["--version"],
        &["status", "404"],
        &["send", "--help"],
    ] {
        assert_eq!(program.run(command).code, 0, "{command:?}");
    }
    assert_eq!(std::fs::read_dir(program.home()).unwrap().count(), 0);
}

#[test]
fn a_mistyped_command_is_refused_with_the_right_one() {
    let program = Program::new();
    let run = program.run(&["histroy", "--json"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("'history'"), "{}", run.stderr);
    for wrong in [
        &["send", "--nonsense"][..],
        &["--nonsense"],
        &["demo", "--port", "x"],
    ] {
        assert_eq!(program.run(wrong).code, 2, "{wrong:?}");
    }
}

#[test]
fn the_interface_without_a_terminal_says_what_it_needs() {
    let run = Program::new().run(&[":3000"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("terminal"), "{}", run.stderr);
}
