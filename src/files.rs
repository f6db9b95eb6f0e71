//! The user's own files: what is known of those that a request names, and what a folder holds.
//!
//! Nothing is read from a file here: its content goes from the disk to the wire, see [`crate::net`].

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};

use crate::{
    model::{Body, Entry, FilePiece, Folder},
    prepare::Given,
};

/// How many entries of a folder are handed out: more than anybody looks through.
const MOST_ENTRIES: usize = 20_000;

/// What a request with this body needs from outside: the facts about its files, and chance.
pub fn look_at(body: &Body) -> Given {
    let paths = body.file_paths();
    let look = |path: &str| (path.to_owned(), look_at_file(path));
    Given {
        boundary: boundary(),
        files: paths.into_iter().map(look).collect(),
        jar: None,
        key: key(),
        unusable: None,
    }
}

/// What is known of a file, or why it cannot be sent, to be read behind its path.
pub fn look_at_file(typed: &str) -> Result<FilePiece, String> {
    if typed.is_empty() {
        return Err("no file is named: type its path".to_owned());
    }
    let shown = |reason: &str| format!("{reason}: {typed}");
    let path = resolve(typed);
    let facts = fs::metadata(&path).map_err(|error| shown(&explain(&error)))?;
    if facts.is_dir() {
        return Err(shown("this is a folder, not a file"));
    }
    // Opening a pipe would wait for a writer, and neither it nor a device has a length.
    if !facts.is_file() {
        return Err(shown(
            "this is no regular file, so that its length is unknown",
        ));
    }
    let file = fs::File::open(&path).map_err(|error| shown(&explain(&error)))?;
    // What is open is what counts, should the name have got another file meanwhile.
    let facts = file.metadata().map_err(|error| shown(&explain(&error)))?;
    Ok(FilePiece {
        path,
        size: facts.len(),
        modified: facts
            .modified()
            .ok()
            .and_then(|time| Timestamp::try_from(time).ok()),
    })
}

/// Why a file cannot be used, in words.
pub fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        _ => error.to_string(),
    }
}

/// The path that was typed, from the root on; `~` is the home folder.
pub fn resolve(typed: &str) -> PathBuf {
    let home = || directories::BaseDirs::new().map(|folders| folders.home_dir().to_owned());
    let path = match typed.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
            home().map(|home| home.join(rest.trim_start_matches('/')))
        }
        _ => None,
    };
    let path = path.unwrap_or_else(|| PathBuf::from(typed));
    // A slash at the end falls away with this, too.
    std::path::absolute(&path)
        .unwrap_or(path)
        .components()
        .collect()
}

/// 32 random digits: that they stand in a file by chance is out of the question.
fn boundary() -> String {
    format!("posttui-{:032x}", random_number())
}

/// A random UUID (RFC 9562, Section 5.4): what the draft of the Idempotency-Key recommends.
fn key() -> String {
    let variant = 0x8000_0000_0000_0000 | (0x4000 << 64);
    let mask = 0xc000_0000_0000_0000 | (0xf000 << 64);
    let digits = format!("{:032x}", random_number() & !mask | variant);
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| digits.get(part));
    parts.map(Option::unwrap_or_default).join("-")
}

fn random_number() -> u128 {
    let mut bytes = [0; 16];
    // Without the system's randomness, the clock and the process number are as rare as it gets.
    if SystemRandom::new().fill(&mut bytes).is_err() {
        let stamp = Timestamp::now().as_nanosecond() ^ (i128::from(std::process::id()) << 96);
        bytes = stamp.to_le_bytes();
    }
    u128::from_le_bytes(bytes)
}

/// Reads a folder as it was typed; an empty path is the folder that posttui was started in.
pub fn read_folder(typed: &str) -> Result<Folder, String> {
    let path = resolve(if typed.is_empty() { "." } else { typed });
    let told = |error: io::Error| format!("{} cannot be read: {error}", path.display());
    let mut entries = Vec::new();
    let mut is_cut = false;
    for entry in fs::read_dir(&path).map_err(told)? {
        if entries.len() == MOST_ENTRIES {
            is_cut = true;
            break;
        }
        // One entry that cannot be looked at keeps back none of the others.
        if let Some(entry) = entry.ok().and_then(|entry| read_entry(&entry.path())) {
            entries.push(entry);
        }
    }
    entries.sort_by_cached_key(|entry| {
        (
            !entry.is_folder,
            entry.name.to_lowercase(),
            entry.name.clone(),
        )
    });
    Ok(Folder {
        path: path.to_string_lossy().into_owned(),
        entries,
        is_cut,
    })
}

/// A name that is not UTF-8 cannot stand in a request, and is passed over.
fn read_entry(path: &Path) -> Option<Entry> {
    let facts = fs::metadata(path).ok()?;
    Some(Entry {
        name: path.file_name()?.to_str()?.to_owned(),
        is_folder: facts.is_dir(),
        size: if facts.is_dir() { 0 } else { facts.len() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_boundary_is_as_long_as_one() {
        assert_eq!(boundary().len(), crate::prepare::PLACEHOLDER_BOUNDARY.len());
    }

    #[test]
    fn what_cannot_be_sent_is_refused_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let inside = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        fs::write(inside("a.txt"), "four").unwrap();
        let seen = look_at_file(&inside("a.txt")).unwrap();
        assert_eq!(
            (seen.size, seen.path.as_path()),
            (4, Path::new(&inside("a.txt")))
        );
        assert!(seen.modified.is_some());
        for (path, reason) in [
            (inside("none"), "no such file"),
            (inside(""), "folder"),
            ("/dev/null".to_owned(), "no regular file"),
            (String::new(), "no file is named"),
            ("a\0b".to_owned(), "a\0b"),
        ] {
            let error = look_at_file(&path).unwrap_err();
            assert!(error.contains(reason), "{path}: {error}");
        }
    }

    #[test]
    fn a_path_is_completed_by_the_home_and_the_present_folder() {
        let home = directories::BaseDirs::new().unwrap().home_dir().to_owned();
        assert_eq!(resolve("~/x"), home.join("x"));
        assert_eq!(resolve("~"), home);
        assert!(resolve("~other/x").ends_with("~other/x"));
        assert!(resolve("x").is_absolute());
    }

    #[test]
    fn a_folder_is_listed_folders_first() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.txt", "A.txt"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        fs::create_dir(folder.path().join("z")).unwrap();
        let path = folder.path().to_str().unwrap();
        let read = read_folder(path).unwrap();
        let names: Vec<_> = read
            .entries
            .iter()
            .map(|entry| entry.name.as_str())
            .collect();
        assert_eq!(names, ["z", "A.txt", "b.txt"]);
        assert!(
            read_folder(&format!("{path}/none"))
                .unwrap_err()
                .contains("none")
        );
    }

    #[test]
    fn no_two_boundaries_are_alike() {
        assert_ne!(boundary(), boundary());
        assert_eq!(boundary().len(), 40);
    }
}
