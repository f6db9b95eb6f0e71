//! What is said about an exchange, and what that offers.

mod answers;
mod failures;
mod redirects;
mod tokens;

use std::time::Duration;

use bytes::Bytes;

use super::*;
use crate::model::{
    Certificate, ExchangeId, FailureKind, Header, Hop, HttpVersion, Options, Phase, PreparedBody,
    ProxySource, ProxyUsed, Purpose, Redirects, Request, ResponseHead, TimeoutKind, Tls, TlsCheck,
};

const DATE: &str = "Wed, 04 Mar 2026 12:04:05 GMT";

fn fields(fields: &[(&str, &str)]) -> Vec<Header> {
    let new = |(name, value): &(&str, &str)| Header::new(*name, *value);
    fields.iter().map(new).collect()
}

fn hop(method: &str, url: &str, sent: &[(&str, &str)], response: Option<ResponseHead>) -> Hop {
    Hop {
        method: method.into(),
        url: url.into(),
        request_headers: fields(sent),
        request_body_bytes: 2048,
        dropped: Vec::new(),
        remote_address: Some("10.0.0.7:443".into()),
        response,
        purpose: Purpose::Request,
        attempt: 1,
        failure: None,
        duration: Duration::from_millis(84),
        transit: crate::model::Transit::default(),
    }
}

fn exchange_at(url: &str, hops: Vec<Hop>, outcome: Outcome) -> Exchange {
    Exchange {
        id: ExchangeId(1),
        started_at: "2026-03-04T12:04:05Z".parse().unwrap(),
        request: Request {
            url: url.into(),
            ..Request::default()
        },
        prepared: PreparedRequest {
            method: "POST".into(),
            url: url.into(),
            headers: Vec::new(),
            body: PreparedBody::default(),
            credentials: crate::model::Credentials::default(),
            secrets: crate::model::Secrets::default(),
            cookies: crate::model::Cookies::default(),
            lineage: crate::model::Lineage::default(),
            options: Options::default(),
        },
        hops,
        outcome: Some(outcome),
        duration: Some(Duration::ZERO),
        message: None,
        verdict: crate::model::Verdict::default(),
    }
}

fn head(status: u16, headers: &[(&str, &str)]) -> ResponseHead {
    ResponseHead {
        status,
        reason: None,
        version: HttpVersion::Http11,
        headers: fields(headers),
    }
}

fn answered(status: u16, headers: &[(&str, &str)], body: &str, sent: &[(&str, &str)]) -> Exchange {
    let url = "http://h:3000/api/users";
    let head = head(status, headers);
    let hops = vec![hop("POST", url, sent, Some(head.clone()))];
    let body = Bytes::copy_from_slice(body.as_bytes());
    exchange_at(
        url,
        hops,
        Outcome::Response(Response {
            head,
            body,
            whole: None,
        }),
    )
}

/// Each finding: its sentence, its section, the labels of its steps.
fn found(exchange: &Exchange) -> String {
    let diagnosis = diagnose(exchange).unwrap();
    let line = |finding: &Finding| {
        let steps: Vec<String> = finding.steps.iter().map(Step::words).collect();
        let (text, reference) = (&finding.text, finding.reference.unwrap_or("-"));
        format!("{text} [{reference}] → {}\n", steps.join(" | "))
    };
    diagnosis.findings.iter().map(line).collect()
}

#[test]
fn waiting_is_until_a_moment_of_this_machines_clock() {
    let until = |headers: &[(&str, &str)]| {
        let found = diagnose(&answered(429, headers, "", &[])).unwrap();
        found
            .leading()
            .and_then(|it| it.not_before)
            .map(|time| time.to_string())
    };
    let expected = Some("2026-03-04T12:04:35Z".to_owned());
    assert_eq!(until(&[("retry-after", "30")]), expected);
    // The server's clock is a year behind: only the difference counts.
    let date = ("date", "Tue, 04 Mar 2025 12:00:00 GMT");
    assert_eq!(
        until(&[date, ("retry-after", "Tue, 04 Mar 2025 12:00:30 GMT")]),
        expected
    );
    assert_eq!(until(&[("ratelimit", "\"x\";r=0;t=30")]), expected);
    assert_eq!(until(&[("retry-after", "-5")]), None);
    assert_eq!(until(&[]), None);
}

#[test]
fn steps_of_several_findings_are_listed_once() {
    let exchange = answered(
        503,
        &[("retry-after", "1")],
        "",
        &[("idempotency-key", "k")],
    );
    let diagnosis = diagnose(&exchange).unwrap();
    let steps = diagnosis.steps();
    assert_eq!(
        (steps[0].0, steps[1].0),
        (&Step::SendAgain, &Step::CopyCommand)
    );
    assert_eq!(steps.len(), 2);
    assert!(steps[0].1.is_some());
}

#[test]
fn nothing_that_is_printed_is_secret() {
    let exchange = answered(
        201,
        &[("location", "http://me:s3cret@h/x")],
        "",
        &[("authorization", "Basic czNjcmV0")],
    );
    let printed =
        serde_json::to_string(&diagnose_without_secrets(&exchange, &OwnSecrets::default()))
            .unwrap();
    assert!(
        !printed.contains("s3cret") && !printed.contains("czNjcmV0"),
        "{printed}"
    );
}

#[test]
fn findings_are_data() {
    let exchange = answered(202, &[("location", "/j"), ("retry-after", "5")], "", &[]);
    let json = serde_json::to_value(diagnose(&exchange).unwrap()).unwrap();
    let finding = &json["findings"][0];
    assert_eq!(finding["reference"], "RFC 9110, Section 15.3.3");
    assert_eq!(finding["steps"][0]["kind"], "open-as-get");
    assert_eq!(finding["steps"][0]["url"], "http://h:3000/j");
    assert_eq!(finding["not_before"], "2026-03-04T12:04:10Z");
}

#[test]
fn a_path_with_a_wrong_letter_is_told_from_those_that_were_answered() {
    let missed = |known: &[&str]| {
        let exchange = answered(404, &[], "", &[]);
        near_miss(&exchange, known.iter().copied()).map(|it| it.text)
    };
    let found = missed(&["http://h:3000/api/user?x=1", "http://h:3000/a", "no URL"]);
    assert!(
        found
            .unwrap()
            .starts_with("/api/user, which differs little")
    );
    assert_eq!(
        missed(&["http://other:3000/api/user"]),
        None,
        "another host"
    );
    assert_eq!(missed(&["http://h:3000/api/users"]), None, "the same path");
    assert_eq!(missed(&["http://h:3000/orders/7"]), None, "another path");
    assert_eq!(
        missed(&["http://h:3000/api/users2"]),
        None,
        "another number"
    );
    assert_eq!(
        near_miss(&answered(200, &[], "", &[]), std::iter::empty()),
        None
    );
}
