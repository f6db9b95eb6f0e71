//! Many write at once.

use std::{collections::HashSet, sync::Barrier, thread};

use super::*;

#[test]
fn sixteen_that_write_at_once_lose_nothing() {
    let (_folder, paths) = home();
    let start = Barrier::new(16);
    let ids: Vec<ExchangeId> = thread::scope(|scope| {
        let writers: Vec<_> = (0..16)
            .map(|writer| {
                let (paths, start) = (&paths, &start);
                scope.spawn(move || {
                    start.wait();
                    // Each is a posttui of its own, the first of them all at once.
                    let history = History::open(paths).unwrap();
                    let url = format!("http://host-{writer}/");
                    let answered = Outcome::Response(response(200, b"body"));
                    let one = exchange("POST", &url, Some(answered));
                    let sent = (0..12).map(|_| {
                        history.page(&Filter::default(), None, 5).unwrap();
                        send(&history, &one)
                    });
                    sent.collect::<Vec<_>>()
                })
            })
            .collect();
        writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap())
            .collect()
    });
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 16 * 12);
    let history = History::open(&paths).unwrap();
    assert_eq!(history.count(&filter("status:200")).unwrap(), 16 * 12);
    assert_eq!(history.count(&filter("host:host-7")).unwrap(), 12);
    let rows = history.page(&Filter::default(), None, 1000).unwrap();
    assert_eq!(rows.len(), 16 * 12);
    let locks = std::fs::read_dir(paths.data.join("running")).unwrap();
    assert_eq!(locks.count(), 1);
}

#[test]
fn a_long_read_holds_up_no_write() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let connections = &history.0.connections;
    let one = exchange("POST", "http://host/", None);
    connections
        .read(|connection| {
            let before: i64 =
                connection.query_row("SELECT count(*) FROM exchange", [], |row| row.get(0))?;
            send(&history, &one);
            assert_eq!(standings(&history).len(), 1, "another reader sees it");
            let after: i64 =
                connection.query_row("SELECT count(*) FROM exchange", [], |row| row.get(0))?;
            assert_eq!((before, after), (0, 0), "this one reads one moment");
            Ok(())
        })
        .unwrap();
}
