//! STUB until merged
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;
pub fn display(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        Cow::Owned(
            text.chars()
                .map(|c| if c.is_control() { '␦' } else { c })
                .collect(),
        )
    } else {
        Cow::Borrowed(text)
    }
}
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut used = 0;
    for g in text.graphemes(true) {
        used += width(g);
        if used + 1 > columns {
            break;
        }
        out.push_str(g);
    }
    if columns > 0 {
        out.push('…');
    }
    Cow::Owned(out)
}
pub fn truncate_middle(text: &str, columns: usize) -> Cow<'_, str> {
    truncate(text, columns)
}
pub fn pad(text: &str, columns: usize) -> String {
    let t = truncate(text, columns).into_owned();
    let w = width(&t);
    t + &" ".repeat(columns.saturating_sub(w))
}
