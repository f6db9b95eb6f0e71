//! SQL finds what the filter says, without looking at the rest.

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::model::{RuleLevel, TimeoutKind, TlsCheck, Verdict};

const METHODS: &[&str] = &["POST", "PUT", "post", "X-PURGE"];
const URLS: &[&str] = &[
    "https://api.example.com/users",
    "https://api.example.com:8443/Users/42?q=%C3%A9",
    "http://[::1]:3000/a_b%25c",
    "http://127.0.0.1:3000/",
    "https://xn--bcher-kva.de/%C3%A9",
    "no url",
];
const MESSAGES: &[Option<&str>] = &[
    None,
    Some("User CREATED."),
    Some("ÄRGER ΟΔΟΣ İ"),
    Some("50% \\ _\0end"),
];
const LEVELS: &[Option<RuleLevel>] = &[
    None,
    Some(RuleLevel::Ok),
    Some(RuleLevel::Warn),
    Some(RuleLevel::Fail),
];
const TERMS: &[&str] = &[
    "user",
    "-user",
    "ärger",
    "οδοσ",
    "\"50% \\\\ _\"",
    "\\\\_",
    "env:*",
    "env:prod",
    "-type:text",
    "took:>1ms",
    "-took:<=84ms",
    "size:<10",
    "-size:>=0",
    "has:message",
    "rule:ok",
    "rule:fail,warn,-warn",
    "rule:-fail",
    "-rule:fail",
    "-rule:-warn",
    "rule:\"user cre\"",
    "-rule:created",
    "rule:ärger",
    "rule:users",
    "-has:note",
    "tag:x",
    "-is:pinned",
    "\"\0end\"",
    "201",
    "timeout",
    "\"in flight\"",
    "status:2xx",
    "-status:2xx",
    "status:400-499,failed,-404",
    "status:in-flight",
    "status:-201",
    "is:ok",
    "is:error",
    "-is:failed",
    "method:post",
    "method:p*,-put",
    "host:api.example.com",
    "host:*.example.com,127.0.0.1",
    "-host:*:3000",
    "host:bücher.de",
    "host:[::1]",
    "host:*",
    "path:/users*",
    "path:*b%*",
    "path:*_*",
    "-path:/,/users",
    "path:/é",
    "path:-/users",
    "since:1h",
    "since:today",
    "until:1h",
    "-since:2h",
    "-until:30m",
    "until:yesterday",
    "since:2020-01-01",
];

fn outcomes() -> impl Strategy<Value = Outcome> {
    let failures = [
        FailureKind::Refused,
        FailureKind::Interrupted,
        FailureKind::Timeout(TimeoutKind::Total),
        FailureKind::Tls(TlsCheck::Expired),
    ];
    prop_oneof![
        select(vec![200, 201, 299, 302, 400, 404, 499, 500, 999])
            .prop_map(|status| Outcome::Response(response(status, b""))),
        select(failures.to_vec()).prop_map(|kind| failure(kind, None)),
    ]
}

/// Any exchanges; the clock jumps, also backwards.
fn exchanges() -> impl Strategy<Value = Vec<Exchange>> {
    let one = (
        select(METHODS),
        select(URLS),
        select(MESSAGES),
        -100_000_i64..1_000,
        outcomes(),
        select(LEVELS),
    );
    let one = one.prop_map(|(method, url, message, seconds, outcome, level)| Exchange {
        started_at: at(seconds),
        message: message.map(str::to_owned),
        verdict: Verdict {
            level,
            problem: None,
        },
        ..exchange(method, url, Some(outcome))
    });
    vec(one, 0..25)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn sql_and_the_filter_agree(
        exchanges in exchanges(),
        in_flight in select(URLS),
        terms in vec(select(TERMS), 0..4),
        limit in 1_usize..30,
    ) {
        let history = History::in_memory().unwrap();
        history.import(exchanges).unwrap();
        send(&history, &exchange("POST", in_flight, None));
        let all = history.page(&Filter::default(), None, usize::MAX).unwrap();
        let filter = filter(&terms.join(" "));
        let expected: Vec<_> = all.into_iter().filter(|row| filter.matches(row)).collect();

        prop_assert_eq!(history.count(&filter).unwrap(), expected.len() as u64);
        let mut found = Vec::new();
        loop {
            let before = found.last().map(|row: &Summary| row.id);
            let page = history.page(&filter, before, limit).unwrap();
            let complete = page.len() < limit;
            found.extend(page);
            if complete {
                break;
            }
        }
        prop_assert_eq!(found, expected);
    }
}

