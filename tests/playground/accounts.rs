//! `/api/create_user`, `/api/login`, `/users/{id}`, `/auth/…`.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::support::{Answer, Ground};

const CREATE: &str = "/api/create_user";

fn assert_problem(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.text());
    let kind = answer.header("content-type");
    assert_eq!(kind.as_deref(), Some("application/problem+json"));
    let problem = answer.json();
    assert_eq!(problem["status"], status);
    for member in ["type", "title", "detail"] {
        assert!(problem[member].is_string(), "{member} in {problem}");
    }
}

#[test]
fn a_form_makes_an_account_that_is_then_found() {
    let ground = Ground::start();
    let made = ground.post_form(CREATE, "username=john_doe&email=john%40example.com");
    assert_eq!(made.status, 201);
    assert_eq!(
        made.text(),
        r#"{"id":42,"username":"john_doe","email":"john@example.com"}"#
    );
    let location = made.header("location").unwrap();
    assert_eq!(location, "/users/42");
    let found = ground.get(&location);
    assert_eq!((found.status, found.body), (200, made.body));
}

#[test]
fn json_makes_an_account_too() {
    let ground = Ground::start();
    let body = r#"{"email":"zoë@example.com","username":"zoë"}"#;
    let made = ground.post(CREATE, "application/json; charset=utf-8", body);
    assert_eq!(made.status, 201);
    assert_eq!(made.json()["username"], "zoë");
}

#[test]
fn each_missing_field_is_named() {
    let ground = Ground::start();
    let answer = ground.post_form(CREATE, "username=&email=nonsense");
    assert_problem(&answer, 400);
    let errors = answer.json()["errors"].clone();
    assert_eq!(errors[0]["field"], "username");
    assert_eq!(errors[0]["detail"], "It is missing.");
    assert_eq!(errors[1]["field"], "email");
    assert_eq!(errors[1]["detail"], "It is not an e-mail address.");

    let answer = ground.post(CREATE, "application/json", r#"{"username":"a"}"#);
    assert_problem(&answer, 400);
    assert_eq!(answer.json()["errors"][0]["pointer"], "/email");
    assert_eq!(answer.json()["errors"][1], serde_json::Value::Null);
}

#[test]
fn a_body_that_cannot_be_read_is_refused() {
    let ground = Ground::start();
    assert_problem(&ground.post(CREATE, "application/json", "{\"a\":"), 400);
    assert_problem(&ground.post(CREATE, "application/json", "[]"), 400);
    let answer = ground.post(CREATE, "text/plain", "username=a");
    assert_problem(&answer, 415);
    assert!(answer.header("accept-post").unwrap().contains("json"));
    let nothing = ground.connect().ask("POST", CREATE, &[], b"");
    assert_problem(&nothing, 400);
    assert_eq!(nothing.json()["errors"].as_array().unwrap().len(), 2);
}

#[test]
fn a_name_is_taken_once() {
    let ground = Ground::start();
    let form = "username=jane&email=jane@example.com";
    assert_eq!(ground.post_form(CREATE, form).status, 201);
    assert_problem(&ground.post_form(CREATE, form), 409);
    let taken = ground.post_form(CREATE, "username=taken&email=a@b.c");
    assert_problem(&taken, 409);
    assert_eq!(taken.json()["errors"][0]["field"], "username");
}

#[test]
fn some_names_are_refused_or_crash() {
    let ground = Ground::start();
    let intruder = ground.post_form(CREATE, "username=intruder&email=a@b.c");
    assert_problem(&intruder, 401);
    assert!(intruder.header("www-authenticate").is_some());
    assert_problem(&ground.post_form(CREATE, "username=crash&email=a@b.c"), 500);
}

#[test]
fn other_methods_are_told_which_are_allowed() {
    let ground = Ground::start();
    for path in [CREATE, "/api/login"] {
        let answer = ground.get(path);
        assert_problem(&answer, 405);
        assert_eq!(answer.header("allow").as_deref(), Some("POST"));
    }
    let answer = ground.post_form("/users/42", "a=b");
    assert_problem(&answer, 405);
    assert_eq!(answer.header("allow").as_deref(), Some("GET, HEAD"));
}

#[test]
fn an_account_that_nobody_made_is_not_found() {
    let ground = Ground::start();
    for id in ["7", "abc", "-1", "99999999999999999999999"] {
        assert_problem(&ground.get(&format!("/users/{id}")), 404);
    }
}

#[test]
fn a_login_gives_the_token_that_bearer_wants() {
    let ground = Ground::start();
    let answer = ground.post_form("/api/login", "username=user&password=passwd");
    assert_eq!(answer.status, 200);
    assert!(answer.header("set-cookie").is_some());
    let token = answer.json()["token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let mut client = ground.connect();
    let answer = client.ask("POST", "/auth/bearer", &[("Authorization", &bearer)], b"");
    assert_eq!(answer.status, 200);

    let wrong = ground.post_form("/api/login", "username=user&password=wrong");
    assert_problem(&wrong, 401);
    assert!(wrong.header("www-authenticate").is_some());
}

#[test]
fn credentials_are_checked() {
    let ground = Ground::start();
    let right = format!("basic {}", STANDARD.encode("user:passwd"));
    let wrong = format!("Basic {}", STANDARD.encode("user:other"));
    for (path, authorization, status, challenge) in [
        ("/auth/basic", Some(right.as_str()), 200, None),
        ("/auth/basic", Some(&wrong), 401, Some("Basic realm")),
        ("/auth/basic", Some("Basic %%%"), 401, Some("Basic realm")),
        ("/auth/basic", None, 401, Some("Basic realm")),
        ("/auth/bearer", Some("Bearer secret-token"), 200, None),
        (
            "/auth/bearer",
            Some("Bearer other"),
            401,
            Some("invalid_token"),
        ),
        ("/auth/bearer", Some(&right), 401, Some("Bearer realm")),
        ("/auth/bearer", None, 401, Some("Bearer realm")),
    ] {
        let headers: Vec<_> = authorization
            .map(|text| ("Authorization", text))
            .into_iter()
            .collect();
        let answer = ground.connect().ask("POST", path, &headers, b"x");
        assert_eq!(answer.status, status, "{path} {authorization:?}");
        let found = answer.header("www-authenticate");
        match challenge {
            Some(text) => assert!(found.unwrap().contains(text), "{path} {authorization:?}"),
            None => assert_eq!(found, None),
        }
    }
}
