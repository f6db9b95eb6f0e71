//! Statuses, redirects, the list of routes.

use posttui::demo::ROUTES;

use crate::support::Ground;

#[test]
fn every_final_status_can_be_had() {
    let ground = Ground::start();
    let mut client = ground.connect();
    for code in 200..=999 {
        let answer = client.ask("POST", &format!("/status/{code}"), &[], b"x");
        assert_eq!(answer.status, code);
        match code {
            204 | 205 | 304 => assert!(answer.body.is_empty()),
            _ => assert_eq!(answer.json()["status"], code),
        }
    }
    for code in ["99", "1000", "abc", "-200"] {
        assert_eq!(
            client
                .ask("GET", &format!("/status/{code}"), &[], b"")
                .status,
            400
        );
    }
}

#[test]
fn statuses_bring_their_fields() {
    let ground = Ground::start();
    for (code, name) in [
        (401, "www-authenticate"),
        (405, "allow"),
        (407, "proxy-authenticate"),
        (503, "retry-after"),
    ] {
        assert!(
            ground
                .get(&format!("/status/{code}"))
                .header(name)
                .is_some()
        );
    }
}

#[test]
fn interim_statuses_go_ahead_of_a_200() {
    let ground = Ground::start();
    let mut client = ground.connect();
    for code in [100, 102, 103, 199] {
        client.send("POST", &format!("/status/{code}"), &[], b"x");
        assert_eq!(client.read(true).unwrap().status, code);
        assert_eq!(client.read(true).unwrap().status, 200);
    }
}

#[test]
fn the_reason_phrase_can_be_chosen() {
    let ground = Ground::start();
    let mut client = ground.connect();
    let answer = client.ask("GET", "/status/418?reason=Short+and%20st%C3%B6ut", &[], b"");
    assert_eq!(answer.reason, "Short and stöut".as_bytes());
    let answer = client.ask("GET", "/status/200?reason=a%0D%0AX-Injected:%20b", &[], b"");
    assert_eq!(answer.reason, b"aX-Injected: b");
    assert_eq!(answer.header("x-injected"), None);
    assert_eq!(
        client.ask("GET", "/status/404", &[], b"").reason,
        b"Not Found"
    );
}

#[test]
fn redirects_lead_where_they_are_told() {
    let ground = Ground::start();
    for (path, status, location) in [
        ("/redirect/302", 302, "/echo"),
        ("/redirect/308?to=/status/201", 308, "/status/201"),
        (
            "/redirect/303?to=http%3A%2F%2Fa.example%2F%3Fb%3Dc",
            303,
            "http://a.example/?b=c",
        ),
        ("/redirect/307?to=%0D%0AX-Injected:b", 307, "X-Injected:b"),
        ("/redirect-loop", 307, "/redirect-loop"),
    ] {
        let answer = ground.post_form(path, "a=b");
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("location").as_deref(), Some(location));
    }
    assert_eq!(ground.get("/redirect/200").status, 400);
}

#[test]
fn retry_after_says_how_long() {
    let ground = Ground::start();
    let answer = ground.post_form("/retry-after/7", "a=b");
    assert_eq!(answer.status, 429);
    assert_eq!(answer.header("retry-after").as_deref(), Some("7"));
}

#[test]
fn empty_has_no_body_and_no_length() {
    let ground = Ground::start();
    let answer = ground.post_form("/empty", "a=b");
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("content-length"), None);
}

#[test]
fn the_list_names_every_route() {
    let ground = Ground::start();
    let list = ground.get("/");
    assert_eq!(
        list.header("content-type").as_deref(),
        Some("text/plain; charset=utf-8")
    );
    let browser = [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    let page = ground.connect().ask("GET", "/", &browser, b"");
    assert_eq!(
        page.header("content-type").as_deref(),
        Some("text/html; charset=utf-8")
    );
    for route in ROUTES {
        assert!(list.text().contains(route.pattern) && list.text().contains(route.help));
        assert!(page.text().contains(route.pattern));
    }
}

#[test]
fn other_paths_are_not_found() {
    let ground = Ground::start();
    for path in ["/nothing", "/echo/", "/users/", "*", "/status/200/x"] {
        let answer = ground.post_form(path, "a=b");
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.json()["status"], 404);
    }
}
