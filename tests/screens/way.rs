//! The way of an exchange, what its header fields mean, the user's rules with conditions and levels, and
//! steps that go on by themselves.

use std::time::Duration;

use posttui::model::{
    Certificate, Failure, FailureKind, Field, Hop, Outcome, Phase, PhaseStart, Processed, Purpose,
    ResponseHead, ResponseTab, RuleLevel, Sizes, Tls, Transit,
};

use crate::{
    assert_screen, created,
    driver::{Driver, refused, response, start_time},
    type_create_user,
};

fn sent() -> Driver {
    let mut driver = Driver::new(120, 36);
    type_create_user(&mut driver);
    driver.keys("<enter>");
    driver
}

fn open(driver: &mut Driver, tab: ResponseTab) {
    driver.keys("<alt-5>");
    while driver.state.response.tab != tab {
        driver.keys("l");
    }
}

fn transit() -> Transit {
    let starts = [
        (Phase::Resolve, 0),
        (Phase::Connect, 2_000),
        (Phase::Tls, 5_000),
        (Phase::Send, 25_000),
        (Phase::Wait, 25_100),
        (Phase::Receive, 80_000),
    ];
    Transit {
        phases: starts
            .map(|(phase, at)| PhaseStart {
                phase,
                at: Duration::from_micros(at),
            })
            .to_vec(),
        first_byte: Some(Duration::from_millis(78)),
        reused: Some(false),
        resolved: vec!["192.0.2.7".into(), "2001:db8::7".into()],
        local_address: Some("192.0.2.1:50000".into()),
        tls: Some(Tls {
            host: "api.example".into(),
            version: Some("TLS 1.3".into()),
            cipher: Some("TLS_AES_128_GCM_SHA256".into()),
            group: Some("X25519".into()),
            alpn: Some("http/1.1".into()),
            resumed: false,
            trusted: true,
            certificates: vec![Certificate {
                subject: "CN=api.example".into(),
                issuer: "CN=An Authority, O=Example".into(),
                names: vec!["api.example".into(), "*.api.example".into()],
                not_before: start_time().checked_sub(Duration::from_hours(240)).unwrap(),
                not_after: start_time()
                    .checked_add(Duration::from_hours(2400))
                    .unwrap(),
                key: "EC P-256".into(),
                signature: "SHA-256 with ECDSA".into(),
                serial: "01:02".into(),
                sha256: "ab".repeat(32),
            }],
        }),
        sizes: Some(Sizes {
            request_head: 180,
            response_head: Some(95),
            ..Sizes::default()
        }),
        ..Transit::default()
    }
}

#[test]
fn the_way_is_a_waterfall_with_the_connection_and_its_certificates() {
    let mut driver = sent();
    let hop = hop(Some(created().head), transit());
    driver.finish(84, vec![hop], Outcome::Response(created()));
    open(&mut driver, ResponseTab::Timing);
    assert_screen!(driver, "timing");
}

fn hop(response: Option<ResponseHead>, transit: Transit) -> Hop {
    Hop {
        method: "POST".into(),
        url: "https://api.example/users".into(),
        request_headers: Vec::new(),
        request_body_bytes: 42,
        dropped: Vec::new(),
        purpose: Purpose::Request,
        attempt: 1,
        failure: None,
        remote_address: Some("192.0.2.7:443".into()),
        response,
        duration: Duration::from_millis(84),
        transit,
    }
}

#[test]
fn interim_heads_stand_before_the_final_one() {
    let mut driver = sent();
    let hints = response(103, &[("Link", "</style.css>; rel=preload")], "");
    let transit = Transit {
        interim: vec![response(100, &[], "").head, hints.head],
        ..transit()
    };
    let hop = hop(Some(created().head), transit);
    driver.finish(84, vec![hop], Outcome::Response(created()));
    open(&mut driver, ResponseTab::Headers);
    assert_screen!(driver, "headers_interim");
}

