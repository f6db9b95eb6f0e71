//! The history as its callers see it.

mod bodies;
mod care;
mod damage;
mod damaged_rows;
mod examples;
mod filters;
mod labels;
#[cfg(unix)]
mod modes;
mod owners;
mod repair;
mod secrets;
mod together;
mod versions;
mod words;

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::{
    model::{
        Exchange, ExchangeId, Failure, FailureKind, Header, Hop, HttpVersion, Outcome, Phase,
        PreparedRequest, Processed, Request, Response, ResponseHead, Standing, Summary,
    },
    search::Filter,
    status::rules::Said,
};

/// A home that is gone with the test.
fn home() -> (TempDir, Paths) {
    let folder = tempfile::tempdir().unwrap();
    let paths = Paths::within(folder.path());
    (folder, paths)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_770_000_000 + seconds).unwrap()
}

fn filter(text: &str) -> Filter {
    let now = at(0).to_zoned_datetime(jiff::tz::TimeZone::UTC);
    Filter::parse(text, &now).unwrap()
}

/// Bytes that nothing can compress.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}

fn response(status: u16, body: &[u8]) -> Response {
    Response {
        head: ResponseHead {
            status,
            reason: None,
            version: HttpVersion::Http11,
            headers: vec![Header::new("x-bytes", vec![0xff, 0x80])],
        },
        body: Bytes::copy_from_slice(body),
        whole: None,
    }
}

fn failure(kind: FailureKind, partial: Option<Response>) -> Outcome {
    Outcome::Failure(Failure {
        kind,
        phase: Phase::Receive,
        causes: vec!["the cause".to_owned()],
        processed: Processed::Answered,
        partial,
    })
}

fn prepared(method: &str, url: &str) -> PreparedRequest {
    PreparedRequest {
        cookies: crate::model::Cookies::default(),
        method: method.to_owned(),
        url: url.to_owned(),
        headers: vec![Header::new("content-type", "text/plain")],
        body: Bytes::from_static(b"sent \0\xff").into(),
        options: crate::model::Options::default(),
        credentials: crate::model::Credentials::default(),
        secrets: crate::model::Secrets::default(),
        lineage: crate::model::Lineage::default(),
    }
}

/// An exchange as it comes back from the history; its number is given by the history.
fn exchange(method: &str, url: &str, outcome: Option<Outcome>) -> Exchange {
    let prepared = prepared(method, url);
    let hop = Hop {
        method: method.to_owned(),
        url: url.to_owned(),
        request_headers: prepared.headers.clone(),
        request_body_bytes: 7,
        dropped: vec!["the body".to_owned()],
        purpose: crate::model::Purpose::Request,
        attempt: 1,
        failure: None,
        remote_address: Some("127.0.0.1:1".to_owned()),
        response: outcome
            .as_ref()
            .and_then(Outcome::received)
            .map(|response| response.head.clone()),
        duration: Duration::from_millis(3),
        transit: crate::model::Transit::default(),
    };
    Exchange {
        id: ExchangeId(0),
        started_at: at(0),
        request: Request {
            url: url.to_owned(),
            ..Request::default()
        },
        prepared,
        hops: vec![hop],
        outcome,
        duration: Some(Duration::from_nanos(84_000_001)),
        message: Some("Done.".to_owned()),
        verdict: crate::model::Verdict {
            level: Some(crate::model::RuleLevel::Warn),
            problem: Some("The rule “200 if .a” was not evaluated.".to_owned()),
        },
    }
}

fn send(history: &History, exchange: &Exchange) -> ExchangeId {
    let (request, prepared) = (&exchange.request, &exchange.prepared);
    let id = history
        .begin(request, prepared, exchange.started_at)
        .unwrap();
    if let Some(outcome) = &exchange.outcome {
        let duration = exchange.duration.unwrap();
        let said = crate::status::rules::Said {
            message: exchange.message.clone(),
            verdict: exchange.verdict.clone(),
            evidence: None,
        };
        history
            .finish(id, &exchange.hops, outcome, duration, &said)
            .unwrap();
    }
    id
}

fn standings(history: &History) -> Vec<Standing> {
    let rows = history.page(&Filter::default(), None, 100).unwrap();
    rows.iter().map(|row| row.standing).collect()
}

