//! Collections in temporary folders.

use jiff::Timestamp;

use super::*;
use crate::model::{Field, Head, collection::Collection};

struct Home {
    _folder: tempfile::TempDir,
    paths: Paths,
    library: Library,
}

fn home() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let paths = Paths::within(&folder.path().join("home"));
    let (library, is_new) = Library::init(&folder.path().join("api")).unwrap();
    assert!(is_new);
    Home {
        _folder: folder,
        paths,
        library,
    }
}

impl Home {
    fn scan(&self) -> Collection {
        self.library.scan(&self.paths)
    }

    fn keys(&self) -> Vec<String> {
        self.scan()
            .entries
            .iter()
            .map(crate::model::collection::Entry::key)
            .collect()
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.library.root().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

fn request(url: &str) -> Request {
    Request {
        url: url.to_owned(),
        ..Request::default()
    }
}

#[test]
fn a_folder_with_a_marker_is_found_from_below_and_else_the_personal_one() {
    let home = home();
    let root = home.library.root().to_owned();
    let below = root.join("a/b");
    fs::create_dir_all(&below).unwrap();
    assert_eq!(Library::find(&below, &home.paths), home.library);
    assert_eq!(Library::open(&root).unwrap(), home.library);
    assert!(matches!(
        Library::open(&below),
        Err(CollectionError::NoCollection(_))
    ));
    assert!(
        !Library::init(&root).unwrap().1,
        "an existing one is left alone"
    );
    let elsewhere = tempfile::tempdir().unwrap();
    let personal = Library::find(elsewhere.path(), &home.paths);
    assert!(personal.is_personal() && !personal.root().exists());
    let scanned = personal.scan(&home.paths);
    assert!(scanned.trusted && scanned.entries.is_empty() && scanned.complaints.is_empty());
    personal.save("x", &request(":1"), &Written::New).unwrap();
    assert_eq!(personal.scan(&home.paths).entries.len(), 1);
}

#[test]
fn a_scan_lists_requests_and_leaves_other_files_out() {
    let home = home();
    for path in [
        "b.toml",
        "users/create.toml",
        "x.txt",
        ".git/x.toml",
        "node_modules/x.toml",
        "users/.x.toml",
    ] {
        home.write(path, "url = ':1'\n");
    }
    let scanned = home.scan();
    assert_eq!((scanned.name.as_str(), scanned.trusted), ("api", false));
    assert_eq!(home.keys(), ["users/", "users/create", "b"]);
    home.write("b.toml", "[package]\n");
    let Head::Unreadable(reason) = home.library.head("b") else {
        panic!("it is none");
    };
    assert!(reason.contains("no saved request"), "{reason}");
    assert_eq!(
        home.library.head("users/create"),
        Head::Readable {
            method: "POST".to_owned()
        }
    );
}

#[test]
fn a_save_keeps_what_it_was_not_asked_to_change() {
    let home = home();
    let text = "# mine\nurl = ':1' # here\nlater = 1\n";
    home.write("a.toml", text);
    let mut changed = crate::format::request_toml::read(text).unwrap().request;
    changed.url = ":2".to_owned();
    let written = home
        .library
        .save("a", &changed, &Written::Over(text.into()))
        .unwrap();
    assert_eq!(written, "# mine\nurl = \":2\" # here\nlater = 1\n");
    assert_eq!(home.library.read("a").unwrap(), written);
}

#[test]
fn what_was_changed_outside_is_never_written_over_unasked() {
    let home = home();
    let library = &home.library;
    let text = library.save("a", &request(":1"), &Written::New).unwrap();
    let over = Written::Over(text.into());
    assert!(matches!(
        library.save("a", &request(":2"), &Written::New),
        Err(SaveError::Collection(CollectionError::Exists(_)))
    ));
    home.write("a.toml", "url = ':outside'\n");
    assert!(matches!(
        library.save("a", &request(":2"), &over),
        Err(SaveError::Changed(_))
    ));
    assert_eq!(library.read("a").unwrap(), "url = ':outside'\n");
    home.write("a.toml", "broken [");
    let refused = library.save("a", &request(":2"), &Written::Anyway);
    assert!(
        matches!(refused, Err(SaveError::Format { .. })),
        "a file that is none is left alone"
    );
    fs::remove_file(library.file("a").unwrap()).unwrap();
    assert!(matches!(
        library.save("a", &request(":2"), &over),
        Err(SaveError::Gone(_))
    ));
    library.save("a", &request(":2"), &Written::Anyway).unwrap();
}

#[test]
fn folders_and_requests_are_moved_copied_ordered_and_thrown_away() {
    let home = home();
    let library = &home.library;
    for path in ["a", "b", "users/x"] {
        library.save(path, &request(":1"), &Written::New).unwrap();
    }
    library
        .reorder("", &["b".into(), "a".into(), "users/".into()])
        .unwrap();
    assert_eq!(home.keys(), ["b", "a", "users/", "users/x"]);
    library
        .rename(EntryKind::Folder, "users", "people")
        .unwrap();
    library.rename(EntryKind::Request, "b", "people/b").unwrap();
    assert_eq!(home.keys(), ["a", "people/", "people/b", "people/x"]);
    assert_eq!(library.duplicate("a").unwrap(), "a 2");
    assert_eq!(library.duplicate("a").unwrap(), "a 3");
    assert!(matches!(
        library.rename(EntryKind::Request, "a", "a 2"),
        Err(CollectionError::Exists(_))
    ));
    assert!(matches!(
        library.rename(EntryKind::Folder, "people", "people/inner"),
        Err(CollectionError::IntoItself)
    ));
    let now = Timestamp::UNIX_EPOCH;
    let first = library
        .delete(EntryKind::Folder, "people", &home.paths, now)
        .unwrap();
    assert!(first.ends_with("19700101T000000Z people"), "{first:?}");
    assert!(first.join("b.toml").exists());
    library
        .delete(EntryKind::Request, "a 2", &home.paths, now)
        .unwrap();
    assert_eq!(home.keys(), ["a", "a 3"]);
    let marker = fs::read_to_string(library.root().join(MARKER)).unwrap();
    assert!(marker.starts_with("# A collection"), "{marker}");
}

#[test]
fn no_path_leads_out() {
    let home = home();
    for path in [
        "../x",
        "/etc/x",
        "a/../../x",
        "",
        "a//b",
        "..",
        ".x",
        "a\\..\\x",
    ] {
        let saved = home.library.save(path, &request(":1"), &Written::New);
        assert!(saved.is_err(), "{path}");
        assert!(home.library.read(path).is_err(), "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_shared_file_keeps_its_mode_and_its_link() {
    use std::os::unix::fs::PermissionsExt;
    let home = home();
    let root = home.library.root();
    home.write("real.txt", "url = ':1'\n");
    fs::set_permissions(root.join("real.txt"), fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real.txt", root.join("a.toml")).unwrap();
    home.library
        .save("a", &request(":2"), &Written::Anyway)
        .unwrap();
    let mode = |name: &str| fs::metadata(root.join(name)).unwrap().permissions().mode() & 0o777;
    assert!(root.join("a.toml").is_symlink());
    assert_eq!(mode("real.txt"), 0o640);
    home.library
        .save("new", &request(":2"), &Written::New)
        .unwrap();
    assert_eq!(mode("new.toml"), 0o600);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_file() {
    let home = home();
    let text = home
        .library
        .save("a", &request(":1"), &Written::New)
        .unwrap();
    // A pipe, and a folder that cannot be written into, stand for what else can go wrong.
    let file = home.library.file("a").unwrap();
    let pipe = home.library.file("pipe").unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .unwrap();
    assert!(made.success());
    assert!(matches!(home.library.head("pipe"), Head::Unreadable(_)));
    std::os::unix::fs::symlink("/dev/full", home.library.file("full").unwrap()).unwrap();
    let mut large = request(":2");
    large.body.form = vec![Field::new("a", "b")];
    assert!(home.library.save("full", &large, &Written::Anyway).is_err());
    assert_eq!(fs::read_to_string(file).unwrap(), text);
}

#[test]
fn the_names_are_listed_without_a_look_at_any_file() {
    let home = home();
    for index in 0..200 {
        let folder = home.library.root().join(format!("group {}", index / 50));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("r{index}.toml")), "url = ':1'\n").unwrap();
    }
    let listed = home.library.list(&home.paths);
    assert_eq!(listed.entries.len(), 204);
    assert!(listed.entries.iter().all(|entry| entry.stamp == (0, 0)));
    let scanned = home.scan();
    let looked_at = scanned.entries.iter().filter(|it| it.stamp.0 > 0);
    assert_eq!(looked_at.count(), 200);
    let names = |collection: &Collection| -> Vec<String> {
        collection
            .entries
            .iter()
            .map(|it| it.path.clone())
            .collect()
    };
    assert_eq!(names(&listed), names(&scanned));
}
