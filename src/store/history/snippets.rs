//! Why a row was found, where the row itself does not show it: the place in a header field or a body.

use rusqlite::Connection;

use crate::{
    model::Summary,
    search::{Filter, has_words, haystack, snippet},
};

use super::{damaged, gather::findable};

/// So many rows are looked into: those that can be on the screen.
const ROWS: usize = 40;

/// Puts a snippet into each of the first rows that do not show all that was looked for.
pub(super) fn add(
    connection: &Connection,
    filter: &Filter,
    rows: &mut [Summary],
    is_awaited: &dyn Fn() -> bool,
) -> rusqlite::Result<()> {
    let phrases = filter.phrases();
    if phrases.is_empty() {
        return Ok(());
    }
    for row in rows.iter_mut().take(ROWS) {
        if !is_awaited() {
            break;
        }
        let shown = haystack(&row.method, &row.url, row.standing, row.message.as_deref());
        let hidden = phrases
            .iter()
            .find(|phrase| !shown.lines().any(|line| has_words(line, phrase)));
        if let Some(phrase) = hidden {
            let texts = match findable(connection, row.id) {
                // The row says so itself.
                Err(error) if damaged::reason(&error).is_some() => continue,
                texts => texts?,
            };
            row.found = texts.iter().find_map(|text| snippet(text, phrase));
        }
    }
    Ok(())
}
