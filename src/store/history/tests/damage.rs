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
