//! What the history costs, and that it costs the same however long it is.
//!
//! `cargo bench --bench history` makes a database of each size in a temporary folder, once. In the folder that
//! `POSTTUI_BENCH_FOLDER` names they stay for the next time.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up has nothing to say"
)]

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Mutex, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use divan::{Bencher, black_box};
use jiff::{Timestamp, tz::TimeZone};
use posttui::{
    model::{
        Exchange, ExchangeId, Failure, FailureKind, Header, Hop, HttpVersion, Outcome, Phase,
        PreparedRequest, Processed, Relabel, Request, Response, ResponseHead,
    },
    search::Filter,
    store::{History, Paths},
};
use tempfile::TempDir;

const SIZES: [u32; 3] = [1_000, 100_000, 1_000_000];

/// Rows that a screen asks for at a time.
const PAGE: usize = 200;

/// 2026-02-02T02:40:00Z
const NOW: i64 = 1_770_000_000;

fn main() {
    divan::main();
    // What is static is never dropped, and the folders are to go.
    MADE.get_or_init(Mutex::default).lock().unwrap().clear();
}

/// The histories made so far, with their folders where these are to go.
static MADE: OnceLock<Mutex<Made>> = OnceLock::new();

type Made = BTreeMap<u32, (History, Option<TempDir>)>;

fn history(rows: u32) -> History {
    let mut made = MADE.get_or_init(Mutex::default).lock().unwrap();
    let (history, _) = made.entry(rows).or_insert_with(|| {
        let (home, folder) = if let Some(kept) = std::env::var_os("POSTTUI_BENCH_FOLDER") {
            (PathBuf::from(kept).join(rows.to_string()), None)
        } else {
            let folder = tempfile::tempdir().unwrap();
            (folder.path().to_owned(), Some(folder))
        };
        let history = History::open(&Paths::within(&home)).unwrap();
        if history.count(&Filter::default()).unwrap() == 0 {
            fill(&history, rows);
        }
        let size = std::fs::metadata(home.join("data/history.sqlite3"));
        let size = size.unwrap().len() / u64::from(rows);
        eprintln!("{rows} exchanges with bodies of 20 and 512 bytes: {size} bytes an exchange");
        (history, folder)
    });
    history.clone()
}

fn fill(history: &History, rows: u32) {
    history
        .import((0..rows).map(|index| exchange(index, rows)))
        .unwrap();
    while history.gather_words(10_000).unwrap() > 0 {}
    let tagged = [1, 2, 3].map(ExchangeId);
    history
        .relabel(&tagged, &Relabel::Tag("old".to_owned()))
        .unwrap();
    history.flush().unwrap();
}

/// A row a second: one answer in ten is an error, one host in a thousand is rare.
fn exchange(index: u32, rows: u32) -> Exchange {
    let host = if index.is_multiple_of(1_000) {
        "rare"
    } else {
        "api"
    };
    let outcome = match index % 10 {
        3 => response([400, 404, 500, 503][index as usize / 10 % 4]),
        7 if index.is_multiple_of(7) => refused(),
        _ => response(201),
    };
    let prepared = PreparedRequest {
        cookies: posttui::model::Cookies::default(),
        method: "POST".to_owned(),
        // The same thousand over and over for one in ten, as people work.
        url: match index % 10 {
            0 => format!("https://{host}.example.com/orders/{}", index % 1_000),
            _ => format!("https://{host}.example.com/users/{index}"),
        },
        headers: vec![Header::new("content-type", "application/json")],
        body: Bytes::from(format!("{{\"name\": \"user {index}\"}}")).into(),
        options: posttui::model::Options::default(),
        credentials: posttui::model::Credentials::default(),
        secrets: posttui::model::Secrets::default(),
        lineage: posttui::model::Lineage::default(),
    };
    let hop = Hop {
        method: prepared.method.clone(),
        url: prepared.url.clone(),
        request_headers: prepared.headers.clone(),
        request_body_bytes: prepared.body.len(),
        dropped: Vec::new(),
        purpose: posttui::model::Purpose::Request,
        attempt: 1,
        failure: None,
        remote_address: Some("192.0.2.1:443".to_owned()),
        response: outcome.received().map(|response| response.head.clone()),
        duration: Duration::from_millis(84),
        transit: posttui::model::Transit::default(),
    };
    Exchange {
        id: ExchangeId(0),
        started_at: Timestamp::from_second(NOW - i64::from(rows - index)).unwrap(),
        request: Request {
            url: prepared.url.clone(),
            ..Request::default()
        },
        prepared,
        hops: vec![hop],
        outcome: Some(outcome),
        // Some of the oldest took long, and none of the others.
        duration: Some(if index < rows / 50 {
            Duration::from_secs(3)
        } else {
            Duration::from_millis(84)
        }),
        message: index.is_multiple_of(3).then(|| "User created.".to_owned()),
        verdict: posttui::model::Verdict::default(),
    }
}

