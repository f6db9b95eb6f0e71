//! What the doctor finds in single rows, and what comes back from a backup.

use super::*;

fn answered(second: i64, body: &[u8]) -> Exchange {
    Exchange {
        started_at: at(second),
        ..exchange(
            "POST",
            "http://host/",
            Some(Outcome::Response(response(200, body))),
        )
    }
}

fn received(history: &History, id: i64) -> Bytes {
    let exchange = history.load(ExchangeId(id)).unwrap().unwrap();
    let outcome = exchange.outcome.unwrap();
    outcome.received().unwrap().body.clone()
}

pub(super) fn change(history: &History, sql: &str) {
    history
        .0
        .connections
        .with_writer(|writer| writer.execute_batch(sql).unwrap());
}

#[test]
fn rows_that_cannot_be_opened_are_found() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    for second in 0..3 {
        send(&history, &answered(second, b"body"));
    }
    assert!(history.check().unwrap().unreadable.is_empty());
    change(&history, "UPDATE detail SET hops = 'no JSON' WHERE id = 2");
    let found = history.check().unwrap();
    assert!(found.damages.is_empty() && history.load(ExchangeId(2)).is_err());
    assert_eq!(found.unreadable.len(), 1, "{found:?}");
    assert!(found.unreadable[0].starts_with("#2: "), "{found:?}");
}

#[test]
fn what_is_here_already_does_not_come_twice_and_gets_its_lost_bodies_back() {
    let (folder, paths) = home();
    let history = History::open(&paths).unwrap();
    for body in [b"the first one", b"the other one"] {
        send(&history, &answered(0, body));
    }
    let backup = folder.path().join("backup.sqlite3");
    history.back_up(&backup).unwrap();
    send(&history, &answered(2, b"later"));
    assert_eq!(history.salvage(&backup).unwrap().same, 2);
    change(
        &history,
        "DELETE FROM body_use WHERE exchange = 1 AND side = 1",
    );
    change(
        &history,
        "UPDATE body SET bytes = x'00', coding = 'zstd'
         WHERE id = (SELECT body FROM body_use WHERE exchange = 2 AND side = 1)",
    );
    let salvage = history.salvage(&backup).unwrap();
    let counts = (salvage.saved, salvage.same, salvage.bodies);
    assert_eq!(counts, (0, 2, 2), "{salvage:?}");
    assert_eq!(received(&history, 1), "the first one");
    assert_eq!(received(&history, 2), "the other one");
    assert!(history.check().unwrap().lost_bodies.is_empty());

    // Elsewhere both come, under the numbers that are free there.
    let (_other, other_paths) = home();
    let other = History::open(&other_paths).unwrap();
    send(&other, &answered(9, b"mine"));
    let salvage = other.salvage(&backup).unwrap();
    assert_eq!((salvage.saved, salvage.renumbered, salvage.same), (2, 2, 0));
}

#[test]
fn a_row_whose_body_cannot_be_read_comes_back_without_it() {
    let (folder, paths) = home();
    let history = History::open(&paths).unwrap();
    send(&history, &answered(0, b"body"));
    let backup = folder.path().join("backup.sqlite3");
    history.back_up(&backup).unwrap();
    let damaged = rusqlite::Connection::open(&backup).unwrap();
    damaged
        .execute_batch("PRAGMA foreign_keys = off; DROP TABLE body;")
        .unwrap();
    drop(damaged);
    let (_other, other_paths) = home();
    let other = History::open(&other_paths).unwrap();
    let salvage = other.salvage(&backup).unwrap();
    assert_eq!((salvage.saved, salvage.without_body), (1, 1), "{salvage:?}");
    assert!(received(&other, 1).starts_with(crate::model::LOST_BODY.as_bytes()));
}

#[test]
fn the_file_stays_where_it_is_while_another_one_has_it_open() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let error = History::begin_anew(&paths).err().unwrap();
    let process = format!("process {}", std::process::id());
    assert!(error.to_string().contains(&process), "{error}");
    std::fs::write(paths.data.join("history.sqlite3"), b"damaged").unwrap();
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(paths.data.join(format!("history.sqlite3{suffix}")));
    }
    let error = History::open_or_set_aside(&paths).err().unwrap();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    drop(history);
    assert!(History::open_or_set_aside(&paths).is_ok());
}

#[test]
fn what_can_only_be_read_is_checked_all_the_same() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    send(&history, &answered(0, b"body"));
    change(&history, "UPDATE detail SET hops = 'no JSON' WHERE id = 1");
    let path = paths.data.join("history.sqlite3");
    let opened = read_only::open(&path).unwrap();
    let reading = History(Arc::new(Shared {
        connections: Connections::new(opened.writer, Some(opened.place)),
        owner: Owner::alone(),
        path,
        own_secrets: Ok(OwnSecrets::default()),
        remembered: Remembered::default(),
        has_removed: AtomicBool::new(false),
        others_wrote: AtomicI64::default(),
    }));
    let found = reading.check().unwrap();
    assert!(found.is_read_only && found.exchanges == 1, "{found:?}");
    assert_eq!(found.unreadable.len(), 1, "{found:?}");
}
