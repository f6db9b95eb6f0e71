//! What the body viewer asks of the edge: laying out, searching, filtering, saving.

use std::{
    cell::Cell,
    ffi::OsString,
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use tokio::runtime::Handle;

use crate::{
    app::{
        message::{Event, JobId, Notice},
        viewer::{BodyDeed, BodyNews, LayOutJob},
    },
    inspect::{
        Document, Layout, View,
        find::Pattern,
        jq::{self, Found, Limits, Problem, Stop},
    },
    spill,
    units::human_size,
};

use super::{effects::Mailbox, graphics};

/// Bytes that are written before the memory of a large body is given back.
const WRITTEN_AT_ONCE: usize = 1024 * 1024;

/// How often it is told what a long search has found so far.
const TOLD_EVERY: Duration = Duration::from_millis(100);

/// How far a filter may go that somebody looks at; a key ends it sooner.
const INPUT: usize = 32 * 1024 * 1024;
const OUTPUTS: usize = 200_000;
const OUTPUT: usize = 32 * 1024 * 1024;
const STEPS: u64 = 100_000_000;
const COLLECTED: u64 = 8_000_000;
const PATIENCE: Duration = Duration::from_secs(20);

/// Does the viewer's deeds. Each search and each filter ends the one before it.
#[derive(Clone)]
pub struct Viewer {
    mailbox: Mailbox,
    runtime: Handle,
    /// The newest search and the newest filter: older ones need no answer any more.
    search: Arc<AtomicU64>,
    filter: Arc<AtomicU64>,
}

impl Viewer {
    pub fn new(mailbox: Mailbox, runtime: Handle) -> Self {
        let viewer = Self {
            mailbox,
            runtime,
            search: Arc::default(),
            filter: Arc::default(),
        };
        if let Some(canvas) = graphics::canvas() {
            viewer.post(BodyNews::Canvas(canvas));
        }
        viewer
    }

    pub fn run(&self, deed: BodyDeed) {
        match deed {
            BodyDeed::LayOut(job) => self.beside(move |viewer| viewer.lay_out(&job)),
            BodyDeed::Find { job, text, pattern } => {
                self.search.store(job.0, Ordering::Relaxed);
                self.beside(move |viewer| viewer.find(job, &text, &pattern));
            }
            BodyDeed::Filter {
                job,
                text,
                filter,
                columns,
            } => {
                self.filter.store(job.0, Ordering::Relaxed);
                self.beside(move |viewer| viewer.filter(job, &text, &filter, columns));
            }
            BodyDeed::EndSearch => self.search.store(0, Ordering::Relaxed),
            BodyDeed::GiveUp => self.filter.store(0, Ordering::Relaxed),
            BodyDeed::Save {
                body,
                path,
                replace,
            } => self.beside(move |viewer| viewer.save(body, path, replace)),
        }
    }

    fn beside(&self, work: impl FnOnce(&Self) + Send + 'static) {
        let viewer = self.clone();
        self.runtime.spawn_blocking(move || work(&viewer));
    }

    fn post(&self, news: BodyNews) {
        self.mailbox.post(Event::Body(news));
    }

    fn lay_out(&self, job: &LayOutJob) {
        let laid_out = |layout, is_head| BodyNews::LaidOut {
            job: job.job,
            layout,
            is_head,
        };
        if let Some(head) = job.head() {
            self.post(laid_out(head, true));
        }
        self.post(laid_out(job.run(), false));
    }

    fn find(&self, job: JobId, text: &Bytes, pattern: &Pattern) {
        let is_newest = || self.search.load(Ordering::Relaxed) == job.0;
        let told = Cell::new(Instant::now());
        let matches = pattern.find(text, &|part, so_far| {
            spill::let_go(part);
            if told.get().elapsed() > TOLD_EVERY && is_newest() {
                told.set(Instant::now());
                let matches = so_far.clone();
                self.post(BodyNews::Found { job, matches });
            }
            is_newest()
        });
        if is_newest() {
            self.post(BodyNews::Found { job, matches });
        }
    }

    fn filter(&self, job: JobId, text: &Bytes, filter: &str, columns: u16) {
        let is_newest = || self.filter.load(Ordering::Relaxed) == job.0;
        let found = filtered(filter, text, PATIENCE, &is_newest).map(|found| {
            let document = Document::of_values(&found);
            let layout = Layout::of(document, View::default(), columns);
            (layout, found.problem)
        });
        if is_newest() {
            self.post(BodyNews::Filtered { job, found });
        }
    }

    fn save(&self, body: Bytes, path: String, replace: bool) {
        let place = place(&path);
        let told = match write(&body, &place, replace) {
            Ok(()) => Notice::info(format!(
                "Saved {} to {}.",
                human_size(body.len() as u64),
                place.display()
            )),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.post(BodyNews::Exists { body, path });
                return;
            }
            Err(error) => {
                let place = place.display();
                let reason = format!("The body could not be saved to {place}: {error}.");
                self.post(BodyNews::Unsaved { path, reason });
                return;
            }
        };
        self.mailbox.post(Event::Told(told));
    }
}

