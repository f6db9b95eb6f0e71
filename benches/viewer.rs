//! The viewer beside what it is measured against: searching beside memmem, opening a gigabyte beside
//! `wc -l`, a filter beside reading the JSON with serde_json.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up has nothing to say"
)]

use std::{fs::File, io::Write, process::Command, sync::LazyLock};

use bytes::Bytes;
use divan::{Bencher, black_box, counter::BytesCount};
use posttui::{
    inspect::{
        Layout,
        find::Pattern,
        jq::{self, Limits},
    },
    spill::Spill,
};

const MEGABYTE: usize = 1024 * 1024;

fn main() {
    divan::main();
}

/// A hundred megabytes of lines, with what is looked for at the end.
static TEXT: LazyLock<Bytes> = LazyLock::new(|| {
    let mut text = b"2026-03-04T12:04:05Z info a line of text as logs have them, number 12345\n"
        .repeat(100 * MEGABYTE / 72);
    text.extend_from_slice(b"the Needle\n");
    text.into()
});

fn search(bencher: Bencher, typed: &str) {
    let pattern = Pattern::parse(typed).unwrap().unwrap();
    bencher
        .counter(BytesCount::new(TEXT.len()))
        .bench(|| pattern.find(black_box(&TEXT), &|_, _| true).count);
}

#[divan::bench]
fn search_letters(bencher: Bencher) {
    search(bencher, "Needle");
}

#[divan::bench]
fn search_whatever_the_case(bencher: Bencher) {
    search(bencher, "needle");
}

#[divan::bench]
fn search_expression(bencher: Bencher) {
    search(bencher, "/N[e]+dle/");
}

#[divan::bench]
fn memmem(bencher: Bencher) {
    bencher
        .counter(BytesCount::new(TEXT.len()))
        .bench(|| memchr::memmem::find_iter(black_box(&TEXT), "Needle").count());
}

/// A gigabyte on the disk: for posttui as a body that was spilled, for `wc` as a file.
struct Gigabyte {
    body: Bytes,
    file: tempfile::NamedTempFile,
}

static GIGABYTE: LazyLock<Gigabyte> = LazyLock::new(|| {
    let folder = std::env::temp_dir();
    let part = b"a line of text that is neither short nor long\n".repeat(MEGABYTE / 46);
    let make = || -> std::io::Result<Gigabyte> {
        let mut spill = Spill::create(&folder).map_err(std::io::Error::other)?;
        let mut file = tempfile::NamedTempFile::new_in(&folder)?;
        for _ in 0..1024 {
            spill.append(&part)?;
            file.write_all(&part)?;
        }
        Ok(Gigabyte {
            body: spill.map()?,
            file,
        })
    };
    make().unwrap()
});

/// From the body to the rows of its last page.
#[divan::bench(sample_count = 5)]
fn open_a_gigabyte_to_its_end(bencher: Bencher) {
    LazyLock::force(&GIGABYTE);
    bencher.bench(|| {
        let layout = Layout::new(&GIGABYTE.body, Some("text/plain"), None, 100);
        layout.page(layout.step(layout.last(), -40), 41).len()
    });
}

#[divan::bench(sample_count = 5)]
fn wc_of_a_gigabyte(bencher: Bencher) {
    let path = GIGABYTE.file.path();
    bencher.bench(|| {
        let file = File::open(path).ok();
        Command::new("wc")
            .arg("-l")
            .arg(path)
            .output()
            .map(|it| (it.status, file))
    });
}

fn records() -> Bytes {
    let record = r#"{"id":1,"name":"Jane","active":true,"score":7.5e3,"tags":["a","b"]},"#;
    let mut body = String::from("[");
    body.push_str(&record.repeat(MEGABYTE / record.len()));
    body.push_str("{}]");
    body.into()
}

#[divan::bench]
fn filter_a_megabyte(bencher: Bencher) {
    let body = records();
    bencher
        .counter(BytesCount::new(body.len()))
        .bench(|| jq::run("map(.id) | add", black_box(&body), &Limits::SHORT).map(|it| it.values));
}

#[divan::bench]
fn serde_json_value_of_a_megabyte(bencher: Bencher) {
    let body = records();
    bencher
        .counter(BytesCount::new(body.len()))
        .bench(|| serde_json::from_slice::<serde_json::Value>(black_box(&body)));
}
