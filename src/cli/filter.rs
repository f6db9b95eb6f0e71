//! `posttui send --jq`: what a filter makes of the body, in the place of the body.

use std::time::{Duration, Instant};

use crate::{
    inspect::{
        Document, Received,
        jq::{self, Limits, Problem},
    },
    model::Response,
    text,
};

use super::{Stop, output};

/// How long a filter may take: one that is sound reads the largest body in less.
const PATIENCE: Duration = Duration::from_secs(20);

/// How far a filter may go. The signals that end a send wait for what is asked after it.
const LIMITS: Limits<'static> = Limits {
    input: 64 * 1024 * 1024,
    outputs: usize::MAX,
    bytes: 1024 * 1024 * 1024,
    steps: 2_000_000_000,
    collected: 20_000_000,
    stop: &|| false,
};

/// Refuses what is no filter before anything is sent.
pub fn check(filter: &str) -> Result<(), Stop> {
    jq::check(filter).map_err(|problem| Stop::usage(&words(filter, &problem)))
}

/// Prints what the filter makes of a body, a value a line; says whether that was all of it.
pub fn print(filter: &str, response: &Response) -> Result<bool, Stop> {
    let document = Document::read(&Received::of(response, false));
    let Some(body) = document.text() else {
        output::complain("--jq takes JSON; this body is not even text");
        return Ok(false);
    };
    let (values, problem) = values(filter, body, PATIENCE);
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
    if let Some(problem) = &problem {
        output::complain(&words(filter, problem));
    }
    Ok(problem.is_none())
}

/// What the filter gives within this time, and what is wrong with it.
fn values(filter: &str, body: &[u8], patience: Duration) -> (Vec<String>, Option<Problem>) {
    let started = Instant::now();
    let limits = Limits {
        stop: &|| started.elapsed() > patience,
        ..LIMITS
    };
    match jq::run(filter, body, &limits) {
        Ok(found) => {
            let is_over = found.problem == Some(Problem::Stopped(jq::Stop::Cancelled));
            let problem = if is_over {
                Some(Problem::Stopped(jq::Stop::Steps))
            } else {
                found.problem
            };
            (found.values, problem)
        }
        Err(problem) => (Vec::new(), Some(problem)),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_without_an_end_is_stopped_in_time() {
        for filter in ["def f: f; f", "last(repeat(1))", "[range(1e12)] | length"] {
            let (_, problem) = values(filter, b"null", Duration::ZERO);
            assert_eq!(problem, Some(Problem::Stopped(jq::Stop::Steps)), "{filter}");
        }
    }
}