/// What a filter gives within this time, as long as somebody waits for it.
fn filtered(
    filter: &str,
    text: &[u8],
    patience: Duration,
    is_awaited: &dyn Fn() -> bool,
) -> Result<Found, Problem> {
    let started = Instant::now();
    let limits = Limits {
        input: INPUT,
        outputs: OUTPUTS,
        bytes: OUTPUT,
        steps: STEPS,
        collected: COLLECTED,
        stop: &|| !is_awaited() || started.elapsed() > patience,
    };
    let mut found = jq::run(filter, text, &limits)?;
    if found.problem == Some(Problem::Stopped(Stop::Cancelled)) {
        found.problem = Some(Problem::Stopped(Stop::Steps));
    }
    Ok(found)
}

/// The path as typed: `~` is the home folder, all else counts from where posttui was started.
fn place(typed: &str) -> PathBuf {
    place_of(typed, std::env::var_os("HOME"))
}

/// The same for somebody whose home folder this is.
fn place_of(typed: &str, home: Option<OsString>) -> PathBuf {
    let home = home.filter(|home| !home.is_empty());
    match typed.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => match home {
            Some(home) => Path::new(&home).join(rest.trim_start_matches('/')),
            None => PathBuf::from(typed),
        },
        _ => PathBuf::from(typed),
    }
}

/// Writes the file; what is there already stays until the new one is whole.
fn write(body: &[u8], place: &Path, replace: bool) -> io::Result<()> {
    if place.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    if !replace {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(place)?;
        return pour(body, file).inspect_err(|_| drop(std::fs::remove_file(place)));
    }
    let folder = place.parent().filter(|it| !it.as_os_str().is_empty());
    let mut temporary = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    pour_into(body, temporary.as_file_mut())?;
    // The file that is replaced says who may read it.
    if let Ok(there) = std::fs::metadata(place) {
        temporary.as_file().set_permissions(there.permissions())?;
    }
    temporary
        .persist(place)
        .map(drop)
        .map_err(|error| error.error)
}

fn pour(body: &[u8], mut file: File) -> io::Result<()> {
    pour_into(body, &mut file)
}

fn pour_into(body: &[u8], file: &mut File) -> io::Result<()> {
    for part in body.chunks(WRITTEN_AT_ONCE) {
        file.write_all(part)?;
        spill::let_go(part);
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_when_that_was_said() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("body.bin");
        write(b"\0one\xff", &place, false).unwrap();
        assert_eq!(std::fs::read(&place).unwrap(), b"\0one\xff");
        let error = write(b"two", &place, false).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&place).unwrap(), b"\0one\xff");
        write(b"two", &place, true).unwrap();
        assert_eq!(std::fs::read(&place).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(write(b"x", folder.path(), true).is_err());
        assert!(write(b"x", &folder.path().join("no/such"), false).is_err());
    }

    #[test]
    fn an_endless_filter_is_stopped_and_the_reason_stays() {
        let patience = Duration::from_millis(50);
        for (filter, expected) in [
            ("def f: f; f", "the filter was stopped: it goes on and on"),
            (
                "1, (def f: f; f)",
                "1↓ the filter was stopped: it goes on and on",
            ),
            (".a | empty", "the filter gives no value"),
        ] {
            let found = filtered(filter, b"{}", patience, &|| true).unwrap();
            let layout = Layout::of(Document::of_values(&found), View::default(), 80);
            let rows = layout.page(0, 9).into_iter().flat_map(|(_, row)| row);
            let shown: String = rows.map(|(_, text)| text).collect();
            assert_eq!(shown, expected, "{filter}");
        }
    }

    #[test]
    fn a_tilde_is_the_home_folder() {
        for (typed, home, expected) in [
            ("~/a/b", Some("/home/ann"), "/home/ann/a/b"),
            ("~", Some("/home/ann"), "/home/ann"),
            ("~x", Some("/home/ann"), "~x"),
            ("a b", Some("/home/ann"), "a b"),
            ("~/a", Some(""), "~/a"),
            ("~/a", None, "~/a"),
        ] {
            let home = home.map(OsString::from);
            assert_eq!(place_of(typed, home), Path::new(expected), "{typed}");
        }
    }
}
