//! `posttui status`.

use crate::program::Program;

#[test]
fn without_an_argument_every_code_has_a_line() {
    let run = Program::new().run(&["status"]);
    assert_eq!(run.code, 0);
    assert!(run.text().lines().count() > 80, "{}", run.text());
    assert!(run.text().contains("▲ 404  Not Found"), "{}", run.text());
    assert!(!run.text().contains('\x1b'));
}

#[test]
fn a_code_a_class_and_words_are_explained() {
    let program = Program::new();
    for (words, part) in [
        (&["404"][..], "▲ 404 Not Found"),
        (&["5xx"], "■ 5xx Server error"),
        (&["teapot"], "418"),
        (&["too", "large"], "413"),
        (&["477"], "not registered"),
    ] {
        let run = program.run(&[&["status"], words].concat());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{words:?}");
        assert!(run.text().contains(part), "{words:?}: {}", run.text());
    }
}

#[test]
fn json_is_for_programs() {
    let program = Program::new();
    let code = program.run(&["status", "--json", "422"]).json();
    assert_eq!(code["code"], 422);
    assert_eq!(code["class"], "client-error");
    let class = program.run(&["status", "--json", "1xx"]).json();
    assert_eq!(
        (&class["class"], &class["codes"][0]),
        (&"1xx".into(), &100.into())
    );
    let all = program.run(&["status", "--json"]).json();
    assert!(all.as_array().unwrap().len() > 80);
}

#[test]
fn what_is_not_found_is_a_usage_error_with_a_suggestion() {
    let program = Program::new();
    let run = program.run(&["status", "teepot"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("did you mean “teapot”"),
        "{}",
        run.stderr
    );
    assert_eq!(program.run(&["status", "1000"]).code, 2);
}