#[test]
fn what_cannot_be_read_as_a_head_is_shown_as_it_came() {
    let mut driver = sent();
    let transit = Transit {
        unreadable: Some("HTTP/1.1 abc OK\r\nX-A: \x1b[31m1".into()),
        ..transit()
    };
    let failure = Failure {
        kind: FailureKind::Malformed,
        phase: Phase::Wait,
        causes: vec!["it began with “HTTP/1.1 abc OK”".into()],
        processed: Processed::Maybe,
        partial: None,
    };
    driver.finish(84, vec![hop(None, transit)], Outcome::Failure(failure));
    open(&mut driver, ResponseTab::Headers);
    assert_screen!(driver, "head_unreadable");
}

#[test]
fn the_cursor_walks_the_header_fields_and_one_is_copied() {
    let mut driver = sent();
    let answer = response(
        200,
        &[
            ("Cache-Control", "max-age=3600, immutable"),
            ("X-Own-Thing", "1"),
            ("Set-Cookie", "id=7; HttpOnly"),
        ],
        "",
    );
    driver.answer(5, answer);
    open(&mut driver, ResponseTab::Headers);
    let screen = driver.screen();
    assert!(screen.contains("▸ Cache-Control"), "{screen}");
    assert!(screen.contains("fresh for 1 h 00 m"), "{screen}");
    driver.keys("j");
    let screen = driver.screen();
    assert!(
        screen.contains("▸ X-Own-Thing") && screen.contains("somebody's own"),
        "{screen}"
    );
    driver.keys("jjj");
    assert_screen!(driver, "header_explained");
    driver.keys("y");
    assert_eq!(driver.copied.as_deref(), Some("Set-Cookie: id=7; HttpOnly"));
}

#[test]
fn a_rule_with_a_condition_says_its_message_and_colours_the_rows() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/orders<alt-4>fail 2xx if .error<tab>No: {{ json.error }}<tab>2xx<tab>Fine.");
    driver.keys("<f5>");
    driver.answer(5, response(200, &[], r#"{"error":"sold out"}"#));
    let exchange = driver.state.response.exchange().unwrap();
    assert_eq!(exchange.message.as_deref(), Some("No: sold out"));
    assert_eq!(exchange.verdict.level, Some(RuleLevel::Fail));
    assert_screen!(driver, "rule_with_level");
    let rows = driver.state.history.rows();
    assert_eq!(rows[0].level, Some(RuleLevel::Fail));
}

#[test]
fn a_rule_that_cannot_be_evaluated_says_why_beside_the_status() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":3000/orders<alt-4>200 if .error<tab>No.<f5>");
    driver.answer(5, response(200, &[], "<html>"));
    open(&mut driver, ResponseTab::Meaning);
    let screen = driver.screen();
    assert!(screen.contains("● 200 OK"), "{screen}");
    assert!(
        screen.contains("“200 if .error” was not evaluated"),
        "{screen}"
    );
}

#[test]
fn a_condition_that_is_none_is_marked_while_it_is_typed() {
    let mut driver = Driver::new(120, 36);
    driver.keys("<alt-4>200 if .a |");
    assert!(
        driver.screen().contains("! the jq filter"),
        "{}",
        driver.screen()
    );
}

#[test]
fn a_job_is_asked_for_until_it_is_done() {
    let mut driver = sent();
    let accepted =
        |wait: &str| response(202, &[("location", "/jobs/7"), ("retry-after", wait)], "");
    driver.answer(5, accepted("2"));
    open(&mut driver, ResponseTab::Meaning);
    let poll = driver.state.response.diagnosis().unwrap().steps();
    assert_eq!(poll.len(), 2);
    driver.keys("2");
    assert_eq!(driver.sends.len(), 0, "the server asked to wait");
    assert!(
        driver.screen().contains("asking again in 2 s (0 so far)"),
        "{}",
        driver.screen()
    );
    driver.wait(2_100);
    assert_eq!(driver.sends.len(), 1);
    driver.answer(3, accepted("1"));
    assert!(
        driver.screen().contains("(1 so far)"),
        "{}",
        driver.screen()
    );
    driver.wait(1_100);
    assert_eq!(driver.sends.len(), 1);
    driver.answer(3, response(200, &[], "done"));
    assert!(
        driver.screen().contains("Asked 2 times: 200 OK"),
        "{}",
        driver.screen()
    );
    driver.wait(10_000);
    assert_eq!(driver.sends.len(), 0);
    assert_eq!(driver.state.history.rows().len(), 3);
}

