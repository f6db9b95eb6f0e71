//! Bodies: each content once, large ones as files.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::*;
use crate::{
    model::{LOST_BODY, Relabel},
    store::{Limits, Retention},
};

/// Too large for the table.
const LARGE: usize = 1_200_000;

fn answered(body: &[u8]) -> Exchange {
    exchange(
        "POST",
        "http://host/",
        Some(Outcome::Response(response(200, body))),
    )
}

fn received(history: &History, id: ExchangeId) -> Bytes {
    let exchange = history.load(id).unwrap().unwrap();
    exchange.outcome.unwrap().received().unwrap().body.clone()
}

fn count(history: &History, sql: &str) -> i64 {
    let connections = &history.0.connections;
    let counted = connections.read(|connection| connection.query_row(sql, (), |row| row.get(0)));
    counted.unwrap()
}

fn contents(history: &History) -> i64 {
    count(history, "SELECT count(*) FROM body")
}

fn files(paths: &Paths) -> Vec<PathBuf> {
    let folder = paths.data.join("history.sqlite3-bodies");
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Removes for good.
fn forget(paths: &Paths, history: History, ids: &[ExchangeId]) -> History {
    history.remove(ids).unwrap();
    drop(history);
    History::open(paths).unwrap()
}

#[test]
fn a_content_is_kept_once_for_as_long_as_an_exchange_has_it() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let body = b"a long text, again and again. ".repeat(100);
    let ids: Vec<ExchangeId> = (0..3).map(|_| send(&history, &answered(&body))).collect();
    // What was sent is another content, the same in all of them.
    assert_eq!(contents(&history), 2);
    let stored = "SELECT sum(stored) FROM body WHERE size = 3000";
    assert!(count(&history, stored) < 200, "it is compressed");
    let history = forget(&paths, history, &ids[..2]);
    assert_eq!(contents(&history), 2);
    assert_eq!(received(&history, ids[2]), body);
    let history = forget(&paths, history, &ids[2..]);
    assert_eq!(contents(&history), 0);
}

#[test]
fn an_outcome_that_comes_late_takes_the_place_of_the_body_before_it() {
    let history = History::in_memory().unwrap();
    let sent = answered(b"at first");
    let id = send(&history, &sent);
    let later = Outcome::Response(response(200, b"in the end"));
    let said = crate::status::rules::Said::default();
    history
        .finish(id, &[], &later, Duration::ZERO, &said)
        .unwrap();
    assert_eq!(received(&history, id), "in the end");
    assert_eq!(contents(&history), 2);
    let empty = Outcome::Response(response(204, b""));
    history
        .finish(id, &[], &empty, Duration::ZERO, &said)
        .unwrap();
    assert_eq!(received(&history, id), "");
    assert_eq!(contents(&history), 1);
}

#[test]
fn a_large_content_is_a_private_file_until_nobody_needs_it() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let large = noise(LARGE, 1);
    let ids = [
        send(&history, &answered(&large)),
        send(&history, &answered(&large)),
    ];
    let name = &files(&paths)[0];
    assert_eq!(files(&paths).len(), 1);
    assert_eq!(name.file_name().unwrap().len(), 64);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(name), mode(name.parent().unwrap())), (0o600, 0o700));
    }
    assert!(received(&history, ids[1]) == large);
    let history = forget(&paths, history, &ids[..1]);
    assert_eq!(files(&paths).len(), 1);
    let history = forget(&paths, history, &ids[1..]);
    assert_eq!(files(&paths), Vec::<PathBuf>::new());
    // The same content comes again.
    let id = send(&history, &answered(&large));
    assert!(received(&history, id) == large);
}

#[test]
fn what_is_in_files_counts_for_the_limits() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    for seed in 1..=4 {
        send(&history, &answered(&noise(LARGE, seed)));
    }
    let all = Limits {
        size: Some(3 * LARGE as u64),
        ..Limits::NONE
    };
    let retention = Retention {
        all,
        ..Default::default()
    };
    let forgotten = history.keep_within(&retention, at(0)).unwrap();
    assert!(forgotten.bytes > LARGE as u64, "{forgotten:?}");
    assert!(files(&paths).len() < 3);
}

