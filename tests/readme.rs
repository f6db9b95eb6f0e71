//! The README's tables are made from the program's own, so that they cannot be out of date.
//! `UPDATE_README=1 cargo test --test readme` writes them anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test breaks off where something is wrong"
)]

use std::{fmt::Write, fs, path::PathBuf};

use posttui::{
    app::{
        command::{self, Context},
        key::Key,
        keymap::Keymap,
    },
    search, template,
};

fn readme() -> (PathBuf, String) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    (path, text)
}

/// Checks, or writes, what stands between `<!-- name -->` and `<!-- /name -->`.
fn check_block(name: &str, expected: &str) {
    let (path, text) = readme();
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let start = text.find(&open).expect("the block's start") + open.len();
    let end = text.find(&close).expect("the block's end");
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(
            path,
            format!("{}{expected}{}", &text[..start], &text[end..]),
        )
        .unwrap();
        return;
    }
    assert_eq!(
        &text[start..end],
        expected,
        "run UPDATE_README=1 cargo test --test readme"
    );
}

fn key_tables() -> String {
    let keymap = Keymap::default();
    let mut tables = String::new();
    for context in Context::ALL {
        writeln!(
            tables,
            "\n**{}**\n\n| keys | what they do |\n|---|---|",
            context.title()
        )
        .unwrap();
        for command in command::of(*context) {
            let keys: Vec<String> = keymap
                .keys_of(command)
                .map(Key::short)
                .map(|key| format!("`{}`", key.replace('|', "\\|")))
                .collect();
            let keys = if keys.is_empty() {
                "(palette)".to_owned()
            } else {
                keys.join(" ")
            };
            writeln!(tables, "| {keys} | {} |", command.help).unwrap();
        }
    }
    tables + "\n"
}

fn filter_table() -> String {
    let mut table = String::from("\n| term | what it finds |\n|---|---|\n");
    for (term, help) in search::explained() {
        writeln!(table, "| `{}` | {help} |", term.replace('|', "\\|")).unwrap();
    }
    table + "\n"
}

fn function_table() -> String {
    let mut table = String::from("\n| template | what it stands for |\n|---|---|\n");
    let functions = template::FUNCTIONS.iter().map(|it| (it.example, it.help));
    let filters = template::FILTERS.iter().map(|it| (it.example, it.help));
    for (example, help) in functions.chain(filters) {
        writeln!(table, "| `{}` | {help} |", example.replace('|', "\\|")).unwrap();
    }
    table + "\n"
}

/// One test for all blocks: writing them anew must not happen at the same time.
#[test]
fn the_tables_of_keys_filters_and_functions_are_those_of_the_program() {
    check_block("keys", &key_tables());
    check_block("filter", &filter_table());
    check_block("functions", &function_table());
}
