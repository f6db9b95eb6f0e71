//! `posttui history example`: an answer named as an example of a saved request.

use std::path::PathBuf;

use anyhow::Context;

use crate::{
    app::rich::{Line, Tone},
    cli::{
        Stop, collection,
        exit::Exit,
        output::{self, Look},
    },
    model::{ExchangeId, Origin},
    store::{ExampleError, Paths},
};

/// What `posttui history example` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The exchange, by its number
    #[arg(value_name = "ID")]
    id: i64,

    /// What it is an example of, such as "happy path"
    #[arg(value_name = "NAME")]
    name: String,

    /// The saved request that it belongs to, where it was not sent from one
    #[arg(short, long, value_name = "NAME")]
    request: Option<String>,

    /// The folder of its collection, if not the one that you are in or your own
    #[arg(long, value_name = "DIR", requires = "request")]
    collection: Option<PathBuf>,
}

/// Examples for `posttui history example --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui history example 42 \"happy path\"           of the saved request that #42 was sent from
  posttui history example 42 taken -r users/create   of that one, where it was typed by hand
  posttui diff 57 --example \"happy path\"            what differs in #57, which was sent today

An example is pinned: it stays when other exchanges are forgotten. The collection in the interface shows it.";

/// Names it.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let of = arguments
        .request
        .as_deref()
        .map(|name| origin(arguments, name))
        .transpose()?;
    let history = super::open().context("cannot open the history")?;
    let id = ExchangeId(arguments.id);
    let of = history
        .name_example(id, &arguments.name, of.as_ref())
        .map_err(stop)?;
    let said = format!(
        "#{id} is the example “{}” of {} now.",
        arguments.name.trim(),
        of.path
    );
    output::tell(Look::stderr(), &[Line::new(Tone::Plain, &said)]);
    Ok(Exit::Success)
}

/// What the command line can mend is a mistake of the command line.
pub fn stop(error: ExampleError) -> Stop {
    match error {
        ExampleError::Store(error) => Stop::Trouble(anyhow::Error::new(error)),
        wrong @ (ExampleError::Missing(_)
        | ExampleError::NoRequest(_)
        | ExampleError::Taken { .. }
        | ExampleError::Unknown { .. }
        | ExampleError::NoName) => Stop::usage(&wrong),
    }
}

fn origin(arguments: &Arguments, name: &str) -> Result<Origin, Stop> {
    let library = collection::library(arguments.collection.as_ref())?;
    let paths = Paths::find().context("cannot list the collection")?;
    let path = collection::find(&library.list(&paths), name)?;
    Ok(Origin {
        root: library.root().to_owned(),
        path,
    })
}
