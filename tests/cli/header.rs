//! `posttui header`.

use crate::program::Program;

#[test]
fn a_field_its_value_and_words_are_explained() {
    let program = Program::new();
    for (words, part) in [
        (&["vary"][..], "RFC 9110, Section 12.5.5"),
        (&["Cache-Control: no-store"], "kept by no cache at all"),
        (&["x-nobody-knows"], "not registered"),
        (&["preflight"], "Access-Control-Max-Age"),
    ] {
        let run = program.run(&[&["header"], words].concat());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{words:?}");
        assert!(run.text().contains(part), "{words:?}: {}", run.text());
    }
    assert!(program.run(&["header"]).text().lines().count() > 130);
    let json = program.run(&["header", "--json", "etag"]).json();
    assert_eq!(
        (&json["name"], &json["registered"]),
        (&"ETag".into(), &true.into())
    );
}
