//! Scrubbing, limits, backups and repairs.

use super::*;
use crate::{
    model::Relabel,
    store::{Limits, Retention},
};

const LEAKED: &str = "s3cr3t/leaked+value";

fn home_with(count: i64) -> (TempDir, Paths, History) {
    let (folder, paths) = home();
    let history = History::open(&paths).unwrap();
    for index in 0..count {
        let body = format!("body number {index} {}", "x".repeat(2_000));
        let sent = Exchange {
            started_at: at(index * 60),
            ..exchange(
                "POST",
                &format!("http://host/{index}"),
                Some(Outcome::Response(response(200, body.as_bytes()))),
            )
        };
        send(&history, &sent);
    }
    (folder, paths, history)
}

/// Whether any file of the folder holds the bytes.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        let content = std::fs::read(path).unwrap();
        memchr::memmem::find(&content, bytes).is_some()
    })
}

fn ids(history: &History) -> Vec<i64> {
    let rows = history.page(&Filter::default(), None, 1_000).unwrap();
    rows.iter().map(|row| row.id.0).collect()
}

#[test]
fn a_scrubbed_value_is_nowhere_in_the_files() {
    let (_folder, paths, history) = home_with(3);
    let escaped: String = form_urlencoded::byte_serialize(LEAKED.as_bytes()).collect();
    let mut leaky = exchange(
        "POST",
        &format!("http://host/{}?q={escaped}", "path"),
        Some(Outcome::Response(response(
            200,
            format!("you sent {LEAKED} twice: {LEAKED}").as_bytes(),
        ))),
    );
    leaky.prepared.headers = vec![Header::new("x-custom", LEAKED)];
    leaky.prepared.body = Bytes::from(format!("{{\"v\":\"{LEAKED}\"}}")).into();
    leaky.request.body.json = format!("{{\"v\":\"{LEAKED}\"}}");
    leaky.message = Some(format!("It says {LEAKED}."));
    let id = send(&history, &leaky);
    history
        .relabel(&[id], &Relabel::Note(Some(format!("has {LEAKED}"))))
        .unwrap();
    // One that was deleted leaves its bytes in free pages.
    let gone = send(&history, &leaky);
    history.gather_words(100).unwrap();
    history.remove(&[gone]).unwrap();
    drop(history);
    let history = History::open(&paths).unwrap();
    assert_eq!(history.count(&filter("leaked")).unwrap(), 1);
    assert!(holds(&paths.data, LEAKED.as_bytes()));

    assert_eq!(history.holding(&[LEAKED]).unwrap(), [id]);
    assert_eq!(history.scrub(&[LEAKED]).unwrap(), [id]);
    assert_eq!(history.scrub(&[LEAKED]).unwrap(), []);
    for spelling in [LEAKED, &escaped, "s3cr3t", "leaked"] {
        assert!(!holds(&paths.data, spelling.as_bytes()), "{spelling}");
    }
    assert_eq!(history.count(&filter("leaked")).unwrap(), 0);
    assert_eq!(history.count(&filter("body:scrubbed")).unwrap(), 1);
    assert_eq!(history.count(&filter("\"body number\"")).unwrap(), 3);
    assert_eq!(history.count(&filter("host:host")).unwrap(), 4);
    assert!(
        history
            .load(id)
            .unwrap()
            .unwrap()
            .prepared
            .url
            .contains("scrubbed")
    );
    assert_eq!(history.check().unwrap().damages, Vec::<String>::new());
}

#[test]
fn a_value_within_credentials_in_base64_is_found_too() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let history = History::in_memory().unwrap();
    for plain in [format!("{LEAKED}:pw"), format!("ann:{LEAKED}")] {
        let mut leaky = exchange("POST", "http://host/", None);
        let value = format!("Basic {}", STANDARD.encode(&plain));
        leaky.prepared.headers = vec![Header::new("x-forwarded", value.clone())];
        let answer = format!("{{\"echo\": \"{value}\"}}");
        leaky.outcome = Some(Outcome::Response(response(200, answer.as_bytes())));
        let id = send(&history, &leaky);
        assert_eq!(history.scrub(&[LEAKED]).unwrap(), [id], "{plain}");
        let clean = history.load(id).unwrap().unwrap();
        let marked = "Basic ‹secret scrubbed›";
        assert_eq!(clean.prepared.headers[0].text(), marked);
        let received = clean.outcome.unwrap().received().unwrap().body.clone();
        assert_eq!(received, format!("{{\"echo\": \"{marked}\"}}"));
    }
}