#[test]
fn a_busy_server_is_asked_again_and_a_job_that_failed_is_said_to_have() {
    let mut driver = sent();
    driver.answer(5, response(202, &[("location", "/jobs/7")], ""));
    open(&mut driver, ResponseTab::Meaning);
    driver.keys("2");
    let busy = |status, wait: &str| response(status, &[("retry-after", wait)], "");
    driver.answer(3, busy(503, "4"));
    let screen = driver.screen();
    assert!(
        screen.contains("asking again in 4 s (1 so far)"),
        "{screen}"
    );
    driver.wait(4_100);
    driver.answer(3, busy(429, "2"));
    driver.wait(2_100);
    driver.finish(3, Vec::new(), refused());
    let screen = driver.screen();
    assert!(
        screen.contains("asking again in 8 s (3 so far)"),
        "{screen}"
    );
    driver.wait(8_100);
    let json = [("content-type", "application/json")];
    driver.answer(3, response(200, &json, r#"{"status": "running"}"#));
    driver.wait(2_100);
    assert_eq!(driver.sends.len(), 1, "running is not done");
    driver.answer(
        3,
        response(200, &json, r#"{"status": "failed", "error": "no room"}"#),
    );
    let screen = driver.screen();
    assert!(
        screen.contains("Asked 5 times: the job came to nothing, it says status: failed: no room"),
        "{screen}"
    );
    driver.wait(20_000);
    assert_eq!(driver.sends.len(), 0);
}

#[test]
fn who_never_answers_is_not_asked_for_ever() {
    let mut driver = sent();
    driver.answer(5, response(202, &[("location", "/jobs/7")], ""));
    open(&mut driver, ResponseTab::Meaning);
    driver.keys("2");
    for _ in 0..4 {
        driver.finish(3, Vec::new(), refused());
        driver.wait(61_000);
    }
    driver.finish(3, Vec::new(), refused());
    let screen = driver.screen();
    assert!(
        screen.contains("Asked 5 times, the last 5 without"),
        "{screen}"
    );
    driver.wait(100_000);
    assert_eq!(driver.sends.len(), 0);
}

#[test]
fn esc_ends_the_asking() {
    let mut driver = sent();
    let accepted = response(202, &[("location", "/jobs/7"), ("retry-after", "5")], "");
    driver.answer(5, accepted);
    open(&mut driver, ResponseTab::Meaning);
    driver.keys("2<esc>").wait(20_000);
    assert_eq!(driver.sends.len(), 0);
}

#[test]
fn the_etag_is_fetched_into_the_draft() {
    let mut driver = sent();
    driver.answer(5, response(428, &[], ""));
    driver.keys("<alt-n>");
    let (_, prepared, _) = driver.sends.values().next_back().unwrap();
    assert_eq!(prepared.method, "GET");
    driver.answer(5, response(200, &[("ETag", "\"v7\"")], "{}"));
    let headers = driver.state.builder.request().headers;
    assert_eq!(headers, [Field::new("if-match", "\"v7\"")]);
}

#[test]
fn a_path_is_compared_with_the_whole_history() {
    let mut driver = sent();
    driver.answer(5, created());
    driver.keys("<alt-6>/nothing<enter>");
    assert!(driver.state.history.rows().is_empty(), "no row is loaded");
    driver.keys("<alt-u><end>x<f5>");
    driver.answer(5, response(404, &[], ""));
    let findings = &driver.state.response.diagnosis().unwrap().findings;
    let found = findings
        .iter()
        .any(|it| it.text.contains("/api/create_user, which differs little"));
    assert!(found, "{findings:?}");
}