/// A row a minute. Every fiftieth answer is a 500, every hundredth request a PUT, and few hosts are rare.
fn many(history: &History, rows: i64) {
    let exchanges = (0..rows).map(|index| {
        let status = if index % 50 == 0 { 500 } else { 200 };
        let method = if index % 100 == 0 { "PUT" } else { "POST" };
        let host = if index % 200 == 0 { "rare" } else { "usual" };
        let url = format!("http://{host}:3000/path/{index}");
        Exchange {
            started_at: at((index - rows) * 60),
            ..exchange(method, &url, Some(Outcome::Response(response(status, b""))))
        }
    });
    history.import(exchanges).unwrap();
}

const INDEXED: &[&str] = &[
    "",
    "path:/path/*",
    "status:5xx",
    "status:500,failed",
    "method:put",
    "host:rare",
    "host:rare:3000 status:5xx",
    "since:1h",
    "until:1d",
    "since:1d until:20h",
    "-since:1d",
    "path",
];

#[test]
fn the_first_page_costs_the_same_however_many_rows_there_are() {
    let (few, more) = (History::in_memory().unwrap(), History::in_memory().unwrap());
    many(&few, 2_000);
    many(&more, 20_000);
    for text in INDEXED {
        let effort = |history: &History| {
            let connections = &history.0.connections;
            let explained =
                connections.read(|connection| query::explain(connection, &filter(text), 5));
            explained.unwrap()
        };
        let (few, (lines, more)) = (effort(&few).1, effort(&more));
        assert!(more <= few.max(200) * 2, "{text}: {few} steps, then {more}");
        let plan = lines.join("\n");
        assert!(!plan.contains("TEMP B-TREE"), "{text}: {plan}");
        assert!(more < 5_000, "{text}: {more} steps\n{plan}");
    }
}

#[test]
fn statuses_methods_and_hosts_are_found_by_their_index() {
    let history = History::in_memory().unwrap();
    many(&history, 1_000);
    for (text, index) in [
        ("status:5xx", "exchange_standing"),
        ("method:put", "exchange_method"),
        ("host:rare path status:5xx", "exchange_host"),
        ("-status:2xx", "exchange_standing"),
    ] {
        let connections = &history.0.connections;
        let explained = connections.read(|connection| query::explain(connection, &filter(text), 5));
        let plan = explained.unwrap().0.join("\n");
        assert!(plan.contains(index), "{text}: {plan}");
        assert!(!plan.contains("SCAN exchange"), "{text}: {plan}");
    }
}

/// Words with what else has to hold, and words that must not be there: the index is asked once.
#[test]
fn words_are_looked_for_once_whatever_else_is() {
    let history = History::in_memory().unwrap();
    many(&history, 2_000);
    while history.gather_words(1_000).unwrap() > 0 {}
    for (text, expected) in [
        ("usual host:rare", 0),
        ("rare host:rare", 10),
        ("rare host:rare -usual took:<1h", 10),
        ("-rare host:rare", 0),
        ("-usual", 10),
        ("-usual status:5xx", 10),
        ("usual took:>1h", 0),
        ("path:*/77", 1),
        ("rare path:*00", 9),
    ] {
        let filter = filter(text);
        let rows = history.page(&filter, None, 1_000).unwrap();
        assert_eq!(rows.len(), expected, "{text}");
        assert_eq!(history.count(&filter).unwrap(), expected as u64, "{text}");
        let connections = &history.0.connections;
        let explained = connections.read(|connection| query::explain(connection, &filter, 5));
        let plan = explained.unwrap().0.join("\n");
        let correlated = plan.contains("CORRELATED") || plan.contains("VIRTUAL TABLE INDEX 0:=");
        assert!(!correlated, "{text}: {plan}");
    }
}

