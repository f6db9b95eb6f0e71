//! Text of which each character knows whether it stood in quotes: within them nothing is an
//! operator.

/// A character of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    pub char: char,
    pub quoted: bool,
}

/// One term as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawTerm {
    pub letters: Vec<Letter>,
    /// Its source text, for messages.
    pub source: String,
    /// In characters from 1.
    pub column: usize,
}

/// Splits a filter at its blanks. A quote that is never closed reaches to the end, so that a filter
/// that is being typed already finds something. In quotes, `\` makes a quote of a quote.
pub fn split_terms(text: &str) -> Vec<RawTerm> {
    let mut terms = Vec::new();
    let mut term = RawTerm::default();
    let mut quoted = false;
    let mut characters = text.chars().enumerate().peekable();
    while let Some((index, char)) = characters.next() {
        if char.is_whitespace() && !quoted {
            end_term(&mut terms, &mut term);
            continue;
        }
        if term.source.is_empty() {
            term.column = index + 1;
        }
        term.source.push(char);
        match char {
            '"' => quoted = !quoted,
            '\\' if quoted => {
                let escaped = characters.next_if(|(_, next)| "\"\\".contains(*next));
                let char = escaped.map_or('\\', |(_, char)| char);
                if escaped.is_some() {
                    term.source.push(char);
                }
                term.letters.push(Letter { char, quoted });
            }
            char => term.letters.push(Letter { char, quoted }),
        }
    }
    end_term(&mut terms, &mut term);
    terms
}

fn end_term(terms: &mut Vec<RawTerm>, term: &mut RawTerm) {
    let ended = std::mem::take(term);
    if !ended.source.is_empty() {
        terms.push(ended);
    }
}

/// Without a leading `-`, and whether there was one.
pub fn strip_minus(letters: &[Letter]) -> (bool, &[Letter]) {
    match letters.split_first() {
        Some((first, rest)) if first.char == '-' && !first.quoted => (true, rest),
        _ => (false, letters),
    }
}

/// The parts before and after the first `:` outside quotes.
pub fn split_at_colon(letters: &[Letter]) -> Option<(&[Letter], &[Letter])> {
    let colon = letters
        .iter()
        .position(|letter| letter.char == ':' && !letter.quoted)?;
    Some((letters.get(..colon)?, letters.get(colon + 1..)?))
}

/// The members between the commas outside quotes.
pub fn split_at_commas(letters: &[Letter]) -> impl Iterator<Item = &[Letter]> {
    letters.split(|letter| letter.char == ',' && !letter.quoted)
}

/// The characters as a text.
pub fn plain(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_blanks_and_operators() {
        let terms = split_terms(r#"  one "two, three:four" a:"b \" c" "open end"#);
        let texts: Vec<_> = terms.iter().map(|term| plain(&term.letters)).collect();
        assert_eq!(
            texts,
            ["one", "two, three:four", "a:b \" c", "open end"].map(str::to_owned)
        );
        assert_eq!(
            terms.iter().map(|term| term.column).collect::<Vec<_>>(),
            [3, 7, 25, 36]
        );
        assert!(split_at_colon(&terms[1].letters).is_none());
        assert_eq!(split_at_commas(&terms[1].letters).count(), 1);
        let (name, value) = split_at_colon(&terms[2].letters).unwrap();
        assert_eq!((plain(name), plain(value)), ("a".into(), "b \" c".into()));
    }
}
