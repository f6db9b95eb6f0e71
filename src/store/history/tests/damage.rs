//! Files that are not what they should be.

use super::*;

fn database(paths: &Paths) -> PathBuf {
    paths.data.join("history.sqlite3")
}

fn three_rows(paths: &Paths) {
    let history = History::open(paths).unwrap();
    for _ in 0..3 {
        send(&history, &exchange("POST", "http://host/", None));
    }
}

#[test]
fn a_damaged_database_is_moved_aside_and_a_new_one_begun() {
    for damage in [
        b"short".to_vec(),
        b"no database at all\n".repeat(1000),
        [b"SQLite format 3\0".to_vec(), vec![0xff; 8000]].concat(),
    ] {
        let (_folder, paths) = home();
        three_rows(&paths);
        std::fs::write(database(&paths), &damage).unwrap();
        std::fs::write(paths.data.join("history.sqlite3-wal"), b"a log").unwrap();
        let error = History::open(&paths).err().unwrap();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");

        let (history, notice) = History::open_or_recover(&paths).unwrap();
        let notice = notice.unwrap();
        assert_eq!(standings(&history), []);
        send(&history, &exchange("POST", "http://host/", None));
        let names = std::fs::read_dir(&paths.data).unwrap();
        let names: Vec<String> = names
            .map(|entry| entry.unwrap().path().display().to_string())
            .collect();
        let aside = names
            .iter()
            .find(|name| name.contains(".broken-") && !name.ends_with("-wal"))
            .unwrap();
        assert!(notice.contains(aside.as_str()), "{notice}");
        assert_eq!(std::fs::read(aside).unwrap(), damage);
    }
}

#[test]
fn a_database_that_lost_its_end_is_damaged() {
    let (_folder, paths) = home();
    three_rows(&paths);
    let whole = rusqlite::Connection::open(database(&paths)).unwrap();
    whole
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
        .unwrap();
    drop(whole);
    let file = std::fs::File::options()
        .write(true)
        .open(database(&paths))
        .unwrap();
    file.set_len(8192).unwrap();
    let error = History::open(&paths).err().unwrap();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert!(History::open_or_recover(&paths).unwrap().1.is_some());
}

#[test]
fn a_sound_database_is_not_recovered() {
    let (_folder, paths) = home();
    three_rows(&paths);
    let (history, notice) = History::open_or_recover(&paths).unwrap();
    assert_eq!((standings(&history).len(), notice), (3, None));
}

#[test]
fn a_newer_database_is_refused_and_left_alone() {
    let (_folder, paths) = home();
    three_rows(&paths);
    let newer = rusqlite::Connection::open(database(&paths)).unwrap();
    newer
        .pragma_update(None, "user_version", migrations::VERSION + 1)
        .unwrap();
    newer.close().unwrap();
    let bytes = std::fs::read(database(&paths)).unwrap();
    for error in [
        History::open(&paths).err().unwrap(),
        History::open_or_recover(&paths).err().unwrap(),
    ] {
        assert!(matches!(error, StoreError::Newer { .. }), "{error}");
        assert!(error.to_string().contains("newer posttui"), "{error}");
    }
    assert!(std::fs::read(database(&paths)).unwrap() == bytes);
    assert!(!paths.data.join("history.sqlite3-wal").exists());
}

#[test]
fn a_newer_version_that_only_the_log_tells_is_refused_too() {
    let (_folder, paths) = home();
    three_rows(&paths);
    let newer = rusqlite::Connection::open(database(&paths)).unwrap();
    newer
        .pragma_update(None, "user_version", migrations::VERSION + 1)
        .unwrap();
    let error = History::open(&paths).err().unwrap();
    assert!(matches!(error, StoreError::Newer { .. }), "{error}");
}

#[test]
fn where_nothing_can_be_written_the_error_says_so() {
    let (folder, paths) = home();
    std::fs::write(folder.path().join("data"), "a file, not a folder").unwrap();
    let error = History::open(&paths).err().unwrap().to_string();
    let path = paths.data.display().to_string();
    assert!(
        error.contains(&path) && error.contains("POSTTUI_HOME"),
        "{error}"
    );
    assert!(History::in_memory().is_ok());
}