#[test]
fn a_file_that_is_gone_or_altered_is_told_and_its_exchange_stays() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let (first, second) = (noise(LARGE, 1), noise(LARGE, 2));
    let ids = [
        send(&history, &answered(&first)),
        send(&history, &answered(&second)),
    ];
    assert_eq!(history.check().unwrap().lost_bodies, Vec::<String>::new());
    let all = files(&paths);
    let (gone, altered) = (&all[0], &all[1]);
    let mut bytes = std::fs::read(altered).unwrap();
    bytes[5] ^= 1;
    std::fs::write(altered, bytes).unwrap();
    std::fs::remove_file(gone).unwrap();
    let lost = history.check().unwrap().lost_bodies;
    assert_eq!(lost.len(), 2, "{lost:?}");
    assert!(lost.iter().any(|line| line.contains("cannot be read")));
    assert!(lost.iter().any(|line| line.contains("altered")));
    for id in ids {
        let shown = received(&history, id);
        assert!(shown.starts_with(LOST_BODY.as_bytes()), "{shown:?}");
    }
    // One that is received again is there again.
    for body in [&first, &second] {
        send(&history, &answered(body));
    }
    assert_eq!(history.check().unwrap().lost_bodies.len(), 1);
    assert!(gone.exists());
}

#[test]
fn what_a_killed_posttui_left_among_the_files_is_swept_away() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let id = send(&history, &answered(&noise(LARGE, 1)));
    let folder = paths.data.join("history.sqlite3-bodies");
    let orphan = folder.join("ab".repeat(32));
    std::fs::write(&orphan, "renamed, and then the row was never committed").unwrap();
    std::fs::write(folder.join("notes.txt"), "not ours").unwrap();
    std::fs::write(folder.join(".new-young"), "being written").unwrap();
    history.sweep().unwrap();
    assert!(!orphan.exists());
    assert_eq!(files(&paths).len(), 3);
    assert_eq!(received(&history, id).len(), LARGE);
    std::fs::write(&orphan, "again").unwrap();
    let repairs = history.check().unwrap().repairs;
    assert_eq!(repairs, ["1 files of no exchange were deleted"]);
}

#[test]
fn a_large_content_is_scrubbed_and_backed_up() {
    const LEAKED: &str = "leaked-in-a-large-body";
    let (folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let mut body = noise(LARGE, 1);
    body.extend_from_slice(LEAKED.as_bytes());
    let id = send(&history, &answered(&body));
    history
        .relabel(&[id], &Relabel::Tag("large".into()))
        .unwrap();
    let backup = folder.path().join("backup.sqlite3");
    history.back_up(&backup).unwrap();
    let before = files(&paths);
    assert_eq!(history.scrub(&[LEAKED]).unwrap(), [id]);
    assert!(!before[0].exists());
    let shown = received(&history, id);
    assert!(memchr::memmem::find(&shown, LEAKED.as_bytes()).is_none());
    assert!(memchr::memmem::find(&shown, "‹secret scrubbed›".as_bytes()).is_some());

    // The backup is complete without any file beside it.
    let (_other_folder, other_paths) = home();
    let other = History::open(&other_paths).unwrap();
    assert_eq!(other.salvage(&backup).unwrap().saved, 1);
    assert!(received(&other, ExchangeId(1)) == body);
    assert_eq!(files(&other_paths).len(), 1);
}

#[test]
fn a_damaged_history_takes_its_files_along() {
    let (_folder, paths) = home();
    let body = noise(LARGE, 1);
    {
        let history = History::open(&paths).unwrap();
        send(&history, &answered(&body));
        history.flush().unwrap();
    }
    let (history, aside) = History::begin_anew(&paths).unwrap();
    history.sweep().unwrap();
    assert_eq!(history.salvage(&aside).unwrap().saved, 1);
    assert!(received(&history, ExchangeId(1)) == body);
}

#[test]
fn references_to_bodies_that_are_not_there_are_mended() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let id = send(&history, &answered(b"one"));
    let lonely = "INSERT INTO body (hash, size, stored, coding, in_file, bytes)
                  VALUES (zeroblob(32), 1, 1, 'plain', 0, x'00')";
    history.0.connections.with_writer(|writer| {
        writer.pragma_update(None, "foreign_keys", false).unwrap();
        let missing = "UPDATE body_use SET body = 999 WHERE side = 1";
        writer.execute_batch(missing).unwrap();
        writer.execute_batch(lonely).unwrap();
        writer.pragma_update(None, "foreign_keys", true).unwrap();
    });
    let findings = history.check().unwrap();
    assert_eq!(findings.damages, Vec::<String>::new());
    assert_eq!(findings.repairs.len(), 2, "{:?}", findings.repairs);
    assert_eq!(received(&history, id), "");
    assert_eq!(history.check().unwrap().repairs, Vec::<String>::new());
}

