//! Expansion, as a user meets it.

use super::*;
use std::time::Duration;

use bytes::Bytes;

use crate::model::{
    BodyKind, Environment, Environments, Field, Header, HttpVersion, REDACTED, Response,
    ResponseHead, Variable,
};

fn scope() -> Scope {
    let local = Environment {
        name: "local".to_owned(),
        variables: vec![
            Variable::plain("host", "127.0.0.1:7878"),
            Variable::plain("base_url", "http://{{ host }}"),
            Variable::plain("one", "{{ two }}"),
            Variable::plain("two", "{{ one }}"),
            Variable::plain("broken", "{{ hots }}"),
            Variable::secret("token", "s3cret-{{ not_a_template }}"),
            Variable::plain("header", "Bearer {{ token }}"),
            Variable::secret("later", ""),
        ],
        ..Environment::default()
    };
    let environments = Environments {
        usual: crate::model::Choices::default(),
        all: vec![local],
        ..Environments::default()
    };
    environments.scope(Some("local")).unwrap()
}

fn facts() -> Facts {
    let mut facts = Facts::at("2026-03-04T12:04:05.678Z".parse().unwrap());
    facts.learn(Need::Randomness, Ok("seed".into()));
    facts.learn(Need::Env("HOME".into()), Ok("/home/ann".into()));
    facts.learn(Need::Env("GONE".into()), Err("it is not set".into()));
    facts.learn(Need::File("x.txt".into()), Ok("line".into()));
    facts.learn(Need::Prompt("OTP".into()), Ok("123456".into()));
    facts
}

fn text(body: &str) -> Request {
    let mut request = Request::default();
    request.body.kind = BodyKind::Text;
    request.body.text = body.to_owned();
    request
}

fn ready(request: &Request) -> Expanded {
    match expand(request, &scope(), &facts()).unwrap() {
        Expansion::Ready(expanded) => *expanded,
        Expansion::Needs(needs) => panic!("{needs:?}"),
    }
}

fn became(body: &str) -> String {
    ready(&text(body)).request.body.text
}

fn problem_of(body: &str) -> Problem {
    expand(&text(body), &scope(), &facts()).unwrap_err()
}

fn answered(body: &str) -> Facts {
    let response = Response {
        head: ResponseHead {
            status: 201,
            reason: None,
            version: HttpVersion::Http11,
            headers: vec![
                Header::new("X-Token", "abc"),
                Header::new("set-cookie", format!("sid={REDACTED}")),
            ],
        },
        body: Bytes::copy_from_slice(body.as_bytes()),
        whole: None,
    };
    let mut facts = facts();
    for max_age in [None, Some(Duration::from_mins(10))] {
        let need = AnswerNeed {
            name: "login".to_owned(),
            max_age,
        };
        let found = Answer::of(&response).and_then(|answer| answer.found());
        facts.learn(Need::Response(need), found);
    }
    facts
}

fn part(expression: &str, body: &str) -> Result<String, String> {
    let request = text(&format!("{{{{ {expression} }}}}"));
    match expand(&request, &scope(), &answered(body)) {
        Ok(Expansion::Ready(expanded)) => Ok(expanded.request.body.text),
        Ok(Expansion::Needs(needs)) => panic!("{needs:?}"),
        Err(problem) => Err(problem.reason),
    }
}

