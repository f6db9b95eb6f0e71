//! `posttui history`: what was sent, newest first; `posttui history show`: one exchange, whole.

mod care;
mod doctor;
pub mod example;
mod export;
mod show;
mod sql;
mod table;

use std::{
    ffi::{OsStr, OsString},
    io::Write,
};

use anyhow::Context;
use jiff::{Timestamp, ZonedDateTime};
use serde::Serialize;

use crate::{
    app::rich::{Line, Tone},
    model::{ExchangeId, FailureKind, Label, RuleLevel, Standing, Summary},
    search::{self, Filter},
    status::failure,
    store::{History, Paths, Retention, StoreError},
    text,
};

use super::{
    Stop,
    exit::Exit,
    json,
    output::{self, Look},
};

/// What `posttui history` understands.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub deed: Option<Deed>,

    /// Words and terms of the filter that the interface has too; all of them must fit
    #[arg(value_name = "FILTER")]
    pub filter: Vec<String>,

    /// Rows at the most
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: u32,

    /// Run one SQL statement that reads, and print its rows; without one, print what there is to read
    #[arg(long, value_name = "STATEMENT", num_args = 0..=1, default_missing_value = "", conflicts_with = "filter")]
    pub sql: Option<String>,

    /// Print one JSON object a line (NDJSON)
    #[arg(short, long)]
    pub json: bool,
}

/// What can be done with the history beyond listing it.
#[derive(Debug, clap::Subcommand)]
pub enum Deed {
    /// Print one exchange whole, as JSON
    #[command(after_help = show::EXAMPLES)]
    Show(show::Arguments),
    /// Name an answer as an example of a saved request
    #[command(after_help = example::EXAMPLES)]
    Example(example::Arguments),
    /// Write what a filter finds as HAR, NDJSON, files or a Markdown report
    #[command(after_help = export::EXAMPLES)]
    Export(export::Arguments),
    /// Check the history, and repair what can be repaired
    #[command(after_help = doctor::EXAMPLES)]
    Doctor(doctor::Arguments),
    /// Copy the whole history into one file, also while it is in use
    Backup(care::Backup),
    /// Take a leaked value out of the history and its file
    #[command(after_help = care::SCRUB_EXAMPLES)]
    Scrub(care::Scrub),
    /// Forget old exchanges and give their space back
    #[command(after_help = care::FORGET_EXAMPLES)]
    Forget(care::Forget),
}

/// Examples and the filter language for `posttui history --help`.
pub fn help() -> String {
    let widest = search::explained().map(|(term, _)| text::width(term)).max();
    let terms = search::explained().map(|(term, help)| {
        let term = text::pad(term, widest.unwrap_or(0));
        format!("\n  {term}  {help}")
    });
    EXAMPLES.to_owned() + &terms.collect::<String>()
}

const EXAMPLES: &str = "\
Examples:
  posttui history                              the newest 50
  posttui history create_user status:4xx       sends to create_user that were refused
  posttui history -status:2xx since:2d -n 500  what went wrong in the last two days
  posttui history --json status:failed         for a script: one JSON object a line
  posttui history show 42                      one exchange whole, as JSON
  posttui history show 42 --body > body.json   its body, byte for byte
  posttui history export status:5xx --format har -o failed.har
  posttui history --sql 'SELECT path, count(*) FROM exchanges GROUP BY path'

Filter (all terms must fit; a blank in a value needs quotes, and the shell quotes round them):";

/// Lists the history, or shows one exchange.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    match &arguments.deed {
        Some(Deed::Show(arguments)) => show::run(arguments),
        Some(Deed::Example(arguments)) => example::run(arguments),
        Some(Deed::Export(arguments)) => export::run(arguments),
        Some(Deed::Doctor(arguments)) => doctor::run(arguments),
        Some(Deed::Backup(arguments)) => care::back_up(arguments),
        Some(Deed::Scrub(arguments)) => care::scrub(arguments),
        Some(Deed::Forget(arguments)) => care::forget(arguments),
        None if let Some(statement) = &arguments.sql => sql::run(statement, arguments.json),
        None => list(arguments),
    }
}

/// The history on disk. One that could not be read was put aside and a new one begun, which is told.
pub fn open() -> Result<History, StoreError> {
    let (history, notice) = History::open_or_recover(&Paths::find()?)?;
    if let Some(notice) = notice {
        output::complain(&notice);
    }
    Ok(history)
}

fn list(arguments: &Arguments) -> Result<Exit, Stop> {
    let now = ZonedDateTime::now();
    let filter = parse_filter(&arguments.filter, &now)?;
    let history = open().context("cannot open the history")?;
    let limit = arguments.limit as usize;
    let rows = history
        .page(&filter, None, limit)
        .context("cannot read the history")?;
    if arguments.json {
        print_ndjson(&rows)?;
        return Ok(Exit::Success);
    }
    if rows.is_empty() {
        let text = if arguments.filter.is_empty() {
            "Nothing was sent yet: every send will be a row here, failed ones too."
        } else {
            "No exchange matches the filter."
        };
        output::tell(Look::stderr(), &[Line::new(Tone::Dim, text)]);
        return Ok(Exit::Success);
    }
    let look = Look::stdout();
    let mut lines = table::lines(&rows, &now, look.columns());
    if rows.len() == limit {
        let total = history.count(&filter).context("cannot count the history")?;
        lines.extend(table::rest(rows.len(), total, look.columns()));
    }
    output::print_lines(look, &lines)?;
    keep_within(&history);
    Ok(Exit::Success)
}

