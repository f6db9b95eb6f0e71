//! Searching a body: a text or a regular expression, in linear time and with an eye on whether anybody waits
//! for the answer any more.

mod sieve;

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

/// Bytes that are looked through before it is asked whether to go on.
const AT_ONCE: usize = 4 * 1024 * 1024;

/// How far a match may reach beyond the part that it begins in, in bytes.
const OVERLAP: usize = 64 * 1024;

/// Bytes that are looked through by a slow expression where a coarser one has found something, at first.
const NEAR: usize = 64 * 1024;

/// Matches in a row, each this close to the one before in bytes, after which the coarser one is not asked any more.
const DENSE: usize = 256;
const CLOSE: usize = 64;

/// How large a compiled expression may be, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;

/// Places that are kept; more are only counted.
pub const KEPT: usize = 100_000;

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Pattern {
    typed: String,
    regex: Regex,
    /// Where the expression is slow: what says where it has to be looked for.
    sieve: Option<Regex>,
    /// What is looked for by its letters, where the case counts: that is faster still.
    plain: Option<String>,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.typed == other.typed
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matches {
    /// The first [`KEPT`] of them, in order.
    pub places: Vec<Range<usize>>,
    /// All of them.
    pub count: usize,
    /// Whether everything was looked through.
    pub is_whole: bool,
    /// Bytes that were looked through.
    pub looked: usize,
}

impl Pattern {
    /// What was typed: `/…/` is a regular expression, all else a text. Without capital letters the case does
    /// not matter. `None` where there is nothing to look for.
    ///
    /// # Errors
    ///
    /// What is wrong with the expression, in a line.
    pub fn parse(typed: &str) -> Result<Option<Self>, String> {
        let expression = expression(typed);
        if typed.is_empty() || expression == Some("") {
            return Ok(None);
        }
        let has_capitals = match expression {
            Some(expression) => has_capitals(expression),
            None => typed.chars().any(char::is_uppercase),
        };
        let source = expression.map_or_else(|| regex::escape(typed), str::to_owned);
        let regex = RegexBuilder::new(&source)
            .case_insensitive(!has_capitals)
            .multi_line(true)
            .size_limit(LARGEST)
            .build()
            .map_err(|error| reason(&error))?;
        let sieve = sieve::sieve(&source, !has_capitals, LARGEST);
        let is_caseless = typed.to_lowercase() == typed.to_uppercase();
        let by_letters = expression.is_none() && (has_capitals || is_caseless);
        let plain = by_letters.then(|| typed.to_owned());
        Ok(Some(Self {
            typed: typed.to_owned(),
            regex,
            sieve,
            plain,
        }))
    }

    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The places in a short text, for showing them.
    pub fn places_in(&self, text: &str) -> Vec<Range<usize>> {
        let found = self.regex.find_iter(text.as_bytes());
        found
            .map(|found| found.range())
            .filter(|range| !range.is_empty())
            .collect()
    }

    /// Looks through a text. `go_on` is told what was looked through, about every 4 MiB, and what was found
    /// so far; it says whether to go on.
    pub fn find(&self, text: &[u8], go_on: &dyn Fn(&[u8], &Matches) -> bool) -> Matches {
        let mut matches = Matches::default();
        let mut from = 0;
        while from < text.len() {
            let end = text.len().min(from + AT_ONCE);
            let reach = text.len().min(end + OVERLAP);
            let next = match &self.plain {
                Some(plain) => find_plain(text, from..end, plain.as_bytes(), &mut matches),
                None => self.find_regex(text, from..end, reach, &mut matches),
            };
            matches.looked = end;
            if !go_on(text.get(from..end).unwrap_or_default(), &matches) {
                return matches;
            }
            from = next.max(end);
        }
        matches.is_whole = true;
        matches
    }

    /// Looks for what begins in a part; says where the last match ended.
    fn find_regex(
        &self,
        text: &[u8],
        part: Range<usize>,
        reach: usize,
        matches: &mut Matches,
    ) -> usize {
        let window = text.get(..reach).unwrap_or(text);
        let (mut at, mut in_a_row) = (part.start, 0);
        while at < part.end {
            // What is before is not looked at again, but seen by ^ and \b.
            let sieve = self.sieve.as_ref().filter(|_| in_a_row < DENSE);
            let Some(found) = self.next(window, at..part.end, sieve) else {
                break;
            };
            in_a_row = if found.start < at + CLOSE {
                in_a_row + 1
            } else {
                0
            };
            at = found.end;
            if found.is_empty() {
                at += 1;
            } else {
                matches.add(found);
            }
        }
        at
    }

    /// The next match that begins in a part of the window.
    fn next(
        &self,
        window: &[u8],
        part: Range<usize>,
        sieve: Option<&Regex>,
    ) -> Option<Range<usize>> {
        let find = |window: &[u8], at| self.regex.find_at(window, at).map(|it| it.range());
        let Some(sieve) = sieve else {
            return find(window, part.start).filter(|it| it.start < part.end);
        };
        let (mut at, mut near) = (part.start, NEAR);
        while at < part.end {
            let start = sieve.find_at(window, at)?.start();
            if start >= part.end {
                return None;
            }
            let end = part.end.min(start + near);
            let nearby = window.get(..end + OVERLAP).unwrap_or(window);
            match find(nearby, start).filter(|it| it.start < end) {
                // It may reach farther than was looked.
                Some(found) if found.end > end => return find(window, found.start),
                Some(found) => return Some(found),
                // Where the coarser one finds much that is not meant, it is asked less often.
                None => (at, near) = (end, AT_ONCE.min(near * 2)),
            }
        }
        None
    }
}

fn find_plain(text: &[u8], part: Range<usize>, plain: &[u8], matches: &mut Matches) -> usize {
    let reach = text.len().min(part.end + plain.len() - 1);
    let window = text.get(part.start..reach).unwrap_or_default();
    let mut end = part.start;
    for found in memchr::memmem::find_iter(window, plain) {
        let start = part.start + found;
        end = start + plain.len();
        matches.add(start..end);
    }
    end
}

impl Matches {
    fn add(&mut self, place: Range<usize>) {
        self.count += 1;
        if self.places.len() < KEPT {
            self.places.push(place);
        }
    }

    /// The number of the first match at or behind a byte; around the end to the first one.
    pub fn from(&self, offset: usize) -> Option<usize> {
        if self.places.is_empty() {
            return None;
        }
        let behind = self.places.partition_point(|place| place.start < offset);
        Some(if behind < self.places.len() {
            behind
        } else {
            0
        })
    }
}

/// The expression between two slashes.
fn expression(typed: &str) -> Option<&str> {
    let inside = typed.strip_prefix('/')?;
    // While it is typed the second slash is still missing.
    Some(inside.strip_suffix('/').unwrap_or(inside))
}

/// Whether an expression has a capital letter that stands for itself: not the one of `\W`.
fn has_capitals(expression: &str) -> bool {
    let mut letters = expression.chars();
    while let Some(letter) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else if letter.is_uppercase() {
            return true;
        }
    }
    false
}

