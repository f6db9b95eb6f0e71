//! How long a body takes to be laid out, beside parsing the same bytes with serde_json.

use std::fmt::Write;

use bytes::Bytes;
use divan::{Bencher, black_box, counter::BytesCount};
use posttui::inspect::Layout;

const MEGABYTE: usize = 1024 * 1024;
const COLUMNS: u16 = 80;

fn main() {
    divan::main();
}

/// A list of records like those that interfaces answer with, minified.
fn records(letters: &str) -> Bytes {
    let mut body = String::from("[");
    let mut number = 0;
    while body.len() < MEGABYTE {
        if number > 0 {
            body.push(',');
        }
        // Writing to a String cannot fail.
        let _ = write!(
            body,
            r#"{{"id":{number},"name":"{letters} {number}","active":true,"score":{}.5e3,"tags":["a","b"],"owner":{{"id":null,"mail":"user{number}@example.com"}}}}"#,
            number % 100
        );
        number += 1;
    }
    body.push(']');
    body.into()
}

fn lay_out(bencher: Bencher, body: &Bytes, content_type: &str) {
    bencher
        .counter(BytesCount::new(body.len()))
        .bench(|| Layout::new(black_box(body), Some(content_type), None, COLUMNS));
}

#[divan::bench]
fn json(bencher: Bencher) {
    lay_out(bencher, &records("Jane Doe"), "application/json");
}

#[divan::bench]
fn json_in_wide_letters(bencher: Bencher) {
    lay_out(
        bencher,
        &records("日本語の名前がここに入ります"),
        "application/json",
    );
}

#[divan::bench]
fn json_of_one_long_string(bencher: Bencher) {
    let body = format!("[\"{}\"]", "0123456789abcdef".repeat(MEGABYTE / 16));
    lay_out(bencher, &body.into(), "application/json");
}

#[divan::bench]
fn text(bencher: Bencher) {
    lay_out(bencher, &records("Jane Doe"), "text/csv");
}

#[divan::bench]
fn serde_json_value(bencher: Bencher) {
    let body = records("Jane Doe");
    bencher
        .counter(BytesCount::new(body.len()))
        .bench(|| serde_json::from_slice::<serde_json::Value>(black_box(&body)));
}

/// What one frame reads: forty rows in the middle.
#[divan::bench]
fn forty_rows(bencher: Bencher) {
    let layout = Layout::new(
        &records("Jane Doe"),
        Some("application/json"),
        None,
        COLUMNS,
    );
    let first = layout.rows() / 2;
    bencher.bench(|| {
        (first..first + 40)
            .map(|index| layout.row(index).len())
            .sum::<usize>()
    });
}
