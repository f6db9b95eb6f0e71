//! One row a finding: what came, and what is said about it; a file a family of statuses.

mod credentials;
mod limits;
mod request;
mod server;
mod success;

use super::*;

type Fields<'a> = &'a [(&'a str, &'a str)];

/// Status, fields of the answer, its body, fields that were sent, what is said.
type Answer<'a> = (u16, Fields<'a>, &'a str, Fields<'a>, &'a str);

const FAMILIES: [&[Answer]; 5] = [
    success::ANSWERS,
    credentials::ANSWERS,
    request::ANSWERS,
    limits::ANSWERS,
    server::ANSWERS,
];

#[test]
fn each_answer_is_explained_by_what_it_says() {
    for (status, headers, body, sent, words) in FAMILIES.concat() {
        let found = found(&answered(status, headers, body, sent));
        assert!(found.contains(words), "{status}: no “{words}” in\n{found}");
        assert!(!found.contains("[-]"), "{status} cites nothing:\n{found}");
    }
}

#[test]
fn what_needs_no_explaining_says_nothing() {
    for status in [200, 203, 226] {
        assert_eq!(
            found(&answered(
                status,
                &[("location", "/x"), ("retry-after", "3")],
                "",
                &[]
            )),
            ""
        );
    }
}

#[test]
fn a_path_that_is_odd_is_told_before_what_every_404_has() {
    let at = |url: &str| {
        let mut exchange = answered(404, &[], "", &[]);
        exchange.hops[0].url = url.into();
        exchange
    };
    for (url, words) in [
        (
            "http://h/api//users",
            "The path /api//users has an empty part (//), which many servers take for another one. [RFC 3986, Section 6.2] → use http://h/api/users instead\n",
        ),
        ("http://h/a%20?x", "ends with a blank"),
        ("http://h/a/", "→ use http://h/a instead"),
        ("http://h/", "Nothing answers a POST of /"),
    ] {
        let found = found(&at(url));
        assert!(found.contains(words), "{url}: no “{words}” in\n{found}");
    }
    let mut get = at("http://h/users/7?x=1");
    get.hops[0].method = "GET".into();
    assert!(found(&get).contains("→ open http://h/users as a GET | go to the URL"));
}

#[test]
fn a_header_whose_value_is_hidden_may_be_the_large_one() {
    let mut exchange = answered(
        431,
        &[],
        "",
        &[
            ("accept", "*/*"),
            ("cookie", &format!("sid={}", crate::model::DOTS)),
        ],
    );
    let of = found(&exchange);
    assert!(of.contains("the largest is accept"), "{of}");
    assert!(of.contains("How long cookie was is not kept."), "{of}");
    let line = "POST /api/users HTTP/1.1\r\n".len() as u64;
    exchange.hops[0].transit.sizes = Some(crate::model::Sizes {
        request_head: line + 13 + 5000 + 2,
        response_head: None,
        ..crate::model::Sizes::default()
    });
    let of = found(&exchange);
    let words =
        "The header fields had 4.9 KiB; the largest is cookie with 4.9 KiB. [RFC 6585, Section 5]";
    assert!(of.contains(words), "{of}");
}

#[test]
fn a_recognised_refusal_leads_and_credentials_are_not_blamed() {
    for body in ["<p>CSRF verification failed.</p>", "Invalid CORS request"] {
        let diagnosis = diagnose(&answered(403, &[], body, &[])).unwrap();
        let evidence = diagnosis.row_evidence().unwrap();
        assert!(evidence.contains(" refused "), "{evidence}");
        assert_eq!(
            diagnosis.leading().map(|it| it.text.as_str()),
            Some(evidence)
        );
        let told = diagnosis.evidence.join("\n");
        assert!(!told.contains("Authorization"), "{told}");
    }
}

#[test]
fn a_row_tells_what_is_this_exchanges_own() {
    let row = |exchange: &Exchange| {
        diagnose(exchange)
            .unwrap()
            .row_evidence()
            .map(str::to_owned)
    };
    let body = r#"{"error":"No such user"}"#;
    let missed = answered(404, &[], body, &[]);
    assert_eq!(
        row(&missed).as_deref(),
        Some("The server says: No such user")
    );
    let mut near = diagnose(&missed).unwrap();
    near.add(Finding::new("/api/user, which").offering([Step::EditUrl]));
    assert_eq!(near.row_evidence(), Some("/api/user, which"));
    let bare = row(&answered(404, &[], "", &[])).unwrap();
    assert!(bare.starts_with("Nothing answers a POST"), "{bare}");
    assert_eq!(row(&answered(200, &[], "", &[])), None);
}
