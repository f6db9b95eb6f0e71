//! A text taken apart into units: what a user sees as one character, made fit for the terminal.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

use super::{columns, hidden, is_plain_byte};

/// What combining marks stand on where there is no letter.
const DOTTED_CIRCLE: char = '\u{25CC}';
/// The longest emoji sequences and Tibetan stacks have about ten code points; whatever heaps up more
/// is cut, so that a unit never grows without end.
const LONGEST: usize = 16;

/// One extended grapheme cluster (UAX #29), or a part of an overlong one.
pub struct Unit<'a> {
    pub source: &'a str,
    pub shown: Cow<'a, str>,
    pub columns: usize,
}

/// The bytes of printable ASCII at the start of a text, one column each, as many as fit. The last one is
/// left when something follows that might stand on it.
pub fn plain_run(utf8: &[u8], columns: usize) -> usize {
    let run = utf8
        .iter()
        .take(columns)
        .take_while(|byte| is_plain_byte(**byte))
        .count();
    match utf8.get(run) {
        Some(next) if !next.is_ascii() => run.saturating_sub(1),
        _ => run,
    }
}

/// The bytes of letters at the start of a text that take one column each and stand alone, as many as fit,
/// and how many letters they are. The last one is left when something follows that might stand on it.
pub(crate) fn narrow_run(text: &str, columns: usize) -> (usize, usize) {
    let (mut bytes, mut letters, mut last) = (0, 0, 0);
    for char in text.chars() {
        let found = simple_columns(char);
        if letters == columns || found != Some(1) {
            let stands_alone = found.is_some() || letters == 0;
            return if stands_alone {
                (bytes, letters)
            } else {
                (bytes - last, letters - 1)
            };
        }
        last = char.len_utf8();
        (bytes, letters) = (bytes + last, letters + 1);
    }
    (bytes, letters)
}

/// The first unit of a text; `None` at its end. The text comes as bytes known to be UTF-8, so that one
/// unit of a very large body is had without looking at the rest.
pub fn first_unit(utf8: &[u8]) -> Option<Unit<'_>> {
    // Two letters in the one case; in the other as many as a unit may have and the two after it.
    simple_unit(utf8_prefix(utf8, 8)).or_else(|| cluster_unit(utf8_prefix(utf8, (LONGEST + 2) * 4)))
}

/// The whole characters within the first `limit` bytes.
fn utf8_prefix(utf8: &[u8], limit: usize) -> &str {
    let window = utf8.get(..limit).unwrap_or(utf8);
    str::from_utf8(window).unwrap_or_else(|error| {
        let whole = window.get(..error.valid_up_to()).unwrap_or_default();
        str::from_utf8(whole).unwrap_or_default()
    })
}

/// The first unit where it is one common letter, which saves the segmentation of most texts.
fn simple_unit(text: &str) -> Option<Unit<'_>> {
    let mut chars = text.chars();
    let columns = simple_columns(chars.next()?)?;
    let rest = chars.as_str();
    let next = chars.next();
    if next.is_some_and(|next| !next.is_ascii() && simple_columns(next).is_none()) {
        return None;
    }
    let source = text.get(..text.len() - rest.len())?;
    Some(Unit {
        source,
        shown: Cow::Borrowed(source),
        columns,
    })
}

/// The columns of letters that never combine with one another and hide nothing: Latin, Greek,
/// Cyrillic, typographic punctuation, kana, Han, Hangul syllables. `None` where it takes a closer look.
pub(super) fn simple_columns(char: char) -> Option<usize> {
    match char {
        ' '..='~'
        | '\u{A1}'..='\u{AC}'
        | '\u{AE}'..='\u{2FF}'
        | '\u{384}'..='\u{386}'
        | '\u{388}'..='\u{38A}'
        | '\u{38E}'..='\u{3A1}'
        | '\u{3A3}'..='\u{482}'
        | '\u{48A}'..='\u{52F}'
        | '\u{2010}'..='\u{2027}' => Some(1),
        '\u{3041}'..='\u{3096}'
        | '\u{30A0}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{FF01}'..='\u{FF60}' => Some(2),
        _ => None,
    }
}

fn cluster_unit(text: &str) -> Option<Unit<'_>> {
    // One character more than a unit may have, to see whether it goes on.
    let window = prefix(text, LONGEST + 1);
    let cluster = window.graphemes(true).next()?;
    let source = shortened(cluster);
    let rest = text.get(source.len()..).unwrap_or_default();
    let shown = show(source, rest.chars().next());
    Some(Unit {
        columns: columns::width(&shown),
        source,
        shown,
    })
}

/// An overlong cluster is cut. What goes on without a letter gets a dotted circle, which counts too, so
/// that what is shown is no longer overlong itself.
fn shortened(cluster: &str) -> &str {
    let headless = cluster.chars().next().is_some_and(is_zero_width);
    prefix(cluster, LONGEST - usize::from(headless))
}

fn prefix(text: &str, chars: usize) -> &str {
    let end = text.char_indices().nth(chars).map(|(index, _)| index);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// A cluster as it may reach the terminal; `next` is the character after it.
fn show(cluster: &str, next: Option<char>) -> Cow<'_, str> {
    let visible = columns::width(cluster) > 0;
    if visible
        && !with_neighbours(cluster, next)
            .any(|(char, before, after)| hidden::is_hidden(char, before, after))
    {
        return Cow::Borrowed(cluster);
    }
    let mut shown = String::with_capacity(cluster.len() + 8);
    let mut has_base = false;
    for (char, before, after) in with_neighbours(cluster, next) {
        if hidden::is_hidden(char, before, after) {
            hidden::push_mark(char, &mut shown);
            has_base = false;
        } else if has_base || !is_zero_width(char) {
            shown.push(char);
            has_base = true;
        } else if combines(char) {
            shown.extend([DOTTED_CIRCLE, char]);
            has_base = true;
        } else {
            hidden::push_mark(char, &mut shown);
        }
    }
    Cow::Owned(shown)
}

fn with_neighbours(
    cluster: &str,
    next: Option<char>,
) -> impl Iterator<Item = (char, Option<char>, Option<char>)> {
    let befores = std::iter::once(None).chain(cluster.chars().map(Some));
    let afters = cluster.chars().skip(1).map(Some).chain([next]);
    cluster
        .chars()
        .zip(befores)
        .zip(afters)
        .map(|((char, before), after)| (char, before, after))
}

fn is_zero_width(char: char) -> bool {
    char.width() == Some(0) && !matches!(char, '\u{FF9E}' | '\u{FF9F}')
}

/// Whether a character stands on the one before it.
fn combines(char: char) -> bool {
    let pair: String = [DOTTED_CIRCLE, char].into_iter().collect();
    pair.graphemes(true).count() == 1
}
