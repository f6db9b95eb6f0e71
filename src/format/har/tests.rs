//! Archives out and in.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::model::{BodyKind, Exchange, FailureKind, Label, Outcome, Phase, PhaseStart, Standing};

fn archive(entries: &Value) -> Vec<u8> {
    serde_json::to_vec(&json!({ "log": { "version": "1.2", "entries": entries } })).unwrap()
}

fn read(entries: &Value) -> Read {
    import(&archive(entries), Timestamp::UNIX_EPOCH).unwrap()
}

fn browsers_entry() -> Value {
    json!({
        "startedDateTime": "2026-01-02T03:04:05.678Z", "time": 84.5,
        "request": {
            "method": "POST", "url": "https://h/users?x=1&y=a%20b", "httpVersion": "http/2.0",
            "headers": [
                { "name": ":authority", "value": "h" },
                { "name": "content-type", "value": "application/x-www-form-urlencoded" },
                { "name": "x-trace", "value": "7" },
            ],
            "postData": { "mimeType": "application/x-www-form-urlencoded", "text": "name=ann&a=1%202" },
        },
        "response": {
            "status": 201, "statusText": "Created", "httpVersion": "h2",
            "headers": [{ "name": "Content-Encoding", "value": "gzip" }],
            "content": { "size": 3, "mimeType": "image/png", "text": "AP8B", "encoding": "base64" },
        },
        "serverIPAddress": "[::1]", "connection": "443", "comment": "made",
    })
}

#[test]
fn what_a_browser_wrote_becomes_an_exchange_that_can_be_edited() {
    let read = read(&json!([browsers_entry()]));
    let [exchange] = read.exchanges.try_into().unwrap();
    assert_eq!(exchange.started_at.to_string(), "2026-01-02T03:04:05.678Z");
    assert_eq!(exchange.duration, Some(Duration::from_micros(84_500)));
    assert_eq!(exchange.message.as_deref(), Some("made"));
    let request = &exchange.request;
    assert_eq!(
        (request.url.as_str(), request.query.len()),
        ("https://h/users", 2)
    );
    assert_eq!(request.query[1].value, "a b");
    let names: Vec<&str> = request
        .headers
        .iter()
        .map(|row| row.name.as_str())
        .collect();
    assert_eq!(names, ["x-trace"], "the content type is that of the form");
    assert_eq!(request.body.kind, BodyKind::Form);
    assert_eq!(request.body.form[1].value, "1 2");
    assert_eq!(exchange.prepared.body.in_memory(), "name=ann&a=1%202");
    let Some(Outcome::Response(response)) = &exchange.outcome else {
        panic!("{exchange:?}");
    };
    assert_eq!(response.body, &[0, 255, 1][..]);
    assert_eq!(response.head.headers[0].name, "x-original-content-encoding");
    assert_eq!(response.head.version.to_string(), "HTTP/2");
}

#[test]
fn what_goes_out_comes_back_the_same() {
    let mut exchange: Exchange = read(&json!([browsers_entry()])).exchanges.remove(0);
    // A number is given by the history only.
    exchange.id = crate::model::ExchangeId(7);
    let entry = entries(&exchange, &Label::default()).remove(0);
    assert_eq!(entry["request"]["postData"]["params"][1]["value"], "1 2");
    assert_eq!(entry["response"]["content"]["encoding"], "base64");
    assert_eq!(entry["_exchange"], 7);
    let mut again = read(&json!([entry])).exchanges.remove(0);
    again.id = exchange.id;
    assert_eq!(again, exchange);
}

#[test]
fn an_answer_that_was_cut_off_is_no_whole_one_again_and_labels_go_along() {
    let mut exchange = read(&json!([browsers_entry()])).exchanges.remove(0);
    let Some(Outcome::Response(partial)) = exchange.outcome.take() else {
        panic!("an answer");
    };
    exchange.outcome = Some(Outcome::Failure(crate::model::Failure {
        kind: FailureKind::Truncated,
        phase: crate::model::Phase::Receive,
        causes: vec!["it ended too early".to_owned()],
        processed: crate::model::Processed::Answered,
        partial: Some(partial),
    }));
    let label = Label {
        name: Some("before".to_owned()),
        tags: vec!["bug".to_owned()],
        pinned: true,
        ..Label::default()
    };
    let entry = entries(&exchange, &label).remove(0);
    assert_eq!(entry["_name"], "before");
    assert_eq!(entry["_tags"], json!(["bug"]));
    assert_eq!(entry["_pinned"], true);
    let mut again = read(&json!([entry]));
    assert_eq!(again.labels, [label]);
    assert_eq!(again.exchanges.remove(0).outcome, exchange.outcome);
}

