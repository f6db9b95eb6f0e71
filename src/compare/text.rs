//! Two texts: by lines, and within a changed line by words.

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

use super::{Change, Row, Span};

/// Texts of more bytes than this together are changed as a whole: looking for words in them takes long.
const LONGEST_IN_WORDS: usize = 8 * 1024;

/// The same for lines, where the texts differ between their first and their last difference.
const MOST_LINES: usize = 8_000;

/// Both texts with the words marked that the other one has not.
pub fn words(old: &str, new: &str) -> (Vec<Span>, Vec<Span>) {
    let whole = |text: &str| {
        vec![Span {
            text: text.to_owned(),
            differs: true,
        }]
    };
    if old.len() + new.len() > LONGEST_IN_WORDS {
        return (whole(old), whole(new));
    }
    let difference = TextDiff::from_unicode_words(old, new);
    // Where next to nothing is the same, marks all over help nobody.
    if difference.ratio() < 0.2 {
        return (whole(old), whole(new));
    }
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for change in difference.iter_all_changes() {
        let text = change.value();
        match change.tag() {
            ChangeTag::Equal => {
                push(&mut before, text, false);
                push(&mut after, text, false);
            }
            ChangeTag::Delete => push(&mut before, text, true),
            ChangeTag::Insert => push(&mut after, text, true),
        }
    }
    (before, after)
}

fn push(spans: &mut Vec<Span>, text: &str, differs: bool) {
    match spans.last_mut() {
        Some(last) if last.differs == differs => last.text.push_str(text),
        _ => spans.push(Span {
            text: text.to_owned(),
            differs,
        }),
    }
}

/// The rows of two texts, a line each.
pub fn lines(old: &str, new: &str) -> Vec<Row> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut rows = Vec::new();
    for operation in operations(&old, &new) {
        let before = old.get(operation.old_range()).unwrap_or_default();
        let after = new.get(operation.new_range()).unwrap_or_default();
        if matches!(operation, DiffOp::Equal { .. }) {
            rows.extend(before.iter().map(|line| Row::same("", line)));
            continue;
        }
        rows.extend(replaced(before, after));
    }
    rows
}

/// Lines in the place of others: one for one as far as both have some.
fn replaced(old: &[&str], new: &[&str]) -> Vec<Row> {
    let pairs = old.iter().zip(new);
    let mut rows: Vec<Row> = pairs.map(|(old, new)| Row::of("", old, new)).collect();
    let both = rows.len();
    rows.extend(old.iter().skip(both).map(|line| Row::removed("", line)));
    rows.extend(new.iter().skip(both).map(|line| Row::added("", line)));
    rows
}

/// How one list becomes the other. Between what they have in common at both ends, lists that are too long
/// are replaced as a whole.
pub fn operations<T: Eq + std::hash::Hash + Ord>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest);
    let end = tail.take_while(|(a, b)| a == b).count();
    let (old_len, new_len) = (old.len() - start - end, new.len() - start - end);
    if old_len + new_len <= MOST_LINES {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    let equal = |index: usize, new_index: usize, len: usize| DiffOp::Equal {
        old_index: index,
        new_index,
        len,
    };
    vec![
        equal(0, 0, start),
        DiffOp::Replace {
            old_index: start,
            old_len,
            new_index: start,
            new_len,
        },
        equal(start + old_len, start + new_len, end),
    ]
}

/// Whether any row differs.
pub fn differs(rows: &[Row]) -> bool {
    rows.iter()
        .any(|row| !matches!(row.change, Change::Same | Change::Masked))
}
