//! A filter rewritten so that it cannot go on without being counted.
//!
//! Whatever loops in jq does so by calling a definition again, by `range`, or by combining the outputs of
//! several terms. So every definition's body, every step of a pipe and of `reduce` and `foreach` asks the
//! counter first, as `if counter then … end`, which leaves paths, updates and tail calls what they are; and
//! what combines or collects outputs asks for each of them.

use jaq_core::{
    load::{
        lex::StrPart,
        parse::{BinaryOp, Def, Term},
    },
    ops::Math,
    path::{Part, Path},
};

/// The counter: always true, unless it ends the run. No filter can be typed that has a blank in its name.
pub(super) const COUNTER: &str = "the counter";

/// The same for what an array collects, which the counter does not see growing.
pub(super) const COLLECTOR: &str = "the collector";

/// What asks how much a value is before something goes through all of it at once. A value may be in itself
/// again and again: forty steps make one that nobody could write down.
pub(super) const WEIGHER: &str = "the weigher";

/// Filters that go through all of their input.
const HEAVY: [&str; 7] = [
    "contains", "group_by", "max_by", "min_by", "sort", "sort_by", "tojson",
];

/// Multiplication that refuses to repeat a text beyond measure.
pub(super) const TIMES: &str = "times, in bounds";

/// A term that goes through the counter.
pub(super) fn term(term: Term<&str>) -> Term<&str> {
    match term {
        Term::Id
        | Term::Recurse
        | Term::Num(_)
        | Term::Break(_)
        | Term::Var(_)
        | Term::Arr(None) => term,
        Term::Str(format, parts) => text(format, parts),
        Term::Arr(Some(inner)) => Term::Arr(Some(Box::new(passing(COLLECTOR, watched(*inner))))),
        Term::Obj(members) => {
            let members = members
                .into_iter()
                .map(|(key, value)| (self::term(key), value.map(self::term)));
            counted(Term::Obj(members.collect()))
        }
        Term::Neg(inner) => Term::Neg(boxed(*inner)),
        Term::BinOp(left, operator, right) => operation(*left, operator, *right),
        Term::Label(name, inner) => Term::Label(name, boxed(*inner)),
        Term::Fold(name, values, pattern, steps) => {
            let steps = steps.into_iter().map(|step| guarded(watched(step)));
            Term::Fold(name, boxed(*values), pattern, steps.collect())
        }
        Term::TryCatch(inner, catch) => {
            Term::TryCatch(boxed(*inner), catch.map(|catch| boxed(*catch)))
        }
        Term::IfThenElse(cases, otherwise) => {
            let cases = cases
                .into_iter()
                .map(|(condition, inner)| (watched(condition), watched(inner)));
            Term::IfThenElse(cases.collect(), otherwise.map(|inner| boxed(*inner)))
        }
        Term::Def(definitions, inner) => {
            let definitions = definitions.into_iter().map(definition);
            Term::Def(definitions.collect(), boxed(*inner))
        }
        Term::Call(name, arguments) => {
            let is_range = name == "range" && arguments.len() == 3;
            let is_heavy = HEAVY.contains(&name);
            let call = Term::Call(name, arguments.into_iter().map(self::term).collect());
            if is_range {
                counted(call)
            } else if is_heavy {
                behind(WEIGHER, call)
            } else {
                call
            }
        }
        Term::Path(inner, Path(parts)) => {
            let parts = parts.into_iter().map(|(part, optional)| {
                let part = match part {
                    Part::Index(index) => Part::Index(watched(index)),
                    Part::Range(from, to) => Part::Range(from.map(watched), to.map(watched)),
                };
                (part, optional)
            });
            Term::Path(boxed(*inner), Path(parts.collect()))
        }
    }
}

/// A definition whose every call is counted.
pub(super) fn definition(definition: Def<&str>) -> Def<&str> {
    Def {
        body: guarded(term(definition.body)),
        ..definition
    }
}

fn watched(inner: Term<&str>) -> Term<&str> {
    term(inner)
}

fn boxed(inner: Term<&str>) -> Box<Term<&str>> {
    Box::new(term(inner))
}

fn text<'s>(format: Option<&'s str>, parts: Vec<StrPart<&'s str, Term<&'s str>>>) -> Term<&'s str> {
    let is_plain = !parts.iter().any(|part| matches!(part, StrPart::Term(_)));
    let parts = parts.into_iter().map(|part| match part {
        StrPart::Term(inner) => StrPart::Term(passing(WEIGHER, term(inner))),
        StrPart::Str(_) | StrPart::Char(_) => part,
    });
    let text = Term::Str(format, parts.collect());
    if is_plain { text } else { counted(text) }
}

fn operation<'s>(
    left: Term<&'s str>,
    operator: BinaryOp<&'s str>,
    right: Term<&'s str>,
) -> Term<&'s str> {
    let (left, right) = (term(left), term(right));
    match operator {
        BinaryOp::Pipe(_) => Term::BinOp(Box::new(left), operator, Box::new(guarded(right))),
        BinaryOp::Math(Math::Mul) => counted(Term::Call(TIMES, vec![left, right])),
        BinaryOp::Cmp(_) => {
            let left = Box::new(passing(WEIGHER, left));
            let right = Box::new(passing(WEIGHER, right));
            counted(Term::BinOp(left, operator, right))
        }
        BinaryOp::Math(_) => counted(Term::BinOp(Box::new(left), operator, Box::new(right))),
        _ => Term::BinOp(Box::new(left), operator, Box::new(right)),
    }
}

/// `if counter then … end`
fn guarded(inner: Term<&str>) -> Term<&str> {
    behind(COUNTER, inner)
}

fn behind<'s>(counter: &'static str, inner: Term<&'s str>) -> Term<&'s str> {
    let counter = Term::Call(counter, Vec::new());
    Term::IfThenElse(vec![(counter, inner)], Some(Box::new(Term::Id)))
}

/// `… | if counter then . end`
fn counted(inner: Term<&str>) -> Term<&str> {
    passing(COUNTER, inner)
}

fn passing<'s>(counter: &'static str, inner: Term<&'s str>) -> Term<&'s str> {
    let then = Box::new(behind(counter, Term::Id));
    Term::BinOp(Box::new(inner), BinaryOp::Pipe(None), then)
}
