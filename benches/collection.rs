//! What a large collection costs: to list it, to read it, and to walk it on the screen.
//!
//! `cargo bench --bench collection` makes 10,000 saved requests in a temporary folder, once.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up has nothing to say"
)]

use std::{
    fs,
    sync::{Arc, OnceLock},
};

use divan::{Bencher, black_box};
use jiff::{Timestamp, tz::TimeZone};
use posttui::{
    app::{
        self, State,
        collection::News,
        keymap::Keymap,
        message::{Event, Message},
        update,
    },
    model::Session,
    store::{Library, Paths},
};
use tempfile::TempDir;

const FOLDERS: usize = 100;
const REQUESTS_IN_EACH: usize = 100;

static FOLDER: OnceLock<TempDir> = OnceLock::new();

fn main() {
    divan::main();
    // What is static is never dropped, and the folder is to go.
    if let Some(folder) = FOLDER.get() {
        fs::remove_dir_all(folder.path()).unwrap();
    }
}

fn library() -> (Library, Paths) {
    let home = FOLDER.get_or_init(|| {
        let home = tempfile::tempdir().unwrap();
        for folder in 0..FOLDERS {
            let folder = home.path().join(format!("api/folder {folder}"));
            fs::create_dir_all(&folder).unwrap();
            for number in 0..REQUESTS_IN_EACH {
                let text = format!(
                    "method = \"POST\"\nurl = \"https://api.example.com/users/{number}\"\n\n[form]\nname = \"john\"\nemail = \"john@example.com\"\n\n[on]\n201 = \"Created.\"\n"
                );
                fs::write(folder.join(format!("request {number}.toml")), text).unwrap();
            }
        }
        Library::init(&home.path().join("api")).unwrap();
        home
    });
    let paths = Paths::within(&home.path().join("home"));
    (Library::find(&home.path().join("api"), &paths), paths)
}

/// What stands between the start and the names on the screen.
#[divan::bench]
fn list_10_000(bencher: Bencher<'_, '_>) {
    let (library, paths) = library();
    bencher.bench(|| library.list(black_box(&paths)));
}

/// What goes on beside, until every method is shown.
#[divan::bench(sample_count = 10)]
fn read_10_000(bencher: Bencher<'_, '_>) {
    let (library, paths) = library();
    let scanned = library.scan(&paths);
    bencher.bench(|| {
        for entry in &scanned.entries {
            black_box(library.head(&entry.path));
        }
    });
}

fn happen(state: &mut State, event: Event) {
    let at = Timestamp::UNIX_EPOCH;
    update(state, Message { at, event });
}

fn opened() -> State {
    let (library, paths) = library();
    let (mut state, _) = State::new(app::Start {
        notes: Vec::new(),
        environments: posttui::model::Environments::default(),
        size: (120, 36),
        now: Timestamp::UNIX_EPOCH,
        time_zone: TimeZone::UTC,
        keymap: Keymap::default(),
        session: Session::default(),
        draft: None,
        playground: None,
        is_private: false,
    });
    let scanned = News::Scanned(Arc::new(library.scan(&paths)));
    happen(&mut state, Event::Collection(scanned));
    happen(&mut state, Event::Key("alt-7".parse().unwrap()));
    state
}

#[divan::bench]
fn walk_a_row_of_10_000(bencher: Bencher<'_, '_>) {
    let mut state = opened();
    bencher.bench_local(|| happen(&mut state, Event::Key("down".parse().unwrap())));
}

#[divan::bench]
fn filter_10_000_by_a_letter(bencher: Bencher<'_, '_>) {
    bencher
        .with_inputs(|| {
            let mut state = opened();
            happen(&mut state, Event::Key("/".parse().unwrap()));
            state
        })
        .bench_local_values(|mut state| {
            happen(&mut state, Event::Key("9".parse().unwrap()));
            state
        });
}
