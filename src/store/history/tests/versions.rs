//! Histories of every earlier version, made with the steps of that time.

use super::*;
use migrations::{MIGRATIONS, VERSION};

/// The first version's dump is of a real one; later versions are made of it by their own steps.
const VERSION_1: &str = include_str!("../../../../tests/fixtures/history/version_1.sql");

/// A history as a posttui of that version left it.
fn left_by(version: i64, paths: &Paths) {
    std::fs::create_dir_all(&paths.data).unwrap();
    let connection = rusqlite::Connection::open(paths.data.join("history.sqlite3")).unwrap();
    connection
        .pragma_update(None, "foreign_keys", false)
        .unwrap();
    connection.execute_batch(VERSION_1).unwrap();
    for step in &MIGRATIONS[1..version as usize] {
        connection.execute_batch(step).unwrap();
    }
    if version >= 3 {
        let label = "UPDATE exchange SET name = 'before', pinned = 1 WHERE id = 2";
        connection.execute_batch(label).unwrap();
    }
    if version >= 6 {
        // Since then some indexes are made when it is opened.
        indexes::make_soon(&connection).unwrap();
    }
    connection
        .pragma_update(None, "user_version", version)
        .unwrap();
}

fn bodies(history: &History) -> Vec<(Bytes, Option<Bytes>)> {
    let rows = history.page(&Filter::default(), None, 100).unwrap();
    let exchanges = rows
        .iter()
        .map(|row| history.load(row.id).unwrap().unwrap());
    let both = exchanges.map(|exchange| {
        let received = exchange.outcome.as_ref().and_then(Outcome::received);
        (
            exchange.prepared.body.in_memory(),
            received.map(|response| response.body.clone()),
        )
    });
    both.collect()
}

fn old_rows(history: &History) -> i64 {
    let sql = "SELECT (SELECT count(*) FROM request_body) + (SELECT count(*) FROM response_body)";
    let connections = &history.0.connections;
    let counted = connections.read(|connection| connection.query_row(sql, (), |row| row.get(0)));
    counted.unwrap()
}

#[test]
fn a_history_of_any_earlier_version_goes_on_as_it_was() {
    for version in 1..VERSION {
        let (_folder, paths) = home();
        left_by(version, &paths);
        let history = History::open(&paths).unwrap();
        let before = bodies(&history);
        assert_eq!(before.len(), 5, "version {version}");
        assert_eq!(before[4].0, "username=ann&email=ann%40example.com");
        assert_eq!(history.count(&filter("status:201")).unwrap(), 1);
        assert_eq!(history.count(&filter("create_user")).unwrap(), 1);
        if version >= 3 {
            assert_eq!(history.count(&filter("is:pinned")).unwrap(), 1);
        }
        // Bodies are read where they are, and moved a few at a time.
        let old = old_rows(&history);
        assert!(old > 4, "{old}");
        assert_eq!(history.move_bodies(2).unwrap(), old.min(2) as usize);
        assert_eq!(bodies(&history), before);
        while history.move_bodies(3).unwrap() > 0 {}
        assert_eq!(old_rows(&history), 0);
        assert_eq!(bodies(&history), before);
        let findings = history.check().unwrap();
        assert_eq!(findings.damages, Vec::<String>::new(), "version {version}");
        assert_eq!(findings.lost_bodies, Vec::<String>::new());
        send(&history, &exchange("POST", "http://host/", None));
        drop(history);
        let again = History::open(&paths).unwrap();
        assert_eq!(again.count(&Filter::default()).unwrap(), 6);
    }
}

#[test]
fn an_old_body_that_is_removed_or_scrubbed_does_not_come_back() {
    let (_folder, paths) = home();
    left_by(1, &paths);
    let history = History::open(&paths).unwrap();
    assert_eq!(
        history.scrub(&["ann@example.com"]).unwrap(),
        [ExchangeId(1)]
    );
    history.remove(&[ExchangeId(2)]).unwrap();
    drop(history);
    let history = History::open(&paths).unwrap();
    while history.move_bodies(100).unwrap() > 0 {}
    let bodies = bodies(&history);
    assert_eq!(bodies.len(), 4);
    let scrubbed = "username=ann&email=‹secret scrubbed›";
    assert_eq!(bodies[3].0, scrubbed);
    assert_eq!(history.holding(&["ann@example.com"]).unwrap(), []);
}