#[test]
fn an_archive_is_whole_json() {
    let exchange = read(&json!([browsers_entry()])).exchanges.remove(0);
    let entry = entries(&exchange, &Label::default()).remove(0).to_string();
    let text = [
        &Archive::start(),
        entry.as_str(),
        Archive::BETWEEN,
        &entry,
        Archive::END,
    ]
    .concat();
    assert_eq!(
        import(text.as_bytes(), Timestamp::UNIX_EPOCH)
            .unwrap()
            .exchanges
            .len(),
        2
    );
}

#[test]
fn what_was_not_answered_is_a_failure() {
    let entry = json!({
        "request": { "method": "POST", "url": "http://h/" },
        "response": { "status": 0, "_error": "net::ERR_CONNECTION_REFUSED" },
    });
    let exchange = read(&json!([entry])).exchanges.remove(0);
    let outcome = exchange.outcome.as_ref().unwrap();
    assert_eq!(outcome.standing(), Standing::Failed(FailureKind::Other));
    let entry = entries(&exchange, &Label::default()).remove(0);
    assert_eq!(entry["response"]["status"], 0);
    assert_eq!(
        read(&json!([entry])).exchanges.remove(0).outcome,
        exchange.outcome
    );
}

#[test]
fn odd_archives_are_no_trouble() {
    for (entry, told) in [
        (json!({}), "no request"),
        (json!({ "request": { "url": "ws://h/" } }), "not HTTP"),
        (json!({ "request": { "url": "nonsense" } }), "no URL"),
        (
            json!({ "request": { "url": "http://h/", "headers": 7 }, "time": -1e300 }),
            "",
        ),
        (
            json!({ "request": { "url": "http://h/" }, "time": 1e300 }),
            "",
        ),
        (json!(null), "no request"),
    ] {
        let read = read(&json!([entry]));
        assert_eq!(
            read.exchanges.len(),
            usize::from(told.is_empty()),
            "{entry}"
        );
        assert!(
            read.notes.iter().all(|note| note.contains(told)),
            "{:?}",
            read.notes
        );
    }
    for text in ["", "[]", "{\"log\":{}}", "\u{feff}{"] {
        assert!(
            import(text.as_bytes(), Timestamp::UNIX_EPOCH).is_err(),
            "{text}"
        );
    }
}

#[test]
fn the_phases_that_are_known_are_told() {
    let mut exchange = read(&json!([browsers_entry()])).exchanges.remove(0);
    let entry = entries(&exchange, &Label::default()).remove(0);
    assert_eq!(entry["timings"]["wait"], 84.5);
    let starts = [
        (Phase::Resolve, 0),
        (Phase::Connect, 2),
        (Phase::Tls, 5),
        (Phase::Send, 15),
        (Phase::Wait, 16),
        (Phase::Receive, 80),
    ];
    exchange.hops[0].transit.phases = starts
        .map(|(phase, ms)| PhaseStart {
            phase,
            at: Duration::from_millis(ms),
        })
        .to_vec();
    let entry = entries(&exchange, &Label::default()).remove(0);
    assert_eq!(
        entry["timings"],
        json!({ "blocked": -1, "dns": 2.0, "connect": 13.0, "ssl": 10.0,
            "send": 1.0, "wait": 64.0, "receive": 4.5 })
    );
    let again = read(&json!([entry])).exchanges.remove(0);
    assert_eq!(again.hops[0].transit, exchange.hops[0].transit);
}

#[test]
fn phases_of_others_come_in_and_go_out_again_and_none_is_made_up() {
    let timed = |timings: Value| {
        let mut entry = browsers_entry();
        entry["timings"] = timings;
        let exchange = read(&json!([entry])).exchanges.remove(0);
        let told = entries(&exchange, &Label::default()).remove(0)["timings"].clone();
        (exchange.hops[0].transit.phases.len(), told)
    };
    let whole = json!({ "blocked": 1.5, "dns": 2.0, "connect": 13.0, "ssl": 10.0,
        "send": 1.0, "wait": 60.0, "receive": 7.0 });
    assert_eq!(timed(whole.clone()), (6, whole));
    let reused = json!({ "blocked": -1, "dns": -1.0, "connect": -1.0, "ssl": -1.0,
        "send": 0.5, "wait": 80.0, "receive": 4.0 });
    assert_eq!(timed(reused.clone()), (3, reused));
    for unknown in [
        json!({ "blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": 0, "wait": 84.5, "receive": 0 }),
        json!({ "dns": 400, "send": 1, "wait": 1, "receive": 1 }),
        json!({ "dns": "x", "send": null }),
        json!(7),
    ] {
        assert_eq!(timed(unknown).0, 0);
    }
}