#[test]
fn what_fits_an_expression_is_found_in_rows_header_fields_and_bodies() {
    let history = History::in_memory().unwrap();
    let mut coded = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut coded, b"in a body: tok_3333").unwrap();
    let mut answer = response(200, &coded.finish().unwrap());
    let headers = &mut answer.head.headers;
    headers.push(Header::new("content-encoding", "gzip"));
    headers.push(Header::new("x-note", "tok_2222 tok_2222"));
    let url = "http://host/tok_1111";
    let id = send(
        &history,
        &exchange("POST", url, Some(Outcome::Response(answer))),
    );
    let expression = regex::bytes::Regex::new("tok_[0-9]{4}").unwrap();
    let found = history.fitting(&expression).unwrap();
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, ["tok_1111", "tok_2222", "tok_3333"]);
    assert_eq!(history.scrub(&found).unwrap(), [id]);
    assert!(history.fitting(&expression).unwrap().is_empty());
}

#[test]
fn beyond_the_limits_the_oldest_go_and_what_is_pinned_stays() {
    let (_folder, _paths, history) = home_with(60);
    history
        .relabel(&[ExchangeId(1)], &Relabel::Pin(true))
        .unwrap();
    let keep = |all: Limits| {
        let retention = Retention {
            all,
            ..Default::default()
        };
        history.keep_within(&retention, at(60 * 60)).unwrap()
    };
    let none = Limits::NONE;
    assert_eq!(keep(Limits::default()), Forgotten::default());
    let old = keep(Limits {
        age: Some(Duration::from_mins(50)),
        ..none
    });
    assert_eq!(old.exchanges, 9);
    assert_eq!(old.because, ["9 older than 50min"]);
    assert_eq!(ids(&history).last(), Some(&1));
    assert_eq!(ids(&history).len(), 51);
    let many = keep(Limits {
        count: Some(20),
        ..none
    });
    assert_eq!((many.exchanges, ids(&history).len()), (31, 20));
    assert!(many.bytes > 31 * 2_000, "{many:?}");
    let large = keep(Limits {
        size: Some(1),
        ..none
    });
    assert_eq!(large.exchanges, 18);
    assert_eq!(ids(&history), [60, 1]);
}

/// Sends with answers of so many bytes, whose content is that of the seed.
fn send_noise(history: &History, length: usize, seeds: impl IntoIterator<Item = u64>) {
    for seed in seeds {
        let body = noise(length, seed);
        let outcome = Some(Outcome::Response(response(200, &body)));
        send(history, &exchange("POST", "http://host/", outcome));
    }
}

fn keep_size(history: &History, size: u64) -> Forgotten {
    let retention = Retention {
        all: Limits {
            size: Some(size),
            ..Limits::NONE
        },
        ..Default::default()
    };
    history.keep_within(&retention, at(0)).unwrap()
}

#[test]
fn a_size_limit_takes_no_more_than_it_has_to() {
    let length = 20_000;
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    send_noise(&history, length, 1..=60);
    history
        .relabel(&[ExchangeId(1)], &Relabel::Pin(true))
        .unwrap();
    let size = history.file_size().unwrap();
    // Room for ten is asked for: the oldest ten that are not pinned go, or one more for what rows take besides.
    let forgotten = keep_size(&history, size - 10 * length as u64);
    assert!((8..=11).contains(&forgotten.exchanges), "{forgotten:?}");
    let left = ids(&history);
    assert_eq!((left[0], left[left.len() - 1]), (60, 1));
    assert_eq!(left[left.len() - 2] as u64, forgotten.exchanges + 2);
    // What fits stays as it is.
    assert_eq!(keep_size(&history, size).exchanges, 0);
}

#[test]
fn many_small_ones_go_until_the_rest_fits() {
    let (_folder, _paths, history) = home_with(700);
    let before = history.file_size().unwrap();
    let forgotten = keep_size(&history, before / 2);
    let left = ids(&history).len();
    assert!((250..=450).contains(&left), "{forgotten:?}");
}

#[test]
fn a_body_that_several_have_goes_with_the_last_of_them() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    // The first body is that of the newest, too, so that only what lies between them makes room.
    send_noise(&history, 400_000, [1, 1, 1, 2, 3, 4, 1]);
    let size = history.file_size().unwrap();
    let forgotten = keep_size(&history, size - 300_000);
    assert_eq!(forgotten.exchanges, 4, "{forgotten:?}");
    assert_eq!(ids(&history), [7, 6, 5]);
}

#[test]
fn what_is_in_files_makes_room_one_by_one_and_the_newest_stays() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let length = 1_500_000;
    send_noise(&history, length, 1..=5);
    let forgotten = keep_size(&history, 3 * length as u64 + 800_000);
    assert_eq!(forgotten.exchanges, 2, "{forgotten:?}");
    assert_eq!(keep_size(&history, 1).exchanges, 2);
    assert_eq!(ids(&history), [5]);
    assert!(history.load(ExchangeId(5)).unwrap().is_some());
    assert_eq!(history.check().unwrap().damages, Vec::<String>::new());
}