#[test]
fn sql_gives_every_body_as_it_was() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let text = "a long text, again and again. ".repeat(100);
    send(&history, &answered(text.as_bytes()));
    send(&history, &answered(&noise(LARGE, 1)));
    let reader = Reader::open(&paths).unwrap();
    let mut rows = Vec::new();
    let sql = "SELECT size, coding, bytes IS NULL, body(hash) FROM bodies WHERE side = 'received' ORDER BY id";
    let ran: Result<(), ()> = reader
        .run(
            sql,
            |_| Ok(()),
            |row| {
                rows.push(row);
                Ok(())
            },
        )
        .unwrap();
    ran.unwrap();
    let coding = |name: &str| Cell::Text(name.to_owned());
    assert_eq!(
        rows[0],
        [
            Cell::Integer(3_000),
            coding("zstd"),
            Cell::Integer(0),
            Cell::Text(text)
        ]
    );
    assert_eq!(
        rows[1],
        [
            Cell::Integer(LARGE as i64),
            coding("plain"),
            Cell::Integer(1),
            Cell::Blob(noise(LARGE, 1))
        ]
    );
}

#[test]
fn a_long_text_that_went_out_as_typed_is_kept_once() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let text = STANDARD.encode(noise(200_000, 1));
    let mut typed = answered(b"answer");
    typed.request.body.kind = crate::model::BodyKind::Text;
    typed.request.body.text.clone_from(&text);
    typed.prepared.body = Bytes::from(text.clone()).into();
    let first = send(&history, &typed);
    let size = history.file_size().unwrap();
    let mut ids: Vec<ExchangeId> = (0..9).map(|_| send(&history, &typed)).collect();
    ids.push(first);
    assert!(history.file_size().unwrap() < size + 200_000);
    for id in &ids {
        let loaded = history.load(*id).unwrap().unwrap();
        assert_eq!(loaded.request, typed.request);
        assert!(loaded.prepared.body == typed.prepared.body);
    }
    // What was typed otherwise than it went out stays beside it.
    typed.request.body.text.push_str("{{ x }}");
    let id = send(&history, &typed);
    let loaded = history.load(id).unwrap().unwrap();
    assert_eq!(loaded.request, typed.request);
    // Without its value both are still the same.
    let leaked = &text[1_000..1_040];
    assert_eq!(history.scrub(&[leaked]).unwrap().len(), 11);
    let loaded = history.load(first).unwrap().unwrap();
    let expected = text.replace(leaked, "‹secret scrubbed›");
    assert_eq!(loaded.request.body.text, expected);
    assert!(loaded.prepared.body.in_memory() == expected.as_bytes());
    assert_eq!(history.check().unwrap().damages, Vec::<String>::new());
}
