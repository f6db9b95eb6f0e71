//! `posttui send --jq`: what a filter makes of the body, in the place of the body.

use crate::{
    inspect::{
        Document, Received,
        jq::{self, Limits, Problem},
    },
    model::Response,
    text,
};

use super::{Stop, output};

/// How far a filter may go: whoever started it can end it by a key.
const LIMITS: Limits<'static> = Limits {
    input: 64 * 1024 * 1024,
    outputs: usize::MAX,
    bytes: 1024 * 1024 * 1024,
    steps: 2_000_000_000,
    stop: &|| false,
};

/// Refuses what is no filter before anything is sent.
pub fn check(filter: &str) -> Result<(), Stop> {
    jq::check(filter).map_err(|problem| Stop::usage(&words(filter, &problem)))
}

/// Prints what the filter makes of a body, a value a line.
pub fn print(filter: &str, response: &Response) -> Result<(), Stop> {
    let document = Document::read(&Received::of(response, false));
    let Some(body) = document.text() else {
        output::complain("--jq takes JSON; this body is not even text");
        return Ok(());
    };
    let found = jq::run(filter, body, &LIMITS);
    let (values, problem) = match found {
        Ok(found) => (found.values, found.problem),
        Err(problem) => (Vec::new(), Some(problem)),
    };
    let is_terminal = output::stdout_is_terminal();
    output::print(|out| {
        values.iter().try_for_each(|value| {
            if is_terminal {
                writeln!(out, "{}", text::for_terminal(value))
            } else {
                writeln!(out, "{value}")
            }
        })
    })?;
    if let Some(problem) = problem {
        output::complain(&words(filter, &problem));
    }
    Ok(())
}

/// What is wrong, with the filter and a mark below the place in it.
fn words(filter: &str, problem: &Problem) -> String {
    let Problem::Filter { place, what } = problem else {
        return format!("--jq: {problem}");
    };
    let before = filter.get(..place.start).unwrap_or(filter);
    let column = before.chars().count() + 1;
    format!("--jq: {what}, at letter {column} of “{filter}”")
}
