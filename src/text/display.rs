//! The one sanitiser: untrusted text to text that is safe to draw or print.

use std::borrow::Cow;

use super::{
    is_plain,
    unit::{first_unit, simple_columns},
};

/// A text in one line, fit for the terminal: every control, every character that turns the reading
/// direction and every one that hides is a visible mark, line ends and tabs too.
pub fn display(text: &str) -> Cow<'_, str> {
    if is_plain(text) || text.chars().all(|char| simple_columns(char).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    // How much of the text, from its start, is shown as it is.
    let mut untouched = 0;
    let mut rest = text;
    while let Some(unit) = first_unit(rest.as_bytes()) {
        rest = rest.get(unit.source.len()..).unwrap_or_default();
        match unit.shown {
            Cow::Borrowed(_) if shown.is_empty() => untouched += unit.source.len(),
            marked => {
                if shown.is_empty() {
                    shown.push_str(text.get(..untouched).unwrap_or_default());
                }
                shown.push_str(&marked);
            }
        }
    }
    if untouched == text.len() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(shown)
    }
}

/// As [`display`], but line feeds stay: for texts of many lines that are split into rows later.
pub fn display_multiline(text: &str) -> Cow<'_, str> {
    display_between(text, &['\n'])
}

/// As [`display`], but for printing to a terminal instead of drawing: line feeds and tabs stay, and a
/// line may end with CR LF. A lone carriage return, which would write over its line, is a mark.
pub fn for_terminal(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") {
        Cow::Owned(display_between(&text.replace("\r\n", "\n"), &['\n', '\t']).into_owned())
    } else {
        display_between(text, &['\n', '\t'])
    }
}

/// Displays what stands between characters that are kept.
fn display_between<'a>(text: &'a str, kept: &[char]) -> Cow<'a, str> {
    let mut pieces = text.split_inclusive(kept);
    let is_clean = |piece: &str| matches!(display(piece.trim_end_matches(kept)), Cow::Borrowed(_));
    if pieces.all(is_clean) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for piece in text.split_inclusive(kept) {
        let inner = piece.trim_end_matches(kept);
        shown.push_str(&display(inner));
        shown.push_str(piece.get(inner.len()..).unwrap_or_default());
    }
    Cow::Owned(shown)
}
