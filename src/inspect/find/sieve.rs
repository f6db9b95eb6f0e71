//! A coarser expression, that finds where a finer one may match.
//!
//! `\b` looks at whole letters, and outside of ASCII the library has only its slow way for that: about fifty times
//! as slow as its fast one. Without its `\b` an expression matches wherever it did, and elsewhere too; so that the
//! slow way has to look only there.

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::{
    ParserBuilder,
    hir::{Capture, Hir, HirKind, Look, Repetition},
};

/// The expression without its word boundaries; `None` where it has none, or where nothing else is left that could
/// be looked for.
pub(super) fn sieve(source: &str, is_caseless: bool, size_limit: usize) -> Option<Regex> {
    let whole = ParserBuilder::new()
        .utf8(false)
        .case_insensitive(is_caseless)
        .multi_line(true)
        .build()
        .parse(source)
        .ok()?;
    if !whole.properties().look_set().contains_word_unicode() {
        return None;
    }
    let coarse = without_boundaries(whole);
    let finds_something = coarse.properties().minimum_len().is_some_and(|it| it > 0);
    if !finds_something {
        return None;
    }
    let regex = RegexBuilder::new(&coarse.to_string())
        .size_limit(size_limit)
        .build();
    regex.ok()
}

/// The parser nests no deeper than 250 levels, so that this may recurse.
fn without_boundaries(whole: Hir) -> Hir {
    let all = |parts: Vec<Hir>| parts.into_iter().map(without_boundaries).collect();
    match whole.into_kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) if is_of_words(look) => Hir::empty(),
        HirKind::Look(look) => Hir::look(look),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(without_boundaries(*repetition.sub));
            Hir::repetition(Repetition { sub, ..repetition })
        }
        HirKind::Capture(Capture { sub, .. }) => without_boundaries(*sub),
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
    }
}

fn is_of_words(look: Look) -> bool {
    matches!(
        look,
        Look::WordUnicode
            | Look::WordUnicodeNegate
            | Look::WordStartUnicode
            | Look::WordEndUnicode
            | Look::WordStartHalfUnicode
            | Look::WordEndHalfUnicode
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_boundaries_of_words_needs_one() {
        let of = |source| sieve(source, true, 1 << 20);
        assert_eq!(
            of(r"(?P<a>\w+)99\b").unwrap().as_str(),
            of(r"\b\w+99\B").unwrap().as_str()
        );
        assert!(of(r"^\bé+$").unwrap().is_match("xé\nÉ".as_bytes()));
        for source in [r"\w+99", r"(?-u:\b)x", r"\b", r"\bx*\b", "("] {
            assert!(of(source).is_none(), "{source}");
        }
    }
}
