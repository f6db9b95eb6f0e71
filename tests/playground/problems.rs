//! `/problems/…`, `/csrf/…`, `/gateway/…` and the others that play one kind of answer.

use crate::support::Ground;

#[test]
fn frameworks_refuse_in_their_own_words() {
    let ground = Ground::start();
    for (name, status, kind) in [
        ("rails", 422, "application/json"),
        ("laravel", 422, "application/json"),
        ("django", 400, "application/json"),
        ("fastapi", 422, "application/json"),
        ("spring", 400, "application/json"),
        ("aspnet", 400, "application/problem+json"),
        ("express", 400, "application/json"),
        ("jsonapi", 422, "application/vnd.api+json"),
        ("rfc9457", 422, "application/problem+json"),
    ] {
        let answer = ground.post_form(&format!("/problems/{name}"), "email=x");
        assert_eq!(answer.status, status, "{name}");
        assert_eq!(answer.header("content-type").as_deref(), Some(kind));
        assert!(answer.json().is_object(), "{name}");
    }
    let answer = ground.post_form("/problems/cobol", "a=b");
    assert_eq!(answer.status, 404);
    assert!(
        answer.text().contains("rails, laravel"),
        "{}",
        answer.text()
    );
}

#[test]
fn forged_requests_are_refused() {
    let ground = Ground::start();
    for (name, status) in [
        ("django", 403),
        ("rails", 422),
        ("laravel", 419),
        ("express", 403),
        ("cors", 403),
        ("nobody", 404),
    ] {
        let answer = ground.post_form(&format!("/csrf/{name}"), "a=b");
        assert_eq!(answer.status, status, "{name}");
    }
}

#[test]
fn some_methods_are_allowed() {
    let ground = Ground::start();
    let answer = ground.post_form("/allow", "a=b");
    assert_eq!(answer.status, 405);
    assert_eq!(answer.header("allow").as_deref(), Some("GET, PUT, DELETE"));
    assert_eq!(ground.get("/allow").status, 204);
}

#[test]
fn a_limit_says_until_when() {
    let ground = Ground::start();
    let answer = ground.post_form("/rate-limited?seconds=60", "a=b");
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").unwrap().ends_with(" GMT"));
    assert_eq!(
        answer.header("ratelimit").as_deref(),
        Some("\"burst\";r=0;t=60")
    );
    assert_eq!(ground.get("/rate-limited?seconds=x").status, 400);
}

#[test]
fn gateways_sign_their_answers() {
    let ground = Ground::start();
    for (name, status, field) in [
        ("nginx", 502, "server"),
        ("cloudflare", 520, "cf-ray"),
        ("cloudfront", 504, "x-amz-cf-id"),
        ("app", 500, "x-powered-by"),
    ] {
        let answer = ground.get(&format!("/gateway/{name}"));
        assert_eq!(answer.status, status, "{name}");
        assert!(answer.header(field).is_some(), "{name}");
    }
    assert_eq!(ground.get("/gateway/of-heaven").status, 404);
}

#[test]
fn jobs_and_parts() {
    let ground = Ground::start();
    let job = |query: &str| {
        let answer = ground.post_form(&format!("/accepted?{query}"), "a=b");
        assert_eq!(answer.status, 202);
        assert_eq!(answer.header("retry-after").as_deref(), Some("1"));
        ground.get(&answer.header("location").unwrap())
    };
    assert_eq!(job("seconds=3600").status, 202);
    assert_eq!(job("seconds=3600&busy=1").status, 503);
    let done = job("seconds=0");
    assert_eq!(done.status, 303);
    assert_eq!(done.header("location").as_deref(), Some("/text"));
    assert!(job("seconds=0&end=failed").text().contains("no room"));
    assert_eq!(job("seconds=0&end=gone").status, 410);
    for path in [
        "/jobs/7",
        "/jobs/x-done",
        "/jobs/0-elsewhere",
        "/accepted?end=x",
    ] {
        assert_eq!(ground.get(path).status, 404, "{path}");
    }
    let answer = ground.post_form("/multi-status", "a=b");
    assert_eq!(answer.status, 207);
    assert!(answer.text().contains("423 Locked"));
}