#[test]
fn an_exchange_comes_back_as_it_was() {
    let (_folder, paths) = home();
    let url = "https://host/path?query";
    let outcomes = [
        Outcome::Response(response(201, b"received \0\xff")),
        Outcome::Response(response(204, b"")),
        failure(FailureKind::Refused, None),
        failure(FailureKind::Truncated, Some(response(200, b"half"))),
        failure(FailureKind::Truncated, Some(response(200, b""))),
        Outcome::Response(response(200, &vec![7; 64 * 1024 * 1024])),
    ];
    for outcome in outcomes {
        let mut exchange = exchange("POST", url, Some(outcome));
        // Each is read by another program than the one that wrote it.
        exchange.id = send(&History::open(&paths).unwrap(), &exchange);
        let history = History::open(&paths).unwrap();
        assert!(history.load(exchange.id).unwrap().unwrap() == exchange);
        let row = history.page(&Filter::default(), None, 1).unwrap().remove(0);
        let outcome = exchange.outcome.as_ref().unwrap();
        let received = outcome
            .received()
            .map(|response| response.body.len() as u64);
        assert_eq!(
            (row.id, row.standing, row.url.as_str(), row.message),
            (exchange.id, outcome.standing(), url, exchange.message)
        );
        assert_eq!(
            (row.started_at, row.duration, row.body_bytes),
            (exchange.started_at, exchange.duration, received)
        );
    }
}

#[test]
fn a_row_is_there_from_the_beginning() {
    let history = History::in_memory().unwrap();
    let mut exchange = exchange("POST", "http://host/", None);
    (exchange.hops, exchange.duration, exchange.message) = (Vec::new(), None, None);
    exchange.verdict = crate::model::Verdict::default();
    exchange.id = send(&history, &exchange);
    assert_eq!(standings(&history), [Standing::InFlight]);
    assert_eq!(history.load(exchange.id).unwrap(), Some(exchange));
    assert_eq!(history.load(ExchangeId(99)).unwrap(), None);
    let outcome = Outcome::Response(response(200, b""));
    let missing = history.finish(
        ExchangeId(99),
        &[],
        &outcome,
        Duration::ZERO,
        &crate::status::rules::Said::default(),
    );
    assert!(matches!(missing, Err(StoreError::Missing(ExchangeId(99)))));
}

#[test]
fn pages_follow_each_other_newest_first() {
    let history = History::in_memory().unwrap();
    let one = exchange(
        "POST",
        "http://host/",
        Some(Outcome::Response(response(200, b""))),
    );
    assert_eq!(history.import((0..25).map(|_| one.clone())).unwrap(), 25);
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let rows = history.page(&Filter::default(), before, 10).unwrap();
        seen.extend(rows.iter().map(|row| row.id.0));
        before = rows.last().map(|row| row.id);
        if rows.len() < 10 {
            break;
        }
    }
    assert_eq!(seen, (1..=25).rev().collect::<Vec<_>>());
    assert_eq!(history.count(&Filter::default()).unwrap(), 25);
}

#[test]
fn of_a_very_long_body_the_start_is_kept_with_a_mark() {
    const KEPT: usize = 64 * 1024 * 1024;
    let long = Response {
        body: vec![b'x'; KEPT + 7].into(),
        ..response(200, b"")
    };
    let outcome = kept(Outcome::Response(long));
    let cut = outcome.received().unwrap();
    assert_eq!((cut.body.len(), cut.size()), (KEPT, KEPT as u64 + 7));
    let short = kept(Outcome::Response(response(200, b"short")));
    assert_eq!(short.received().unwrap().whole, None);

    let marked = Outcome::Response(Response {
        whole: Some(crate::model::Original::cut(1_000_000_000)),
        ..response(200, b"start")
    });
    let history = History::in_memory().unwrap();
    let sent = exchange("POST", "http://h/big", Some(marked.clone()));
    let id = send(&history, &sent);
    assert_eq!(history.load(id).unwrap().unwrap().outcome, Some(marked));
    let row = &history.page(&filter(""), None, 1).unwrap()[0];
    assert_eq!(row.body_bytes, Some(1_000_000_000));
}
