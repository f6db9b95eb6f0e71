//! Filters in the language of jq, run over a body.
//!
//! ```text
//! filter ─ parse ─► term ─ watch ─► term that counts its steps ─ compile ─► run over each value ─► Found
//! ```
//!
//! The language is jaq's. A filter may loop for ever, recurse without end or make a value as large as it
//! likes, and jaq cannot be interrupted; so every place that can go on and on is rewritten to pass a counter
//! first (`watch`), which ends the run when a limit is reached or nobody waits for it any more. Nothing
//! of this reaches the file system or the environment.

mod problem;
mod run;
mod watch;

use crate::inspect::json;

pub use problem::{Problem, Stop};

/// The longest filter in bytes: it is parsed by recursion.
pub const LONGEST: usize = 8 * 1024;

/// Levels of nesting that a body may have: values are read and freed by recursion.
const DEEPEST: usize = 10_000;

/// The stack that a run gets, in bytes. It is mapped only as far as it is used.
const STACK: usize = 256 * 1024 * 1024;

/// How far one run may go.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    /// Bytes that the body may have; its values take about fourteen times as many.
    pub input: usize,
    /// Values that are kept of the output.
    pub outputs: usize,
    /// Bytes that these may have together, written as JSON.
    pub bytes: usize,
    /// Steps, of which a million take about a quarter of a second.
    pub steps: u64,
    /// Members that its arrays may collect together, each of about 40 bytes.
    pub collected: u64,
    /// Asked every so many steps: whether nobody waits for the output any more.
    pub stop: &'a dyn Fn() -> bool,
}

impl Limits<'_> {
    /// What is enough for a question with a short answer, such as a condition on a body.
    pub const SHORT: Limits<'static> = Limits {
        input: 8 * 1024 * 1024,
        outputs: 1000,
        bytes: 1024 * 1024,
        steps: 4_000_000,
        collected: 2_000_000,
        stop: &|| false,
    };
}

/// What a filter made of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The values in order, each as one line of JSON. Numbers have the digits that they came with.
    pub values: Vec<String>,
    /// Why there may be more of them.
    pub problem: Option<Problem>,
}

/// Whether a filter can be run at all; the problem names the place in it.
pub fn check(filter: &str) -> Result<(), Problem> {
    on_own_stack(filter, || run::check(filter))
}

/// Runs a filter over each of the JSON values of a body.
///
/// ```
/// use posttui::inspect::jq::{Limits, run};
///
/// let found = run(".items[] | .price", br#"{"items":[{"price":1.50}]}"#, &Limits::SHORT)?;
/// assert_eq!(found.values, ["1.50"]);
/// # Ok::<(), posttui::inspect::jq::Problem>(())
/// ```
///
/// # Errors
///
/// When the filter is none, or the body is no JSON or too much of it. What goes wrong later is in
/// [`Found::problem`], beside the values that there were before it.
pub fn run(filter: &str, body: &[u8], limits: &Limits<'_>) -> Result<Found, Problem> {
    on_own_stack(filter, || {
        let program = run::Program::compile(filter)?;
        check_body(body, limits)?;
        Ok(program.run(body, limits))
    })
}

fn on_own_stack<T>(filter: &str, work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    if filter.len() > LONGEST {
        return Err(Problem::TooLong);
    }
    stacker::grow(STACK, || {
        // A defect in the language must not take the program down.
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or(Err(Problem::Defect))
    })
}

fn check_body(body: &[u8], limits: &Limits<'_>) -> Result<(), Problem> {
    if body.len() > limits.input {
        return Err(Problem::TooLarge {
            bytes: body.len(),
            most: limits.input,
        });
    }
    let checked = json::check(body, json::Shape::Many);
    if let Some(problem) = checked.problem {
        let (line, column) = problem.line_and_column(body);
        return Err(Problem::NotJson {
            line,
            column,
            what: problem.what,
        });
    }
    if checked.deepest > DEEPEST {
        return Err(Problem::TooDeep { most: DEEPEST });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
