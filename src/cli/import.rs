//! `posttui import`: a curl command -> the interface, its builder filled; a HAR archive -> the history.

use std::{
    fs,
    io::{self, Read},
};

use anyhow::Context;
use clap::ValueEnum;
use jiff::Timestamp;

use crate::{
    format::{curl, har},
    model::Request,
    template,
};

use super::{Stop, exit::Exit, history, interface, output, send::body::read_source};

/// What `posttui import` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Whose request it is
    #[arg(value_name = "FORMAT", value_enum)]
    format: Format,

    /// The file that holds it, or - for stdin
    #[arg(value_name = "FILE|-", default_value = "-")]
    source: String,
}

/// What can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A curl command, as browsers and manuals give it
    Curl,
    /// A HAR archive, as the developer tools of browsers write it: into the history
    Har,
}

/// Examples for `posttui import --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui import curl request.sh      the command in a file
  xclip -o | posttui import curl      the command in the clipboard
  posttui import har session.har      every exchange in it, into the history
  posttui \"curl -d a=1 :3000/x\"       the command right here

The command is only read: nothing in it is run, no file that it names is opened. What has no
counterpart in posttui is told. In the interface, a curl command pasted into the URL does the same.";

/// Reads the command and opens the interface with its request.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    if arguments.format == Format::Har {
        return import_har(&arguments.source);
    }
    let source = match arguments.source.as_str() {
        "-" => "-".to_owned(),
        file => format!("@{file}"),
    };
    let (request, notes) = draft_of_curl(&read_source(&source)?)?;
    interface::open(Some(request), notes, false)
}

/// Adds the exchanges of an archive to the history, all or none.
/// Rows made findable before the next ones.
const GATHERED: usize = 1000;

fn import_har(source: &str) -> Result<Exit, Stop> {
    let text = if source == "-" {
        let mut text = Vec::new();
        io::stdin()
            .lock()
            .read_to_end(&mut text)
            .context("cannot read stdin")?;
        text
    } else {
        fs::read(source).with_context(|| format!("cannot read {source}"))?
    };
    let read = har::import(&text, Timestamp::now())
        .map_err(|error| Stop::usage(&format!("{source} cannot be read as HAR: {error}")))?;
    for note in &read.notes {
        output::complain(&format!("Left out: {note}"));
    }
    let history = history::open().context("cannot open the history")?;
    let mut exchanges: Vec<_> = read.exchanges.into_iter().zip(read.labels).collect();
    // The history is listed by when exchanges were added: the oldest one first.
    exchanges.sort_by_key(|(exchange, _)| exchange.started_at);
    let added = history
        .import_labelled(exchanges)
        .context("cannot write the history")?;
    // Whoever imports searches next: what is in them is found at once. What cannot be now is later.
    while history.gather_words(GATHERED).is_ok_and(|done| done > 0) {}
    let words = if added == 1 { "exchange" } else { "exchanges" };
    output::complain(&format!("{added} {words} added to the history."));
    Ok(Exit::Success)
}

/// The request of a curl command, and whether it is all that curl would send; what it leaves out is told.
pub fn read_curl(command: &str) -> Result<(Request, bool), Stop> {
    let imported = parse_curl(command)?;
    for note in imported.notes.iter().chain(&imported.remarks) {
        output::complain(note);
    }
    Ok((imported.request, imported.notes.is_empty()))
}

/// The same for the interface, which tells what is left out on a page of its own: what stands on stderr is
/// covered at once.
pub fn draft_of_curl(command: &str) -> Result<(Request, Vec<String>), Stop> {
    let imported = parse_curl(command)?;
    Ok((
        imported.request,
        [imported.notes, imported.remarks].concat(),
    ))
}

fn parse_curl(command: &str) -> Result<curl::Imported, Stop> {
    let mut imported = curl::import(command)
        .map_err(|error| Stop::usage(&format!("the curl command cannot be read: {error}")))?;
    template::take_literally(&mut imported.request);
    Ok(imported)
}
