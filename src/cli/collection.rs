//! `posttui collection`: the saved requests; `posttui collection show`: one of them, as it is saved.

use std::{io::Write, path::PathBuf};

use anyhow::Context;

use crate::{
    app::rich::{Line, Tone},
    model::{
        EntryKind, Head,
        collection::{Collection, Entry, requests_called},
    },
    store::{Library, Paths},
    text,
};

use super::{
    Stop,
    exit::Exit,
    output::{self, Look},
};

/// What `posttui collection` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    pub deed: Option<Deed>,

    /// The folder of the collection, if not the one that you are in
    #[arg(long, value_name = "DIR", global = true)]
    pub collection: Option<PathBuf>,
}

/// What can be done with a collection.
#[derive(Debug, clap::Subcommand)]
pub enum Deed {
    /// List the saved requests
    List,
    /// Print one saved request as it is saved
    Show {
        /// Its path in the collection; its last name alone where no other one has it
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// Examples for `posttui collection --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui collection                        what is saved, a line each
  posttui collection show users/create      one of them, as it is saved
  posttui send --request users/create       send it

The collection is the folder with a posttui.toml that you are in or below, else your own.";

/// Lists the collection, or prints one request.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let library = library(arguments.collection.as_ref())?;
    let paths = Paths::find().context("cannot list the collection")?;
    let collection = library.list(&paths);
    for complaint in &collection.complaints {
        output::complain(complaint);
    }
    match &arguments.deed {
        None | Some(Deed::List) => list(&library, &collection),
        Some(Deed::Show { name }) => {
            let path = find(&collection, name)?;
            let text = library.read(&path).context("cannot read the request")?;
            output::print(|out: &mut dyn Write| {
                if output::stdout_is_terminal() {
                    out.write_all(text::for_terminal(&text).as_bytes())
                } else {
                    out.write_all(text.as_bytes())
                }
            })?;
            Ok(Exit::Success)
        }
    }
}

/// The collection in a folder that was named, else the one that the present folder is in, else the
/// user's own.
pub fn library(folder: Option<&PathBuf>) -> Result<Library, Stop> {
    if let Some(folder) = folder {
        return Library::open(folder).map_err(|error| Stop::usage(&error));
    }
    let paths = Paths::find().context("no collection can be found")?;
    let present = std::env::current_dir().context("no collection can be found")?;
    Ok(Library::find(&present, &paths))
}

fn list(library: &Library, collection: &Collection) -> Result<Exit, Stop> {
    let requests = requests(collection);
    if requests.is_empty() {
        let text = format!("Nothing is saved in {} yet.", collection.root.display());
        output::tell(Look::stderr(), &[Line::new(Tone::Dim, &text)]);
        return Ok(Exit::Success);
    }
    let lines: Vec<Line> = requests
        .iter()
        .map(|entry| match library.head(&entry.path) {
            Head::Readable { method } => {
                Line::new(Tone::Strong, &text::pad(&text::display(&method), 8))
                    .then(Tone::Plain, &entry.path)
            }
            Head::Unreadable(reason) => Line::new(Tone::Warning, &text::pad("!", 8))
                .then(Tone::Plain, &entry.path)
                .then(Tone::Dim, &format!("  {reason}")),
        })
        .collect();
    output::print_lines(Look::stdout(), &lines)?;
    Ok(Exit::Success)
}

fn requests(collection: &Collection) -> Vec<&Entry> {
    let entries = collection.entries.iter();
    entries
        .filter(|entry| entry.kind == EntryKind::Request)
        .collect()
}

/// The path of the request that is meant: its path, or its last name where only one has it.
pub fn find(collection: &Collection, name: &str) -> Result<String, Stop> {
    match requests_called(collection, name).as_slice() {
        [only] => return Ok((*only).to_owned()),
        [] => {}
        several => {
            let several = several.join(", ");
            return Err(Stop::usage(&format!(
                "several saved requests are called “{name}”: {several}; write the whole path"
            )));
        }
    }
    let requests = requests(collection);
    let wanted = name.strip_suffix(".toml").unwrap_or(name);
    let last = |path: &str| crate::model::collection::name(path).to_owned();
    let root = collection.root.display();
    let nearest = requests
        .iter()
        .map(|entry| {
            let whole = strsim::jaro_winkler(&entry.path, wanted);
            let name = strsim::jaro_winkler(&last(&entry.path), wanted);
            (whole.max(name), entry.path.as_str())
        })
        .filter(|(score, _)| *score > 0.75)
        .max_by(|(score, _), (other, _)| score.total_cmp(other));
    let hint = nearest.map_or_else(
        || "`posttui collection` lists those there are".to_owned(),
        |(_, path)| format!("did you mean “{path}”?"),
    );
    Err(Stop::usage(&format!(
        "no saved request in {root} is called “{wanted}”: {hint}"
    )))
}