fn response(status: u16) -> Outcome {
    Outcome::Response(Response {
        head: ResponseHead {
            status,
            reason: None,
            version: HttpVersion::Http11,
            headers: vec![Header::new("content-type", "application/json")],
        },
        body: Bytes::from_static(&[b'x'; 512]),
        whole: None,
    })
}

fn refused() -> Outcome {
    Outcome::Failure(Failure {
        kind: FailureKind::Refused,
        phase: Phase::Connect,
        causes: vec!["Connection refused (os error 111)".to_owned()],
        processed: Processed::No,
        partial: None,
    })
}

fn bench_page(bencher: Bencher<'_, '_>, rows: u32, filter: &str) {
    let history = history(rows);
    let now = Timestamp::from_second(NOW).unwrap();
    let filter = Filter::parse(filter, &now.to_zoned_datetime(TimeZone::UTC)).unwrap();
    bencher.bench(|| history.page(black_box(&filter), None, PAGE).unwrap());
}

#[divan::bench(args = SIZES)]
fn first_page(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "");
}

#[divan::bench(args = SIZES)]
fn page_of_a_status_class(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "status:5xx");
}

#[divan::bench(args = SIZES)]
fn page_of_a_rare_host(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "host:rare.example.com");
}

#[divan::bench(args = SIZES)]
fn page_of_a_time(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "since:10m until:5m");
}

#[divan::bench(args = SIZES)]
fn page_of_a_common_word(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "created");
}

#[divan::bench(args = SIZES)]
fn page_of_a_rare_word(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "rare");
}

#[divan::bench(args = SIZES)]
fn page_of_words_of_a_body(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "field:name=user body:\"user 77\"");
}

#[divan::bench(args = SIZES)]
fn page_of_a_common_word_at_a_rare_host(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "created host:rare.example.com");
}

#[divan::bench(args = SIZES)]
fn page_of_what_took_long(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "took:>1s");
}

/// One in fifty, and those are the oldest.
#[divan::bench(args = SIZES)]
fn page_of_what_took_long_long_ago(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "took:2s-4s");
}

#[divan::bench(args = SIZES)]
fn page_of_a_path(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "path:/users/7");
}

#[divan::bench(args = SIZES)]
fn page_of_paths_that_begin_alike(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "path:/users/77*");
}

#[divan::bench(args = SIZES)]
fn page_of_paths_that_are_nowhere(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "path:*/nowhere/*");
}

#[divan::bench(args = SIZES)]
fn page_of_a_tag(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "tag:old");
}

#[divan::bench(args = SIZES)]
fn page_of_failed(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "is:failed");
}

#[divan::bench(args = SIZES)]
fn page_of_an_environment_that_is_nowhere(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "env:nowhere");
}

#[divan::bench(args = SIZES)]
fn last_success_of_the_same_request(bencher: Bencher<'_, '_>, rows: u32) {
    let history = history(rows);
    let id = ExchangeId(i64::from(rows) / 2);
    bencher.bench(|| history.last_worked(black_box(id)).unwrap());
}

#[divan::bench(args = SIZES)]
fn timeline_of_the_same_request(bencher: Bencher<'_, '_>, rows: u32) {
    let history = history(rows);
    let id = ExchangeId(i64::from(rows) / 2);
    bencher.bench(|| history.like(black_box(id), 500).unwrap());
}

/// An exchange with both of its bodies.
#[divan::bench(args = SIZES)]
fn load(bencher: Bencher<'_, '_>, rows: u32) {
    let history = history(rows);
    let id = ExchangeId(i64::from(rows) / 2);
    bencher.bench(|| history.load(black_box(id)).unwrap());
}

#[divan::bench(args = SIZES)]
fn page_of_a_media_type(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "type:json");
}

#[divan::bench(args = SIZES)]
fn last_page(bencher: Bencher<'_, '_>, rows: u32) {
    let history = history(rows);
    let before = Some(ExchangeId(PAGE as i64 + 1));
    let all = Filter::default();
    bencher.bench(|| history.page(black_box(&all), before, PAGE).unwrap());
}

#[divan::bench(args = SIZES)]
fn page_of_a_word_that_is_nowhere(bencher: Bencher<'_, '_>, rows: u32) {
    bench_page(bencher, rows, "nowhere");
}

#[divan::bench(args = SIZES)]
fn count_all(bencher: Bencher<'_, '_>, rows: u32) {
    let history = history(rows);
    let all = Filter::default();
    bencher.bench(|| history.count(black_box(&all)).unwrap());
}

/// Adds a few rows to the history, which makes no difference to its size.
#[divan::bench(args = SIZES)]
fn begin_and_finish(bencher: Bencher<'_, '_>, rows: u32) {
    let history = history(rows);
    let one = exchange(1, rows);
    let outcome = one.outcome.clone().unwrap();
    bencher.bench(|| {
        let id = history
            .begin(&one.request, &one.prepared, one.started_at)
            .unwrap();
        let duration = Duration::from_millis(84);
        history
            .finish(
                id,
                &one.hops,
                &outcome,
                duration,
                &posttui::status::rules::Said::default(),
            )
            .unwrap();
    });
}
