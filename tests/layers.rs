//! The house stands: imports point down the storeys only, and never in a circle.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test breaks off where something is wrong"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The rooms of each storey, lowest first.
const STOREYS: [(&str, &[&str]); 4] = [
    (
        "core",
        &[
            "auth", "compare", "cookies", "format", "inspect", "model", "options", "pattern",
            "prepare", "report", "search", "status", "template", "text", "units",
        ],
    ),
    ("app", &["app"]),
    (
        "edge",
        &[
            "browser", "courier", "demo", "files", "net", "recall", "spill", "store", "supply",
            "threads",
        ],
    ),
    ("faces", &["cli", "tui", "ui"]),
];

/// What the pure storeys may not touch: the clock, the disk, the network, tasks, the screen.
const IMPURE: [&str; 13] = [
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "std::thread",
    "std::env",
    "std::process",
    "tokio",
    "hyper",
    "rustls",
    "rusqlite",
    "crossterm",
    "ratatui",
    "Timestamp::now",
];

fn storey(room: &str) -> usize {
    STOREYS
        .iter()
        .position(|(_, rooms)| rooms.contains(&room))
        .unwrap_or_else(|| panic!("src/{room} stands on no storey: put it into STOREYS"))
}

/// Every source file with its room.
fn sources() -> Vec<(String, PathBuf, String)> {
    let sources_root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![sources_root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(&sources_root).unwrap();
                let first = inside
                    .components()
                    .next()
                    .unwrap()
                    .as_os_str()
                    .to_str()
                    .unwrap();
                let room = first.trim_end_matches(".rs").to_owned();
                if room != "lib" && room != "main" {
                    let code = fs::read_to_string(&path).unwrap();
                    found.push((room, path, code));
                }
            }
        }
    }
    assert!(found.len() > 40, "the sources were not found");
    found
}

/// The code of a file without its comments and without the tests at its end.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The rooms that a text names as `crate::room`, also within `crate::{room, …}`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        if let Some(group) = after.strip_prefix('{') {
            rooms.extend(group_names(group));
        } else {
            rooms.insert(name(after));
        }
    }
    rooms.remove("");
    rooms
}

fn name(text: &str) -> String {
    text.chars()
        .take_while(|char| char.is_alphanumeric() || *char == '_')
        .collect()
}

/// The first names of the entries of `{a::b, c::{d, e}, f}`.
fn group_names(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut names = Vec::new();
    let mut at_start = true;
    for (index, char) in group.char_indices() {
        match char {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_start = true,
            _ if at_start && depth == 0 && char.is_alphanumeric() => {
                names.push(name(&group[index..]));
                at_start = false;
            }
            _ => {}
        }
    }
    names
}

#[test]
fn the_reader_of_imports_sees_them() {
    let seen = imports("use crate::{\n a::{b, c},\n d,\n};\nlet x = crate::e::f();");
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["a", "d", "e"]);
}

#[test]
fn imports_point_down() {
    for (room, path, text) in sources() {
        for import in imports(&code(&text)) {
            assert!(
                storey(&import) <= storey(&room),
                "{}: {room} is below {import}",
                path.display()
            );
            let pure_view = room == "ui" && STOREYS[2].1.contains(&import.as_str());
            assert!(
                !pure_view,
                "{}: the view reads the state only",
                path.display()
            );
        }
    }
}

#[test]
fn no_rooms_import_each_other_in_a_circle() {
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (room, _, text) in sources() {
        let others = imports(&code(&text))
            .into_iter()
            .filter(|import| *import != room);
        graph.entry(room.clone()).or_default().extend(others);
    }
    while !graph.is_empty() {
        let free: Vec<String> = graph
            .iter()
            .filter(|(_, imports)| imports.iter().all(|import| !graph.contains_key(import)))
            .map(|(room, _)| room.clone())
            .collect();
        assert!(!free.is_empty(), "a circle among {graph:?}");
        for room in free {
            graph.remove(&room);
        }
    }
}

#[test]
fn the_pure_storeys_touch_nothing_of_the_world() {
    for (room, path, text) in sources() {
        if storey(&room) > 1 {
            continue;
        }
        let code = code(&text);
        for word in IMPURE {
            assert!(
                !code.contains(word),
                "{}: {room} uses {word}",
                path.display()
            );
        }
    }
}
