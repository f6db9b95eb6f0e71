//! What was typed -> [`Filter`].

use jiff::ZonedDateTime;

use crate::pattern::{Letter, RawTerm, plain, split_at_colon, split_terms, strip_minus};

use super::{Condition, Filter, FilterError, Term, keys::KEYS, matching::lower};

impl Filter {
    /// Reads what was typed; `now` tells the times in it (`since:2d`) and the time zone they are in.
    pub fn parse(text: &str, now: &ZonedDateTime) -> Result<Self, FilterError> {
        match Self::parse_readable(text, now) {
            (filter, None) => Ok(filter),
            (_, Some(error)) => Err(error),
        }
    }

    /// Reads what can be read of it, for whoever is still typing, and says what is wrong with the first term that
    /// cannot.
    pub fn parse_readable(text: &str, now: &ZonedDateTime) -> (Self, Option<FilterError>) {
        let mut filter = Self::default();
        let mut wrong = None;
        for raw in split_terms(text) {
            match read_term(&raw, now) {
                Ok(term) => filter.terms.push(term),
                Err(reason) => {
                    wrong.get_or_insert(FilterError {
                        term: raw.source,
                        column: raw.column,
                        reason,
                    });
                }
            }
        }
        (filter, wrong)
    }
}

fn read_term(raw: &RawTerm, now: &ZonedDateTime) -> Result<Term, String> {
    let (negated, letters) = strip_minus(&raw.letters);
    if negated && letters.is_empty() {
        return Err(
            "a - leaves out what follows it: type a word or key:value right after it".to_owned(),
        );
    }
    let condition = match split_at_colon(letters) {
        Some((name, value)) if looks_like_a_key(name, value) => read_pair(name, value, now)?,
        _ => Condition::Text(lower(&plain(letters))),
    };
    Ok(Term { negated, condition })
}

fn read_pair(name: &[Letter], value: &[Letter], now: &ZonedDateTime) -> Result<Condition, String> {
    let name = plain(name);
    match KEYS.iter().find(|key| key.name.eq_ignore_ascii_case(&name)) {
        Some(key) => (key.read)(value, now),
        None => Err(format!(
            "there is no key “{name}”, only {}; to look for it as text, put it into \"quotes\"",
            names()
        )),
    }
}

/// Letters and a colon. Addresses (`127.0.0.1:3000`, `http://host`) are looked for as text.
fn looks_like_a_key(name: &[Letter], value: &[Letter]) -> bool {
    let is_name = !name.is_empty()
        && name
            .iter()
            .all(|letter| !letter.quoted && (letter.char.is_alphabetic() || letter.char == '_'));
    is_name && !plain(value).starts_with("//")
}

/// `status, is, … and until`.
fn names() -> String {
    let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
    match names.as_slice() {
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::StandingTest::{Codes, Failed, InFlight};

    fn now() -> ZonedDateTime {
        "2026-03-04T12:00:00[UTC]".parse().unwrap()
    }

    fn parse(text: &str) -> Result<Filter, FilterError> {
        Filter::parse(text, &now())
    }

    fn condition(text: &str) -> Condition {
        let mut filter = parse(text).unwrap();
        assert_eq!(filter.terms.len(), 1, "{text}");
        filter.terms.remove(0).condition
    }

    #[test]
    fn nothing_typed_lets_everything_pass() {
        assert_eq!(parse("  ").unwrap(), Filter::default());
    }

    #[test]
    fn words_and_quoted_words_are_text() {
        for (text, needle) in [
            ("Create", "create"),
            ("\"two Words\"", "two words"),
            ("\"status:x\"", "status:x"),
            ("http://host/a", "http://host/a"),
            ("127.0.0.1:3000", "127.0.0.1:3000"),
            (":3000", ":3000"),
            ("a-b", "a-b"),
        ] {
            assert_eq!(condition(text), Condition::Text(needle.to_owned()));
        }
        assert_eq!(parse("one \"two three\" -four").unwrap().terms.len(), 3);
    }

    #[test]
    fn statuses_are_read_in_every_form() {
        let list = |any: &[_], none: &[_]| {
            Condition::Standing(crate::search::List {
                any: any.to_vec(),
                none: none.to_vec(),
            })
        };
        assert_eq!(condition("status:201"), list(&[Codes(201, 201)], &[]));
        assert_eq!(
            condition("Status:4XX,-404"),
            list(&[Codes(400, 499)], &[Codes(404, 404)])
        );
        assert_eq!(
            condition("status:400-499,failed,in-flight"),
            list(&[Codes(400, 499), Failed, InFlight], &[])
        );
        assert_eq!(condition("is:ok"), list(&[Codes(200, 299)], &[]));
        assert_eq!(condition("is:error"), list(&[Codes(400, 599), Failed], &[]));
        assert!(parse("-status:200").unwrap().terms[0].negated);
    }

    #[test]
    fn what_is_half_typed_says_what_may_follow() {
        for (text, column, says) in [
            ("one status:", 5, "201"),
            ("status:4", 1, "4xx"),
            ("status:499-400", 1, "400-499"),
            ("status:4xx,", 1, "in-flight"),
            ("status:-", 1, "in-flight"),
            ("is:", 1, "failed"),
            ("is:good", 1, "ok (2xx)"),
            ("method:", 1, "post"),
            ("host:", 1, "example.com"),
            ("path:users", 1, "/users"),
            ("since:", 1, "yesterday"),
            ("until:soon", 1, "today"),
            (
                "é colour:red",
                3,
                "type, has, rule, tag, name, note, header, field and body",
            ),
            ("-", 1, "leaves out"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.column, column, "{error}");
            assert!(error.to_string().contains(says), "{error}");
        }
    }

    #[test]
    fn every_key_has_an_example_that_can_be_read() {
        for key in KEYS {
            assert!(key.example.starts_with(key.name), "{}", key.name);
            assert!(
                !matches!(condition(key.example), Condition::Text(_)),
                "{}",
                key.name
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "([a-z]{0,6}[-:,*\"\\\\ ]?|status:|since:|path:|host:|é|\\PC){0,12}") {
            let _ = parse(&text);
        }
    }
}