/// The last line of what the library says tells what is wrong.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default().trim();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn found(typed: &str, text: &str) -> Vec<String> {
        let pattern = Pattern::parse(typed).unwrap().unwrap();
        let matches = pattern.find(text.as_bytes(), &|_, _| true);
        assert!(matches.is_whole);
        assert_eq!(matches.count, matches.places.len());
        let places = matches.places.into_iter();
        places.map(|place| text[place].to_owned()).collect()
    }

    #[test]
    fn case_matters_with_a_capital_letter() {
        assert_eq!(found("ab", "ab AB Ab"), ["ab", "AB", "Ab"]);
        assert_eq!(found("Ab", "ab AB Ab"), ["Ab"]);
        assert_eq!(found("ü", "Ü ü"), ["Ü", "ü"]);
        assert_eq!(found("a.b", "a.b axb"), ["a.b"]);
    }

    #[test]
    fn slashes_make_an_expression() {
        assert_eq!(found("/a.b/", "a.b AxB"), ["a.b", "AxB"]);
        assert_eq!(found(r"/\W/", "a-b"), ["-"]);
        assert_eq!(found("/^x", "x\nyx\nx"), ["x", "x"]);
        assert_eq!(found("/x*/", "axxb"), ["xx"]);
        assert!(
            Pattern::parse("/(/")
                .unwrap_err()
                .contains("unclosed group")
        );
        assert_eq!(Pattern::parse("//").unwrap(), None);
        assert_eq!(Pattern::parse("").unwrap(), None);
    }

    #[test]
    fn a_match_across_two_parts_is_found_once() {
        let mut text = "x".repeat(AT_ONCE - 2) + "Needle";
        text += &"y".repeat(AT_ONCE);
        text += "needle";
        assert_eq!(found("needle", &text).len(), 2);
        assert_eq!(found("Needle", &text), ["Needle"]);
        assert_eq!(found("/Ne+dle/", &text), ["Needle"]);
    }

    #[test]
    fn boundaries_of_words_are_those_of_all_letters() {
        assert_eq!(
            found(r"/\b\w+99\b/", "größe99 a99ü 99 ü99é99-"),
            ["größe99", "ü99é99"]
        );
        assert_eq!(found(r"/\bmaß\b/", "maß maße Maß"), ["maß", "Maß"]);
        assert_eq!(found(r"/\b/", "a b"), [""; 0]);
        let long =
            "Größe 99x ".repeat(AT_ONCE / 8) + "Größe99 " + &"zu99x ".repeat(AT_ONCE / 4) + "ü99";
        assert_eq!(found(r"/\w+99\b/", &long), ["Größe99", "ü99"]);
    }

    #[test]
    fn a_search_that_nobody_waits_for_ends() {
        let text = "a".repeat(3 * AT_ONCE);
        let asked = Cell::new(0);
        let pattern = Pattern::parse("b").unwrap().unwrap();
        let matches = pattern.find(text.as_bytes(), &|part, _| {
            assert_eq!(part.len(), AT_ONCE);
            asked.set(asked.get() + 1);
            asked.get() < 2
        });
        assert!(!matches.is_whole);
        assert_eq!(asked.get(), 2);
    }

    #[test]
    fn the_next_match_is_the_one_behind_the_cursor() {
        let pattern = Pattern::parse("a").unwrap().unwrap();
        let matches = pattern.find(b"a b a b a", &|_, _| true);
        assert_eq!(matches.from(0), Some(0));
        assert_eq!(matches.from(1), Some(1));
        assert_eq!(matches.from(4), Some(1));
        assert_eq!(matches.from(9), Some(0));
        assert_eq!(Matches::default().from(0), None);
    }
}
