//! Bodies that viewers stumble over, each shown in every way: nothing panics, nothing is slow, every row
//! fits.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test breaks off where something is wrong"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use posttui::{
    inspect::{
        Canvas, Document, Folds, Jump, Layout, Protocol, Received, View, Way,
        find::Pattern,
        jq::{self, Limits},
    },
    text,
};

/// Generous, since a debug build on a busy machine is slow.
const PATIENCE: Duration = Duration::from_mins(1);

fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let files = fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 20);
    files
}

/// The content type and the coding that a file of the corpus stands for.
fn headers(file: &Path) -> (Option<&'static str>, Option<&'static str>) {
    match file.extension().and_then(|it| it.to_str()).unwrap() {
        "json" => (Some("application/json"), None),
        "ndjson" => (Some("application/x-ndjson"), None),
        "events" => (Some("text/event-stream"), None),
        "csv" => (Some("text/csv"), None),
        "tsv" => (Some("text/tab-separated-values"), None),
        "html" => (Some("text/html"), None),
        "xml" => (Some("application/xml"), None),
        "png" => (Some("image/png"), None),
        "gz" => (Some("text/plain"), Some("gzip")),
        "deflate" => (Some("text/plain"), Some("deflate")),
        "txt" => (Some("text/plain"), None),
        _ => (None, None),
    }
}

fn walk(layout: &Layout, columns: u16) {
    let mut row = 0;
    for _ in 0..40 {
        for (number, pieces) in layout.page(row, 5) {
            let used: usize = pieces.iter().map(|(_, text)| text::width(text)).sum();
            assert!(used <= usize::from(columns), "row {number}: {pieces:?}");
            for (_, piece) in &pieces {
                assert_eq!(text::display(piece), piece.as_str());
            }
            layout.path(number, true);
            layout.value(number);
            layout.turned(number);
            for to in [Jump::Parent, Jump::Next, Jump::Previous] {
                layout.row_of(number, to);
            }
            if let Some(offset) = layout.offset(number) {
                layout.row_at(offset);
            }
        }
        row = layout.step(row, 7);
    }
    layout.page(layout.last(), 3);
    layout.row_at(usize::MAX);
}

#[test]
fn every_body_is_shown_in_every_way() {
    for file in corpus() {
        let started = Instant::now();
        let (kind, coding) = headers(&file);
        let body = fs::read(&file).unwrap();
        for is_arriving in [false, true] {
            let document = Document::read(&Received {
                body: body.clone().into(),
                content_type: kind.map(str::to_owned),
                content_encoding: coding.map(str::to_owned),
                is_arriving,
                ..Received::default()
            });
            for way in [Way::Laid, Way::Raw, Way::Hex] {
                for (level, protocol) in [
                    (None, None),
                    (Some(0), Some(Protocol::Kitty)),
                    (Some(1), Some(Protocol::Sixel)),
                ] {
                    let view = View {
                        way,
                        folds: Folds::from_level(level),
                        column: 1,
                        canvas: protocol.map(|protocol| Canvas {
                            protocol,
                            cell: (3, 7),
                            rows: 9,
                        }),
                    };
                    let layout = Layout::of(document.clone(), view, 60);
                    walk(&layout, 60);
                    let pattern = Pattern::parse("/[a-z]+|x/").unwrap().unwrap();
                    let found = pattern.find(&layout.searched(), &|_, _| true);
                    for place in found.places.iter().take(5) {
                        assert!(layout.row_at(place.start) <= layout.last());
                    }
                }
            }
            if let Some(text) = document.text() {
                // What it says does not matter here, only that it comes back.
                let _ = jq::run("[..] | length", text, &Limits::SHORT);
            }
        }
        assert!(started.elapsed() < PATIENCE, "{}", file.display());
    }
}
