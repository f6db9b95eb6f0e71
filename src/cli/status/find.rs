//! What the words after `posttui status` ask for.

use crate::status::catalogue::{self, Class, Entry, Explanation};

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Code(Box<Explanation>),
    Class(Class),
    /// Several codes: all of them, or those that the words match.
    Rows(Vec<&'static Entry>),
}

/// Why nothing was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FindError {
    #[error("{0} is no status code: those have three digits, 100 to 999")]
    NoCode(String),
    #[error("no phrase and no meaning holds “{words}”{}", suggestion(.similar.as_deref()))]
    NoMatch {
        words: String,
        similar: Option<String>,
    },
}

fn suggestion(similar: Option<&str>) -> String {
    similar.map_or_else(
        || "; without a word every code is listed".to_owned(),
        |word| format!("; did you mean “{word}”?"),
    )
}

/// How much alike two words must be (Jaro-Winkler, 0 to 1) for one to be suggested for the other.
const ALIKE: f64 = 0.8;

/// Finds a code, a class, or the codes whose phrase (if none, whose meaning) holds every word.
pub fn find(words: &[String]) -> Result<Found, FindError> {
    if words.is_empty() {
        return Ok(Found::Rows(catalogue::entries().iter().collect()));
    }
    let asked = words.join(" ");
    if let [word] = words {
        if word.bytes().all(|byte| byte.is_ascii_digit()) && !word.is_empty() {
            return find_code(word);
        }
        if let Some(class) = find_class(word) {
            return Ok(Found::Class(class));
        }
    }
    let wanted: Vec<String> = asked.split_whitespace().map(str::to_lowercase).collect();
    let mut rows = matching(&wanted, |entry| entry.phrase.clone());
    if rows.is_empty() {
        rows = matching(&wanted, |entry| {
            format!("{} {}", entry.meaning, entry.source)
        });
    }
    match rows.as_slice() {
        [] => Err(FindError::NoMatch {
            similar: similar_word(&wanted),
            words: asked,
        }),
        [only] => Ok(Found::Code(Box::new(catalogue::explain(only.code)))),
        _ => Ok(Found::Rows(rows)),
    }
}

fn find_code(digits: &str) -> Result<Found, FindError> {
    match digits.parse::<u16>() {
        Ok(code @ 100..=999) => Ok(Found::Code(Box::new(catalogue::explain(code)))),
        _ => Err(FindError::NoCode(digits.to_owned())),
    }
}

/// `4xx`, in any case.
fn find_class(word: &str) -> Option<Class> {
    let digit = word
        .to_ascii_lowercase()
        .strip_suffix("xx")?
        .parse::<u16>()
        .ok()?;
    (1..=9).contains(&digit).then(|| Class::of(digit * 100))
}

fn matching(wanted: &[String], read: impl Fn(&Entry) -> String) -> Vec<&'static Entry> {
    let holds_all = |entry: &&Entry| {
        let text = read(entry).to_lowercase();
        !wanted.is_empty() && wanted.iter().all(|word| text.contains(word))
    };
    catalogue::entries().iter().filter(holds_all).collect()
}

/// The word of a phrase or a meaning that is most like one of the words.
fn similar_word(wanted: &[String]) -> Option<String> {
    let texts = catalogue::entries()
        .iter()
        .flat_map(|entry| [&entry.phrase, &entry.meaning]);
    let known = texts
        .flat_map(|text| text.split(|char: char| !char.is_alphanumeric()))
        .filter(|word| word.len() > 3)
        .map(str::to_lowercase);
    let scored = known.map(|word| {
        let scores = wanted
            .iter()
            .map(|other| strsim::jaro_winkler(&word, other));
        (scores.fold(0.0, f64::max), word)
    });
    scored
        .filter(|(score, _)| *score >= ALIKE)
        .max_by(|(score, _), (other, _)| score.total_cmp(other))
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Result<Found, FindError> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        find(&words)
    }

    fn codes(line: &str) -> Vec<u16> {
        match asked(line) {
            Ok(Found::Code(explanation)) => vec![explanation.code],
            Ok(Found::Rows(rows)) => rows.iter().map(|entry| entry.code).collect(),
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn codes_classes_and_words_are_told_apart() {
        assert_eq!(codes("404"), [404]);
        assert_eq!(codes("799"), [799]);
        assert_eq!(asked("4XX"), Ok(Found::Class(Class::ClientError)));
        assert_eq!(asked("9xx"), Ok(Found::Class(Class::Unknown)));
        assert_eq!(codes("teapot"), [418]);
        assert_eq!(codes("TOO large"), [413, 431, 494]);
        assert_eq!(codes("many requests"), [429]);
        assert!(codes("gateway").contains(&502));
        assert_eq!(codes("").len(), catalogue::entries().len());
    }

    #[test]
    fn what_is_not_found_is_told_with_what_is_near() {
        for code in ["0", "99", "1000", "70000", "99999999999"] {
            assert_eq!(asked(code), Err(FindError::NoCode(code.into())), "{code}");
        }
        let error = asked("xyz unauthorised").unwrap_err();
        assert!(
            error.to_string().contains("did you mean “unauthorized”?"),
            "{error}"
        );
        let error = asked("qqqq").unwrap_err().to_string();
        assert!(!error.contains("did you mean"), "{error}");
        for odd in [vec![String::new()], vec![" ".to_owned()]] {
            assert!(
                matches!(find(&odd), Err(FindError::NoMatch { .. })),
                "{odd:?}"
            );
        }
    }
}
