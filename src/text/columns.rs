//! How many columns a text takes, and how it is cut to fewer. Texts are measured as the screen draws
//! them: cluster by cluster.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{is_plain, narrow_run};

const ELLIPSIS: char = '…';

/// The columns that a text takes on the screen.
pub fn width(text: &str) -> usize {
    if is_plain(text) {
        return text.len();
    }
    let (bytes, letters) = narrow_run(text, usize::MAX);
    let rest = text.get(bytes..).unwrap_or_default();
    letters + rest.graphemes(true).map(cluster_width).sum::<usize>()
}

/// The columns of one grapheme cluster. Controls are not drawn at all. The halfwidth sound marks, which
/// belong to the cluster of the letter before, are given a further cell by the screen library.
fn cluster_width(cluster: &str) -> usize {
    if cluster.contains(char::is_control) {
        return 0;
    }
    let sound_marks = cluster.matches(['\u{FF9E}', '\u{FF9F}']).count();
    UnicodeWidthStr::width(cluster) + sound_marks
}

/// A text of at most `columns` columns; what had to be cut off is an `…` at the end.
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    match head(text, columns) {
        None => Cow::Borrowed(text),
        Some(_) if columns == 0 => Cow::Borrowed(""),
        Some(head) => Cow::Owned(format!("{head}{ELLIPSIS}")),
    }
}

/// A text of at most `columns` columns; what had to be cut out is an `…` in the middle, so that the
/// start and the end stay: of a URL, the host and the last part of the path.
pub fn truncate_middle(text: &str, columns: usize) -> Cow<'_, str> {
    if columns < 3 || head(text, columns).is_none() {
        return truncate(text, columns);
    }
    let start_columns = columns / 2;
    let start = head(text, start_columns + 1).unwrap_or_default();
    let end = tail(text, columns - 1 - start_columns);
    Cow::Owned(format!("{start}{ELLIPSIS}{end}"))
}

/// A text of exactly `columns` columns: cut, or filled up with blanks.
pub fn pad(text: &str, columns: usize) -> String {
    let mut padded = truncate(text, columns).into_owned();
    let missing = columns.saturating_sub(width(&padded));
    padded.extend(std::iter::repeat_n(' ', missing));
    padded
}

/// The start of a text that is wider than `columns`, one column short of it for the ellipsis; `None`
/// when the text fits. Reads no further than it must.
fn head(text: &str, columns: usize) -> Option<&str> {
    // One column is kept for the ellipsis.
    let kept = columns.saturating_sub(1);
    let (mut end, mut used) = narrow_run(text, kept);
    let rest = text.get(end..).unwrap_or_default();
    if rest.len() <= columns - used && is_plain(rest) {
        return None;
    }
    for (index, cluster) in rest.grapheme_indices(true) {
        used += cluster_width(cluster);
        if used > columns {
            return text.get(..end);
        }
        if used < columns {
            end = text.len() - rest.len() + index + cluster.len();
        }
    }
    None
}

/// The end of a text in at most `columns` columns.
fn tail(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let mut start = text.len();
    for (index, cluster) in text.grapheme_indices(true).rev() {
        used += cluster_width(cluster);
        if used > columns {
            break;
        }
        start = index;
    }
    text.get(start..).unwrap_or_default()
}
