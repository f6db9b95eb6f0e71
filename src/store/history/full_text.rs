//! Words that are looked for -> an expression of the full-text index (SQLite FTS5, Section 3).

use crate::search::{Condition, Filter, Place, words};

/// What a filter asks of the index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Every exchange has to have these; empty for none.
    pub present: String,
    /// No exchange may have any of these; likewise.
    pub absent: String,
}

impl Wanted {
    pub(super) fn of(filter: &Filter) -> Self {
        let (mut present, mut absent) = (Vec::new(), Vec::new());
        for term in &filter.terms {
            let looked_for = term.condition.words();
            let phrase = looked_for.and_then(|(place, text)| phrase(place, text));
            if !term.negated {
                present.extend(phrase);
            } else if !matches!(term.condition, Condition::Within(Place::Rule, _)) {
                absent.extend(phrase);
            }
        }
        Self {
            present: present.join(" AND "),
            absent: absent.join(" OR "),
        }
    }

    /// One expression for both, where something has to be present.
    pub(super) fn expression(&self) -> Option<String> {
        match (self.present.is_empty(), self.absent.is_empty()) {
            (true, _) => None,
            (false, true) => Some(self.present.clone()),
            (false, false) => Some(format!("({}) NOT ({})", self.present, self.absent)),
        }
    }
}

/// The words of a text one after the other, the last one from its beginning; `None` for a text without
/// words. Nothing but letters, numbers and blanks is ever quoted.
fn phrase(place: Option<Place>, text: &str) -> Option<String> {
    let words = words(text);
    if words.is_empty() {
        return None;
    }
    let columns = match place {
        None => "",
        // The message shares its column with the URL: the row itself is asked, too.
        Some(Place::Rule) => "row_words : ",
        Some(Place::Name) => "name_words : ",
        Some(Place::Note) => "note_words : ",
        Some(Place::Headers) => "{request_headers response_headers} : ",
        Some(Place::Fields) => "sent : ",
        Some(Place::Bodies) => "{sent received} : ",
    };
    Some(format!("{columns}\"{}\" *", words.join(" ")))
}

/// Whether a text has no words, so that it is looked for sign by sign.
pub(super) fn is_signs_only(text: &str) -> bool {
    words(text).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(text: &str) -> Wanted {
        let now = "2026-03-04T12:00:00[UTC]".parse().unwrap();
        Wanted::of(&Filter::parse(text, &now).unwrap())
    }

    #[test]
    fn words_become_phrases() {
        assert_eq!(
            wanted("create_User -\"a b\" status:4xx body:\"two words\" header:x-id=7"),
            Wanted {
                present: "\"create user\" * AND {sent received} : \"two words\" * AND \
                          {request_headers response_headers} : \"x id 7\" *"
                    .to_owned(),
                absent: "\"a b\" *".to_owned(),
            }
        );
        assert_eq!(
            wanted("one -two").expression().unwrap(),
            "(\"one\" *) NOT (\"two\" *)"
        );
        assert_eq!(wanted("-two // status:2xx").expression(), None);
    }
}
