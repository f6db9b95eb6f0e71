//! `posttui history backup`, `scrub` and `forget`: a copy, a leaked value taken out, old exchanges let go.

use std::{io::Read, path::PathBuf, time::Duration};

use anyhow::Context;
use jiff::Timestamp;
use regex::bytes::Regex;

use crate::{
    app::rich::{Line, Tone},
    cli::{
        Stop,
        exit::Exit,
        output::{self, Look},
    },
    store::{History, Limits, Retention, SHORTEST_SCRUBBED},
    units::{counted, human_size, read_age},
};

/// What `posttui history backup` understands.
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// The new file; one that is there already is not touched
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// What `posttui history scrub` understands.
#[derive(Debug, clap::Args)]
pub struct Scrub {
    /// The value, as it is; - reads it from stdin, so that it does not get into your shell's history
    #[arg(value_name = "VALUE|-")]
    pub value: String,

    /// Take VALUE for a regular expression: everything that fits it goes
    #[arg(long)]
    pub regex: bool,

    /// Say which exchanges hold it, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What `posttui history forget` understands.
#[derive(Debug, clap::Args)]
pub struct Forget {
    /// Forget what is older, such as 90d or 12w
    #[arg(long, value_name = "AGE", value_parser = parse_age)]
    pub older_than: Option<Duration>,

    /// Keep so many exchanges, the newest
    #[arg(long, value_name = "N")]
    pub count: Option<u64>,

    /// Keep the history within so much of the disk, such as 500MB
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub size: Option<u64>,
}

/// Examples for `posttui history scrub --help`.
pub const SCRUB_EXAMPLES: &str = "\
Examples:
  posttui history scrub - < leaked.txt          takes the token out of every exchange
  posttui history scrub --dry-run tok_live_123  says where it is
  posttui history scrub --regex 'tok_[a-z0-9]{8,}'

A mark takes its place in rows, headers and bodies, whether it stands there as it is, percent-encoded, as Base64 (also
together with other things, as in Basic credentials) or within a JSON text. Then the file is made anew, so that nothing of it is left in free pages or in the search index.";

/// Examples for `posttui history forget --help`.
pub const FORGET_EXAMPLES: &str = "\
Examples:
  posttui history forget --older-than 90d
  posttui history forget --size 500MB --count 100000

What is pinned stays. The space goes back to the disk.";

fn parse_age(text: &str) -> Result<Duration, String> {
    read_age(text).ok_or_else(|| format!("“{text}” is no age: type 12h, 90d or 52w"))
}

fn parse_size(text: &str) -> Result<u64, String> {
    crate::search::read_size(text)
        .ok_or_else(|| format!("“{text}” is no size: type 500MB, 2GB or a number of bytes"))
}

/// Copies the history.
pub fn back_up(arguments: &Backup) -> Result<Exit, Stop> {
    let history = super::open().context("cannot open the history")?;
    let size = history
        .back_up(&arguments.file)
        .context("cannot back the history up")?;
    let file = arguments.file.display();
    tell(&format!(
        "{file}: the whole history, {}. `posttui history doctor --from {file}` brings it back.",
        human_size(size)
    ));
    Ok(Exit::Success)
}

/// Takes a value out.
pub fn scrub(arguments: &Scrub) -> Result<Exit, Stop> {
    let value = if arguments.value == "-" {
        let mut typed = String::new();
        std::io::stdin()
            .read_to_string(&mut typed)
            .context("cannot read the value from stdin")?;
        typed.trim_end_matches(['\r', '\n']).to_owned()
    } else {
        arguments.value.clone()
    };
    let history = super::open().context("cannot open the history")?;
    let values = if arguments.regex {
        fitting(&history, &value)?
    } else {
        vec![value]
    };
    if values.iter().any(|value| value.len() < SHORTEST_SCRUBBED) {
        return Err(Stop::usage(&format!(
            "a value of less than {SHORTEST_SCRUBBED} bytes would be found by chance all over the history: give more of it"
        )));
    }
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let ids = if arguments.dry_run {
        history.holding(&values)
    } else {
        history.scrub(&values)
    };
    let ids = ids.context("cannot scrub the history")?;
    let numbers: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let what = match (arguments.dry_run, ids.len()) {
        (true, 1) => "holds it",
        (true, _) => "hold it",
        (false, _) => "held it",
    };
    tell(&match numbers.as_slice() {
        [] => "No exchange holds it.".to_owned(),
        numbers => format!(
            "{} {what}: {}.",
            counted(numbers.len() as u64, "exchange"),
            numbers.join(", ")
        ),
    });
    Ok(Exit::Success)
}

/// With more different values every exchange would be looked through for too long.
const MOST_VALUES: usize = 200;

/// The values that fit an expression, which are not told: they are secrets.
fn fitting(history: &History, expression: &str) -> Result<Vec<String>, Stop> {
    let expression = Regex::new(expression)
        .map_err(|error| Stop::usage(&format!("it is no regular expression: {error}")))?;
    let found = history.fitting(&expression);
    let found = found.context("cannot search the history")?;
    if found.len() > MOST_VALUES {
        return Err(Stop::usage(&format!(
            "{} different texts fit it, and no more than {MOST_VALUES} are taken out at once: make it narrower",
            found.len()
        )));
    }
    if !found.is_empty() {
        tell(&match found.len() {
            1 => "One text fits the expression.".to_owned(),
            count => format!("{count} different texts fit the expression."),
        });
    }
    Ok(found.into_iter().collect())
}

/// Lets go of what is beyond the limits.
pub fn forget(arguments: &Forget) -> Result<Exit, Stop> {
    let limits = Limits {
        size: arguments.size,
        age: arguments.older_than,
        count: arguments.count,
    };
    if limits == Limits::NONE {
        return Err(Stop::usage(
            "say what may go: --older-than 90d, --count 100000 or --size 500MB",
        ));
    }
    let history = super::open().context("cannot open the history")?;
    let forgotten = history
        .keep_within(
            &Retention {
                all: limits,
                ..Retention::default()
            },
            Timestamp::now(),
        )
        .context("cannot forget what is beyond the limits")?;
    tell(&forgotten.to_string());
    Ok(Exit::Success)
}

fn tell(text: &str) {
    output::tell(Look::stderr(), &[Line::new(Tone::Plain, text)]);
}
