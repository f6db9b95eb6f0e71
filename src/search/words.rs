//! Words: what a text is made of where it is searched. The store's full-text index takes a text apart in
//! the same way, so that both find the same.

/// Where words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The user's own name of the exchange.
    Name,
    Note,
    /// The message of the user's rule.
    Rule,
    /// The header fields of request and response.
    Headers,
    /// The fields of the request's body, of whatever kind.
    Fields,
    /// The bodies of request and response.
    Bodies,
}

/// The words of a text, in lower case: what stands between everything that is neither letter nor number.
pub fn words(text: &str) -> Vec<String> {
    let text = super::matching::lower(text);
    let words = text.split(|char: char| !is_of_a_word(char));
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Combining marks go with the letter before them.
pub(super) fn is_of_a_word(char: char) -> bool {
    char.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&char)
}

/// Whether the words stand in the text one after the other; the last one may go on.
pub fn has_words(text: &str, wanted: &[String]) -> bool {
    let Some((last, before)) = wanted.split_last() else {
        return true;
    };
    words(text).windows(wanted.len()).any(|window| {
        window
            .split_last()
            .is_some_and(|(word, others)| others == before && word.starts_with(last.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_letters_and_numbers() {
        assert_eq!(
            words("POST http://h:80/create_user?Ä=ÉT%20"),
            ["post", "http", "h", "80", "create", "user", "ä", "ét", "20"].map(str::to_owned)
        );
        assert!(words(" - ").is_empty());
    }

    #[test]
    fn words_are_found_in_order_the_last_from_its_beginning() {
        let found = |wanted: &str| has_words("User CREATED at last", &words(wanted));
        for yes in ["user", "cre", "user crea", "created at la", ""] {
            assert!(found(yes), "{yes}");
        }
        for no in ["ser", "created user", "us created", "last one"] {
            assert!(!found(no), "{no}");
        }
    }
}
