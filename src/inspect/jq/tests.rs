use std::cell::Cell;

use super::{Limits, Problem, Stop, check, run};

fn values(filter: &str, body: &str) -> Vec<String> {
    let found = run(filter, body.as_bytes(), &Limits::SHORT).expect(filter);
    assert_eq!(found.problem, None, "{filter}");
    found.values
}

#[test]
fn a_filter_gives_values_with_the_digits_that_came() {
    let body = r#"{"items":[{"p":1.50,"n":12345678901234567890123},{"p":1e400}],"z":1,"a":2}"#;
    assert_eq!(values(".items[].p", body), ["1.50", "1e400"]);
    assert_eq!(values(".items[0].n", body), ["12345678901234567890123"]);
    assert_eq!(
        values("del(.items) | keys_unsorted | sort", body),
        [r#"["a","z"]"#]
    );
    assert_eq!(values(".", "1 2\n3"), ["1", "2", "3"]);
    assert_eq!(values("map(.+1)|add", "[1,2]"), ["5"]);
}

/// Each of these is what jaq says without the counter, which must change none of it.
#[test]
fn being_watched_changes_no_filter() {
    for (filter, body, expected) in [
        ("[(1,2) * (10,100)]", "null", "[10,100,20,200]"),
        ("[(1,2) + (10,100)]", "null", "[11,101,12,102]"),
        ("\"ab\" * 3", "null", "\"ababab\""),
        ("3 * \"ab\"", "null", "\"ababab\""),
        ("[limit(3; repeat(1))]", "null", "[1,1,1]"),
        ("[range(0;10;3)]", "null", "[0,3,6,9]"),
        ("reduce .[] as $x (0; . + $x)", "[1,2,3]", "6"),
        (
            "[foreach .[] as $x (0; . + $x; [$x, .])]",
            "[1,2]",
            "[[1,1],[2,3]]",
        ),
        ("[paths]", r#"{"a":[1]}"#, r#"[["a"],["a",0]]"#),
        (
            "(.. | select(type==\"number\")) |= .+1",
            r#"{"a":[1]}"#,
            r#"{"a":[2]}"#,
        ),
        ("def f: if . > 100 then . else .+1 | f end; f", "0", "101"),
        (
            "[.[] | (if . > 1 then \"big\" else \"small\" end)]",
            "[1,2]",
            r#"["small","big"]"#,
        ),
        ("with_entries(.value += 1)", r#"{"a":1}"#, r#"{"a":2}"#),
        ("path(.a[0].b)", "null", r#"["a",0,"b"]"#),
        (
            "label $f | .[] | if . > 1 then ., break $f else . end",
            "[2,3]",
            "2",
        ),
        ("try error(\"x\") catch .", "null", "\"x\""),
        ("\"\\(.a) and \\(.b)\"", r#"{"a":1,"b":2}"#, "\"1 and 2\""),
        ("[splits(\", *\")]", "\"a, b\"", r#"["a","b"]"#),
        ("{(.a,.b): 1}", r#"{"a":"x","b":"y"}"#, r#"{"x":1}"#),
        (
            "walk(if type==\"array\" then sort else . end)",
            "[2,[4,3],1]",
            "[1,2,[3,4]]",
        ),
        (". as [$a, {b: $c}] | $a + $c", r#"[1,{"b":2}]"#, "3"),
        (
            "[recurse(if . < 3 then .+1 else empty end)]",
            "0",
            "[0,1,2,3]",
        ),
        ("last(range(10))", "null", "9"),
        ("$ENV | length", "null", "0"),
        ("env | length", "null", "0"),
    ] {
        if filter.starts_with('$') {
            assert!(run(filter, body.as_bytes(), &Limits::SHORT).is_err());
            continue;
        }
        assert_eq!(values(filter, body)[0], expected, "{filter}");
    }
}

#[test]
fn what_is_wrong_with_a_filter_is_said_with_its_place() {
    for (filter, place, what) in [
        (".a | ", 5..5, "a term is expected, not the end"),
        (".a[", 3..3, "closing bracket"),
        (".a | nonsense", 5..13, "no filter nonsense"),
        (".a | map", 5..8, "no filter map"),
        ("$x", 0..2, "no variable $x"),
        (".a § .b", 3..8, "a token is expected"),
        ("if . then 1", 11..11, "else or end"),
        ("import \"a\" as a; 1", 8..9, "modules"),
        ("", 0..0, "a term is expected"),
    ] {
        match check(filter) {
            Err(Problem::Filter {
                place: found,
                what: said,
            }) => {
                assert!(said.contains(what), "{filter}: {said}");
                assert_eq!(found, place, "{filter}: {said}");
            }
            other => panic!("{filter}: {other:?}"),
        }
    }
    assert_eq!(check(&".".repeat(9000)), Err(Problem::TooLong));
    assert_eq!(check(".a[0]?"), Ok(()));
}

#[test]
fn what_is_no_json_or_too_much_of_it_is_not_filtered() {
    let problem = |body: &str| run(".", body.as_bytes(), &Limits::SHORT).unwrap_err();
    assert_eq!(
        problem("{\"a\":\n x}"),
        Problem::NotJson {
            line: 2,
            column: 2,
            what: "a value is expected"
        }
    );
    // jaq takes these; JSON does not have them.
    for body in ["NaN", "# x\n1", "{1:2}", "+1"] {
        assert!(matches!(problem(body), Problem::NotJson { .. }), "{body}");
    }
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert!(matches!(problem(&deep), Problem::TooDeep { .. }));
    let small = Limits {
        input: 3,
        ..Limits::SHORT
    };
    assert!(matches!(
        run(".", b"[1,2]", &small),
        Err(Problem::TooLarge { bytes: 5, most: 3 })
    ));
    let deep = "[".repeat(9_000) + &"]".repeat(9_000);
    assert_eq!(values("[..]|length", &deep), ["9000"]);
}

#[test]
fn nothing_goes_on_for_ever() {
    for (filter, stop) in [
        ("last(repeat(1))", Stop::Steps),
        ("[repeat(1)]", Stop::Steps),
        ("def f: f; f", Stop::Steps),
        ("def f: 1 + f; f", Stop::Deep),
        ("def f: [f]; f", Stop::Deep),
        ("last(range(0; infinite))", Stop::Steps),
        ("[range(1e12)]", Stop::Steps),
        ("until(false; .)", Stop::Steps),
        ("[limit(1e12; repeat(.))]|length", Stop::Steps),
        ("last(range(1e4) | range(1e4) | range(1e4))", Stop::Steps),
        ("[range(3000)] | last(.[] + .[] + .[])", Stop::Steps),
        (
            "[range(3000)] | last({a: .[], b: .[], c: .[]})",
            Stop::Steps,
        ),
        (
            "[range(3000)] | last(\"\\(.[])\\(.[])\\(.[])\")",
            Stop::Steps,
        ),
        (
            "[range(3000)] | last(.[] as $a | .[] as $b | .[] as $c | $a)",
            Stop::Steps,
        ),
        ("try repeat(1; 1) catch 1, last(repeat(1))", Stop::Steps),
        ("try last(repeat(1)) catch 2", Stop::Steps),
        ("\"x\" * 99999999999", Stop::Large),
        ("\"x\" * 1e300", Stop::Large),
        ("reduce range(64) as $i (\"ab\"; . + .)", Stop::Large),
        ("reduce range(64) as $i ([1]; . + .)", Stop::Large),
        ("reduce range(1e7) as $i (0; [.])", Stop::Large),
        ("reduce range(1e7) as $i (0; {a: .})", Stop::Large),
        ("repeat(1)", Stop::Output),
        ("reduce range(40) as $i ([]; [., .])", Stop::Output),
    ] {
        let steps = if stop == Stop::Steps {
            30_000
        } else {
            1_000_000
        };
        let limits = Limits {
            steps,
            ..Limits::SHORT
        };
        match run(filter, b"null", &limits) {
            Ok(found) => assert_eq!(found.problem, Some(Problem::Stopped(stop)), "{filter}"),
            Err(Problem::Filter { .. }) if filter.starts_with("try repeat") => {}
            Err(problem) => panic!("{filter}: {problem}"),
        }
    }
}

#[test]
fn an_array_that_grows_and_grows_is_stopped_before_the_memory_is_full() {
    let limits = Limits {
        collected: 10_000,
        ..Limits::SHORT
    };
    for filter in [
        "[range(1e12)]",
        "[repeat(1)]",
        "[limit(1e12; repeat(.))] | length",
        "last([range(100)] | repeat([.[]]))",
    ] {
        let found = run(filter, b"null", &limits).unwrap();
        assert_eq!(
            found.problem,
            Some(Problem::Stopped(Stop::Large)),
            "{filter}"
        );
    }
    assert_eq!(values("[range(9000)] | length", "null"), ["9000"]);
}

#[test]
fn a_value_that_is_in_itself_again_and_again_is_not_gone_through() {
    let twice = "reduce range(60) as $i ([]; [., .])";
    for what in [
        "tojson",
        "\"\\(.)\"",
        ". == (. | .[0])",
        "[., .] | sort",
        "[., .] | group_by(.)",
        "contains([1])",
        "@base64",
    ] {
        let filter = format!("{twice} | {what}");
        let found = run(&filter, b"null", &Limits::SHORT).unwrap();
        assert_eq!(
            found.problem,
            Some(Problem::Stopped(Stop::Large)),
            "{filter}"
        );
    }
    assert_eq!(
        values(
            "[.[] | select(. == {\"a\": [1]})] | tojson",
            r#"[{"a":[1]},2]"#
        ),
        [r#""[{\"a\":[1]}]""#]
    );
    assert_eq!(
        values("sort_by(.a) | map(.a)", r#"[{"a":2},{"a":1}]"#),
        ["[1,2]"]
    );
}

#[test]
fn a_run_that_nobody_waits_for_ends_soon() {
    let asked = Cell::new(0);
    let limits = Limits {
        stop: &|| {
            asked.set(asked.get() + 1);
            asked.get() > 3
        },
        ..Limits::SHORT
    };
    let found = run("last(repeat(1))", b"null", &limits).unwrap();
    assert_eq!(found.problem, Some(Problem::Stopped(Stop::Cancelled)));
    assert_eq!(asked.get(), 4);
}

#[test]
fn values_before_an_error_are_kept() {
    let found = run(".[] | .a", br#"[{"a":1},2,{"a":3}]"#, &Limits::SHORT).unwrap();
    assert_eq!(found.values, ["1"]);
    let Some(Problem::Failed(said)) = found.problem else {
        panic!("{:?}", found.problem)
    };
    assert!(said.contains("cannot index 2"), "{said}");
    let found = run("1, halt, 2", b"null", &Limits::SHORT).unwrap();
    assert_eq!((found.values, found.problem), (vec!["1".to_owned()], None));
}
