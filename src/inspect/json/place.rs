//! Where in a value a row is: its path, the value there, and the ways to the values beside and above it.

use std::ops::Range;

use super::{
    pretty::{Json, Place},
    token,
    tree::NONE,
};
use crate::inspect::TokenKind;

/// More levels than this are not told of a path on the screen.
const TOLD: usize = 40;

/// One value with its key, as far as it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The object or array that it lies in, and which of the values in there it is.
    container: u32,
    ordinal: u32,
    key: Option<Range<usize>>,
    value: Range<usize>,
    /// Its number, when it is an object or an array.
    pub node: Option<u32>,
    /// How many objects and arrays begin before it.
    opened: u32,
}

impl Item {
    /// Where its row begins.
    pub fn start(&self) -> usize {
        self.key.as_ref().map_or(self.value.start, |key| key.start)
    }

    pub fn value(&self) -> Range<usize> {
        self.value.clone()
    }
}

impl Json {
    /// The value that the line beginning at `place` belongs to.
    pub fn item(&self, place: Place) -> Option<Item> {
        let first = *self.text().get(place.offset)?;
        if matches!(first, b'}' | b']') {
            let node = self.source.tree.closed_at(place.offset, place.opened)?;
            return self.node_item(node);
        }
        let (key, start) = match place.kind {
            TokenKind::Key => {
                let colon = self.gap_end(place.end);
                (Some(place.offset..place.end), self.gap_end(colon + 1))
            }
            _ => (None, place.offset),
        };
        Some(self.finish(place.container, place.ordinal, key, start, place.opened))
    }

    fn finish(
        &self,
        container: u32,
        ordinal: u32,
        key: Option<Range<usize>>,
        start: usize,
        opened: u32,
    ) -> Item {
        let node = self.source.tree.get(opened);
        let node = node.filter(|node| node.open as usize == start);
        let end = match node {
            Some(node) => self.text().len().min(node.close as usize + 1),
            None => self.token_end(start),
        };
        Item {
            container,
            ordinal,
            key,
            value: start..end,
            node: node.map(|_| opened),
            opened,
        }
    }

    fn node_item(&self, node: u32) -> Option<Item> {
        let it = *self.source.tree.get(node)?;
        let open = it.open as usize;
        let key = self.key_before(it.parent, open);
        Some(self.finish(it.parent, it.ordinal, key, open, node))
    }

    /// The object or array that a value lies in.
    pub fn parent(&self, item: &Item) -> Option<Item> {
        self.node_item(item.container)
    }

    pub fn next(&self, item: &Item) -> Option<Item> {
        let mut at = self.gap_end(item.value.end);
        if item.container != NONE {
            if self.text().get(at) != Some(&b',') {
                return None;
            }
            at = self.gap_end(at + 1);
        }
        self.text().get(at)?;
        let opened = match item.node.and_then(|node| self.source.tree.get(node)) {
            Some(node) => node.end,
            None => item.opened,
        };
        let (key, start) = if self.is_object(item.container) {
            let end = self.token_end(at);
            let colon = self.gap_end(end);
            (Some(at..end), self.gap_end(colon + 1))
        } else {
            (None, at)
        };
        Some(self.finish(item.container, item.ordinal + 1, key, start, opened))
    }

    pub fn previous(&self, item: &Item) -> Option<Item> {
        let ordinal = item.ordinal.checked_sub(1)?;
        let mut end = self.trimmed(item.start());
        if item.container != NONE {
            end = self.trimmed(end.checked_sub(1)?);
        }
        let last = end.checked_sub(1)?;
        if matches!(self.text().get(last)?, b'}' | b']') {
            return self.node_item(self.source.tree.closed_at(last, item.opened)?);
        }
        let start = self.token_start(last)?;
        let key = self.key_before(item.container, start);
        Some(self.finish(item.container, ordinal, key, start, item.opened))
    }

    /// How jq calls the value: `.items[3].price`. `None` where that cannot be told.
    pub fn path(&self, item: &Item, is_whole: bool) -> Option<String> {
        if self.source.tree.is_empty() && item.container != NONE {
            return None;
        }
        let mut names = Vec::new();
        let mut own = (item.container, item.ordinal, item.key.clone());
        loop {
            let (container, ordinal, key) = own;
            let Some(node) = self.source.tree.get(container) else {
                break;
            };
            if !is_whole && names.len() == TOLD {
                names.push("…".to_owned());
                break;
            }
            names.push(match key {
                Some(key) => self.key_name(key),
                None => format!("[{ordinal}]"),
            });
            let key = self.key_before(node.parent, node.open as usize);
            own = (node.parent, node.ordinal, key);
        }
        names.reverse();
        let path = names.concat();
        Some(if path.starts_with(['.', '…']) {
            path
        } else {
            format!(".{path}")
        })
    }

    fn key_name(&self, key: Range<usize>) -> String {
        let quoted = String::from_utf8_lossy(self.text().get(key).unwrap_or_default());
        let bare = quoted.trim_matches('"');
        let mut letters = bare.bytes();
        let is_name = letters
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
            && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == b'_');
        if is_name {
            format!(".{bare}")
        } else {
            format!("[{quoted}]")
        }
    }

    fn is_object(&self, node: u32) -> bool {
        let open = self.source.tree.get(node).map(|node| node.open as usize);
        open.and_then(|open| self.text().get(open)) == Some(&b'{')
    }

    /// The key of the value at `start`, when that lies in an object.
    fn key_before(&self, container: u32, start: usize) -> Option<Range<usize>> {
        if !self.is_object(container) {
            return None;
        }
        let colon = self.trimmed(start).checked_sub(1)?;
        let end = self.trimmed(colon);
        Some(self.token_start(end.checked_sub(1)?)?..end)
    }

    /// Where a string, number or word begins whose last letter is at `last`.
    fn token_start(&self, last: usize) -> Option<usize> {
        let before = self.text().get(..last)?;
        if self.text().get(last) != Some(&b'"') {
            let ends = |byte: &u8| token::is_blank(*byte) || b",:[{".contains(byte);
            return Some(before.iter().rposition(ends).map_or(0, |at| at + 1));
        }
        // Within a string every quote is escaped; the one that opens it is not.
        let mut quotes = memchr::memrchr_iter(b'"', before);
        quotes.find(|quote| {
            let escapes = before.get(..*quote).unwrap_or_default();
            let escapes = escapes.iter().rev().take_while(|byte| **byte == b'\\');
            escapes.count().is_multiple_of(2)
        })
    }

    /// The end of what comes before `end`, without the blanks.
    fn trimmed(&self, end: usize) -> usize {
        let before = self.text().get(..end).unwrap_or_default();
        before.trim_ascii_end().len()
    }
}