#[test]
fn parts_of_an_earlier_answer_are_taken() {
    let body = r#"{"token":"t","ids":[1,{"a":"b"}],"price":1.10,"deep":{"x":{"y":null}}}"#;
    for (expression, expected) in [
        (r#"response("login").json.token"#, "t"),
        (r#"response("login", max_age="10m").json.ids[1].a"#, "b"),
        (r#"response("login").json["price"]"#, "1.10"),
        (r#"response("login").status"#, "201"),
        (r#"response("login").headers["x-token"] | upper"#, "ABC"),
        (r#"response("login").text"#, body),
        (r#"response("login").json.nope | default("none")"#, "none"),
        (r#"response("login").json.ids"#, r#"[1,{"a":"b"}]"#),
    ] {
        assert_eq!(
            part(expression, body).as_deref(),
            Ok(expected),
            "{expression}"
        );
    }
}

#[test]
fn what_an_earlier_answer_does_not_have_is_told() {
    for (expression, reason) in [
        (r#"response("login").json.token"#, "(201) is no JSON"),
        (r#"response("login").body"#, "has .json, .text"),
        (r#"response("login").headers["nope"]"#, "this has no value"),
        ("response()", "name of a saved request is missing"),
        (
            r#"response("login", max_age="soon")"#,
            "max_age is a number",
        ),
        (r#"response("login", age="1m")"#, "max_age alone"),
        (r#"response("login", 5)"#, "write response("),
    ] {
        let told = part(expression, "no json").unwrap_err();
        assert!(told.contains(reason), "{expression}: {told}");
    }
}

#[test]
fn a_mark_in_an_answer_counts_as_missing_and_the_request_is_sent_first() {
    let body = format!(r#"{{"token":"{REDACTED}","key":"‹secret jwt›","id":7}}"#);
    let fresh = Need::Response(AnswerNeed {
        name: "login".to_owned(),
        max_age: Some(Duration::ZERO),
    });
    for expression in [
        r#"response("login").json.token"#,
        r#"response("login", max_age="10m").json.key"#,
        r#"response("login").text"#,
        r#"response("login").headers["set-cookie"]"#,
    ] {
        let request = text(&format!("{{{{ {expression} }}}}"));
        let mut facts = answered(&body);
        let needs = expand(&request, &scope(), &facts).unwrap();
        assert_eq!(needs, Expansion::Needs(vec![fresh.clone()]), "{expression}");
        // What came for this very send is all that can be had.
        let Need::Response(need) = &fresh else {
            panic!("{fresh:?}");
        };
        let again = facts.get(&Need::Response(AnswerNeed {
            max_age: None,
            ..need.clone()
        }));
        facts.learn(fresh.clone(), again.unwrap());
        let told = expand(&request, &scope(), &facts).unwrap_err().reason;
        assert!(told.contains("does not keep"), "{expression}: {told}");
    }
    assert_eq!(
        part(r#"response("login").json.id"#, &body).as_deref(),
        Ok("7")
    );
}

#[test]
fn an_answer_is_asked_for_and_shown_by_a_stand_in() {
    let body = r#"{{ response("a/b", max_age=90).json.t | upper }}"#;
    let need = Need::Response(AnswerNeed {
        name: "a/b".to_owned(),
        max_age: Some(Duration::from_secs(90)),
    });
    let expansion = expand(&text(body), &scope(), &facts()).unwrap();
    assert_eq!(expansion, Expansion::Needs(vec![need]));
    let preview = Facts::preview(facts().now);
    let shown = super::preview(body, &scope(), &preview).unwrap();
    assert_eq!(shown, "‹RESPONSE A/B.JSON.T›");
    assert_eq!(answers_needed(&text(body)), ["a/b"]);
}

#[test]
fn variables_stand_for_their_values_even_within_each_other() {
    assert_eq!(became("{{ base_url }}/x"), "http://127.0.0.1:7878/x");
    assert_eq!(became("{{host|upper}}"), "127.0.0.1:7878");
}

#[test]
fn everything_but_double_braces_is_text() {
    let body = "{% for %} {# c #} {\"a\":{\"b\":1}} # line\n}} ";
    assert_eq!(became(body), body);
    assert_eq!(became("{{ \"{{\" }} x }}"), "{{ x }}");
}

#[test]
fn what_is_taken_literally_becomes_what_it_was() {
    for body in [
        "{{ env('HOME') }}",
        "{{{{7*7}}",
        "{\"a\": \"{{b}}\"}",
        "plain",
    ] {
        let mut request = Request::default();
        request.body.kind = BodyKind::Text;
        body.clone_into(&mut request.body.text);
        take_literally(&mut request);
        assert_eq!(became(&request.body.text), body);
    }
}

#[test]
fn a_random_number_needs_no_bounds() {
    let number: u32 = became("{{ random_int() }}").parse().unwrap();
    assert!(number < 1_000_000, "{number}");
}

#[test]
fn functions_and_filters_have_their_values() {
    for (body, expected) in [
        ("{{ env(\"HOME\") }}", "/home/ann"),
        ("{{ file('x.txt') }}", "line"),
        ("{{ prompt('OTP') }}", "123456"),
        ("{{ now() }}", "2026-03-04T12:04:05Z"),
        ("{{ now('%Y/%m') }}", "2026/03"),
        ("{{ timestamp() }}", "1772625845"),
        ("{{ random_int(7, 7) }}", "7"),
        ("{{ 'a b/ü' | urlencode }}", "a%20b%2F%C3%BC"),
        ("{{ 'a\"<b' | tojson }}", "\"a\\\"<b\""),
        ("{{ {'a': [1, true, none]} }}", "{\"a\":[1,true,null]}"),
        ("{{ 'ann:pw' | base64 }}", "YW5uOnB3"),
        ("{{ 'YW5u' | base64decode | upper }}", "ANN"),
        ("{{ nobody | default('x') }}", "x"),
        ("{{ 1 + 2 * 3 }}", "7"),
        (
            "{{ '' | sha256 }}",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (
            "{{ 'what do ya want for nothing?' | hmac_sha256('Jefe') }}",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
    ] {
        assert_eq!(became(body), expected, "{body}");
    }
}

#[test]
fn no_two_random_values_are_the_same_and_a_uuid_has_its_version() {
    let body = became("{{ uuid() }} {{ uuid() }}");
    let (one, two) = body.split_once(' ').unwrap();
    assert_ne!(one, two);
    for uuid in [one, two] {
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"), "{uuid}");
        assert!("89ab".contains(&uuid[19..20]), "{uuid}");
    }
}

#[test]
fn what_is_unknown_is_told_with_its_place_and_what_was_meant() {
    let problem = problem_of("first\n ü {{ base_ur }}/x");
    assert_eq!((problem.line, problem.column), (2, 7));
    assert_eq!(
        problem.reason,
        "undefined: base_ur — did you mean base_url?"
    );
    assert!(
        problem_of("{{ uuidd() }}")
            .reason
            .contains("did you mean uuid?")
    );
    assert_eq!(problem_of("{{ zzz ~ host }}").reason, "undefined: zzz");
}

#[test]
fn what_is_wrong_is_told() {
    for (body, part) in [
        ("{{ }}", "nothing stands"),
        ("a {{ host", "never closed"),
        ("{{ host | }}", "cannot be read"),
        ("{{ host | nofilter }}", "nofilter"),
        ("{{ one }}", "made of itself"),
        (
            "{{ broken }}",
            "in the variable broken: undefined: hots — did you mean host?",
        ),
        ("{{ later }}", "POSTTUI_SECRET_LATER"),
        ("{{ env('GONE') }}", "env(): it is not set"),
        ("{{ env() }}", "is missing"),
        ("{{ random_int(2, 1) }}", "above"),
        ("{{ response(5, 6) }}", "write response("),
        ("{{ now(1) }}", "the format is a text"),
        ("{{ none }}", "none"),
        ("{{ '%' | base64decode }}", "no Base64"),
    ] {
        let problem = problem_of(body);
        assert!(problem.reason.contains(part), "{body}: {}", problem.reason);
        let body = crate::prepare::Place::Body(crate::model::BodySpot::Text);
        assert_eq!(problem.spot.place, body);
    }
}

#[test]
fn what_has_to_be_fetched_is_asked_for_first() {
    let request = text("{{ env('A') }}{{ prompt('P') }}");
    let mut facts = Facts::at(jiff::Timestamp::UNIX_EPOCH);
    let mut rounds = Vec::new();
    loop {
        match expand(&request, &scope(), &facts).unwrap() {
            Expansion::Needs(needs) => {
                for need in needs {
                    facts.learn(need.clone(), Ok("x".into()));
                    rounds.push(need);
                }
            }
            Expansion::Ready(expanded) => {
                assert_eq!(expanded.request.body.text, "xx");
                break;
            }
        }
    }
    assert_eq!(rounds, [Need::Env("A".into()), Need::Prompt("P".into())]);
}

#[test]
fn every_field_that_is_sent_is_expanded_and_no_other() {
    let mut request = Request {
        method: "{{ 'PUT' }}".into(),
        url: "{{ base_url }}".into(),
        query: vec![Field::new("{{ 1 }}", "{{ 2 }}")],
        headers: vec![
            Field {
                enabled: false,
                ..Field::new("x", "{{ broken")
            },
            Field::new("x-h", "{{ 3 }}"),
        ],
        rules: vec![Field::new("200", "{{ 4 }}")],
        ..Request::default()
    };
    request.body.form = vec![Field::new("f", "{{ 5 }}")];
    request.body.json = "{{ 6 }}".into();
    let expanded = ready(&request).request;
    assert_eq!(expanded.method, "PUT");
    assert_eq!(expanded.url, "http://127.0.0.1:7878");
    assert_eq!(expanded.query, [Field::new("1", "2")]);
    assert_eq!(expanded.headers[0].value, "{{ broken");
    assert_eq!(expanded.headers[1].value, "3");
    assert_eq!(expanded.rules[0].value, "{{ 4 }}");
    assert_eq!(expanded.body.form[0].value, "5");
    assert_eq!(expanded.body.json, "{{ 6 }}");
}

#[test]
fn whatever_is_made_of_a_secret_is_secret() {
    let expanded = ready(&text(
        "{{ ('me:' ~ token) | base64 }} {{ header }} {{ prompt('OTP') | sha256 }} {{ host }}",
    ));
    let shown = expanded.secrets.mask(&expanded.request.body.text);
    assert_eq!(
        shown,
        "‹secret token› ‹secret token› ‹secret prompt› 127.0.0.1:7878"
    );
}

#[test]
fn a_preview_shows_no_secret_and_asks_for_nothing() {
    let facts = Facts::preview(jiff::Timestamp::UNIX_EPOCH);
    let shown = |text: &str| preview(text, &scope(), &facts);
    assert_eq!(shown("{{ header }}"), Ok("Bearer ••••".to_owned()));
    assert_eq!(
        shown("{{ env('A') }} {{ uuid() }} {{ random_int(1, 6) }}"),
        Ok("‹env A› ‹uuid› ‹1…6›".to_owned())
    );
    assert!(shown("{{ base_ur }}").unwrap_err().contains("base_url"));
}

#[test]
fn every_row_of_the_tables_works_as_its_example_says() {
    let mut scope = scope();
    for name in ["user", "password", "body_text", "key", "name"] {
        scope.set(name, "x");
    }
    scope.set("token", "YW5u");
    let facts = Facts::preview(jiff::Timestamp::UNIX_EPOCH);
    let examples = FUNCTIONS
        .iter()
        .map(|it| it.example)
        .chain(FILTERS.iter().map(|it| it.example));
    for example in examples {
        if example.contains("base64decode") {
            assert_eq!(
                preview("{{ 'YW5u' | base64decode }}", &scope, &facts),
                Ok("ann".into())
            );
        } else {
            assert!(preview(example, &scope, &facts).is_ok(), "{example}");
        }
    }
    let mut names: Vec<&str> = FUNCTIONS.iter().map(|it| it.name).collect();
    names.dedup();
    assert!(names.is_sorted() && FILTERS.iter().map(|it| it.name).is_sorted());
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_it(body in "[{}'\"|a-c() .ü\n]{0,40}") {
        let _ = expand(&text(&body), &scope(), &facts());
    }
}

#[test]
fn what_the_environment_reads_of_this_machine_is_told_from_what_the_request_reads() {
    let foreign = Environment {
        name: "q".to_owned(),
        variables: vec![
            Variable::plain("home", "{{ env('HOME') }}"),
            Variable::plain("deep", "{{ home }}"),
            Variable::plain("id", "{{ uuid() }}"),
        ],
        options: crate::model::Choices::default().with("idempotency_key", "{{ env('HOME') }}"),
        ..Environment::default()
    };
    let mut environments = Environments {
        all: vec![foreign],
        ..Environments::default()
    };
    let facts = Facts::at(jiff::Timestamp::UNIX_EPOCH);
    let mut scope = environments.scope(Some("q")).unwrap();
    let reads = |body: &str, scope: &Scope| environment_reads(&text(body), scope, &facts);
    assert!(reads("no template", &scope));
    scope.options.clear();
    for body in ["{{ home }}", "{{ id }}", "{{ deep }}{{ env('HOME') }}"] {
        assert_eq!(reads(body, &scope), body != "{{ id }}", "{body}");
    }
    assert!(!reads("{{ env('HOME') }}", &scope));
    // The configuration is the user's own.
    environments.usual = std::mem::take(&mut environments.all[0].options);
    let scope = environments.scope(Some("q")).unwrap();
    assert!(!reads("no template", &scope));
}

#[test]
fn what_an_answer_keeps_secret_is_a_secret_of_the_request_that_takes_it() {
    let body = r#"{"access_token":"abcdefgh","user":"ann","n":{"id":12345}}"#;
    for (expression, expected) in [
        (
            r#"response("login").json.access_token"#,
            "‹secret login_json_access_token›",
        ),
        (
            r#"response("login").json["access_token"] | upper"#,
            "‹secret login_json_access_token_upper›",
        ),
        (
            r#"response("login").headers["x-token"] ~ "!""#,
            "‹secret login_headers_x_token›",
        ),
        (r#"response("login").json.user"#, "ann"),
        (r#"response("login").json.n.id"#, "12345"),
        (r#"response("login").status"#, "201"),
    ] {
        let request = text(&format!("{{{{ {expression} }}}}"));
        let expansion = expand(&request, &scope(), &answered(body)).unwrap();
        let Expansion::Ready(expanded) = expansion else {
            panic!("{expansion:?}");
        };
        let shown = expanded.secrets.mask(&expanded.request.body.text);
        assert_eq!(shown, expected, "{expression}");
    }
}

#[test]
fn what_looks_like_a_path_parameter_is_sent_as_written() {
    let mut request = Request {
        url: "http://h/:id/{x}?a=:b".to_owned(),
        ..Request::default()
    };
    take_literally(&mut request);
    let prepared = crate::prepare::prepare(&request).unwrap();
    assert_eq!(prepared.url, "http://h/:id/%7Bx%7D?a=:b");
}

#[test]
fn what_was_put_around_an_expression_is_not_shown() {
    for (typed, shown) in [
        ("{{ prompt(\"code\") }}", "prompt(\"code\")"),
        ("{{ a }}x", "(a) ~ \"x\""),
        ("{{ (a) ~ (b) }}", "(a) ~ (b)"),
        ("{{ a }}{{ b }}", "(a) ~ (b)"),
    ] {
        let template = quoted(typed).unwrap();
        let expression = template.strip_prefix("{{ ").unwrap();
        let expression = expression.strip_suffix(" }}").unwrap();
        assert_eq!(unquoted(expression), shown, "{typed}");
    }
    assert_eq!(unquoted("a | tojson"), "a | tojson");
}