/// Rows that are many and old are not looked for by passing over all the others.
#[test]
fn what_only_old_rows_have_is_found_by_its_index() {
    let history = History::in_memory().unwrap();
    let body = Outcome::Response(response(200, b"old"));
    let one = exchange("POST", "http://host/", Some(body));
    history.import((0..4_500).map(|_| one.clone())).unwrap();
    let other = exchange(
        "POST",
        "http://host/",
        Some(failure(FailureKind::Refused, None)),
    );
    history.import((0..20_100).map(|_| other.clone())).unwrap();
    let connections = &history.0.connections;
    let explained =
        connections.read(|connection| query::explain(connection, &filter("size:2-4"), 5));
    let plan = explained.unwrap().0.join("\n");
    assert!(plan.contains("exchange_size"), "{plan}");
    let explained =
        connections.read(|connection| query::explain(connection, &filter("took:>1ms"), 5));
    let plan = explained.unwrap().0.join("\n");
    assert!(!plan.contains("exchange_duration"), "{plan}");
}

/// Every other key whose rows may be rare: none of them looks at all rows.
#[test]
fn rare_things_are_found_by_their_index() {
    let history = History::in_memory().unwrap();
    many(&history, 1_000);
    for (text, index) in [
        ("took:>1h", "exchange_duration"),
        ("size:>1GB", "exchange_size"),
        ("path:/path/77", "exchange_endpoint (path=?)"),
        ("path:/PATH/77*", "exchange_endpoint (path>? AND path<?)"),
        ("path:/nowhere*", "exchange_endpoint (path>? AND path<?)"),
        ("tag:bug", "exchange_tags"),
        ("has:tag", "exchange_tags"),
        ("has:name", "exchange_name"),
        ("has:note", "exchange_note"),
        ("has:origin", "exchange_replayed"),
        ("is:pinned", "exchange_pinned"),
        ("env:prod", ""),
        ("type:image", ""),
        ("is:failed", ""),
        ("body:nowhere", "VIRTUAL TABLE"),
        ("header:x-nowhere=1", "VIRTUAL TABLE"),
        ("name:nowhere", "VIRTUAL TABLE"),
    ] {
        let connections = &history.0.connections;
        let explained = connections.read(|connection| query::explain(connection, &filter(text), 5));
        let lines = explained.unwrap().0;
        let plan = lines.join("\n");
        assert!(plan.contains(index), "{text}: {plan}");
        assert!(
            !lines.iter().any(|line| line == "SCAN exchange"),
            "{text}: {plan}"
        );
    }
    let without = History::in_memory().unwrap();
    many(&without, 10);
    without.0.connections.with_writer(|writer| {
        writer
            .execute_batch("DROP INDEX exchange_endpoint")
            .unwrap();
    });
    assert_eq!(without.count(&filter("path:/path/7")).unwrap(), 1);
    without.make_indexes().unwrap();
    assert_eq!(without.count(&filter("path:/path/7")).unwrap(), 1);
}

#[test]
fn a_clock_that_was_set_back_hides_nothing() {
    let history = History::in_memory().unwrap();
    let times = [0, 7_200, -7_200, -3_000, 100];
    history
        .import(times.map(|seconds| Exchange {
            started_at: at(seconds),
            ..exchange("POST", "http://host/", None)
        }))
        .unwrap();
    let found = |text: &str| -> Vec<i64> {
        let rows = history.page(&filter(text), None, 10).unwrap();
        rows.iter().map(|row| row.id.0).collect()
    };
    assert_eq!(found("since:1h"), [5, 4, 2, 1]);
    assert_eq!(found("until:1h"), [3]);
    assert_eq!(found("until:30m"), [4, 3]);
}

#[test]
fn what_a_rule_calls_a_failure_has_not_worked() {
    let history = History::in_memory().unwrap();
    let answered = |level| {
        let outcome = Outcome::Response(response(200, b"{}"));
        let mut exchange = exchange("POST", "http://h/users", Some(outcome));
        exchange.verdict = Verdict {
            level,
            problem: None,
        };
        send(&history, &exchange)
    };
    let worked = answered(Some(RuleLevel::Warn));
    let failed = answered(Some(RuleLevel::Fail));
    let plain = answered(None);
    assert_eq!(history.last_worked(failed).unwrap(), Some(worked));
    assert_eq!(history.last_worked(plain).unwrap(), Some(worked));
}
