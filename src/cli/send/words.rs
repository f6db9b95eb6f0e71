//! `[METHOD] URL [ITEM]...`: which of the words is what.

use super::item::{Item, ItemError};

/// The words of a send, told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub method: String,
    pub url: String,
    pub items: Vec<Item>,
}

/// Why the words make no send.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    #[error("the URL is missing: write where to send it, for example :3000/path")]
    NoUrl,
    #[error("“{0}” stands where the URL should: the items come after it")]
    ItemFirst(String),
    #[error(transparent)]
    Item(#[from] ItemError),
}

/// Methods that are meant whatever the case they are written in: RFC 9110, Section 9, and RFC 5789.
const KNOWN_METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
];

impl Words {
    /// Tells the words apart; the method is POST where none is given.
    pub fn parse(words: &[String]) -> Result<Self, WordsError> {
        let (method, words) = match words {
            [first, rest @ ..] if is_method(first, rest.first()) => (spell_method(first), rest),
            words => ("POST".to_owned(), words),
        };
        let [url, items @ ..] = words else {
            return Err(WordsError::NoUrl);
        };
        if is_item_rather_than_url(url) {
            return Err(WordsError::ItemFirst(url.clone()));
        }
        Ok(Self {
            method,
            url: url.clone(),
            items: items
                .iter()
                .map(|word| Item::parse(word))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// Whether the first word is the method: capitals alone are, and the known ones in any case; another
/// word of letters is one where a URL follows, because `localhost name=value` sends to a host.
fn is_method(first: &str, second: Option<&String>) -> bool {
    let is_word = first.starts_with(|char: char| char.is_ascii_alphabetic())
        && first
            .chars()
            .all(|char| char.is_ascii_alphabetic() || char == '-');
    let is_capitals = !first.contains(|char: char| char.is_ascii_lowercase());
    let is_plain = is_capitals || known_method(first).is_some();
    is_word && (is_plain || second.is_some_and(|word| looks_like_url(word)))
}

fn known_method(word: &str) -> Option<&'static str> {
    KNOWN_METHODS
        .into_iter()
        .find(|method| method.eq_ignore_ascii_case(word))
}

/// A known method is written in capitals, as the standard spells it; methods are case-sensitive, so
/// that any other is sent as typed.
fn spell_method(word: &str) -> String {
    known_method(word).unwrap_or(word).to_owned()
}

/// Whether a word is a URL for sure: `X-Count:3` could be a host with a port, but is a header.
fn looks_like_url(word: &str) -> bool {
    let authority = word.split(['/', '?', '#']).next().unwrap_or_default();
    let has_scheme = word.starts_with("http://") || word.starts_with("https://");
    let has_port = authority.rsplit_once(':').is_some_and(|(host, port)| {
        let is_host = matches!(host, "" | "localhost") || host.contains(['.', '[']);
        is_host && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    });
    let has_no_separator = !authority.is_empty() && !authority.contains([':', '=']);
    has_scheme || has_port || has_no_separator
}

/// `name=value` and the like as the first word: no host has a `=` in its name.
fn is_item_rather_than_url(word: &str) -> bool {
    let authority = word.split(['/', '?', '#', '@']).next().unwrap_or_default();
    authority.contains('=')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Words, WordsError> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Words::parse(&words)
    }

    #[test]
    fn the_method_may_be_left_out() {
        for (line, method, url, items) in [
            (":3000/x", "POST", ":3000/x", 0),
            ("localhost", "POST", "localhost", 0),
            ("localhost a=b", "POST", "localhost", 1),
            ("intranet X-A:b a=b", "POST", "intranet", 2),
            ("intranet X-A:1", "POST", "intranet", 1),
            ("example.com a=b q==c", "POST", "example.com", 2),
            ("GET :3000/x", "GET", ":3000/x", 0),
            ("post :3000/x a=b", "POST", ":3000/x", 1),
            ("DELETE localhost:3000/x", "DELETE", "localhost:3000/x", 0),
            ("PURGE intranet", "PURGE", "intranet", 0),
            ("Purge http://h/?a=b", "Purge", "http://h/?a=b", 0),
            ("purge example.com/x:y a=b", "purge", "example.com/x:y", 1),
            ("M-SEARCH localhost", "M-SEARCH", "localhost", 0),
            ("http://u:p@h/x?a=b", "POST", "http://u:p@h/x?a=b", 0),
        ] {
            let words = parse(line).unwrap();
            assert_eq!(
                (words.method.as_str(), words.url.as_str(), words.items.len()),
                (method, url, items),
                "{line}"
            );
        }
    }

    #[test]
    fn words_that_make_no_send_are_refused_with_the_reason() {
        for line in ["", "POST", "get"] {
            assert_eq!(parse(line), Err(WordsError::NoUrl), "{line}");
        }
        for line in ["name=value", "a==b", "POST name=value", "n:=1"] {
            assert!(
                matches!(parse(line), Err(WordsError::ItemFirst(_))),
                "{line}"
            );
        }
        assert_eq!(
            parse(":3000 oops"),
            Err(WordsError::Item(ItemError::NoSeparator("oops".into())))
        );
    }
}