/// After so many sends the sizes of single environments are measured, which takes a look at all that they have.
const MEASURED: i64 = 16;

/// So many exchanges are forgotten at the most, a moment's work; the next command goes on. The interface
/// forgets all that is beyond the limits, beside everything else.
const FORGOTTEN: u64 = 200;

/// Likewise after a send, whose number this is.
pub fn keep_within_after(history: &History, sent: ExchangeId) {
    if sent.0 > 0 {
        keep_limits(history, sent.0 % MEASURED == 0, FORGOTTEN);
    }
}

/// Forgets some of what is beyond the limits, and says so.
fn keep_within(history: &History) {
    keep_limits(history, true, FORGOTTEN);
}

/// Bodies of an older posttui that are brought into their new place by the way.
const MOVED: usize = 50;

fn keep_limits(history: &History, measures_environments: bool, most: u64) {
    let Ok(paths) = Paths::find() else {
        return;
    };
    let (mut retention, problem) = Retention::read(&paths);
    if !measures_environments {
        for limits in retention.environments.values_mut() {
            limits.size = None;
        }
    }
    // What is not moved now is at the next time.
    let _ = history.move_bodies(MOVED);
    if let Some(problem) = problem {
        output::complain(&problem);
    }
    // What cannot be done now is at the next time.
    if let Ok(forgotten) = history.keep_within_some(&retention, Timestamp::now(), most)
        && forgotten.exchanges > 0
    {
        output::complain(&if forgotten.has_more {
            format!(
                "The history is beyond its limits: {forgotten} More goes with the next command, all of it when the interface starts."
            )
        } else {
            format!("The history keeps within its limits: {forgotten}")
        });
    }
}

/// What the user put on an exchange.
fn label_of(history: &History, id: ExchangeId) -> Result<Label, StoreError> {
    let rows = history.rows(&[id])?;
    Ok(rows
        .into_iter()
        .next()
        .map(|row| row.label)
        .unwrap_or_default())
}

fn parse_filter(words: &[String], now: &ZonedDateTime) -> Result<Filter, Stop> {
    Filter::parse(&words.join(" "), now).map_err(|error| Stop::usage(&error))
}

/// Puts the filter's negated terms (`-status:2xx`) behind `--`, so that they are not read as options.
/// Their order among the terms means nothing.
pub fn guard_terms(words: &[OsString]) -> Vec<OsString> {
    let is_list = words.get(1).is_some_and(|word| word == "history");
    let (terms, mut guarded): (Vec<OsString>, Vec<OsString>) = words
        .iter()
        .cloned()
        .partition(|word| is_list && is_negated_term(word));
    if !terms.is_empty() {
        if !guarded.iter().any(|word| word == "--") {
            guarded.push("--".into());
        }
        guarded.extend(terms);
    }
    guarded
}

/// One hyphen and a word; an option of one letter with a number right behind it (`-n5`) is none.
fn is_negated_term(word: &OsStr) -> bool {
    let Some(term) = word.to_str().and_then(|word| word.strip_prefix('-')) else {
        return false;
    };
    let is_number = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'=')
    };
    term.chars().count() > 1
        && !term.starts_with('-')
        && !term.strip_prefix('n').is_some_and(is_number)
}

/// One row for programs.
#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    started_at: String,
    method: &'a str,
    url: &'a str,
    /// The code; `null` where no whole response came.
    status: Option<u16>,
    /// The kind of failure in a word or two; `null` where there is none.
    failure: Option<&'static str>,
    in_flight: bool,
    message: Option<&'a str>,
    /// How the rule with that message takes it: ok, warn, fail.
    level: Option<RuleLevel>,
    /// What the exchange itself says, in one sentence.
    evidence: Option<&'a str>,
    duration_ms: Option<f64>,
    body_bytes: Option<u64>,
    /// What the user put on it: name, note, tags, pinned.
    #[serde(flatten)]
    label: &'a Label,
    environment: Option<&'a str>,
    /// The exchange that it repeats.
    replayed_from: Option<i64>,
    /// What of the row cannot be read, where it is damaged.
    #[serde(skip_serializing_if = "Option::is_none")]
    damage: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(row: &'a Summary) -> Self {
        let (status, failure) = match row.standing {
            Standing::InFlight => (None, None),
            Standing::Answered(status) => (Some(status), None),
            // It may be what cannot be read.
            Standing::Failed(FailureKind::Other) if row.damage.is_some() => (None, None),
            Standing::Failed(kind) => (None, Some(failure::describe(kind).name)),
        };
        Self {
            id: row.id.0,
            started_at: row.started_at.to_string(),
            method: &row.method,
            url: &row.url,
            status,
            failure,
            in_flight: row.standing == Standing::InFlight,
            message: row.message.as_deref(),
            level: row.level,
            evidence: row.evidence.as_deref(),
            duration_ms: row.duration.map(json::milliseconds),
            body_bytes: row.body_bytes,
            label: &row.label,
            environment: row.lineage.environment.as_deref(),
            replayed_from: row.lineage.replayed_from.map(|id| id.0),
            damage: row.damage.as_deref(),
        }
    }
}

fn print_ndjson(rows: &[Summary]) -> Result<(), Stop> {
    output::print(|out: &mut dyn Write| {
        rows.iter().try_for_each(|row| {
            text::write_json(&mut *out, &Row::of(row))?;
            out.write_all(b"\n")
        })
    })
}
