//! Where words stand in a text: what a row shows of it, and what is lit up there.

use std::ops::Range;

use super::{Filter, matching::lower, words::is_of_a_word, words::words};

/// Characters of a snippet before what was found, and from there on.
const BEFORE: usize = 24;
const AFTER: usize = 120;

impl Filter {
    /// The words that have to be somewhere, phrase by phrase.
    pub fn phrases(&self) -> Vec<Vec<String>> {
        let terms = self.terms.iter().filter(|term| !term.negated);
        let texts = terms.filter_map(|term| term.condition.words());
        let phrases = texts.map(|(_, text)| words(text));
        phrases.filter(|words| !words.is_empty()).collect()
    }
}

/// The words of a text where they stand, in bytes.
fn places(text: &str) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    for (index, char) in text.char_indices() {
        match (start, is_of_a_word(char)) {
            (None, true) => start = Some(index),
            (Some(begun), false) => {
                places.push(begun..index);
                start = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    places.extend(start.map(|begun| begun..text.len()));
    places
}

/// The parts of a text that are words of these phrases, in bytes and in order.
pub fn lit(text: &str, phrases: &[Vec<String>]) -> Vec<Range<usize>> {
    let mut lit = Vec::new();
    if phrases.is_empty() {
        return lit;
    }
    for place in places(text) {
        let word = text.get(place.clone()).unwrap_or_default();
        let lowered = lower(word);
        let longest = phrases
            .iter()
            .flatten()
            .filter(|wanted| lowered.starts_with(wanted.as_str()))
            .map(|wanted| wanted.chars().count())
            .max();
        if let Some(count) = longest {
            let length = word
                .char_indices()
                .nth(count)
                .map_or(word.len(), |(index, _)| index);
            lit.push(place.start..place.start + length);
        }
    }
    lit
}

/// The surroundings of a phrase in a text, on one line; `None` where it is not in there.
pub fn snippet(text: &str, phrase: &[String]) -> Option<String> {
    let (last, first) = phrase.split_last()?;
    let places = places(text);
    let word = |place: &Range<usize>| lower(text.get(place.clone()).unwrap_or_default());
    let found = places.windows(phrase.len()).find(|window| {
        window.split_last().is_some_and(|(end, before)| {
            word(end).starts_with(last.as_str())
                && before
                    .iter()
                    .zip(first)
                    .all(|(place, wanted)| word(place) == *wanted)
        })
    })?;
    let start = found.first()?.start;
    let (before, after) = text.split_at_checked(start)?;
    let from = before
        .char_indices()
        .rev()
        .nth(BEFORE - 1)
        .map_or(0, |(index, _)| index);
    let cut = if from > 0 { "…" } else { "" };
    let before = before.get(from..).unwrap_or_default();
    let shown = before.chars().chain(after.chars().take(AFTER));
    let flat: String = shown
        .map(|char| if char.is_whitespace() { ' ' } else { char })
        .collect();
    let words: Vec<&str> = flat.split(' ').filter(|word| !word.is_empty()).collect();
    Some(format!("{cut}{}", words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_shows_what_is_around_the_phrase() {
        let text = format!("{}\n  a needle\tin the hay", "much hay ".repeat(20));
        assert_eq!(
            snippet(&text, &words("NEEDLE in")).unwrap(),
            "…much hay much hay a needle in the hay"
        );
        assert_eq!(snippet(&text, &words("in needle")), None);
        assert_eq!(snippet("", &words("x")), None);
    }

    #[test]
    fn words_are_lit_as_far_as_they_were_typed() {
        let lit = |text: &'static str, wanted: &str| -> Vec<&str> {
            let phrases = [words(wanted)];
            lit(text, &phrases)
                .into_iter()
                .map(|place| &text[place])
                .collect()
        };
        assert_eq!(lit("Create a created CRE8", "cre"), ["Cre", "cre", "CRE"]);
        assert_eq!(lit("über Übel", "üb"), ["üb", "Üb"]);
        assert!(lit("recreate", "cre").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_them_panic(text in "\\PC{0,40}", wanted in "\\PC{1,4}") {
            let phrase = words(&wanted);
            let _ = snippet(&text, &phrase);
            for place in lit(&text, &[phrase]) {
                proptest::prop_assert!(text.get(place).is_some());
            }
        }
    }
}
