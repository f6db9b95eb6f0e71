//! What stands where a secret was, in texts that are kept or shown, and how it is found there again.

use std::borrow::Cow;

use memchr::memmem;

/// Stands for a secret value on the screen.
pub const DOTS: &str = "••••";

/// Stands where a secret was that has no name.
pub const REDACTED: &str = "‹redacted by posttui›";

/// The same as a form writes it (WHATWG URL, Section 5.2).
const WRITTEN_REDACTED: &str = "%E2%80%B9redacted+by+posttui%E2%80%BA";

/// What begins a mark that names a secret, and what ends it.
const OPEN: &str = "‹secret ";
const CLOSE: &str = "›";

/// What stands where a secret of this name was.
pub fn mark(name: &str) -> String {
    format!("{OPEN}{name}{CLOSE}")
}

/// A name that keeps its shape within a mark and a URL.
pub(super) fn mark_name(name: &str) -> String {
    let keep = |char: char| if is_of_name(char) { char } else { '_' };
    name.chars().map(keep).collect()
}

fn is_of_name(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// A mark that names a secret, and what stands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked<'a> {
    pub before: &'a str,
    pub name: &'a str,
    pub after: &'a str,
}

/// The first mark in a text that names a secret. What only looks like one, with blanks in its name or
/// without any, is text as any other.
pub fn first_mark(text: &str) -> Option<Marked<'_>> {
    for (start, open) in text.match_indices(OPEN) {
        let (before, rest) = text.split_at(start);
        let rest = rest.get(open.len()..).unwrap_or_default();
        let (name, after) = rest.split_once(CLOSE)?;
        if !name.is_empty() && name.chars().all(is_of_name) {
            return Some(Marked {
                before,
                name,
                after,
            });
        }
    }
    None
}

/// Whether a value is nothing but a mark that names a secret.
pub fn is_mark(value: &str) -> bool {
    first_mark(value.trim()).is_some_and(|it| it.before.is_empty() && it.after.is_empty())
}

/// Whether bytes may hold a mark of either kind.
pub fn has_mark(bytes: &[u8]) -> bool {
    [OPEN, REDACTED, WRITTEN_REDACTED]
        .iter()
        .any(|mark| memmem::find(bytes, mark.as_bytes()).is_some())
}

/// Whether a text holds a mark that names nothing, as it is or as a form writes it.
pub fn is_redacted(text: &str) -> bool {
    text.contains(REDACTED) || text.contains(WRITTEN_REDACTED)
}

/// How many marks of either kind stand in bytes, as they are or as a form writes them.
pub fn marks_in(bytes: &[u8]) -> u64 {
    [OPEN, REDACTED, WRITTEN_REDACTED]
        .iter()
        .map(|mark| memmem::find_iter(bytes, mark).count() as u64)
        .sum()
}

/// Marks within a URL that was parsed again, readable as before: parsing writes their brackets and
/// their blank as percent-encoded UTF-8.
pub fn readable_marks(text: &str) -> Cow<'_, str> {
    const WRITTEN_OPEN: &str = "%E2%80%B9secret%20";
    const WRITTEN_CLOSE: &str = "%E2%80%BA";
    const IN_URL: &str = "%E2%80%B9redacted%20by%20posttui%E2%80%BA";
    let mut text = Cow::Borrowed(text);
    for written in [IN_URL, WRITTEN_REDACTED] {
        if text.contains(written) {
            text = text.replace(written, REDACTED).into();
        }
    }
    if text.contains(WRITTEN_OPEN) {
        let opened = text.replace(WRITTEN_OPEN, OPEN);
        text = opened.replace(WRITTEN_CLOSE, CLOSE).into();
    }
    text
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    #[test]
    fn a_mark_is_found_again_by_its_name() {
        let text = format!("a ‹secret › ‹secret of mine› {} b", mark("otp_1"));
        let found = first_mark(&text).unwrap();
        assert_eq!((found.name, found.after), ("otp_1", " b"));
        assert_eq!(found.before, "a ‹secret › ‹secret of mine› ");
        assert_eq!(first_mark("‹secret otp"), None);
        assert!(is_mark(" ‹secret otp› ") && !is_mark("‹secret otp›x") && !is_mark(REDACTED));
        assert!(has_mark(text.as_bytes()) && has_mark(REDACTED.as_bytes()) && !has_mark(b"otp"));
    }

    #[test]
    fn a_mark_is_readable_after_its_url_was_parsed() {
        let url = Url::parse("http://h/‹secret a_b›?x=‹secret c›").unwrap();
        assert_eq!(
            readable_marks(url.as_str()),
            "http://h/‹secret a_b›?x=‹secret c›"
        );
        let url = Url::parse(&format!("http://h/?token={REDACTED}&x=1")).unwrap();
        assert_eq!(
            readable_marks(url.as_str()),
            format!("http://h/?token={REDACTED}&x=1")
        );
    }
}
