//! Why a filter gives nothing, or not everything.

use std::ops::Range;

use jaq_core::{compile, load};

use crate::units::human_size;

/// What is wrong with a filter, or with running it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Not a filter, and where in it not, in bytes.
    #[error("{what}")]
    Filter { place: Range<usize>, what: String },
    #[error("the filter is longer than {} bytes", super::LONGEST)]
    TooLong,
    #[error("the body is not JSON: line {line}, column {column}: {what}")]
    NotJson {
        line: usize,
        column: usize,
        what: &'static str,
    },
    #[error(
        "the body has {}; a filter takes {} at the most",
        human_size(*bytes as u64),
        human_size(*most as u64)
    )]
    TooLarge { bytes: usize, most: usize },
    #[error("the body is nested deeper than the {most} levels that a filter takes")]
    TooDeep { most: usize },
    /// The filter's own error: `cannot index 1 with "a"`.
    #[error("{0}")]
    Failed(String),
    #[error("{0}")]
    Stopped(Stop),
    #[error("the filter met a defect of the jq language's implementation")]
    Defect,
}

/// Which limit ended a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    #[error("the filter was given up")]
    Cancelled,
    #[error("the filter was stopped: it goes on and on")]
    Steps,
    #[error("the filter was stopped: it calls itself too deeply")]
    Deep,
    #[error("the filter was stopped: a value became too large")]
    Large,
    #[error("the filter gives more than this; the rest is not shown")]
    Output,
}

/// The first thing that keeps a filter from being read.
pub(super) fn unread(filter: &str, errors: load::Errors<&str, ()>) -> Problem {
    let first = errors.into_iter().next().map(|(_, error)| error);
    match first {
        Some(load::Error::Lex(errors)) => first_of(filter, errors, |expected| expected.as_str()),
        Some(load::Error::Parse(errors)) => first_of(filter, errors, |expected| expected.as_str()),
        Some(load::Error::Io(errors)) => {
            let place = errors.first().map(|(name, _)| load::span(filter, name));
            Problem::Filter {
                place: place.unwrap_or(0..filter.len()),
                what: "modules cannot be used here".to_owned(),
            }
        }
        None => Problem::Defect,
    }
}

fn first_of<E>(filter: &str, errors: Vec<(E, &str)>, words: impl Fn(&E) -> &str) -> Problem {
    let Some((expected, found)) = errors.into_iter().next() else {
        return Problem::Defect;
    };
    let place = load::span(filter, found);
    let found = match found.chars().next() {
        _ if found.is_empty() => "the end".to_owned(),
        // What was read last may be all the rest; its first letter is what was not expected.
        Some(first) if found.len() > 20 => format!("“{first}”"),
        _ => format!("“{found}”"),
    };
    let what = format!(
        "{} is expected, not {found}",
        with_article(words(&expected))
    );
    Problem::Filter { place, what }
}

fn with_article(noun: &str) -> String {
    match noun.as_bytes().first() {
        Some(b'a' | b'e' | b'i' | b'o' | b'u') => format!("an {noun}"),
        Some(letter) if letter.is_ascii_alphabetic() && noun != "nothing" && noun.len() > 3 => {
            format!("a {noun}")
        }
        _ => noun.to_owned(),
    }
}

/// The first name in a filter that nothing is called by.
pub(super) fn undefined(filter: &str, errors: compile::Errors<&str, ()>) -> Problem {
    let mut errors = errors.into_iter().flat_map(|(_, errors)| errors);
    let Some((name, kind)) = errors.next() else {
        return Problem::Defect;
    };
    let what = match kind {
        compile::Undefined::Filter(0) => format!("there is no filter {name}"),
        compile::Undefined::Filter(count) => {
            format!("there is no filter {name} with {count} arguments")
        }
        kind => format!("there is no {} {name}", kind.as_str()),
    };
    let whole = filter.as_bytes().as_ptr_range();
    let inside = whole.contains(&name.as_ptr());
    let place = if inside {
        load::span(filter, name)
    } else {
        0..filter.len()
    };
    Problem::Filter { place, what }
}