#[test]
fn an_environment_has_limits_of_its_own() {
    let (_folder, _paths, history) = home_with(5);
    for index in 0..30_u64 {
        let mut sent = exchange(
            "POST",
            &format!("http://prod/{index}"),
            Some(Outcome::Response(response(200, &noise(2_000, index)))),
        );
        sent.prepared.lineage.environment = Some("prod".to_owned());
        sent.started_at = at(i64::try_from(index).unwrap() * 3_600);
        send(&history, &sent);
    }
    let pinned = ExchangeId(6);
    history.relabel(&[pinned], &Relabel::Pin(true)).unwrap();
    let keep = |limits: Limits| {
        let retention = Retention {
            all: Limits::NONE,
            environments: [("prod".to_owned(), limits)].into(),
        };
        history.keep_within(&retention, at(30 * 3_600)).unwrap()
    };
    let none = Limits::NONE;
    let old = keep(Limits {
        age: Some(Duration::from_hours(25)),
        ..none
    });
    assert_eq!(old.because, ["4 of prod older than 25h"]);
    let many = keep(Limits {
        count: Some(20),
        ..none
    });
    assert_eq!(many.because, ["6 of prod beyond 20"]);
    let large = keep(Limits {
        size: Some(30_000),
        ..none
    });
    assert!(large.exchanges > 5 && large.exchanges < 18, "{large:?}");
    assert!(
        large.to_string().contains("of prod beyond 29.3 KiB"),
        "{large}"
    );
    let prod = history.count(&filter("env:prod")).unwrap();
    assert_eq!(prod, 20 - large.exchanges);
    assert!(history.load(pinned).unwrap().is_some());
    assert_eq!(history.count(&filter("-env:prod")).unwrap(), 5);
}

#[test]
fn a_backup_is_one_file_that_can_be_brought_back() {
    let (folder, _paths, history) = home_with(5);
    history
        .relabel(&[ExchangeId(2)], &Relabel::Tag("kept".into()))
        .unwrap();
    let target = folder.path().join("backup.sqlite3");
    let size = history.back_up(&target).unwrap();
    assert_eq!(std::fs::metadata(&target).unwrap().len(), size);
    let again = history.back_up(&target).unwrap_err().to_string();
    assert!(again.contains("backup.sqlite3"), "{again}");

    let (_other_folder, other_paths) = home();
    let other = History::open(&other_paths).unwrap();
    let salvage = other.salvage(&target).unwrap();
    assert_eq!((salvage.saved, salvage.lost.len()), (5, 0));
    assert_eq!(other.count(&filter("tag:kept")).unwrap(), 1);
    let names = std::fs::read_dir(folder.path()).unwrap();
    assert_eq!(names.count(), 2, "nothing is left beside the backup");
}

#[test]
fn wrong_counts_indexes_and_words_are_made_anew() {
    let (_folder, _paths, history) = home_with(5);
    assert_eq!(history.check().unwrap().repairs, Vec::<String>::new());
    history.0.connections.with_writer(|writer| {
        writer
            .execute_batch("UPDATE tally SET total = 9 WHERE facet = 'host'")
            .unwrap();
    });
    let findings = history.check().unwrap();
    assert_eq!((findings.repairs.len(), findings.exchanges), (1, 5));
    assert_eq!(history.count(&filter("host:host")).unwrap(), 5);
    assert_eq!(history.check().unwrap().repairs, Vec::<String>::new());
}

/// What remains of a file in which a byte was flipped or whose end is gone can be read again, and the file stays as
/// it is.
#[test]
fn what_a_damaged_file_still_holds_comes_back() {
    let (_folder, paths, history) = home_with(200);
    let whole = paths.data.join("whole.sqlite3");
    history.back_up(&whole).unwrap();
    drop(history);
    let bytes = std::fs::read(&whole).unwrap();
    let mut worst = 200;
    for step in 1..12 {
        let mut damaged = bytes.clone();
        if step % 3 == 0 {
            damaged.truncate(bytes.len() * step / 12);
        } else {
            let place = bytes.len() * step / 12;
            damaged[place..place + 64].fill(0xa5);
        }
        let file = paths.data.join(format!("damaged-{step}.sqlite3"));
        std::fs::write(&file, &damaged).unwrap();
        let memory = History::in_memory().unwrap();
        match memory.salvage(&file) {
            Ok(salvage) => worst = worst.min(salvage.saved),
            Err(error) => {
                let text = error.to_string();
                assert!(text.contains("damaged-"), "{text}");
            }
        }
        assert!(std::fs::read(&file).unwrap() == damaged);
    }
    let memory = History::in_memory().unwrap();
    let mut damaged = bytes.clone();
    let place = memchr::memmem::find(&bytes, b"body number 77 ").unwrap();
    damaged[place..place + 2_000].fill(b'?');
    let file = paths.data.join("damaged-body.sqlite3");
    std::fs::write(&file, &damaged).unwrap();
    assert!(memory.salvage(&file).unwrap().saved >= 190);
}