#[test]
fn a_full_disk_is_told_and_loses_nothing_that_was_there() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let first = send(&history, &exchange("POST", "http://host/", None));
    let limit = |pages: i64| {
        let connections = &history.0.connections;
        // SQLite answers as on a full disk when the database may not grow.
        connections
            .with_writer(|writer| writer.pragma_update(None, "max_page_count", pages))
            .unwrap();
    };
    limit(1);
    let large = Outcome::Response(response(200, &noise(1_000_000, 1)));
    let error = history
        .finish(
            first,
            &[],
            &large,
            Duration::ZERO,
            &crate::status::rules::Said::default(),
        )
        .unwrap_err();
    assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
    assert_eq!(standings(&history), [Standing::InFlight]);
    limit(1_000_000);
    history
        .finish(
            first,
            &[],
            &large,
            Duration::ZERO,
            &crate::status::rules::Said::default(),
        )
        .unwrap();
    assert_eq!(standings(&history), [Standing::Answered(200)]);
}

/// The bytes of the database with all of its log in it.
fn settled(paths: &Paths) -> Vec<u8> {
    let whole = rusqlite::Connection::open(database(paths)).unwrap();
    whole
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
        .unwrap();
    drop(whole);
    std::fs::read(database(paths)).unwrap()
}

/// Exchanges with bodies, so many.
fn many_rows(paths: &Paths, count: i64) {
    let history = History::open(paths).unwrap();
    for number in 1..=count {
        let mut sent = exchange("POST", &format!("http://host/{number}"), None);
        sent.prepared.body = bytes::Bytes::from(format!("a={number}")).into();
        send(&history, &sent);
    }
}

#[test]
fn a_database_that_lost_its_list_of_tables_gives_its_rows_back() {
    for damage in ["header", "list"] {
        let (_folder, paths) = home();
        many_rows(&paths, 40);
        let bytes = settled(&paths);
        let mut broken = bytes.clone();
        match damage {
            "header" => broken[..4096].fill(0),
            _ => broken[100..4096].fill(0xAA),
        }
        std::fs::write(database(&paths), &broken).unwrap();
        let (history, aside) = History::open_or_set_aside(&paths).unwrap();
        let aside = aside.expect("it is moved aside");
        let salvage = history.salvage(&aside).unwrap();
        assert_eq!((salvage.saved, salvage.lost.len()), (40, 0), "{damage}");
        assert!(salvage.found_by_rows);
        let rows = history.page(&Filter::default(), None, 100).unwrap();
        let newest = history.load(rows[0].id).unwrap().unwrap();
        assert_eq!(newest.prepared.url, "http://host/40");
        assert_eq!(newest.prepared.body.in_memory(), "a=40");
        assert_eq!(std::fs::read(&aside).unwrap(), broken, "it is only read");
    }
}

#[test]
fn between_two_damaged_pages_rows_are_read_too() {
    let (_folder, paths) = home();
    many_rows(&paths, 400);
    let bytes = settled(&paths);
    let pages = roots::Pages::of(&bytes);
    let root = pages.roots()[0].1.unwrap();
    let leaves = pages.children(root);
    assert!(leaves.len() > 6, "{leaves:?}");
    let mut broken = bytes.clone();
    for leaf in [leaves[1], leaves[4]] {
        let start = (leaf as usize - 1) * 4096;
        broken[start..start + 4096].fill(0xAA);
    }
    let aside = paths.data.join("aside.sqlite3");
    std::fs::write(&aside, &broken).unwrap();
    let other = home();
    let history = History::open(&other.1).unwrap();
    let salvage = history.salvage(&aside).unwrap();
    let per_page = 400 / leaves.len() as u64 + 2;
    assert!(salvage.saved >= 400 - 3 * per_page, "{}", salvage.saved);
    let has = |number: u64| {
        let filter = filter(&format!("path:/{number}"));
        !history.page(&filter, None, 1).unwrap().is_empty()
    };
    let between = per_page * 3;
    assert!(has(1) && has(between) && has(400), "{between}");
}

#[test]
fn what_holds_nothing_says_so_and_sends_nobody_in_a_circle() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let file = paths.data.join("noise");
    std::fs::write(
        &file,
        [b"SQLite format 3\0".to_vec(), vec![0xff; 8000]].concat(),
    )
    .unwrap();
    let error = history.salvage(&file).unwrap_err().to_string();
    assert!(error.contains("no rows of exchanges"), "{error}");
    assert!(!error.contains("--rebuild"), "{error}");
}
